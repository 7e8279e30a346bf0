"""Writes: what tablets signed offline is taken, or kept for a person to decide."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Device, User
from core import codes
from core.errors import DomainError, StaleState
from core.locks import lock_row
from mou.actions.records import record, require_organiser
from mou.actions.signing import Drawing, take_signature
from mou.models import Memorandum, OfflinePacket, Signature, SigningSession
from mou.packets import Packet, PacketError, read_packet, table_key
from mou.queries.signing import has_signed_already
from mou.rendering import consent_statements
from mou.rules import needs_code, serves
from mou.states import MEMORANDUM, MemorandumState


@transaction.atomic(durable=True)
def take_packet(*, body: str, signature: str, device: Device) -> OfflinePacket:
    """Take what was signed offline as a signature of this moment, or keep it for a person.

    The same packet sent again changes nothing and is answered as before: the tablet did not hear
    the first answer. Raises PacketError `packet.forged`, `packet.malformed`, `packet.unknown`;
    StaleState `packet.key_reused` for anything else under a key that is used.
    """
    packet = _read(body, signature, device)
    memorandum = Memorandum.objects.select_related("fair").filter(code=packet.code).first()
    ceremony = device.scope.removeprefix("station:").partition("/")[0]
    if memorandum is None or not memorandum.fair.ceremonies.filter(code=ceremony).exists():
        raise PacketError("packet.unknown", _("No memorandum of this ceremony has this code."))
    lock_row(memorandum)
    known = OfflinePacket.objects.filter(key=packet.key).first()
    if known and known.body == body:
        return known
    if known or _is_spent(packet.key):
        raise _key_reused(memorandum, packet, device)
    row = OfflinePacket(
        key=packet.key,
        device=device,
        memorandum=memorandum,
        role=packet.role,
        body=body,
        device_signature=signature,
        drawn_at=packet.drawn_at,
        received_at=timezone.now(),
        state=OfflinePacket.State.WAITING,
    )
    _decide(row, packet)
    row.save(force_insert=True)
    if row.state == OfflinePacket.State.WAITING:
        _record(row, None, "mou.packet_kept", reason=row.reason)
    return row


@transaction.atomic(durable=True)
def retry_packet(*, packet: OfflinePacket, actor: User) -> OfflinePacket:
    """Try once more to take a packet that was kept. Raises NotAllowed, StaleState."""
    row = _waiting_row(packet, actor)
    _decide(row, _read(row.body, row.device_signature, row.device))
    if row.state == OfflinePacket.State.TAKEN:
        row.decided_by, row.decided_at = actor, timezone.now()
    row.save()
    return row


@transaction.atomic(durable=True)
def set_packet_aside(*, packet: OfflinePacket, actor: User) -> OfflinePacket:
    """It stays as it came and counts for nothing. Raises NotAllowed, StaleState."""
    row = _waiting_row(packet, actor)
    row.state = OfflinePacket.State.SET_ASIDE
    row.decided_by, row.decided_at = actor, timezone.now()
    row.save()
    _record(row, actor, "mou.packet_set_aside")
    return row


def _read(body: str, signature: str, device: Device) -> Packet:
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    keys = [table_key(device.scope, secret) for secret in secrets]
    return read_packet(body, signature, device_jwk=device.public_key or {}, keys=keys)


def _is_spent(key: str) -> bool:
    """Whether a turn was had under this key, with network or without."""
    return SigningSession.objects.filter(token_hash=codes.token_hash(key)).exists()


def _key_reused(memorandum: Memorandum, packet: Packet, device: Device) -> StaleState:
    """Who has signed is told to the tablets of that table only."""
    is_theirs = serves(device, memorandum.station)
    told = has_signed_already(memorandum, packet.role) if is_theirs else ""
    return StaleState("packet.key_reused", told or _("Another packet was sent under this key."))


def _waiting_row(packet: OfflinePacket, actor: User) -> OfflinePacket:
    require_organiser(actor, packet.memorandum.fair)
    row = lock_row(packet)
    if row.state != OfflinePacket.State.WAITING:
        raise StaleState("packet.decided", _("Somebody has decided this already."))
    return row


def _decide(row: OfflinePacket, packet: Packet) -> None:
    try:
        with transaction.atomic():
            row.signature = _take(row.device, row.memorandum, packet)
    except DomainError as error:
        row.reason = error.code
    else:
        row.state, row.reason = OfflinePacket.State.TAKEN, ""


def _take(device: Device, memorandum: Memorandum, packet: Packet) -> Signature:
    actor = device.enrolled_by
    require_organiser(actor, memorandum.fair)
    row = lock_row(memorandum)
    if (row.revision, row.content_sha256) != (packet.revision, packet.content_sha256):
        raise DomainError("packet.other_revision", _("The text was changed after it was signed."))
    if row.ceremony is None or row.ceremony.closed_at:
        raise DomainError("ceremony.closed", _("This ceremony is closed."))
    if needs_code(row, packet.role):
        raise DomainError("signing.code_missing", _("Enter the code that was sent first."))
    if packet.consents != tuple(range(len(consent_statements(row, packet.role)))):
        raise DomainError(
            "signing.consent_missing", _("Every statement must be ticked before signing.")
        )
    if row.state == MemorandumState.READY:
        MEMORANDUM.move(row, MemorandumState.SIGNING)
    session = SigningSession.objects.create(
        memorandum=row,
        revision=row.revision,
        role=packet.role,
        token_hash=codes.token_hash(packet.key),
        operator=actor,
        device=device,
        expires_at=timezone.now(),
    )
    drawing = Drawing(
        strokes=packet.strokes,
        device_at=packet.drawn_at,
        read_seconds=packet.read_seconds,
        key=packet.key,
    )
    return take_signature(session=session, row=row, drawing=drawing, actor=actor)


def _record(row: OfflinePacket, actor: User | None, verb: str, **facts: object) -> None:
    record(row.memorandum, actor, verb, role=row.role, device=row.device_id, **facts)
