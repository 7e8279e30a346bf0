"""HiGHS on a model, in this process; the only file that imports highspy.

One thread, a fixed seed and no relative gap: the same model gives the same answer. Gains are in
units, so a proven gap below one unit proves the optimum.
"""

from collections.abc import Callable
from math import floor
from time import monotonic

import highspy
import numpy as np

from .model import Model
from .runner import Event, Report

GAP = 0.98
ROUNDING = 0.01


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
    solver = _load(model)
    finish = monotonic() + seconds
    task = 0

    def better(event: highspy.HighsCallbackEvent) -> None:
        bound = _round(event.data_out.mip_dual_bound)
        report(Event(task, chosen=_chosen(model, event.data_out.mip_solution), bound=bound))

    def news(event: highspy.HighsCallbackEvent) -> None:
        report(Event(task, bound=_round(event.data_out.mip_dual_bound)))

    def interrupt(event: highspy.HighsCallbackEvent) -> None:
        if stop():
            event.interrupt()

    solver.cbMipImprovingSolution += better
    solver.cbMipLogging += news
    solver.cbMipInterrupt += interrupt
    for task, forced in enumerate(model.forced.tolist()):
        left = finish - monotonic()
        if left <= 0 or stop():
            return
        if forced < 0:
            report(_solve_whole(solver, model, task, left))
            continue
        solver.changeRowBounds(forced, 1.0, model.row_upper[forced])
        result = _solve_relaxed(solver, task, left)
        report(result)
        if model.exact and not result.impossible:
            report(_solve_whole(solver, model, task, finish - monotonic()))
        solver.changeRowBounds(forced, model.row_lower[forced], model.row_upper[forced])


def _load(model: Model) -> highspy.Highs:
    count, binary = len(model.gain), int(model.whole)
    matrix = highspy.HighsLp()
    matrix.num_col_, matrix.num_row_ = count, len(model.row_lower)
    matrix.col_cost_ = -model.gain
    matrix.col_lower_, matrix.col_upper_ = np.zeros(count), model.upper
    matrix.row_lower_, matrix.row_upper_ = model.row_lower, model.row_upper
    matrix.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    matrix.a_matrix_.start_ = model.begin
    matrix.a_matrix_.index_ = model.row
    matrix.a_matrix_.value_ = model.value
    kinds = [highspy.HighsVarType.kInteger] * binary
    matrix.integrality_ = kinds + [highspy.HighsVarType.kContinuous] * (count - binary)
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


def _solve_relaxed(solver: highspy.Highs, task: int, seconds: float) -> Event:
    """Solve without integrality, from the basis of the task before: a bound in milliseconds."""
    solver.setOptionValue("solve_relaxation", True)
    solver.setOptionValue("time_limit", solver.getRunTime() + max(0.0, seconds))
    solver.run()
    solver.setOptionValue("solve_relaxation", False)
    status, info = solver.getModelStatus(), solver.getInfo()
    if status == highspy.HighsModelStatus.kInfeasible:
        return Event(task, ended=True, proven=True, impossible=True)
    solved = status == highspy.HighsModelStatus.kOptimal
    return Event(task, bound=_round(info.objective_function_value) if solved else None, ended=True)


def _solve_whole(solver: highspy.Highs, model: Model, task: int, seconds: float) -> Event:
    solver.clearSolver()
    solver.setOptionValue("time_limit", solver.getRunTime() + max(0.0, seconds))
    start = model.start[model.start_begin[task] : model.start_begin[task + 1]]
    if len(start):
        binary = np.arange(int(model.whole), dtype=np.int32)
        solver.setSolution(len(binary), binary, np.isin(binary, start).astype(np.float64))
    solver.run()
    status, info = solver.getModelStatus(), solver.getInfo()
    if status == highspy.HighsModelStatus.kInfeasible:
        return Event(task, ended=True, proven=True, impossible=True)
    solved = info.primal_solution_status == highspy.kSolutionStatusFeasible
    return Event(
        task,
        chosen=_chosen(model, solver.getSolution().col_value) if solved else None,
        bound=_round(info.mip_dual_bound) if info.valid else None,
        ended=True,
        proven=status == highspy.HighsModelStatus.kOptimal,
    )


def _chosen(model: Model, values: object) -> list[int]:
    binary = np.asarray(values)[: int(model.whole)]
    return [int(variable) for variable in np.flatnonzero(binary > 0.5)]


def _round(dual_bound: float) -> int | None:
    """Turn HiGHS's lower bound on the cost into a whole upper bound on the gain.

    The addend lies on the safe side: it makes the bound looser than HiGHS's tolerances.
    """
    return floor(-dual_bound + ROUNDING) if np.isfinite(dual_bound) else None
