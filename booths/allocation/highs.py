"""HiGHS on a model, in this process; the only file that imports highspy.

One thread, a fixed seed and no relative gap: the same model gives the same answer. Gains are in
units, so a proven gap below one unit proves the optimum. Bounds from relaxations are recomputed
from the dual prices, which prove them whatever HiGHS's tolerances were.
"""

from collections.abc import Callable
from dataclasses import replace
from math import floor
from time import monotonic

import highspy
import numpy as np
from numpy.typing import NDArray

from .model import Model
from .runner import Event, Report

GAP = 0.98
ROUNDING = 0.01
LARGE = 30_000  # variables, from which the relaxation is solved first, by interior points
NEAR = 1e-6

Values = NDArray[np.float64]


def solve_model(
    model: Model,
    *,
    seconds: float,
    report: Report,
    stop: Callable[[], bool] = lambda: False,
) -> None:
    """Solve each entry of `forced` in turn and report all news, each result with `ended`.

    `seconds` is for all of them. HiGHS may overshoot it; run in a child process if that matters.
    """
    work = _Work(model, finish=monotonic() + seconds, report=report, stop=stop)
    large = len(model.gain) >= LARGE
    relaxed = load(model, whole=False)
    if large:
        relaxed.setOptionValue("solver", "ipm")
        work.relax(relaxed)
        relaxed.setOptionValue("solver", "simplex")
    for task, forced in enumerate(model.forced.tolist()):
        if work.left() <= 0 or stop():
            return
        work.begin(task)
        if forced >= 0:
            _solve_forced(work, relaxed, task)
        elif large:
            _solve_large(work, relaxed, task)
        else:
            report(replace(work.solve_whole(model, task, least=0), ended=True))


class _Work:
    """A model with what all its solves share; `best` are the values of a task's best solution."""

    def __init__(
        self, model: Model, *, finish: float, report: Report, stop: Callable[[], bool]
    ) -> None:
        self.model = model
        self.report = report
        self.stop = stop
        self.best: Values | None = None
        self._finish = finish
        self._variable_of = np.repeat(np.arange(len(model.gain)), np.diff(model.begin))

    def left(self) -> float:
        """Return the seconds left."""
        return self._finish - monotonic()

    def begin(self, task: int) -> None:
        """Take up the plan that the task starts from."""
        model = self.model
        part = slice(model.start_begin[task], model.start_begin[task + 1])
        self.best = None
        if len(model.start[part]):
            self.best = np.zeros(len(model.gain))
            self.best[model.start[part]] = model.start_value[part]

    def relax(self, solver: highspy.Highs) -> highspy.HighsModelStatus:
        """Solve a relaxation in the time left, from the basis it has."""
        solver.setOptionValue("time_limit", solver.getRunTime() + max(0.0, self.left()))
        solver.run()
        return solver.getModelStatus()

    def price(self, solver: highspy.Highs, lower: Values) -> tuple[float, Values]:
        """Return the bound that the row prices of a relaxation prove, and the reduced gains.

        Weak duality: whatever the prices, no solution has more than the rows' worth at these prices
        plus every variable's best at what the prices leave of its gain. `lower` are the lower
        bounds of the rows.
        """
        model = self.model
        prices = -np.asarray(solver.getSolution().row_dual)
        # A row bounded on one side has a price of one sign.
        prices = np.where((prices > 0) & np.isinf(model.row_upper), 0.0, prices)
        prices = np.where((prices < 0) & np.isinf(lower), 0.0, prices)
        worth = prices[model.row] * model.value
        left = model.gain - np.bincount(self._variable_of, worth, len(model.gain))
        sides = np.where(prices > 0, model.row_upper, np.where(prices < 0, lower, 0.0))
        return float(prices @ sides + np.maximum(left, 0.0) @ model.upper), left

    def solve_whole(
        self, model: Model, task: int, *, fixed: Values | None = None, least: int | None = None
    ) -> Event:
        """Solve with whole numbers, telling of every better solution, and return the outcome.

        `model` may be the whole one or a part; the variables are at least `fixed`. Its bounds are
        told too, as `least` at the least, unless that is None.
        """
        solver = load(model, whole=True, lower=fixed)

        def better(event: highspy.HighsCallbackEvent) -> None:
            self.report(Event(task, chosen=_chosen(model, event.data_out.mip_solution)))

        def news(event: highspy.HighsCallbackEvent) -> None:
            bound = _round(event.data_out.mip_dual_bound)
            if bound is not None and least is not None:
                self.report(Event(task, bound=max(bound, least)))

        def interrupt(event: highspy.HighsCallbackEvent) -> None:
            if self.stop():
                event.interrupt()

        solver.cbMipImprovingSolution += better
        solver.cbMipLogging += news
        solver.cbMipInterrupt += interrupt
        solver.setOptionValue("time_limit", max(0.0, self.left()))
        if self.best is not None:
            solution = highspy.HighsSolution()
            solution.col_value = self.best.tolist()
            solver.setSolution(solution)
        solver.run()
        status, info = solver.getModelStatus(), solver.getInfo()
        if status == highspy.HighsModelStatus.kInfeasible:
            return Event(task, proven=True, impossible=True)
        chosen = None
        if info.primal_solution_status == highspy.kSolutionStatusFeasible:
            values = np.asarray(solver.getSolution().col_value)
            chosen = _chosen(model, values)
            if self.best is None or model.gain @ values > model.gain @ self.best:
                self.best = values
        bound = _round(info.mip_dual_bound) if info.valid else None
        proven = status == highspy.HighsModelStatus.kOptimal
        return Event(task, chosen=chosen, bound=bound, proven=proven)

    def solve_reduced(self, model: Model, task: int, *, bound: float, left: Values) -> Event:
        """Solve over the variables that a solution better than the best one could use.

        A solution that uses a variable with the reduced gain -r has at most `bound` - r; if that
        is no better, only solutions without it matter. What was left out bounds nothing lower than
        the best solution.
        """
        if self.best is None:
            return self.solve_whole(model, task, least=0)
        have = float(model.gain @ self.best)
        useless = (bound + left < have + 1 - ROUNDING) & (self.best == 0)
        useless[int(model.whole) :] = False
        least = floor(have + ROUNDING)
        reduced = replace(model, upper=np.where(useless, 0.0, model.upper))
        event = self.solve_whole(reduced, task, least=least)
        return event if event.bound is None else replace(event, bound=max(event.bound, least))


def load(model: Model, *, whole: bool, lower: Values | None = None) -> highspy.Highs:
    """Hand a model, or its relaxation, to a new HiGHS; variables are at least `lower` or 0."""
    count, integers = len(model.gain), int(model.whole)
    matrix = highspy.HighsLp()
    matrix.num_col_, matrix.num_row_ = count, len(model.row_lower)
    matrix.col_cost_ = -model.gain
    matrix.col_lower_ = np.zeros(count) if lower is None else lower
    matrix.col_upper_ = model.upper
    matrix.row_lower_, matrix.row_upper_ = model.row_lower, model.row_upper
    matrix.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    matrix.a_matrix_.start_ = model.begin
    matrix.a_matrix_.index_ = model.row
    matrix.a_matrix_.value_ = model.value
    if whole:
        matrix.integrality_ = [highspy.HighsVarType.kInteger] * integers + [
            highspy.HighsVarType.kContinuous
        ] * (count - integers)
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    for option, value in (
        ("threads", 1),
        ("random_seed", 0),
        ("mip_rel_gap", 0.0),
        ("mip_abs_gap", GAP),
    ):
        solver.setOptionValue(option, value)
    solver.passModel(matrix)
    return solver


def _solve_forced(work: _Work, relaxed: highspy.Highs, task: int) -> None:
    """Bound the model with a class forced in; solve it over what could be worth using."""
    model, forced = work.model, int(work.model.forced[task])
    lower = model.row_lower.copy()
    lower[forced] = 1.0
    relaxed.changeRowBounds(forced, 1.0, model.row_upper[forced])
    status = work.relax(relaxed)
    relaxed.changeRowBounds(forced, model.row_lower[forced], model.row_upper[forced])
    if status != highspy.HighsModelStatus.kOptimal:
        impossible = status == highspy.HighsModelStatus.kInfeasible
        work.report(Event(task, ended=True, proven=impossible, impossible=impossible))
        return
    values = np.asarray(relaxed.getSolution().col_value)
    bound, left = work.price(relaxed, lower)
    known = floor(bound + ROUNDING)
    if _is_whole(model, values):
        chosen = _chosen(model, values)
        work.report(Event(task, chosen=chosen, bound=known, ended=True, proven=True))
        return
    work.report(Event(task, bound=known, ended=not model.exact[task]))
    if model.exact[task]:
        part = replace(model, row_lower=lower)
        work.report(replace(work.solve_reduced(part, task, bound=bound, left=left), ended=True))


def _solve_large(work: _Work, relaxed: highspy.Highs, task: int) -> None:
    """Fix what the relaxation decided and solve the rest, then all that can still matter."""
    model = work.model
    values = np.asarray(relaxed.getSolution().col_value)
    bound, left = work.price(relaxed, model.row_lower)
    work.report(Event(task, bound=floor(bound + ROUNDING)))
    if _is_whole(model, values):
        chosen = _chosen(model, values)
        work.report(Event(task, chosen=chosen, ended=True, proven=True))
        return
    rounded = np.round(values)
    decided = np.abs(values - rounded) < NEAR
    decided[int(model.whole) :] = False
    start, work.best = work.best, None
    part = work.solve_whole(model, task, fixed=np.where(decided, rounded, 0.0))
    if work.best is None:
        work.best = start
    work.report(replace(part, bound=None, proven=False))
    work.report(replace(work.solve_reduced(model, task, bound=bound, left=left), ended=True))


def _is_whole(model: Model, values: Values) -> bool:
    whole = values[: int(model.whole)]
    return bool(np.all(np.abs(whole - np.round(whole)) < NEAR))


def _chosen(model: Model, values: object) -> list[tuple[int, int]]:
    whole = np.round(np.asarray(values)[: int(model.whole)]).astype(int)
    return [(int(variable), int(whole[variable])) for variable in np.flatnonzero(whole)]


def _round(dual_bound: float) -> int | None:
    """Turn HiGHS's lower bound on the cost into a whole upper bound on the gain.

    The addend lies on the safe side: it makes the bound looser than HiGHS's tolerances.
    """
    return floor(-dual_bound + ROUNDING) if np.isfinite(dual_bound) else None
