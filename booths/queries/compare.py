"""Reads: what two runs were made from and came to, and whether a run's inputs still hold."""

import json
from dataclasses import dataclass
from hashlib import sha256

from booths.allocation.difference import (
    Change,
    InstanceDifference,
    compare_instances,
    compare_plans,
    list_previous,
)
from booths.models import AllocationRun
from booths.queries.desk import snapshot_of
from booths.states import RunState
from fairs.models import Fair


def answered_runs_of(fair: Fair) -> list[AllocationRun]:
    """The fair's runs that have an answer, newest first, without what they were made from."""
    rows = AllocationRun.objects.filter(fair=fair, answer__isnull=False)
    return list(rows.select_related("started_by").defer("instance"))


def default_previous(runs: list[AllocationRun]) -> AllocationRun | None:
    """The run whose places are kept unless another is chosen: the published, else the newest."""
    published = [run for run in runs if run.state == RunState.PUBLISHED]
    return next(iter(published or runs), None)


def stale_inputs_of(run: AllocationRun, fair: Fair) -> InstanceDifference | None:
    """How the fair differs by now from what the run was made from; None if it does not.

    Raises DomainError `floor_plan.none`.
    """
    document = json.loads(run.instance)
    now = snapshot_of(
        fair,
        stability=document["weights"].get("stability", 0),
        previous=list_previous(document),
    )
    if sha256(now.encode()).hexdigest() == run.instance_sha256:
        return None
    return compare_instances(document, json.loads(now))


@dataclass(frozen=True)
class Kept:
    """How much of the earlier plan that a run was to keep is as it was.

    `stands` are those of the earlier plan that still take part, `changed` have other booths now
    or none, `new` had none before.
    """

    stands: int
    changed: int
    new: int
    worth: int


def kept_by(run: AllocationRun) -> Kept | None:
    """What became of the earlier plan, for a run that was to keep it."""
    document = json.loads(run.instance)
    worth = document["weights"].get("stability", 0)
    if not worth or run.answer is None:
        return None
    previous, given = list_previous(document), run.answer["assignments"]
    changes = compare_plans(previous, given)
    new = sum(change.before is None for change in changes)
    return Kept(len(previous), len(changes) - new, new, worth)


@dataclass(frozen=True)
class Comparison:
    """Two runs of one fair that have answers, the earlier first."""

    first: AllocationRun
    second: AllocationRun
    inputs: InstanceDifference
    changes: list[Change]


def compare_runs(fair: Fair, first: int, second: int) -> Comparison:
    """Compare two runs by their numbers. Raises AllocationRun.DoesNotExist."""
    rows = AllocationRun.objects.select_related("started_by", "plan")
    runs = {
        run.number: run
        for run in rows.filter(fair=fair, number__in=(first, second), answer__isnull=False)
    }
    if not {first, second} <= runs.keys():
        raise AllocationRun.DoesNotExist
    one, other = runs[first], runs[second]
    assert one.answer is not None
    assert other.answer is not None
    return Comparison(
        one,
        other,
        compare_instances(json.loads(one.instance), json.loads(other.instance)),
        compare_plans(one.answer["assignments"], other.answer["assignments"]),
    )
