"""The picture that a shared link is shown with: the fair under the roof of a market stall."""

import hashlib
import unicodedata
from dataclasses import astuple, dataclass
from functools import cache
from io import BytesIO
from itertools import cycle
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.utils.translation import get_language, gettext
from PIL import Image, ImageDraw, ImageFont

from core import vietnam
from fairs.models import Fair
from fairs.rendering.public_data import home_meta, shown_days
from fairs.states import FairState

# What Facebook and Zalo ask for, in pixels.
WIDTH, HEIGHT = 1200, 630
MARGIN = 72
ROOF = 46
SCALLOP = 80
SCALLOPS = 15
TITLE_SIZES = (68, 60, 52, 46)
TITLE_ROOM = 236
# Counted up when the drawing changes, so that pictures kept by others are fetched anew.
DRAWING = 1

PAPER, INK, MUTED = "#fbf8f1", "#211c15", "#675f52"
BRAND, BAR, TURMERIC, LACQUER = "#14594a", "#12342c", "#e2a31b", "#a4262c"


@dataclass(frozen=True)
class Card:
    """All that is written on a card."""

    title: str
    kind: str
    dates: str
    lunar: str
    place: str
    is_cancelled: bool

    @property
    def etag(self) -> str:
        """Equal for equal pictures, so that none is drawn to learn that it is known."""
        said = repr((DRAWING, *astuple(self)))
        return f'"{hashlib.sha256(said.encode()).hexdigest()[:32]}"'


def card_of(fair: Fair) -> Card:
    """The card of a fair in the reader's language."""
    is_cancelled = fair.state == FairState.CANCELLED
    return Card(
        title=str(fair),
        kind=str(fair.get_state_display() if is_cancelled else fair.get_kind_display()),
        dates=shown_days(fair),
        lunar=vietnam.lunar_dates(fair.first_day, fair.end, get_language() or "vi"),
        place=fair.venue.name if fair.venue else "",
        is_cancelled=is_cancelled,
    )


def home_card() -> Card:
    """The card of the front door."""
    return Card(
        title=home_meta().title,
        kind=gettext("One Commune One Product"),
        dates="",
        lunar="",
        place=settings.SITE_HOST,
        is_cancelled=False,
    )


@cache
def _font(weight: int, size: int) -> ImageFont.FreeTypeFont:
    path = finders.find(f"fonts/BeVietnamPro-{weight}.ttf")
    assert isinstance(path, str)
    return ImageFont.truetype(Path(path), size)


def draw_card(card: Card) -> bytes:
    """Return a PNG of 1200 × 630 pixels, far below the 300 kB that Zalo takes."""
    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    image.paste(_draw_roof(), (0, 0))
    draw = ImageDraw.Draw(image)
    draw.text((MARGIN, 3), "Chợ Phiên", font=_font(700, 28), fill=PAPER)
    tone = LACQUER if card.is_cancelled else BRAND
    y = ROOF + SCALLOP + 34
    draw.text((MARGIN, y), _line(card.kind, _font(700, 30)), font=_font(700, 30), fill=tone)
    _draw_title(draw, card.title, y + 50)
    draw.text((MARGIN, 470), _line(card.dates, _font(700, 44)), font=_font(700, 44), fill=tone)
    after = MARGIN + _font(700, 44).getlength(card.dates) + 24
    if after + _font(400, 30).getlength(card.lunar) <= WIDTH - MARGIN:
        draw.text((after, 482), card.lunar, font=_font(400, 30), fill=MUTED)
    draw.text((MARGIN, 532), _line(card.place, _font(400, 32)), font=_font(400, 32), fill=INK)
    draw.rectangle((0, HEIGHT - 14, WIDTH, HEIGHT), fill=TURMERIC)
    kept = BytesIO()
    image.quantize(64).save(kept, "PNG", optimize=True)
    return kept.getvalue()


def _draw_roof() -> Image.Image:
    """The awning of a stall: a beam with scallops of cloth below it.

    Drawn three times as large and made smaller, for Pillow's curves have hard edges.
    """
    width, beam, cloth = 3 * WIDTH // SCALLOPS, 3 * ROOF, 3 * SCALLOP
    roof = Image.new("RGB", (3 * WIDTH, beam + cloth), PAPER)
    draw = ImageDraw.Draw(roof)
    for number, colour in zip(range(SCALLOPS), cycle((BRAND, TURMERIC)), strict=False):
        left, right, bottom = number * width, (number + 1) * width - 1, beam + cloth - 1
        draw.rectangle((left, beam, right, bottom - width / 2), fill=colour)
        draw.pieslice((left, bottom - width, right, bottom), 0, 180, fill=colour)
    draw.rectangle((0, 0, 3 * WIDTH, beam), fill=BAR)
    return roof.reduce(3)


def _draw_title(draw: ImageDraw.ImageDraw, title: str, y: int) -> None:
    """As large as fits; the smallest is cut with an ellipsis."""
    for size in TITLE_SIZES:
        font, height = _font(700, size), round(size * 1.28)
        lines, most = _wrap(title, font), TITLE_ROOM // height
        if len(lines) <= most:
            break
    else:
        lines = [*lines[: most - 1], _line(" ".join(lines[most - 1 :]), font)]
    for number, line in enumerate(lines):
        draw.text((MARGIN, y + number * height), line, font=font, fill=INK)


def _fits(text: str, font: ImageFont.FreeTypeFont) -> bool:
    return font.getlength(text) <= WIDTH - 2 * MARGIN


def _line(text: str, font: ImageFont.FreeTypeFont) -> str:
    """The text, cut with an ellipsis where one line does not hold it."""
    if _fits(text, font):
        return text
    while not _fits(f"{text}…", font):
        text = text[:-1]
    return f"{text.rstrip()}…"


def _wrap(text: str, font: ImageFont.FreeTypeFont) -> list[str]:
    """Lines that fit; a word longer than a line is broken."""
    lines = [""]
    for word in unicodedata.normalize("NFC", text).split():
        longer = f"{lines[-1]} {word}".strip()
        if _fits(longer, font):
            lines[-1] = longer
            continue
        if lines[-1]:
            lines.append("")
        for sign in word:
            if not _fits(lines[-1] + sign, font):
                lines.append("")
            lines[-1] += sign
    return lines
