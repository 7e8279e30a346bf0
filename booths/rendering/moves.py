"""Moves by hand and places that are fixed, in words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, gettext_lazy, pgettext_lazy

from booths.allocation.fitting import Refusal
from booths.allocation.moves import Effect, Shift
from booths.queries.pins import BrokenPin
from core.vietnam import shown_number

REFUSALS: dict[str, Promise] = {
    "unknown_booth": gettext_lazy("Booth %(booth)s is not on the floor plan."),
    "repeated_booth": gettext_lazy("Booth %(booth)s is named twice."),
    "size": gettext_lazy("%(given)d booths are named, %(asked)d are asked for."),
    "no_block": gettext_lazy("%(asked)d adjoining booths that can be merged are not there."),
    "not_joined": gettext_lazy("%(booths)s cannot be merged into one stand."),
    "group": gettext_lazy("%(booths)s: the product group is not taken there."),
    "power_kw": gettext_lazy("%(booths)s: %(there)s kW are there, %(asked)s kW are needed."),
    "water": gettext_lazy("%(booths)s: there is no water."),
    "cold": gettext_lazy("%(booths)s: there is no cold storage."),
    "cooking": gettext_lazy("%(booths)s: cooking is not allowed there."),
    "forbidden": gettext_lazy("%(booths)s: ruled out for this application by the organiser."),
    "pinned_twice": gettext_lazy("Booth %(booth)s is fixed for %(holder)s already."),
    "pins_over_quota": gettext_lazy(
        "The quota “%(name)s” allows %(most)d booths, %(booths)s would be fixed."
    ),
    "quota_full": gettext_lazy(
        "The quota “%(name)s” allows %(most)d booths, with this move they would be %(booths)s."
    ),
    "fixed": gettext_lazy("The organiser has fixed it in %(booths)s."),
    "held_fixed": gettext_lazy("%(holder)s is fixed in %(booths)s."),
    "here": gettext_lazy("It stands here."),
    "not_placed": gettext_lazy("It has no booths."),
}
PARTS: dict[str, Promise] = {
    "place": pgettext_lazy("part of a score", "places"),
    "wish": pgettext_lazy("part of a score", "wishes"),
    "stability": pgettext_lazy("part of a score", "kept stands"),
    "apart": pgettext_lazy("part of a score", "neighbours that sell the same"),
    "quota": pgettext_lazy("part of a score", "quotas"),
}


def refusal_in_words(
    refusal: Refusal, *, names: Mapping[str, str], quotas: Mapping[str, str]
) -> str:
    """Why it cannot be; `names` are by application code, `quotas` by their names in an instance."""
    facts = dict(refusal.facts)
    if isinstance(facts.get("booths"), list):
        facts["booths"] = stand_of(facts["booths"])
    if "holder" in facts:
        facts["holder"] = names.get(facts["holder"], facts["holder"])
    if "name" in facts:
        facts["name"] = quotas.get(facts["name"], facts["name"])
    if refusal.code == "power_kw":
        facts |= {name: _plain(facts[name]) for name in ("there", "asked")}
    return str(REFUSALS[refusal.code]) % facts


def broken_pin_in_words(broken: BrokenPin, *, quotas: Mapping[str, str]) -> str:
    """A place fixed by hand that cannot be kept: for whom, where, and why."""
    whys = [refusal_in_words(each, names={}, quotas=quotas) for each in broken.refusals]
    return gettext("%(name)s (%(code)s), fixed in %(booths)s: %(why)s") % {
        "name": broken.application.organisation,
        "code": broken.application.code,
        "booths": stand_of(broken.booths),
        "why": " ".join(whys),
    }


def _plain(kilowatts: float) -> str:
    shown = f"{kilowatts:g}"
    return shown if get_language() == "en" else shown.replace(".", ",")


def stand_of(codes: Iterable[str]) -> str:
    """Booths as one stand: "A1 + A2"."""
    return " + ".join(codes)


def signed(points: int) -> str:
    """Points with their sign: "+30", "−120", "±0"."""
    shown = shown_number(abs(points), get_language() or "vi")
    return f"+{shown}" if points > 0 else f"−{shown}" if points < 0 else f"±{shown}"


def gain_in_words(gain: Mapping[str, int]) -> str:
    """The parts of a score that change, with their signs; an empty text if none does."""
    return ", ".join(f"{PARTS[name]} {signed(gain[name])}" for name in PARTS if gain.get(name))


@dataclass(frozen=True)
class ShownShift:
    """What happens to one application: `sentence` without its name, tone for the page."""

    code: str
    name: str
    sentence: str
    tone: str


def show_shifts(
    shifts: Sequence[Sequence[Any]], *, names: Mapping[str, str]
) -> tuple[ShownShift, ...]:
    """Shifts as they are stored, in words, the moved application first."""
    return tuple(
        ShownShift(code, names.get(code, code), *_shift(before, after))
        for code, before, after in shifts
    )


def _shift(before: Sequence[str] | None, after: Sequence[str] | None) -> tuple[str, str]:
    values = {"before": stand_of(before or ()), "after": stand_of(after or ())}
    if before and after:
        return gettext("from %(before)s to %(after)s") % values, "info"
    if after:
        return gettext("gets %(after)s, had no place") % values, "ok"
    return gettext("loses its place %(before)s") % values, "bad"


def plain_shifts(shifts: Iterable[Shift]) -> list[list[Any]]:
    """Shifts as they are stored."""
    return [
        [each.id, each.before and list(each.before), each.after and list(each.after)]
        for each in shifts
    ]


@dataclass(frozen=True)
class ShownEffect:
    """What a move would do, in words: `note` is all of it in one line."""

    stand: str
    codes: tuple[str, ...]
    points: int
    signed: str
    parts: str
    shifts: tuple[ShownShift, ...]

    @property
    def others(self) -> tuple[ShownShift, ...]:
        """Those who are moved for it."""
        return self.shifts[1:]

    @property
    def loses(self) -> bool:
        """Whether somebody has no place afterwards."""
        return any(each.tone == "bad" for each in self.shifts)

    @property
    def note(self) -> str:
        parts = f" ({self.parts})" if self.parts else ""
        said = gettext("score %(points)s") % {"points": self.signed} + parts
        others = [f"{each.name}: {each.sentence}" for each in self.others]
        return "; ".join([said, *others])


def show_effect(effect: Effect, *, names: Mapping[str, str]) -> ShownEffect:
    """An effect in words."""
    target = effect.shifts[0].after or ()
    return ShownEffect(
        stand=stand_of(target),
        codes=target,
        points=effect.gain.total,
        signed=signed(effect.gain.total),
        parts=gain_in_words(asdict(effect.gain)),
        shifts=show_shifts(plain_shifts(effect.shifts), names=names),
    )


@dataclass(frozen=True)
class ShownMove:
    """A move that was made: who moved what, when, why, and what it did to the score."""

    code: str
    by: str
    at: str
    reason: str
    signed: str
    parts: str
    shifts: tuple[ShownShift, ...]


def show_moves(moves: Iterable[Mapping[str, Any]], *, names: Mapping[str, str]) -> list[ShownMove]:
    """The moves of a run, in their order; `names` are by application code."""
    return [
        ShownMove(
            code=move["application"],
            by=move.get("by", ""),
            at=f"{timezone.localtime(datetime.fromisoformat(move['at'])):%H:%M %d/%m/%Y}",
            reason=move["reason"],
            signed=signed(sum(move["gain"].values())),
            parts=gain_in_words(move["gain"]),
            shifts=show_shifts(move["shifts"], names=names),
        )
        for move in moves
    ]
