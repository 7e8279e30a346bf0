"""The bundled serif as figures: how wide each letter is, and the part of it a paper carries."""

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, Literal, get_args

from core.pdf import FONTS

Slant = Literal["Regular", "Bold", "Italic", "BoldItalic"]

#: What a reader of a PDF needs of a TrueType face that is addressed by glyph (ISO 32000-1, 9.9).
TABLES = ("head", "hhea", "maxp", "hmtx", "loca", "glyf")

# Parts of a composite glyph (OpenType, "glyf" table).
WORDS, SCALE, MORE, TWO_SCALES, MATRIX = 0x1, 0x8, 0x20, 0x40, 0x80


@dataclass(frozen=True)
class Face:
    """One face. Widths and heights are thousandths of the letter's size."""

    name: str
    glyphs: dict[str, int]
    widths: tuple[int, ...]
    tables: dict[str, bytes]
    ascent: int
    descent: int
    capital: int
    angle: float
    box: tuple[int, int, int, int]

    def width(self, text: str, size: float) -> float:
        """How wide a text of this size is. Raises KeyError for a letter that the face lacks."""
        glyphs, widths = self.glyphs, self.widths
        return sum(widths[glyphs[letter]] for letter in text) * size / 1000

    def shown(self, text: str) -> str:
        """The text as glyphs, in the hexadecimal form of a PDF's content."""
        glyphs = self.glyphs
        return "".join(f"{glyphs[letter]:04x}" for letter in text)

    @cached_property
    def _places(self) -> tuple[int, ...]:
        """Where each glyph's drawing begins in its table, and where the last one ends."""
        raw = self.tables["loca"]
        if struct.unpack_from(">h", self.tables["head"], 50)[0]:
            return struct.unpack(f">{len(raw) // 4}L", raw)
        return tuple(2 * each for each in struct.unpack(f">{len(raw) // 2}H", raw))

    def _drawing(self, glyph: int) -> bytes:
        return self.tables["glyf"][self._places[glyph] : self._places[glyph + 1]]

    def _with_parts(self, glyphs: Iterable[int]) -> set[int]:
        """These glyphs and what they are put together from: an accent is drawn once."""
        found: set[int] = set()
        waiting = list(glyphs)
        while waiting:
            glyph = waiting.pop()
            if glyph not in found:
                found.add(glyph)
                waiting += _parts(self._drawing(glyph))
        return found

    def embedded(self, letters: Iterable[str]) -> bytes:
        """The face as a TrueType file that draws these letters alone; all keep their numbers."""
        kept = self._with_parts({0, *(self.glyphs[letter] for letter in letters)})
        drawings, places = bytearray(), [0]
        for glyph in range(len(self.widths)):
            if glyph in kept:
                drawings += self._drawing(glyph)
                drawings += bytes(-len(drawings) % 4)
            places.append(len(drawings))
        head = bytearray(self.tables["head"])
        struct.pack_into(">L", head, 8, 0)
        struct.pack_into(">h", head, 50, 1)
        loca = struct.pack(f">{len(places)}L", *places)
        return _file({**self.tables, "head": bytes(head), "loca": loca, "glyf": bytes(drawings)})


def _parts(drawing: bytes) -> list[int]:
    if not drawing or struct.unpack_from(">h", drawing)[0] >= 0:
        return []
    parts, at, flags = [], 10, MORE
    while flags & MORE:
        flags, glyph = struct.unpack_from(">HH", drawing, at)
        parts.append(glyph)
        at += 8 if flags & WORDS else 6
        at += 2 if flags & SCALE else 4 if flags & TWO_SCALES else 8 if flags & MATRIX else 0
    return parts


def _file(tables: dict[str, bytes]) -> bytes:
    """A TrueType file of these tables (OpenType, "Organization of an OpenType font")."""
    padded = {name: tables[name] + bytes(-len(tables[name]) % 4) for name in sorted(TABLES)}
    steps = len(padded).bit_length() - 1
    search = 16 << steps
    whole = struct.pack(">LHHHH", 0x10000, len(padded), search, steps, 16 * len(padded) - search)
    at = 12 + 16 * len(padded)
    for name, content in padded.items():
        whole += struct.pack(">4sLLL", name.encode(), _sum(content), at, len(tables[name]))
        at += len(content)
    whole += b"".join(padded.values())
    head = whole.index(padded["head"])
    adjustment = struct.pack(">L", (0xB1B0AFBA - _sum(whole)) & 0xFFFFFFFF)
    return whole[: head + 8] + adjustment + whole[head + 12 :]


def _sum(content: bytes) -> int:
    return sum(struct.unpack(f">{len(content) // 4}L", content)) & 0xFFFFFFFF


@cache
def face(slant: Slant) -> Face:
    """The face of this slant, read once in a process."""
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # noqa: PLC0415 - slow import

    with TTFont(FONTS / f"Tinos-{slant}.ttf") as font:
        order = {name: number for number, name in enumerate(font.getGlyphOrder())}
        unit = font["head"].unitsPerEm
        return Face(
            name="Tinos" if slant == "Regular" else f"Tinos-{slant}",
            glyphs={chr(code): order[name] for code, name in font.getBestCmap().items()},
            widths=tuple(round(font["hmtx"][name][0] * 1000 / unit) for name in order),
            tables={name: bytes(font.reader[name]) for name in TABLES},
            ascent=round(font["hhea"].ascent * 1000 / unit),
            descent=round(font["hhea"].descent * 1000 / unit),
            capital=round(font["OS/2"].sCapHeight * 1000 / unit),
            angle=round(font["post"].italicAngle, 2),
            box=_box(font["head"], 1000 / unit),
        )


def load_faces() -> None:
    """Read every face: in a process that will fork, once for all its children."""
    for slant in get_args(Slant):
        face(slant)


def _box(head: Any, scale: float) -> tuple[int, int, int, int]:
    corners = (head.xMin, head.yMin, head.xMax, head.yMax)
    left, bottom, right, top = (round(corner * scale) for corner in corners)
    return left, bottom, right, top
