"""Tiny instances by the hundred against trying everything: score, rules, what forcing in costs."""

from random import Random
from typing import Any

import pytest

from booths.allocation import parse_instance, solve
from booths.allocation.highs import solve_model
from booths.allocation.score import list_violations

from .cases import find_best, score_by_hand

EACH = 250


def _draw_instance(draw: Random) -> dict[str, Any]:
    """Draw a row of four booths, a few of them with water, and four or five applications."""
    codes = ["A0", "A1", "B2", "B3"]
    wishes = [["booth", code] for code in codes] + [["zone", "A"], ["zone", "B"]]
    limits = draw.choice(([], [(0, 1)], [(2, 3)], [(1, None)]))
    return {
        "version": 1,
        "seed": str(draw.random()),
        "booths": [
            {
                "code": code,
                "zone": code[0],
                "power_kw": draw.choice((1, 2)),
                "water": draw.random() < 0.6,
                "cold": False,
                "cooking": True,
                "groups": draw.choice(([], ["food"], ["food", "craft"])),
            }
            for code in codes
        ],
        "joins": [["A0", "A1"], ["A1", "B2"], ["B2", "B3"]],
        "neighbours": draw.choice(([], [["A0", "B3"]])),
        "applications": [
            {
                "id": f"P{number}",
                "booths": draw.choice((1, 1, 2)),
                "group": draw.choice(("food", "food", "craft")),
                "power_kw": draw.choice((0, 0, 2, 3)),
                "water": draw.random() < 0.2,
                "cold": False,
                "cooking": False,
                "priority": draw.choice((1, 50, 51, 60)),
                "wishes": draw.sample(wishes, draw.choice((0, 1, 2))),
                "kind": draw.choice((None, "tea", "rice")),
                "traits": {"actor": draw.choice(("farm", "household"))},
                "pinned": None,
                "forbidden": draw.choice(([], [], ["A1"])),
                "previous": draw.choice((None, ["B2"], ["A0", "A1"])),
            }
            for number in range(draw.choice((4, 5)))
        ],
        "quotas": [
            {"name": "farms", "trait": "actor", "value": "farm", "min": least, "max": most}
            for least, most in limits
        ],
        "weights": draw.choice(({}, {"apart": 5000}, {"stability": 20}, {"place": 1, "quota": 7})),
    }


@pytest.mark.parametrize("seed", range(4))
def test_every_answer_and_every_drop_equals_trying_everything(seed: int) -> None:
    draw = Random(seed)
    for _ in range(EACH):
        document = _draw_instance(draw)
        answer = solve(document, runner=solve_model)
        held = {name: tuple(codes) for name, codes in answer["assignments"].items()}
        best = find_best(document)
        assert best is not None
        assert answer["status"] == "optimal"
        assert answer["score"] == answer["bound"] == score_by_hand(document, held) == best
        assert list_violations(parse_instance(document), held) == []
        for name, why in answer["unplaced"].items():
            if why["reason"] in ("outbid", "worse_overall"):
                forced = find_best(document, forced=name)
                drop = None if forced is None else best - forced
                assert (name, why["facts"]["score_drop"]) == (name, drop)
