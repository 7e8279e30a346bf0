"""Reads: places that are fixed or ruled out by hand, and whether they can hold."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from booths.allocation import Instance, encode_canonical, parse_instance
from booths.allocation.blocks import BlockBook
from booths.allocation.fitting import Fitting, Refusal, judge_pins
from booths.models import Application
from booths.queries.desk import application_in, snapshot_of
from booths.states import IN_RUN
from fairs.models import Fair


@dataclass(frozen=True)
class BrokenPin:
    """An application whose fixed booths cannot be given to it, and every reason why."""

    application: Application
    booths: tuple[str, ...]
    refusals: tuple[Refusal, ...]


def pinned_in(fair: Fair) -> dict[str, Application]:
    """The applications that a run decides on whose booths are fixed, by code."""
    rows = Application.objects.filter(fair=fair, state__in=IN_RUN, pinned__isnull=False)
    return {row.code: row for row in rows.select_related("organisation", "group").order_by("code")}


def broken_pins_of(fair: Fair) -> list[BrokenPin]:
    """The pins that a run would stumble over; without any pin one query."""
    pinned = pinned_in(fair)
    if not pinned or not fair.floor_plans.exists():
        return []
    instance, pins = _without_pins(fair)
    return [
        BrokenPin(pinned[code], tuple(pins[code]), tuple(refusals))
        for code, refusals in judge_pins(instance, pins).items()
    ]


def _without_pins(
    fair: Fair, also: Application | None = None
) -> tuple[Instance, dict[str, Sequence[str]]]:
    """What a run would be made from, the pins apart; `also` is in it whatever its state.

    Raises DomainError `floor_plan.none`.
    """
    document = json.loads(snapshot_of(fair))
    listed = document["applications"]
    if also is not None and all(each["id"] != also.code for each in listed):
        listed.append(application_in(also, (), None))
    pins = {each["id"]: each["pinned"] for each in listed if each["pinned"] is not None}
    for each in listed:
        each["pinned"] = None
    return parse_instance(json.loads(encode_canonical(document))), pins


@dataclass(frozen=True)
class PinDesk:
    """What is needed to judge one application's pins: the rest of the fair as it stands."""

    instance: Instance
    others: dict[str, Sequence[str]]
    code: str

    def unknown(self, codes: Sequence[str]) -> list[str]:
        """Those that are no booths of the current plan."""
        known = {booth.code for booth in self.instance.booths}
        return [code for code in codes if code not in known]

    def refusals(self, pinned: Sequence[str], forbidden: Sequence[str]) -> list[Refusal]:
        """Why the application cannot have these booths beside everybody else's pins."""
        barred = [code for code in pinned if code in forbidden]
        if barred:
            return [Refusal("forbidden", {"booths": barred})]
        others = {code: booths for code, booths in self.others.items() if code != self.code}
        held = {code: name for name, booths in others.items() for code in booths}
        judged = judge_pins(self.instance, {**others, self.code: list(pinned)}).get(self.code, [])
        own = [each for each in judged if each.code != "pinned_twice"]
        return own + [
            Refusal("pinned_twice", {"booth": code, "holder": held[code]})
            for code in pinned
            if code in held
        ]

    def places(self) -> list[tuple[str, ...]]:
        """Every place of the plan that fits the application, whoever holds it."""
        fitting = Fitting(self.instance)
        own = next(each for each in self.instance.applications if each.id == self.code)
        return [fitting.name_booths(block) for block in BlockBook(self.instance).fitting(own)]


def pin_desk_of(application: Application) -> PinDesk:
    """Everything the pins of this application are judged by. Raises DomainError."""
    instance, pins = _without_pins(application.fair, application)
    return PinDesk(instance, pins, application.code)
