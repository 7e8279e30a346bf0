"""A drawn signature: points from a signing pad, checked, kept as points, drawn by us."""

import hashlib
import json
import math
from dataclasses import dataclass
from typing import NoReturn

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError

WIDTH, HEIGHT = 600, 200
MAX_BYTES = 64 * 1024
MAX_POINTS = 4_000
MIN_STROKES = 2
MIN_POINTS = 25

#: Blue, as a signature on paper is (Decree 30/2020, appendix I).
INK = "#10239e"

Point = tuple[int, int, int, int]


class StrokesError(DomainError):
    """A drawing that is not taken as a signature; codes begin with `strokes.`."""


@dataclass(frozen=True, slots=True)
class Strokes:
    """The strokes of one signature.

    A point is four whole numbers: x and y in tenths of the box's unit, pressure in thousandths,
    milliseconds since the first point.
    """

    lines: tuple[tuple[Point, ...], ...]

    def canonical(self) -> bytes:
        """Return the form that is kept and hashed; `stored_strokes` reads it again."""
        return json.dumps(self.lines, separators=(",", ":")).encode()

    @property
    def sha256(self) -> str:
        """The hexadecimal SHA-256 of the canonical form."""
        return hashlib.sha256(b"mou-strokes/1\0" + self.canonical()).hexdigest()


def read_strokes(raw: bytes | str) -> Strokes:
    """Check what a browser sent: JSON, a list of strokes of points `[x, y, pressure, time]`.

    x lies in 0–600, y in 0–200, pressure in 0–1, time is milliseconds of any clock. Raises
    StrokesError `strokes.too_large`, `strokes.malformed`, `strokes.not_a_number`,
    `strokes.outside_box` or `strokes.too_short` (fewer than 2 strokes and 25 points).
    """
    if len(raw if isinstance(raw, bytes) else raw.encode(errors="replace")) > MAX_BYTES:
        _refuse("strokes.too_large", _("The signature has too many points; please sign again."))
    value = _parse(raw)
    lines = [[_numbers(point) for point in line] for line in value]
    count = sum(len(line) for line in lines)
    if count > MAX_POINTS:
        _refuse("strokes.too_large", _("The signature has too many points; please sign again."))
    if count < MIN_POINTS and len(lines) < MIN_STROKES:
        _refuse("strokes.too_short", _("This is too short for a signature; please sign again."))
    start = lines[0][0][3]
    return Strokes(
        tuple(
            tuple(
                (round(x * 10), round(y * 10), round(pressure * 1000), round(time - start))
                for x, y, pressure, time in line
            )
            for line in lines
        )
    )


def stored_strokes(kept: bytes) -> Strokes:
    """Build the strokes again from their canonical form, which is our own and not checked."""
    return Strokes(tuple(tuple(tuple(point) for point in line) for line in json.loads(kept)))


def drawn(strokes: Strokes) -> str:
    """Return the strokes as a PDF's path of cubic curves in a box of 600 × 200, y down.

    The curve goes through every point; its handles are those of a Catmull-Rom spline, a sixth
    of the way between a point's neighbours, but for the first point, which has none.
    """
    return " ".join(_curve(line) for line in strokes.lines)


def _curve(line: tuple[Point, ...]) -> str:
    points = [(point[0] / 10, point[1] / 10) for point in line]
    x, y = handle = points[0]
    if len(points) == 1:
        return f"{x:.1f} {y:.1f} m {x + 0.1:.1f} {y:.1f} l"  # a line too short to see, round ends
    parts = [f"{x:.1f} {y:.1f} m"]
    for index, (end, start) in enumerate(zip(points[1:], points, strict=False), start=1):
        after = points[min(index + 1, len(points) - 1)]
        step = ((after[0] - start[0]) / 6, (after[1] - start[1]) / 6)
        numbers = (*handle, end[0] - step[0], end[1] - step[1], *end)
        parts.append(" ".join(f"{number:.1f}" for number in numbers) + " c")
        handle = (end[0] + step[0], end[1] + step[1])
    return " ".join(parts)


def _parse(raw: bytes | str) -> list[list[object]]:
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError):
        value = None
    if (
        not isinstance(value, list)
        or not value
        or not all(isinstance(line, list) and line for line in value)
    ):
        _refuse("strokes.malformed", _("The signature could not be read; please sign again."))
    return value


def _numbers(point: object) -> tuple[float, float, float, float]:
    if not isinstance(point, list) or len(point) != 4:
        _refuse("strokes.malformed", _("The signature could not be read; please sign again."))
    if not all(type(number) in (int, float) and _is_finite(number) for number in point):
        _refuse("strokes.not_a_number", _("The signature could not be read; please sign again."))
    x, y, pressure, time = map(float, point)
    if not (0 <= x <= WIDTH and 0 <= y <= HEIGHT and 0 <= pressure <= 1):
        _refuse("strokes.outside_box", _("The signature runs out of its box; please sign again."))
    return x, y, pressure, time


def _is_finite(number: float) -> bool:
    try:
        return math.isfinite(number) and abs(number) < 1e15
    except OverflowError:  # a whole number beyond what a float can hold
        return False


def _refuse(code: str, message: str | Promise) -> NoReturn:
    raise StrokesError(code, message)
