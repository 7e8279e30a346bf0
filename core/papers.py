"""What kind of paper an uploaded file is, told by what is in it and never by its name."""

import io
import zipfile

from django.utils.translation import gettext_lazy as _
from PIL import Image, UnidentifiedImageError

from core.errors import DomainError
from core.storage import SUFFIXES

MOST_BYTES = 20 * 1024 * 1024
MOST_PIXELS = 60_000_000
MOST_PARTS = 5_000
OFFICE = "application/vnd.openxmlformats-officedocument."
# The part that makes a zip a document, a sheet.
MAIN_PARTS = {
    "word/document.xml": f"{OFFICE}wordprocessingml.document",
    "xl/workbook.xml": f"{OFFICE}spreadsheetml.sheet",
}
PICTURES = {"JPEG": "image/jpeg", "PNG": "image/png"}


def media_type_of(content: bytes) -> str:
    """The media type of a PDF, a JPEG or PNG picture, a Word or an Excel file.

    Raises DomainError `paper.empty`, `paper.too_large`, `paper.broken`, `paper.macros` or
    `paper.unknown`.
    """
    if not content:
        raise DomainError("paper.empty", _("The file is empty."))
    if len(content) > MOST_BYTES:
        raise DomainError("paper.too_large", _("The file is larger than 20 MB."))
    if content.startswith(b"%PDF-"):
        if b"%%EOF" not in content[-2048:]:
            raise _broken()
        return "application/pdf"
    if content.startswith(b"PK\x03\x04"):
        return _office_type(content)
    if content.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
        return _picture_type(content)
    raise DomainError(
        "paper.unknown", _("Only PDF, JPEG, PNG, Word (.docx) and Excel (.xlsx) files are kept.")
    )


def name_for(name: str, media_type: str, limit: int = 200) -> str:
    """The file's name, without a folder, ending as its kind does."""
    suffix = f".{SUFFIXES[media_type]}"
    stem = name.replace("\\", "/").rpartition("/")[2]
    if stem.lower().endswith((suffix, ".jpeg")):
        stem = stem.rpartition(".")[0]
    return f"{stem.strip(' .')[: limit - len(suffix)] or 'tep'}{suffix}"


def _office_type(content: bytes) -> str:
    """Only the list of parts is read: nothing is unpacked, however large it says it is."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            names = set(parts.namelist())
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise _broken() from error
    if any(name.endswith("vbaProject.bin") for name in names):
        raise DomainError(
            "paper.macros", _("Files with macros are not kept. Save it as .docx or .xlsx.")
        )
    found = [kind for part, kind in MAIN_PARTS.items() if part in names]
    if "[Content_Types].xml" not in names or len(found) != 1 or len(names) > MOST_PARTS:
        raise DomainError(
            "paper.unknown",
            _("Only PDF, JPEG, PNG, Word (.docx) and Excel (.xlsx) files are kept."),
        )
    return found[0]


def _picture_type(content: bytes) -> str:
    try:
        with Image.open(io.BytesIO(content), formats=list(PICTURES)) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise DomainError("paper.too_large", _("The picture has too many pixels."))
            kind = PICTURES[str(picture.format)]
            picture.load()
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError) as error:
        raise _broken() from error
    return kind


def _broken() -> DomainError:
    return DomainError("paper.broken", _("The file is damaged. Save it anew and try again."))
