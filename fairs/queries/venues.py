"""Reads of venues: what they offer, who has them when, and when they are free."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import DESK
from accounts.rules import has_office_role
from core.text import fold, vietnamese_key
from fairs.models import Fair, Hall, Plan, Venue, VenuePicture
from fairs.queries.conflicts import occupied_span, open_span
from fairs.queries.public import public_fairs
from fairs.queries.spans import Span, free_spans
from fairs.states import FairState


@dataclass(frozen=True)
class Booking:
    """A fair at a venue; one that the reader may not see is no more than days that are taken."""

    fair: Fair
    is_seen: bool

    @property
    def name(self) -> str:
        return self.fair.short_title if self.is_seen else _("another fair")

    @property
    def is_cancelled(self) -> bool:
        return self.fair.state == FairState.CANCELLED

    @property
    def opened(self) -> Span:
        """The days on which the fair is open."""
        return open_span(self.fair)

    @property
    def taken(self) -> Span:
        """The days on which the place is not free: with those to move in and out of the hall."""
        return occupied_span(self.fair)


@dataclass(frozen=True)
class Lane:
    """One hall, or the whole of a venue without halls, with the fairs that take it."""

    hall: Hall | None
    bookings: tuple[Booking, ...]


@dataclass(frozen=True)
class VenueRow:
    """A venue in the list; `venue` has `hall_count`."""

    venue: Any
    next_fair: Booking | None


def find_venues(search: str = "") -> list[Venue]:
    """The venues with `hall_count`, by name; the search takes every word and ignores accents."""
    venues = Venue.objects.select_related("place").annotate(hall_count=Count("halls"))
    words = fold(search).split()
    found = [venue for venue in venues if all(word in _searched(venue) for word in words)]
    return sorted(found, key=lambda venue: vietnamese_key(venue.name))


def _searched(venue: Venue) -> str:
    place = venue.place.name if venue.place else ""
    return fold(f"{venue.name} {venue.short_name} {venue.code} {venue.address} {place}")


def with_next_fair(actor: Any, venues: Iterable[Venue], today: date) -> list[VenueRow]:
    """Each venue with the fair that is on there or comes next; cancelled ones do not come."""
    listed = list(venues)
    coming = Fair.objects.filter(Q(last_day__gte=today) | Q(first_day__gte=today))
    coming = coming.filter(venue__in=listed).exclude(state=FairState.CANCELLED)
    next_fairs: dict[int | None, Fair] = {}
    for fair in coming.order_by("first_day", "pk"):
        next_fairs.setdefault(fair.venue_id, fair)
    return [
        VenueRow(venue, _book(actor, next_fairs[venue.pk]) if venue.pk in next_fairs else None)
        for venue in listed
    ]


def venue_of(code: str) -> Venue:
    """The venue with its place, halls and pictures. Raises Venue.DoesNotExist."""
    pictures = VenuePicture.objects.select_related("file", "hall")
    return (
        Venue.objects.select_related("place__parent__parent")
        .prefetch_related(
            Prefetch("halls", Hall.objects.select_related("base_plan")),
            Prefetch("pictures", pictures),
        )
        .get(code=code)
    )


def hall_of(code: str, number: int) -> Hall:
    """One hall of the venue. Raises Hall.DoesNotExist."""
    return Hall.objects.select_related("venue", "base_plan").get(venue__code=code, pk=number)


def bookings_at(actor: Any, venue: Venue) -> list[Booking]:
    """All fairs ever planned at the venue, cancelled ones too, the earliest first."""
    fairs = Fair.objects.filter(venue=venue).select_related("hall").order_by("first_day", "pk")
    return [_book(actor, fair) for fair in fairs]


def _book(actor: Any, fair: Fair) -> Booking:
    codes = {code for _role, code in actor.roles}
    return Booking(fair, has_office_role(actor, DESK) or fair.code in codes)


def taken_during(bookings: Iterable[Booking], span: Span) -> list[Booking]:
    """Those that take the place on a day of the span, moving in and out counted."""
    return [each for each in bookings if not each.is_cancelled and each.taken.meets(span)]


def lanes_at(venue: Venue, bookings: Iterable[Booking]) -> list[Lane]:
    """The bookings by hall. A fair without a hall takes the whole venue, and so every hall."""
    booked = tuple(bookings)
    halls: list[Hall | None] = [*venue.halls.all()] or [None]
    return [Lane(hall, tuple(each for each in booked if _takes(each.fair, hall))) for hall in halls]


def _takes(fair: Fair, hall: Hall | None) -> bool:
    return hall is None or fair.hall_id in (None, hall.pk)


def free_dates_at(
    venue: Venue, bookings: Iterable[Booking], *, hall: Hall | None, days: int, not_before: date
) -> list[Span]:
    """The next dates on which a fair of so many days finds the hall free, as the planner sees it.

    Without `hall` the whole venue must be. A cancelled fair frees its place, and online there is
    room for everybody.
    """
    taken = [
        each.taken
        for each in bookings
        if not each.is_cancelled and not venue.is_online and _takes(each.fair, hall)
    ]
    return free_spans(
        not_before,
        days,
        taken,
        move_in=hall.move_in_days if hall else 0,
        move_out=hall.move_out_days if hall else 0,
    )


def planned_years() -> set[int]:
    """The years that have a plan, in which a fair can be added."""
    return set(Plan.objects.values_list("year", flat=True))


def public_picture(code: str, digest: str) -> VenuePicture:
    """A picture of a venue of public fairs. Raises VenuePicture.DoesNotExist for all others."""
    return _public_pictures().get(venue__code=code, file__sha256=digest)


def public_pictures_of(fair: Fair) -> QuerySet[VenuePicture]:
    """What anyone may see of where a public fair is held: not the halls it does not use."""
    found = _public_pictures().filter(venue=fair.venue_id)
    return found.filter(Q(hall=None) | Q(hall=fair.hall_id)) if fair.hall_id else found


def _public_pictures() -> QuerySet[VenuePicture]:
    venues = public_fairs().order_by().values("venue")
    return VenuePicture.objects.filter(venue__in=venues).select_related("file", "venue")
