"""Writes: a memorandum is amended by an annex, replaced, terminated, or voided by two people."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core import storage
from core.errors import DomainError, NotAllowed, StaleState
from core.locks import lock_row
from core.storage import StoredFile
from mou.actions.records import record, require_organiser
from mou.models import Memorandum
from mou.states import IN_FORCE, MEMORANDUM, MemorandumState

PDF = "application/pdf"
MOST_BYTES = 10 * 1024 * 1024


@transaction.atomic(durable=True)
def draw_up_annex(*, memorandum: Memorandum, actor: User | None) -> Memorandum:
    """A draft that says what the memorandum says, to be changed, frozen and signed as its annex.

    Raises NotAllowed, DomainError `memorandum.not_in_force`, `annex.of_annex`.
    """
    row = _locked_in_force(memorandum, actor)
    if row.annex_of:
        raise DomainError(
            "annex.of_annex", _("This is an annex itself: amend its memorandum instead.")
        )
    annex = _copy(row, actor)
    Memorandum.objects.filter(pk=annex.pk).update(annex_of=row)
    annex.annex_of = row
    record(annex, actor, "mou.drawn_up", annex_of=row.code)
    return annex


@transaction.atomic(durable=True)
def draw_up_replacement(*, memorandum: Memorandum, actor: User | None) -> Memorandum:
    """A draft that says what the memorandum says; once it is sealed, the old one is ended.

    Raises NotAllowed, DomainError `memorandum.not_in_force`, `memorandum.replaced_already`.
    """
    row = _locked_in_force(memorandum, actor)
    if Memorandum.objects.filter(replaces=row).exists():
        raise DomainError(
            "memorandum.replaced_already", _("A replacement is drawn up already: look at that.")
        )
    new = _copy(row, actor)
    Memorandum.objects.filter(pk=new.pk).update(replaces=row)
    new.replaces = row
    record(new, actor, "mou.drawn_up", replaces=row.code)
    return new


def _locked_in_force(memorandum: Memorandum, actor: User | None) -> Memorandum:
    require_organiser(actor, memorandum.fair)
    row = lock_row(memorandum)
    if row.state not in IN_FORCE or row.is_over:
        raise DomainError("memorandum.not_in_force", _("This memorandum is not in force."))
    return row


def _copy(row: Memorandum, actor: User | None) -> Memorandum:
    copy = Memorandum.objects.create(
        fair=row.fair,
        wording=row.wording,
        place=row.place,
        witness=row.witness,
        witness_position=row.witness_position,
        terms=row.terms,
        expires_on=row.expires_on,
        created_by=actor,
    )
    for line in [*row.parties.all(), *row.items.all()]:
        line.pk, line.memorandum = None, copy  # type: ignore[attr-defined]
        line.save(force_insert=True)
    return copy


def terminate_memorandum(
    *,
    memorandum: Memorandum,
    ended_on: date,
    reason: str,
    notice: bytes | None,
    actor: User | None,
) -> Memorandum:
    """One side has given notice: it is no longer in force from that day on.

    `notice` is the notice as a PDF. Raises NotAllowed, StaleState, DomainError
    `memorandum.reason_missing`, `memorandum.ended_wrongly`, `notice.not_pdf`.
    """
    require_organiser(actor, memorandum.fair)
    name = _written(notice)
    with transaction.atomic(durable=True):
        row = lock_row(memorandum)
        _require_reason(reason)
        signed = timezone.localdate(row.signed_at) if row.signed_at else ended_on
        if not signed <= ended_on <= timezone.localdate():
            raise DomainError(
                "memorandum.ended_wrongly",
                _("The day it ended is between the day it was signed and today."),
            )
        file = _kept(name, notice)
        MEMORANDUM.move(
            row,
            MemorandumState.TERMINATED,
            ended_on=ended_on,
            state_reason=reason,
            ending_document=file,
        )
        sha256 = file.sha256 if file else ""
        record(row, actor, "mou.terminated", on=ended_on.isoformat(), notice_sha256=sha256)
    return row


@transaction.atomic(durable=True)
def ask_void(*, memorandum: Memorandum, reason: str, actor: User) -> Memorandum:
    """The first of two who void a memorandum.

    Raises NotAllowed, StaleState, DomainError `memorandum.reason_missing`, `void.asked_already`.
    """
    require_organiser(actor, memorandum.fair)
    row = lock_row(memorandum)
    _require_reason(reason)
    if row.void_asked_by:
        raise DomainError("void.asked_already", _("Somebody has asked for that already."))
    if row.number is None or not MEMORANDUM.allows(row.state, MemorandumState.VOID):
        raise StaleState("state.illegal", _("This memorandum cannot be voided."))
    row.void_asked_by, row.void_asked_at, row.state_reason = actor, timezone.now(), reason
    row.save(update_fields=["void_asked_by", "void_asked_at", "state_reason"])
    record(row, actor, "mou.void_asked")
    return row


@transaction.atomic(durable=True)
def agree_void(*, memorandum: Memorandum, actor: User) -> Memorandum:
    """The second of two: from now on it is void. Its number stays in the register.

    Raises NotAllowed (also for the one who asked), StaleState.
    """
    row = _asked(memorandum, actor)
    if row.void_asked_by == actor:
        raise NotAllowed("void.same_person", _("Somebody else must agree: two people void it."))
    MEMORANDUM.move(row, MemorandumState.VOID, void_agreed_by=actor, ended_on=timezone.localdate())
    row.sessions.filter(spent_at__isnull=True).update(spent_at=timezone.now())
    record(row, actor, "mou.voided", asked_by=row.void_asked_by_id)
    return row


@transaction.atomic(durable=True)
def refuse_void(*, memorandum: Memorandum, actor: User) -> Memorandum:
    """It is not voided; whoever asked may take it back like this too. Raises as `agree_void`."""
    row = _asked(memorandum, actor)
    row.void_asked_by, row.void_asked_at, row.state_reason = None, None, ""
    row.save(update_fields=["void_asked_by", "void_asked_at", "state_reason"])
    record(row, actor, "mou.void_refused")
    return row


def _asked(memorandum: Memorandum, actor: User) -> Memorandum:
    require_organiser(actor, memorandum.fair)
    row = lock_row(memorandum)
    if row.void_asked_by is None or row.state == MemorandumState.VOID:
        raise StaleState("void.not_asked", _("Nobody asks to void this memorandum any more."))
    return row


def _require_reason(reason: str) -> None:
    if not reason:
        raise DomainError("memorandum.reason_missing", _("Say why."))


def _written(notice: bytes | None) -> str:
    if notice is None:
        return ""
    if len(notice) > MOST_BYTES or not notice.startswith(b"%PDF-"):
        raise DomainError("notice.not_pdf", _("The notice must be a PDF of at most 10 MB."))
    return storage.write_file(notice, media_type=PDF)


def _kept(name: str, notice: bytes | None) -> StoredFile | None:
    return storage.keep_file(name, content=notice, media_type=PDF) if notice else None
