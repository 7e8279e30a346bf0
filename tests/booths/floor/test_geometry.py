"""What follows from where booths stand."""

from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booths.floor import (
    Booth,
    Correction,
    Plan,
    RowSpec,
    derive_pairs,
    final_pairs,
    find_overlaps,
    is_inside,
    make_row,
)
from booths.floor.geometry import corrections_between, crosses_itself

LSHAPE = ((0, 0), (100, 0), (100, 50), (50, 50), (50, 100), (0, 100))
SIDE = st.integers(0, 12)


def _booth(code: str, x: int, y: int, width: int = 30, height: int = 30, zone: str = "A") -> Booth:
    return Booth(x=x, y=y, width=width, height=height, code=code, zone=zone)


def _joined(booths: tuple[Booth, ...]) -> set[tuple[str, str]]:
    return {pair for pair, is_join in derive_pairs(booths).items() if is_join}


@given(st.lists(st.tuples(SIDE, SIDE, st.integers(1, 5), st.integers(1, 5)), max_size=12))
def test_the_sweep_finds_the_overlaps_that_comparing_all_finds(
    boxes: list[tuple[int, int, int, int]],
) -> None:
    booths = [_booth(str(number), *box) for number, box in enumerate(boxes)]
    found = {frozenset((one.code, two.code)) for one, two in find_overlaps(booths)}
    squares = {
        booth.code: {
            (x, y) for x in range(booth.x, booth.right) for y in range(booth.y, booth.bottom)
        }
        for booth in booths
    }
    assert found == {
        frozenset((one.code, two.code))
        for one, two in combinations(booths, 2)
        if squares[one.code] & squares[two.code]
    }


@given(SIDE, SIDE, st.integers(1, 6), st.integers(1, 6))
def test_inside_an_outline_is_what_lies_on_it_square_by_square(
    x: int, y: int, width: int, height: int
) -> None:
    corners = tuple((10 * a // 100, 10 * b // 100) for a, b in LSHAPE)
    box = _booth("A1", x, y, width, height)
    squares = {(a, b) for a in range(10) for b in range(10) if a < 5 or b < 5}
    wanted = {(a, b) for a in range(x, box.right) for b in range(y, box.bottom)}
    assert is_inside(box, corners) == (wanted <= squares)


def test_a_slanted_wall_is_leant_on_but_not_crossed() -> None:
    triangle = ((0, 0), (100, 0), (0, 100))
    assert is_inside(_booth("A1", 0, 0, 50, 50), triangle)
    assert not is_inside(_booth("A1", 1, 0, 50, 50), triangle)
    assert not is_inside(_booth("A1", 60, 60, 20, 20), triangle)


def test_an_outline_may_not_cross_itself() -> None:
    assert not crosses_itself(LSHAPE)
    assert crosses_itself(((0, 0), (10, 10), (10, 0), (0, 10)))


@pytest.mark.parametrize(
    ("columns", "rows", "joins"),
    [
        (3, 1, {("A1", "A2"), ("A2", "A3")}),
        (1, 3, {("A1", "A2"), ("A2", "A3")}),
        (3, 2, {("A1", "A2"), ("A2", "A3"), ("A4", "A5"), ("A5", "A6")}),
        (2, 2, {("A1", "A2"), ("A3", "A4")}),
        (2, 3, {("A1", "A3"), ("A3", "A5"), ("A2", "A4"), ("A4", "A6")}),
    ],
)
def test_booths_join_along_their_row_and_not_back_to_back(
    columns: int, rows: int, joins: set[tuple[str, str]]
) -> None:
    spec = RowSpec(x=0, y=0, columns=columns, rows=rows, zone="A")
    booths = make_row(replace(spec, numbering=replace(spec.numbering, prefix="A")))
    assert _joined(booths) == joins


def test_touching_otherwise_is_being_neighbours() -> None:
    corner = (_booth("A1", 0, 0), _booth("A2", 30, 30))
    deeper = (_booth("A1", 0, 0), _booth("A2", 30, 0, 30, 40))
    zones = (_booth("A1", 0, 0), _booth("B1", 30, 0, zone="B"))
    aisle = (_booth("A1", 0, 0), _booth("A2", 31, 0))
    assert [derive_pairs(each) for each in (corner, deeper, zones, aisle)] == [
        {("A1", "A2"): False},
        {("A1", "A2"): False},
        {("A1", "B1"): False},
        {},
    ]


def test_corrections_have_the_last_word() -> None:
    row = make_row(RowSpec(x=0, y=0, columns=4))
    plan = Plan(
        120,
        30,
        booths=row,
        corrections=(
            Correction("1", "2", "none"),
            Correction("2", "3", "neighbour"),
            Correction("1", "4", "join"),
        ),
    )
    assert final_pairs(plan) == {("2", "3"): False, ("3", "4"): True, ("1", "4"): True}
    derived = derive_pairs(row)
    assert set(corrections_between(derived, final_pairs(plan))) == set(plan.corrections)
    assert corrections_between(derived, derived) == ()
