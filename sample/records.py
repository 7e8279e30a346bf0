"""The plain values the Hanoi sample is made of; they know nothing of the database."""

from dataclasses import dataclass
from datetime import date, time


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceRecord:
    """One administrative unit: `name` without its kind ("Bát Tràng"), official `code`.

    `kind` is city, province, urban_district, rural_district, town, ward or commune. `parent` is
    a code. `region` is filled for provinces and cities only. A commune or ward of today has the
    code of the district that most of it was in until 2025-06-30 as `former_district`.
    """

    code: str
    name: str
    kind: str
    parent: str | None
    region: str = ""
    former_district: str | None = None
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CraftVillageRecord:
    """A craft village; `title` is lang_nghe or lang_nghe_truyen_thong, `kind` what it makes.

    The sample has `makers` times as many makers of that kind there as in another commune.
    """

    name: str
    commune: str
    kind: str
    title: str
    makers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KindRecord:
    """What is sold, in a word: its product groups of 2019 and 2023 and what a stand needs.

    `trade` is the word used in the names of those who make it. The percentages say how many
    in a hundred stands of this kind ask for water, a cold place and leave to cook.
    """

    code: str
    name: str
    trade: str
    group_2019: str
    group_2023: str
    monthly_from: int
    monthly_to: int
    power_kw: float
    water_percent: int
    cold_percent: int
    cooking_percent: int

    @property
    def line(self) -> str:
        """The group by which producers are counted out: that of 2019, but plants by itself."""
        return "plants" if self.group_2023 == "plants" else self.group_2019


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationRecord:
    """An invented body. `phone` is E.164; `representative_title` is Ông or Bà."""

    code: str
    name: str
    commune: str
    address_line: str
    tax_code: str
    phone: str
    email: str
    representative_title: str
    representative: str
    position: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProducerRecord(OrganisationRecord):
    """A producer; its `kinds` (first the main one) are all of one line."""

    actor_type: str
    kinds: tuple[str, ...]
    craft_village: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DistributorRecord(OrganisationRecord):
    """A distributor; `channel` says how it sells on."""

    channel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificationRecord:
    """A certificate: 3 to 5 stars by `points`; potential five star counts as 4 stars till then."""

    stars: int
    points: int
    potential_five_star: bool
    decision_number: str
    decision_date: date
    valid_until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductRecord:
    """One product of one producer; `price` in VND per `unit`, `monthly_capacity` in units."""

    code: str
    producer: str
    name: str
    kind: str
    group_2019: str
    group_2023: str
    unit: str
    pack: str
    price: int
    monthly_capacity: int
    certification: CertificationRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureRecord:
    """One line of a plan: what was aimed at and what came of it, where either is known."""

    measure: str
    target: int | None
    reached: int | None
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRecord:
    """A year's plan."""

    year: int
    title: str
    title_en: str
    figures: tuple[FigureRecord, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRecord:
    """An item of a fair's programme, local time.

    `place` is the code of the province it comes from; where `group` names a product group,
    producers of that group take part.
    """

    stage: str
    kind: str
    title: str
    title_en: str
    day: date
    starts: time
    ends: time
    crew: str = ""
    place: str = ""
    livestream_url: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FairRecord:
    """A fair; `last_day` is None where no source gives it, `opens` is "evening", "afternoon" or "".

    `place` is the code of the unit that existed on the first day, `source` a key of the facts
    file's sources; the fair yet to come has no source and is the only one with a programme and
    with the `seed` of its lottery.
    """

    slug: str
    register_code: str
    kind: str
    title: str
    title_en: str
    short_title: str
    first_day: date
    last_day: date | None
    opens: str = ""
    venue: str = ""
    venue_short: str = ""
    organiser: str = ""
    place: str = "01"
    co_organiser: str = ""
    witness: str = ""
    regions: tuple[str, ...] = ()
    source: str = ""
    applications_from: date | None = None
    applications_until: date | None = None
    seed: str = ""
    sessions: tuple[SessionRecord, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RectangleRecord:
    """Upper left corner and size in units of 10 cm."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureRecord(RectangleRecord):
    """What stands in the hall besides booths: stage, entrance, food court, water point."""

    kind: str
    label: str
    label_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneRecord:
    """A zone with its upper left corner; it is named and coloured after the first of its groups."""

    code: str
    label: str
    label_en: str
    x: int
    y: int
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BoothRecord(RectangleRecord):
    """A booth of 3 x 3 m."""

    code: str
    zone: str
    power_kw: float
    water: bool
    cold: bool
    cooking: bool
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FloorPlanRecord:
    """A hall of `width` by `height` units of 10 cm with its booths.

    `joins` are pairs that touch along a row, `neighbours` the pairs back to back and across a
    corner. A pair appears once, in the order of the booths.
    """

    name: str
    width: int
    height: int
    zones: tuple[ZoneRecord, ...]
    features: tuple[FeatureRecord, ...]
    booths: tuple[BoothRecord, ...]
    joins: tuple[tuple[str, str], ...]
    neighbours: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorityPart:
    """One summand of a priority, with the words it is explained by."""

    code: str
    label: str
    points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationRecord:
    """A producer asks for `booths` booths; `wishes` are (booth or zone, code), best first."""

    code: str
    producer: str
    products: tuple[str, ...]
    booths: int
    group: str
    kind: str
    power_kw: float
    water: bool
    cold: bool
    cooking: bool
    wishes: tuple[tuple[str, str], ...]
    priority_parts: tuple[PriorityPart, ...]
    traits: tuple[tuple[str, str], ...]

    @property
    def priority(self) -> int:
        """A whole number from 1 to 100."""
        return sum(part.points for part in self.priority_parts)

    @property
    def priority_formula(self) -> str:
        """The priority and how it came about: "84 = 40 sao + 20 hợp tác xã + 24 lần trước…"."""
        parts = " + ".join(f"{part.points} {part.label}" for part in self.priority_parts)
        return f"{self.priority} = {parts}"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotaRecord:
    """At least `minimum` and at most `maximum` booths for those whose `trait` is `value`."""

    name: str
    label: str
    label_en: str
    trait: str
    value: str
    minimum: int
    maximum: int | None
