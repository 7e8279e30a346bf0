"""Badges lie apart from each other, inside what a printer can reach, and every one is dealt."""

from decimal import Decimal
from itertools import combinations
from math import ceil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from badges.sheet import A4_EIGHT, Layout, Line, Position, deal, marks, positions

LENGTHS = st.decimals(min_value=0, max_value=12, places=1)
SIZES = st.decimals(min_value=10, max_value=120, places=1)


@st.composite
def _layouts(draw: st.DrawFn) -> Layout:
    """Any layout that fits on its page, which is as large as it must be or larger."""
    columns, rows = draw(st.integers(1, 4)), draw(st.integers(1, 6))
    width, height, gap_x, gap_y = draw(SIZES), draw(SIZES), draw(LENGTHS), draw(LENGTHS)
    mark, unprintable = draw(LENGTHS), draw(LENGTHS)
    edge = 2 * (mark + unprintable)
    return Layout(
        page_width=columns * width + (columns - 1) * gap_x + edge + draw(LENGTHS),
        page_height=rows * height + (rows - 1) * gap_y + edge + draw(LENGTHS),
        columns=columns,
        rows=rows,
        width=width,
        height=height,
        gap_x=gap_x,
        gap_y=gap_y,
        mark=mark,
        unprintable=unprintable,
    )


def _overlap(first: Position, second: Position, layout: Layout) -> bool:
    return abs(first.x - second.x) < layout.width and abs(first.y - second.y) < layout.height


def _is_printable(x: Decimal, y: Decimal, layout: Layout) -> bool:
    edge = layout.unprintable
    return edge <= x <= layout.page_width - edge and edge <= y <= layout.page_height - edge


def _crosses(line: Line, place: Position, layout: Layout) -> bool:
    """Whether a horizontal or vertical line goes through the inside of a badge."""
    return (
        line.x1 < place.x + layout.width
        and line.x2 > place.x
        and line.y1 < place.y + layout.height
        and line.y2 > place.y
        and not (line.x1 == line.x2 and line.x1 in (place.x, place.x + layout.width))
        and not (line.y1 == line.y2 and line.y1 in (place.y, place.y + layout.height))
    )


@settings(deadline=None, max_examples=50)
@given(_layouts())
def test_badges_never_overlap_and_lie_where_a_printer_can_reach(layout: Layout) -> None:
    places = positions(layout)
    assert len(places) == layout.capacity
    assert not any(_overlap(first, second, layout) for first, second in combinations(places, 2))
    for place in places:
        assert _is_printable(place.x, place.y, layout)
        assert _is_printable(place.x + layout.width, place.y + layout.height, layout)


@settings(deadline=None, max_examples=50)
@given(_layouts())
def test_cut_marks_can_be_printed_and_never_cross_a_badge(layout: Layout) -> None:
    for line in marks(layout):
        assert _is_printable(line.x1, line.y1, layout)
        assert _is_printable(line.x2, line.y2, layout)
        assert not any(_crosses(line, place, layout) for place in positions(layout))


@settings(deadline=None, max_examples=50)
@given(_layouts(), st.integers(0, 200))
def test_every_badge_is_dealt_once_in_order_on_as_few_sheets_as_possible(
    layout: Layout, count: int
) -> None:
    sheets = deal(layout, range(count))
    assert len(sheets) == ceil(count / layout.capacity)
    assert [number for sheet in sheets for _place, number in sheet] == list(range(count))
    assert all(
        [place for place, _number in sheet] == list(positions(layout)[: len(sheet)])
        for sheet in sheets
    )


def test_sheet_of_a4_holds_eight_badges_of_90_by_65_mm_in_its_middle() -> None:
    assert (A4_EIGHT.width, A4_EIGHT.height) == (Decimal(90), Decimal(65))
    assert A4_EIGHT.capacity == 8
    assert positions(A4_EIGHT)[0] == Position(Decimal(15), Decimal("18.5"))
    assert positions(A4_EIGHT)[-1] == Position(Decimal(105), Decimal("213.5"))


@pytest.mark.parametrize(
    "changes",
    [{"columns": 3}, {"rows": 5}, {"gap_x": Decimal(20)}, {"rows": 0}, {"mark": Decimal(-1)}],
)
def test_layout_that_does_not_fit_is_refused(changes: dict[str, Decimal]) -> None:
    page = {"page_width": Decimal(210), "page_height": Decimal(297)}
    size = {"columns": 2, "rows": 4, "width": Decimal(90), "height": Decimal(65)}
    with pytest.raises(ValueError, match="sheet"):
        Layout(**{**page, **size, **changes})  # type: ignore[arg-type]
