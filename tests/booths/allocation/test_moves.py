"""Moves by hand: the effect shown is the difference of two scores by the definition, no more."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from booths.allocation import parse_instance, solve
from booths.allocation.fitting import Refusal, judge_pins
from booths.allocation.instance import InstanceError
from booths.allocation.moves import Board, Effect
from booths.allocation.score import list_violations, score_assignments, split_score
from tests.booths.allocation.cases import draw_instances, list_blocks, score_by_hand


def _board(document: dict[str, Any]) -> Board:
    answer = solve(document, time_limit=0)
    return Board(parse_instance(document), answer["assignments"])


def _booth(code: str, **fields: Any) -> dict[str, Any]:
    return {"code": code, "zone": code[0], "power_kw": 2, **fields}


def _asks(name: str, **fields: Any) -> dict[str, Any]:
    return {"id": name, "booths": 1, "group": "food", "priority": 10, **fields}


def _document(*applications: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {
        "version": 1,
        "seed": "one",
        "booths": [_booth("A1"), _booth("A2"), _booth("A3", power_kw=1), _booth("B1", water=True)],
        "joins": [["A1", "A2"], ["A2", "A3"]],
        "applications": list(applications),
        **fields,
    }


def _weigh(document: dict[str, Any], held: dict[str, list[str]], name: str, *to: str) -> Any:
    return Board(parse_instance(document), held).weigh(name, to or None)


@given(document=draw_instances(), data=st.data())
@settings(max_examples=200, deadline=None)
def test_the_gain_shown_is_the_score_after_less_the_score_before(
    document: dict[str, Any], data: st.DataObject
) -> None:
    board = _board(document)
    asked = data.draw(st.sampled_from(document["applications"] or [None]))
    if asked is None:
        return
    before = {name: tuple(codes) for name, codes in board.held.items()}
    blocks = list_blocks(document, {**asked, "pinned": None})
    others = [tuple(sorted(draw)) for draw in [("A0",), ("A0", "A1"), ("A0", "B0", "A1")]]
    target = data.draw(st.sampled_from([None, *blocks, *others]))
    effect = board.weigh(asked["id"], target)
    if isinstance(effect, Refusal):
        assert asked["pinned"] or target not in blocks or effect.code in {
            "here", "quota_full", "held_fixed"
        } or target is None  # fmt: skip
        return
    after = board.after(effect)
    held = {name: tuple(codes) for name, codes in after.items()}
    by_hand = [score_by_hand(document, plan) for plan in (before, held)]
    assert None not in by_hand
    assert effect.gain.total == by_hand[1] - by_hand[0]  # type: ignore[operator]
    assert list_violations(board.instance, after) == []
    gained = split_score(board.instance, after) - split_score(board.instance, board.held)
    assert effect.gain == gained
    changed = {name for name in {*before, *held} if before.get(name) != held.get(name)}
    assert {shift.id for shift in effect.shifts} == changed
    assert after.get(asked["id"]) == (None if target is None else list(board._ordered(target)))


@given(document=draw_instances())
@settings(max_examples=60, deadline=None)
def test_every_booth_tells_its_best_place_or_why_there_is_none(document: dict[str, Any]) -> None:
    board = _board(document)
    for asked in document["applications"]:
        weighed = board.weigh_all(asked["id"])
        assert list(weighed) == [booth["code"] for booth in document["booths"]]
        blocks = list_blocks(document, {**asked, "pinned": None})
        for code, found in weighed.items():
            single = [board.weigh(asked["id"], block) for block in blocks if code in block]
            legal = [each.gain.total for each in single if isinstance(each, Effect)]
            if isinstance(found, Refusal):
                assert not legal
            else:
                assert code in found[0]
                assert found[1] == board.weigh(asked["id"], found[0])
                assert found[1].gain.total == max(legal)


@given(document=draw_instances(), data=st.data())
@settings(max_examples=120, deadline=None)
def test_pins_are_judged_as_the_solver_judges_them(
    document: dict[str, Any], data: st.DataObject
) -> None:
    codes = [booth["code"] for booth in document["booths"]]
    for asked in document["applications"]:
        asked["pinned"] = None
    free = parse_instance(document)
    chosen = st.lists(st.sampled_from(codes), min_size=1, max_size=2, unique=True)
    pinned = data.draw(
        st.sets(st.sampled_from([a["id"] for a in document["applications"]] or [""]))
    )
    pins = {name: data.draw(chosen) for name in sorted(pinned - {""})}
    for asked in document["applications"]:
        asked["pinned"] = pins.get(asked["id"])
    try:
        parse_instance(document)
    except InstanceError:
        holds = False
    else:
        holds = True
    assert (judge_pins(free, pins) == {}) == holds


def test_two_that_fit_change_places() -> None:
    held = {"P": ["A1"], "Q": ["A2"]}
    document = _document(_asks("P", wishes=[["booth", "A2"]]), _asks("Q", priority=20))
    effect = _weigh(document, held, "P", "A2")
    assert [(each.id, each.before, each.after) for each in effect.shifts] == [
        ("P", ("A1",), ("A2",)),
        ("Q", ("A2",), ("A1",)),
    ]
    assert (effect.gain.wish, effect.gain.total) == (30, 30)


def test_one_driven_out_takes_another_free_place_or_loses_its_own() -> None:
    asked = [_asks("P", power_kw=2), _asks("Q", water=True, priority=30)]
    held = {"P": ["A1"], "Q": ["B1"]}
    lost = _weigh(_document(*asked), held, "P", "B1")
    assert [each.after for each in lost.shifts] == [("B1",), None]
    assert lost.gain.place == -3000
    booths = [*_document()["booths"], _booth("C1", water=True)]
    moved = _weigh(_document(*asked, booths=booths), held, "P", "B1")
    assert [each.after for each in moved.shifts] == [("B1",), ("C1",)]
    assert moved.gain.total == 0


REFUSED: list[tuple[dict[str, Any], tuple[str, ...], Refusal]] = [
    ({}, ("A9",), Refusal("unknown_booth", {"booth": "A9"})),
    ({}, ("A1", "A1"), Refusal("repeated_booth", {"booth": "A1"})),
    ({}, ("A1", "A2"), Refusal("size", {"given": 2, "asked": 1})),
    ({"booths": 2}, ("A3", "A1"), Refusal("not_joined", {"booths": ["A1", "A3"]})),
    (
        {"booths": 2, "power_kw": 3.5},
        ("A3", "A2"),
        Refusal("power_kw", {"booths": ["A2", "A3"], "there": 3.0, "asked": 3.5}),
    ),
    ({"water": True}, ("A1",), Refusal("water", {"booths": ["A1"]})),
    ({"cold": True}, ("A1",), Refusal("cold", {"booths": ["A1"]})),
    ({"cooking": True}, ("A1",), Refusal("cooking", {"booths": ["A1"]})),
    ({"forbidden": ["A1"]}, ("A1",), Refusal("forbidden", {"booths": ["A1"]})),
    ({"pinned": ["A2"]}, ("A1",), Refusal("fixed", {"booths": ["A2"]})),
    ({}, (), Refusal("not_placed")),
]


@pytest.mark.parametrize(("asked", "to", "refusal"), REFUSED)
def test_what_does_not_fit_is_refused_by_name(
    asked: dict[str, Any], to: tuple[str, ...], refusal: Refusal
) -> None:
    assert _weigh(_document(_asks("P", **asked)), {}, "P", *to) == refusal


def test_nobody_is_driven_from_a_fixed_place_and_no_maximum_is_passed() -> None:
    quota = {"name": "q", "trait": "actor", "value": "farm", "max": 1}
    farm = {"traits": {"actor": "farm"}}
    document = _document(
        _asks("P", **farm), _asks("Q", pinned=["A2"], **farm), _asks("R"), quotas=[quota]
    )
    held = {"Q": ["A2"], "R": ["A1"]}
    assert _weigh(document, held, "R", "A2") == Refusal(
        "held_fixed", {"holder": "Q", "booths": ["A2"]}
    )
    assert _weigh(document, held, "R", "A1") == Refusal("here")
    assert _weigh(document, held, "P", "B1") == Refusal(
        "quota_full", {"name": "q", "most": 1, "booths": 2}
    )


def test_a_group_is_named_where_the_booth_does_not_take_it() -> None:
    document = _document(_asks("P"), booths=[_booth("A1", groups=["craft"])], joins=[])
    assert _weigh(document, {}, "P", "A1") == Refusal("group", {"booths": ["A1"]})
    assert Board(parse_instance(document), {}).weigh_all("P") == {
        "A1": Refusal("group", {"booths": ["A1"]})
    }


def test_pins_that_contradict_each_other_are_all_named() -> None:
    quota = {"name": "q", "trait": "actor", "value": "farm", "max": 1}
    farm = {"traits": {"actor": "farm"}}
    document = _document(_asks("P", **farm), _asks("Q", **farm), _asks("R"), quotas=[quota])
    over = Refusal("pins_over_quota", {"name": "q", "most": 1, "booths": 2})
    assert judge_pins(parse_instance(document), {"P": ["A1"], "Q": ["A1"], "R": ["A1", "A3"]}) == {
        "P": [over],
        "Q": [Refusal("pinned_twice", {"booth": "A1", "holder": "P"}), over],
        "R": [
            Refusal("size", {"given": 2, "asked": 1}),
            Refusal("pinned_twice", {"booth": "A1", "holder": "P"}),
        ],
    }


def test_the_parts_add_up_to_the_score() -> None:
    document = _document(
        _asks("P", kind="tea", wishes=[["zone", "A"]], previous=["A1"]),
        _asks("Q", kind="tea"),
        neighbours=[["A1", "A2"]],
        quotas=[{"name": "q", "trait": "actor", "value": "farm", "min": 2}],
        weights={"stability": 25},
    )
    instance, held = parse_instance(document), {"P": ["A1"], "Q": ["A2"]}
    parts = split_score(instance, held)
    assert (parts.place, parts.wish, parts.stability) == (2000, 30, 25)
    assert (parts.apart, parts.quota) == (-30, -2000)
    assert parts.total == score_assignments(instance, held)
