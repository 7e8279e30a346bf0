"""What differs between two instances, or between two answers. Documents are valid, as dicts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

# What an earlier plan was is how a run was asked for, not what somebody applied for.
SETTINGS = ("id", "previous")
PLAN = ("booths", "joins", "neighbours")


@dataclass(frozen=True, slots=True)
class InstanceDifference:
    """Applications by id, in order; `changed` with the names of fields, `weights` with both."""

    added: tuple[str, ...]
    gone: tuple[str, ...]
    changed: dict[str, tuple[str, ...]]
    is_plan: bool
    is_seed: bool
    is_quotas: bool
    weights: dict[str, tuple[int, int]]

    def __bool__(self) -> bool:
        """Whether anything differs."""
        return bool(self.applications or self.is_rest or self.weights)

    @property
    def applications(self) -> tuple[str, ...]:
        """Ids of all applications that are not the same in both."""
        return tuple(sorted({*self.added, *self.gone, *self.changed}))

    @property
    def is_rest(self) -> bool:
        """Whether the plan, the seed or the quotas differ."""
        return self.is_plan or self.is_seed or self.is_quotas


def compare_instances(first: Mapping[str, Any], second: Mapping[str, Any]) -> InstanceDifference:
    """Return what the second instance has that the first has not, and the other way round."""
    before, after = (
        {each["id"]: each for each in document["applications"]} for document in (first, second)
    )
    changed = {}
    for name in sorted(before.keys() & after.keys()):
        one, other = before[name], after[name]
        fields = sorted({*one, *other} - set(SETTINGS))
        unlike = tuple(field for field in fields if one.get(field) != other.get(field))
        if unlike:
            changed[name] = unlike
    weights = [document.get("weights", {}) for document in (first, second)]
    return InstanceDifference(
        added=tuple(sorted(after.keys() - before.keys())),
        gone=tuple(sorted(before.keys() - after.keys())),
        changed=changed,
        is_plan=any(first.get(name, []) != second.get(name, []) for name in PLAN),
        is_seed=first["seed"] != second["seed"],
        is_quotas=first.get("quotas", []) != second.get("quotas", []),
        weights={
            name: (weights[0].get(name, 0), weights[1].get(name, 0))
            for name in sorted({*weights[0], *weights[1]})
            if weights[0].get(name, 0) != weights[1].get(name, 0)
        },
    )


def list_previous(document: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return the booths of the earlier plan that the instance was to keep, by application."""
    return {
        each["id"]: each["previous"] for each in document["applications"] if each.get("previous")
    }


@dataclass(frozen=True, slots=True)
class Change:
    """An application with its booths in two plans; None without."""

    id: str
    before: tuple[str, ...] | None
    after: tuple[str, ...] | None


def compare_plans(
    first: Mapping[str, Sequence[str]], second: Mapping[str, Sequence[str]]
) -> list[Change]:
    """Return who does not have the same booths in both, by id; the order of booths is no matter."""
    changes = []
    for name in sorted({*first, *second}):
        before, after = first.get(name), second.get(name)
        if set(before or ()) != set(after or ()):
            booths = (tuple(codes) if codes else None for codes in (before, after))
            changes.append(Change(name, *booths))
    return changes
