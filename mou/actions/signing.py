"""Writes: a memorandum is signed by three, or declined."""

from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core import codes
from core.errors import DomainError, StaleState
from core.locks import lock_row
from mou import tasks
from mou.actions.records import record, require_organiser
from mou.models import (
    Memorandum,
    Signature,
    SignerRole,
    SigningSession,
)
from mou.paper.canonical import canonical
from mou.paper.content import SignatureRecord, signature_sha256
from mou.paper.strokes import read_strokes
from mou.rules import roles_that_may_sign
from mou.states import MEMORANDUM, SIGNABLE, MemorandumState

SESSION_LIFE = timedelta(minutes=10)
# One table for now; as the paper prints it.
STATION = "Bàn ký 1"
SESSION_OVER = _("This turn is over. Begin it again at the table.")


@transaction.atomic(durable=True)
def open_session(*, memorandum: Memorandum, role: str, actor: User) -> str:
    """Begin one signer's turn at the table; return the token of its one-time session.

    A turn that was begun before for the same memorandum ends. Raises NotAllowed, StaleState,
    DomainError `signing.not_their_turn`.
    """
    require_organiser(actor, memorandum.fair)
    row = lock_row(memorandum)
    if role not in roles_that_may_sign(row, _signed_roles(row)):
        raise DomainError("signing.not_their_turn", _("It is not this signer's turn."))
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
        expires_at=frozen_now + SESSION_LIFE,
    )
    record(row, actor, "mou.session_opened", role=role)
    return token


def _signed_roles(row: Memorandum) -> set[str]:
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
) -> Signature:
    """Take one signer's drawing, spend their session, and after the third ask for the seal.

    Raises NotAllowed, DomainError `signing.session_over`, `signing.consent_missing`,
    `signing.not_their_turn`, StrokesError; nothing is changed then, the session included.
    """
    session, row = _open_session_row(token, actor)
    if not has_consented:
        raise DomainError(
            "signing.consent_missing", _("Every statement must be ticked before signing.")
        )
    signed = _signed_roles(row)
    if session.role not in roles_that_may_sign(row, signed):
        raise DomainError("signing.not_their_turn", _("It is not this signer's turn."))
    signature = _signature(session, row, strokes, device_at)
    signature.save(force_insert=True)
    _spend(session)
    record(
        row,
        actor,
        "mou.signature_captured",
        role=session.role,
        content_sha256=row.content_sha256,
        record_sha256=signature.record_sha256,
    )
    if signed | {session.role} == set(SignerRole):
        _all_signed(row, actor, signature.signed_at)
    return signature


def _open_session_row(token: str, actor: User) -> tuple[SigningSession, Memorandum]:
    session = (
        SigningSession.objects.select_related("memorandum__fair")
        .filter(token_hash=codes.token_hash(token))
        .first()
    )
    over = DomainError("signing.session_over", SESSION_OVER)
    if session is None:
        raise over
    require_organiser(actor, session.memorandum.fair)
    row = lock_row(session.memorandum)
    session.refresh_from_db()
    alive = session.spent_at is None and session.expires_at > timezone.now()
    if not alive or session.revision != row.revision or row.state not in SIGNABLE:
        raise over
    return session, row


def _signature(
    session: SigningSession, row: Memorandum, strokes: str, device_at: datetime
) -> Signature:
    drawn = read_strokes(strokes)
    party = row.parties.filter(side=session.role).first()
    signer = party.representative if party else row.witness
    position = party.position if party else row.witness_position
    frozen_now = timezone.now()
    record = SignatureRecord(
        role=session.role,  # type: ignore[arg-type]
        signer=signer,
        position=position,
        station=STATION,
        content_sha256=row.content_sha256,
        strokes_sha256=drawn.sha256,
        consent_version=f"{row.wording.code}/{row.wording.version}",
        device_at=device_at.astimezone(UTC),
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
def decline_memorandum(*, token: str, reason: str, actor: User) -> Memorandum:
    """A signer says no: the number stays used, nothing is sealed.

    Raises NotAllowed, DomainError `signing.session_over`, `signing.reason_missing`.
    """
    session, row = _open_session_row(token, actor)
    if not reason:
        raise DomainError("signing.reason_missing", _("Say why you decline."))
    _spend(session)
    MEMORANDUM.move(row, MemorandumState.DECLINED, state_reason=reason)
    record(row, actor, "mou.declined", role=session.role)
    return row
