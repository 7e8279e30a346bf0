"""A run in words and figures.

It is shown from what it was made from and what came out; only names are read from live rows.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import count
from typing import Any

from booths.allocation import read_instance
from booths.allocation.score import list_violations, rank_wish
from booths.models import AllocationRun, Application, Quota
from booths.rendering.words import (
    needs_of,
    priority_in_words,
    reason_in_words,
    wishes_in_words,
)


@dataclass(frozen=True)
class Placed:
    """An application with its booths; `wish` is 1, 2, 3 for the best wish met, else None."""

    application: Application
    asked: Mapping[str, Any]
    booths: tuple[str, ...]
    needs: list[str]
    wishes: list[str]
    wish: int | None

    @property
    def parts(self) -> str:
        """What its priority is the sum of, as long as that is still the one of the run."""
        return _parts(self.application, self.asked)


@dataclass(frozen=True)
class Unplaced:
    """An application without booths and why; `place` is its number on the waiting list.

    None where no booth of the plan would do: it cannot move up unless its needs change.
    """

    application: Application
    asked: Mapping[str, Any]
    needs: list[str]
    place: int | None
    why: str

    @property
    def parts(self) -> str:
        """What its priority is the sum of, as long as that is still the one of the run."""
        return _parts(self.application, self.asked)


def _parts(application: Application, asked: Mapping[str, Any]) -> str:
    is_same = application.priority == asked["priority"] and application.priority_parts
    return priority_in_words(application) if is_same else ""


@dataclass(frozen=True)
class ShownQuota:
    """A quota with the booths given under it."""

    name: str
    booths: int
    least: int | None
    most: int | None
    short: int


@dataclass(frozen=True)
class ShownRun:
    """What a run came to."""

    run: AllocationRun
    booths: int
    booths_given: int
    placed: tuple[Placed, ...]
    unplaced: tuple[Unplaced, ...]
    percent: Decimal
    seconds: Decimal
    broken: tuple[str, ...]
    quotas: tuple[ShownQuota, ...]
    wishing: int
    first_wishes: int
    alike_pairs: int
    seed: str

    @property
    def applications(self) -> int:
        return len(self.placed) + len(self.unplaced)

    @cached_property
    def holders(self) -> dict[str, Application]:
        return {code: each.application for each in self.placed for code in each.booths}

    @property
    def pinned(self) -> set[str]:
        return {code for each in self.placed for code in each.asked["pinned"] or ()}


def show_run(
    run: AllocationRun, *, applications: Mapping[str, Application], quotas: Collection[Quota]
) -> ShownRun:
    """Put a run that has an answer into words and figures; `applications` are by code."""
    answer = run.answer
    assert answer is not None
    document = json.loads(run.instance)
    instance = read_instance(run.instance)
    given: dict[str, list[str]] = answer["assignments"]
    asked = {each["id"]: each for each in document["applications"]}
    zones = {booth.code: booth.zone for booth in instance.booths}
    placed = tuple(
        Placed(
            applications[each.id],
            asked[each.id],
            tuple(given[each.id]),
            needs_of(asked[each.id]),
            wishes_in_words(asked[each.id]["wishes"]),
            rank_wish(each, given[each.id], {zones[code] for code in given[each.id]}),
        )
        for each in instance.applications
        if each.id in given
    )
    wishing = [each for each in placed if each.wishes]
    return ShownRun(
        run=run,
        booths=len(instance.booths),
        booths_given=sum(len(codes) for codes in given.values()),
        placed=tuple(sorted(placed, key=lambda each: -each.asked["priority"])),
        unplaced=_unplaced(answer, asked, applications, _quota_names(document, quotas)),
        percent=_percent(answer["score"], answer["bound"]),
        seconds=Decimal(str(answer["seconds"])),
        broken=tuple(list_violations(instance, given)),
        quotas=_quotas(answer, document, quotas),
        wishing=len(wishing),
        first_wishes=sum(each.wish == 1 for each in wishing),
        alike_pairs=_count_alike(document, given, asked),
        seed=instance.seed,
    )


def _percent(score: int, bound: int) -> Decimal:
    """Rounded down, so that only a proven optimum is called 100 %."""
    return Decimal(100) if score == bound else Decimal(max(0, 1000 * score // bound)) / 10


def _unplaced(
    answer: Mapping[str, Any],
    asked: Mapping[str, Any],
    applications: Mapping[str, Application],
    quotas: Mapping[str, str],
) -> tuple[Unplaced, ...]:
    """In the order of the waiting list: by priority, then by lot."""
    order = sorted(
        answer["unplaced"],
        key=lambda code: (asked[code]["priority"], answer["lottery"][code]),
        reverse=True,
    )
    places = count(1)
    rows = []
    for code in order:
        reason, facts = answer["unplaced"][code]["reason"], answer["unplaced"][code]["facts"]
        rows.append(
            Unplaced(
                applications[code],
                asked[code],
                needs_of(asked[code]),
                None if reason == "no_booth_fits" else next(places),
                reason_in_words(reason, facts, asked=asked[code], quotas=quotas),
            )
        )
    return tuple(rows)


def _quota_names(document: Mapping[str, Any], quotas: Collection[Quota]) -> dict[str, str]:
    known = {(quota.trait, quota.value): quota.shown_name for quota in quotas}
    return {
        each["name"]: known.get((each["trait"], each["value"]), each["name"])
        for each in document["quotas"]
    }


def _quotas(
    answer: Mapping[str, Any], document: Mapping[str, Any], quotas: Collection[Quota]
) -> tuple[ShownQuota, ...]:
    names = _quota_names(document, quotas)
    limits = {each["name"]: each for each in document["quotas"]}
    return tuple(
        ShownQuota(
            names[each["name"]],
            each["booths"],
            limits[each["name"]]["min"],
            limits[each["name"]]["max"],
            each["short"],
        )
        for each in answer["quotas"]
    )


def _count_alike(
    document: Mapping[str, Any], given: Mapping[str, list[str]], asked: Mapping[str, Any]
) -> int:
    """Pairs of neighbours that sell the same."""
    holder = {code: asked[name] for name, codes in given.items() for code in codes}
    pairs = {tuple(sorted(pair)) for pair in document["joins"] + document["neighbours"]}
    return sum(
        one["id"] != other["id"] and one["kind"] is not None and one["kind"] == other["kind"]
        for one, other in ((holder.get(first), holder.get(second)) for first, second in pairs)
        if one and other
    )
