"""Where things are: provinces and Hanoi's communes of 2025-07-01, and the districts before.

Codes and names follow Decision 19/2025/QĐ-TTg; district codes are those in force until
2025-06-30. Of Hanoi's 126 communes and wards only those that the sample needs are kept.
"""

from datetime import date

from sample.records import CraftVillageRecord, PlaceRecord
from sample.sources import read_rows

TWO_LEVELS_FROM = date(2025, 7, 1)
DISTRICTS_UNTIL = date(2025, 6, 30)
HANOI = "01"


def read_places() -> tuple[PlaceRecord, ...]:
    """Return every place, parents before children; Hanoi's districts end on 2025-06-30."""
    provinces = [
        PlaceRecord(
            code=row["code"],
            name=row["name"],
            kind=row["kind"],
            parent=None,
            region=row["region"],
            valid_from=TWO_LEVELS_FROM if row["code"] != HANOI else date(2008, 8, 1),
        )
        for row in read_rows("provinces.csv")
    ]
    districts = [
        PlaceRecord(
            code=row["code"],
            name=row["name"],
            kind=row["kind"],
            parent=HANOI,
            valid_from=date.fromisoformat(row["valid_from"]),
            valid_to=DISTRICTS_UNTIL,
        )
        for row in read_rows("districts.csv")
    ]
    communes = [
        PlaceRecord(
            code=row["code"],
            name=row["name"],
            kind=row["kind"],
            parent=HANOI,
            former_district=row["district"],
            valid_from=TWO_LEVELS_FROM,
        )
        for row in read_rows("communes.csv")
    ]
    return (*provinces, *districts, *communes)


def read_craft_villages() -> tuple[CraftVillageRecord, ...]:
    """Return some well-known craft villages of Hanoi, each in its commune of today."""
    return tuple(
        CraftVillageRecord(
            name=row["name"],
            commune=row["commune"],
            kind=row["kind"],
            title=row["title"],
            makers=int(row["makers"]),
        )
        for row in read_rows("craft_villages.csv")
    )


def read_specialities() -> dict[str, tuple[str, ...]]:
    """Return what each commune is known for, as kinds by commune code; none where unknown."""
    return {
        row["code"]: tuple(filter(None, row["specialities"].split("|")))
        for row in read_rows("communes.csv")
    }
