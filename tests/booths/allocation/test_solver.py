"""The solver against brute force: right, proven, fair, and true in its reasons."""

import json
from collections.abc import Callable
from hashlib import sha256
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.allocation_instances import build_instance
from booths.allocation import Progress, parse_instance, solve
from booths.allocation.highs import solve_model
from booths.allocation.model import Model
from booths.allocation.runner import Report
from booths.allocation.score import list_violations, score_assignments

from .cases import draw_instances, find_best, list_blocks, score_by_hand

RUNS = settings(max_examples=60, deadline=None, derandomize=True, database=None)


def _solve(document: dict[str, Any]) -> dict[str, Any]:
    return solve(document, runner=solve_model)


def _unseen(answer: dict[str, Any]) -> str:
    kept = {k: v for k, v in answer.items() if k not in ("seconds", "instance_sha256")}
    return json.dumps(kept)


@RUNS
@given(draw_instances())
def test_answer_is_the_best_there_is_and_keeps_every_rule(document: dict[str, Any]) -> None:
    answer = _solve(document)
    held = {name: tuple(codes) for name, codes in answer["assignments"].items()}
    assert answer["status"] == "optimal"
    assert answer["score"] == answer["bound"] == find_best(document)
    assert answer["score"] == score_by_hand(document, held)
    for asked in document["applications"]:
        if asked["id"] in held:
            assert tuple(sorted(held[asked["id"]])) in list_blocks(document, asked)
    instance = parse_instance(document)
    assert list_violations(instance, answer["assignments"]) == []
    assert score_assignments(instance, answer["assignments"]) == answer["score"]
    names = {asked["id"] for asked in document["applications"]}
    assert set(answer["assignments"]) | set(answer["unplaced"]) == names == set(answer["lottery"])
    assert not set(answer["assignments"]) & set(answer["unplaced"])


@RUNS
@given(draw_instances(applications=5))
def test_every_reason_is_true(document: dict[str, Any]) -> None:
    answer = _solve(document)
    asked = {one["id"]: one for one in document["applications"]}
    held = {code: name for name, codes in answer["assignments"].items() for code in codes}
    counts = {quota["name"]: quota["booths"] for quota in answer["quotas"]}
    for name, why in answer["unplaced"].items():
        facts, blocks = why["facts"], list_blocks(document, asked[name])
        full = [
            {"name": quota["name"], "max": quota["max"], "booths": counts[quota["name"]]}
            for quota in document["quotas"]
            if asked[name]["traits"][quota["trait"]] == quota["value"]
            and quota["max"] is not None
            and counts[quota["name"]] + asked[name]["booths"] > quota["max"]
        ]
        if not blocks:
            assert why["reason"] == "no_booth_fits"
            assert list(facts.values())[-1] == 0
        elif full:
            assert why == {"reason": "quota_full", "facts": {"quotas": full}}
        else:
            free = sum(not any(code in held for code in block) for block in blocks)
            there = [
                asked[held[code]]["priority"] for block in blocks for code in block if code in held
            ]
            lowest = min(there, default=None)
            outbid = not free and lowest is not None and lowest >= asked[name]["priority"]
            forced = find_best(document, forced=name)
            drop = None if forced is None else answer["score"] - forced
            assert why["reason"] == ("outbid" if outbid else "worse_overall")
            assert facts == {
                "fitting_blocks": len(blocks),
                "free_blocks": free,
                "lowest_priority_placed_there": lowest,
                "score_drop": drop,
            }
            assert drop is None or drop >= 0


@RUNS
@given(draw_instances(), st.randoms(use_true_random=False))
def test_answer_does_not_depend_on_the_order_of_entry(
    document: dict[str, Any], shuffler: Random
) -> None:
    applications = list(document["applications"])
    shuffler.shuffle(applications)
    shuffled = {**document, "applications": applications}
    assert _unseen(_solve(shuffled)) == _unseen(_solve(document))


@RUNS
@given(draw_instances(applications=4), st.integers(2, 4))
def test_luckier_of_two_alike_is_never_treated_worse(document: dict[str, Any], copies: int) -> None:
    alike = document["applications"][-1:]
    if not alike or alike[0]["pinned"]:
        return
    twins = [{**alike[0], "id": f"twin {number}"} for number in range(copies)]
    document = {**document, "applications": document["applications"][:-1] + twins}
    answer = _solve(document)
    by_luck = sorted(
        (twin["id"] for twin in twins),
        key=lambda name: sha256(f"{document['seed']}|{name}".encode()).hexdigest()[:16],
        reverse=True,
    )
    alone = {**document, "quotas": [], "neighbours": []}

    def gain(name: str) -> int:
        only = {**alone, "applications": [{**alike[0], "id": name}]}
        held = {k: tuple(v) for k, v in answer["assignments"].items() if k == name}
        return (score_by_hand(only, held) or 0) if held else -1

    gains = [gain(name) for name in by_luck]
    assert gains == sorted(gains, reverse=True)


def _one_booth(*names: str, kinds: tuple[str | None, ...] = (None, None)) -> dict[str, Any]:
    return {
        "version": 1,
        "seed": "đợt 1",
        "booths": [{"code": "A1", "zone": "A"}],
        "applications": [
            {"id": name, "booths": 1, "group": "food", "priority": 50, "kind": kind}
            for name, kind in zip(names, kinds, strict=True)
        ],
    }


@pytest.mark.parametrize("kinds", [(None, None), ("tea", "rice")])
def test_last_booth_goes_to_the_larger_number(kinds: tuple[str | None, ...]) -> None:
    answer = _solve(_one_booth("HTX-1", "HTX-2", kinds=kinds))
    winner, loser = sorted(answer["lottery"], key=answer["lottery"].__getitem__, reverse=True)
    assert answer["assignments"] == {winner: ["A1"]}
    assert answer["unplaced"] == {
        loser: {
            "reason": "outbid",
            "facts": {
                "fitting_blocks": 1,
                "free_blocks": 0,
                "lowest_priority_placed_there": 50,
                "score_drop": 0,
            },
        }
    }


def test_pinned_application_keeps_its_booth_against_a_higher_priority() -> None:
    document = _one_booth("HTX-1", "HTX-2")
    document["applications"][0] |= {"pinned": ["A1"], "priority": 1}
    answer = _solve(document)
    assert (answer["status"], answer["score"]) == ("optimal", 100)
    assert answer["assignments"] == {"HTX-1": ["A1"]}
    assert answer["unplaced"]["HTX-2"]["facts"]["score_drop"] is None


def test_lottery_number_is_the_published_hash() -> None:
    answer = _solve(_one_booth("HTX-1", "HTX-2"))
    assert answer["lottery"]["HTX-1"] == sha256("đợt 1|HTX-1".encode()).hexdigest()[:16]


def test_hash_is_of_the_canonical_json() -> None:
    text = '{"applications":[],"booths":[],"seed":"Chợ","version":1}'
    answer = _solve({"version": 1, "seed": "Chợ", "booths": [], "applications": []})
    assert answer["instance_sha256"] == sha256(text.encode()).hexdigest()


def test_child_process_gives_the_same_bytes_as_this_process_and_tells_progress() -> None:
    document = build_instance(24, 30)
    heard: list[Progress] = []
    in_child = solve(document, progress=heard.append)
    assert in_child["status"] == "optimal"
    assert _unseen(in_child) == _unseen(_solve(document))
    stages = list(dict.fromkeys(news.stage for news in heard))
    assert stages == ["searching", "proving", "explaining"]
    assert all(news.score <= news.bound for news in heard)
    assert (heard[-1].score, heard[-1].bound) == (in_child["score"], in_child["bound"])


def test_no_time_still_gives_a_plan_and_a_bound() -> None:
    document = build_instance(24, 30)
    answer = solve(document, time_limit=0)
    assert answer["status"] == "feasible"
    assert answer["bound"] > answer["score"] > 0
    assert list_violations(parse_instance(document), answer["assignments"]) == []


def test_cancelled_run_answers_with_what_it_has() -> None:
    document = build_instance(24, 30)
    answer = solve(document, cancelled=lambda: True)
    assert answer["status"] == "feasible"
    assert answer["score"] == solve(document, time_limit=0)["score"]


def test_another_run_with_stability_changes_no_more_than_it_must() -> None:
    document = build_instance(24, 30)
    first = _solve(document)["assignments"]
    for asked in document["applications"]:
        asked["previous"] = first.get(asked["id"])
    document["weights"]["stability"] = 300
    document["applications"] = [
        asked for asked in document["applications"] if asked["id"] != min(first)
    ]
    again = _solve(document)["assignments"]
    kept = {name for name, codes in again.items() if first.get(name) == codes}
    assert kept == set(first) - {min(first)}


def test_forbidden_booth_is_the_reason_when_nothing_else_fits() -> None:
    document = _one_booth("HTX-1", "HTX-2")
    document["applications"][0]["forbidden"] = ["A1"]
    answer = _solve(document)
    assert answer["assignments"] == {"HTX-2": ["A1"]}
    facts = {"booths": 1, "group": 1, "forbidden": 0}
    assert answer["unplaced"] == {"HTX-1": {"reason": "no_booth_fits", "facts": facts}}


def test_dead_solver_loses_neither_plan_nor_bound() -> None:
    def die(model: Model, *, seconds: float, report: Report, stop: Callable[[], bool]) -> None:
        return

    document = build_instance(24, 30)
    answer, best = solve(document, runner=die), _solve(document)
    assert answer["status"] == "feasible"
    assert answer["score"] <= best["score"] <= answer["bound"]
