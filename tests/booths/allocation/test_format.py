"""Bad instances are refused with one line that names the place."""

from typing import Any

import pytest

from booths.allocation import InstanceError, parse_instance, read_instance


def _document() -> dict[str, Any]:
    return {
        "version": 1,
        "seed": "s",
        "booths": [
            {"code": code, "zone": "A", "power_kw": 0.1, "groups": ["food"]} for code in "abc"
        ],
        "joins": [["a", "b"]],
        "neighbours": [["b", "c"]],
        "applications": [
            {"id": name, "booths": 1, "group": "food", "priority": 9, "traits": {"actor": "farm"}}
            for name in ("P0", "P1")
        ],
        "quotas": [{"name": "farms", "trait": "actor", "value": "farm", "min": 0, "max": 1}],
        "weights": {"place": 100},
    }


BAD = [
    ("version", 2, "version: 2 is not 1"),
    ("version", True, "version: true is not 1"),
    ("seed", None, "seed: null is not a text"),
    ("seed", "\ud800", 'seed: "\\ud800" is not valid Unicode'),
    ("colour", 1, 'instance: unknown field "colour"'),
    ("booths", {}, "booths: {} is not a list"),
    ("booths.1.code", "a", 'booths[1].code: repeated code "a"'),
    ("booths.1.code", "", "booths[1].code: is empty"),
    ("booths.1.water", 1, "booths[1].water: 1 is not true or false"),
    ("booths.1.power_kw", float("nan"), "booths[1].power_kw: NaN is not between 0 and 1000000"),
    ("booths.1.power_kw", -1, "booths[1].power_kw: -1 is not between 0 and 1000000"),
    ("booths.1.power_kw", True, "booths[1].power_kw: true is not a number"),
    ("joins.0", ["a"], 'joins[0]: ["a"] is not a pair'),
    ("joins.0", ["a", "z"], 'joins[0]: unknown booth "z"'),
    ("neighbours.0", ["a", "a"], 'neighbours[0]: booth "a" is paired with itself'),
    ("applications.1", 7, "applications[1]: 7 is not an object"),
    ("applications.1.id", "P0", 'applications[1].id: repeated id "P0"'),
    ("applications.1.booths", 0, "applications[1].booths: 0 is not between 1 and 6"),
    ("applications.1.booths", 7, "applications[1].booths: 7 is not between 1 and 6"),
    ("applications.1.booths", True, "applications[1].booths: true is not a whole number"),
    ("applications.1.booths", 1.0, "applications[1].booths: 1.0 is not a whole number"),
    ("applications.1.priority", 101, "applications[1].priority: 101 is not between 1 and 100"),
    ("applications.1.power_kw", "2", 'applications[1].power_kw: "2" is not a number'),
    (
        "applications.1.power_kw",
        float("inf"),
        "applications[1].power_kw: Infinity is not between 0 and 1000000",
    ),
    (
        "applications.1.wishes",
        [["zone", "A"]] * 4,
        "applications[1].wishes: 4 entries are more than 3",
    ),
    ("applications.1.wishes", [["zone", "B"]], 'applications[1].wishes[0][1]: unknown zone "B"'),
    (
        "applications.1.wishes",
        [["hall", "A"]],
        'applications[1].wishes[0]: ["hall", "A"] is not ["booth", CODE] or ["zone", NAME]',
    ),
    ("applications.1.kind", 3, "applications[1].kind: 3 is not a text"),
    ("applications.1.traits", {"a": 1}, 'applications[1].traits."a": 1 is not a text'),
    ("applications.1.pinned", ["z"], 'applications[1].pinned[0]: unknown booth "z"'),
    ("applications.1.pinned", ["a", "a"], 'applications[1].pinned[1]: repeated booth "a"'),
    (
        "applications.1.pinned",
        ["a", "b"],
        "applications[1].pinned: 2 booths are pinned, 1 asked for",
    ),
    ("applications.1.forbidden", ["z"], 'applications[1].forbidden[0]: unknown booth "z"'),
    ("applications.1.forbidden", "a", 'applications[1].forbidden: "a" is not a list'),
    ("applications.1.previous", ["z", "z"], 'applications[1].previous[1]: repeated booth "z"'),
    ("weights.stability", -1, "weights.stability: -1 is not between 0 and 1000000"),
    ("quotas.0.min", 2, "quotas[0].min: 2 is more than max 1"),
    ("quotas.0.max", -1, "quotas[0].max: -1 is not between 0 and 1000000"),
    ("weights.place", -1, "weights.place: -1 is not between 0 and 1000000"),
    ("weights.size", 1, 'weights: unknown field "size"'),
]


@pytest.mark.parametrize(("path", "value", "complaint"), BAD)
def test_bad_value_is_refused_at_its_place(path: str, value: object, complaint: str) -> None:
    document = _document()
    *way, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    target: Any = document
    for step in way:
        target = target[step]
    target[last] = value
    with pytest.raises(InstanceError) as refused:
        parse_instance(document)
    assert str(refused.value) == complaint


PINS = [
    ({0: (2, ["b", "c"])}, 'applications[0].pinned: ["b", "c"] do not form a block'),
    (
        {0: (1, ["a"]), 1: (1, ["a"])},
        'applications[1].pinned: booth "a" is pinned for "P0" too',
    ),
    (
        {0: (1, ["a"]), 1: (1, ["b"])},
        'quotas[0].max: "farms" allows 1, 2 are pinned for "P0", "P1"',
    ),
]


@pytest.mark.parametrize(("pins", "complaint"), PINS)
def test_pins_that_cannot_hold_are_named(
    pins: dict[int, tuple[int, list[str]]], complaint: str
) -> None:
    document = _document()
    for index, (booths, pinned) in pins.items():
        document["applications"][index] |= {"booths": booths, "pinned": pinned}
    with pytest.raises(InstanceError) as refused:
        parse_instance(document)
    assert str(refused.value) == complaint


def test_pin_on_a_booth_that_does_not_fit_is_refused() -> None:
    document = _document()
    document["applications"][0] |= {"pinned": ["a"], "group": "craft"}
    with pytest.raises(InstanceError) as refused:
        parse_instance(document)
    assert str(refused.value) == 'applications[0].pinned: ["a"] does not fit "P0"'


def test_pin_on_a_forbidden_booth_is_refused() -> None:
    document = _document()
    document["applications"][0] |= {"pinned": ["a"], "forbidden": ["a"]}
    with pytest.raises(InstanceError) as refused:
        parse_instance(document)
    assert str(refused.value) == 'applications[0].pinned: booth "a" is forbidden to "P0"'


TEXTS = [
    ("", "not JSON: Expecting value: line 1 column 1 (char 0)"),
    ("[" * 100_000, "not JSON: nested too deep"),
    ("[]", "instance: [] is not an object"),
    ('{"version": 1, "version": 1}', 'instance: field "version" twice'),
    ('{"version": NaN}', "instance: NaN is not a number in JSON"),
    ('{"version": 1}', "instance: seed is missing"),
]


@pytest.mark.parametrize(("text", "complaint"), TEXTS)
def test_bad_text_is_refused_in_one_line(text: str, complaint: str) -> None:
    with pytest.raises(InstanceError) as refused:
        read_instance(text)
    assert str(refused.value) == complaint


def test_text_that_is_not_unicode_is_refused_in_one_line() -> None:
    with pytest.raises(InstanceError) as refused:
        read_instance(b'"\xff"')
    assert str(refused.value).startswith("not JSON: ")
    assert "\n" not in str(refused.value)


def test_more_than_twenty_thousand_applications_are_refused() -> None:
    document = _document()
    document["applications"] *= 10_001
    with pytest.raises(InstanceError) as refused:
        parse_instance(document)
    assert str(refused.value) == "applications: 20002 entries are more than 20000"


def test_powers_add_up_as_written() -> None:
    document = _document()
    document["booths"][0]["power_kw"] = 0.7
    document["applications"][0] |= {"booths": 2, "power_kw": 0.8, "pinned": ["a", "b"]}
    document["quotas"] = []
    assert parse_instance(document).applications[0].pinned == frozenset({"a", "b"})
