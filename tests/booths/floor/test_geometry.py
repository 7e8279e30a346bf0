"""What follows from where booths stand."""

from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booths.floor import (
    Booth,
    Correction,
    Feature,
    Plan,
    RowSpec,
    derive_pairs,
    final_pairs,
    find_overlaps,
    is_inside,
    make_row,
)
from booths.floor.geometry import AISLE, OPEN, corrections_between, crosses_itself
from booths.floor.plan import FEATURE_KINDS

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
    assert [derive_pairs(each) for each in (corner, deeper, zones)] == [
        {("A1", "A2"): False},
        {("A1", "A2"): False},
        {("A1", "B1"): False},
    ]


def _aisle(width: int, shift: int = 0, **plan: Any) -> set[tuple[str, str]]:
    """Who faces whom across an aisle between two rows of two booths each."""
    rows = [_booth("A1", 0, 0), _booth("A2", 30, 0)]
    rows += [_booth("B1", shift, 30 + width, zone="B"), _booth("B2", shift + 30, 30 + width)]
    rows[3] = replace(rows[3], zone="B")
    pairs = derive_pairs([*rows, *plan.get("booths", ())], plan.get("features", ()))
    return {pair for pair, is_join in pairs.items() if pair[0][0] != pair[1][0] and not is_join}


def test_booths_face_each_other_across_an_aisle_of_four_metres_with_nothing_between() -> None:
    both = {("A1", "B1"), ("A2", "B2")}
    assert (_aisle(AISLE), _aisle(AISLE + 1)) == (both, set())
    assert _aisle(30, shift=29) == {*both, ("A2", "B1")}
    assert _aisle(30, shift=30) == {("A2", "B1")}
    kinds = {kind: Feature(x=5, y=40, width=2, height=2, kind=kind) for kind in FEATURE_KINDS}
    seen = {kind: _aisle(30, features=[each]) for kind, each in kinds.items()}
    hidden = both - {("A1", "B1")}
    assert seen == {kind: both if kind in OPEN else hidden for kind in FEATURE_KINDS}
    assert _aisle(30, booths=[_booth("C1", 59, 45, 1, 1)]) & both == {("A1", "B1")}


def test_booths_at_the_ends_of_two_rows_look_along_neither() -> None:
    ends = [_booth("A1", 0, 0), _booth("A2", 30, 0), _booth("A3", 90, 0), _booth("A4", 120, 0)]
    assert ("A2", "A3") not in derive_pairs(ends)
    assert derive_pairs([ends[1], ends[2]]) == {("A2", "A3"): False}  # alone, all sides are fronts


Box = tuple[int, int, int, int]


def _runs(boxes: list[Box], axis: int) -> list[int]:
    """How long the row of each box is, by following it both ways."""
    other = 1 - axis

    def follow(number: int, seen: set[int]) -> set[int]:
        box = boxes[number]
        for next_number, each in enumerate(boxes):
            same = (each[other], each[2 + other]) == (box[other], box[2 + other])
            ends = {each[axis] + each[2 + axis] - box[axis], each[axis] - box[axis] - box[2 + axis]}
            if next_number not in seen and same and 0 in ends:
                seen |= follow(next_number, {*seen, next_number})
        return seen

    return [len(follow(number, {number})) for number in range(len(boxes))]


def _squares(box: Box) -> set[tuple[int, int]]:
    x, y, width, height = box
    return {(a, b) for a in range(x, x + width) for b in range(y, y + height)}


def _opposite(one: Box, two: Box, axis: int) -> set[tuple[int, int]]:
    """The squares of an aisle of at most four that two boxes face each other across."""
    other = 1 - axis
    low, high = sorted((one, two), key=lambda box: box[axis])
    between = range(low[axis] + low[2 + axis], high[axis])
    shared = {
        *range(one[other], one[other] + one[2 + other]),
    } & {*range(two[other], two[other] + two[2 + other])}
    if not 1 <= len(between) <= 4:
        return set()
    return {(a, b) if axis == 0 else (b, a) for a in between for b in shared}


@given(
    st.lists(st.tuples(SIDE, SIDE, st.integers(1, 3), st.integers(1, 3)), max_size=8),
    st.lists(st.tuples(SIDE, SIDE, st.integers(1, 3), st.integers(1, 3)), max_size=2),
)
def test_who_faces_whom_is_what_comparing_all_finds(boxes: list[Box], walls: list[Box]) -> None:
    booths = [
        _booth(str(number), 10 * x, 10 * y, 10 * width, 10 * height)
        for number, (x, y, width, height) in enumerate(boxes)
    ]
    features = [
        Feature(10 * x, 10 * y, 10 * width, 10 * height, "wall") for x, y, width, height in walls
    ]
    facing = {
        (one, two)
        for one, two in derive_pairs(booths, features)
        if not _touch(boxes[int(one)], boxes[int(two)])
    }
    assert facing == {
        (str(one), str(two))
        for one, two in combinations(range(len(boxes)), 2)
        if _sees(boxes, walls, one, two)
    }


def _touch(one: Box, two: Box) -> bool:
    return all(
        one[axis] <= two[axis] + two[2 + axis] and two[axis] <= one[axis] + one[2 + axis]
        for axis in (0, 1)
    )


def _sees(boxes: list[Box], walls: list[Box], one: int, two: int) -> bool:
    runs = [_runs(boxes, axis) for axis in (0, 1)]
    for axis in (0, 1):
        fronts = [
            runs[0][each] == runs[1][each] == 1
            or axis == (1 if runs[0][each] >= runs[1][each] else 0)
            for each in (one, two)
        ]
        aisle = _opposite(boxes[one], boxes[two], axis)
        others = [box for number, box in enumerate(boxes) if number not in (one, two)]
        if aisle and all(fronts) and not any(aisle & _squares(box) for box in [*others, *walls]):
            return True
    return False


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
