"""Reads: the parties' links to the sealed PDF, and what they open."""

from datetime import datetime, timedelta

from django.conf import settings
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from mou.models import SIDES, Memorandum, Party, Rendition
from mou.queries.memoranda import with_particulars
from mou.states import GENUINE, MemorandumState

COPY_LIFE = timedelta(days=30)
_signer = TimestampSigner(salt="mou.copy")


def copy_address(party: Party) -> str:
    """A new link for one side, signed and good for COPY_LIFE. Nothing is stored."""
    row = party.memorandum
    token = _signer.sign(f"{row.code}-{row.revision}-{party.side}")
    return settings.SITE_URL + reverse("copy", args=[token])


def copy_ends() -> datetime:
    """When a link made now stops working."""
    return timezone.now() + COPY_LIFE


def copy_of(token: str) -> Party:
    """The side whose link this is, with its memorandum.

    Raises DomainError `copy.expired`, and Party.DoesNotExist for a link we never made and for
    one to something that is not sealed.
    """
    try:
        said = _signer.unsign(token, max_age=COPY_LIFE)
    except SignatureExpired as error:
        raise DomainError(
            "copy.expired", _("This link is too old. Please ask the office for a new one.")
        ) from error
    except BadSignature as error:
        raise Party.DoesNotExist from error
    code, revision, side = said.split("-")
    memorandum = with_particulars(
        Memorandum.objects.filter(code=code, revision=revision, sealed_at__isnull=False).filter(
            state__in=[*GENUINE, MemorandumState.VOID]
        )
    ).first()
    if memorandum is None or side not in SIDES:
        raise Party.DoesNotExist
    party = next(each for each in memorandum.parties.all() if each.side == side)
    party.memorandum = memorandum
    return party


def original_of(memorandum: Memorandum) -> Rendition | None:
    """The sealed PDF that the parties may have; None in every state but those in GENUINE."""
    if memorandum.state not in GENUINE:
        return None
    sealed = Rendition.objects.select_related("file").filter(kind=Rendition.Kind.SEALED)
    return sealed.filter(memorandum=memorandum, revision=memorandum.revision).first()
