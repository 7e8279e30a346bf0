"""The life of an application, of an allocation run and of an offer."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.transitions import Transitions


class ApplicationState(TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    ELIGIBLE = "eligible", _("Eligible")
    REFUSED = "refused", _("Refused")
    PLACED = "placed", _("Placed")
    WAITING_LIST = "waiting_list", _("Waiting list")
    WITHDRAWN = "withdrawn", _("Withdrawn")


# Those that an allocation run decides on: published once, an application may be placed or
# left on the waiting list, and a later run may decide again.
IN_RUN = (ApplicationState.ELIGIBLE, ApplicationState.PLACED, ApplicationState.WAITING_LIST)
# Those that come to the fair as things stand.
ACCEPTED = (ApplicationState.ELIGIBLE, ApplicationState.PLACED)
LIVE = (ApplicationState.SUBMITTED, *IN_RUN)

APPLICATION = Transitions(
    {
        ApplicationState.DRAFT: frozenset({ApplicationState.SUBMITTED, ApplicationState.WITHDRAWN}),
        ApplicationState.SUBMITTED: frozenset(
            {ApplicationState.ELIGIBLE, ApplicationState.REFUSED, ApplicationState.WITHDRAWN}
        ),
        ApplicationState.ELIGIBLE: frozenset(
            {
                ApplicationState.PLACED,
                ApplicationState.WAITING_LIST,
                ApplicationState.REFUSED,
                ApplicationState.WITHDRAWN,
            }
        ),
        ApplicationState.REFUSED: frozenset({ApplicationState.ELIGIBLE}),
        ApplicationState.PLACED: frozenset(
            {ApplicationState.WAITING_LIST, ApplicationState.WITHDRAWN}
        ),
        ApplicationState.WAITING_LIST: frozenset(
            {ApplicationState.PLACED, ApplicationState.WITHDRAWN}
        ),
        ApplicationState.WITHDRAWN: frozenset(),
    }
)


class RunState(TextChoices):
    """`proposed` is an answer that can be published; one run of a fair is published at most."""

    COMPUTING = "computing", _("Computing")
    PROPOSED = "proposed", _("Proposed")
    PUBLISHED = "published", _("Published")
    SUPERSEDED = "superseded", _("Superseded")
    ABANDONED = "abandoned", _("Abandoned")


RUN = Transitions(
    {
        RunState.COMPUTING: frozenset({RunState.PROPOSED, RunState.ABANDONED}),
        RunState.PROPOSED: frozenset({RunState.PUBLISHED, RunState.SUPERSEDED}),
        RunState.PUBLISHED: frozenset({RunState.SUPERSEDED}),
        RunState.SUPERSEDED: frozenset(),
        RunState.ABANDONED: frozenset({RunState.COMPUTING}),
    }
)


class OfferState(TextChoices):
    """A stand offered to the next on the waiting list; `open` waits for the answer."""

    OPEN = "open", pgettext_lazy("offer", "Open")
    ACCEPTED = "accepted", pgettext_lazy("offer", "Accepted")
    DECLINED = "declined", pgettext_lazy("offer", "Declined")
    EXPIRED = "expired", pgettext_lazy("offer", "Not answered")
    WITHDRAWN = "withdrawn", pgettext_lazy("offer", "Withdrawn")


OFFER = Transitions(
    {
        OfferState.OPEN: frozenset({*OfferState} - {OfferState.OPEN}),
        **dict.fromkeys(({*OfferState} - {OfferState.OPEN}), frozenset()),
    }
)
# Those that wait for a stand to become free: left over by the run, or approved after it.
WAITING = (ApplicationState.ELIGIBLE, ApplicationState.WAITING_LIST)
