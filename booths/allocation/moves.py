"""What moving one stand by hand would change, before it is moved.

Whoever stands where the stand goes takes the place that becomes free if it fits, else the best
other free place, else loses its place. Pins, booths ruled out and maxima of quotas hold as ever. A
move is weighed by what it touches alone; the score module says what the whole plan is worth.

Further codes of a Refusal: `fixed` (the application is pinned to `booths`), `here` (it has these
booths), `not_placed`, and `held_fixed` (`holder` is pinned to `booths` there).
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from .blocks import Block, BlockBook
from .fitting import Fitting, Refusal
from .instance import Application, Instance
from .lottery import draw_number
from .score import (
    Assignments,
    Parts,
    are_alike,
    count_quota,
    list_violations,
    score_assignments,
    score_stand,
)

Codes = tuple[str, ...]
Holder = Callable[[str], Application | None]


@dataclass(frozen=True, slots=True)
class Shift:
    """An application and its booths before and after, in the order of the plan; None without."""

    id: str
    before: Codes | None
    after: Codes | None


@dataclass(frozen=True, slots=True)
class Effect:
    """What a move does: who gets other booths, the moved one first, and what the score gains."""

    shifts: tuple[Shift, ...]
    gain: Parts


class Board:
    """A plan on the table: who holds what, and what a move would change."""

    def __init__(self, instance: Instance, assignments: Assignments) -> None:
        self.instance = instance
        self.fitting = Fitting(instance)
        self.known = {application.id: application for application in instance.applications}
        self.held: dict[str, Codes] = {
            name: self._ordered(codes) for name, codes in assignments.items()
        }
        self._owner = {
            code: self.known[name] for name, codes in self.held.items() for code in codes
        }
        self._zone = {booth.code: booth.zone for booth in instance.booths}
        self._book = BlockBook(instance)
        self._counts = [count_quota(instance, quota, self.held) for quota in instance.quotas]

    @cached_property
    def _beside(self) -> dict[str, list[str]]:
        beside: dict[str, list[str]] = {booth.code: [] for booth in self.instance.booths}
        for one, other in self.instance.neighbours:
            beside[one].append(other)
            beside[other].append(one)
        return beside

    def weigh(self, name: str, codes: Collection[str] | None) -> Effect | Refusal:
        """Return what it would change to give these booths to the application, or take its own."""
        application, before = self.known[name], self.held.get(name)
        if application.pinned is not None:
            return Refusal("fixed", {"booths": list(self._ordered(application.pinned))})
        if codes is None:
            if before is None:
                return Refusal("not_placed")
            return self._effect([Shift(name, before, None)])
        flaw = self.fitting.find_flaw(application, list(codes))
        return flaw or self._weigh(application, self._ordered(codes))

    def weigh_all(self, name: str) -> dict[str, tuple[Codes, Effect] | Refusal]:
        """Return for each booth of the plan the best place with it for the application, or why not.

        Of several places that hold the booth, the one whose effect on the score is best.
        """
        application = self.known[name]
        if application.pinned is not None:
            fixed = self.weigh(name, None)
            assert isinstance(fixed, Refusal)
            return dict.fromkeys(self._beside, fixed)
        with_booth: dict[str, list[Block]] = {code: [] for code in self._beside}
        for block in self._book.of_size(application.booths):
            for code in self.fitting.name_booths(block):
                with_booth[code].append(block)
        weighed = {
            block.booths: self._weigh(application, self.fitting.name_booths(block))
            for block in self._book.fitting(application)
        }
        return {
            code: self._best(application, blocks, weighed) for code, blocks in with_booth.items()
        }

    def _best(
        self,
        application: Application,
        blocks: Sequence[Block],
        weighed: dict[tuple[int, ...], Effect | Refusal],
    ) -> tuple[Codes, Effect] | Refusal:
        found: tuple[Codes, Effect] | None = None
        refusal = self.fitting.find_lack(application, blocks)
        for block in blocks:
            effect = weighed.get(block.booths)
            if isinstance(effect, Effect):
                if found is None or effect.gain.total > found[1].gain.total:
                    found = self.fitting.name_booths(block), effect
            elif refusal is None:
                refusal = effect
        assert found or refusal
        return found or refusal  # type: ignore[return-value]

    def after(self, effect: Effect) -> dict[str, list[str]]:
        """Return the assignments with the effect, by id in the order of ids."""
        changed = {shift.id: shift.after for shift in effect.shifts}
        held = {**self.held, **changed}
        return {name: list(held[name] or ()) for name in sorted(held) if held[name] is not None}

    def _ordered(self, codes: Iterable[str]) -> Codes:
        return tuple(sorted(codes, key=self.fitting.position.__getitem__))

    def _weigh(self, application: Application, target: Codes) -> Effect | Refusal:
        """Weigh a place that fits."""
        before = self.held.get(application.id)
        if before == target:
            return Refusal("here")
        owners = {code: self._owner.get(code) for code in target}
        driven = {each.id: each for each in owners.values() if each and each.id != application.id}
        for other in driven.values():
            if other.pinned is not None:
                facts = {"holder": other.id, "booths": list(self.held[other.id])}
                return Refusal("held_fixed", facts)
        changed: dict[str, Application | None] = {}
        for code in (*(before or ()), *(c for name in driven for c in self.held[name])):
            changed[code] = None
        freed = set(changed) - set(target)
        changed |= dict.fromkeys(target, application)
        shifts = [Shift(application.id, before, target)]
        for other in sorted(driven.values(), key=self._urgency):
            place = self._place_again(other, freed, changed)
            changed |= dict.fromkeys(place or (), other)
            shifts.append(Shift(other.id, self.held[other.id], place))
        return self._find_full(shifts) or self._effect(shifts)

    def _urgency(self, application: Application) -> tuple[int, int]:
        number = draw_number(self.instance.seed, application.id)
        return -application.priority, -int(number, 16)

    def _place_again(
        self, other: Application, freed: set[str], changed: dict[str, Application | None]
    ) -> Codes | None:
        """Return the best place for one driven out: of what became free, else of all that is."""

        def owner(code: str) -> Application | None:
            return changed[code] if code in changed else self._owner.get(code)

        inside: list[Codes] = []
        free: list[Codes] = []
        for block in self._book.fitting(other):
            codes = self.fitting.name_booths(block)
            if all(owner(code) is None for code in codes):
                free.append(codes)
                if freed.issuperset(codes):
                    inside.append(codes)
        return max(inside or free, key=lambda codes: self._worth(other, codes, owner), default=None)

    def _worth(self, application: Application, codes: Codes, owner: Holder) -> int:
        crowd = sum(
            are_alike(application, owner(near)) for code in codes for near in self._beside[code]
        )
        return self._alone(application, codes).total - self.instance.weights.apart * crowd

    def _alone(self, application: Application, codes: Codes | None) -> Parts:
        if codes is None:
            return Parts()
        zones = {self._zone[code] for code in codes}
        return score_stand(self.instance, application, codes, zones)

    def _gained(self, shifts: Iterable[Shift]) -> list[int]:
        """Return how many booths more each quota counts afterwards."""
        return [
            sum(
                len(shift.after or ()) - len(shift.before or ())
                for shift in shifts
                if quota.covers(self.known[shift.id])
            )
            for quota in self.instance.quotas
        ]

    def _find_full(self, shifts: Sequence[Shift]) -> Refusal | None:
        quotas = zip(self.instance.quotas, self._counts, self._gained(shifts), strict=True)
        for quota, count, more in quotas:
            if more > 0 and quota.maximum is not None and count + more > quota.maximum:
                facts = {"name": quota.name, "most": quota.maximum, "booths": count + more}
                return Refusal("quota_full", facts)
        return None

    def _effect(self, shifts: Sequence[Shift]) -> Effect:
        gain = Parts()
        owner: dict[str, Application | None] = {}
        for shift in shifts:
            one = self.known[shift.id]
            gain += self._alone(one, shift.after) - self._alone(one, shift.before)
            owner |= {code: None for code in shift.before or () if code not in owner}
            owner |= dict.fromkeys(shift.after or (), one)
        pairs = {frozenset((code, near)) for code in owner for near in self._beside[code]}
        alike = sum(
            are_alike(owner.get(a, self._owner.get(a)), owner.get(b, self._owner.get(b)))
            - are_alike(self._owner.get(a), self._owner.get(b))
            for a, b in pairs
        )
        short = sum(
            max(0, quota.minimum - count - more) - max(0, quota.minimum - count)
            for quota, count, more in zip(
                self.instance.quotas, self._counts, self._gained(shifts), strict=True
            )
        )
        weights = self.instance.weights
        gain += Parts(apart=-weights.apart * alike, quota=-weights.quota * short)
        return Effect(tuple(shifts), gain)


def check_answer(instance: Instance, answer: object) -> dict[str, Any]:
    """Say what an answer comes to by the definition, whoever made it: a solver or a hand.

    Of an answer that was changed by hand the moves are taken back too, the last one first: what is
    left must have the score that the computed plan is said to have had.

    Raises ValueError when it is not an answer.
    """
    try:
        said: Any = answer
        held = {str(name): list(codes) for name, codes in said["assignments"].items()}
        broken = list_violations(instance, held)
        score = None if broken else score_assignments(instance, held)
        agrees = score == said["score"] and said["instance_sha256"] == instance.sha256
        found: dict[str, Any] = {"score": score, "broken": broken}
        if "adjusted" in said:
            for move in reversed(said["adjusted"]["moves"]):
                held = _take_back(held, move["shifts"])
            undone = list_violations(instance, held)
            computed = None if undone else score_assignments(instance, held)
            agrees = agrees and computed == said["adjusted"]["score"]
            found |= {"computed_score": computed, "computed_assignments": held}
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError("it is not an answer of version 1") from error
    return {**found, "agrees": agrees}


def _take_back(held: dict[str, list[str]], shifts: list[Any]) -> dict[str, list[str]]:
    before = {name: list(codes) for name, codes, _after in shifts if codes}
    rest = {name: codes for name, codes in held.items() if name not in {each[0] for each in shifts}}
    return dict(sorted({**rest, **before}.items()))
