"""From an instance to an answer: search, prove, settle ties, explain.

The stages: `searching` (greedy, then random moves), `proving` (HiGHS from that plan), `explaining`
(why the others got nothing). There is a plan and a proven bound from the first moment on.
"""

from collections.abc import Callable
from time import monotonic
from typing import Any

from .compact import BLIND, Compact
from .instance import Instance
from .lottery import draw_number
from .model import Task
from .neighbours import list_alike, part_alike
from .problem import Problem, bound_simply, compile_problem
from .progress import Progress
from .reasons import explain_unplaced
from .runner import Event, Runner
from .score import count_quota, list_violations, score_assignments
from .search import Plan, build_greedily, improve_plan
from .ties import settle_ties

SEARCH_SHARE = 0.3
PROOF_SHARE = 0.85
TIES_SHARE = 0.9
REASONS_SHARE = 0.98


class Run:
    """One run: the clock, the best plan, the best bound, and whom to tell."""

    def __init__(
        self,
        problem: Problem,
        *,
        time_limit: float,
        started: float,
        progress: Callable[[Progress], None] | None,
        cancelled: Callable[[], bool] | None,
    ) -> None:
        self.problem = problem
        self.time_limit = time_limit
        self.started = started
        self._progress = progress
        self._cancelled = cancelled
        self.stage = "searching"
        self.plan = build_greedily(problem)
        self.bound = max(bound_simply(problem), self.plan.score)
        self.tell()

    def left(self, share: float = 1.0) -> float:
        """Return the seconds left of a share of the time limit, at least 0."""
        return max(0.0, self.started + share * self.time_limit - monotonic())

    def is_over(self, share: float = 1.0) -> bool:
        """Whether that share of the time is spent or somebody cancelled the run."""
        return self.left(share) <= 0 or self.is_cancelled()

    def is_cancelled(self) -> bool:
        """Whether somebody cancelled the run."""
        return self._cancelled is not None and self._cancelled()

    def tell(self) -> None:
        """Report the progress."""
        if self._progress is not None:
            seconds = round(monotonic() - self.started, 2)
            self._progress(Progress(self.stage, self.plan.score, self.bound, seconds))

    def enter(self, stage: str) -> None:
        """Begin a stage."""
        self.stage = stage
        self.tell()

    def offer(self, plan: Plan, *, final: bool) -> None:
        """Take a plan if it is better, or as good and the last word of a finished proof."""
        if plan.score > self.plan.score or (final and plan.score == self.plan.score):
            self.plan = plan

    def lower_bound_to(self, bound: int) -> None:
        """Take a proven bound if it is lower; no bound can lie below a plan."""
        self.bound = max(self.plan.score, min(self.bound, bound))


def solve_instance(
    instance: Instance,
    *,
    time_limit: float,
    progress: Callable[[Progress], None] | None,
    cancelled: Callable[[], bool] | None,
    runner: Runner,
) -> dict[str, Any]:
    """Return the answer (version 1) to a valid instance; see the package's `solve`."""
    started = monotonic()
    run = Run(
        compile_problem(instance),
        time_limit=time_limit,
        started=started,
        progress=progress,
        cancelled=cancelled,
    )
    improve_plan(run.plan, bound=run.bound, stop=lambda: run.is_over(SEARCH_SHARE))
    run.lower_bound_to(run.bound)
    watched = BLIND
    if run.plan.score < run.bound and not run.is_over():
        watched = _prove(run, runner)
    settle_ties(run.plan, stop=lambda: run.is_over(TIES_SHARE))
    run.lower_bound_to(run.bound)
    run.enter("explaining")
    unplaced = explain_unplaced(
        run.plan,
        optimal=run.plan.score == run.bound,
        watched=watched,
        seconds=run.left(REASONS_SHARE),
        stop=lambda: run.is_over(REASONS_SHARE),
        runner=runner,
    )
    run.tell()
    return _answer(run, unplaced)


def _prove(run: Run, runner: Runner) -> frozenset[str]:
    """Better the plan and the bound, for the proof's share of the time; return the kinds watched.

    The first model overlooks that the alike should not be neighbours. While its best plan, with
    the alike moved apart as well as can be, has penalties that the model does not know, it watches
    their kinds too and is solved again; each model bounds the whole problem.
    """
    run.enter("proving")
    watched = BLIND
    while True:
        overlooked = _solve_round(run, runner, watched)
        if not overlooked or run.plan.score >= run.bound or run.is_over(PROOF_SHARE):
            return watched
        watched |= overlooked


def _solve_round(run: Run, runner: Runner, watched: frozenset[str]) -> frozenset[str]:
    """Solve one model; if that came to its end, return the kinds that it overlooked."""
    problem = run.problem
    compact = Compact(problem, watched)
    overlooked: set[str] = set()

    def hear(event: Event) -> None:
        if event.bound is not None:
            run.lower_bound_to(event.bound * problem.unit)
        if event.chosen is not None:
            plan = compact.read(event.chosen)
            if not list_violations(problem.instance, plan.assignments()):
                final = event.ended and event.proven
                if event.ended:
                    # Those left are hard to part; if the model watches all of them, what it
                    # overlooked was parted again at the cost of some that it watches.
                    before = list_alike(plan)
                    _part(run, plan)
                    for alike in (list_alike(plan), before) if final else ():
                        overlooked.update(
                            () if overlooked else {kind for kind, _ in alike} - watched
                        )
                run.offer(plan, final=final)
        run.tell()

    runner(
        compact.model([Task(start=run.plan.at)]),
        seconds=run.left(PROOF_SHARE),
        report=hear,
        stop=run.is_cancelled,
    )
    return frozenset(overlooked)


def _part(run: Run, plan: Plan) -> None:
    """Move the alike apart in the plan at no cost, and offer one in which that may cost."""

    def stop() -> bool:
        return run.is_over(PROOF_SHARE)

    part_alike(plan, bound=run.bound, stop=stop, dear=False)
    if list_alike(plan):
        other = plan.copy()
        part_alike(other, bound=run.bound, stop=stop, dear=True)
        run.offer(other, final=False)


def _answer(run: Run, unplaced: dict[str, dict[str, Any]]) -> dict[str, Any]:
    instance = run.problem.instance
    assignments = run.plan.assignments()
    score = score_assignments(instance, assignments)
    assert score == run.plan.score
    assert not list_violations(instance, assignments)
    quotas = []
    for quota in instance.quotas:
        booths = count_quota(instance, quota, assignments)
        short = max(0, quota.minimum - booths)
        quotas.append({"name": quota.name, "booths": booths, "short": short})
    names = sorted(application.id for application in instance.applications)
    return {
        "version": 1,
        "instance_sha256": instance.sha256,
        "status": "optimal" if score == run.bound else "feasible",
        "score": score,
        "bound": run.bound,
        "seconds": round(monotonic() - run.started, 2),
        "assignments": assignments,
        "unplaced": unplaced,
        "quotas": quotas,
        "lottery": {name: draw_number(instance.seed, name) for name in names},
    }
