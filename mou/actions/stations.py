"""Writes: tablets are enrolled for a signing table, and sent away again."""

from datetime import datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Device, User
from core import audit
from core.codes import new_token, token_hash
from core.errors import DomainError, StaleState
from mou.actions.records import require_organiser
from mou.models import Ceremony, Station
from mou.queries.ceremonies import station_of_scope

INVITATION_LIFE = timedelta(minutes=15)
# How long a tablet works at least, where a ceremony begins late or runs over midnight.
SHIFT = timedelta(hours=12)
LINK_OVER = _(
    "This code does not work any more: it was used, or it is older than 15 minutes. "
    "Let the organiser show a new one."
)


@transaction.atomic(durable=True)
def invite_device(*, station: Station, label: str, actor: User) -> str:
    """Make the one-time link that enrols a tablet for this table within 15 minutes.

    Returns its token; the database keeps the hash. Raises NotAllowed, DomainError
    `ceremony.closed`.
    """
    ceremony = station.ceremony
    require_organiser(actor, ceremony.fair)
    _require_open(ceremony)
    token = new_token()
    device = Device.objects.create(
        scope=station.scope,
        label=label,
        token_hash=token_hash(token),
        enrolled_by=actor,
        expires_at=timezone.now() + INVITATION_LIFE,
    )
    _record(ceremony, actor, "mou.device_invited", device, station=station.number)
    return token


def invitation(token: str) -> tuple[Device, Station]:
    """The tablet's open invitation. Raises DomainError `device.link_over`."""
    device = Device.objects.filter(
        token_hash=token_hash(token),
        scope__startswith="station:",
        enrolled_at__isnull=True,
        revoked_at__isnull=True,
        expires_at__gt=timezone.now(),
    ).first()
    station = station_of_scope(device.scope) if device else None
    if device is None or station is None:
        raise DomainError("device.link_over", LINK_OVER)
    return device, station


@transaction.atomic(durable=True)
def enrol_device(*, token: str, public_key: dict[str, str] | None) -> tuple[Device, str]:
    """Use the invitation up; return the tablet and the token of its cookie.

    It works until the end of the ceremony's day, at least for twelve hours. Raises DomainError
    `device.link_over`, `ceremony.closed`.
    """
    device, station = invitation(token)
    _require_open(station.ceremony)
    frozen_now = timezone.now()
    cookie = new_token()
    changes: dict[str, Any] = {
        "token_hash": token_hash(cookie),
        "public_key": public_key,
        "enrolled_at": frozen_now,
        "seen_at": frozen_now,
        "expires_at": max(_end_of_day(station.ceremony.starts_at), frozen_now + SHIFT),
    }
    unused = Device.objects.filter(pk=device.pk, enrolled_at__isnull=True)
    if unused.update(**changes) != 1:
        raise DomainError("device.link_over", LINK_OVER)
    device.refresh_from_db()
    _record(
        station.ceremony,
        device.enrolled_by,
        "mou.device_enrolled",
        device,
        station=station.number,
        works_offline=public_key is not None,
    )
    return device, cookie


@transaction.atomic(durable=True)
def revoke_device(*, ceremony: Ceremony, device: Device, actor: User) -> None:
    """Send a tablet away: from now on it opens and signs nothing.

    Raises NotAllowed, StaleState `device.revoked`.
    """
    require_organiser(actor, ceremony.fair)
    live = Device.objects.filter(pk=device.pk, revoked_at__isnull=True)
    if live.update(revoked_at=timezone.now()) != 1:
        raise StaleState("device.revoked", _("This tablet was sent away already."))
    _record(ceremony, actor, "mou.device_revoked", device)


def _end_of_day(moment: datetime) -> datetime:
    day = timezone.localtime(moment).date() + timedelta(days=1)
    return timezone.make_aware(datetime.combine(day, time.min))


def _require_open(ceremony: Ceremony) -> None:
    if ceremony.closed_at:
        raise DomainError("ceremony.closed", _("This ceremony is closed."))


def _record(ceremony: Ceremony, actor: User, verb: str, device: Device, **facts: object) -> None:
    audit.record(
        stream=ceremony.fair.stream,
        actor=actor,
        verb=verb,
        subject=ceremony.code,
        device=device.pk,
        **facts,
    )
