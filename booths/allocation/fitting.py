"""Why booths do not do for an application: one reason with its facts, by the solver's own rules.

Codes of a Refusal and their facts:

* `unknown_booth`: `booth` is not on the plan; `repeated_booth`: `booth` is named twice.
* `size`: `given` booths are not the `asked` number; `no_block`: nowhere are `asked` side by side.
* `not_joined`: the `booths` do not form a path in the joins.
* `group`, `water`, `cold`, `cooking`: the `booths` lack it.
* `power_kw`: the `booths` have `there` of the `asked` kilowatts.
* `forbidden`: `booths` are ruled out for the application.
* `pinned_twice`: `booth` is pinned for the application `holder` too.
* `quota_full`, `pins_over_quota`: the quota `name` allows `most` of what would be `booths`.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .blocks import Block, describe_block, forms_path, list_requirements, map_joins
from .instance import Application, Instance


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why something cannot be: a stable `code` and the plain facts it speaks of."""

    code: str
    facts: dict[str, Any] = field(default_factory=dict)


class Fitting:
    """Judges booths by their codes."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.position = {booth.code: index for index, booth in enumerate(instance.booths)}
        self._joined = map_joins(instance)

    def name_booths(self, block: Block) -> tuple[str, ...]:
        """Return the codes of a block, in the order of the floor plan."""
        return tuple(self.instance.booths[at].code for at in block.booths)

    def find_flaw(self, application: Application, codes: Sequence[str]) -> Refusal | None:
        """Return the first reason why the application cannot have these booths, or None.

        Its pin, and who else holds the booths, do not count.
        """
        for code, times in Counter(codes).items():
            if code not in self.position:
                return Refusal("unknown_booth", {"booth": code})
            if times > 1:
                return Refusal("repeated_booth", {"booth": code})
        if len(codes) != application.booths:
            return Refusal("size", {"given": len(codes), "asked": application.booths})
        ordered = sorted(codes, key=self.position.__getitem__)
        if not forms_path(frozenset(codes), self._joined):
            return Refusal("not_joined", {"booths": ordered})
        block = describe_block(self.instance.booths, [self.position[code] for code in codes])
        return self.find_lack(application, [block])

    def find_lack(self, application: Application, blocks: Collection[Block]) -> Refusal | None:
        """Return the first requirement that none of the blocks of the right size meets, or None."""
        if not blocks:
            return Refusal("no_block", {"asked": application.booths})
        for name, serves in list_requirements(application).items():
            left = [block for block in blocks if serves(block)]
            if not left:
                return self._lack(application, name, blocks)
            blocks = left
        barred = application.forbidden
        if all(barred.intersection(self.name_booths(block)) for block in blocks):
            booths = {code for block in blocks for code in self.name_booths(block)}
            ruled_out = sorted(barred & booths, key=self.position.__getitem__)
            return Refusal("forbidden", {"booths": ruled_out})
        return None

    def _lack(self, application: Application, name: str, blocks: Collection[Block]) -> Refusal:
        best = max(blocks, key=lambda block: block.power_kw)
        facts: dict[str, Any] = {"booths": list(self.name_booths(best))}
        if name == "power_kw":
            facts |= {"there": float(best.power_kw), "asked": float(application.power_kw)}
        return Refusal(name, facts)


def judge_pins(instance: Instance, pins: Mapping[str, Sequence[str]]) -> dict[str, list[Refusal]]:
    """Return what is wrong with each pin, by application; none when all can hold together.

    `pins` are booth codes by the ids of applications of the instance, whose own pins do not count.
    """
    fitting = Fitting(instance)
    wrong: dict[str, list[Refusal]] = {}
    held: dict[str, str] = {}
    pinned = [each for each in instance.applications if each.id in pins]
    for application in pinned:
        flaw = fitting.find_flaw(application, pins[application.id])
        if flaw:
            wrong.setdefault(application.id, []).append(flaw)
        for code in dict.fromkeys(pins[application.id]):
            if code in held:
                clash = Refusal("pinned_twice", {"booth": code, "holder": held[code]})
                wrong.setdefault(application.id, []).append(clash)
            else:
                held[code] = application.id
    for quota in instance.quotas:
        covered = [each for each in pinned if quota.covers(each)]
        booths = sum(each.booths for each in covered)
        if quota.maximum is not None and booths > quota.maximum:
            over = {"name": quota.name, "most": quota.maximum, "booths": booths}
            for application in covered:
                wrong.setdefault(application.id, []).append(Refusal("pins_over_quota", over))
    return wrong
