"""What is wrong with a floor plan, and what changed in it, in sentences."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from booths.floor import Change, Problem
from core.templatetags.cho_phien import shown_number

FEATURE_NAMES = {
    "stage": gettext_lazy("stage"),
    "entrance": gettext_lazy("entrance"),
    "aisle": gettext_lazy("aisle"),
    "water": gettext_lazy("water point"),
    "power": gettext_lazy("power point"),
    "food_court": gettext_lazy("food court"),
    "wall": gettext_lazy("wall or pillar"),
    "other": gettext_lazy("something else"),
}
FIELDS = {
    "x": gettext_lazy("from the left"),
    "y": gettext_lazy("from the top"),
    "width": gettext_lazy("width"),
    "height": gettext_lazy("depth"),
}
PROBLEMS = {
    "shape": gettext_lazy("%(place)s: this is not what a floor plan has there."),
    "format": gettext_lazy("This file was made for another version of the program."),
    "too_many": gettext_lazy("%(place)s: %(count)s are too many; at most %(most)s can be drawn."),
    "not_whole": gettext_lazy(
        "%(named)s: “%(field)s” must be a whole number of 10 cm, not “%(value)s”."
    ),
    "no_size": gettext_lazy("%(named)s: “%(field)s” must be larger than 0."),
    "out_of_range": gettext_lazy(
        "%(named)s: “%(field)s” is %(value)s; it must lie between 0 and %(most)s (× 10 cm)."
    ),
    "power": gettext_lazy("%(named)s: the power must be between 0 and 999.9 kW, not “%(value)s”."),
    "code_missing": gettext_lazy("%(place)s: the code is missing."),
    "code_invalid": gettext_lazy(
        "The code “%(code)s” may hold no space and no sign such as / ? # , ;"
    ),
    "too_long": gettext_lazy("“%(value)s…” is too long: at most %(most)s characters."),
    "kind_unknown": gettext_lazy("%(place)s: “%(kind)s” is not known."),
    "group_unknown": gettext_lazy("%(named)s: there is no product group “%(group)s”."),
    "zone_unknown": gettext_lazy("Booth %(named)s: there is no zone “%(zone)s”."),
    "zone_repeated": gettext_lazy("Two zones have the code %(named)s."),
    "code_repeated": gettext_lazy("Two booths have the code %(named)s."),
    "outside": gettext_lazy("Booth %(named)s stands outside the hall."),
    "overlap": gettext_lazy("Booths %(named)s and %(other)s overlap."),
    "outline_short": gettext_lazy("The outline of the hall needs 3 to 500 corners."),
    "outline_crosses": gettext_lazy("The outline of the hall crosses itself."),
    "outline_outside": gettext_lazy("A corner of the outline lies outside the drawing."),
    "pair_unknown": gettext_lazy(
        "The pair %(first)s + %(second)s speaks of a booth that is not on the plan."
    ),
    "pair_repeated": gettext_lazy("The pair %(named)s is corrected twice."),
    "picture_unknown": gettext_lazy("The picture under the plan is not known. Choose it anew."),
}
CHANGES = {
    "hall_resized": gettext_lazy("The hall is now %(width)s × %(height)s m."),
    "outline_changed": gettext_lazy("The outline of the hall is another one."),
    "picture_changed": gettext_lazy("The picture under the plan is another one."),
    "zone_added": gettext_lazy("Zone %(named)s was added."),
    "zone_removed": gettext_lazy("Zone %(named)s was taken away."),
    "zone_changed": gettext_lazy("Zone %(named)s was changed."),
    "booth_added": gettext_lazy("Booth %(named)s was added."),
    "booth_removed": gettext_lazy("Booth %(named)s was taken away."),
    "booth_moved": gettext_lazy(
        "Booth %(named)s was moved: from %(from_x)s; %(from_y)s m to %(x)s; %(y)s m."
    ),
    "booth_resized": gettext_lazy("Booth %(named)s is now %(width)s × %(height)s m."),
    "booth_rezoned": gettext_lazy("Booth %(named)s went from zone %(old)s to zone %(new)s."),
    "booth_power": gettext_lazy("Booth %(named)s has %(new)s kW instead of %(old)s kW."),
    "booth_water_on": gettext_lazy("Booth %(named)s has water now."),
    "booth_water_off": gettext_lazy("Booth %(named)s has no water any more."),
    "booth_cold_on": gettext_lazy("Booth %(named)s has cold storage now."),
    "booth_cold_off": gettext_lazy("Booth %(named)s has no cold storage any more."),
    "booth_cooking_on": gettext_lazy("Cooking is allowed in booth %(named)s now."),
    "booth_cooking_off": gettext_lazy("Cooking is not allowed in booth %(named)s any more."),
    "booth_groups": gettext_lazy("Booth %(named)s takes other product groups."),
    "feature_added": gettext_lazy("Added: %(kind)s %(named)s"),
    "feature_removed": gettext_lazy("Taken away: %(kind)s %(named)s"),
    "pair_join": gettext_lazy("%(named)s: may be merged."),
    "pair_neighbour": gettext_lazy("%(named)s: neighbours only."),
    "pair_none": gettext_lazy("%(named)s: not neighbours."),
    "pair_derived": gettext_lazy("%(named)s: again as the plan says."),
}
METRES = ("x", "y", "from_x", "from_y", "width", "height")


def problem_in_words(problem: Problem) -> str:
    """One sentence that names the booth, or the place in the document."""
    facts: dict[str, Any] = {"place": problem.place, **problem.facts}
    if "field" in facts:
        facts["field"] = FIELDS.get(facts["field"], facts["field"])
    return str(PROBLEMS[problem.code]) % {name: _shown(each) for name, each in facts.items()}


def change_in_words(change: Change) -> str:
    """One sentence."""
    facts = {"named": change.named, **_metres(change.facts)}
    if "kind" in facts:
        facts["kind"] = FEATURE_NAMES.get(str(facts["kind"]), facts["kind"])
    text = str(CHANGES[change.code]) % {name: _shown(each) for name, each in facts.items()}
    return text.strip()


def changes_in_words(changes: list[Change], *, most: int = 12) -> list[str]:
    """The first `most` changes, and how many more there are."""
    said = [change_in_words(change) for change in changes[:most]]
    if len(changes) > most:
        said.append(_("… and %(count)s more.") % {"count": shown_number(len(changes) - most)})
    return said


def _metres(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: each / 10 if name in METRES else each for name, each in facts.items()}


def _shown(value: Any) -> str:
    """A number as the language writes it: 3, not 3.0."""
    if isinstance(value, int):
        return shown_number(value)
    if isinstance(value, float):
        return shown_number(int(value) if value.is_integer() else Decimal(str(value)))
    return str(value)
