"""Reads of the planner: one period's fairs, their conflicts, who may move what."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import DESK
from accounts.rules import has_office_role
from core import vietnam
from fairs.models import Fair, Plan, Session, Venue
from fairs.queries.collisions import Schedule, find_conflicts, schedule_between
from fairs.queries.conflicts import Conflict
from fairs.queries.desk import fairs_of, plan_for
from fairs.queries.spans import REACH, Span
from fairs.rules import can_organise
from fairs.states import MOVABLE, FairState

AROUND = timedelta(days=REACH)


@dataclass(frozen=True)
class Planner:
    """What every view of a plan shows; the sets hold primary keys of fairs."""

    plan: Plan
    fairs: tuple[Fair, ...]
    venues: tuple[Venue, ...]
    conflicts: tuple[Conflict, ...]
    clashing: frozenset[int]
    movable: frozenset[int]

    @property
    def held(self) -> list[Fair]:
        """The fairs without the cancelled ones, which take no room in a calendar."""
        return [fair for fair in self.fairs if fair.state != FairState.CANCELLED]


def planner_for(
    actor: Any, year: int, *, today: date, span: Span | None = None, venue: str = "", kind: str = ""
) -> Planner:
    """The plan of `year` with its fairs, or with all fairs that are on during `span`.

    `venue` (a code) and `kind` narrow the fairs down. Raises Plan.DoesNotExist for whoever does
    not work at a desk.
    """
    plan = plan_for(actor, year)
    period = span or Span(date(year, 1, 1), date(year, 12, 31))
    shown = _on_during(fairs_of(actor), period, plan=None if span else plan)
    if venue:
        shown = shown.filter(venue__code=venue)
    if kind:
        shown = shown.filter(kind=kind)
    fairs = tuple(shown.select_related("hall", "team"))
    keys = {fair.pk for fair in fairs}
    found = find_conflicts(seen_schedule(actor, period), today)
    conflicts = tuple(conflict for conflict in found if conflict.concerns(keys))
    return Planner(
        plan=plan,
        fairs=fairs,
        venues=tuple(Venue.objects.filter(fairs__in=fairs_of(actor).filter(plan=plan)).distinct()),
        conflicts=conflicts,
        clashing=frozenset(fair.pk for conflict in conflicts for fair in conflict.fairs),
        movable=frozenset(fair.pk for fair in fairs if can_shift(actor, fair)),
    )


def can_shift(actor: Any, fair: Fair) -> bool:
    """Whether `actor` may choose other days for the fair now."""
    return fair.state in MOVABLE and can_organise(actor, fair)


def _on_during(fairs: QuerySet[Fair], span: Span, plan: Plan | None) -> QuerySet[Fair]:
    """The fairs with a day in the span, and those of the plan."""
    ends_in_time = Q(last_day__gte=span.first) | Q(last_day=None, first_day__gte=span.first)
    wanted = Q(ends_in_time, first_day__lte=span.last)
    return fairs.filter(wanted | Q(plan=plan) if plan else wanted)


def seen_schedule(actor: Any, span: Span) -> Schedule:
    """All that may collide around `span`; fairs that `actor` may not see have no name."""
    schedule = schedule_between(span.first - AROUND, span.last + AROUND)
    if has_office_role(actor, DESK):
        return schedule
    codes = {code for _role, code in actor.roles}
    hidden = {fair.pk: fair for fair in schedule.fairs if fair.code not in codes}
    for fair in hidden.values():
        fair.title = fair.title_en = fair.short_title = _("another fair")
    for session in schedule.sessions:
        if session.fair_id in hidden:
            session.title = session.title_en = session.get_kind_display()
    return schedule


def conflicts_after_shift(actor: Any, fair: Fair, days: Span, today: date) -> list[Conflict]:
    """What the fair would conflict with if it were held on `days`."""
    span = Span(min(fair.first_day, days.first), max(fair.end, days.last))
    schedule = seen_schedule(actor, span).with_moved(fair, days.first, days.last)
    return [
        conflict for conflict in find_conflicts(schedule, today) if conflict.concerns({fair.pk})
    ]


def sessions_during(fairs: list[Fair], span: Span) -> list[Session]:
    """The sessions of these fairs that begin on the days of the span, in order."""
    wanted = Session.objects.filter(
        fair__in=fairs, starts_at__date__gte=span.first, starts_at__date__lte=span.last
    )
    return list(wanted.select_related("stage", "fair"))


def holidays_during(span: Span) -> dict[date, str]:
    """The public holidays of the span by day; names are message ids."""
    found: dict[date, str] = {}
    for year in range(span.first.year, span.last.year + 1):
        found |= vietnam.public_holidays(year)
    return {day: name for day, name in found.items() if span.first <= day <= span.last}
