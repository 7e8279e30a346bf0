"""Writes: a memorandum is drawn up, frozen, signed by three, or declined."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core import audit, codes
from core.errors import DomainError, NotAllowed, StaleState
from core.locks import lock_row, lock_rows
from core.pdf import missing_glyphs
from fairs.models import Fair
from fairs.rules import can_organise
from fairs.states import FairState
from mou import tasks
from mou.models import (
    Item,
    Memorandum,
    Party,
    Register,
    Signature,
    SignerRole,
    SigningSession,
    Wording,
)
from mou.paper.canonical import canonical
from mou.paper.content import SignatureRecord, content_sha256, signature_sha256
from mou.paper.layout import printed_text
from mou.paper.strokes import read_strokes
from mou.paper.wording import standard_wording, wording_sha256
from mou.rendering import content_of
from mou.rules import roles_that_may_sign
from mou.states import MEMORANDUM, SIGNABLE, MemorandumState
from registry.models import Organisation, Product
from registry.queries import province_of, with_certificate

SESSION_LIFE = timedelta(minutes=10)
STANDARD = "ocop-2026"
# One table for now; as the paper prints it.
STATION = "Bàn ký 1"
SESSION_OVER = _("This turn is over. Begin it again at the table.")


@dataclass(frozen=True)
class Line:
    """One product to be put into a memorandum: `quantity` in the product's unit each `period`."""

    product: Product
    quantity: int
    period: str


@transaction.atomic(durable=True)
def draw_up_memorandum(
    *,
    fair: Fair,
    producer: Organisation,
    distributor: Organisation,
    lines: Sequence[Line],
    place: str,
    witness: str,
    witness_position: str,
    expires_on: date,
    actor: User | None,
) -> Memorandum:
    """Draw up a draft between a producer (A) and a distributor (B) with copied particulars.

    Raises NotAllowed, DomainError `memorandum.same_party`, `memorandum.wrong_role`.
    """
    _require_organiser(actor, fair)
    if producer.pk == distributor.pk:
        raise DomainError("memorandum.same_party", _("The two parties are the same organisation."))
    if not producer.is_producer or not distributor.is_distributor:
        raise DomainError(
            "memorandum.wrong_role", _("Party A must be a producer and party B a distributor.")
        )
    memorandum = Memorandum.objects.create(
        fair=fair,
        wording=_standard_wording(),
        place=place,
        witness=witness,
        witness_position=witness_position,
        expires_on=expires_on,
        created_by=actor,
    )
    _copy_party(memorandum, SignerRole.PARTY_A, producer)
    _copy_party(memorandum, SignerRole.PARTY_B, distributor)
    _copy_lines(memorandum, lines)
    _record(memorandum, actor, "mou.drawn_up", lines=len(lines))
    return memorandum


def _standard_wording() -> Wording:
    content = standard_wording()
    sha256 = wording_sha256(content)
    newest = Wording.objects.filter(code=STANDARD).order_by("-version").first()
    if newest and newest.sha256 == sha256:
        return newest
    version = newest.version + 1 if newest else 1
    return Wording.objects.create(code=STANDARD, version=version, content=content, sha256=sha256)


def _copy_party(memorandum: Memorandum, side: str, organisation: Organisation) -> None:
    Party.objects.create(
        memorandum=memorandum,
        side=side,
        organisation=organisation,
        name=organisation.name,
        kind=organisation.actor_type,
        address=", ".join(
            dict.fromkeys(
                (
                    organisation.address,
                    organisation.place.name,
                    province_of(organisation.place).name,
                )
            )
        ),
        tax_code=organisation.tax_code,
        phone=organisation.phone,
        representative=organisation.representative,
        position=organisation.position,
    )


def _copy_lines(memorandum: Memorandum, lines: Sequence[Line]) -> None:
    products = Product.objects.filter(pk__in=[line.product.pk for line in lines])
    found: QuerySet[Any] = with_certificate(products, timezone.localdate())
    certified = {row.pk: row for row in found}
    Item.objects.bulk_create(
        Item(
            memorandum=memorandum,
            order=order,
            product=line.product,
            name=line.product.name,
            stars=row.stars if row.is_certified else None,
            decision=row.decision if row.is_certified else "",
            unit=line.product.unit,
            quantity=line.quantity,
            period=line.period,
            reference_price=line.product.reference_price,
        )
        for order, line in enumerate(lines, start=1)
        for row in [certified[line.product.pk]]
    )


@transaction.atomic(durable=True)
def freeze_memorandum(*, memorandum: Memorandum, actor: User | None) -> Memorandum:
    """Take a number, freeze and hash the content: from now on it is signed as it stands.

    Raises NotAllowed, StaleState, DomainError `memorandum.no_products`,
    `memorandum.expired`, `memorandum.incomplete`, `memorandum.unprintable`.
    """
    _require_organiser(actor, memorandum.fair)
    row = lock_row(memorandum)
    _require_readiness(row)
    register = _locked_register(row.fair)
    number = register.last_number + 1
    content = content_of(row, number=number, year=register.year)
    missing = missing_glyphs(printed_text(content))
    if missing:
        raise DomainError(
            "memorandum.unprintable",
            _("These letters cannot be printed: %(letters)s"),
            letters=" ".join(sorted(missing)),
        )
    Register.objects.filter(pk=register.pk).update(last_number=number)
    MEMORANDUM.move(
        row,
        MemorandumState.READY,
        number=number,
        year=register.year,
        content=canonical(content).decode(),
        content_sha256=content_sha256(content),
    )
    _record(row, actor, "mou.frozen", number=row.shown_number, content_sha256=row.content_sha256)
    return row


def _require_readiness(row: Memorandum) -> None:
    if not row.items.exists():
        raise DomainError("memorandum.no_products", _("Put at least one product in first."))
    if not row.witness or any(not party.representative for party in row.parties.all()):
        raise DomainError("memorandum.incomplete", _("Say who signs for A, for B and as witness."))


def _locked_register(fair: Fair) -> Register:
    year = timezone.localdate().year
    Register.objects.get_or_create(fair=fair, year=year)
    return lock_rows(Register.objects.filter(fair=fair, year=year))[0]


@transaction.atomic(durable=True)
def open_session(*, memorandum: Memorandum, role: str, actor: User) -> str:
    """Begin one signer's turn at the table; return the token of its one-time session.

    A turn that was begun before for the same memorandum ends. Raises NotAllowed, StaleState,
    DomainError `signing.not_their_turn`.
    """
    _require_organiser(actor, memorandum.fair)
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
    _record(row, actor, "mou.session_opened", role=role)
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
    _record(
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
    _require_organiser(actor, session.memorandum.fair)
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
    _record(row, actor, "mou.all_signed", content_sha256=row.content_sha256)


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
    _record(row, actor, "mou.declined", role=session.role)
    return row


def _require_organiser(actor: User | None, fair: Fair) -> None:
    if fair.state == FairState.CANCELLED:
        raise DomainError("memorandum.fair_cancelled", _("This fair is cancelled."))
    if actor is not None and not can_organise(actor, fair):
        raise NotAllowed("fair.not_organiser", _("Only an organiser of this fair may do this."))


def _record(row: Memorandum, actor: User | None, verb: str, **facts: object) -> None:
    audit.record(stream=row.fair.stream, actor=actor, verb=verb, subject=row.code, **facts)
