"""The instance compiled for the solver: numbers instead of codes, applications by lot.

Applications alike in everything that counts (all but `id`, and traits no quota looks at) form one
class with one list of columns; classes that the same blocks fit share that pool of blocks. The
model decides how many of a class are placed and where; who of them gets which place is the lot's to
say (`ties`), so a tie inside a class costs no search.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, reduce
from math import gcd
from typing import NamedTuple

from .blocks import BlockBook
from .instance import Application, Instance
from .lottery import sort_by_lot


class Column(NamedTuple):
    """One way to place an application of a class: booths by position, and what it scores alone."""

    booths: tuple[int, ...]
    gain: int


class Pool:
    """The blocks that fit, in order of positions: one list for all classes that may have them.

    `inside` gives the places in `blocks` of those that lie wholly in a zone, `holding` of those
    that contain a booth.
    """

    def __init__(self, instance: Instance, blocks: Sequence[tuple[int, ...]]) -> None:
        self.blocks = blocks
        self.inside: dict[str, list[int]] = defaultdict(list)
        self.holding: dict[int, list[int]] = defaultdict(list)
        for place, block in enumerate(blocks):
            zones = {instance.booths[booth].zone for booth in block}
            if len(zones) == 1:
                self.inside[zones.pop()].append(place)
            for booth in block:
                self.holding[booth].append(place)

    @cached_property
    def place_of(self) -> dict[tuple[int, ...], int]:
        """Return the place in `blocks` of each block."""
        return {block: place for place, block in enumerate(self.blocks)}

    @cached_property
    def zone_of(self) -> dict[int, str]:
        """Return the zone of each block, by its place, that lies wholly in one."""
        return {place: zone for zone, places in self.inside.items() for place in places}


class Columns:
    """The columns of a class, best first, without a list as long as its pool.

    `place` is what being placed scores, `bonus` what some blocks score on top, by their place in
    the pool.
    """

    def __init__(self, pool: Pool, place: int, bonus: Mapping[int, int]) -> None:
        self.pool = pool
        self.place = place
        self.bonus = bonus
        self._first = sorted(
            (Column(pool.blocks[at], place + more) for at, more in bonus.items()),
            key=lambda column: (-column.gain, column.booths),
        )
        self._skipped = sorted(bonus)

    def __len__(self) -> int:
        """Return how many blocks there are."""
        return len(self.pool.blocks)

    def __iter__(self) -> Iterator[Column]:
        """Yield the columns, best first."""
        yield from self._first
        for at, block in enumerate(self.pool.blocks):
            if at not in self.bonus:
                yield Column(block, self.place)

    def __getitem__(self, number: int) -> Column:
        """Return the column of that number in the order of iteration."""
        if number < len(self._first):
            return self._first[number]
        number -= len(self._first)
        for skipped in self._skipped:
            if skipped > number:
                break
            number += 1
        return Column(self.pool.blocks[number], self.place)

    def on(self, at: int) -> Column:
        """Return the column on the block at that place of the pool."""
        return Column(self.pool.blocks[at], self.place + self.bonus.get(at, 0))


@dataclass(frozen=True, slots=True)
class Problem:
    """Lists run along `applications` (luckiest first), classes, booths or quotas.

    `columns[c]` are a class's columns; `pools` the lists of blocks they share, and `pool_of[c]`
    which one; `quotas[c]` the quotas that count its booths; `pairs` are neighbouring booths,
    smaller position first; `unit` divides every score.
    """

    instance: Instance
    book: BlockBook
    applications: list[Application]
    class_of: list[int]
    members: list[list[int]]
    pools: list[Pool]
    pool_of: list[int]
    columns: list[Columns]
    quotas: list[list[int]]
    pairs: list[tuple[int, int]]
    beside: list[list[int]]
    unit: int

    def first_of(self, group: int) -> Application:
        """Return the luckiest application of a class."""
        return self.applications[self.members[group][0]]

    def kind_of(self, group: int) -> str | None:
        """Return the kind that the applications of a class sell."""
        return self.first_of(group).kind

    def size_of(self, group: int) -> int:
        """Return how many booths each application of a class asks for."""
        return self.first_of(group).booths

    def is_pinned(self, group: int) -> bool:
        """Whether the class is one pinned application, which has to be placed."""
        return self.first_of(group).pinned is not None

    def name_booths(self, column: Column) -> list[str]:
        """Return the codes of a column's booths, in the order of the floor plan."""
        return [self.instance.booths[position].code for position in column.booths]


def compile_problem(instance: Instance) -> Problem:
    """Find the classes, blocks and columns. The order of the applications leaves no trace."""
    book = BlockBook(instance)
    applications = sort_by_lot(instance.seed, instance.applications)
    watched = {quota.trait for quota in instance.quotas}
    classes: dict[Application, list[int]] = {}
    for index, application in enumerate(applications):
        counting = tuple(trait for trait in application.traits if trait[0] in watched)
        classes.setdefault(replace(application, id="", traits=counting), []).append(index)
    class_of = [0] * len(applications)
    for group, members in enumerate(classes.values()):
        for index in members:
            class_of[index] = group
    position = {booth.code: index for index, booth in enumerate(instance.booths)}
    pairs = sorted(
        (min(position[a], position[b]), max(position[a], position[b]))
        for a, b in instance.neighbours
    )
    beside: list[list[int]] = [[] for _ in instance.booths]
    for one, other in pairs:
        beside[one].append(other)
        beside[other].append(one)
    pools, pool_of = _pool(instance, book, classes)
    columns = [
        _columns(instance, position, application, pools[pool])
        for application, pool in zip(classes, pool_of, strict=True)
    ]
    quotas = [
        [index for index, quota in enumerate(instance.quotas) if quota.covers(application)]
        for application in classes
    ]
    return Problem(
        instance=instance,
        book=book,
        applications=applications,
        class_of=class_of,
        members=list(classes.values()),
        pools=pools,
        pool_of=pool_of,
        columns=columns,
        quotas=quotas,
        pairs=pairs,
        beside=beside,
        unit=_unit(instance, columns),
    )


def _pool(
    instance: Instance, book: BlockBook, classes: Iterable[Application]
) -> tuple[list[Pool], list[int]]:
    """Return the distinct lists of fitting blocks, and which of them is whose."""
    found: dict[tuple[tuple[int, ...], ...], int] = {}
    known: dict[int, int] = {}
    pools: list[Pool] = []
    pool_of = []
    for application in classes:
        blocks = book.fitting(application)  # one list object for each need, kept by the book
        if id(blocks) not in known:
            shape = tuple(block.booths for block in blocks)
            if shape not in found:
                found[shape] = len(pools)
                pools.append(Pool(instance, shape))
            known[id(blocks)] = found[shape]
        pool_of.append(known[id(blocks)])
    return pools, pool_of


def _columns(
    instance: Instance, position: Mapping[str, int], application: Application, pool: Pool
) -> Columns:
    weights = instance.weights
    bonus: dict[int, int] = {}
    for rank, (what, name) in enumerate(application.wishes, start=1):
        holding = what == "booth"
        for at in pool.holding[position[name]] if holding else pool.inside[name]:
            bonus.setdefault(at, weights.wish * (4 - rank))
    if application.previous is not None and weights.stability:
        # A booth that is no longer on the plan has no position, and -1 is in no block.
        kept = tuple(sorted(position.get(code, -1) for code in application.previous))
        if kept in pool.place_of:
            at = pool.place_of[kept]
            bonus[at] = bonus.get(at, 0) + weights.stability
    bonus = {at: more for at, more in bonus.items() if more}
    return Columns(pool, weights.place * application.priority, bonus)


def _unit(instance: Instance, columns: list[Columns]) -> int:
    """Return the greatest number that divides all parts of the score (at least 1)."""
    parts = {listed.place for listed in columns if len(listed)}
    parts.update(more for listed in columns for more in listed.bonus.values())
    parts.add(instance.weights.apart if instance.neighbours else 0)
    parts.add(instance.weights.quota if instance.quotas else 0)
    return reduce(gcd, parts, 0) or 1


def bound_simply(problem: Problem) -> int:
    """Return a bound proven without a solver, so that there always is one.

    Every application takes its best column, as if only the number of booths were scarce and the
    last one could be placed in part (the fractional knapsack of Dantzig, 1957); neighbours are
    free, and a quota is short by no more than its applicants' demand leaves it.
    """
    left = len(problem.instance.booths)
    bound = 0
    offers = sorted(
        (-columns[0].gain / len(columns[0].booths), columns[0].gain, len(columns[0].booths), group)
        for group, columns in enumerate(problem.columns)
        if len(columns)
    )
    for _, gain, size, group in offers:
        taken = min(left, size * len(problem.members[group]))
        bound += -(-gain * taken // size)
        left -= taken
    for index, quota in enumerate(problem.instance.quotas):
        demand = sum(
            problem.size_of(group) * len(members)
            for group, members in enumerate(problem.members)
            if index in problem.quotas[group] and len(problem.columns[group])
        )
        bound -= problem.instance.weights.quota * max(0, quota.minimum - demand)
    return bound // problem.unit * problem.unit
