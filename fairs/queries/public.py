"""What anyone may read."""

from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from core.text import fold
from fairs.models import Fair
from fairs.states import PUBLIC, FairState
from registry.models import Place


def public_fairs() -> QuerySet[Fair]:
    """What anyone may read about, with the place and what it lies in."""
    return Fair.objects.filter(state__in=PUBLIC).select_related(
        "venue__place__parent__parent", "hall"
    )


def places_of(fair: Fair) -> list[Place]:
    """Where the fair is held: the province or city first, then what lies in it."""
    place = fair.venue.place if fair.venue else None
    found: list[Place] = []
    while place:
        found.insert(0, place)
        place = place.parent
    return found


def regions_of(fair: Fair) -> set[str]:
    """The regions that a fair is about, and the one it is held in."""
    return {*fair.regions, *(place.region for place in places_of(fair) if place.region)}


def months_of(fair: Fair) -> set[str]:
    """The months with a day of the fair, as "2026-12"."""
    first, last = (day.year * 12 + day.month - 1 for day in (fair.first_day, fair.end))
    return {f"{number // 12:04}-{number % 12 + 1:02}" for number in range(first, last + 1)}


def find_fairs(
    fairs: Iterable[Fair],
    *,
    search: str = "",
    region: str = "",
    kind: str = "",
    month: str = "",
    place: str = "",
) -> list[Fair]:
    """Those of `fairs` that fit everything asked; what is empty is not asked.

    The search takes every word, in the titles and the place, and ignores accents.
    """
    words = fold(search).split()
    return [
        fair
        for fair in fairs
        if (not region or region in regions_of(fair))
        and (not kind or kind == fair.kind)
        and (not month or month in months_of(fair))
        and (not place or place in {each.code for each in places_of(fair)})
        and (not words or all(word in _searched(fair) for word in words))
    ]


def _searched(fair: Fair) -> str:
    venue = fair.venue
    where = [venue.name, venue.short_name, venue.address] if venue else []
    where += [place.name for place in places_of(fair)]
    return fold(" ".join([fair.title, fair.title_en, fair.short_title, *where]))


class Part(TextChoices):
    """Where a fair stands in time, as the public sees it."""

    NOW = "now", _("On now")
    NEXT = "next", _("Coming next")
    PAST = "past", _("Past fairs")


def part_of(fair: Fair, today: date) -> Part:
    """A cancelled fair stays in sight, among those to come, until its days are over."""
    if fair.end < today or fair.state in (FairState.CLOSED, FairState.REPORTED):
        return Part.PAST
    is_on = fair.first_day <= today and fair.state != FairState.CANCELLED
    return Part.NOW if is_on else Part.NEXT


def by_part(fairs: Iterable[Fair], today: date) -> list[tuple[Part, Fair]]:
    """What is on, then what comes, soonest first, then what was, newest first."""
    order = list(Part)
    dated = sorted(((part_of(fair, today), fair) for fair in fairs), key=lambda row: row[1].pk)
    return sorted(
        dated,
        key=lambda row: (
            order.index(row[0]),
            (-1 if row[0] == Part.PAST else 1) * row[1].first_day.toordinal(),
        ),
    )
