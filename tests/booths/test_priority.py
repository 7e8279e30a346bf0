"""The formula of priorities: what each fact is worth, and that the parts are the sum."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booths.priority import (
    STARS,
    USUAL,
    Facts,
    Formula,
    Part,
    formula_of,
    parts_of,
    priority_of,
    weighted_mean,
)

FORMULA = Formula(
    stars={3: 30, 4: 40, 5: 50},
    kinds={"farm": 15},
    first_time=6,
    lost_out=24,
    place=10,
    places=frozenset({"HN-01", "HB"}),
    score=20,
)
POINTS = st.integers(0, 100)
KINDS = ("farm", "artisan")
PLACES = ("HN", "HN-01", "HB")
FORMULAS = st.builds(
    Formula,
    stars=st.dictionaries(st.sampled_from(STARS), POINTS),
    kinds=st.dictionaries(st.sampled_from(KINDS), POINTS),
    first_time=POINTS,
    lost_out=POINTS,
    place=POINTS,
    places=st.frozensets(st.sampled_from(PLACES)),
    score=POINTS,
)
FACTS = st.builds(
    Facts,
    stars=st.sampled_from((0, *STARS)),
    kind=st.sampled_from((*KINDS, "enterprise")),
    is_first_time=st.booleans(),
    lost_out=st.booleans(),
    places=st.frozensets(st.sampled_from(PLACES)),
    score=st.none() | st.decimals(0, 10, places=2),
)


@pytest.mark.parametrize(
    ("facts", "parts", "priority"),
    [
        ({}, [], 1),
        ({"stars": 3}, [("stars", 30)], 30),
        ({"stars": 5, "kind": "farm"}, [("stars", 50), ("kind", 15)], 65),
        ({"kind": "enterprise"}, [], 1),
        ({"is_first_time": True, "lost_out": True}, [("first_time", 6), ("lost_out", 24)], 30),
        ({"places": {"HN", "HN-01"}}, [("place", 10)], 10),
        ({"places": {"HN"}}, [], 1),
        ({"score": Decimal(0)}, [], 1),
        ({"score": Decimal("7.25")}, [("score", 15)], 15),  # 14.5 is rounded up
        (
            {
                "stars": 5,
                "kind": "farm",
                "lost_out": True,
                "places": {"HB"},
                "score": Decimal(10),
            },
            [("stars", 50), ("kind", 15), ("lost_out", 24), ("place", 10), ("score", 20)],
            100,
        ),
    ],
)
def test_each_fact_adds_what_the_formula_says(
    facts: dict[str, Any], parts: list[Part], priority: int
) -> None:
    if "places" in facts:
        facts = {**facts, "places": frozenset(facts["places"])}
    found = parts_of(FORMULA, Facts(**facts))
    assert (found, priority_of(found)) == (parts, priority)


@given(formula=FORMULAS, facts=FACTS)
def test_the_priority_is_the_sum_of_its_parts_clipped(formula: Formula, facts: Facts) -> None:
    parts = parts_of(formula, facts)
    total = sum(points for _name, points in parts)
    assert priority_of(parts) == sorted((1, total, 100))[1]
    assert len(dict(parts)) == len(parts)
    assert all(points > 0 for _name, points in parts)


@given(formula=FORMULAS, facts=FACTS)
def test_a_better_fact_never_lowers_the_priority_where_points_rise(
    formula: Formula, facts: Facts
) -> None:
    better = Facts(**{**vars(facts), "lost_out": True, "is_first_time": True, "score": Decimal(10)})
    before, after = (priority_of(parts_of(formula, each)) for each in (facts, better))
    assert before <= after


@given(formula=FORMULAS)
def test_a_formula_survives_being_stored(formula: Formula) -> None:
    assert formula_of(formula.plain()) == formula


def test_the_usual_formula_is_what_the_sample_was_drawn_by() -> None:
    facts = Facts(stars=4, kind="cooperative", lost_out=True)
    assert priority_of(parts_of(USUAL, facts)) == 84


def test_a_mean_counts_a_criterion_as_often_as_it_weighs() -> None:
    assert weighted_mean([(10, 3), (2, 1)]) == Decimal(8)
