"""Where badges lie on a sheet of paper. All lengths are in millimetres."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Layout:
    """A grid of equal badges in the middle of a sheet.

    `gap_x` and `gap_y` lie between neighbours; `mark` is how far a cut mark reaches from the
    corner of a badge; `unprintable` is the edge that no printer must be asked to print on.

    Raises ValueError if the grid with its marks does not fit into the printable area.
    """

    page_width: Decimal
    page_height: Decimal
    columns: int
    rows: int
    width: Decimal
    height: Decimal
    gap_x: Decimal = Decimal(0)
    gap_y: Decimal = Decimal(0)
    mark: Decimal = Decimal(4)
    unprintable: Decimal = Decimal(5)

    def __post_init__(self) -> None:
        if self.columns < 1 or self.rows < 1 or min(self.width, self.height) <= 0:
            raise ValueError("a sheet holds at least one badge that has a size")
        if min(self.gap_x, self.gap_y, self.mark, self.unprintable) < 0:
            raise ValueError("no length of a sheet is negative")
        if min(self.left, self.top) < self.mark + self.unprintable:
            raise ValueError("the badges and their cut marks do not fit on the sheet")

    @property
    def capacity(self) -> int:
        """How many badges one sheet holds."""
        return self.columns * self.rows

    @property
    def left(self) -> Decimal:
        """The margin on the left, as wide as the one on the right."""
        taken = self.columns * self.width + (self.columns - 1) * self.gap_x
        return (self.page_width - taken) / 2

    @property
    def top(self) -> Decimal:
        """The margin at the top, as high as the one at the bottom."""
        taken = self.rows * self.height + (self.rows - 1) * self.gap_y
        return (self.page_height - taken) / 2


@dataclass(frozen=True, slots=True)
class Position:
    """The top left corner of a badge, from the top left corner of the sheet."""

    x: Decimal
    y: Decimal


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line from one point to another."""

    x1: Decimal
    y1: Decimal
    x2: Decimal
    y2: Decimal


# 90 × 65 mm, without gaps: eight straight cuts part the sheet, and as nothing is printed near
# a badge's edge, a cut that is a millimetre off harms neither neighbour.
A4_EIGHT = Layout(
    page_width=Decimal(210),
    page_height=Decimal(297),
    columns=2,
    rows=4,
    width=Decimal(90),
    height=Decimal(65),
)


def positions(layout: Layout) -> tuple[Position, ...]:
    """Return where the badges of one sheet lie, row by row from the top left."""
    return tuple(
        Position(
            layout.left + column * (layout.width + layout.gap_x),
            layout.top + row * (layout.height + layout.gap_y),
        )
        for row in range(layout.rows)
        for column in range(layout.columns)
    )


def deal(layout: Layout, items: Sequence[Item]) -> list[list[tuple[Position, Item]]]:
    """Return the items sheet by sheet, each with its position; the last sheet may have room."""
    places = positions(layout)
    return [
        list(zip(places, items[start : start + layout.capacity], strict=False))
        for start in range(0, len(items), layout.capacity)
    ]


def marks(layout: Layout) -> tuple[Line, ...]:
    """Return the cut marks: a cross on every corner, so all lie on edges or outside badges."""
    places = positions(layout)
    corners = sorted(
        {
            (x, y)
            for place in places
            for x in (place.x, place.x + layout.width)
            for y in (place.y, place.y + layout.height)
        }
    )
    arm = layout.mark
    return tuple(
        line
        for x, y in corners
        for line in (Line(x - arm, y, x + arm, y), Line(x, y - arm, x, y + arm))
    )
