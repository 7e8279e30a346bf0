"""Whether a key can seal: a small paper is sealed with it and judged, as a real one would be."""

import io
from datetime import UTC, datetime

from django.utils.translation import gettext_lazy as _
from pyhanko.pdf_utils.writer import PageObject, PdfFileWriter

from core.errors import DomainError
from mou.paper.seal import SealKey, require_usable, seal
from mou.paper.verdict import Word, judge

SELF_CHECK = _("The seal did not pass its own check.")


def prove_key(key: SealKey) -> None:
    """Raise SealError for a key that must not seal now, DomainError `seal.self_check` for one
    whose seal our own verdict does not recognise, and whatever its device raises.
    """
    require_usable(key, now=datetime.now(UTC))
    sealed = seal(_small_paper(), key, reason="", location="")
    verdict = judge(sealed, known=lambda _sha256: False, pinned=frozenset({key.fingerprint}))
    if verdict.word is not Word.SEALED_UNKNOWN:
        raise DomainError("seal.self_check", SELF_CHECK)


def _small_paper() -> bytes:
    writer, paper = PdfFileWriter(), io.BytesIO()
    page = PageObject(contents=[], media_box=(0, 0, 72, 72))
    writer.insert_page(page)
    writer.write(paper)
    return paper.getvalue()
