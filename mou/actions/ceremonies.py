"""Writes: ceremonies, and which memoranda are signed there, where and in which order."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import zip_longest

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Device, User
from core import audit
from core.errors import DomainError, StaleState
from core.locks import lock_row, lock_rows
from fairs.models import Fair
from mou.actions.records import require_organiser
from mou.models import Ceremony, Memorandum, Station
from mou.states import SIGNABLE, MemorandumState
from mou.tasks import ask_checkpoint


@dataclass(frozen=True, kw_only=True)
class CeremonyContent:
    """What is said of a ceremony; `stations` are the names of its tables, in their order."""

    title: str
    place: str
    starts_at: datetime
    witness: str
    witness_position: str
    stations: Sequence[str]
    target: int | None = None
    needs_code: bool = False

    @property
    def values(self) -> dict[str, object]:
        """The fields of the ceremony's own row."""
        return {name: value for name, value in asdict(self).items() if name != "stations"}


@transaction.atomic(durable=True)
def create_ceremony(*, fair: Fair, content: CeremonyContent, actor: User) -> Ceremony:
    """Plan a ceremony with its tables. Raises NotAllowed, `memorandum.fair_cancelled`."""
    require_organiser(actor, fair)
    ceremony = Ceremony.objects.create(fair=fair, **content.values)
    _write_stations(ceremony, content.stations)
    _record(ceremony, actor, "mou.ceremony_planned", stations=len(content.stations))
    return ceremony


@transaction.atomic(durable=True)
def edit_ceremony(
    *, ceremony: Ceremony, version: int, content: CeremonyContent, actor: User
) -> Ceremony:
    """Write over the ceremony as of `version`; what is not signed by all gets its witness.

    Raises NotAllowed, StaleState `ceremony.edited_meanwhile`, DomainError `ceremony.closed`,
    `station.in_use`.
    """
    row = _open_row(ceremony, actor)
    if row.version != version:
        raise StaleState(
            "ceremony.edited_meanwhile", _("Somebody else has saved this in the meantime.")
        )
    _write_stations(row, content.stations)
    Ceremony.objects.filter(pk=row.pk).update(version=version + 1, **content.values)
    row.refresh_from_db()
    _give_witness(row)
    _record(row, actor, "mou.ceremony_edited", version=row.version)
    return row


@transaction.atomic(durable=True)
def close_ceremony(*, ceremony: Ceremony, actor: User) -> Ceremony:
    """End it: its tablets open nothing more, and what is unsigned is free for another one.

    The register gets a checkpoint, which covers what was signed there.

    Raises NotAllowed, DomainError `ceremony.closed`.
    """
    row = _open_row(ceremony, actor)
    left = row.memoranda.filter(state=MemorandumState.READY)
    count = left.update(ceremony=None, station=None, turn=None)
    row.closed_at = timezone.now()
    row.save(update_fields=["closed_at"])
    _record(row, actor, "mou.ceremony_closed", left=count)
    ask_checkpoint(row.fair, occasion=f"ceremony:{row.code}")
    return row


@transaction.atomic(durable=True)
def assign_memoranda(
    *, ceremony: Ceremony, memoranda: Sequence[str], station: Station | None, actor: User
) -> int:
    """Put ready memoranda of the fair (by their codes) at the end of the ceremony's line.

    With no `station` they are dealt out to the tables in turn. Returns how many were put in.
    Raises NotAllowed, StaleState `memorandum.not_ready` if one of them is not free any more.
    """
    row = _open_row(ceremony, actor)
    free = Memorandum.objects.filter(
        fair=row.fair, code__in=memoranda, state=MemorandumState.READY, ceremony__isnull=True
    )
    found = sorted(lock_rows(free), key=lambda each: each.number or 0)
    if len(found) != len(set(memoranda)):
        raise StaleState(
            "memorandum.not_ready",
            _("One of these has been signed or put into a ceremony meanwhile. Look again, please."),
        )
    stations = [station] if station else list(row.stations.all())
    last = row.memoranda.aggregate(last=Max("turn"))["last"] or 0
    for place, memorandum in enumerate(found):
        memorandum.ceremony = row
        memorandum.turn = last + place + 1
        memorandum.station = stations[(last + place) % len(stations)]
        memorandum.witness, memorandum.witness_position = row.witness, row.witness_position
    fields = ["ceremony", "turn", "station", "witness", "witness_position"]
    Memorandum.objects.bulk_update(found, fields, batch_size=200)
    _record(row, actor, "mou.ceremony_assigned", memoranda=[each.code for each in found])
    return len(found)


@transaction.atomic(durable=True)
def move_turn(*, memorandum: Memorandum, is_up: bool, actor: User) -> None:
    """One place earlier or later in the line; at its end nothing happens.

    Raises NotAllowed, DomainError `ceremony.closed`.
    """
    ceremony = _open_row(_ceremony_of(memorandum), actor)
    line = sorted(lock_rows(ceremony.memoranda.all()), key=lambda each: (each.turn or 0, each.pk))
    here = [each.pk for each in line].index(memorandum.pk)
    there = here - 1 if is_up else here + 1
    if not 0 <= there < len(line):
        return
    first, second = line[here], line[there]
    first.turn, second.turn = second.turn, first.turn
    Memorandum.objects.bulk_update([first, second], ["turn"])
    _record(ceremony, actor, "mou.turn_moved", memorandum=first.code, turn=first.turn)


@transaction.atomic(durable=True)
def change_station(*, memorandum: Memorandum, station: Station, actor: User) -> None:
    """Let it be signed at another table. Raises NotAllowed, DomainError `ceremony.closed`."""
    ceremony = _open_row(_ceremony_of(memorandum), actor)
    row = lock_row(memorandum)
    row.station = station
    row.save(update_fields=["station"])
    _record(ceremony, actor, "mou.station_changed", memorandum=row.code, station=station.number)


@transaction.atomic(durable=True)
def release_memorandum(*, memorandum: Memorandum, actor: User) -> None:
    """Take one that nobody has begun to sign out of the ceremony.

    Raises NotAllowed, DomainError `ceremony.closed`, StaleState `memorandum.not_ready`.
    """
    ceremony = _open_row(_ceremony_of(memorandum), actor)
    row = lock_row(memorandum)
    if row.state not in (MemorandumState.READY, MemorandumState.DECLINED):
        raise StaleState("memorandum.not_ready", _("It is being signed, so it stays."))
    row.ceremony, row.station, row.turn = None, None, None
    row.save(update_fields=["ceremony", "station", "turn"])
    _record(ceremony, actor, "mou.ceremony_released", memorandum=row.code)


def _ceremony_of(memorandum: Memorandum) -> Ceremony:
    if memorandum.ceremony is None:
        raise StaleState("memorandum.not_ready", _("It is in no ceremony any more."))
    return memorandum.ceremony


def _open_row(ceremony: Ceremony, actor: User) -> Ceremony:
    require_organiser(actor, ceremony.fair)
    row = lock_row(ceremony)
    if row.closed_at:
        raise DomainError("ceremony.closed", _("This ceremony is closed."))
    return row


def _write_stations(ceremony: Ceremony, names: Sequence[str]) -> None:
    """The n-th name is table n; a table with work or a tablet is not taken away."""
    stations = list(ceremony.stations.all())
    for number, (name, station) in enumerate(zip_longest(names, stations), start=1):
        if station is None:
            Station.objects.create(ceremony=ceremony, number=number, name=name)
        elif name is None:
            _take_away(station)
        elif station.name != name:
            Station.objects.filter(pk=station.pk).update(name=name)


def _take_away(station: Station) -> None:
    live = Device.objects.filter(scope=station.scope, revoked_at__isnull=True)
    if station.memoranda.exists() or live.filter(expires_at__gt=timezone.now()).exists():
        raise DomainError(
            "station.in_use",
            _("%(station)s has memoranda or a tablet: move them first."),
            station=station.name,
        )
    station.delete()


def _give_witness(ceremony: Ceremony) -> None:
    unsigned = ceremony.memoranda.filter(state__in=SIGNABLE).exclude(
        signatures__role="witness", signatures__superseded_at__isnull=True
    )
    Memorandum.objects.filter(pk__in=unsigned.values("pk")).update(
        witness=ceremony.witness, witness_position=ceremony.witness_position
    )


def _record(ceremony: Ceremony, actor: User, verb: str, **facts: object) -> None:
    audit.record(
        stream=ceremony.fair.stream, actor=actor, verb=verb, subject=ceremony.code, **facts
    )
