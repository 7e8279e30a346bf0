"""A document is a plan, or every reason why not, with its place."""

import json
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booths.floor import Plan, PlanError, RowSpec, Zone, make_row, read_plan, write_plan

GROUPS = ("food", "craft")
ROW = make_row(RowSpec(x=30, y=30, columns=3, zone="A"))
DOCUMENT = {
    **write_plan(Plan(300, 200, zones=(Zone("A", "Khu A", "Zone A", "food", 30, 20),), booths=ROW)),
    "features": [
        {"kind": "stage", "x": 0, "y": 150, "width": 60, "height": 30, "name_vi": "Sân khấu",
         "name_en": "Stage"},
    ],
    "corrections": [{"first": "1", "second": "2", "kind": "none"}],
    "picture": {"number": 1, "x": 0, "y": 0, "width": 300, "height": 200},
}  # fmt: skip


def _read(document: object) -> Plan:
    return read_plan(document, groups=GROUPS, pictures={1})


def _problems(document: object) -> list[tuple[str, str]]:
    with pytest.raises(PlanError) as error:
        _read(document)
    return [(each.code, each.place) for each in error.value.problems]


def _with(path: str, value: Any) -> dict[str, Any]:
    document = deepcopy(DOCUMENT)
    *way, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    target: Any = document
    for step in way:
        target = target[step]
    target[last] = value
    return document


def test_what_is_written_is_read_again() -> None:
    assert write_plan(_read(DOCUMENT)) == DOCUMENT
    assert write_plan(_read(json.loads(json.dumps(DOCUMENT)))) == DOCUMENT


@pytest.mark.parametrize(
    ("path", "value", "found"),
    [
        ("booths.2.x", 61, [("overlap", "booths[2]")]),
        ("booths.2.code", "2", [("code_repeated", "booths[2].code")]),
        ("booths.1.code", "", [("code_missing", "booths[1].code")]),
        ("booths.1.code", "A 1", [("code_invalid", "booths[1].code")]),
        ("booths.1.code", "A1234567890", [("too_long", "booths[1].code")]),
        ("booths.0.y", 180, [("outside", "booths[0]")]),
        ("booths.0.x", -1, [("out_of_range", "booths[0].x")]),
        ("booths.0.width", 0, [("no_size", "booths[0].width")]),
        ("booths.0.height", -30, [("no_size", "booths[0].height")]),
        ("booths.0.x", float("nan"), [("not_whole", "booths[0].x")]),
        ("booths.0.x", float("inf"), [("not_whole", "booths[0].x")]),
        ("booths.0.x", 1.5, [("not_whole", "booths[0].x")]),
        ("booths.0.x", True, [("not_whole", "booths[0].x")]),
        ("booths.0.x", "30", [("not_whole", "booths[0].x")]),
        ("booths.0.x", None, [("not_whole", "booths[0].x")]),
        ("booths.0.x", 10**30, [("out_of_range", "booths[0].x")]),
        ("booths.0.power_kw", float("nan"), [("power", "booths[0].power_kw")]),
        ("booths.0.power_kw", -1, [("power", "booths[0].power_kw")]),
        ("booths.0.water", "yes", [("shape", "booths[0].water")]),
        ("booths.0.groups", ["meat"], [("group_unknown", "booths[0].groups")]),
        ("booths.0.groups", [[]], [("group_unknown", "booths[0].groups")]),
        ("booths.0.groups", "food", [("shape", "booths[0].groups")]),
        ("booths.0.zone", "B", [("zone_unknown", "booths[0].zone")]),
        ("booths.0", 7, [("shape", "booths")]),
        ("booths", {}, [("shape", "booths")]),
        ("zones.0.group", "meat", [("group_unknown", "zones[0].group")]),
        ("features.0.kind", "volcano", [("kind_unknown", "features[0].kind")]),
        ("features.0.kind", [], [("kind_unknown", "features[0].kind")]),
        ("outline", [[0, 0], [300, 0]], [("outline_short", "outline")]),
        ("outline", [[0, 0], [300, 200], [300, 0], [0, 200]], [("outline_crosses", "outline")]),
        ("outline", [[0, 0], [300, 0], [300, 201], [0, 200]], [("outline_outside", "outline[2]")]),
        ("outline", [[0, 0], [300, 0], [300]], [("shape", "outline")]),
        ("corrections.0.second", "9", [("pair_unknown", "corrections[0]")]),
        ("corrections.0.second", "1", [("pair_unknown", "corrections[0]")]),
        ("picture.number", 2, [("picture_unknown", "picture.number")]),
        ("picture", [], [("shape", "picture")]),
        ("width", 0, [("no_size", "width")]),
        ("format", 2, [("format", "format")]),
    ],
)
def test_each_mistake_is_found_at_its_place(
    path: str, value: Any, found: list[tuple[str, str]]
) -> None:
    problems = _problems(_with(path, value))
    if path.startswith("outline") and found[0][0] == "outline_crosses":
        problems = [each for each in problems if each[0] != "outside"]
    assert problems == found


def test_a_zone_told_twice_is_found() -> None:
    document = _with("zones", [DOCUMENT["zones"][0], DOCUMENT["zones"][0]])
    assert _problems(document) == [("zone_repeated", "zones[1].code")]


def test_all_mistakes_are_told_at_once() -> None:
    document = _with("booths.0.x", "?")
    document["booths"][2]["power_kw"] = "?"
    assert _problems(document) == [
        ("not_whole", "booths[0].x"),
        ("power", "booths[2].power_kw"),
    ]


def test_more_booths_than_can_be_drawn_are_refused() -> None:
    many = make_row(RowSpec(x=0, y=0, columns=2001, width=1, height=1, zone="A"))
    document = {**DOCUMENT, "width": 3000, "booths": write_plan(Plan(1, 1, booths=many))["booths"]}
    assert _problems(document) == [("too_many", "booths")]


def _is_judged(document: object) -> bool:
    """Whether a document is read, or refused with a reason; nothing else may happen."""
    try:
        return bool(_read(document))
    except PlanError as error:
        return bool(error.problems)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=10,
)


@given(st.sampled_from(sorted(DOCUMENT)), JSON)
def test_whatever_is_sent_is_read_or_refused(name: str, value: Any) -> None:
    assert _is_judged({**DOCUMENT, name: value})


@given(st.sampled_from(sorted(DOCUMENT["booths"][0])), JSON)
def test_whatever_is_sent_of_a_booth_is_read_or_refused(name: str, value: Any) -> None:
    assert _is_judged(_with(f"booths.1.{name}", value))


@pytest.mark.parametrize("document", [None, [], "x", 7, {}])
def test_what_is_no_object_is_no_plan(document: object) -> None:
    assert _problems(document)
