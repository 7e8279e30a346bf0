import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mou.paper.strokes import (
    MAX_POINTS,
    StrokesError,
    drawn,
    read_strokes,
    stored_strokes,
)

NUMBER = st.floats(0, 1, allow_nan=False)
POINT = st.tuples(st.floats(0, 600), st.floats(0, 200), NUMBER, st.integers(0, 2**45)).map(list)
DRAWING = st.lists(st.lists(POINT, min_size=1, max_size=9), min_size=2, max_size=4)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(), inner, max_size=2),
    max_leaves=30,
)


def _line(count: int) -> list[list[float]]:
    return [[10 + 0.01 * index, 20, 0.5, 16 * index] for index in range(count)]


def _code(raw: str | bytes) -> str:
    with pytest.raises(StrokesError) as caught:
        read_strokes(raw)
    return caught.value.code


def test_strokes_are_kept_as_whole_numbers_from_the_first_point() -> None:
    raw = json.dumps(
        [
            [[1.26, 2, 0.5, 1_763_000_000_000.4], [3, 4, 1, 1_763_000_000_016]],
            [[5, 6, 0, 1_763_000_000_900]],
        ]
    )
    strokes = read_strokes(raw)
    assert strokes.canonical() == b"[[[13,20,500,0],[30,40,1000,16]],[[50,60,0,900]]]"
    assert strokes.sha256 == "b3765afcb738c6899510e2b04094c4d6c5901bc0cd83efae9c8155fa92e18b91"


@settings(deadline=None)
@given(DRAWING)
def test_strokes_read_back_from_what_is_kept(drawing: list[object]) -> None:
    strokes = read_strokes(json.dumps(drawing))
    assert stored_strokes(strokes.canonical()) == strokes


@settings(deadline=None)
@given(DRAWING)
def test_path_is_numbers_and_commands_only(drawing: list[object]) -> None:
    path = drawn(read_strokes(json.dumps(drawing)))
    assert re.fullmatch(r"(?:(?:-?\d+\.\d ){2}[ml] ?|(?:-?\d+\.\d ){6}c ?)+", path)
    assert path.count("m") == len(drawing)


@settings(deadline=None)
@given(ANYTHING)
def test_nothing_sent_breaks_the_reader(value: object) -> None:
    try:
        read_strokes(json.dumps(value))
    except StrokesError as error:
        assert error.code.startswith("strokes.")  # noqa: PT017 - either end is right


def test_path_goes_through_every_point() -> None:
    raw = json.dumps([[[0, 0, 0, 0], [60, 0, 0, 1], [60, 60, 0, 2]], [[5, 5, 0, 3]]])
    assert drawn(read_strokes(raw)) == (
        "0.0 0.0 m 0.0 0.0 50.0 -10.0 60.0 0.0 c 70.0 10.0 60.0 50.0 60.0 60.0 c"
        " 5.0 5.0 m 5.1 5.0 l"
    )


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("", "strokes.malformed"),
        ("null", "strokes.malformed"),
        ("{}", "strokes.malformed"),
        ("[]", "strokes.malformed"),
        ("[[]]", "strokes.malformed"),
        (b"\xff\xfe\x00", "strokes.malformed"),
        ("[" * 20_000, "strokes.malformed"),
        ("[[[1,2,3]]]", "strokes.malformed"),
        ("[[{}]]", "strokes.malformed"),
        ("[[[1,2,NaN,4]]]", "strokes.not_a_number"),
        ("[[[1,2,0,1e999]]]", "strokes.not_a_number"),
        (f"[[[1,2,0,{10**400}]]]", "strokes.not_a_number"),
        ("[[[true,2,0,4]]]", "strokes.not_a_number"),
        ('[[["1",2,0,4]]]', "strokes.not_a_number"),
        ("[[[601,2,0,4]]]", "strokes.outside_box"),
        ("[[[1,-0.1,0,4]]]", "strokes.outside_box"),
        ("[[[1,2,1.1,4]]]", "strokes.outside_box"),
        (json.dumps([_line(24)]), "strokes.too_short"),
        (json.dumps([[[1, 1, 0, 0]] * (MAX_POINTS + 1)]), "strokes.too_large"),
        (" " * 65_537, "strokes.too_large"),
    ],
)
def test_drawing_that_is_no_signature_is_refused(raw: str | bytes, code: str) -> None:
    assert _code(raw) == code


@pytest.mark.parametrize(
    "drawing", [[_line(25)], [_line(1), _line(1)], [[[1, 1, 0, 0]] * MAX_POINTS]]
)
def test_drawing_at_the_limit_is_taken(drawing: list[object]) -> None:
    assert len(read_strokes(json.dumps(drawing)).lines) == len(drawing)
