"""Writes: the drafts of a ceremony from a workbook, all of them or none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.errors import DomainError, StaleState
from core.locks import lock_row
from fairs.models import Fair
from mou.actions.drawing import Line, write_draft
from mou.actions.records import require_organiser
from mou.models import Ceremony, Memorandum, Wording
from mou.queries.imports import open_pairs
from registry.models import Organisation

MOST_ROWS = 500


@dataclass(frozen=True)
class Pair:
    """What one memorandum is made of: who with whom, and about which products."""

    producer: Organisation
    distributor: Organisation
    lines: Sequence[Line]


@transaction.atomic(durable=True)
def import_memoranda(
    *,
    fair: Fair,
    pairs: Sequence[Pair],
    wording: Wording,
    place: str,
    witness: str,
    witness_position: str,
    expires_on: date,
    ceremony: Ceremony | None,
    actor: User | None,
) -> list[Memorandum]:
    """Draw up one draft for each pair, in this order; in a ceremony they get the next turns.

    Raises NotAllowed, DomainError `memorandum.too_many_rows`, `memorandum.other_fair` and those
    of drawing up, StaleState `memorandum.pair_exists` when two of them have an open one here.
    """
    require_organiser(actor, fair)
    if sum(len(pair.lines) for pair in pairs) > MOST_ROWS:
        raise too_many_rows()
    if ceremony and ceremony.fair_id != fair.pk:
        raise DomainError("memorandum.other_fair", _("This ceremony belongs to another fair."))
    lock_row(fair)
    taken = open_pairs(fair)
    if any((pair.producer.pk, pair.distributor.pk) in taken for pair in pairs):
        raise StaleState(
            "memorandum.pair_exists",
            _("Two of them have got a memorandum at this fair in the meantime."),
        )
    last = _last_turn(ceremony)
    return [
        write_draft(
            fair=fair,
            producer=pair.producer,
            distributor=pair.distributor,
            lines=pair.lines,
            place=place,
            witness=witness,
            witness_position=witness_position,
            expires_on=expires_on,
            actor=actor,
            wording=wording,
            ceremony=ceremony,
            turn=last + number if ceremony else None,
            verb="mou.imported",
        )
        for number, pair in enumerate(pairs, start=1)
    ]


def _last_turn(ceremony: Ceremony | None) -> int:
    turns = ceremony.memoranda.aggregate(last=Max("turn")) if ceremony else {}
    return turns.get("last") or 0


def too_many_rows() -> DomainError:
    """What is said of a workbook with more than `MOST_ROWS` rows."""
    return DomainError(
        "memorandum.too_many_rows",
        _("The file has more than %(most)s rows: divide it into several."),
        most=MOST_ROWS,
    )
