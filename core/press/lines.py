"""Words become lines: broken where they fit, and pulled to both edges if wished."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, groupby
from operator import itemgetter
from typing import Literal

from django.utils.translation import gettext_lazy as _

from core.pdf import PdfError
from core.press.faces import Slant, face

Align = Literal["left", "center", "right", "both"]

#: Distance of lines and depth of the base line, both in sizes of the largest letters.
LEADING = 1.15
DEPTH = 0.913

#: Points by which a line may be too wide on paper and full in truth: sums of floats.
TOLERANCE = 1e-6

NO_BREAK = "\u00a0"

_PARTS = re.compile(rf"[^\S{NO_BREAK}]+|[\S{NO_BREAK}]+")


@dataclass(frozen=True, slots=True)
class Words:
    """A text in one face and size (points); `language` where it is another than the paper's."""

    text: str
    slant: Slant = "Regular"
    size: float = 13
    language: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """Letters of one `Words` on a line, from `x` points; `shown` is what a PDF's TJ takes."""

    x: float
    words: Words
    text: str
    shown: str


@dataclass(frozen=True, slots=True)
class Line:
    """`height` and `base`, from the line's top down to where letters stand, are points."""

    parts: tuple[Part, ...]
    width: float
    height: float
    base: float


@dataclass(frozen=True, slots=True)
class _Token:
    """Letters that are not torn apart: which words they are of, and the room they take.

    A space after them is one of the letters; its own room is `space`, which is 0 without one.
    """

    letters: tuple[tuple[int, str], ...]
    width: float
    space: float = 0


@lru_cache(maxsize=1024)
def set_lines(
    words: tuple[Words, ...], width: float, *, align: Align = "left", indent: float = 0
) -> tuple[Line, ...]:
    """Set words in lines at most `width` points wide, the first one `indent` further in.

    White space is one space; at a line's end it stands unseen, so that who copies or listens
    has two words. A word that is wider than a line is broken anywhere; the last line is never
    pulled to both edges. Lines are kept: what every paper says is set once. Raises PdfError
    `pdf.letters` for letters that the serif does not have.
    """
    _require_letters(words)
    size = max(each.size for each in words)
    lines: list[Line] = []
    tokens = list(_tokens(words, width))
    start = 0
    while start < len(tokens):
        room = width - (0 if lines else indent)
        end = _end(tokens, start, room)
        taken, is_last = tokens[start:end], end == len(tokens)
        slack = room - _width(taken)
        gaps = sum(token.space > 0 for token in taken[:-1])
        stretch = slack / gaps if gaps and align == "both" and not is_last else 0
        x = width - room + {"center": slack / 2, "right": slack}.get(align, 0)
        parts = tuple(_parts(words, taken, x, stretch))
        used = room - slack + stretch * gaps
        lines.append(Line(parts, used, size * LEADING, size * DEPTH))
        start = end
    return tuple(lines)


def _require_letters(words: tuple[Words, ...]) -> None:
    missing = {
        letter
        for each in words
        for letter in set(each.text) - face(each.slant).glyphs.keys()
        if not letter.isspace()
    }
    if missing:
        raise PdfError(
            "pdf.letters",
            _("The paper's typeface lacks these letters: %(letters)s"),
            letters=" ".join(sorted(missing)),
        )


def _tokens(words: tuple[Words, ...], limit: float) -> Iterator[_Token]:
    letters: list[tuple[int, str]] = []
    width = 0.0
    for index, each in enumerate(words):
        measure = face(each.slant).width
        for part in _PARTS.findall(each.text):
            if not part.isspace() or part == NO_BREAK:
                letters.append((index, part))
                width += measure(part, each.size)
            elif letters:
                space = measure(" ", each.size)
                token = _Token((*letters, (index, " ")), width, space)
                yield from _broken(words, token, limit)
                letters, width = [], 0.0
    if letters:
        yield from _broken(words, _Token(tuple(letters), width), limit)


def _broken(words: tuple[Words, ...], token: _Token, limit: float) -> Iterator[_Token]:
    """A token as it is, or letter by letter if no line can hold it."""
    if token.width <= limit:
        yield token
        return
    for index, text in token.letters:
        each = words[index]
        for letter in text:
            room = face(each.slant).width(letter, each.size)
            yield _Token(((index, letter),), *((0, room) if letter == " " else (room,)))


def _end(tokens: list[_Token], start: int, room: float) -> int:
    """The first token that a line of this room, begun at `start`, does not take."""
    used = tokens[start].width + tokens[start].space
    for place in range(start + 1, len(tokens)):
        if used + tokens[place].width > room + TOLERANCE:
            return place
        used += tokens[place].width + tokens[place].space
    return len(tokens)


def _width(tokens: list[_Token]) -> float:
    return sum(token.width + token.space for token in tokens) - tokens[-1].space


def _parts(
    words: tuple[Words, ...], tokens: list[_Token], x: float, stretch: float
) -> Iterator[Part]:
    """Neighbours of the same words as one part, their spaces made wider by `stretch`."""
    letters = chain.from_iterable(token.letters for token in tokens)
    for index, pieces in groupby(letters, key=itemgetter(0)):
        each, text = words[index], "".join(text for _index, text in pieces)
        used = face(each.slant)
        shown = used.shown(text)
        if stretch:
            space = used.shown(" ")
            wider = f"{space}>{-stretch * 1000 / each.size:.1f}<"
            shown = wider.join(used.shown(word) for word in text.split(" "))
        yield Part(x, each, text, f"<{shown}>")
        x += used.width(text, each.size) + stretch * text.count(" ")
