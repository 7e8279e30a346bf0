"""Writes: the verify page is asked so often a minute and no oftener."""

from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from mou.models import VerifyCount

MINUTE = timedelta(minutes=1)
# Of an IPv6 address a household has the last 64 bits to itself.
HOUSEHOLD = (1 << 64) - 1


class TooMany(DomainError):
    """Asked too often; `facts["seconds"]` until it may be tried again."""


def count_check(address: str, *, files: bool = False) -> None:
    """Count one look at the verify page, or one `files` upload, before anything is looked up.

    So a known code, an unknown one and a malformed one cost the same. Raises TooMany.
    """
    limit = settings.VERIFY_FILES_PER_MINUTE if files else settings.VERIFY_PAGES_PER_MINUTE
    now = timezone.now()
    minute = now.replace(second=0, microsecond=0)
    who = _who(address, files=files)
    # Those who are over it already cost no write.
    is_over = VerifyCount.objects.filter(who=who, minute=minute, count__gte=limit).exists()
    if is_over or _counted(who, minute) > limit:
        raise TooMany(
            "verify.too_many",
            _("Too many tries. Wait %(seconds)s seconds, then try again."),
            seconds=max(1, round((minute + MINUTE - now).total_seconds())),
        )


def _who(address: str, *, files: bool) -> str:
    try:
        parsed = ip_address(address)
    except ValueError:
        plain = address
    else:
        if isinstance(parsed, IPv6Address):
            parsed = IPv6Address(int(parsed) & ~HOUSEHOLD)
        plain = str(parsed)
    salt = "mou.verify.files" if files else "mou.verify.pages"
    return salted_hmac(salt, plain, algorithm="sha256").hexdigest()


def _counted(who: str, minute: datetime) -> int:
    """Count one more, exactly: of two that begin a minute at once one makes the row."""
    mine = VerifyCount.objects.filter(who=who, minute=minute)
    with transaction.atomic():
        if not mine.update(count=F("count") + 1):
            try:
                with transaction.atomic():
                    VerifyCount.objects.create(who=who, minute=minute, count=1)
            except IntegrityError:
                mine.update(count=F("count") + 1)
        return mine.get().count
