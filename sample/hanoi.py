"""The Hanoi sample: everything a first visitor finds, made from one seed and today's date."""

from dataclasses import dataclass
from datetime import date

from sample.demand import QUOTAS, make_applications
from sample.floor import make_floor_plan
from sample.places import read_craft_villages, read_places
from sample.producers import make_distributors, make_producers, read_kinds
from sample.products import make_products
from sample.programme import make_fairs, make_plans
from sample.records import (
    ApplicationRecord,
    CraftVillageRecord,
    DistributorRecord,
    FairRecord,
    FloorPlanRecord,
    KindRecord,
    PlaceRecord,
    PlanRecord,
    ProducerRecord,
    ProductRecord,
    QuotaRecord,
)

SEED = "Kẻ Chợ"
LARGEST_SCALE = 10
# Groups of 2019 to those of 2023, the usual one first: ornamental plants were with the souvenirs.
GROUPS_2023_BY_2019 = {
    "food": ("food",),
    "beverage": ("beverage",),
    "herbal": ("herbal",),
    "textile": ("craft",),
    "craft": ("craft", "plants"),
    "tourism": ("tourism",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class HanoiSample:
    """All records; codes tie them together. The floor plan is that of the last fair."""

    places: tuple[PlaceRecord, ...]
    craft_villages: tuple[CraftVillageRecord, ...]
    kinds: tuple[KindRecord, ...]
    producers: tuple[ProducerRecord, ...]
    distributors: tuple[DistributorRecord, ...]
    products: tuple[ProductRecord, ...]
    plans: tuple[PlanRecord, ...]
    fairs: tuple[FairRecord, ...]
    floor_plan: FloorPlanRecord
    applications: tuple[ApplicationRecord, ...]
    quotas: tuple[QuotaRecord, ...]


def make_hanoi_sample(*, today: date, scale: int = 1, seed: str = SEED) -> HanoiSample:
    """Return the sample as of `today`; the same arguments give the same sample.

    `scale` multiplies producers, products and distributors. Raises ValueError unless it is a
    whole number from 1 to 10, as far as the synthetic telephone numbers reach.
    """
    if scale not in range(1, LARGEST_SCALE + 1):
        raise ValueError(f"scale {scale} is not between 1 and {LARGEST_SCALE}")
    producers = make_producers(seed=seed, scale=scale)
    products = make_products(producers, today=today, seed=seed, scale=scale)
    floor_plan = make_floor_plan()
    return HanoiSample(
        places=read_places(),
        craft_villages=read_craft_villages(),
        kinds=tuple(read_kinds().values()),
        producers=producers,
        distributors=make_distributors(seed=seed, scale=scale),
        products=products,
        plans=make_plans(today=today),
        fairs=make_fairs(today=today),
        floor_plan=floor_plan,
        applications=make_applications(producers, products, floor_plan, seed=seed),
        quotas=QUOTAS,
    )
