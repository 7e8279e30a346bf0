"""From an instance to an answer: search, prove, settle ties, explain.

The stages: `searching` (greedy, then random moves), `proving` (HiGHS from that plan), `explaining`
(why the others got nothing). There is a plan and a proven bound from the first moment on.
"""

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Any

from .instance import Instance
from .lottery import draw_number
from .model import Task, build_model, read_plan
from .problem import Problem, bound_simply, compile_problem
from .reasons import explain_unplaced
from .runner import Event, Runner
from .score import count_quota, list_violations, score_assignments
from .search import Plan, build_greedily, improve_plan
from .ties import settle_ties

SEARCH_SHARE = 0.3
PROOF_SHARE = 0.85


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is: stage, score of the best plan, proven bound, seconds since the start."""

    stage: str
    score: int
    bound: int
    seconds: float


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
    if run.plan.score < run.bound and not run.is_over():
        _prove(run, runner)
    settle_ties(run.plan)
    run.lower_bound_to(run.bound)
    run.enter("explaining")
    unplaced = explain_unplaced(
        run.plan,
        optimal=run.plan.score == run.bound,
        seconds=run.left(),
        stop=run.is_over,
        runner=runner,
    )
    run.tell()
    return _answer(run, unplaced)


def _prove(run: Run, runner: Runner) -> None:
    """Let HiGHS better the plan and the bound, for the proof's share of the time."""
    run.enter("proving")
    problem = run.problem

    def hear(event: Event) -> None:
        if event.chosen is not None:
            plan = read_plan(problem, event.chosen)
            if not list_violations(problem.instance, plan.assignments()):
                run.offer(plan, final=event.ended and event.proven)
        if event.bound is not None:
            run.lower_bound_to(event.bound * problem.unit)
        run.tell()

    runner(
        build_model(problem, [Task(start=run.plan.at)]),
        seconds=run.left(PROOF_SHARE),
        report=hear,
        stop=run.is_cancelled,
    )


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
