"""Priority points: a sum that anybody can check, clipped to 1 to 100. Knows no tables."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

LEAST, MOST = 1, 100
STARS = (3, 4, 5)
"""Stars with which a product may use the mark."""
BEST_SCORE = 10
ONE = Decimal(1)

Part = tuple[str, int]


@dataclass(frozen=True, kw_only=True)
class Formula:
    """What each fact about an applicant is worth, in whole points from 0 to 100.

    `stars` is by the stars of the best product brought, `kinds` by the kind of organisation,
    `place` for those at one of `places` (codes) or below it, `score` for ten of ten points
    from the reviewers, and in proportion for fewer.
    """

    stars: Mapping[int, int] = field(default_factory=dict)
    kinds: Mapping[str, int] = field(default_factory=dict)
    first_time: int = 0
    lost_out: int = 0
    place: int = 0
    places: frozenset[str] = frozenset()
    score: int = 0

    def plain(self) -> dict[str, Any]:
        """The formula as plain values for JSON, the same for the same formula."""
        stars = {str(number): points for number, points in sorted(self.stars.items())}
        kinds = dict(sorted(self.kinds.items()))
        return {**asdict(self), "stars": stars, "kinds": kinds, "places": sorted(self.places)}


def formula_of(document: Mapping[str, Any]) -> Formula:
    """The formula that `Formula.plain` has made these values of."""
    stars = {int(number): points for number, points in document["stars"].items()}
    return Formula(**{**document, "stars": stars, "places": frozenset(document["places"])})


USUAL = Formula(
    stars={3: 30, 4: 40, 5: 50},
    kinds={
        "enterprise": 8,
        "cooperative": 20,
        "cooperative group": 20,
        "household business": 15,
        "farm": 15,
        "artisan": 15,
    },
    first_time=6,
    lost_out=24,
    score=20,
)
"""The formula of a fair whose organisers have not written their own."""


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What counts of one applicant.

    `stars` are those of the best product whose certificate holds on the fair's last day, 0 for
    none; `places` the codes of its place and of all above; `score` the reviewers' average from
    0 to 10, None where it does not count yet.
    """

    stars: int = 0
    kind: str = ""
    is_first_time: bool = False
    lost_out: bool = False
    places: frozenset[str] = frozenset()
    score: Decimal | None = None


def parts_of(formula: Formula, facts: Facts) -> list[Part]:
    """What the priority is the sum of, by name; parts of no points are left out."""
    score = Decimal(0) if facts.score is None else facts.score
    parts = {
        "stars": formula.stars.get(facts.stars, 0),
        "kind": formula.kinds.get(facts.kind, 0),
        "first_time": formula.first_time if facts.is_first_time else 0,
        "lost_out": formula.lost_out if facts.lost_out else 0,
        "place": formula.place if formula.places & facts.places else 0,
        "score": int((formula.score * score / BEST_SCORE).quantize(ONE, ROUND_HALF_UP)),
    }
    return [(name, points) for name, points in parts.items() if points]


def priority_of(parts: Iterable[Part]) -> int:
    """The sum of the parts, at least 1 and at most 100."""
    return min(max(sum(points for _name, points in parts), LEAST), MOST)


def weighted_mean(points: Iterable[tuple[int, int]]) -> Decimal:
    """The mean of (points, weight) pairs, of which there is at least one."""
    pairs = list(points)
    total = sum(each * weight for each, weight in pairs)
    return Decimal(total) / sum(weight for _each, weight in pairs)
