"""Alike stands side by side: finding them in a plan and moving them apart at no other cost."""

from collections.abc import Callable
from random import Random

from .search import Plan

SIDESTEPS = 60


def list_alike(plan: Plan) -> list[tuple[str, int]]:
    """Return kind and place in `Problem.pairs` of each pair that two alike hold."""
    problem, found = plan.problem, []
    if not problem.instance.weights.apart:
        return []
    for number, (one, other) in enumerate(problem.pairs):
        first, second = plan.owner[one], plan.owner[other]
        if first < 0 or second < 0 or first == second:
            continue
        kind = problem.applications[first].kind
        if kind is not None and kind == problem.applications[second].kind:
            found.append((kind, number))
    return found


def part_alike(plan: Plan, *, bound: int, stop: Callable[[], bool], dear: bool) -> None:
    """Move applications that stand beside one alike, or swap them with others, raising the score.

    Unless `dear`, no wish is given up for it: what is scored apart from neighbours stays. Where
    nothing raises the score, up to SIDESTEPS moves that keep it are tried, by a lot that depends
    on the instance alone.
    """
    choice = Random(plan.problem.instance.seed)  # noqa: S311  (repeatable by design, no secret)
    problem = plan.problem
    sidesteps = SIDESTEPS
    while plan.score < bound and not stop():
        crowded = sorted(
            {plan.owner[booth] for _, pair in list_alike(plan) for booth in problem.pairs[pair]}
        )
        movable = [index for index in crowded if not plan.is_pinned(index)]
        if not movable:
            return
        before = plan.score
        choice.shuffle(movable)
        for index in movable:
            if _is_crowded(plan, index):
                _move(plan, index, choice, least=1, dear=dear)
        if plan.score == before:
            if not sidesteps:
                return
            sidesteps -= 1
            _move(plan, movable[0], choice, least=0, dear=dear)


def _is_crowded(plan: Plan, index: int) -> bool:
    column = plan.at[index]
    if column is None:
        return False
    kind = plan.problem.applications[index].kind
    near = {plan.owner[other] for booth in column.booths for other in plan.problem.beside[booth]}
    return any(plan.problem.applications[one].kind == kind for one in near - {index, -1})


def _move(plan: Plan, index: int, choice: Random, *, least: int, dear: bool) -> None:
    """Take the first move or swap, in the order of the lot, that raises the score by `least`."""
    problem = plan.problem
    columns = problem.columns[problem.class_of[index]]
    places = list(range(len(columns.pool.blocks)))
    choice.shuffle(places)
    for at in places:
        holders = plan.holders(columns.on(at))
        if holders == [index] or len(holders) > 1:
            continue
        before = plan.score
        plan.changes.clear()
        if _try(plan, index, at, holders, dear=dear) and plan.score - before >= least:
            return
        plan.undo(0)


def _try(plan: Plan, index: int, at: int, holders: list[int], *, dear: bool) -> bool:
    """Move to the block at that place of the pool, sending its one holder the other way."""
    problem = plan.problem
    old = plan.at[index]
    assert old is not None
    column = problem.columns[problem.class_of[index]].on(at)
    if not holders:
        if column.gain < old.gain and not dear:
            return False
        plan.remove(index)
        plan.place(index, column)
        return True
    other = holders[0]
    theirs, its = problem.columns[problem.class_of[other]], plan.at[other]
    if plan.is_pinned(other) or its is None or its.booths != column.booths:
        return False
    place = theirs.pool.place_of.get(old.booths)
    if place is None:
        return False
    back = theirs.on(place)
    if column.gain + back.gain < old.gain + its.gain and not dear:
        return False
    plan.remove(index)
    plan.remove(other)
    plan.place(index, column)
    plan.place(other, back)
    return True
