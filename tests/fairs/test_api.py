"""What programs read of plans, venues and fairs."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from fairs.models import Fair, FairDay, FairKind, Hall, Measure, Target
from fairs.states import FairState
from tests import builders

pytestmark = pytest.mark.django_db
FAIRS = "/api/v1/fairs"
PLANS = "/api/v1/plans"
VENUES = "/api/v1/venues"


def _codes(client: Client, **wanted: Any) -> list[str]:
    return [each["code"] for each in client.get(FAIRS, wanted).json()]


def test_fairs_are_filtered_by_year_kind_region_and_state(client: Client) -> None:
    builders.make_fair(code="a", first_day=date(2026, 3, 2), kind=FairKind.CONFERENCE)
    builders.make_fair(code="b", first_day=date(2026, 12, 30), regions=["northwest"])
    builders.make_fair(FairState.CANCELLED, code="c", first_day=date(2027, 5, 5))
    builders.make_fair(FairState.DRAFT, code="d", first_day=date(2026, 3, 2))
    assert _codes(client) == ["a", "b", "c"]
    assert _codes(client, year=2026) == ["a", "b"]
    assert _codes(client, year=2027) == ["b", "c"]
    assert _codes(client, kind="conference") == ["a"]
    assert _codes(client, region="red_river_delta") == ["a", "b", "c"]
    assert _codes(client, state="cancelled") == ["c"]
    assert _codes(client, state="draft") == []
    assert _codes(client, year=2026, state="cancelled") == []


@pytest.mark.parametrize(
    "wanted",
    [
        {"year": "hai nghìn"},
        {"year": "1" + "0" * 30},
        {"kind": "market"},
        {"region": "moon"},
        {"state": "x"},
        {"limit": "0"},
        {"limit": "501"},
        {"offset": "-1"},
    ],
)
def test_what_is_not_known_is_refused_by_its_name(client: Client, wanted: dict[str, str]) -> None:
    answer = client.get(FAIRS, wanted)
    assert (answer.status_code, answer.json()["code"]) == (422, "request.invalid")
    assert next(iter(wanted)) in answer.json()["message"]


def test_fairs_come_in_pages(client: Client) -> None:
    for number in range(3):
        builders.make_fair(code=f"f{number}", first_day=date(2026, 3, 2 + number))
    answer = client.get(FAIRS, {"limit": 2, "offset": 1})
    assert [each["code"] for each in answer.json()] == ["f1", "f2"]
    assert answer.headers["X-Total-Count"] == "3"


def test_one_fair_says_what_its_page_says(client: Client) -> None:
    venue = builders.make_venue(address="1 Tràng Tiền")
    hall = Hall.objects.create(venue=venue, name="Sảnh A")
    fair = builders.make_fair(venue=venue, hall=hall)
    said = client.get(f"{FAIRS}/{fair.code}").json()
    assert (said["code"], said["venue"], said["hall"]) == (fair.code, venue.name, "Sảnh A")
    assert said["address"] == "1 Tràng Tiền"
    assert said["page"].endswith(fair.public_url)
    assert not {"seed", "decision_number", "state_reason", "created_by"} & set(said)
    draft = builders.make_fair(FairState.DRAFT)
    for code in (draft.code, "unknown"):
        answer = client.get(f"{FAIRS}/{code}")
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def _plan_with_targets() -> Fair:
    fair = builders.make_fair(first_day=date(2026, 3, 2), kind=FairKind.CONFERENCE)
    for kind, value in (("", 12), (FairKind.CONFERENCE, 3), (FairKind.ONLINE, 2)):
        Target.objects.create(plan=fair.plan, measure=Measure.FAIRS, kind=kind, value=value)
    FairDay.objects.create(fair=fair, day=date(2026, 3, 2), visitors=1500)
    return fair


def test_a_plan_comes_with_targets_and_what_is_reached(client: Client) -> None:
    _plan_with_targets()
    builders.make_fair(first_day=date(2027, 3, 2))
    client.force_login(builders.make_user(role="viewer"))
    listed = client.get(PLANS).json()
    assert [each["year"] for each in listed] == [2027, 2026]
    assert [(each["kind"], each["value"]) for each in listed[1]["targets"]] == [
        ("", 12),
        ("conference", 3),
        ("online", 2),
    ]
    assert [each["year"] for each in client.get(PLANS, {"limit": 1, "offset": 1}).json()] == [2026]
    figures = {
        each["name"]: (each["actual"], each["target"])
        for each in client.get(f"{PLANS}/2026").json()["figures"]
    }
    assert figures == {
        "fairs": (1, 12),
        "fairs-conference": (1, 3),
        "fairs-online": (0, 2),
        "memoranda": (0, None),
        "products": (0, None),
        "visitors": (1500, None),
    }


def test_plans_are_for_those_who_see_them_at_the_desk(client: Client) -> None:
    fair = _plan_with_targets()
    builders.make_fair(first_day=date(2027, 3, 2))
    for address in (PLANS, f"{PLANS}/2026", VENUES, f"{VENUES}/{fair.venue.code}"):
        assert client.get(address).status_code == 401
    client.force_login(builders.make_user())
    assert client.get(PLANS).json() == []
    assert client.get(f"{PLANS}/2026").status_code == 404
    client.force_login(builders.make_user(role="viewer", fair=fair))
    assert [each["year"] for each in client.get(PLANS).json()] == [2026]
    assert [client.get(f"{PLANS}/{year}").status_code for year in (2026, 2027, 1999)] == [
        200,
        404,
        404,
    ]


def test_venues_come_with_their_halls_for_the_desk(client: Client) -> None:
    venue = builders.make_venue()
    Hall.objects.create(venue=venue, name="Sảnh A", area_m2=900, power_kw=200, notes="Chìa khoá")
    producer = builders.make_representative(builders.make_organisation())
    client.force_login(producer)
    for address in (VENUES, f"{VENUES}/{venue.code}"):
        answer = client.get(address)
        assert (answer.status_code, answer.json()["code"]) == (403, "desk.only")
    client.force_login(builders.make_user(role="viewer"))
    answer = client.get(VENUES)
    assert [each["code"] for each in answer.json()] == [venue.code]
    assert answer.headers["X-Total-Count"] == "1"
    (hall,) = client.get(f"{VENUES}/{venue.code}").json()["halls"]
    assert (hall["name"], hall["area_m2"], hall["power_kw"]) == ("Sảnh A", 900, 200)
    assert "notes" not in hall
    assert client.get(f"{VENUES}/unknown").status_code == 404


def test_the_description_of_the_interface_names_everything(client: Client) -> None:
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    wanted = ("plans", "plans/{year}", "venues", "venues/{code}", "fairs", "fairs/{code}")
    for name in wanted:
        assert paths[f"/api/v1/{name}"]["get"]["description"]
    named = {each["name"] for each in paths["/api/v1/fairs"]["get"]["parameters"]}
    assert named == {"year", "kind", "region", "state", "limit", "offset"}


@pytest.mark.parametrize("count", [1, 3])
def test_lists_cost_the_same_for_one_and_three(
    client: Client, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        fair = builders.make_fair(
            first_day=date(2026 + number, 12, 2), venue=builders.make_venue(code=f"v{number}")
        )
        Target.objects.create(plan=fair.plan, measure=Measure.FAIRS, value=1)
        assert fair.venue
        Hall.objects.create(venue=fair.venue, name=f"Sảnh {number}")
    with django_assert_num_queries(1):
        client.get(FAIRS)
    client.force_login(builders.make_user(role="viewer"))
    with django_assert_num_queries(6):
        client.get(PLANS)
    with django_assert_num_queries(5):
        client.get(VENUES)
