"""Reasons, priorities and plans as people read them."""

from typing import Any

import pytest
from django.utils import translation

from booths.queries import applications_in, plan_of
from booths.rendering import (
    draw_plan,
    priority_in_words,
    reason_in_words,
    show_run,
    wishes_in_words,
)
from tests.booths.scenes import compute_run, make_allocating_fair
from tests.builders import make_application, make_floor_plan

ASKED = {"booths": 2, "power_kw": 3.5, "priority": 61}
REASONS: list[tuple[str, dict[str, Any], str]] = [
    (
        "no_booth_fits",
        {"booths": 0, "group": 0},
        "The hall has no 2 adjoining booths that can be merged.",
    ),
    (
        "no_booth_fits",
        {"booths": 90, "group": 0, "water": 0},
        "None of the 90 places of this size takes the product group.",
    ),
    (
        "no_booth_fits",
        {"booths": 90, "group": 40, "power_kw": 0},
        "None of the 40 places that would do otherwise has 3.5 kW.",
    ),
    (
        "no_booth_fits",
        {"cold": 0, "water": 7, "group": 40, "booths": 90},
        "None of the 7 places that would do otherwise has cold storage.",
    ),
    (
        "no_booth_fits",
        {"booths": 90, "group": 40, "water": 6, "forbidden": 0},
        "The organiser has ruled out all of the 6 places that would do otherwise.",
    ),
    (
        "no_booth_fits",
        {"booths": 90, "group": 40, "water": 0},
        "None of the 40 places that would do otherwise has water.",
    ),
    (
        "no_booth_fits",
        {"booths": 90, "group": 40, "cooking": 0},
        "Cooking is allowed in none of the 40 places that would do otherwise.",
    ),
    (
        "quota_full",
        {"quotas": [{"name": "actor=enterprise", "max": 18, "booths": 17}]},
        "The quota “Enterprises” is full: 17 of at most 18 booths are given, 2 more are asked for.",
    ),
    (
        "outbid",
        {"fitting_blocks": 1, "free_blocks": 0, "lowest_priority_placed_there": 64},
        "The only place that fits is taken; the lowest priority placed there is 64, "
        "this one has 61.",
    ),
    (
        "outbid",
        {
            "fitting_blocks": 12,
            "free_blocks": 0,
            "lowest_priority_placed_there": 61,
            "score_drop": 0,
        },
        "All 12 places that fit are taken; the lowest priority placed there is 61, "
        "this one has 61. An equally good plan would place it; the lot has decided.",
    ),
    (
        "worse_overall",
        {
            "fitting_blocks": 3,
            "free_blocks": 1,
            "lowest_priority_placed_there": None,
            "score_drop": 1200,
        },
        "3 places fit and 1 of them are free. Placing it would cost others more: "
        "the total score would fall by 1,200.",
    ),
    (
        "worse_overall",
        {
            "fitting_blocks": 3,
            "free_blocks": 0,
            "lowest_priority_placed_there": 38,
            "score_drop": None,
        },
        "3 places fit, all taken, one by an application with priority 38. "
        "Fixed booths and full quotas leave no way to place it.",
    ),
    (
        "worse_overall",
        {
            "fitting_blocks": 3,
            "free_blocks": 0,
            "lowest_priority_placed_there": 38,
            "score_drop_at_least": 10,
            "score_drop_at_most": 500,
        },
        "3 places fit, all taken, one by an application with priority 38. Placing it would cost "
        "others more: the total score would fall by 10 or more.",
    ),
    (
        "worse_overall",
        {
            "fitting_blocks": 3,
            "free_blocks": 0,
            "lowest_priority_placed_there": 38,
            "score_drop_at_most": 500,
        },
        "3 places fit, all taken, one by an application with priority 38. "
        "Placing it would lower the total score by 500 in the best way that was found.",
    ),
    (
        "worse_overall",
        {"fitting_blocks": 3, "free_blocks": 0, "lowest_priority_placed_there": 38},
        "3 places fit, all taken, one by an application with priority 38. "
        "No better plan with it was found in the time allowed.",
    ),
]


@pytest.mark.parametrize(("reason", "facts", "sentence"), REASONS)
def test_each_reason_has_its_sentence(reason: str, facts: dict[str, Any], sentence: str) -> None:
    quotas = {"actor=enterprise": "Enterprises"}
    with translation.override("en"):
        assert reason_in_words(reason, facts, asked=ASKED, quotas=quotas) == sentence
    with translation.override("vi"):
        vietnamese = reason_in_words(reason, facts, asked=ASKED, quotas=quotas)
    words = set(sentence.replace(".", "").split()) & set(vietnamese.replace(".", "").split())
    assert not words & {"the", "The", "of", "places", "place", "it"}


@pytest.mark.django_db
def test_a_priority_is_printed_as_its_sum() -> None:
    parts = [["stars", 40], ["lost_out", 24], ["kind", 20]]
    application = make_application(priority=84, priority_parts=parts)
    with translation.override("en"):
        shown = priority_in_words(application)
    assert shown == "84 = 40 stars + 24 lost out last time + 20 cooperative"
    with translation.override("vi"):
        shown = priority_in_words(application)
    assert shown == "84 = 40 sao + 24 lần trước bị loại + 20 hợp tác xã"


def test_wishes_are_said_in_words() -> None:
    with translation.override("en"):
        assert wishes_in_words([["booth", "A1"], ["zone", "B"]]) == ["booth A1", "zone B"]


@pytest.mark.django_db
def test_a_run_is_shown_in_figures() -> None:
    fair = make_allocating_fair(applications=3, booths=2)
    fair.applications.filter(code="DK-3").update(power_kw=50)
    fair.applications.filter(code="DK-1").update(wishes=[["zone", "A"]])
    run = compute_run(fair)
    applications = {each.code: each for each in applications_in(fair)}
    shown = show_run(run, applications=applications, quotas=[])
    assert [each.application.code for each in shown.placed] == ["DK-1", "DK-2"]
    assert [(each.application.code, each.place) for each in shown.unplaced] == [("DK-3", None)]
    assert (shown.booths_given, shown.booths, int(shown.percent)) == (2, 2, 100)
    assert not shown.broken
    assert (shown.first_wishes, shown.wishing, shown.alike_pairs) == (1, 1, 0)


@pytest.mark.django_db
def test_a_plan_marks_who_has_what() -> None:
    fair = make_floor_plan(booths=2).fair
    holder = make_application(fair)
    plan = plan_of(fair)
    assert plan is not None
    drawing = draw_plan(plan, holders={"A1": holder}, chosen={"A1"})
    assert [(each.booth.code, each.tone, each.is_on) for each in drawing.booths] == [
        ("A1", "food", True),
        ("A2", "free", False),
    ]
    assert [each.tone for each in draw_plan(plan).booths] == ["any", "any"]
