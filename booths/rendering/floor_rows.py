"""The booths of a plan as lines of a table."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from booths.floor import Plan
from booths.queries.floor_plan import Holder
from booths.rendering.floor_words import FEATURE_NAMES
from registry.models import ProductGroup


@dataclass(frozen=True)
class BoothLine:
    """One booth; lengths in metres."""

    code: str
    zone: str
    x: Decimal
    y: Decimal
    width: Decimal
    height: Decimal
    power_kw: float
    offers: str
    groups: tuple[ProductGroup, ...]
    holder: str


def booth_lines(
    floor: Plan, groups: Mapping[str, ProductGroup], holders: Mapping[str, Holder]
) -> list[BoothLine]:
    """The booths in the plan's order."""
    return [
        BoothLine(
            code=booth.code,
            zone=booth.zone,
            x=_metres(booth.x),
            y=_metres(booth.y),
            width=_metres(booth.width),
            height=_metres(booth.height),
            power_kw=booth.power_kw,
            offers=", ".join(
                word
                for has, word in (
                    (booth.water, _("water")),
                    (booth.cold, _("cold storage")),
                    (booth.cooking, _("cooking")),
                )
                if has
            ),
            groups=tuple(groups[code] for code in booth.groups),
            holder=str(holders[booth.code].organisation) if booth.code in holders else "",
        )
        for booth in floor.booths
    ]


def _metres(length: int) -> Decimal:
    return Decimal(length).scaleb(-1).normalize() if length % 10 else Decimal(length // 10)


def feature_lines(floor: Plan) -> list[tuple[str, str]]:
    """What stands in the hall: what it is, and its name."""
    return [(str(FEATURE_NAMES[feature.kind]), feature.name_vi) for feature in floor.features]


def correction_lines(floor: Plan) -> list[str]:
    """What was corrected about pairs, in words."""
    said = {"join": _("to be merged on request"), "neighbour": _("neighbours only")}
    return [
        f"{each.first} + {each.second}: {said.get(each.kind, _('not neighbours'))}"
        for each in floor.corrections
    ]
