"""Reads: ceremonies, their lines and tables, and the big screen."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Device
from core.codes import token_hash
from core.errors import NotAllowed
from fairs.models import Fair
from fairs.queries import fairs_of
from fairs.rules import can_organise
from mou.models import Ceremony, Item, Memorandum, Station
from mou.quantities import LINE_VALUE
from mou.queries.memoranda import with_particulars
from mou.rules import is_enrolled
from mou.states import GENUINE, SIGNABLE, MemorandumState

SIGNED = (MemorandumState.SIGNED, *GENUINE)


def ceremonies_of(fair: Fair) -> QuerySet[Ceremony]:
    """The fair's ceremonies, each with `memoranda_count`, `signed_count`, `station_count`."""
    signed = Q(memoranda__state__in=SIGNED)
    return fair.ceremonies.annotate(
        memoranda_count=Count("memoranda", distinct=True),
        signed_count=Count("memoranda", filter=signed, distinct=True),
        station_count=Count("stations", distinct=True),
    ).order_by("-starts_at", "pk")


def ceremony_for(actor: Any, code: str) -> Ceremony:
    """The ceremony, if `actor` may see its fair. Raises Ceremony.DoesNotExist for a stranger."""
    seen = Ceremony.objects.select_related("fair", "fair__venue")
    return seen.filter(fair__in=fairs_of(actor).values("pk")).get(code=code)


def organised_ceremony_for(actor: Any, code: str) -> Ceremony:
    """The ceremony, if `actor` may run it. Raises NotAllowed for a mere reader."""
    ceremony = ceremony_for(actor, code)
    if not can_organise(actor, ceremony.fair):
        raise NotAllowed("fair.not_organiser", _("Only an organiser of this fair may do this."))
    return ceremony


def line_of(ceremony: Ceremony) -> QuerySet[Memorandum]:
    """The ceremony's memoranda in the order of their turns, with their particulars."""
    return with_particulars(ceremony.memoranda.all()).order_by("turn", "pk")


def assignable(fair: Fair) -> QuerySet[Memorandum]:
    """The fair's memoranda that are ready and in no ceremony, by their numbers."""
    free = Memorandum.objects.filter(fair=fair, state=MemorandumState.READY, ceremony__isnull=True)
    return free.select_related("fair").prefetch_related("parties").order_by("year", "number")


@dataclass(frozen=True)
class Counts:
    """How far a ceremony is: `waiting` is signable, `other` declined, void or back at the desk."""

    total: int
    signed: int
    waiting: int
    target: int | None

    @property
    def other(self) -> int:
        return self.total - self.signed - self.waiting


def counts_of(ceremony: Ceremony) -> Counts:
    """The ceremony's memoranda by how far they are."""
    rows = ceremony.memoranda.order_by().values_list("state").annotate(Count("pk"))
    by_state = Counter(dict(rows))
    return Counts(
        total=by_state.total(),
        signed=sum(by_state[state] for state in SIGNED),
        waiting=sum(by_state[state] for state in SIGNABLE),
        target=ceremony.target,
    )


@dataclass(frozen=True)
class TableRow:
    """A signing table with its tablets and how far it is."""

    station: Station
    total: int
    signed: int
    devices: list[Device]


def tables_of(ceremony: Ceremony) -> list[TableRow]:
    """The ceremony's tables in their order; tablets that were sent away are left out."""
    stations = ceremony.stations.annotate(
        total=Count("memoranda"),
        signed=Count("memoranda", filter=Q(memoranda__state__in=SIGNED)),
    ).order_by("number")
    scopes = f"station:{ceremony.code}/"
    live = Device.objects.filter(scope__startswith=scopes, enrolled_at__isnull=False)
    devices = list(live.filter(revoked_at__isnull=True).order_by("enrolled_at", "pk"))
    return [
        TableRow(
            station,
            station.total,
            station.signed,
            [device for device in devices if device.scope == f"{scopes}{station.number}"],
        )
        for station in stations
    ]


@dataclass(frozen=True)
class Tablet:
    """An enrolled tablet and the table it stands on."""

    device: Device
    station: Station


def tablet_of(token: str, *, is_delivering: bool = False) -> Tablet | None:
    """The tablet with this cookie, while it may work.

    What it signed offline it may deliver (`is_delivering`) after its time, too.
    """
    device = (
        Device.objects.select_related("enrolled_by")
        .filter(token_hash=token_hash(token), enrolled_at__isnull=False, revoked_at__isnull=True)
        .first()
        if token
        else None
    )
    if device is None or not (is_delivering or is_enrolled(device, timezone.now())):
        return None
    station = station_of_scope(device.scope)
    return Tablet(device, station) if station else None


def station_of_scope(scope: str) -> Station | None:
    """The signing table that a tablet's scope names, with its ceremony and fair."""
    code, _slash, number = scope.removeprefix("station:").partition("/")
    stations = Station.objects.select_related("ceremony__fair")
    known = int(number) if number.isdecimal() else 0
    return stations.filter(ceremony__code=code, number=known).first()


def line_at(station: Station) -> QuerySet[Memorandum]:
    """What is signed at this table, in the order of the turns."""
    return line_of(station.ceremony).filter(station=station)


@dataclass(frozen=True)
class Wall:
    """What the big screen says. `values`: đồng of one month, season, year (only those > 0)."""

    counts: Counts
    latest: Memorandum | None
    values: list[tuple[str, int]]


def wall_of(ceremony: Ceremony) -> Wall:
    """The figures of the big screen, of what all three have signed."""
    signed = Memorandum.objects.filter(ceremony=ceremony, state__in=SIGNED)
    latest = signed.prefetch_related("parties").order_by("-signed_at", "-pk").first()
    sums: Iterable[tuple[str, int]] = (
        Item.objects.filter(memorandum__in=signed.values("pk"))
        .order_by()
        .values_list("period")
        .annotate(value=Sum(LINE_VALUE))
    )
    by_period = dict(sums)
    values = [
        (str(period.label), by_period[period]) for period in Item.Period if by_period.get(period)
    ]
    return Wall(counts_of(ceremony), latest, values)
