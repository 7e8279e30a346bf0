"""Why an application got nothing, in facts that anyone can check.

In this order, the first that is true of the answer:

* `no_booth_fits`: no block fits. Facts: how many blocks of its size there are (`booths`), then how
  many are left after each requirement in turn.
* `quota_full`: with it, a quota's maximum would be exceeded. Facts: which quotas.
* `outbid`: every fitting block is held, by nobody of lower priority.
* `worse_overall`: a fitting block is free, or held in part by somebody of lower priority.

The last two carry `fitting_blocks`, `free_blocks`, `lowest_priority_placed_there` (None when nobody
is) and what forcing the application in would cost. In an answer with status "optimal" that is
`score_drop` where it is known exactly (0: an equally good answer places it, the lot decided; None:
pins and maxima forbid it), else `score_drop_at_least` and `score_drop_at_most` enclose it. In any
other answer only `score_drop_at_most` is given, if a forced plan that is no better was found.

Exact without a solver: 0 when a twin (an application of the same class) is placed, or when pushing
it in by hand costs nothing. The rest is bounded by the relaxation with the application forced in,
and solved to the end only where that is little work (EXACT_WORK), a rule about the instance and not
about the clock, so that the same instance gives the same facts.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from time import monotonic
from typing import Any

from .compact import BLIND, Compact, list_kinds
from .model import Task
from .neighbours import part_alike
from .problem import Column
from .runner import Event, Runner
from .search import Plan, force_in

SEARCHED_BY_HAND = 12
EXACT_WORK = 6_000  # variables times classes to force in
WATCHED_AT_MOST = 400  # variables of a model that watches kinds


@dataclass(slots=True)
class Drop:
    """What is known of the cost of forcing a class in; `most` None: no way was found yet.

    `start` are the columns (`Plan.at`) of the best plan found by hand.
    """

    least: int | None
    most: int | None = None
    impossible: bool = False
    start: list[Column | None] = field(default_factory=list)

    def is_exact(self) -> bool:
        """Whether nothing is left to find out."""
        return self.impossible or (self.most is not None and self.least == self.most)

    def learn_plan(self, drop: int) -> None:
        """A plan with the application was found that costs `drop`."""
        self.most = drop if self.most is None else min(self.most, drop)

    def facts(self) -> dict[str, int | None]:
        """Return the facts to publish."""
        if self.is_exact():
            return {"score_drop": None if self.impossible else self.most}
        facts: dict[str, int | None] = {}
        if self.least is not None:
            facts["score_drop_at_least"] = self.least
        if self.most is not None and self.most >= 0:
            facts["score_drop_at_most"] = self.most
        return facts


def explain_unplaced(
    plan: Plan,
    *,
    optimal: bool,
    watched: frozenset[str],
    seconds: float,
    stop: Callable[[], bool],
    runner: Runner,
) -> dict[str, dict[str, Any]]:
    """Return reason and facts for each application without booths, by id."""
    problem = plan.problem
    reasons: dict[str, dict[str, Any]] = {}
    compared: dict[str, int] = {}
    views: dict[int, tuple[int, int | None]] = {}
    for index, column in enumerate(plan.at):
        if column is None:
            name = problem.applications[index].id
            reasons[name] = _plain_reason(plan, index, views)
            if reasons[name]["reason"] in ("outbid", "worse_overall"):
                compared[name] = problem.class_of[index]
    drops = _find_drops(plan, sorted(set(compared.values())), optimal=optimal, stop=stop)
    if optimal:
        _solve_drops(plan, drops, watched=watched, seconds=seconds, stop=stop, runner=runner)
    for name, group in compared.items():
        reasons[name]["facts"].update(drops[group].facts())
    return dict(sorted(reasons.items()))


def _plain_reason(
    plan: Plan, index: int, views: dict[int, tuple[int, int | None]]
) -> dict[str, Any]:
    """Return reason and facts but for the drop; `views` keeps what is the same for a whole pool."""
    problem = plan.problem
    application, group = problem.applications[index], problem.class_of[index]
    columns = problem.columns[group]
    if not len(columns):
        return {"reason": "no_booth_fits", "facts": problem.book.count_left(application)}
    if not plan.has_room(index):
        return {"reason": "quota_full", "facts": {"quotas": _full_quotas(plan, index)}}
    pool = problem.pool_of[group]
    if pool not in views:
        views[pool] = _look(plan, problem.pools[pool].blocks)
    free, lowest = views[pool]
    outbid = not free and lowest is not None and lowest >= application.priority
    return {
        "reason": "outbid" if outbid else "worse_overall",
        "facts": {
            "fitting_blocks": len(columns),
            "free_blocks": free,
            "lowest_priority_placed_there": lowest,
        },
    }


def _look(plan: Plan, blocks: Sequence[tuple[int, ...]]) -> tuple[int, int | None]:
    """Return how many blocks are free, and the lowest priority of those who hold any of them."""
    free = sum(1 for block in blocks if all(plan.owner[booth] < 0 for booth in block))
    there = {plan.owner[booth] for block in blocks for booth in block} - {-1}
    priorities = (plan.problem.applications[holder].priority for holder in there)
    return free, min(priorities, default=None)


def _full_quotas(plan: Plan, index: int) -> list[dict[str, Any]]:
    problem = plan.problem
    full = []
    for position in problem.quotas[problem.class_of[index]]:
        quota, booths = problem.instance.quotas[position], plan.counts[position]
        size = problem.applications[index].booths
        if quota.maximum is not None and booths + size > quota.maximum:
            full.append({"name": quota.name, "max": quota.maximum, "booths": booths})
    return full


def _find_drops(
    plan: Plan, groups: list[int], *, optimal: bool, stop: Callable[[], bool]
) -> dict[int, Drop]:
    """Enclose the drop of each class without a solver, pushing its luckiest member in by hand."""
    problem = plan.problem
    drops = {}
    for group in groups:
        drop = drops[group] = Drop(least=0 if optimal else None)
        index = problem.members[group][0]
        if plan.at[index] is not None:
            drop.learn_plan(0)
            continue
        saved, score = list(plan.at), plan.score
        best: tuple[int, list[Column | None]] | None = None
        for column in islice(problem.columns[group], SEARCHED_BY_HAND):
            if stop():
                break
            if force_in(plan, index, column):
                _fill_after(plan, saved)
                if best is None or plan.score > best[0]:
                    best = plan.score, list(plan.at)
                plan.restore(saved)
        if best is not None:
            plan.restore(best[1])
            drop.learn_plan(score - plan.score)
            drop.start = list(plan.at)
            plan.restore(saved)
    return drops


def _fill_after(plan: Plan, saved: list[Column | None]) -> None:
    for other, column in enumerate(saved):
        if column is None and plan.at[other] is None:
            plan.place_best(other)


def _solve_drops(
    plan: Plan,
    drops: dict[int, Drop],
    *,
    watched: frozenset[str],
    seconds: float,
    stop: Callable[[], bool],
    runner: Runner,
) -> None:
    """Solve again with each class that is not clear yet forced in.

    First overlooking neighbours, then, where the model is small, watching what the proof watched,
    then all kinds.
    """
    problem, finish, work = plan.problem, monotonic() + seconds, EXACT_WORK
    for number, closer in enumerate(dict.fromkeys((BLIND, watched, list_kinds(problem)))):
        groups = [group for group, drop in drops.items() if not drop.is_exact()]
        groups.sort(key=lambda group: (drops[group].most or 0, group))
        compact = Compact(problem, closer)
        exact = min(len(groups), work // max(1, len(compact.uses)))
        work -= exact * len(compact.uses)
        if number:
            groups = groups[:exact]
        if not groups or stop() or (number and len(compact.uses) > WATCHED_AT_MOST):
            return
        tasks = [
            Task(forced=group, start=drops[group].start, exact=place < exact)
            for place, group in enumerate(groups)
        ]

        def hear(event: Event, groups: list[int] = groups, compact: Compact = compact) -> None:
            drop = drops[groups[event.task]]
            drop.impossible = drop.impossible or event.impossible
            if event.chosen is not None and event.ended:
                forced = compact.read(event.chosen)
                part_alike(forced, bound=plan.score - (drop.least or 0), stop=stop, dear=True)
                drop.learn_plan(plan.score - forced.score)
            if event.bound is not None and drop.least is not None:
                drop.least = max(drop.least, plan.score - event.bound * problem.unit)

        runner(compact.model(tasks), seconds=finish - monotonic(), report=hear, stop=stop)
