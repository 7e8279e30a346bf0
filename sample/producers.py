"""Invented producers and distributors."""

from functools import cache
from itertools import count
from random import Random
from typing import TypedDict

from sample.names import (
    MARK,
    address_line,
    dice_for,
    good_omen,
    household_tax_code,
    person,
    phone,
    tax_code,
)
from sample.places import read_craft_villages, read_places, read_specialities
from sample.records import CraftVillageRecord, DistributorRecord, KindRecord, ProducerRecord
from sample.sources import read_rows

# How many of each actor type follow which line; each column adds up to the report's count.
ACTORS_BY_LINE = {
    "food": {"enterprise": 40, "cooperative": 70, "household business": 55},
    "beverage": {"enterprise": 4, "cooperative": 3, "household business": 2},
    "herbal": {"enterprise": 1, "cooperative": 2, "household business": 1},
    "textile": {"enterprise": 4, "cooperative": 1, "household business": 4},
    "craft": {"enterprise": 21, "cooperative": 4, "household business": 35},
    "plants": {"enterprise": 2, "cooperative": 2, "household business": 4},
}
NAME_PATTERNS = {
    ("enterprise", True): (
        "Công ty TNHH {trade} {omen}",
        "Công ty Cổ phần {trade} {omen}",
        "Công ty TNHH Sản xuất và Thương mại {omen}",
        "Công ty TNHH Thực phẩm {omen}",
    ),
    ("enterprise", False): (
        "Công ty TNHH {trade} {omen}",
        "Công ty Cổ phần {trade} {omen}",
        "Công ty TNHH Sản xuất và Thương mại {omen}",
        "Doanh nghiệp tư nhân {trade} {omen}",
    ),
    ("cooperative", True): (
        "HTX Nông nghiệp hữu cơ {omen}",
        "HTX Dịch vụ nông nghiệp {omen}",
        "HTX {trade} {omen}",
        "Hợp tác xã Sản xuất và Tiêu thụ nông sản {omen}",
    ),
    ("cooperative", False): (
        "HTX {trade} {omen}",
        "Hợp tác xã Làng nghề {trade} {omen}",
        "HTX Thủ công mỹ nghệ {omen}",
    ),
    ("household business", True): (
        "Hộ kinh doanh {person}",
        "Hộ kinh doanh {person}",
        "Cơ sở {trade} {omen}",
    ),
    ("household business", False): (
        "Hộ kinh doanh {person}",
        "Xưởng {trade} {omen}",
        "Cơ sở {trade} {omen}",
    ),
}
EATEN_OR_GROWN = {"food", "beverage", "herbal", "plants"}
POSITIONS = {
    "enterprise": ("Giám đốc", "Giám đốc", "Tổng Giám đốc"),
    "cooperative": ("Giám đốc HTX", "Chủ tịch Hội đồng quản trị HTX"),
    "household business": ("Chủ hộ",),
}
# Names that every page and paper must bear, with their representatives: the first food producers
# of each actor type have them.
HARD_NAMES = {
    "enterprise": (("Công ty TNHH Nông sản Đường Ươm Ước Mơ", "Ông", "Đặng Đình Ước"),),
    "cooperative": (
        (
            "Hợp tác xã Sản xuất, Chế biến và Tiêu thụ nông sản hữu cơ, dược liệu Đường Ưu Trường",
            "Bà",
            "Nguyễn Thị Huyền Trân Ưu",
        ),
        ("HTX Rau an toàn Đồng Ươm", "Ông", "Ưng Văn Tường"),
    ),
    "household business": (("Hộ kinh doanh Đỗ Thị Ơn", "Bà", "Đỗ Thị Ơn"),),
}
ATTEMPTS = 60
DISTRIBUTORS = {
    "supermarket": (10, ("Siêu thị {omen}", "Công ty TNHH Siêu thị {omen}")),
    "shop_chain": (10, ("Chuỗi cửa hàng đặc sản {omen}", "Công ty Cổ phần Bán lẻ {omen}")),
    "clean_food_shop": (8, ("Cửa hàng thực phẩm sạch {omen}", "Cửa hàng nông sản sạch {omen}")),
    "restaurant": (7, ("Nhà hàng {omen}", "Công ty TNHH Ẩm thực {omen}")),
    "e_commerce": (5, ("Sàn thương mại điện tử {omen}", "Công ty TNHH Thương mại số {omen}")),
}
BUYER_POSITIONS = ("Trưởng phòng thu mua", "Giám đốc", "Giám đốc ngành hàng", "Phó Giám đốc")
DISTRIBUTOR_PHONES_FROM = 6_000
DISTRIBUTOR_TAX_CODES_FROM = 500_000


@cache
def read_kinds() -> dict[str, KindRecord]:
    """Return what is made and sold, by code."""
    return {
        row["code"]: KindRecord(
            code=row["code"],
            name=row["name"],
            trade=row["trade"],
            group_2019=row["group_2019"],
            group_2023=row["group_2023"],
            monthly_from=int(row["monthly_from"]),
            monthly_to=int(row["monthly_to"]),
            power_kw=float(row["power_kw"]),
            water_percent=int(row["water_percent"]),
            cold_percent=int(row["cold_percent"]),
            cooking_percent=int(row["cooking_percent"]),
        )
        for row in read_rows("kinds.csv")
    }


class Identity(TypedDict):
    """Who an organisation is and who speaks for it."""

    name: str
    representative_title: str
    representative: str


def make_producers(*, seed: str, scale: int) -> tuple[ProducerRecord, ...]:
    """Return 255 producers times `scale`: 72 enterprises, 82 cooperatives, 101 households."""
    dice = dice_for(seed, "producers")
    kinds = read_kinds()
    unit_kinds = {place.code: place.kind for place in read_places()}
    villages = {(each.commune, each.kind): each for each in read_craft_villages()}
    sites = _sites_by_line(kinds, villages)
    waiting = {actor_type: list(names) for actor_type, names in HARD_NAMES.items()}
    taken: set[str] = set()
    producers = []
    for number, (line, actor_type) in enumerate(_draw_order(dice, scale=scale), start=1):
        commune, kind = dice.choice(sites[line])
        others = [
            other
            for place, other in dict.fromkeys(sites[line])
            if place == commune and other != kind
        ]
        if line == "food" and waiting[actor_type]:
            name, title, human = waiting[actor_type].pop(0)
            identity = _mark(name, title, human)
        else:
            patterns = NAME_PATTERNS[actor_type, line in EATEN_OR_GROWN]
            identity = _draw_identity(dice, patterns, trade=kinds[kind].trade, taken=taken)
        taken.add(identity["name"])
        village = villages.get((commune, kind)) if dice.random() < 0.75 else None
        is_household = actor_type == "household business"
        code = f"CT-{number:04d}"
        producers.append(
            ProducerRecord(
                **identity,
                code=code,
                commune=commune,
                address_line=address_line(dice, kind=unit_kinds[commune]),
                tax_code=household_tax_code(number) if is_household else tax_code(number * 2),
                phone=phone(number),
                email="" if is_household and number % 5 == 0 else f"{code.lower()}@mau.example",
                position=dice.choice(POSITIONS[actor_type]),
                actor_type=actor_type,
                kinds=(kind, *dice.sample(others, k=min(len(others), dice.choice((0, 0, 1))))),
                craft_village=village.name if village else None,
            )
        )
    return tuple(producers)


def make_distributors(*, seed: str, scale: int) -> tuple[DistributorRecord, ...]:
    """Return 40 distributors times `scale`."""
    dice = dice_for(seed, "distributors")
    wards = [place for place in read_places() if place.kind == "ward"]
    wanted = [
        (channel, patterns)
        for channel, (number, patterns) in DISTRIBUTORS.items()
        for _ in range(number * scale)
    ]
    taken: set[str] = set()
    distributors = []
    for number, (channel, patterns) in enumerate(wanted, start=1):
        identity = _draw_identity(dice, patterns, trade="", taken=taken)
        taken.add(identity["name"])
        code = f"PP-{number:04d}"
        distributors.append(
            DistributorRecord(
                **identity,
                code=code,
                commune=dice.choice(wards).code,
                address_line=address_line(dice, kind="ward"),
                tax_code=tax_code(DISTRIBUTOR_TAX_CODES_FROM + number * 2),
                phone=phone(DISTRIBUTOR_PHONES_FROM + number),
                email=f"{code.lower()}@mau.example",
                position=dice.choice(BUYER_POSITIONS),
                channel=channel,
            )
        )
    return tuple(distributors)


def _draw_order(dice: Random, *, scale: int) -> list[tuple[str, str]]:
    """Return the line and actor type of every producer, well mixed."""
    wanted = [
        (line, actor_type)
        for line, actors in ACTORS_BY_LINE.items()
        for actor_type, number in actors.items()
        for _ in range(number * scale)
    ]
    dice.shuffle(wanted)
    return wanted


def _sites_by_line(
    kinds: dict[str, KindRecord], villages: dict[tuple[str, str], CraftVillageRecord]
) -> dict[str, list[tuple[str, str]]]:
    """Return, by line, the (commune, kind) pairs where something of that line is at home.

    A craft village is listed as many times as it has makers for one elsewhere.
    """
    sites: dict[str, list[tuple[str, str]]] = {line: [] for line in ACTORS_BY_LINE}
    for commune, specialities in read_specialities().items():
        for kind in specialities:
            village = villages.get((commune, kind))
            times = village.makers if village else 1
            sites[kinds[kind].line].extend([(commune, kind)] * times)
    return sites


def _draw_identity(
    dice: Random, patterns: tuple[str, ...], *, trade: str, taken: set[str]
) -> Identity:
    """Return an identity whose name is not `taken`; a numeral helps once names run out."""
    for attempt in count():
        title, human = person(dice)
        name = dice.choice(patterns).format(trade=trade, omen=good_omen(dice), person=human)
        numeral = f" {attempt - ATTEMPTS + 2}" if attempt >= ATTEMPTS else ""
        identity = _mark(f"{name}{numeral}", title, human)
        if identity["name"] not in taken:
            break
    return identity


def _mark(name: str, title: str, human: str) -> Identity:
    return {
        "name": f"{name} {MARK}",
        "representative_title": title,
        "representative": human,
    }
