"""How large a text can be set so that it fits into its block on a badge."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

POINT = 25.4 / 72
LINE_HEIGHT = 1.2

# Widths in Be Vietnam Pro Bold, in em, rounded up; the regular weight is narrower throughout.
# Marks above and below a letter take no width, so only the base letters are listed.
_WIDTHS = {
    0.31: "iIlj· '",
    0.46: ".,1ftr()",
    0.68: "-abcdeghknopqsuvxyzEFLPZ238",
    0.78: "&045679ABCHJKNRSTUVXY",
    0.84: "DGOQ",
    1.06: "mwMW",
}
EM = {letter: width for width, letters in _WIDTHS.items() for letter in letters}
WIDEST = 1.06
HORN = 0.1  # what ơ and ư are wider than o and u


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a badge for one text: its room in mm and its sizes in points, largest first."""

    width: float
    height: float
    sizes: Sequence[int]


def fit(text: str, block: Block) -> int:
    """Return the largest of the block's sizes at which the text fits; the smallest if none does.

    The text is broken at spaces, and lines are `LINE_HEIGHT` times the size apart.
    """
    for size in block.sizes:
        em = size * POINT
        room = int(block.height / (em * LINE_HEIGHT) + 1e-9)
        if lines_of(text, block.width / em) <= room:
            return size
    return block.sizes[-1]


def lines_of(text: str, width: float) -> float:
    """Return how many lines of `width` em a text takes; endless if a word is wider than that."""
    lines, used = 1, 0.0
    for word in text.split():
        length = width_of(word)
        if length > width:
            return float("inf")
        if used and used + EM[" "] + length > width:
            lines, used = lines + 1, length
        else:
            used += length + (EM[" "] if used else 0)
    return lines


def width_of(text: str) -> float:
    """Return about how wide a text is in bold, in em: rather too much than too little."""
    total = 0.0
    for letter in unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D")):
        if letter == "\u031b":
            total += HORN
        elif unicodedata.category(letter) != "Mn":
            total += EM.get(letter, WIDEST)
    return total
