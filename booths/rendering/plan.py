"""A floor plan laid out as numbers for an inline SVG."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language, gettext

from booths.models import Application, Booth, FloorPlan
from booths.rendering.words import offers_of
from registry.models import ProductGroup

# Units of the plan: 10 cm.
GAP = 1
MARGIN = 14
LABEL = 8

# Groups that have a colour of their own in the style sheets; booths of any other stay white.
COLOURED = {"food", "beverage", "herbal", "craft", "plants", "tourism"}
FEATURES = {"stage", "entrance", "aisle", "water", "power", "food_court", "wall"}


@dataclass(frozen=True)
class DrawnBooth:
    """A booth's rectangle, a little smaller than its place so that neighbours stand apart."""

    booth: Booth
    tone: str
    label: str
    is_on: bool
    is_pinned: bool
    x: int
    y: int
    width: int
    height: int
    # The code of the application that has it, and a class of the style sheet.
    stand: str = ""
    mark: str = ""

    @property
    def middle_x(self) -> float:
        return self.x + self.width / 2

    @property
    def middle_y(self) -> float:
        return self.y + self.height / 2

    @property
    def right(self) -> int:
        return self.x + self.width


@dataclass(frozen=True)
class DrawnFeature:
    """What stands in the hall besides booths; `kind` is a class of the style sheet."""

    kind: str
    name: str
    x: int
    y: int
    width: int
    height: int
    text_y: float

    @property
    def middle_x(self) -> float:
        return self.x + self.width / 2

    @property
    def middle_y(self) -> float:
        return self.y + self.height / 2


@dataclass(frozen=True)
class DrawnZone:
    """A zone's name, above its first booth."""

    name: str
    x: int
    y: int


@dataclass(frozen=True)
class DrawnPlan:
    """A whole plan; `view_box` leaves a margin for what is written at the walls."""

    width: int
    height: int
    zones: tuple[DrawnZone, ...]
    features: tuple[DrawnFeature, ...]
    booths: tuple[DrawnBooth, ...]
    # The hall's corners as SVG takes them; empty for the whole rectangle.
    outline: str = ""

    @property
    def has_water(self) -> bool:
        return any(feature.kind == "water" for feature in self.features)

    @property
    def view_box(self) -> str:
        return f"{-MARGIN} {-MARGIN} {self.width + 2 * MARGIN} {self.height + 3 * MARGIN}"


def main_group(booth: Booth) -> ProductGroup | None:
    """The group a booth is coloured after: its zone's; None if that takes anything."""
    return booth.zone.group


def draw_plan(
    plan: FloorPlan,
    *,
    holders: Mapping[str, Application] | None = None,
    chosen: Collection[str] = (),
    pinned: Collection[str] = (),
    marks: Mapping[str, str] | None = None,
) -> DrawnPlan:
    """Lay out `plan`: by what each booth takes or, with `holders` by booth code, by who has it."""
    booths = list(plan.booths.all())
    return DrawnPlan(
        width=plan.width,
        height=plan.height,
        outline=" ".join(f"{x},{y}" for x, y in plan.outline),
        zones=tuple(
            DrawnZone(
                zone.name,
                min((booth.x for booth in booths if booth.zone_id == zone.pk), default=zone.x),
                min((booth.y for booth in booths if booth.zone_id == zone.pk), default=zone.y)
                - LABEL,
            )
            for zone in plan.zones.all()
        ),
        features=tuple(_draw_feature(feature, plan) for feature in plan.features),
        booths=tuple(
            DrawnBooth(
                booth,
                *_tone_and_label(booth, holders),
                booth.code in chosen,
                booth.code in pinned,
                booth.x + GAP,
                booth.y + GAP,
                booth.width - 2 * GAP,
                booth.height - 2 * GAP,
                holders[booth.code].code if holders and booth.code in holders else "",
                (marks or {}).get(booth.code, ""),
            )
            for booth in booths
        ),
    )


def _tone_and_label(booth: Booth, holders: Mapping[str, Application] | None) -> tuple[str, str]:
    if holders is None:
        group = main_group(booth)
        words = ", ".join([booth.code, str(group or gettext("any group")), *offers_of(booth)])
        return (group.code if group and group.code in COLOURED else "any"), words
    holder = holders.get(booth.code)
    if holder is None:
        return "free", f"{booth.code}: {gettext('free')}"
    return holder.group.code, f"{booth.code}: {holder.organisation} ({holder.group})"


def _draw_feature(feature: Mapping[str, Any], plan: FloorPlan) -> DrawnFeature:
    x, y, width, height = (int(feature.get(name, 0)) for name in ("x", "y", "width", "height"))
    kind = feature.get("kind", "")
    below = y + height + 12
    text_y = y + height / 2
    if kind == "entrance":
        text_y = below + 4 if y > plan.height / 2 else y - 6
    names = ("name_en", "name_vi") if get_language() == "en" else ("name_vi",)
    name = next((feature[key] for key in names if feature.get(key)), "")
    return DrawnFeature(kind if kind in FEATURES else "other", name, x, y, width, height, text_y)
