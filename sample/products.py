"""Invented products of the invented producers, each with a certificate."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from random import Random

from sample.names import dice_for
from sample.producers import read_kinds
from sample.records import CertificationRecord, KindRecord, ProducerRecord, ProductRecord
from sample.sources import read_facts, read_rows

MOST_PRODUCTS_OF_ONE = 14
WEIGHT_BY_ACTOR = {"enterprise": 3, "cooperative": 2, "household business": 1}
CAPACITY_BY_ACTOR = {"enterprise": 1.0, "cooperative": 0.8, "household business": 0.3}
FIVE_STAR_PRODUCTS = 4
YEARS_VALID = 3
# Rounds of assessment: days from today until their certificates end, and how many get one there.
ROUNDS = (
    *((-170, 2), (-45, 3)),  # over
    *((5, 2), (13, 2), (26, 3), (48, 4)),  # ending soon; the second within the near fair
    *((110, 9), (175, 9), (240, 9), (330, 10), (420, 10), (520, 10), (640, 10), (760, 9)),
    *((870, 8), (980, 6), (1060, 4)),
)
MINISTRY_RENAMED_ON = date(2025, 3, 1)


@dataclass(frozen=True, slots=True)
class Line:
    """One saleable thing: a name with one of its packs, and what it costs about."""

    name: str
    unit: str
    pack: str
    price: int


def make_products(
    producers: tuple[ProducerRecord, ...], *, today: date, seed: str, scale: int
) -> tuple[ProductRecord, ...]:
    """Return 1,054 products times `scale`, in the report's numbers for each group of 2019.

    Every producer has one or more; seventeen times `scale` are potential five star.
    """
    dice = dice_for(seed, "products")
    kinds = read_kinds()
    lines = _read_lines()
    chosen: list[tuple[ProducerRecord, str, Line]] = []
    by_group: dict[str, list[ProducerRecord]] = {}
    for producer in producers:
        by_group.setdefault(kinds[producer.kinds[0]].group_2019, []).append(producer)
    for group, total in read_facts()["report_2018_2020"]["by_group"].items():
        choices = {
            producer.code: [(kind, line) for kind in producer.kinds for line in lines[kind]]
            for producer in by_group[group]
        }
        counts = _spread(dice, by_group[group], choices, total=total * scale)
        for producer in by_group[group]:
            drawn = dice.sample(choices[producer.code], k=counts[producer.code])
            chosen.extend((producer, kind, line) for kind, line in drawn)
    certifications = _make_certifications(
        dice_for(seed, "certifications"), number=len(chosen), today=today, scale=scale
    )
    return tuple(
        _make_product(dice, number, producer, kinds[kind], line, certification)
        for number, ((producer, kind, line), certification) in enumerate(
            zip(chosen, certifications, strict=True), start=1
        )
    )


def _read_lines() -> dict[str, list[Line]]:
    """Return what is sold by kind; the first pack has the lowest price, the last the highest."""
    lines: dict[str, list[Line]] = {}
    for row in read_rows("products.csv"):
        packs = row["packs"].split("|")
        lowest, highest = int(row["price_from"]), int(row["price_to"])
        for step, pack in enumerate(packs):
            price = lowest + (highest - lowest) * step // max(1, len(packs) - 1)
            lines.setdefault(row["kind"], []).append(
                Line(name=row["name"], unit=row["unit"], pack=pack, price=price)
            )
    return lines


def _spread(
    dice: Random,
    producers: list[ProducerRecord],
    choices: dict[str, list[tuple[str, Line]]],
    *,
    total: int,
) -> dict[str, int]:
    """Return how many products each has: one at least, larger makers more, `total` in all."""
    counts = {producer.code: 1 for producer in producers}
    room = {code: min(len(lines), MOST_PRODUCTS_OF_ONE) for code, lines in choices.items()}
    if not len(producers) <= total <= sum(room.values()):
        raise ValueError(f"{total} products do not fit {len(producers)} producers")
    weights = [WEIGHT_BY_ACTOR[producer.actor_type] for producer in producers]
    drawn = iter(lambda: dice.choices(producers, weights)[0].code, None)
    open_ones = (code for code in drawn if code and counts[code] < room[code])
    for code in islice(open_ones, total - len(producers)):
        counts[code] += 1
    return counts


def _make_certifications(
    dice: Random, *, number: int, today: date, scale: int
) -> list[CertificationRecord]:
    """Return `number` certificates in an order of chance."""
    potential = read_facts()["report_2018_2020"]["potential_five_star"] * scale
    fives = FIVE_STAR_PRODUCTS * scale
    classes = ["potential"] * potential + ["five"] * fives
    classes += dice.choices(("three", "four"), (11, 9), k=number - len(classes))
    dice.shuffle(classes)
    offsets = [offset for offset, _ in ROUNDS]
    drawn = dice.choices(range(len(ROUNDS)), [share for _, share in ROUNDS], k=number)
    return [
        _make_certification(
            dice, what, ends=today + timedelta(days=offsets[index]), decision=9101 + 37 * index
        )
        for what, index in zip(classes, drawn, strict=True)
    ]


def _make_certification(
    dice: Random, what: str, *, ends: date, decision: int
) -> CertificationRecord:
    stars, lowest, highest = {
        "three": (3, 50, 69),
        "four": (4, 70, 89),
        "potential": (4, 90, 96),
        "five": (5, 90, 98),
    }[what]
    decided = _shift_years(ends, -YEARS_VALID)
    issuer = "UBND"
    if what == "five":
        issuer = "BNNMT" if decided >= MINISTRY_RENAMED_ON else "BNN"
    return CertificationRecord(
        stars=stars,
        points=dice.randint(lowest, highest),
        potential_five_star=what == "potential",
        decision_number=f"{decision}/QĐ-{issuer}",
        decision_date=decided,
        valid_until=_shift_years(decided, YEARS_VALID),
    )


def _shift_years(day: date, years: int) -> date:
    """Return the same day of another year, 28 February for 29 February."""
    if (day.month, day.day) == (2, 29):
        return date(day.year + years, 2, 28)
    return day.replace(year=day.year + years)


def _make_product(
    dice: Random,
    number: int,
    producer: ProducerRecord,
    kind: KindRecord,
    line: Line,
    certification: CertificationRecord,
) -> ProductRecord:
    most = dice.randint(kind.monthly_from, kind.monthly_to)
    capacity = round(most * CAPACITY_BY_ACTOR[producer.actor_type])
    return ProductRecord(
        code=f"SP-{number:05d}",
        producer=producer.code,
        name=f"{line.name} {line.pack}",
        kind=kind.code,
        group_2019=kind.group_2019,
        group_2023=kind.group_2023,
        unit=line.unit,
        pack=line.pack,
        price=max(5, round(line.price * dice.uniform(0.92, 1.12) / 1_000)) * 1_000,
        monthly_capacity=max(10, capacity // 10 * 10),
        certification=certification,
    )
