"""A scan of a paper that was signed by hand: is it a PDF or a JPEG that can be opened?"""

from dataclasses import dataclass
from io import BytesIO

from django.utils.translation import gettext_lazy as _
from PIL import Image
from pyhanko.pdf_utils.reader import PdfFileReader

from core.errors import DomainError

MAX_BYTES = 15 * 1024 * 1024
MAX_PIXELS = 60_000_000  # A4 at 600 dpi is 35 million
MAX_PAGES = 60


@dataclass(frozen=True)
class Scan:
    """What kind of file it is, and how many pages it has."""

    media_type: str
    pages: int


def check_scan(content: bytes) -> Scan:
    """Open the file as what it says it is.

    Raises DomainError `scan.too_large`, `scan.unknown` for neither PDF nor JPEG, `scan.broken`.
    """
    if len(content) > MAX_BYTES:
        raise DomainError(
            "scan.too_large",
            _("The scan is larger than %(megabytes)s MB."),
            megabytes=MAX_BYTES // 1024**2,
        )
    if content.startswith(b"%PDF-"):
        return Scan("application/pdf", _count_pages(content))
    if content.startswith(b"\xff\xd8\xff"):
        _open_picture(content)
        return Scan("image/jpeg", 1)
    raise DomainError("scan.unknown", _("A scan is a PDF or a JPEG picture."))


def _count_pages(content: bytes) -> int:
    try:
        pages = int(PdfFileReader(BytesIO(content), strict=False).root["/Pages"]["/Count"])
    except Exception as error:  # a hostile file breaks a reader in every way there is
        raise _broken() from error
    if not 1 <= pages <= MAX_PAGES:
        raise _broken()
    return pages


def _open_picture(content: bytes) -> None:
    try:
        with Image.open(BytesIO(content), formats=["JPEG"]) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise _broken()
            picture.load()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise _broken() from error


def _broken() -> DomainError:
    return DomainError("scan.broken", _("The scan cannot be opened. Scan the paper again."))
