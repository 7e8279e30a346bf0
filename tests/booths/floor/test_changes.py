"""Rows, numbers, and what is done to several booths at once."""

from dataclasses import replace

import pytest

from booths.floor import (
    Change,
    Correction,
    Feature,
    Numbering,
    Plan,
    RowSpec,
    Zone,
    align_booths,
    compare_plans,
    copy_booths,
    edit_booths,
    make_row,
    move_booths,
    new_codes,
    recode_booths,
    remove_booths,
    rotate_booths,
)

PLAN = Plan(
    400,
    400,
    zones=(Zone("A", "Khu A", "Zone A", None, 0, 0),),
    booths=make_row(
        RowSpec(x=10, y=20, columns=3, rows=2, zone="A", numbering=Numbering(prefix="A"))
    ),
)


def _places(plan: Plan, *codes: str) -> list[tuple[int, int, int, int]]:
    booths = {booth.code: booth for booth in plan.booths}
    return [(b.x, b.y, b.width, b.height) for b in map(booths.__getitem__, codes)]


def test_a_row_leaves_its_aisles() -> None:
    spec = RowSpec(x=5, y=7, columns=5, rows=2, width=20, aisle_every=2, aisle=10, row_gap=3)
    booths = make_row(spec)
    assert [booth.x for booth in booths[:5]] == [5, 25, 55, 75, 105]
    assert {booth.y for booth in booths} == {7, 40}


@pytest.mark.parametrize(
    ("rule", "codes"),
    [
        (Numbering("B", first=8, digits=2), "B08 B09 B10 B11 B12 B13"),
        (Numbering("B", first=2, step=2), "B2 B4 B6 B8 B10 B12"),
        (Numbering("B", corner="bottom_right"), "B6 B5 B4 B3 B2 B1"),
        (Numbering("B", is_snake=True), "B1 B2 B3 B6 B5 B4"),
        (Numbering("B", by_columns=True), "B1 B3 B5 B2 B4 B6"),
        (Numbering("B", by_columns=True, is_snake=True), "B1 B4 B5 B2 B3 B6"),
        (Numbering("B", by_columns=True, corner="top_right"), "B5 B3 B1 B6 B4 B2"),
        (Numbering("B", first=3, skipped=("4",)), "B3 B5 B6 B7 B8 B9"),
    ],
)
def test_booths_are_numbered_by_a_rule(rule: Numbering, codes: str) -> None:
    assert list(_in_plan_order(rule)) == codes.split()


def _in_plan_order(rule: Numbering) -> list[str]:
    codes = new_codes(PLAN.booths, rule)
    return [codes[booth.code] for booth in PLAN.booths]


def test_renumbering_lets_codes_swap_and_corrections_follow() -> None:
    plan = replace(PLAN, corrections=(Correction("A1", "A3", "join"),))
    swapped = recode_booths(plan, {"A1": "A3", "A3": "A9"})
    assert [booth.code for booth in swapped.booths] == ["A3", "A2", "A9", "A4", "A5", "A6"]
    assert swapped.corrections == (Correction("A3", "A9", "join"),)


def test_moving_touches_the_chosen_only() -> None:
    moved = move_booths(PLAN, ["A1"], 100, -5)
    assert _places(moved, "A1", "A2") == [(110, 15, 30, 30), (40, 20, 30, 30)]


def test_four_quarters_are_a_whole_turn() -> None:
    turned = rotate_booths(PLAN, ["A1", "A2", "A3"])
    assert _places(turned, "A1", "A2", "A3") == [
        (10, 20, 30, 30),
        (10, 50, 30, 30),
        (10, 80, 30, 30),
    ]
    for _quarter in range(3):
        turned = rotate_booths(turned, ["A1", "A2", "A3"])
    assert turned == PLAN


@pytest.mark.parametrize(
    ("edge", "places"),
    [
        ("left", [(10, 20, 30, 30), (10, 50, 30, 30)]),
        ("right", [(70, 20, 30, 30), (70, 50, 30, 30)]),
        ("top", [(10, 20, 30, 30), (70, 20, 30, 30)]),
        ("bottom", [(10, 50, 30, 30), (70, 50, 30, 30)]),
        ("middle_x", [(40, 20, 30, 30), (40, 50, 30, 30)]),
        ("middle_y", [(10, 35, 30, 30), (70, 35, 30, 30)]),
    ],
)
def test_booths_are_put_on_one_line(edge: str, places: list[tuple[int, int, int, int]]) -> None:
    assert _places(align_booths(PLAN, ["A1", "A6"], edge), "A1", "A6") == places


def test_copies_get_the_next_free_codes() -> None:
    copied = copy_booths(PLAN, ["A1", "A6"], 0, 100)
    assert [booth.code for booth in copied.booths[6:]] == ["A7", "A8"]
    assert _places(copied, "A7", "A8") == [(10, 120, 30, 30), (70, 150, 30, 30)]


def test_what_is_taken_away_takes_its_corrections_along() -> None:
    plan = replace(PLAN, corrections=(Correction("A1", "A3", "join"),))
    left = remove_booths(plan, ["A3", "A4"])
    assert [booth.code for booth in left.booths] == ["A1", "A2", "A5", "A6"]
    assert left.corrections == ()


def test_the_difference_names_every_change_once() -> None:
    new = edit_booths(move_booths(PLAN, ["A1"], 7, 0), ["A2"], {"water": True, "power_kw": 3.0})
    new = remove_booths(new, ["A6"])
    stage = Feature(x=0, y=300, width=60, height=30, kind="stage", name_vi="Sân khấu")
    new = replace(new, features=(stage,), width=500)
    assert compare_plans(PLAN, new) == [
        Change("hall_resized", facts={"width": 500, "height": 400}),
        Change("booth_removed", "A6"),
        Change("booth_moved", "A1", {"from_x": 10, "from_y": 20, "x": 17, "y": 20}),
        Change("booth_power", "A2", {"old": 0.0, "new": 3.0}),
        Change("booth_water_on", "A2"),
        Change("feature_added", "Sân khấu", {"kind": "stage"}),
    ]
    assert compare_plans(new, new) == []
