"""Ties are drawn by lot: a plan is settled so that no luckier application envies at no cost."""

from collections.abc import Callable

from .problem import Column
from .search import Plan


def settle_ties(plan: Plan, *, stop: Callable[[], bool] = lambda: False) -> None:
    """Change the plan in place, never lowering its score, until all of this holds.

    The first is so even if `stop` ends the work before its time.

    * Of two applications of one class (alike in all that counts), the luckier has the better place:
      placed before unplaced, then the higher wish.
    * No unplaced application could be added, or take the block of one less lucky, without loss.

    Each round raises the score, else the number placed, else the luck of those placed: it ends.
    """
    while True:
        _hand_out(plan)
        if stop() or not (_fill(plan) or _exchange(plan, stop)):
            return


def _hand_out(plan: Plan) -> None:
    for members in plan.problem.members:
        held = [(index, plan.at[index]) for index in members if plan.at[index] is not None]
        wanted = sorted(
            (column for _, column in held if column is not None),
            key=lambda column: (-column.gain, column.booths),
        )
        if [column for _, column in held] == wanted and [i for i, _ in held] == members[
            : len(held)
        ]:
            continue
        for index, _ in held:
            plan.remove(index)
        for index, column in zip(members, wanted, strict=False):
            plan.place(index, column)


def _fill(plan: Plan) -> bool:
    changed = False
    for index, column in enumerate(plan.at):
        if column is None:
            changed |= plan.place_best(index)
    return changed


def _exchange(plan: Plan, stop: Callable[[], bool]) -> bool:
    problem, changed = plan.problem, False
    for index in [index for index, column in enumerate(plan.at) if column is None]:
        if stop():
            break
        for column in problem.columns[problem.class_of[index]]:
            holders = {plan.owner[booth] for booth in column.booths} - {-1}
            if len(holders) == 1 and _replace(plan, index, column, holders.pop()):
                changed = True
                break
    return changed


def _replace(plan: Plan, index: int, column: Column, holder: int) -> bool:
    """Give the column to the application instead of its less lucky holder, unless that costs."""
    if holder < index or plan.is_pinned(holder):
        return False
    before = plan.score
    plan.changes.clear()
    plan.remove(holder)
    if plan.has_room(index):
        plan.place(index, column)
        if plan.score >= before:
            return True
    plan.undo(0)
    return False
