"""Who asks for booths at the near fair, how many, why they come first, and the quotas.

The priority is a sum that prints its parts:
10 for each star of the best product brought (5 more if it is potentially five star)
+ 20 for a cooperative, 15 for a household business, 8 for an enterprise
+ 24 for a producer who got no booth last time, or 6 for one who comes for the first time.
"""

from dataclasses import replace
from random import Random

from sample.names import dice_for
from sample.places import HANOI
from sample.producers import read_kinds
from sample.records import (
    ApplicationRecord,
    BoothRecord,
    FloorPlanRecord,
    KindRecord,
    PriorityPart,
    ProducerRecord,
    ProductRecord,
    QuotaRecord,
)

# How many of each line apply: 118 in all.
APPLICANTS_BY_LINE = {
    "food": 67,
    "beverage": 7,
    "herbal": 3,
    "textile": 4,
    "craft": 32,
    "plants": 5,
}
# How many in a hundred of each actor type ask for one, two and three booths.
BOOTHS_BY_ACTOR = {
    "enterprise": (50, 42, 8),
    "cooperative": (64, 30, 6),
    "household business": (86, 14, 0),
}
ACTOR_PARTS = {
    "enterprise": PriorityPart(code="kind", label="doanh nghiệp", points=8),
    "cooperative": PriorityPart(code="kind", label="hợp tác xã", points=20),
    "household business": PriorityPart(code="kind", label="hộ kinh doanh", points=15),
}
LOST_OUT_PART = PriorityPart(code="lost_out", label="lần trước bị loại", points=24)
FIRST_TIME_PART = PriorityPart(code="first_time", label="lần đầu tham gia", points=6)
QUOTAS = (
    QuotaRecord(
        name="households",
        label="Hộ sản xuất ≥ 20 gian",
        label_en="Households ≥ 20 booths",
        trait="actor",
        value="household business",
        minimum=20,
        maximum=None,
    ),
    QuotaRecord(
        name="enterprises",
        label="Doanh nghiệp ≤ 20 % (18 trên 92 gian)",
        label_en="Enterprises ≤ 20 % (18 of 92 booths)",
        trait="actor",
        value="enterprise",
        minimum=0,
        maximum=18,
    ),
    QuotaRecord(
        name="food",
        label="Thực phẩm ≤ 60 % (55 trên 92 gian)",
        label_en="Food ≤ 60 % (55 of 92 booths)",
        trait="group",
        value="food",
        minimum=0,
        maximum=55,
    ),
)
MOST_PRODUCTS_BROUGHT = 5
LIVE_WORKSHOP_POWER_KW = 6.0  # more than a booth gives: one request that nothing can meet


def make_applications(
    producers: tuple[ProducerRecord, ...],
    products: tuple[ProductRecord, ...],
    floor_plan: FloorPlanRecord,
    *,
    seed: str,
) -> tuple[ApplicationRecord, ...]:
    """Return 118 applications of 118 producers, in the order they came in."""
    dice = dice_for(seed, "applications")
    own_products: dict[str, list[ProductRecord]] = {}
    for product in products:
        own_products.setdefault(product.producer, []).append(product)
    applications = [
        _make_application(dice, number, producer, own_products[producer.code], floor_plan)
        for number, producer in enumerate(_draw_applicants(dice, producers), start=1)
    ]
    workshop = next(index for index, each in enumerate(applications) if each.group == "craft")
    applications[workshop] = replace(
        applications[workshop], booths=1, power_kw=LIVE_WORKSHOP_POWER_KW
    )
    return tuple(applications)


def _draw_applicants(dice: Random, producers: tuple[ProducerRecord, ...]) -> list[ProducerRecord]:
    kinds = read_kinds()
    by_line: dict[str, list[ProducerRecord]] = {line: [] for line in APPLICANTS_BY_LINE}
    for producer in producers:
        by_line[kinds[producer.kinds[0]].line].append(producer)
    applicants = [
        producer
        for line, number in APPLICANTS_BY_LINE.items()
        for producer in dice.sample(by_line[line], k=number)
    ]
    dice.shuffle(applicants)
    return applicants


def _make_application(
    dice: Random,
    number: int,
    producer: ProducerRecord,
    offered: list[ProductRecord],
    floor_plan: FloorPlanRecord,
) -> ApplicationRecord:
    """Draw what a producer asks for; the first product brought decides on group and kind."""
    brought = dice.sample(offered, k=dice.randint(1, min(len(offered), MOST_PRODUCTS_BROUGHT)))
    kind = read_kinds()[brought[0].kind]
    booths = dice.choices((1, 2, 3), BOOTHS_BY_ACTOR[producer.actor_type])[0]
    return ApplicationRecord(
        code=f"DK-{number:03d}",
        producer=producer.code,
        products=tuple(product.code for product in brought),
        booths=booths,
        group=kind.group_2023,
        kind=kind.code,
        power_kw=kind.power_kw * booths,
        water=dice.randrange(100) < kind.water_percent,
        cold=dice.randrange(100) < kind.cold_percent,
        cooking=dice.randrange(100) < kind.cooking_percent,
        wishes=_draw_wishes(dice, kind, floor_plan),
        priority_parts=_priority_parts(dice, producer, brought),
        traits=(
            ("actor", producer.actor_type),
            ("group", kind.group_2023),
            ("province", HANOI),
            ("commune", producer.commune),
        ),
    )


def _draw_wishes(
    dice: Random, kind: KindRecord, floor_plan: FloorPlanRecord
) -> tuple[tuple[str, str], ...]:
    """Return up to three wishes, of which a zone comes after the booths."""
    zones = [zone.code for zone in floor_plan.zones if kind.group_2023 in zone.groups]
    zone = dice.choice(zones)
    booths: list[BoothRecord] = [booth for booth in floor_plan.booths if booth.zone == zone]
    corner_first = [*booths[:2], *booths]
    number = dice.choice((0, 0, 1, 2))
    codes = dict.fromkeys(dice.choice(corner_first).code for _ in range(number))
    wished = [("booth", code) for code in codes]
    if dice.random() < 0.8:
        wished.append(("zone", zone))
    return tuple(wished)


def _priority_parts(
    dice: Random, producer: ProducerRecord, brought: list[ProductRecord]
) -> tuple[PriorityPart, ...]:
    best = max(
        10 * product.certification.stars + 5 * product.certification.potential_five_star
        for product in brought
    )
    past = dice.choices((None, LOST_OUT_PART, FIRST_TIME_PART), (60, 15, 25))[0]
    parts = (
        PriorityPart(code="stars", label="sao", points=best),
        ACTOR_PARTS[producer.actor_type],
        past,
    )
    return tuple(part for part in parts if part)
