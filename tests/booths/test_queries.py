"""What a run is made from, and who has which booths."""

import json
from decimal import Decimal

import pytest
from django.utils import translation

from booths.allocation import read_instance
from booths.models import Booth, Quota
from booths.queries import (
    Placement,
    applications_of,
    booth_codes_of,
    demand_of,
    placements_of,
    plan_of,
    producer_applications,
    snapshot_of,
)
from booths.states import ApplicationState
from core.errors import DomainError
from registry.models import ActorType
from tests.booths.scenes import make_allocating_fair, publish_run
from tests.builders import (
    make_application,
    make_certification,
    make_fair,
    make_floor_plan,
    make_group,
    make_organisation,
    make_place,
    make_product,
    make_representative,
)

pytestmark = pytest.mark.django_db


def test_the_snapshot_is_the_instance_of_the_format() -> None:
    fair = make_fair(seed="7F3A-91C2")
    make_floor_plan(fair, booths=2)
    Booth.objects.filter(code="A1").update(water=True, power_kw=Decimal("2.5"))
    Booth.objects.get(code="A2").groups.add(make_group("food"), make_group("craft"))
    commune = make_place(code="HN-1", kind="commune", name="Bình Minh", parent=make_place())
    make_application(
        fair,
        make_organisation(place=commune, actor_type=ActorType.HOUSEHOLD),
        state=ApplicationState.ELIGIBLE,
        code="DK-1",
        group=make_group("food"),
        kind="miến",
        power_kw=Decimal("1.5"),
        wishes=[["booth", "A1"], ["booth", "B7"], ["zone", "A"]],
    )
    make_application(fair, state=ApplicationState.SUBMITTED)
    Quota.objects.create(
        fair=fair, name="Hộ ≥ 1", trait="actor", value="household business", minimum=1
    )
    text = snapshot_of(fair)
    assert json.loads(text) == {
        "version": 1,
        "seed": "7F3A-91C2",
        "booths": [
            {
                "code": "A1",
                "zone": "A",
                "power_kw": 2.5,
                "water": True,
                "cold": False,
                "cooking": False,
                "groups": [],
            },
            {
                "code": "A2",
                "zone": "A",
                "power_kw": 3.0,
                "water": False,
                "cold": False,
                "cooking": False,
                "groups": ["craft", "food"],
            },
        ],
        "joins": [["A1", "A2"]],
        "neighbours": [],
        "applications": [
            {
                "id": "DK-1",
                "booths": 1,
                "group": "food",
                "power_kw": 1.5,
                "water": False,
                "cold": False,
                "cooking": False,
                "priority": 40,
                "wishes": [["booth", "A1"], ["zone", "A"]],
                "kind": "miến",
                "traits": {"actor": "household business", "group": "food", "province": "HN"},
                "pinned": None,
            }
        ],
        "quotas": [
            {
                "name": "actor=household business",
                "trait": "actor",
                "value": "household business",
                "min": 1,
                "max": None,
            }
        ],
        "weights": {"place": 100, "wish": 10, "apart": 30, "quota": 1000},
    }
    assert len(read_instance(text).applications) == 1
    assert " " not in text.replace("household business", "")


def test_without_a_floor_plan_there_is_nothing_to_solve() -> None:
    with pytest.raises(DomainError) as refused:
        snapshot_of(make_fair())
    assert refused.value.code == "floor_plan.none"


def test_placements_are_what_was_published() -> None:
    fair = make_allocating_fair(applications=3, booths=2)
    assert placements_of(fair) == []
    publish_run(fair)
    first, second, third = fair.applications.order_by("code")
    placed = placements_of(fair)
    assert {each.application for each in placed} == {first, second}
    assert sorted(code for each in placed for code in each.booths) == ["A1", "A2"]
    assert booth_codes_of(first) == placed[0].booths
    assert booth_codes_of(third) == ()


def test_producers_see_their_own_applications() -> None:
    application = make_application()
    make_application(application.fair)
    user = make_representative(application.organisation)
    assert producer_applications(user) == [Placement(application, application.organisation, ())]


def test_applications_are_found_without_accents() -> None:
    fair = make_fair()
    wanted = make_application(fair, make_organisation(name="Hợp tác xã Đồng Cao"))
    make_application(fair)
    assert list(applications_of(fair, search="dong cao")) == [wanted]


def test_applications_are_filtered_and_drafts_stay_private() -> None:
    fair = make_fair()
    craft = make_application(
        fair, state=ApplicationState.ELIGIBLE, group=make_group("craft"), priority=20
    )
    food = make_application(fair, group=make_group("food"), priority=60)
    make_application(fair, state=ApplicationState.DRAFT)
    assert list(applications_of(fair)) == [food, craft]
    assert list(applications_of(fair, state="eligible")) == [craft]
    assert list(applications_of(fair, group="food")) == [food]


def test_a_certificate_must_reach_the_last_day_of_the_fair() -> None:
    fair = make_fair()
    application = make_application(fair)
    assert not applications_of(fair).get().lacks_certificate
    product = make_product(application.organisation, stars=0)
    application.products.add(product)
    given = fair.first_day.replace(year=fair.first_day.year - 2)
    certification = make_certification(product, decision_date=given, valid_until=fair.first_day)
    assert applications_of(fair).get().lacks_certificate
    certification.valid_until = fair.end
    certification.save()
    assert not applications_of(fair).get().lacks_certificate


def test_demand_counts_live_applications_and_booths_that_take_the_group() -> None:
    fair = make_fair()
    make_floor_plan(fair, booths=3)
    food, craft = make_group("food", order=1), make_group("craft", order=2)
    Booth.objects.get(code="A1").groups.add(food)
    make_application(fair, booths_wanted=2, group=food)
    make_application(fair, state=ApplicationState.REFUSED, booths_wanted=5, group=food)
    make_application(fair, booths_wanted=1, group=craft)
    with translation.override("vi"):
        found = [(each.group, each.wanted, each.there) for each in demand_of(fair, plan_of(fair))]
    assert found == [(food, 2, 3), (craft, 1, 2)]
