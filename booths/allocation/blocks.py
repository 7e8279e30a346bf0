"""Blocks: the sets of booths that can be one stand, and which application they fit."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce

from .instance import Application, Booth, Instance, InstanceError

MAX_BLOCKS = 1_000_000


@dataclass(frozen=True, slots=True)
class Block:
    """A set of booths by position in the instance, ascending, and what it offers as a whole.

    `groups` None takes any group.
    """

    booths: tuple[int, ...]
    groups: frozenset[str] | None
    power_kw: Fraction
    water: bool
    cold: bool
    cooking: bool


def describe_block(booths: Sequence[Booth], positions: Iterable[int]) -> Block:
    """Sum up what the booths at the positions offer together."""
    chosen = tuple(sorted(positions))
    members = [booths[position] for position in chosen]
    limits = [booth.groups for booth in members if booth.groups]
    return Block(
        booths=chosen,
        groups=reduce(frozenset.intersection, limits) if limits else None,
        power_kw=sum((booth.power_kw for booth in members), Fraction()),
        water=any(booth.water for booth in members),
        cold=any(booth.cold for booth in members),
        cooking=all(booth.cooking for booth in members),
    )


def find_blocks(instance: Instance, size: int) -> list[Block]:
    """Return every set of `size` booths that forms a path in the joins, in order of positions.

    Raises InstanceError when the joins are so dense that there are more than MAX_BLOCKS.
    """
    position = {booth.code: index for index, booth in enumerate(instance.booths)}
    reach: list[list[int]] = [[] for _ in instance.booths]
    for one, other in instance.joins:
        reach[position[one]].append(position[other])
        reach[position[other]].append(position[one])
    # A path is known by its set of booths and its end: the way between no longer matters.
    paths: set[tuple[tuple[int, ...], int]] = {
        ((index,), index) for index in range(len(instance.booths))
    }
    for _ in range(size - 1):
        longer: set[tuple[tuple[int, ...], int]] = set()
        for members, end in paths:
            longer.update(
                (tuple(sorted((*members, step))), step)
                for step in reach[end]
                if step not in members
            )
            if len(longer) > MAX_BLOCKS:
                raise InstanceError(f"joins: more than {MAX_BLOCKS} blocks of {size} booths")
        paths = longer
    return [describe_block(instance.booths, key) for key in sorted({key for key, _ in paths})]


def map_joins(instance: Instance) -> dict[str, set[str]]:
    """Return the codes each booth may be merged with."""
    joined: dict[str, set[str]] = {booth.code: set() for booth in instance.booths}
    for one, other in instance.joins:
        joined[one].add(other)
        joined[other].add(one)
    return joined


def forms_path(codes: frozenset[str], joined: dict[str, set[str]]) -> bool:
    """Whether the booths can be put in a line in which each is joined to the next."""

    def extend(end: str, rest: frozenset[str]) -> bool:
        return not rest or any(extend(step, rest - {step}) for step in rest & joined[end])

    return any(extend(start, codes - {start}) for start in codes)


def list_requirements(application: Application) -> dict[str, Callable[[Block], bool]]:
    """Return what the application asks of a block of its size, by the name of its field."""
    asked: dict[str, Callable[[Block], bool]] = {
        "group": lambda block: block.groups is None or application.group in block.groups
    }
    if application.power_kw:
        asked["power_kw"] = lambda block: block.power_kw >= application.power_kw
    if application.water:
        asked["water"] = lambda block: block.water
    if application.cold:
        asked["cold"] = lambda block: block.cold
    if application.cooking:
        asked["cooking"] = lambda block: block.cooking
    return asked


def fit_block(application: Application, block: Block) -> bool:
    """Whether a block of the right size, itself a path, serves the application (pin apart)."""
    return all(serves(block) for serves in list_requirements(application).values())


class BlockBook:
    """All blocks of an instance, found once for each size and each set of requirements."""

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        self._by_size: dict[int, list[Block]] = {}
        self._by_need: dict[tuple[object, ...], list[Block]] = {}

    def of_size(self, size: int) -> list[Block]:
        """Return every block of that many booths."""
        if size not in self._by_size:
            self._by_size[size] = find_blocks(self._instance, size)
        return self._by_size[size]

    def fitting(self, application: Application) -> list[Block]:
        """Return the blocks that fit the application, its pin included; equal needs, one list."""
        blocks = self.of_size(application.booths)
        need: tuple[object, ...] = (application.booths,)
        for name, serves in list_requirements(application).items():
            need = (*need, name, getattr(application, name))
            if need not in self._by_need:
                self._by_need[need] = [block for block in blocks if serves(block)]
            blocks = self._by_need[need]
        barred = application.forbidden
        if not barred and application.pinned is None:
            return blocks
        need = (*need, barred, application.pinned)
        if need not in self._by_need:
            self._by_need[need] = [block for block in blocks if self._may_have(application, block)]
        return self._by_need[need]

    def _may_have(self, application: Application, block: Block) -> bool:
        codes = {self._instance.booths[at].code for at in block.booths}
        pinned = application.pinned
        return codes.isdisjoint(application.forbidden) and (pinned is None or codes == pinned)

    def count_left(self, application: Application) -> dict[str, int]:
        """Count the blocks of the right size, then those left after each requirement in turn."""
        blocks = self.of_size(application.booths)
        left = {"booths": len(blocks)}
        for name, serves in list_requirements(application).items():
            blocks = [block for block in blocks if serves(block)]
            left[name] = len(blocks)
        if application.forbidden:
            left["forbidden"] = len(self.fitting(application))
        return left
