"""Alike stands side by side: finding them in a plan and moving them apart at no other cost."""

from collections.abc import Callable
from random import Random

from .problem import Column
from .search import Plan

SIDESTEPS = 12


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
            held = plan.at[index]
            if held is not None and _crowd(plan, index, held.booths, (index,)):
                _move(plan, index, choice, least=1, dear=dear)
        if plan.score == before:
            if not sidesteps:
                return
            sidesteps -= 1
            _move(plan, movable[0], choice, least=0, dear=dear)


def _crowd(plan: Plan, index: int, booths: tuple[int, ...], others: tuple[int, ...]) -> int:
    """Count the neighbours alike that an application would have there, some others apart."""
    problem = plan.problem
    kind = problem.applications[index].kind
    if kind is None:
        return 0
    near = [plan.owner[booth] for at in booths for booth in problem.beside[at]]
    return sum(
        1
        for one in near
        if one >= 0 and one not in others and problem.applications[one].kind == kind
    )


def _move(plan: Plan, index: int, choice: Random, *, least: int, dear: bool) -> None:
    """Take the first move or swap, in the order of the lot, that raises the score by `least`."""
    problem = plan.problem
    old = plan.at[index]
    assert old is not None
    columns = problem.columns[problem.class_of[index]]
    places = list(range(len(columns.pool.blocks)))
    choice.shuffle(places)
    for at in places:
        column = columns.on(at)
        holders = {plan.owner[booth] for booth in column.booths} - {-1}
        if index in holders or len(holders) > 1:
            continue
        moves = [(index, old, column)]
        if holders:
            other = holders.pop()
            back = _way_back(plan, other, column, old)
            if back is None:
                continue
            moves.append((other, column, back))
        if _weigh(plan, moves, dear=dear) >= least:
            for mover, _, _ in moves:
                plan.remove(mover)
            for mover, _, there in moves:
                plan.place(mover, there)
            return


def _way_back(plan: Plan, other: int, held: Column, free: Column) -> Column | None:
    """Return the other's column on the booths that its swap would free, if it may have them."""
    columns, its = plan.problem.columns[plan.problem.class_of[other]], plan.at[other]
    if plan.is_pinned(other) or its is None or its.booths != held.booths:
        return None
    at = columns.pool.place_of.get(free.booths)
    return None if at is None else columns.on(at)


def _weigh(plan: Plan, moves: list[tuple[int, Column, Column]], *, dear: bool) -> int:
    """Return by how much the moves (who, from where, where to) would raise the score.

    The movers themselves do not count as neighbours: they still are, or are not, after a swap. -1
    stands for moves that give up a wish where that is not wanted.
    """
    movers = tuple(mover for mover, _, _ in moves)
    gain = crowd = 0
    for mover, here, there in moves:
        now = plan.at[mover]
        assert now is not None
        gain += there.gain - now.gain
        crowd += _crowd(plan, mover, there.booths, movers)
        crowd -= _crowd(plan, mover, here.booths, movers)
    if gain < 0 and not dear:
        return -1
    return gain - plan.problem.instance.weights.apart * crowd
