"""The score and the hard rules, straight from the definition; the solver is never trusted.

Assignments map an application's id to the codes of its booths.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import astuple, dataclass

from .blocks import describe_block, fit_block, forms_path, map_joins
from .instance import Application, Instance, Quota

Assignments = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Parts:
    """What a score is the sum of; `apart` and `quota` are what is taken off, so never above 0."""

    place: int = 0
    wish: int = 0
    stability: int = 0
    apart: int = 0
    quota: int = 0

    def __add__(self, other: "Parts") -> "Parts":
        return Parts(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))

    def __sub__(self, other: "Parts") -> "Parts":
        return Parts(*(a - b for a, b in zip(astuple(self), astuple(other), strict=True)))

    @property
    def total(self) -> int:
        """The score itself."""
        return sum(astuple(self))


def rank_wish(application: Application, codes: Collection[str], zones: set[str]) -> int | None:
    """Return 1, 2 or 3 for the best wish that booths of these codes and zones meet, or None."""
    for rank, (what, name) in enumerate(application.wishes, start=1):
        if name in codes if what == "booth" else zones == {name}:
            return rank
    return None


def count_quota(instance: Instance, quota: Quota, assignments: Assignments) -> int:
    """Count the booths given to the applications that the quota covers."""
    return sum(
        len(assignments[application.id])
        for application in instance.applications
        if application.id in assignments and quota.covers(application)
    )


def score_stand(
    instance: Instance, application: Application, codes: Collection[str], zones: set[str]
) -> Parts:
    """Return what one application's booths score by themselves: place, wish and stability."""
    weights = instance.weights
    rank = rank_wish(application, codes, zones)
    kept = application.previous is not None and set(codes) == application.previous
    return Parts(
        place=weights.place * application.priority,
        wish=0 if rank is None else weights.wish * (4 - rank),
        stability=weights.stability if kept else 0,
    )


def are_alike(one: Application | None, other: Application | None) -> bool:
    """Whether two neighbours are different applications that sell the same."""
    if one is None or other is None or one.id == other.id:
        return False
    return one.kind is not None and one.kind == other.kind


def split_score(instance: Instance, assignments: Assignments) -> Parts:
    """Return the parts of the score of the assignments by the definition."""
    zone = {booth.code: booth.zone for booth in instance.booths}
    holder: dict[str, Application] = {}
    parts = Parts()
    for application in instance.applications:
        codes = assignments.get(application.id)
        if codes is None:
            continue
        holder.update(dict.fromkeys(codes, application))
        parts += score_stand(instance, application, codes, {zone[code] for code in codes})
    alike = sum(are_alike(holder.get(a), holder.get(b)) for a, b in instance.neighbours)
    short = sum(
        max(0, quota.minimum - count_quota(instance, quota, assignments))
        for quota in instance.quotas
    )
    weights = instance.weights
    return parts + Parts(apart=-weights.apart * alike, quota=-weights.quota * short)


def score_assignments(instance: Instance, assignments: Assignments) -> int:
    """Return the score of the assignments by the definition."""
    return split_score(instance, assignments).total


def list_violations(instance: Instance, assignments: Assignments) -> list[str]:
    """Return each hard rule the assignments break, one line each; none when all hold."""
    broken: list[str] = []
    joined = map_joins(instance)
    position = {booth.code: index for index, booth in enumerate(instance.booths)}
    known = {application.id: application for application in instance.applications}
    holder: dict[str, str] = {}
    for name, codes in assignments.items():
        application = known.get(name)
        if application is None or any(code not in position for code in codes):
            broken.append(f"{name}: unknown application or booth")
            continue
        chosen = frozenset(codes)
        block = describe_block(instance.booths, [position[code] for code in chosen])
        if not len(codes) == len(chosen) == application.booths or not forms_path(chosen, joined):
            broken.append(f"{name}: not a block of {application.booths} booths")
        elif not fit_block(application, block):
            broken.append(f"{name}: the block does not fit")
        if not chosen.isdisjoint(application.forbidden):
            broken.append(f"{name}: a booth it may not have")
        if application.pinned is not None and chosen != application.pinned:
            broken.append(f"{name}: not the pinned booths")
        for code in sorted(chosen):
            if code in holder:
                broken.append(f"{code}: held by {holder[code]} and {name}")
            holder[code] = name
    broken.extend(
        f"{application.id}: pinned but not placed"
        for application in instance.applications
        if application.pinned is not None and application.id not in assignments
    )
    if not broken:
        broken.extend(
            f"{quota.name}: more than {quota.maximum} booths"
            for quota in instance.quotas
            if quota.maximum is not None
            and count_quota(instance, quota, assignments) > quota.maximum
        )
    return broken
