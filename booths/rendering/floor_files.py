"""A floor plan as a file: SVG, PNG, PDF to scale, JSON and a table, all from one document."""

import hashlib
import io
import json
from collections.abc import Callable
from functools import cache

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from PIL import Image, ImageDraw, ImageFont

from booths.allocation import encode_canonical
from booths.floor import Plan, write_plan
from booths.floor.paper import Area, Captions, Lines, Look, Sheet, Words, lay_out
from booths.models import FloorPlan
from booths.queries.floor_plan import floor_of, groups_by_code
from core import pdf
from core.pdf import FONTS

LONGEST_SIDE = 3_000
FINER = 2  # drawn so many times larger, then made smaller: smooth edges
LOOKS = {
    "food": ("#b4551a", "rising"),
    "beverage": ("#22688c", "falling"),
    "herbal": ("#4a7330", "level"),
    "craft": ("#764489", "upright"),
    "plants": ("#a33b51", "net"),
    "tourism": ("#2f6363", "grid"),
}
PLAIN = ("#555555", "plain")


def captions_of(row: FloorPlan, *, scale: str = "") -> Captions:
    """What is written around a version of the plan, in the reader's language."""
    saved = timezone.localtime(row.saved_at)
    subtitle = _("Floor plan, version %(version)s of %(moment)s; %(count)s booths") % {
        "version": row.version,
        "moment": f"{saved:%H:%M %d/%m/%Y}",
        "count": len(row.booths.all()),
    }
    signs = {
        "water": pgettext("one letter for water", "W"),
        "cold": pgettext("one letter for cold storage", "F"),
        "cooking": pgettext("one letter for cooking", "C"),
        "power": pgettext("one letter for power", "E"),
    }
    notes = _("%(water)s water, %(cold)s cold storage, %(cooking)s cooking, %(power)s power point")
    looks = {
        code: Look(group.name, *LOOKS.get(code, PLAIN)) for code, group in groups_by_code().items()
    }
    return Captions(
        title=str(row.fair),
        subtitle=subtitle,
        scale=scale,
        signs=signs,
        notes=notes % signs,
        is_english=get_language() == "en",
        looks=looks,
    )


def sheet_of(row: FloorPlan, *, paper: str = "") -> Sheet:
    """A version laid out on a4, a3, or on a sheet of its own size."""
    floor = floor_of(row)
    scale = lay_out(floor, captions_of(row), paper=paper).scale
    said = _("scale 1 : %(scale)s") % {"scale": scale}
    return lay_out(floor, captions_of(row, scale=said), paper=paper)


def json_of(row: FloorPlan) -> bytes:
    """The document, which can be read back."""
    text = json.dumps(write_plan(floor_of(row)), ensure_ascii=False, indent=1)
    return f"{text}\n".encode()


def svg_of(row: FloorPlan) -> bytes:
    """One standalone drawing."""
    context = {"sheet": _plain(sheet_of(row)), "is_alone": True}
    return render_to_string("booths/floor_paper.svg", context).encode()


def pdf_of(row: FloorPlan, *, paper: str) -> bytes:
    """A sheet of a4 or a3 to scale, readable in black and white."""
    floor: Plan = floor_of(row)
    digest = hashlib.sha256(encode_canonical(write_plan(floor))).digest()
    context = {"sheet": _plain(sheet_of(row, paper=paper)), "paper": paper, "title": str(row.fair)}
    return pdf.render(
        "pdf/floor_plan.html",
        context,
        stylesheets=["css/pdf-floor-plan.css", f"css/pdf-floor-plan-{paper}.css"],
        title=f"{row.fair} – {_('Floor plan')}",
        language=get_language() or "vi",
        identifier=digest[:16],
        created=row.saved_at,
    ).content


def _plain(sheet: Sheet) -> dict[str, object]:
    """A sheet as plain values: numbers are text already, so no language puts a comma into one."""
    return {
        "width": _number(sheet.width),
        "height": _number(sheet.height),
        "shapes": [_plain_shape(shape) for shape in sheet.shapes],
    }


def _plain_shape(shape: Area | Lines | Words) -> dict[str, object]:
    if isinstance(shape, Words):
        return {
            "kind": "words",
            "text": shape.text,
            "x": _number(shape.x),
            "y": _number(shape.y + 0.35 * shape.size),
            "size": _number(shape.size),
            "anchor": shape.anchor,
            "weight": "700" if shape.is_bold else "400",
            "fill": shape.fill,
        }
    if isinstance(shape, Lines):
        path = "".join(f"M{_numbers(*each[:2])}L{_numbers(*each[2:])}" for each in shape.segments)
        stroke = {"stroke": shape.stroke, "thick": _number(shape.thick)}
        return {"kind": "lines", "path": path, **stroke}
    return {
        "kind": "area",
        "points": " ".join(_numbers(*point) for point in shape.points),
        "fill": shape.fill or "none",
        "stroke": shape.stroke or "none",
        "thick": _number(shape.thick),
    }


def _number(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")


def _numbers(*numbers: float) -> str:
    return ",".join(map(_number, numbers))


def png_of(row: FloorPlan) -> bytes:
    """A picture whose longer side has at most LONGEST_SIDE pixels."""
    sheet = sheet_of(row)
    dots = min(8.0, LONGEST_SIDE / max(sheet.width, sheet.height))
    size = (max(1, round(sheet.width * dots)), max(1, round(sheet.height * dots)))
    picture = Image.new("RGB", (size[0] * FINER, size[1] * FINER), "#ffffff")
    brush = ImageDraw.Draw(picture)
    for shape in sheet.shapes:
        _paint(brush, shape, dots * FINER)
    target = io.BytesIO()
    picture.resize(size, Image.Resampling.LANCZOS).save(target, "PNG", optimize=True)
    return target.getvalue()


def _paint(brush: ImageDraw.ImageDraw, shape: Area | Lines | Words, dots: float) -> None:
    if isinstance(shape, Words):
        anchor = {"start": "ls", "middle": "ms", "end": "rs"}[shape.anchor]
        place = (shape.x * dots, (shape.y + 0.35 * shape.size) * dots)
        font = _font(shape.is_bold, max(1, round(shape.size * dots)))
        brush.text(place, shape.text, fill=shape.fill, font=font, anchor=anchor)
        return
    thick = max(1, round(shape.thick * dots))
    if isinstance(shape, Lines):
        for x1, y1, x2, y2 in shape.segments:
            brush.line((x1 * dots, y1 * dots, x2 * dots, y2 * dots), shape.stroke, thick)
        return
    points = [(x * dots, y * dots) for x, y in shape.points]
    if shape.fill:
        brush.polygon(points, fill=shape.fill)
    if shape.stroke:
        brush.line([*points, points[0]], fill=shape.stroke, width=thick, joint="curve")


@cache
def _font(is_bold: bool, size: int) -> ImageFont.FreeTypeFont:  # noqa: FBT001 - a key of the cache
    name = "BeVietnamPro-700.ttf" if is_bold else "BeVietnamPro-400.ttf"
    return ImageFont.truetype(str(FONTS / name), size)


# What each ending makes, and of which type it is.
Writer = Callable[[FloorPlan], bytes]
FILES: dict[str, tuple[str, Writer]] = {
    "json": ("application/json", json_of),
    "svg": ("image/svg+xml", svg_of),
    "png": ("image/png", png_of),
    "a4.pdf": ("application/pdf", lambda row: pdf_of(row, paper="a4")),
    "a3.pdf": ("application/pdf", lambda row: pdf_of(row, paper="a3")),
}
