"""The problem as a mixed-integer programme, in arrays that can be sent to another process.

Maximise the score, in units, over x (a class's column is used), z (a neighbouring pair is held by
two applications of one kind) and s (booths a quota is short):

* each class uses at most as many columns as it has members, a pinned class exactly one;
* each booth is covered at most once;
* for each pair and kind: columns of the kind that touch the pair <= 1 + z of the pair. A booth is
  covered once, so at most two such columns touch a pair, and then the pair is held by two alike;
* for each quota: minimum - s <= booths of its columns <= maximum.

z and s need no integrality: they take the least value the rest leaves them, a whole number.
"""

import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from .problem import Column, Problem
from .search import Plan


@dataclass(frozen=True, slots=True)
class Model:
    """Column-wise sparse matrix, bounds and gains; the first `whole` variables are binary.

    `forced` lists what to solve: -1 the model as it is, else the class (row) of which one member
    has to be placed; those are only bounded by their relaxation unless `exact`. Task t may start
    from the plan that uses the binaries `start[start_begin[t]:start_begin[t + 1]]`, if any.
    """

    gain: NDArray[np.float64]
    upper: NDArray[np.float64]
    row_lower: NDArray[np.float64]
    row_upper: NDArray[np.float64]
    begin: NDArray[np.int32]
    row: NDArray[np.int32]
    value: NDArray[np.float64]
    whole: NDArray[np.int32]
    start: NDArray[np.int32]
    start_begin: NDArray[np.int32]
    forced: NDArray[np.int32]
    exact: NDArray[np.bool_]

    def encode(self) -> bytes:
        """Return the arrays as one NPZ file."""
        buffer = io.BytesIO()
        np.savez(buffer, **{field.name: getattr(self, field.name) for field in fields(self)})
        return buffer.getvalue()

    @classmethod
    def decode(cls, data: bytes) -> "Model":
        """Read what `encode` wrote; pickles are refused."""
        with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
            return cls(**{field.name: arrays[field.name] for field in fields(cls)})


@dataclass(frozen=True, slots=True)
class Task:
    """One solve: the class forced in (-1: none), and the columns (`Plan.at`) to start from."""

    forced: int = -1
    start: Sequence[Column | None] = ()


class _Rows:
    """Collects rows as bounds and entries."""

    def __init__(self) -> None:
        self.lower: list[float] = []
        self.upper: list[float] = []
        self.entries: list[tuple[int, int, float]] = []

    def add(self, lower: float, upper: float, terms: Iterable[tuple[int, float]]) -> None:
        row = len(self.lower)
        self.lower.append(lower)
        self.upper.append(upper)
        self.entries.extend((variable, row, value) for variable, value in terms)


def list_columns(problem: Problem) -> list[tuple[int, int]]:
    """Return (class, place in its columns) for every binary variable, in the model's order."""
    return [
        (group, place)
        for group, columns in enumerate(problem.columns)
        for place in range(len(columns))
    ]


def build_model(problem: Problem, tasks: Sequence[Task], *, exact: bool = True) -> Model:
    """Write the problem as a model, to be solved for each task."""
    columns = list_columns(problem)
    count = len(columns)
    rows = _Rows()
    of_class: list[list[int]] = [[] for _ in problem.members]
    at_booth: list[list[int]] = [[] for _ in problem.instance.booths]
    for variable, (group, place) in enumerate(columns):
        of_class[group].append(variable)
        for booth in problem.columns[group][place].booths:
            at_booth[booth].append(variable)
    for group, variables in enumerate(of_class):
        least = 1 if problem.is_pinned(group) else 0
        rows.add(least, len(problem.members[group]), ((variable, 1) for variable in variables))
    for variables in at_booth:
        rows.add(0, 1, ((variable, 1) for variable in variables))
    pair_count = 0
    for variables_by_kind in _alike_at_pairs(problem, columns, at_booth):
        extra = count + pair_count
        pair_count += 1
        for variables in variables_by_kind:
            rows.add(-np.inf, 1, [*((variable, 1) for variable in variables), (extra, -1)])
    _add_quotas(problem, rows, of_class, first_short=count + pair_count)
    quotas = problem.instance.quotas
    weights = problem.instance.weights
    gains = [problem.columns[group][place].gain for group, place in columns]
    gains += [-weights.apart] * pair_count + [-weights.quota] * len(quotas)
    upper = [1] * (count + pair_count) + [quota.minimum for quota in quotas]
    return Model(
        gain=np.array(gains, np.float64) / problem.unit,
        upper=np.array(upper, np.float64),
        row_lower=np.array(rows.lower, np.float64),
        row_upper=np.array(rows.upper, np.float64),
        **_compress(rows.entries, len(gains)),
        whole=np.array(count, np.int32),
        **_list_starts(columns, problem, tasks),
        forced=np.array([task.forced for task in tasks], np.int32),
        exact=np.array(exact),
    )


def _add_quotas(
    problem: Problem, rows: _Rows, of_class: list[list[int]], *, first_short: int
) -> None:
    for index, quota in enumerate(problem.instance.quotas):
        most = np.inf if quota.maximum is None else quota.maximum
        terms = [
            (variable, problem.size_of(group))
            for group, variables in enumerate(of_class)
            if index in problem.quotas[group]
            for variable in variables
        ]
        rows.add(-np.inf, most, terms)
        rows.add(quota.minimum, np.inf, [*terms, (first_short + index, 1)])


def _alike_at_pairs(
    problem: Problem, columns: list[tuple[int, int]], at_booth: list[list[int]]
) -> Iterator[list[list[int]]]:
    """For each pair that two alike could hold, give for each such kind the columns touching it."""
    if not problem.instance.weights.apart:
        return
    for pair in problem.pairs:
        touching: dict[str, set[int]] = defaultdict(set)
        for booth in pair:
            for variable in at_booth[booth]:
                kind = problem.kind_of(columns[variable][0])
                if kind is not None:
                    touching[kind].add(variable)
        several = []
        for variables in touching.values():
            groups = {columns[variable][0] for variable in variables}
            if len(groups) > 1 or any(len(problem.members[group]) > 1 for group in groups):
                several.append(sorted(variables))
        if several:
            yield several


def _compress(entries: list[tuple[int, int, float]], count: int) -> dict[str, NDArray]:
    entries = sorted(entries)
    variables = np.array([variable for variable, _, _ in entries], np.int32)
    return {
        "begin": np.searchsorted(variables, np.arange(count + 1)).astype(np.int32),
        "row": np.array([row for _, row, _ in entries], np.int32),
        "value": np.array([value for _, _, value in entries], np.float64),
    }


def _list_starts(
    columns: list[tuple[int, int]], problem: Problem, tasks: Sequence[Task]
) -> dict[str, NDArray]:
    variable = {
        (group, problem.columns[group][place].booths): number
        for number, (group, place) in enumerate(columns)
    }
    starts = [
        [
            variable[problem.class_of[index], column.booths]
            for index, column in enumerate(task.start)
            if column is not None
        ]
        for task in tasks
    ]
    return {
        "start": np.array([number for start in starts for number in start], np.int32),
        "start_begin": np.cumsum([0, *(len(start) for start in starts)]).astype(np.int32),
    }


def read_plan(problem: Problem, chosen: Iterable[int]) -> Plan:
    """Return the plan that uses the chosen binary variables, the luckiest of a class first."""
    columns = list_columns(problem)
    plan = Plan(problem)
    waiting = [iter(members) for members in problem.members]
    for variable in chosen:
        group, place = columns[variable]
        plan.place(next(waiting[group]), problem.columns[group][place])
    return plan
