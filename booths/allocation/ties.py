"""Ties are drawn by lot: a plan is settled so that no luckier application envies at no cost."""

from .search import Plan


def settle_ties(plan: Plan) -> None:
    """Change the plan in place, never lowering its score, until all of this holds.

    * Of two applications of one class (alike in all that counts), the luckier has the better place:
      placed before unplaced, then the higher wish.
    * No unplaced application could be added, or take the block of one less lucky, without loss.

    Each round raises the score, else the number placed, else the luck of those placed: it ends.
    """
    while True:
        _hand_out(plan)
        if not (_fill(plan) or _exchange(plan)):
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


def _exchange(plan: Plan) -> bool:
    for index in [index for index, column in enumerate(plan.at) if column is None]:
        for column in plan.problem.columns[plan.problem.class_of[index]]:
            holders = plan.holders(column)
            if len(holders) != 1 or holders[0] < index or plan.is_pinned(holders[0]):
                continue
            before = plan.score
            old = plan.remove(holders[0])
            if plan.has_room(index):
                plan.place(index, column)
                if plan.score >= before:
                    return True
                plan.remove(index)
            plan.place(holders[0], old)
    return False
