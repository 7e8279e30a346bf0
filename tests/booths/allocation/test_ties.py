"""Ties are settled by lot on a plan that somebody else made."""

from typing import Any

from booths.allocation import parse_instance
from booths.allocation.problem import compile_problem
from booths.allocation.search import Plan
from booths.allocation.ties import settle_ties


def _plan(booths: int, *asked: dict[str, Any]) -> Plan:
    common = {"booths": 1, "group": "food", "priority": 50}
    document = {
        "version": 1,
        "seed": "s",
        "booths": [{"code": f"A{number}", "zone": "A"} for number in range(booths)],
        "applications": [{"id": f"P{n}", **common, **one} for n, one in enumerate(asked)],
    }
    return Plan(compile_problem(parse_instance(document)))


def _holders(plan: Plan) -> list[int]:
    settle_ties(plan)
    return plan.owner


def test_booth_of_one_of_two_alike_goes_to_the_luckier() -> None:
    plan = _plan(1, {}, {})
    plan.place(1, plan.problem.columns[0][0])
    assert _holders(plan) == [0]


def test_better_wish_of_two_alike_goes_to_the_luckier() -> None:
    wishes = {"wishes": [["booth", "A1"]]}
    plan = _plan(2, wishes, wishes)
    wished, other = plan.problem.columns[0]
    plan.place(0, other)
    plan.place(1, wished)
    assert _holders(plan) == [1, 0]


def test_booth_goes_to_the_luckier_of_two_that_score_the_same() -> None:
    plan = _plan(1, {"kind": "tea"}, {"kind": "rice"})
    plan.place(1, plan.problem.columns[1][0])
    assert _holders(plan) == [0]


def test_booth_stays_with_the_higher_priority_whatever_the_lot() -> None:
    plan = _plan(1, {"priority": 51}, {"priority": 52})
    better = next(i for i, a in enumerate(plan.problem.applications) if a.priority == 52)
    plan.place(better, plan.problem.columns[better][0])
    assert _holders(plan) == [better]


def test_free_booth_is_not_left_to_nobody() -> None:
    assert _holders(_plan(2, {})) == [0, -1]
