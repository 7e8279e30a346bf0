"""The near fair's floor plan, from its drawing in `data/floor.toml`."""

from itertools import combinations
from typing import Any

from sample.records import BoothRecord, FeatureRecord, FloorPlanRecord, ZoneRecord
from sample.sources import read_floor


def make_floor_plan() -> FloorPlanRecord:
    """Return the hall with its 92 booths in seven zones of two rows back to back."""
    drawing = read_floor()
    booths = tuple(
        booth for zone in drawing["zones"] for booth in _make_booths(zone, drawing=drawing)
    )
    pairs = list(combinations(booths, 2))
    return FloorPlanRecord(
        name=drawing["name"],
        width=drawing["hall"]["width"],
        height=drawing["hall"]["height"],
        zones=tuple(
            ZoneRecord(
                code=zone["code"],
                label=zone["label"],
                label_en=zone["label_en"],
                x=zone["x"],
                y=zone["y"],
                groups=tuple(zone["groups"]),
            )
            for zone in drawing["zones"]
        ),
        features=tuple(FeatureRecord(**feature) for feature in drawing["features"]),
        booths=booths,
        joins=tuple((one.code, two.code) for one, two in pairs if _share_a_row(one, two)),
        neighbours=tuple((one.code, two.code) for one, two in pairs if _see_across(one, two)),
    )


def _make_booths(zone: dict[str, Any], *, drawing: dict[str, Any]) -> list[BoothRecord]:
    side = drawing["booth_side"]
    utilities = drawing["utilities"]
    power = {
        code: float(kilowatts)
        for kilowatts, codes in utilities["power_kw"].items()
        for code in codes
    }
    booths = []
    for index in range(2 * zone["columns"]):
        row, column = divmod(index, zone["columns"])
        code = f"{zone['code']}{index + 1}"
        booths.append(
            BoothRecord(
                code=code,
                zone=zone["code"],
                x=zone["x"] + column * side,
                y=zone["y"] + row * side,
                width=side,
                height=side,
                power_kw=power.get(code, drawing["default_power_kw"]),
                water=code in utilities["water"],
                cold=code in utilities["cold"],
                cooking=code in utilities["cooking"],
                groups=tuple(zone["groups"]),
            )
        )
    return booths


def _share_a_row(one: BoothRecord, two: BoothRecord) -> bool:
    return one.y == two.y and abs(one.x - two.x) == one.width


def _see_across(one: BoothRecord, two: BoothRecord) -> bool:
    """Tell whether the booths touch, back to back or at a corner."""
    return abs(one.y - two.y) == one.height and abs(one.x - two.x) <= one.width
