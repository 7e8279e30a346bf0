"""The life of an application and of an allocation run."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

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
