"""Writes: a memorandum is signed by three, or declined."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Device, User
from core import codes
from core.errors import DomainError, StaleState
from core.locks import lock_row
from mou import tasks
from mou.actions.records import record
from mou.actions.tables import not_their_turn, require_table, session_over
from mou.models import (
    Memorandum,
    Signature,
    SignerRole,
    SigningSession,
)
from mou.paper.canonical import canonical
from mou.paper.content import SignatureRecord, signature_sha256
from mou.paper.strokes import read_strokes
from mou.queries.signing import SESSION_OVER
from mou.rules import needs_code, roles_that_may_sign
from mou.states import MEMORANDUM, SIGNABLE, MemorandumState

SESSION_LIFE = timedelta(minutes=10)
# The table outside of ceremonies; as the paper prints it.
STATION = "Bàn ký 1"


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """What a signer drew, when by the tablet's own clock, and how long they had the text.

    `key` is what a packet was sent under that was drawn offline.
    """

    strokes: str
    device_at: datetime
    read_seconds: int | None = None
    key: str | None = None


@transaction.atomic(durable=True)
def open_session(
    *, memorandum: Memorandum, role: str, actor: User, device: Device | None = None
) -> str:
    """Begin one signer's turn at the table; return the token of its one-time session.

    `device` is the tablet, where one is enrolled, and `actor` then who enrolled it. A turn that
    was begun before for the same memorandum ends. Raises NotAllowed, StaleState, among them
    `signing.not_their_turn`, DomainError `ceremony.closed`.
    """
    require_table(memorandum, actor, device)
    row = lock_row(memorandum)
    if role not in roles_that_may_sign(row, signed_roles(row)):
        raise not_their_turn(row, role)
    if row.state == MemorandumState.READY:
        MEMORANDUM.move(row, MemorandumState.SIGNING)
    frozen_now = timezone.now()
    row.sessions.filter(spent_at__isnull=True).update(spent_at=frozen_now)
    token = codes.new_token()
    SigningSession.objects.create(
        memorandum=row,
        revision=row.revision,
        role=role,
        token_hash=codes.token_hash(token),
        operator=actor,
        device=device,
        expires_at=frozen_now + SESSION_LIFE,
    )
    record(row, actor, "mou.session_opened", role=role, **device_facts(device))
    return token


def device_facts(device: Device | None) -> dict[str, object]:
    """The tablet, as the audit trail names it."""
    return {"device": device.pk} if device else {}


def signed_roles(row: Memorandum) -> set[str]:
    live = row.signatures.filter(superseded_at__isnull=True, revision=row.revision)
    return set(live.values_list("role", flat=True))


@transaction.atomic(durable=True)
def sign_memorandum(
    *,
    token: str,
    strokes: str,
    has_consented: bool,
    device_at: datetime,
    actor: User,
    device: Device | None = None,
    read_seconds: int | None = None,
) -> Signature:
    """Take one signer's drawing, spend their session, and after the third ask for the seal.

    Raises NotAllowed, StaleState `signing.session_over`, `signing.not_their_turn`, DomainError
    `signing.consent_missing`, `signing.code_missing`, StrokesError; nothing is changed then,
    the session included.
    """
    session, row = open_session_row(token, actor, device)
    if not has_consented:
        raise DomainError(
            "signing.consent_missing", _("Every statement must be ticked before signing.")
        )
    if needs_code(row, session.role) and session.code_passed_at is None:
        raise DomainError("signing.code_missing", _("Enter the code that was sent first."))
    drawing = Drawing(strokes=strokes, device_at=device_at, read_seconds=read_seconds)
    return take_signature(session=session, row=row, drawing=drawing, actor=actor)


def take_signature(
    *, session: SigningSession, row: Memorandum, drawing: Drawing, actor: User
) -> Signature:
    """`sign_memorandum` inside the caller's transaction, for a locked row and a living session.

    Raises StaleState `signing.not_their_turn`, StrokesError.
    """
    signed = signed_roles(row)
    if session.role not in roles_that_may_sign(row, signed):
        raise not_their_turn(row, session.role)
    signature = _signature(session, row, drawing)
    signature.save(force_insert=True)
    _spend(session)
    record(
        row,
        actor,
        "mou.signature_captured",
        role=session.role,
        content_sha256=row.content_sha256,
        record_sha256=signature.record_sha256,
        **device_facts(session.device),
        **({"drawn_at": signature.drawn_at.isoformat()} if signature.drawn_at else {}),
    )
    if signed | {session.role} == set(SignerRole):
        _all_signed(row, actor, signature.signed_at)
    return signature


def open_session_row(
    token: str, actor: User, device: Device | None
) -> tuple[SigningSession, Memorandum]:
    """The living session of this token and its memorandum, locked.

    Raises NotAllowed, StaleState `signing.session_over`.
    """
    session = (
        SigningSession.objects.select_related("memorandum__fair", "device")
        .filter(token_hash=codes.token_hash(token))
        .first()
    )
    if session is None:
        raise StaleState("signing.session_over", SESSION_OVER)
    require_table(session.memorandum, actor, device)
    row = lock_row(session.memorandum)
    session.refresh_from_db()
    alive = session.spent_at is None and session.expires_at > timezone.now()
    if not alive or session.revision != row.revision or row.state not in SIGNABLE:
        raise session_over(row, token)
    return session, row


def _signature(session: SigningSession, row: Memorandum, drawing: Drawing) -> Signature:
    drawn = read_strokes(drawing.strokes)
    party = row.parties.filter(side=session.role).first()
    signer = party.representative if party else row.witness
    position = party.position if party else row.witness_position
    frozen_now = timezone.now()
    record = SignatureRecord(
        role=session.role,  # type: ignore[arg-type]
        signer=signer,
        position=position,
        station=row.station.name if row.station else STATION,
        content_sha256=row.content_sha256,
        strokes_sha256=drawn.sha256,
        consent_version=f"{row.wording.code}/{row.wording.version}",
        device_at=drawing.device_at.astimezone(UTC),
        server_at=frozen_now.astimezone(UTC),
        nonce=session.token_hash,
    )
    return Signature(
        memorandum=row,
        revision=row.revision,
        role=session.role,
        signer=signer,
        position=position,
        strokes=drawn.canonical().decode(),
        strokes_sha256=drawn.sha256,
        record=canonical(record).decode(),
        record_sha256=signature_sha256(record),
        session=session,
        idempotency_key=drawing.key,
        drawn_at=drawing.device_at if drawing.key else None,
        read_seconds=drawing.read_seconds,
        signed_at=frozen_now,
    )


def _spend(session: SigningSession) -> None:
    unspent = SigningSession.objects.filter(pk=session.pk, spent_at__isnull=True)
    if unspent.update(spent_at=timezone.now()) != 1:
        raise StaleState("signing.session_over", SESSION_OVER)


def _all_signed(row: Memorandum, actor: User, moment: datetime) -> None:
    job = tasks.seal_memorandum.ask(
        key=f"{row.code}:{row.revision}", stream=row.fair.stream, actor=actor, memorandum=row.pk
    )
    MEMORANDUM.move(row, MemorandumState.SIGNED, signed_at=moment, job=job)
    record(row, actor, "mou.all_signed", content_sha256=row.content_sha256)


@transaction.atomic(durable=True)
def decline_memorandum(
    *, token: str, reason: str, actor: User, device: Device | None = None
) -> Memorandum:
    """A signer says no: the number stays used, nothing is sealed.

    Raises NotAllowed, StaleState `signing.session_over`, DomainError `signing.reason_missing`.
    """
    session, row = open_session_row(token, actor, device)
    if not reason:
        raise DomainError("signing.reason_missing", _("Say why you decline."))
    _spend(session)
    MEMORANDUM.move(row, MemorandumState.DECLINED, state_reason=reason)
    record(row, actor, "mou.declined", role=session.role, **device_facts(device))
    return row
