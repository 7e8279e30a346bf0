"""Conflicts of a plan, found in bulk.

What may collide is grouped, sorted and swept, so that the time grows with the number of fairs and
of conflicts, and the number of queries not at all. A cancelled fair never conflicts, and what is
over is not told.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple, TypeVar

from django.db.models import Q
from django.utils import timezone

from fairs.models import Fair, LegalRule, Session, SessionKind
from fairs.queries.conflicts import (
    DAY,
    ApplicationsCloseLate,
    Conflict,
    DeadlineMissed,
    OverTet,
    Proposal,
    RegistrationMissed,
    SameCrew,
    SameHall,
    SameTeam,
    SigningAgainstPerformance,
    occupied_span,
    open_span,
)
from fairs.queries.programme import crews_wanted_twice, signings_disturbed
from fairs.queries.spans import REACH, Span, free_dates, overlapping, tets_during
from fairs.states import MOVABLE, OVER, FairState

Row = TypeVar("Row")

READ_OF_SESSIONS = (
    *("fair", "stage", "crew", "kind", "title", "title_en", "starts_at", "ends_at"),
    *("stage__name", "stage__name_en", "crew__name"),
)


@dataclass(frozen=True)
class Schedule:
    """Fairs and those of their sessions that may collide; none of a cancelled fair.

    `register_until` holds, by legal basis, how many days before the opening the registration
    must be in; what needs no registration is not in it.
    """

    fairs: tuple[Fair, ...]
    sessions: tuple[Session, ...]
    register_until: Mapping[str, int] = field(default_factory=dict)

    def with_moved(self, fair: Fair, first_day: date, last_day: date) -> "Schedule":
        """The same with one fair on other days, its sessions moved along with the first."""
        delta = first_day - fair.first_day
        moved = copy(fair)
        moved.first_day, moved.last_day = first_day, last_day
        others = [other for other in self.fairs if other.pk != fair.pk]
        sessions = [session for session in self.sessions if session.fair_id != fair.pk]
        for own in self.sessions:
            if own.fair_id == fair.pk:
                session = copy(own)
                session.fair = moved
                session.starts_at, session.ends_at = own.starts_at + delta, own.ends_at + delta
                sessions.append(session)
        return replace(self, fairs=(*others, moved), sessions=tuple(sessions))


def schedule_between(first: date, last: date) -> Schedule:
    """All fairs with a day from `first` to `last`, whoever asks. Three queries.

    Of the sessions only what conflicts are about is read: making the objects takes most of the
    time.
    """
    fairs = Fair.objects.filter(
        Q(last_day__gte=first) | Q(last_day__isnull=True, first_day__gte=first),
        first_day__lte=last,
    ).exclude(state=FairState.CANCELLED)
    sessions = Session.objects.filter(
        Q(crew__isnull=False) | Q(kind__in=[SessionKind.SIGNING, SessionKind.PERFORMANCE]),
        fair__in=fairs.order_by().values("pk"),
    )
    by_key = {fair.pk: fair for fair in fairs.select_related("venue", "hall", "team")}
    found = tuple(sessions.select_related("stage", "crew").only(*READ_OF_SESSIONS))
    for session in found:
        session.fair = by_key[session.fair_id]
    limits = LegalRule.objects.values_list("basis", "register_until_days")
    register_until = {basis: days for basis, days in limits if days is not None}
    return Schedule(tuple(by_key.values()), found, register_until)


Finder = Callable[[Schedule], Iterable[Conflict]]
FINDERS: list[Finder] = []


def finds_conflicts(finder: Finder) -> Finder:
    """Register the decorated function: it gets a schedule and gives conflicts without proposals.

    Apps to the right of this one know of collisions that this one cannot see.
    """
    FINDERS.append(finder)
    return finder


def find_conflicts(schedule: Schedule, today: date) -> list[Conflict]:
    """All conflicts that are not over on `today`, the soonest first, with their proposals."""
    found = [
        conflict
        for finder in FINDERS
        for conflict in finder(schedule)
        if conflict.span.last >= today
    ]
    found += _missed_deadlines(schedule, today)
    found.sort(
        key=lambda conflict: (
            conflict.span,
            type(conflict).__name__,
            [fair.pk for fair in conflict.fairs],
        )
    )
    calendar = _Calendar(schedule, today)
    return [replace(conflict, proposal=calendar.propose(conflict)) for conflict in found]


def open_days(fair: Fair) -> tuple[date, date]:
    """The first and the last day, for `overlapping`."""
    return fair.first_day, fair.end


def _occupied_days(fair: Fair) -> tuple[date, date]:
    span = occupied_span(fair)
    return span.first, span.last


def _group(rows: Iterable[Row], key: Callable[[Row], Hashable]) -> dict[Hashable, list[Row]]:
    """The rows by their key, those with the key None left out."""
    groups: dict[Hashable, list[Row]] = defaultdict(list)
    for row in rows:
        value = key(row)
        if value is not None:
            groups[value].append(row)
    return groups


def _place_of(fair: Fair) -> int | None:
    """The venue's key; any number of fairs are online at a time."""
    return None if fair.venue is None or fair.venue.is_online else fair.venue.pk


@finds_conflicts
def find_same_hall(schedule: Schedule) -> Iterator[SameHall]:
    """Two fairs in one hall. A fair without a hall needs the whole venue, and so every hall."""
    for fairs in _group(schedule.fairs, _place_of).values():
        whole = [fair for fair in fairs if fair.hall is None]
        halls = _group(fairs, lambda fair: fair.hall_id) or {None: []}
        pairs = {
            (first.pk, second.pk): (first, second)
            for inside in halls.values()
            for first, second in overlapping([*whole, *inside], _occupied_days)
        }
        for pair in pairs.values():
            yield SameHall(fairs=pair, span=occupied_span(pair[0]).common(occupied_span(pair[1])))


@finds_conflicts
def find_same_team(schedule: Schedule) -> Iterator[SameTeam]:
    """Two fairs of one team on the same day."""
    for fairs in _group(schedule.fairs, lambda fair: fair.team).values():
        for pair in overlapping(fairs, open_days):
            span = open_span(pair[0]).common(open_span(pair[1]))
            yield SameTeam(fairs=pair, span=span, team=pair[0].team)  # type: ignore[arg-type]


@finds_conflicts
def find_session_conflicts(schedule: Schedule) -> Iterator[SameCrew | SigningAgainstPerformance]:
    """Crews wanted at two fairs at a time, signing ceremonies against performances.

    What else collides within one fair, its programme tells.
    """
    for first, second in signings_disturbed(schedule.sessions):
        yield SigningAgainstPerformance(
            fairs=(first.fair,), span=_day_of(second), sessions=(first, second)
        )
    for first, second in crews_wanted_twice(schedule.sessions):
        if first.fair_id != second.fair_id:
            yield SameCrew(
                fairs=(first.fair, second.fair), span=_day_of(second), sessions=(first, second)
            )


def _day_of(session: Session) -> Span:
    day = timezone.localtime(session.starts_at).date()
    return Span(day, day)


@finds_conflicts
def find_over_tet(schedule: Schedule) -> Iterator[OverTet]:
    """Fairs that are open over Tết."""
    for fair in schedule.fairs:
        for tet in tets_during(open_span(fair)):
            yield OverTet(fairs=(fair,), span=open_span(fair).common(tet))


def _missed_deadlines(schedule: Schedule, today: date) -> Iterator[DeadlineMissed]:
    for fair in schedule.fairs:
        if fair.state in OVER or fair.first_day < today:
            continue
        days = _days_to_register(schedule, fair)
        if days is not None and fair.first_day - days * DAY < today:
            yield RegistrationMissed(fairs=(fair,), span=open_span(fair), days=days)
        closing = _closing_day(fair)
        if closing and closing >= fair.first_day:
            yield ApplicationsCloseLate(fairs=(fair,), span=open_span(fair), closing=closing)


def _days_to_register(schedule: Schedule, fair: Fair) -> int | None:
    """How long before it opens the fair must be registered; None if it is or need not be."""
    return None if fair.decision_number else schedule.register_until.get(fair.legal_basis)


def _closing_day(fair: Fair) -> date | None:
    at = fair.applications_close_at
    return timezone.localtime(at).date() if at else None


class _Busy(NamedTuple):
    """A fair as proposals see it: when it begins, in which hall (None: all), on which days."""

    first_day: date
    fair: int
    hall: int | None
    span: Span


class _Calendar:
    """Who is where when: what proposals are looked up in."""

    def __init__(self, schedule: Schedule, today: date) -> None:
        self.today, self.schedule = today, schedule
        self.places: dict[int, list[_Busy]] = defaultdict(list)
        self.teams: dict[int, list[_Busy]] = defaultdict(list)
        longest = 0
        for fair in sorted(schedule.fairs, key=lambda fair: fair.first_day):
            span, place, hall = occupied_span(fair), _place_of(fair), fair.hall_id
            longest = max(longest, span.length)
            if place is not None:
                self.places[place].append(_Busy(fair.first_day, fair.pk, hall, span))
            if fair.team_id is not None:
                busy = _Busy(fair.first_day, fair.pk, hall, open_span(fair))
                self.teams[fair.team_id].append(busy)
        self.around = (REACH + 2 * longest) * DAY

    def propose(self, conflict: Conflict) -> Proposal | None:
        """Move the fair that is least far; None if none can be moved or no dates are free."""
        if isinstance(conflict, SigningAgainstPerformance):
            return None  # a session is moved, not the fair
        movable = [
            fair
            for fair in conflict.fairs
            if fair.state in MOVABLE and fair.first_day >= self.today
        ]
        if not movable:
            return None
        order = list(FairState)
        fair = max(
            movable,
            key=lambda fair: (-order.index(FairState(fair.state)), fair.first_day, fair.pk),
        )
        hall = fair.hall
        span = free_dates(
            fair.first_day,
            fair.days,
            self._taken(fair, conflict),
            move_in=hall.move_in_days if hall else 0,
            move_out=hall.move_out_days if hall else 0,
            not_before=self._soonest(fair),
        )
        return Proposal(fair, span) if span else None

    def _taken(self, fair: Fair, conflict: Conflict) -> Iterator[Span]:
        """The days of those that the fair must keep clear of."""
        key, hall, day = fair.pk, fair.hall_id, fair.first_day
        for busy in self._near(self.places.get(_place_of(fair) or 0, []), day):
            if busy.fair != key and (hall is None or busy.hall is None or busy.hall == hall):
                yield busy.span
        for busy in self._near(self.teams.get(fair.team_id or 0, []), day):
            if busy.fair != key:
                yield busy.span
        for other in conflict.fairs:
            if other.pk != key:
                yield open_span(other)

    def _near(self, fairs: list[_Busy], day: date) -> list[_Busy]:
        """Those of the fairs that can be in the way of dates looked for around `day`."""
        low = bisect_left(fairs, day - self.around, key=lambda busy: busy.first_day)
        high = bisect_right(fairs, day + self.around, key=lambda busy: busy.first_day)
        return fairs[low:high]

    def _soonest(self, fair: Fair) -> date:
        """The first day on which the fair may open, its deadlines kept."""
        soonest = self.today + max(_days_to_register(self.schedule, fair) or 0, 1) * DAY
        closing = _closing_day(fair)
        return max(soonest, closing + DAY) if closing else soonest
