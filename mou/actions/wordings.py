"""Writes: the texts that memoranda are made of, edited until they are first used."""

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from mou.models import Wording
from mou.paper.wording import standard_wording, wording_sha256

STANDARD = "ocop-2026"


def standing_wording() -> Wording:
    """The wording that a memorandum has unless another is chosen: the newest standard one.

    The first time it is written down. Raises DomainError `wording.none` if all are retired.
    """
    if not Wording.objects.filter(code=STANDARD).exists():
        content = standard_wording()
        values = {"content": content, "sha256": wording_sha256(content)}
        return Wording.objects.get_or_create(code=STANDARD, version=1, defaults=values)[0]
    usable = Wording.objects.filter(retired_at__isnull=True).order_by("-version", "-pk")
    found = usable.filter(code=STANDARD).first() or usable.first()
    if found is None:
        raise DomainError("wording.none", _("Every wording is retired: copy one first."))
    return found
