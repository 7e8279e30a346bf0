"""Reads of what stands took, day by day. Never public."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from booths.models import Application, BoothDay, DailyTakings, SharedDay, Zone
from booths.queries.sharing import household_of_days
from booths.queries.stands import (
    Placement,
    placement_of,
    placements_of,
    producer_applications,
    shared_stands,
)
from booths.rules import days_to_say
from fairs.models import Fair
from fairs.rules import days_so_far

FEWEST = 3
"""A sum over fewer stands would tell what one of them took."""


def takings_of(application: Application) -> dict[date, DailyTakings]:
    """What the stand took, day by day, with who said so."""
    said = DailyTakings.objects.filter(application=application).select_related("entered_by")
    return {each.day: each for each in said}


def own_stand(user: Any, code: str) -> Placement:
    """A stand of an organisation that `user` acts for, shared ones too.

    Raises Application.DoesNotExist.
    """
    for stands in (producer_applications, shared_stands):
        for placement in stands(user):
            if placement.application.code == code and placement.booths:
                return placement
    raise Application.DoesNotExist


def stand_at(fair: Fair, code: str) -> Placement:
    """A stand of the fair, or one that was and took something.

    Raises Application.DoesNotExist.
    """
    application = Application.objects.get(fair=fair, code=code)
    placement = placement_of(application)
    if not placement.booths and not application.takings.exists():
        raise Application.DoesNotExist
    return placement


@dataclass(frozen=True)
class Due:
    """A stand whose takings are asked for now: on which days, and what is said already."""

    placement: Placement
    days: list[date]
    said: dict[date, int]

    @property
    def fields(self) -> list[tuple[date, int | None]]:
        return [(day, self.said.get(day)) for day in self.days]


def due_takings(placements: Iterable[Placement], today: date) -> list[Due]:
    """Today's field of each stand, and that of the day before if nothing is said of it yet.

    Of a shared booth, only the days that are the placement's own.
    """
    open_now = [
        (each, days_to_say(each.application.fair, today)) for each in placements if each.booths
    ]
    stands = [(each, days) for each, days in open_now if days]
    if not stands:
        return []
    said: dict[int, dict[date, int]] = defaultdict(dict)
    wanted = DailyTakings.objects.filter(application__in=[each.application for each, _d in stands])
    for application, day, amount in wanted.values_list("application", "day", "amount"):
        said[application][day] = amount
    found = []
    for each, days in stands:
        known = said[each.application.pk]
        asked = [day for day in days if day == today]
        before = [day for day in days if day < today][-1:]
        asked += [day for day in before if day not in known]
        asked = [day for day in asked if day in each.days]
        if asked:
            found.append(Due(each, asked, known))
    return found


@dataclass(frozen=True)
class History:
    """What a producer took at one fair: the sum, and on how many days it was said."""

    fair: Fair
    total: int
    days: int


def history_of(placement: Placement) -> list[History]:
    """What the same producer took at other fairs, newest first, on its own days of each."""
    own = placement.organisation.pk
    shared = SharedDay.objects.filter(organisation=own, released_at__isnull=True)
    said = (
        DailyTakings.objects.filter(
            Q(application__organisation=own)
            | Q(application__in=shared.values("application").distinct())
        )
        .exclude(application=placement.application)
        .select_related("application__fair")
        .order_by("-application__fair__first_day", "application", "day")
    )
    rows = list(said)
    holders = household_of_days({each.application_id for each in rows})
    amounts: dict[Fair, list[int]] = defaultdict(list)
    for each in rows:
        key = (each.application_id, each.day)
        if holders.get(key, each.application.organisation_id) == own:
            amounts[each.application.fair].append(each.amount)
    return [History(fair, sum(found), len(found)) for fair, found in amounts.items()]


@dataclass(frozen=True)
class Stand:
    """A stand of a fair with its zone and what it took on the days it said so."""

    placement: Placement
    zone: Zone | None
    said: dict[date, DailyTakings] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(each.amount for each in self.said.values())

    def missing(self, days: Iterable[date]) -> list[date]:
        """Those of `days` of which nothing is said."""
        return [day for day in days if day not in self.said]

    def cells(self, days: Iterable[date]) -> list[DailyTakings | None]:
        return [self.said.get(day) for day in days]


def stands_of(fair: Fair) -> list[Stand]:
    """All stands of the fair, in the order of the plan; last those that were given up."""
    said: dict[int, dict[date, DailyTakings]] = defaultdict(dict)
    for each in _takings_at(fair):
        said[each.application_id][each.day] = each
    placements = placements_of(fair)
    known = {each.application.pk for each in placements}
    former = {
        each.application_id: Placement(each.application, each.application.organisation, ())
        for days in said.values()
        for each in days.values()
        if each.application_id not in known
    }
    zones, order = _zones_at(fair)
    last = len(order)
    stands = [
        Stand(each, zones.get(each.application.pk), said[each.application.pk])
        for each in [*placements, *former.values()]
    ]
    return sorted(
        stands,
        key=lambda stand: (
            order.get(stand.placement.application.pk, last),
            stand.placement.application.code,
        ),
    )


def _takings_at(fair: Fair) -> QuerySet[DailyTakings]:
    said = DailyTakings.objects.filter(application__fair=fair)
    return said.select_related("application__organisation", "application__group", "entered_by")


def _zones_at(fair: Fair) -> tuple[dict[int, Zone], dict[int, int]]:
    """Each stand's zone, that of its first booth, and its place in the order of the plan."""
    held = BoothDay.objects.filter(
        Q(released_at__isnull=True, assignment__released_at__isnull=True),
        assignment__application__fair=fair,
    )
    zones: dict[int, Zone] = {}
    order: dict[int, int] = {}
    for each in held.select_related("assignment", "booth__zone").order_by("booth__order", "pk"):
        assert each.assignment
        application = each.assignment.application_id
        zones.setdefault(application, each.booth.zone)
        order.setdefault(application, len(order))
    return zones, order


@dataclass(frozen=True)
class DayFigures:
    """One day of a fair: visitors, takings and how many stands said theirs."""

    day: date
    visitors: int | None
    takings: int
    said: int


def day_figures(
    fair: Fair, stands: Sequence[Stand], visitors: dict[date, int], today: date
) -> list[DayFigures]:
    """The fair day by day, as far as it has come. Nothing is read."""
    found = []
    for day in days_so_far(fair, today):
        amounts = [stand.said[day].amount for stand in stands if day in stand.said]
        found.append(DayFigures(day, visitors.get(day), sum(amounts), len(amounts)))
    return found


@dataclass(frozen=True)
class Share:
    """What the stands of a zone or a group took together."""

    label: str
    stands: int
    said: int
    total: int


def shares_of(stands: Iterable[Stand], label: Callable[[Stand], str]) -> list[Share]:
    """The stands put together by `label`, in their order; `said` counts those with any takings."""
    groups: dict[str, list[Stand]] = defaultdict(list)
    for stand in stands:
        groups[label(stand)].append(stand)
    return [
        Share(
            name,
            len(members),
            sum(bool(each.said) for each in members),
            sum(each.total for each in members),
        )
        for name, members in groups.items()
    ]
