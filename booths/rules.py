"""Who applies, until when; who decides on it, and who says what a stand took."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Role
from accounts.rules import has_role
from booths.models import Application
from core.errors import DomainError
from fairs.models import Fair
from fairs.rules import are_figures_final, days_so_far, is_in_time
from fairs.states import FairState
from registry.models import Organisation

# What was forgotten in the evening can be said until then; later the organisers enter it.
DAYS_TO_SAY = timedelta(days=2)
# Near the opening a stand cannot wait a day for an answer.
NEAR, HOURS_NEAR = timedelta(hours=48), 4
# Nobody has to answer in the night: what would end then ends in the morning.
EVENING, MORNING, ANSWERED_BY = time(21), time(8), time(9)
USUAL_OPENING = time(8)
MOST_WISHES = 3
# Households beside the applicant in one booth.
MOST_PARTNERS = 3
MOST_BOOTHS = 6
MOST_POWER_KW = 100
MOST_TAGS = 12
MOST_CRITERIA = 8
# Who is accepted after the publication joins the waiting list.
REVIEWED = (FairState.REGISTERING, FairState.ALLOCATING, FairState.PUBLISHED)
# While by what rules applications are judged can still be changed.
BEFORE_BOOTHS = (
    FairState.DRAFT,
    FairState.ANNOUNCED,
    FairState.REGISTERING,
    FairState.ALLOCATING,
)


def can_review(actor: Any, fair: Fair) -> bool:
    """Accept and refuse the fair's applications."""
    return has_role(actor, [Role.ORGANISER, Role.REVIEWER], fair.code)


def represents(actor: Any, organisation: Organisation) -> bool:
    """Whether `actor` acts for the organisation."""
    return bool(actor.is_active) and organisation.representatives.filter(user=actor.pk).exists()


def can_judge(actor: Any, application: Application) -> bool:
    """Score, tag and decide, and read what other reviewers wrote: unless one acts for them."""
    return can_review(actor, application.fair) and not acts_for(actor, application)


def check_reviewable(fair: Fair) -> None:
    """Raise DomainError `review.not_open` before any apply, or once the fair has begun."""
    if fair.state not in REVIEWED:
        raise DomainError(
            "review.not_open", _("Applications are reviewed only until the fair begins.")
        )


def check_rules_open(fair: Fair) -> None:
    """Raise DomainError `review.rules_fixed` once booths have been given out by the rules."""
    if fair.state not in BEFORE_BOOTHS:
        raise DomainError(
            "review.rules_fixed",
            _(
                "The booths of this fair are given out, or the fair is over: criteria and formula "
                "stay as they were."
            ),
        )


def is_presence_known(*, stands: int, seen: int) -> bool:
    """Whether those not seen at a fair can be said not to have come: most of its stands were."""
    return stands > 0 and 2 * seen >= stands


def can_pin(fair: Fair) -> bool:
    """Whether places at the fair can still be fixed by hand before they are given out."""
    return fair.state in (FairState.REGISTERING, FairState.ALLOCATING)


def acts_for(actor: Any, application: Application) -> bool:
    """Whether `actor` is a representative of the applicant."""
    return represents(actor, application.organisation)


def can_enter_for_others(actor: Any, fair: Fair) -> bool:
    """Apply at the desk for producers who have no phone."""
    return has_role(actor, [Role.ORGANISER, Role.COMMUNE_OFFICER], fair.code)


def has_entered(actor: Any, application: Application) -> bool:
    """Whether `actor` has begun the application at the desk on the applicant's behalf."""
    return application.created_by_id == actor.pk and can_enter_for_others(actor, application.fair)


def takes_applications(fair: Fair, now: datetime) -> bool:
    """Whether an application that arrives now is in time."""
    closes = fair.applications_close_at
    return fair.state == FairState.REGISTERING and (closes is None or is_in_time(now, closes))


def days_to_say(fair: Fair, today: date) -> list[date]:
    """The days whose takings a producer may say or correct today."""
    if are_figures_final(fair) or today > fair.end + DAYS_TO_SAY:
        return []
    return days_so_far(fair, today)


def are_applications_over(fair: Fair, now: datetime) -> bool:
    """Whether nobody can apply any more: the moment has passed, or the fair has moved on."""
    if fair.state not in (FairState.DRAFT, FairState.ANNOUNCED, FairState.REGISTERING):
        return True
    closes = fair.applications_close_at
    return closes is not None and not is_in_time(now, closes)


def opening_of(fair: Fair) -> datetime:
    """The moment the fair opens; 8 o'clock where its hours are not known."""
    moment = datetime.combine(fair.first_day, fair.opens or USUAL_OPENING)
    return timezone.make_aware(moment)


def answer_due(made: datetime, *, hours: int, opening: datetime) -> datetime:
    """Until when an offer made at `made` can be answered.

    `hours` later, but at most 4 if the fair opens within 48 hours; never between 21:00 and 8:00
    (then at 9:00); never after the opening.
    """
    near = opening - made <= NEAR
    due = timezone.localtime(made + timedelta(hours=min(hours, HOURS_NEAR) if near else hours))
    if due.time() >= EVENING or due.time() < MORNING:
        morning = due.date() + timedelta(days=due.time() >= EVENING)
        due = timezone.make_aware(datetime.combine(morning, ANSWERED_BY))
    return min(due, opening)


def passes_on(fair: Fair, now: datetime) -> bool:
    """Whether stands that become free are offered to the waiting list: published, not yet open."""
    return fair.state == FairState.PUBLISHED and now < opening_of(fair)


def fair_days(fair: Fair, today: date) -> list[date]:
    """The days on which a stand given today is held: all that are not over."""
    days = (fair.first_day + timedelta(days=number) for number in range(fair.days))
    return [day for day in days if day >= today]
