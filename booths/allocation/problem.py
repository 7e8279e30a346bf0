"""The instance compiled for the solver: numbers instead of codes, applications by lot.

Applications alike in everything that counts (all but `id`, and traits no quota looks at) form one
class with one list of columns. The model decides how many of a class are placed and where; who of
them gets which place is the lot's to say (`ties`), so a tie inside a class costs no search.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from math import gcd
from typing import NamedTuple

from .blocks import Block, BlockBook
from .instance import Application, Instance
from .lottery import sort_by_lot


class Column(NamedTuple):
    """One way to place an application of a class: booths by position, and place + wish score."""

    booths: tuple[int, ...]
    gain: int


@dataclass(frozen=True, slots=True)
class Problem:
    """Lists run along `applications` (luckiest first), classes, booths or quotas.

    `columns[c]` are a class's columns, best first; `quotas[c]` the quotas that count its booths;
    `pairs` are neighbouring booths, smaller position first; `unit` divides every score.
    """

    instance: Instance
    book: BlockBook
    applications: list[Application]
    class_of: list[int]
    members: list[list[int]]
    columns: list[list[Column]]
    quotas: list[list[int]]
    pairs: list[tuple[int, int]]
    beside: list[list[int]]
    unit: int

    def kind_of(self, group: int) -> str | None:
        """Return the kind that the applications of a class sell."""
        return self.applications[self.members[group][0]].kind

    def size_of(self, group: int) -> int:
        """Return how many booths each application of a class asks for."""
        return self.applications[self.members[group][0]].booths

    def is_pinned(self, group: int) -> bool:
        """Whether the class is one pinned application, which has to be placed."""
        return self.applications[self.members[group][0]].pinned is not None

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
    columns = [
        _columns(instance, position, application, book.fitting(application))
        for application in classes
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
        columns=columns,
        quotas=quotas,
        pairs=pairs,
        beside=beside,
        unit=_unit(instance, columns),
    )


def _columns(
    instance: Instance,
    position: Mapping[str, int],
    application: Application,
    blocks: Sequence[Block],
) -> list[Column]:
    weights = instance.weights
    booths = instance.booths
    place = weights.place * application.priority
    wishes = [
        (weights.wish * (4 - rank), what, position[name] if what == "booth" else name)
        for rank, (what, name) in enumerate(application.wishes, start=1)
    ]

    def gain(block: Block) -> int:
        for worth, what, target in wishes:
            if what == "booth":
                if target in block.booths:
                    return place + worth
            elif all(booths[at].zone == target for at in block.booths):
                return place + worth
        return place

    columns = [Column(block.booths, gain(block)) for block in blocks]
    return sorted(columns, key=lambda column: (-column.gain, column.booths))


def _unit(instance: Instance, columns: list[list[Column]]) -> int:
    """Return the greatest number that divides all parts of the score (at least 1)."""
    parts = {column.gain for listed in columns for column in listed}
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
        if columns
    )
    for _, gain, size, group in offers:
        taken = min(left, size * len(problem.members[group]))
        bound += -(-gain * taken // size)
        left -= taken
    for index, quota in enumerate(problem.instance.quotas):
        demand = sum(
            problem.size_of(group) * len(members)
            for group, members in enumerate(problem.members)
            if index in problem.quotas[group] and problem.columns[group]
        )
        bound -= problem.instance.weights.quota * max(0, quota.minimum - demand)
    return bound // problem.unit * problem.unit
