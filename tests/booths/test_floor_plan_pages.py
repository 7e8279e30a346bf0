"""The pages on which a floor plan is changed."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import Role
from booths.floor import write_plan
from booths.models import FloorPlan
from booths.queries.floor_plan import current_floor
from fairs.models import Fair
from fairs.states import FairState
from tests.booths.scenes import make_allocating_fair, publish_run
from tests.builders import make_fair, make_floor_plan, make_organiser, make_user

pytestmark = pytest.mark.django_db

WIDTH = {"x": "20", "y": "20", "width": "3", "height": "3"}


@pytest.fixture
def fair() -> Fair:
    """A fair with the row A1 to A4 in a hall of 18 × 12 m."""
    fair = make_fair(FairState.REGISTERING)
    make_floor_plan(fair)
    return fair


@pytest.fixture
def client() -> Client:
    """An organiser's browser, in English."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(make_organiser(language="en"))
    return client


def _url(fair: Fair, name: str, *more: Any) -> str:
    return reverse(name, args=[fair.code, *more])


def _booths(fair: Fair) -> dict[str, tuple[int, int]]:
    return {booth.code: (booth.x, booth.y) for booth in current_floor(fair)[1].booths}


def _versions(fair: Fair) -> int:
    return FloorPlan.objects.filter(fair=fair).count()


def _do(client: Client, fair: Fair, deed: str, *codes: str, base: int = 1, **data: Any) -> Any:
    name = deed.partition("-")[0]
    sent = {f"{name}-{field}": value for field, value in {"base": base, **data}.items()}
    return client.post(_url(fair, "floor_plan_list"), {"do": deed, "booth": codes, **sent})


@pytest.mark.parametrize("name", ["floor_plan_edit", "floor_plan_list", "floor_plan_versions"])
def test_pages_open_before_anything_is_drawn(client: Client, name: str) -> None:
    assert client.get(_url(make_fair(), name)).status_code == 200


def test_only_organisers_may_press(fair: Fair) -> None:
    viewer = Client()
    viewer.force_login(make_user(role=Role.VIEWER, fair=fair))
    for name, more in (
        ("floor_plan_save", ()),
        ("floor_plan_list", ()),
        ("floor_plan_row", ()),
        ("floor_plan_part", ("booth", "A1")),
        ("floor_plan_restore", (1,)),
        ("floor_plan_picture_add", ()),
    ):
        assert viewer.post(_url(fair, name, *more), {"base": 1}).status_code == 403
    assert _versions(fair) == 1


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("name", "queries"), [("floor_plan_list", 18), ("floor_plan_versions", 6)])
def test_lists_cost_the_same_for_one_row_and_three(
    client: Client,
    name: str,
    queries: int,
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    fair = make_allocating_fair(applications=count, booths=count)
    publish_run(fair)
    for version in range(2, count + 1):
        make_floor_plan(fair, version=version, is_current=False)
    with django_assert_num_queries(queries):
        client.get(_url(fair, name))


def _send(client: Client, fair: Fair, document: object, base: int = 1) -> Any:
    sent = {"base": base, "document": json.dumps(document)}
    headers = {"accept": "application/json"}
    return client.post(_url(fair, "floor_plan_save"), sent, headers=headers)


def test_a_drawn_plan_is_saved_and_the_second_gets_what_the_first_changed(
    client: Client, fair: Fair
) -> None:
    document = write_plan(current_floor(fair)[1])
    document["booths"][0]["water"] = True
    assert _send(client, fair, document).json() == {"version": 2}
    answer = _send(client, fair, document)
    assert answer.status_code == 409
    told = answer.json()
    assert (told["version"], told["document"]) == (2, document)
    assert told["changes"] == ["Booth A1 has water now."]


def test_a_drawn_plan_that_is_wrong_is_refused_booth_by_booth(client: Client, fair: Fair) -> None:
    document = write_plan(current_floor(fair)[1])
    document["booths"][1]["x"] = 31
    document["booths"][3]["y"] = 110
    answer = _send(client, fair, document)
    assert answer.status_code == 422
    assert answer.json()["problems"] == [
        {"place": "booths[3]", "text": "Booth A4 stands outside the hall."},
        {"place": "booths[1]", "text": "Booths A1 and A2 overlap."},
    ]
    assert _versions(fair) == 1


@pytest.mark.parametrize("document", ["", "{", "null", "[]", "[" * 100_000, '{"width": NaN}'])
def test_what_is_no_document_is_refused_in_words(client: Client, fair: Fair, document: str) -> None:
    sent = {"base": 1, "document": document}
    answer = client.post(
        _url(fair, "floor_plan_save"), sent, headers={"accept": "application/json"}
    )
    assert answer.status_code == 422
    assert answer.json()["text"].startswith("The plan is not saved.")


def test_without_a_script_the_sent_plan_leads_back_to_the_page(client: Client, fair: Fair) -> None:
    document = {**write_plan(current_floor(fair)[1]), "width": 500}
    sent = {"base": 1, "document": json.dumps(document)}
    page = client.post(_url(fair, "floor_plan_save"), sent, follow=True)
    assert page.redirect_chain == [(_url(fair, "floor_plan"), 302)]
    assert "The floor plan is saved as version 2." in page.text


def test_a_hall_is_filled_in_from_nothing(client: Client) -> None:
    fair = make_fair()
    page = client.get(_url(fair, "floor_plan_row"), follow=True)
    assert "Add a zone first" in page.text
    zone = {"base": 0, "code": "B", "name_vi": "Khu B", "x": "2", "y": "1.5"}
    client.post(_url(fair, "floor_plan_part", "zone", "new"), zone)
    row = {
        "base": 1, "zone": "B", "columns": 3, "rows": 2, "x": "2", "y": "2", "width": "3",
        "height": "3", "aisle_every": 0, "aisle": 0, "row_gap": 0, "letters": "B", "first": 1,
        "step": 1, "digits": 2, "corner": "top_left", "order": "rows_snake", "power_kw": 2,
    }  # fmt: skip
    assert client.post(_url(fair, "floor_plan_row"), row).status_code == 302
    assert _booths(fair) == {
        "B01": (20, 20), "B02": (50, 20), "B03": (80, 20),
        "B06": (20, 50), "B05": (50, 50), "B04": (80, 50),
    }  # fmt: skip
    stage = {"base": 2, "kind": "stage", "name_vi": "Sân khấu", **WIDTH}
    client.post(_url(fair, "floor_plan_part", "feature", "new"), stage)
    hall = {"base": 3, "width": "60", "height": "40", "outline": "0 0\n60 0\n60,0 30.5\n0 40"}
    assert client.post(_url(fair, "floor_plan_part", "hall", "size"), hall).status_code == 302
    floor = current_floor(fair)[1]
    assert floor.outline == ((0, 0), (600, 0), (600, 305), (0, 400))
    assert [feature.name_vi for feature in floor.features] == ["Sân khấu"]
    assert _versions(fair) == 4
    page = client.get(_url(fair, "floor_plan_part", "hall", "size"))
    assert "60 30.5" in page.text


def test_ticked_booths_are_changed_together(client: Client, fair: Fair) -> None:
    assert _do(client, fair, "move", "A1", "A2", dx="0", dy="-1.5").status_code == 302
    assert _booths(fair) == {"A1": (30, 15), "A2": (60, 15), "A3": (90, 30), "A4": (120, 30)}
    _do(client, fair, "align", "A1", "A3", base=2, edge="top")
    assert _booths(fair)["A3"] == (90, 15)
    _do(client, fair, "copy", "A1", base=3, dx="0", dy="6")
    assert _booths(fair)["A5"] == (30, 75)
    _do(client, fair, "remove", "A2", "A4", base=4)
    assert sorted(_booths(fair)) == ["A1", "A3", "A5"]
    _do(client, fair, "set", "A1", base=5, power_kw="7.5", water="yes")
    floor = current_floor(fair)[1]
    assert [(b.power_kw, b.water) for b in floor.booths] == [(7.5, True), (3, False), (3, False)]
    _do(client, fair, "remove", "A5", base=6)
    _do(client, fair, "rotate", "A1", "A3", base=7)
    assert _booths(fair) == {"A1": (30, 15), "A3": (30, 75)}


def test_new_numbers_are_looked_at_before_they_are_saved(client: Client, fair: Fair) -> None:
    rule: dict[str, Any] = {
        "letters": "B", "first": 1, "step": 1, "digits": 1, "corner": "top_right", "order": "rows",
    }  # fmt: skip
    page = _do(client, fair, "renumber", "A1", "A2", **rule)
    assert page.status_code == 200
    assert page.context["preview"] == [("A2", "B1"), ("A1", "B2")]
    assert _versions(fair) == 1
    assert _do(client, fair, "renumber-confirmed", "A1", "A2", **rule).status_code == 302
    assert list(_booths(fair)) == ["B2", "B1", "A3", "A4"]


def test_what_cannot_be_done_is_said_and_changes_nothing(client: Client, fair: Fair) -> None:
    outside = _do(client, fair, "move", "A1", dx="0", dy="-30")
    overlapping = _do(client, fair, "move", "A1", dx="3", dy="0")
    nothing = _do(client, fair, "move", dx="3", dy="0")
    word = _do(client, fair, "move", "A1", dx="far", dy="0")
    assert [page.status_code for page in (outside, overlapping, nothing, word)] == [422] * 4
    assert "A1: “from the top” is -270" in outside.text
    assert "Booths A1 and A2 overlap." in overlapping.text
    assert "Tick the booths first." in nothing.text
    assert 'value="far"' in word.text
    assert _versions(fair) == 1


def test_who_fills_in_an_old_version_is_told_and_may_press_again(
    client: Client, fair: Fair
) -> None:
    address = _url(fair, "floor_plan_part", "booth", "A1")
    filled = {
        "base": 1, "code": "A1", "zone": "A", "x": "3", "y": "3", "width": "3", "height": "3",
        "power_kw": "9", "cold": "on",
    }  # fmt: skip
    _do(client, fair, "move", "A4", dx="0", dy="1")
    page = client.post(address, filled)
    assert page.status_code == 409
    assert "Booth A4 was moved: from 12; 3 m to 12; 4 m." in page.text
    assert 'value="9"' in page.text
    base = page.context["form"]["base"].value()
    assert client.post(address, {**filled, "base": base}).status_code == 302
    floor = current_floor(fair)[1]
    assert (floor.booths[0].power_kw, floor.booths[0].cold, floor.booths[3].y) == (9, True, 40)
    assert _do(client, fair, "move", "A4", dx="0", dy="1").status_code == 409


def test_a_pair_is_corrected_and_follows_the_plan_again(client: Client, fair: Fair) -> None:
    _do(client, fair, "pair", first="A2", second="A1", kind="none")
    page = client.get(_url(fair, "floor_plan_list"))
    assert "A1 + A2: not neighbours" in page.text
    _do(client, fair, "pair", base=2, first="A1", second="A2", kind="derived")
    assert current_floor(fair)[1].corrections == ()
    page = _do(client, fair, "pair", base=3, first="A1", second="Z9", kind="join")
    assert (page.status_code, "not on the plan" in page.text) == (422, True)


def test_a_zone_is_renamed_with_its_booths_and_taken_away_only_when_empty(
    client: Client, fair: Fair
) -> None:
    address = _url(fair, "floor_plan_part", "zone", "A")
    client.post(address, {"base": 1, "remove": "1"})
    assert _versions(fair) == 1
    client.post(address, {"base": 1, "code": "K", "name_vi": "Khu K", "x": "3", "y": "2"})
    assert {booth.zone for booth in current_floor(fair)[1].booths} == {"K"}
    _do(client, fair, "remove", "A1", "A2", "A3", "A4", base=2)
    client.post(_url(fair, "floor_plan_part", "zone", "K"), {"base": 3, "remove": "1"})
    assert current_floor(fair)[1].zones == ()


def test_a_booth_that_is_held_names_its_holder(client: Client) -> None:
    fair = make_allocating_fair(applications=2, booths=2)
    publish_run(fair)
    holder = str(fair.applications.get(code="DK-1").organisation)
    page = client.get(_url(fair, "floor_plan_list"))
    assert holder in page.text
    page = _do(client, fair, "remove", "A1", "A2")
    assert (page.status_code, "must stay on the plan" in page.text) == (422, True)
    assert _versions(fair) == 1


def test_versions_are_shown_and_brought_back(client: Client, fair: Fair) -> None:
    _do(client, fair, "move", "A4", dx="0", dy="1")
    assert "Show" in client.get(_url(fair, "floor_plan_versions")).text
    page = client.get(_url(fair, "floor_plan_version", 1))
    assert "Booth A4 was moved: from 12; 4 m to 12; 3 m." in page.text
    client.post(_url(fair, "floor_plan_restore", 1), {"base": 2})
    assert _booths(fair)["A4"] == (120, 30)
    assert FloorPlan.objects.get(fair=fair, is_current=True).restored_from == 1


def test_parts_that_are_not_there_are_not_found(client: Client, fair: Fair) -> None:
    for kind, key in (("booth", "Z9"), ("zone", "Z"), ("feature", "7"), ("cat", "new")):
        assert client.get(_url(fair, "floor_plan_part", kind, key)).status_code == 404
