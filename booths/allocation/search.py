"""A plan that is changed move by move, and the quick search that finds a good first one."""

from collections.abc import Callable
from itertools import islice
from random import Random

from .problem import Column, Problem

MOVES_PER_APPLICATION = 20
MOVES_AT_MOST = 4_000
COLUMNS_TRIED = 40


class Plan:
    """Who holds what, with the score kept up to date.

    `at[i]` is the column of application i or None, `owner[b]` the application at booth b or -1.
    The hard rules hold after every successful `place`; `remove` never asks about pins. Every change
    is noted in `changes`, so that `undo` can take the last ones back.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.at: list[Column | None] = [None] * len(problem.applications)
        self.owner = [-1] * len(problem.instance.booths)
        self.counts = [0] * len(problem.instance.quotas)
        self.changes: list[tuple[int, Column | None]] = []
        weight = problem.instance.weights.quota
        self.score = -weight * sum(quota.minimum for quota in problem.instance.quotas)

    def is_free(self, column: Column) -> bool:
        """Whether nobody holds any booth of the column."""
        return all(self.owner[booth] < 0 for booth in column.booths)

    def has_room(self, index: int) -> bool:
        """Whether every maximum allows the application's booths on top of those counted."""
        problem = self.problem
        size = problem.applications[index].booths
        return all(
            maximum is None or self.counts[quota] + size <= maximum
            for quota in problem.quotas[problem.class_of[index]]
            for maximum in [problem.instance.quotas[quota].maximum]
        )

    def worth(self, index: int, column: Column) -> int:
        """Return by how much the score rises when the application gets the free column."""
        problem = self.problem
        kind = problem.applications[index].kind
        worth = column.gain
        if kind is not None:
            alike = sum(
                1
                for booth in column.booths
                for near in problem.beside[booth]
                if self.owner[near] >= 0 and problem.applications[self.owner[near]].kind == kind
            )
            worth -= problem.instance.weights.apart * alike
        return worth + self._wanted(index)

    def _wanted(self, index: int) -> int:
        """Return what placing the application adds by bringing quotas nearer to their minimum."""
        problem, wanted = self.problem, 0
        for quota in problem.quotas[problem.class_of[index]]:
            short = problem.instance.quotas[quota].minimum - self.counts[quota]
            if short > 0:
                size = problem.applications[index].booths
                wanted += problem.instance.weights.quota * min(short, size)
        return wanted

    def place(self, index: int, column: Column) -> None:
        """Give the free column to the application, which holds none."""
        self.changes.append((index, None))
        self.score += self.worth(index, column)
        self.at[index] = column
        for booth in column.booths:
            self.owner[booth] = index
        for quota in self.problem.quotas[self.problem.class_of[index]]:
            self.counts[quota] += len(column.booths)

    def remove(self, index: int) -> Column:
        """Take the application's column away and return it."""
        column = self.at[index]
        assert column is not None
        self.changes.append((index, column))
        self.at[index] = None
        for booth in column.booths:
            self.owner[booth] = -1
        for quota in self.problem.quotas[self.problem.class_of[index]]:
            self.counts[quota] -= len(column.booths)
        self.score -= self.worth(index, column)
        return column

    def best_free(self, index: int, *, tried: int | None = None) -> tuple[int, Column] | None:
        """Return the best worth and column that is free for the application, the first if tied."""
        if not self.has_room(index):
            return None
        found: tuple[int, Column] | None = None
        wanted = self._wanted(index)
        for column in islice(self.problem.columns[self.problem.class_of[index]], tried):
            if found is not None and column.gain + wanted <= found[0]:
                break  # the columns go down, and neighbours only take away
            if self.is_free(column):
                worth = self.worth(index, column)
                if found is None or worth > found[0]:
                    found = worth, column
        return found

    def place_best(self, index: int, *, tried: int | None = None) -> bool:
        """Place the application where it is worth most, unless that would lower the score."""
        found = self.best_free(index, tried=tried)
        if found is None or found[0] < 0:
            return False
        self.place(index, found[1])
        return True

    def holders(self, column: Column) -> list[int]:
        """Return the applications that hold booths of the column, luckiest first."""
        return sorted({self.owner[booth] for booth in column.booths} - {-1})

    def is_pinned(self, index: int) -> bool:
        """Whether the application may not be moved."""
        return self.problem.applications[index].pinned is not None

    def copy(self) -> "Plan":
        """Return a plan of its own that is the same now."""
        plan = Plan(self.problem)
        plan.at, plan.owner, plan.counts = list(self.at), list(self.owner), list(self.counts)
        plan.score = self.score
        return plan

    def undo(self, mark: int) -> None:
        """Take back all changes since there were `mark` of them."""
        for index, column in reversed(self.changes[mark:]):
            if column is None:
                self.remove(index)
            else:
                self.place(index, column)
        del self.changes[mark:]

    def restore(self, saved: list[Column | None]) -> None:
        """Go back to an earlier copy of `at`."""
        changed = [index for index, column in enumerate(saved) if column is not self.at[index]]
        for index in changed:
            if self.at[index] is not None:
                self.remove(index)
        for index in changed:
            column = saved[index]
            if column is not None:
                self.place(index, column)

    def assignments(self) -> dict[str, list[str]]:
        """Return the codes each placed application holds, by id in the order of ids."""
        held = {
            application.id: self.problem.name_booths(column)
            for application, column in zip(self.problem.applications, self.at, strict=True)
            if column is not None
        }
        return dict(sorted(held.items()))


def build_greedily(problem: Problem) -> Plan:
    """Return the better of two plans: by priority, and by priority for each booth."""
    plans = []
    for by_booth in (False, True):
        plan = Plan(problem)

        def urgency(index: int, *, by_booth: bool = by_booth) -> tuple[bool, float]:
            application = problem.applications[index]
            share = application.booths if by_booth else 1
            return application.pinned is None, -application.priority / share

        for index in sorted(range(len(problem.applications)), key=urgency):
            if plan.is_pinned(index):
                plan.place(index, problem.columns[problem.class_of[index]][0])
            else:
                plan.place_best(index)
        plans.append(plan)
    return max(plans, key=lambda plan: plan.score)


def force_in(plan: Plan, index: int, column: Column) -> bool:
    """Give the column to the application, whoever holds it, and place again whom it drives out.

    Leaves the plan as it was and returns False where pins or maxima forbid it. The score may fall.
    """
    driven = plan.holders(column)
    if any(plan.is_pinned(other) and other != index for other in driven):
        return False
    removed = [(other, plan.remove(other)) for other in driven]
    if plan.at[index] is not None:
        removed.append((index, plan.remove(index)))
    if not plan.has_room(index):
        for other, old in removed:
            plan.place(other, old)
        return False
    plan.place(index, column)
    for other, _ in removed:
        if other != index:
            plan.place_best(other, tried=COLUMNS_TRIED)
    return True


def improve_plan(
    plan: Plan,
    *,
    bound: int,
    stop: Callable[[], bool],
    moves: int | None = None,
) -> None:
    """Force random columns in and keep what does not lower the score.

    Ends after a number of moves that depends on the instance alone, at the bound, or on `stop`;
    the same instance gives the same plan unless stopped.
    """
    problem = plan.problem
    choice = Random(problem.instance.seed)  # noqa: S311  (repeatable by design, no secret)
    movable = [
        index
        for index, group in enumerate(problem.class_of)
        if len(problem.columns[group]) and not plan.is_pinned(index)
    ]
    if moves is None:
        moves = min(MOVES_AT_MOST, MOVES_PER_APPLICATION * len(movable))
    for _ in range(moves if movable else 0):
        if plan.score >= bound or stop():
            return
        index = choice.choice(movable)
        columns = problem.columns[problem.class_of[index]]
        column = columns[choice.randrange(len(columns))]
        if plan.at[index] == column:
            continue
        plan.changes.clear()
        before = plan.score
        if force_in(plan, index, column):
            for other in choice.sample(movable, min(3, len(movable))):
                if plan.at[other] is None:
                    plan.place_best(other, tried=COLUMNS_TRIED)
        if plan.score < before:
            plan.undo(0)
