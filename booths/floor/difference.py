"""What changed from one version of a plan to another, thing by thing."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from booths.floor.plan import Booth, Feature, Plan, Zone

Thing = TypeVar("Thing", Booth, Zone)


@dataclass(frozen=True)
class Change:
    """One change: its stable `code`, what it happened to, and the plain facts."""

    code: str
    named: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


def compare_plans(old: Plan, new: Plan) -> list[Change]:
    """All changes: the hall, then zones, booths, and what else stands there.

    A booth with another code is another booth: one has gone and one has come.
    """
    return [*_hall(old, new), *_zones(old, new), *_booths(old, new), *_others(old, new)]


def _hall(old: Plan, new: Plan) -> Iterator[Change]:
    if (old.width, old.height) != (new.width, new.height):
        yield Change("hall_resized", facts={"width": new.width, "height": new.height})
    if old.outline != new.outline:
        yield Change("outline_changed")
    if old.picture != new.picture:
        yield Change("picture_changed")


def _zones(old: Plan, new: Plan) -> Iterator[Change]:
    yield from _by_code(
        "zone", old.zones, new.zones, lambda _old, new: [Change("zone_changed", new.code)]
    )


def _booths(old: Plan, new: Plan) -> Iterator[Change]:
    yield from _by_code("booth", old.booths, new.booths, _booth_changes)


def _by_code(
    kind: str,
    old: Iterable[Thing],
    new: Iterable[Thing],
    changes: Callable[[Thing, Thing], Iterable[Change]],
) -> Iterator[Change]:
    before = {each.code: each for each in old}
    after = {each.code: each for each in new}
    for code in before:
        if code not in after:
            yield Change(f"{kind}_removed", code)
    for code, each in after.items():
        if code not in before:
            yield Change(f"{kind}_added", code)
        elif before[code] != each:
            yield from changes(before[code], each)


def _booth_changes(old: Booth, new: Booth) -> Iterator[Change]:
    if (old.x, old.y) != (new.x, new.y):
        yield Change(
            "booth_moved",
            new.code,
            {"from_x": old.x, "from_y": old.y, "x": new.x, "y": new.y},
        )
    if (old.width, old.height) != (new.width, new.height):
        yield Change("booth_resized", new.code, {"width": new.width, "height": new.height})
    if old.zone != new.zone:
        yield Change("booth_rezoned", new.code, {"old": old.zone, "new": new.zone})
    if old.power_kw != new.power_kw:
        yield Change("booth_power", new.code, {"old": old.power_kw, "new": new.power_kw})
    for name in ("water", "cold", "cooking"):
        if getattr(old, name) != getattr(new, name):
            yield Change(f"booth_{name}_{'on' if getattr(new, name) else 'off'}", new.code)
    if old.groups != new.groups:
        yield Change("booth_groups", new.code, {"groups": list(new.groups)})


def _others(old: Plan, new: Plan) -> Iterator[Change]:
    gone = _left_over(old.features, new.features)
    come = _left_over(new.features, old.features)
    for feature in gone:
        yield Change("feature_removed", feature.name_vi, {"kind": feature.kind})
    for feature in come:
        yield Change("feature_added", feature.name_vi, {"kind": feature.kind})
    before = {(each.first, each.second): each.kind for each in old.corrections}
    after = {(each.first, each.second): each.kind for each in new.corrections}
    for first, second in sorted({*before, *after}):
        if before.get((first, second)) != after.get((first, second)):
            kind = after.get((first, second), "derived")
            yield Change(f"pair_{kind}", f"{first} + {second}")


def _left_over(features: Iterable[Feature], others: Iterable[Feature]) -> list[Feature]:
    """The features that are not among the others; two equal ones count twice."""
    rest = list(others)
    left = []
    for feature in features:
        if feature in rest:
            rest.remove(feature)
        else:
            left.append(feature)
    return left
