"""Pictures that people send: read within limits, and drawn anew without what they carried along."""

import struct
import zlib
from dataclasses import dataclass
from io import BytesIO

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageFile, ImageOps

from core.errors import DomainError

MEDIA_TYPE = "image/webp"
FORMATS = ("JPEG", "PNG", "WEBP")
MOST_BYTES = 10 * 1024 * 1024
# A JPEG is read at a fraction of its size; of the others every pixel is held at once.
MOST_PIXELS = {"JPEG": 50_000_000, "PNG": 24_000_000, "WEBP": 24_000_000}
LONGEST = 1600
QUALITY = 80
# What Pillow raises for files that only begin like a picture.
BROKEN = (
    *(OSError, SyntaxError, ValueError, EOFError, TypeError, KeyError, IndexError, OverflowError),
    *(AttributeError, struct.error, zlib.error),
)


@dataclass(frozen=True)
class Picture:
    """A WebP without any metadata; the size is in pixels."""

    content: bytes
    width: int
    height: int


def redraw_picture(content: bytes, *, longest: int = LONGEST) -> Picture:
    """The picture upright, at most `longest` pixels long and wide, on white where it is clear.

    Nothing of the file is kept but its colours: no place, no camera, no hidden text. The same
    file always gives the same bytes. Raises DomainError `picture.too_heavy`,
    `picture.too_large`, `picture.unreadable`.
    """
    if len(content) > MOST_BYTES:
        raise too_heavy()
    # WeasyPrint turns this on for its whole process; here half a picture is none.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        with Image.open(BytesIO(content), formats=FORMATS) as image:
            _require_size(image)
            return _redraw(image, longest)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_large() from error
    except BROKEN as error:
        raise DomainError(
            "picture.unreadable",
            _("This file is not a picture that can be read. JPEG, PNG and WebP are taken."),
        ) from error


def too_heavy() -> DomainError:
    """What is said of a file beyond MOST_BYTES."""
    return DomainError("picture.too_heavy", _("The file is larger than 10 MB."))


def _too_large() -> DomainError:
    return DomainError(
        "picture.too_large",
        _("The picture has too many pixels. Make it smaller and send it again."),
    )


def _require_size(image: Image.Image) -> None:
    if image.width * image.height > MOST_PIXELS[image.format or "PNG"]:
        raise _too_large()


def _redraw(image: Image.Image, longest: int) -> Picture:
    image.draft("RGB", (longest, longest))
    upright = ImageOps.exif_transpose(image)
    is_clear = upright.has_transparency_data
    colours = upright.convert("RGBA" if is_clear else "RGB")
    colours.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    drawn = Image.new("RGB", colours.size, "white")
    drawn.paste(colours, mask=colours if is_clear else None)
    saved = BytesIO()
    drawn.save(saved, "WEBP", quality=QUALITY)
    return Picture(saved.getvalue(), drawn.width, drawn.height)
