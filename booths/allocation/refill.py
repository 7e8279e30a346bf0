"""Which free stands an application on the waiting list could have, by the rules of the run."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from .blocks import BlockBook
from .instance import Application, Instance
from .lottery import draw_number
from .score import count_quota, list_violations, score_assignments

Given = Mapping[str, Sequence[str]]


def waiting_key(priority: int, seed: str, name: str) -> tuple[int, str]:
    """Return the place in the published order of a waiting list; the larger key comes first.

    By priority, then by lottery number: the order in which a run's protocol lists who got nothing.
    """
    return priority, draw_number(seed, name)


def keep_free(instance: Instance, taken: Collection[str]) -> Instance:
    """Return the instance with only the booths that nobody holds, and the joins between them."""
    booths = tuple(booth for booth in instance.booths if booth.code not in taken)
    codes = {booth.code for booth in booths}
    joins = tuple(pair for pair in instance.joins if codes.issuperset(pair))
    return replace(instance, booths=booths, joins=joins)


def find_stands(
    instance: Instance, given: Given, taken: Collection[str], application: Application
) -> dict[tuple[str, ...], int]:
    """Return every free stand that the application could be given now with what it would score.

    `given` says who holds what, by application; `taken` are the booths that cannot be had. A stand
    is a block that fits; its gain is how much the score of the whole plan rises, which is negative
    where too many neighbours sell the same. Best first, equals in the order of the floor plan;
    none where a quota's maximum leaves no room.
    """
    if not has_room(instance, given, application):
        return {}
    free = keep_free(instance, taken)
    before = score_assignments(instance, given)
    gains = {}
    for block in BlockBook(free).fitting(application):
        stand = tuple(free.booths[at].code for at in block.booths)
        after = score_assignments(instance, {**given, application.id: stand})
        gains[stand] = after - before
    return dict(sorted(gains.items(), key=lambda item: -item[1]))


def is_stand(instance: Instance, given: Given, application: Application, codes: set[str]) -> bool:
    """Whether the booths are a block that fits and every quota has room; who holds them apart."""
    alone = replace(instance, applications=(replace(application, pinned=None),))
    fits = not list_violations(alone, {application.id: sorted(codes)})
    return fits and has_room(instance, given, application)


def has_room(instance: Instance, given: Given, application: Application) -> bool:
    """Whether every quota that counts the application has room for its booths."""
    return all(
        quota.maximum is None
        or count_quota(instance, quota, given) + application.booths <= quota.maximum
        for quota in instance.quotas
        if quota.covers(application)
    )
