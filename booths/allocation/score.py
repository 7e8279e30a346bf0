"""The score and the hard rules, straight from the definition; the solver is never trusted.

Assignments map an application's id to the codes of its booths.
"""

from collections.abc import Mapping, Sequence

from .blocks import describe_block, fit_block, forms_path, map_joins
from .instance import Application, Instance, Quota

Assignments = Mapping[str, Sequence[str]]


def rank_wish(application: Application, codes: Sequence[str], zones: set[str]) -> int | None:
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


def score_assignments(instance: Instance, assignments: Assignments) -> int:
    """Return the score of the assignments by the definition."""
    weights = instance.weights
    zone = {booth.code: booth.zone for booth in instance.booths}
    holder: dict[str, Application] = {}
    score = 0
    for application in instance.applications:
        codes = assignments.get(application.id)
        if codes is None:
            continue
        holder.update(dict.fromkeys(codes, application))
        score += weights.place * application.priority
        rank = rank_wish(application, codes, {zone[code] for code in codes})
        if rank is not None:
            score += weights.wish * (4 - rank)
        if application.previous is not None and set(codes) == application.previous:
            score += weights.stability
    for pair in instance.neighbours:
        one, other = (holder.get(code) for code in pair)
        alike = one is not None and other is not None and one.id != other.id
        if alike and one.kind is not None and one.kind == other.kind:  # type: ignore[union-attr]
            score -= weights.apart
    for quota in instance.quotas:
        short = quota.minimum - count_quota(instance, quota, assignments)
        score -= weights.quota * max(0, short)
    return score


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
