"""How badges lie on paper: positions, cut marks and sizes of type, without Django."""

from badges.sheet.layout import A4_EIGHT, Layout, Line, Position, deal, marks, positions
from badges.sheet.lettering import Block, fit

__all__ = [
    "A4_EIGHT",
    "Block",
    "Layout",
    "Line",
    "Position",
    "deal",
    "fit",
    "marks",
    "positions",
]
