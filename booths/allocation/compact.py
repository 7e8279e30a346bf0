"""Compact models: who gets a booth and what kind of stand goes where, but not yet who stands where.

Most columns of a class score the same, and so do those of all classes with one pool of blocks. So
the models count instead of naming:

* X (a pool uses a block), Y (members of a class placed without a bonus, or with that of a zone),
  W (a class has a block with a bonus of its own: a booth wished for, the block it had before);
* the X of a pool are as many as its Y; those inside a zone at least the Y that score for the zone;
* a class has at most as many Y and W as members (a pinned class exactly one), a booth is covered at
  most once, and quotas count Y and W.

Zones do not overlap, so any X and Y that satisfy this can be matched, and nothing is lost against
a column for each application and block but symmetry. Alike neighbours are left out at first: a
model that ignores a penalty bounds the score from above. Kinds it should have watched are added: a
watched kind has pools of its own, and for each pair of neighbours

    columns of the kind that touch the pair <= 1 + z,  z = 1 costs the penalty.

A booth is covered once, so at most two columns touch a pair, and then two alike hold it.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from .model import Model, Rows, Task
from .problem import Column, Columns, Problem
from .search import Plan

CANDIDATES = 24
BLIND: frozenset[str] = frozenset()


def list_kinds(problem: Problem) -> frozenset[str]:
    """Return the kinds with which, all watched, the model is exact."""
    if not problem.instance.weights.apart:
        return BLIND
    kinds = (problem.kind_of(group) for group in range(len(problem.members)))
    return frozenset(kind for kind in kinds if kind is not None)


class Shared(NamedTuple):
    """A variable X: the pool, its kind where that is watched, the place of the block."""

    pool: tuple[int, str | None]
    at: int


class Placed(NamedTuple):
    """A variable Y: a class, and the zone it scores for."""

    group: int
    zone: str | None


class Own(NamedTuple):
    """A variable W: a class, and the place of the block in its pool."""

    group: int
    at: int


Use = Shared | Placed | Own


class Compact:
    """The model of a problem that watches some kinds, and the way back from solutions to plans."""

    def __init__(self, problem: Problem, watched: frozenset[str]) -> None:
        self.problem = problem
        self.watched = watched
        self.rows = Rows()
        self.uses: list[Use] = []
        self.number: dict[Use, int] = {}
        self._gains: list[int] = []
        self._upper: list[int] = []
        booths = problem.instance.booths
        self._booth_rows = [self.rows.add(-np.inf, 1) for _ in booths]
        self._touching: list[dict[str, list[int]]] = [defaultdict(list) for _ in booths]
        self._quota_rows = [
            (
                self.rows.add(-np.inf, np.inf if quota.maximum is None else quota.maximum),
                self.rows.add(quota.minimum, np.inf),
            )
            for quota in problem.instance.quotas
        ]
        self._pool_rows: dict[tuple[int, str | None], int] = {}
        self._zone_rows: dict[tuple[tuple[int, str | None], str], int] = {}
        self._bonus = [split_bonus(columns) for columns in problem.columns]
        self.class_rows = [self._add_class(group) for group in range(len(problem.members))]
        self._whole = len(self._gains)
        self._pair_of: dict[int, int] = {}
        self._add_pairs()
        weight = problem.instance.weights.quota
        self._first_short = len(self._gains)
        for (_, least), quota in zip(self._quota_rows, problem.instance.quotas, strict=True):
            self.rows.put(least, self._add(-weight, quota.minimum), 1)

    def _add(self, gain: int, upper: int, use: Use | None = None) -> int:
        if use is not None:
            self.number[use] = len(self.uses)
            self.uses.append(use)
        self._gains.append(gain)
        self._upper.append(upper)
        return len(self._gains) - 1

    def _kind(self, group: int) -> str | None:
        kind = self.problem.kind_of(group)
        return kind if kind in self.watched else None

    def _cover(self, variable: int, booths: tuple[int, ...], kind: str | None) -> None:
        for booth in booths:
            self.rows.put(self._booth_rows[booth], variable, 1)
            if kind is not None:
                self._touching[booth][kind].append(variable)

    def _open_pool(self, key: tuple[int, str | None]) -> int:
        if key not in self._pool_rows:
            row = self._pool_rows[key] = self.rows.add(0, 0)
            for at, block in enumerate(self.problem.pools[key[0]].blocks):
                variable = self._add(0, 1, Shared(key, at))
                self.rows.put(row, variable, 1)
                self._cover(variable, block, key[1])
        return self._pool_rows[key]

    def _open_zone(self, key: tuple[int, str | None], zone: str) -> int:
        if (key, zone) not in self._zone_rows:
            row = self._zone_rows[key, zone] = self.rows.add(-np.inf, 0)
            for at in self.problem.pools[key[0]].inside[zone]:
                self.rows.put(row, self.number[Shared(key, at)], -1)
        return self._zone_rows[key, zone]

    def _add_class(self, group: int) -> int:
        """Add the variables of a class and return its row."""
        problem, columns = self.problem, self.problem.columns[group]
        count = len(problem.members[group])
        row = self.rows.add(1 if problem.is_pinned(group) else 0, count)
        if not len(columns):
            return row
        key = problem.pool_of[group], self._kind(group)
        zones, own = self._bonus[group]
        pool_row = self._open_pool(key)
        for zone, more in ((None, 0), *zones.items()):
            variable = self._add(columns.place + more, count, Placed(group, zone))
            self._count(group, row, variable)
            self.rows.put(pool_row, variable, -1)
            if zone is not None:
                self.rows.put(self._open_zone(key, zone), variable, 1)
        for at in own:
            column = columns.on(at)
            variable = self._add(column.gain, 1, Own(group, at))
            self._count(group, row, variable)
            self._cover(variable, column.booths, key[1])
        return row

    def _count(self, group: int, row: int, variable: int) -> None:
        self.rows.put(row, variable, 1)
        for quota in self.problem.quotas[group]:
            for quota_row in self._quota_rows[quota]:
                self.rows.put(quota_row, variable, self.problem.size_of(group))

    def _add_pairs(self) -> None:
        apart = self.problem.instance.weights.apart
        for pair, (one, other) in enumerate(self.problem.pairs):
            first, second = self._touching[one], self._touching[other]
            for kind in sorted(first.keys() & second.keys()):
                if pair not in self._pair_of:
                    self._pair_of[pair] = self._add(-apart, 1)
                row = self.rows.add(-np.inf, 1)
                self.rows.put(row, self._pair_of[pair], -1)
                for variable in sorted({*first[kind], *second[kind]}):
                    self.rows.put(row, variable, 1)

    def model(self, tasks: Sequence[Task]) -> Model:
        """Return the model, to be solved for each task."""
        starts = [self._values(task.start) if task.start else {} for task in tasks]
        forced = [-1 if task.forced < 0 else self.class_rows[task.forced] for task in tasks]
        return Model(
            gain=np.array(self._gains, np.float64) / self.problem.unit,
            upper=np.array(self._upper, np.float64),
            whole=np.array(self._whole, np.int32),
            start=np.array([n for start in starts for n in start], np.int32),
            start_value=np.array([v for start in starts for v in start.values()], np.float64),
            start_begin=np.cumsum([0, *(len(start) for start in starts)]).astype(np.int32),
            forced=np.array(forced, np.int32),
            exact=np.array([task.exact for task in tasks], np.bool_),
            **self.rows.arrays(len(self._gains)),
        )

    def _values(self, at: Sequence[Column | None]) -> dict[int, float]:
        """Return the values other than 0 of a plan's variables."""
        problem = self.problem
        values: dict[int, float] = defaultdict(float)
        holder: dict[int, tuple[int, str | None]] = {}
        counts = [0] * len(self._quota_rows)
        for index, column in enumerate(at):
            if column is None:
                continue
            group = problem.class_of[index]
            for use in self._uses_of(group, column):
                values[self.number[use]] += 1
            holder.update(dict.fromkeys(column.booths, (index, self._kind(group))))
            for quota in problem.quotas[group]:
                counts[quota] += len(column.booths)
        for pair, variable in self._pair_of.items():
            (one, kind), (other, its) = (
                holder.get(booth, (-1, None)) for booth in problem.pairs[pair]
            )
            if one != other and kind is not None and kind == its:
                values[variable] = 1
        for index, count in enumerate(counts):
            least = problem.instance.quotas[index].minimum
            if count < least:
                values[self._first_short + index] = least - count
        return values

    def _uses_of(self, group: int, column: Column) -> tuple[Use, ...]:
        columns = self.problem.columns[group]
        at = columns.pool.place_of[column.booths]
        zones, own = self._bonus[group]
        if at in own:
            return (Own(group, at),)
        inside = {self.problem.instance.booths[booth].zone for booth in column.booths}
        zone = next(iter(inside)) if len(inside) == 1 else None
        key = self.problem.pool_of[group], self._kind(group)
        return Shared(key, at), Placed(group, zone if zone in zones else None)

    def read(self, values: Iterable[tuple[int, int]]) -> Plan:
        """Return a plan that scores at least what the model says, alike neighbours apart.

        `values` are the variables other than 0 of a solution.
        """
        problem = self.problem
        plan = Plan(problem)
        free: dict[tuple[int, str | None], list[int]] = defaultdict(list)
        waiting = [iter(members) for members in problem.members]
        placed: list[tuple[Placed, int]] = []
        for variable, value in values:
            use = self.uses[variable]
            if isinstance(use, Own):
                plan.place(next(waiting[use.group]), problem.columns[use.group].on(use.at))
            elif isinstance(use, Shared):
                free[use.pool].append(use.at)
            else:
                placed.extend([(use, next(waiting[use.group])) for _ in range(value)])
        asking: dict[tuple[int, str | None], dict[str | None, list[int]]] = defaultdict(
            lambda: defaultdict(list)
        )
        for use, index in placed:
            key = problem.pool_of[use.group], self._kind(use.group)
            asking[key][use.zone].append(index)
        for key, by_zone in sorted(asking.items(), key=lambda item: (item[0][0], item[0][1] or "")):
            rest = dict.fromkeys(free[key])
            inside = problem.pools[key[0]].inside
            for zone in sorted(by_zone, key=lambda zone: (zone is None, zone or "")):
                blocks = [at for at in (rest if zone is None else inside[zone]) if at in rest]
                for at in _hand_out(plan, by_zone[zone], blocks):
                    del rest[at]
        return plan


def split_bonus(columns: Columns) -> tuple[dict[str, int], list[int]]:
    """Return the zones all of whose blocks have at least a bonus, and the blocks that have more.

    The bonus of a zone is the least in it; a block outside such zones counts with any bonus.
    """
    zone_of = columns.pool.zone_of
    zones: dict[str, int] = {}
    for zone in sorted({zone_of[at] for at in columns.bonus if at in zone_of}):
        places = columns.pool.inside[zone]
        least = min(columns.bonus.get(at, 0) for at in places)
        if least and len(places) > 1:
            zones[zone] = least
    own = [
        at for at, more in sorted(columns.bonus.items()) if more > zones.get(zone_of.get(at, ""), 0)
    ]
    return zones, own


def _hand_out(plan: Plan, asking: list[int], blocks: list[int]) -> list[int]:
    """Give each its block, with few alike side by side; return the blocks given."""
    problem = plan.problem
    given = []
    asking = asking[::-1]
    for at in blocks[: len(asking)]:
        best = max(
            range(max(0, len(asking) - CANDIDATES), len(asking)),
            key=lambda place: _merit(plan, asking[place], at),
        )
        index = asking.pop(best)
        plan.place(index, problem.columns[problem.class_of[index]].on(at))
        given.append(at)
    return given


def _merit(plan: Plan, index: int, at: int) -> int:
    columns = plan.problem.columns[plan.problem.class_of[index]]
    return plan.worth(index, columns.on(at))
