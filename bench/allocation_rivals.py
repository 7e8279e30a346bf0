"""One way of giving out booths on one instance, in a process of its own: figures as JSON lines.

`python -m bench.allocation_rivals METHOD BOOTHS APPLICATIONS SEED SECONDS`. The rivals start from
the same parsed instance and their plans are scored by the same definition.
"""

import json
import os
import resource
import sys
from math import floor
from time import monotonic
from typing import Any

import highspy
import numpy as np

from bench.allocation_instances import build_instance
from booths.allocation import Instance, Progress, parse_instance, solve
from booths.allocation.problem import Problem, compile_problem
from booths.allocation.score import list_violations, score_assignments
from booths.allocation.search import Plan, improve_plan


def tell(**figures: Any) -> None:
    """Write figures: the last line counts, the lines before it are left when time is up."""
    print(json.dumps(figures), flush=True)


def run_ours(instance: Instance, started: float, seconds: float) -> None:
    """Our solver, reasons for everybody left out included."""
    proven: list[float] = []

    def hear(news: Progress) -> None:
        if news.score == news.bound and not proven:
            proven.append(monotonic() - started)

    answer = solve(instance, time_limit=seconds - (monotonic() - started), progress=hear)
    assert list_violations(instance, answer["assignments"]) == []
    tell(
        score=answer["score"],
        bound=answer["bound"],
        placed=len(answer["assignments"]),
        proven=proven[0] if proven else None,
    )


def run_greedy(instance: Instance, started: float, seconds: float) -> None:
    """By priority: each in turn gets the block that raises the score most."""
    del started, seconds
    _tell_plan(_place_by_priority(compile_problem(instance)))


def run_search(instance: Instance, started: float, seconds: float) -> None:
    """The same, then random moves that do not lower the score, half a minute at most."""
    plan = _place_by_priority(compile_problem(instance))
    improve_plan(
        plan,
        bound=sys.maxsize,
        stop=lambda: monotonic() - started > min(seconds, 30),
        moves=sys.maxsize,
    )
    _tell_plan(plan)


def _place_by_priority(problem: Problem) -> Plan:
    plan = Plan(problem)
    order = sorted(
        range(len(problem.applications)), key=lambda index: -problem.applications[index].priority
    )
    for index in order:
        plan.place_best(index)
    return plan


def _tell_plan(plan: Plan) -> None:
    held = plan.assignments()
    instance = plan.problem.instance
    assert list_violations(instance, held) == []
    tell(score=score_assignments(instance, held), bound=None, placed=len(held), proven=None)


def run_plain(instance: Instance, started: float, seconds: float) -> None:
    """One binary for each application and fitting block, all rows at once, HiGHS as it comes."""
    problem = compile_problem(instance)
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("mip_rel_gap", 0.0)
    solver.passModel(_write_plain(problem))
    unit = problem.unit

    def better(event: highspy.HighsCallbackEvent) -> None:
        found = event.data_out
        _tell_bounds(found.mip_primal_bound, found.mip_dual_bound, unit)

    solver.cbMipImprovingSolution += better
    solver.cbMipLogging += better
    solver.setOptionValue("time_limit", max(1.0, seconds - (monotonic() - started)))
    solver.run()
    info = solver.getInfo()
    _tell_bounds(info.objective_function_value, info.mip_dual_bound, unit)


def _tell_bounds(cost: float, least: float, unit: int) -> None:
    score = round(-cost) * unit if abs(cost) < 1e15 else None
    bound = floor(-least + 0.01) * unit if abs(least) < 1e15 else None
    tell(score=score, bound=bound, placed=None, proven=None)


def _write_plain(problem: Problem) -> highspy.HighsLp:
    rows: list[tuple[float, float]] = [(0, 1) for _ in problem.applications]
    rows += [(0, 1) for _ in problem.instance.booths]
    first_quota = len(rows)
    for quota in problem.instance.quotas:
        rows.append((quota.minimum, np.inf))
        rows.append((-np.inf, np.inf if quota.maximum is None else quota.maximum))
    gains: list[int] = []
    row, variable, value = [], [], []
    touching: dict[tuple[int, str], list[int]] = {}

    def put(at: int, number: int, entry: float) -> None:
        row.append(at)
        variable.append(number)
        value.append(entry)

    for index, group in enumerate(problem.class_of):
        kind = problem.kind_of(group)
        for column in problem.columns[group]:
            number = len(gains)
            gains.append(column.gain)
            put(index, number, 1)
            for booth in column.booths:
                put(len(problem.applications) + booth, number, 1)
                if kind is not None:
                    touching.setdefault((booth, kind), []).append(number)
            for quota_number in problem.quotas[group]:
                put(first_quota + 2 * quota_number, number, len(column.booths))
                put(first_quota + 2 * quota_number + 1, number, len(column.booths))
    binary = len(gains)
    for number in range(len(problem.instance.quotas)):
        put(first_quota + 2 * number, len(gains), 1)
        gains.append(-problem.instance.weights.quota)
    for one, other in problem.pairs:
        kinds = [kind for at, kind in touching if at == one and (other, kind) in touching]
        for kind in kinds:
            put(len(rows), len(gains), -1)
            for number in {*touching[one, kind], *touching[other, kind]}:
                put(len(rows), number, 1)
            rows.append((-np.inf, 1))
        gains.append(-problem.instance.weights.apart)
    return _pack(np.array(gains) / problem.unit, binary, rows, (row, variable, value))


def _pack(
    gains: np.ndarray,
    binary: int,
    rows: list[tuple[float, float]],
    entries: tuple[list[int], list[int], list[float]],
) -> highspy.HighsLp:
    row, variable, value = (np.array(part) for part in entries)
    order = np.lexsort((row, variable))
    matrix = highspy.HighsLp()
    matrix.num_col_, matrix.num_row_ = len(gains), len(rows)
    matrix.col_cost_ = -gains
    matrix.col_lower_ = np.zeros(len(gains))
    matrix.col_upper_ = np.where(np.arange(len(gains)) < binary, 1.0, 1e6)
    matrix.row_lower_ = np.array([least for least, _ in rows], np.float64)
    matrix.row_upper_ = np.array([most for _, most in rows], np.float64)
    matrix.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    starts = np.searchsorted(variable[order], np.arange(len(gains) + 1))
    matrix.a_matrix_.start_ = starts.astype(np.int32)
    matrix.a_matrix_.index_ = row[order].astype(np.int32)
    matrix.a_matrix_.value_ = value[order].astype(np.float64)
    kinds = highspy.HighsVarType
    matrix.integrality_ = [kinds.kInteger] * binary + [kinds.kContinuous] * (len(gains) - binary)
    return matrix


METHODS = {"ours": run_ours, "greedy": run_greedy, "search": run_search, "plain": run_plain}


def main() -> None:
    """Run the method, then tell what it cost."""
    method, booths, applications, seed, seconds = sys.argv[1:]
    instance = parse_instance(build_instance(int(booths), int(applications), int(seed)))
    started = monotonic()
    METHODS[method](instance, started, float(seconds))
    own = resource.getrusage(resource.RUSAGE_SELF)
    child = resource.getrusage(resource.RUSAGE_CHILDREN)
    tell(
        seconds=monotonic() - started,
        cpu_seconds=own.ru_utime + own.ru_stime + child.ru_utime + child.ru_stime,
        megabytes=max(own.ru_maxrss, child.ru_maxrss) // 1024,
        load=os.getloadavg()[0],
    )


if __name__ == "__main__":
    main()
