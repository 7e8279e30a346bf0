"""Writes: a draft is changed, a frozen memorandum goes back to a draft, a draft is given up."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.errors import DomainError, StaleState
from core.locks import lock_row
from mou.actions.drawing import (
    CHANGED_MEANWHILE,
    Line,
    Particulars,
    require_usable,
    write_lines,
)
from mou.actions.records import record, require_organiser
from mou.models import Memorandum, Wording
from mou.queries.drafts import facts_of
from mou.states import MEMORANDUM, MemorandumState


@transaction.atomic(durable=True)
def edit_memorandum(
    *,
    memorandum: Memorandum,
    revision: int,
    lines: Sequence[Line],
    place: str,
    witness: str,
    witness_position: str,
    expires_on: date,
    wording: Wording,
    figures: Mapping[str, int],
    particulars: Mapping[str, Particulars],
    actor: User | None,
) -> Memorandum:
    """Write these values over the draft as it was at `revision`; every change counts it up.

    Raises NotAllowed, StaleState `memorandum.stale` when somebody else has saved since,
    `memorandum.not_draft`, DomainError `memorandum.foreign_product`, `wording.retired`.
    """
    require_organiser(actor, memorandum.fair)
    row = lock_row(memorandum)
    _require_draft(row)
    if row.revision != revision:
        raise StaleState("memorandum.stale", CHANGED_MEANWHILE)
    parties = {party.side: party for party in row.parties.all()}
    producer = parties["party_a"].organisation_id
    if any(line.product.producer_id != producer for line in lines):
        raise DomainError(
            "memorandum.foreign_product", _("A product in the list is not one of party A's.")
        )
    if wording.pk != row.wording_id:
        require_usable(wording)
    before = facts_of(row)
    row.place, row.witness, row.witness_position = place, witness, witness_position
    row.expires_on, row.terms, row.wording = expires_on, dict(figures), wording
    write_lines(row, lines)
    for side, said in particulars.items():
        for name, value in asdict(said).items():
            setattr(parties[side], name, value)
        parties[side].save()
    after = facts_of(row)
    changed = sorted(name for name in after if after[name] != before[name])
    if changed:
        row.revision += 1
        row.save()
        record(row, actor, "mou.edited", revision=row.revision, fields=changed)
    return row


def _require_draft(row: Memorandum) -> None:
    if row.state != MemorandumState.DRAFT:
        raise StaleState(
            "memorandum.not_draft", _("This memorandum is no longer a draft: look at it again.")
        )


@transaction.atomic(durable=True)
def reopen_memorandum(*, memorandum: Memorandum, reason: str, actor: User | None) -> Memorandum:
    """Let a frozen memorandum be changed again; it keeps its number.

    What was signed is kept but no longer counts, and turns that are open end.

    Raises NotAllowed, StaleState, DomainError `memorandum.reason_missing`.
    """
    require_organiser(actor, memorandum.fair)
    row = lock_row(memorandum)
    _require_reason(reason)
    before = row.content_sha256
    MEMORANDUM.move(row, MemorandumState.DRAFT, revision=row.revision + 1, state_reason=reason)
    now = timezone.now()
    row.sessions.filter(spent_at__isnull=True).update(spent_at=now)
    dropped = row.signatures.filter(superseded_at__isnull=True).update(superseded_at=now)
    record(
        row,
        actor,
        "mou.reopened",
        reason=reason,
        revision=row.revision,
        content_sha256=before,
        signatures=dropped,
    )
    return row


@transaction.atomic(durable=True)
def discard_memorandum(*, memorandum: Memorandum, reason: str, actor: User | None) -> bool:
    """Give up a draft: it is deleted, or, once it has a number, voided; return whether deleted.

    Raises NotAllowed, StaleState `memorandum.not_draft`, DomainError
    `memorandum.reason_missing`.
    """
    require_organiser(actor, memorandum.fair)
    row = lock_row(memorandum)
    _require_draft(row)
    _require_reason(reason)
    if row.number is not None:
        MEMORANDUM.move(
            row, MemorandumState.VOID, state_reason=reason, ended_on=timezone.localdate()
        )
        record(row, actor, "mou.voided", reason=reason, number=row.shown_number)
        return False
    parties = [party.name for party in row.parties.all()]
    record(row, actor, "mou.discarded", reason=reason, parties=parties)
    row.delete()
    return True


def _require_reason(reason: str) -> None:
    if not reason:
        raise DomainError("memorandum.reason_missing", _("Say why."))
