"""Who is in which booth, for everybody."""

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from booths.actions import publish_allocation
from booths.models import FloorPlan
from fairs.actions import move_fair
from fairs.models import Fair
from fairs.states import BOOTHS_SHOWN, FairState
from tests.booths.scenes import compute_run, make_allocating_fair, publish_run
from tests.builders import (
    make_application,
    make_fair,
    make_floor_plan,
    make_organisation,
    make_organiser,
    make_product,
)

pytestmark = pytest.mark.django_db


def _address(fair: Fair) -> str:
    return f"/f/{fair.code}/booths/"


@pytest.mark.parametrize("language", ["vi", "en"])
def test_everybody_sees_who_is_where_with_what_once_it_is_published(
    client: Client, language: str
) -> None:
    fair = make_allocating_fair(applications=2, booths=3)
    run = compute_run(fair)
    assert client.get(_address(fair)).status_code == 404
    publish_allocation(run=run, actor=make_organiser())
    page = client.get(_address(fair), {"language": language})
    assert page.headers["Content-Language"] == language
    for application in fair.applications.all():
        assert page.text.count(application.organisation.name) >= 2
        assert application.products.get().name in page.text
    assert page.text.count('class="booth ') == 3
    assert page.text.count('class="booth free') == 1


@pytest.mark.parametrize("state", list(FairState))
def test_booths_are_public_in_some_states_only(client: Client, state: str) -> None:
    fair = make_fair(state, state_reason="Bão số 5")
    make_floor_plan(fair)
    status = 200 if state in BOOTHS_SHOWN else 404
    assert client.get(_address(fair)).status_code == status


def test_nothing_private_is_on_the_page(client: Client) -> None:
    fair = make_allocating_fair(applications=1)
    organisation = fair.applications.get().organisation
    organisation.email = "rieng@chophien.example"
    organisation.tax_code = "0312687878"
    organisation.save()
    waiting = make_application(fair, organisation=make_organisation(name="Chưa được duyệt"))
    publish_run(fair)
    page = client.get(_address(fair)).text
    assert organisation.name in page
    for private in [
        organisation.email,
        organisation.phone,
        organisation.tax_code,
        organisation.representative,
        "/desk/",
        waiting.organisation.name,
    ]:
        assert private not in page


def test_a_booth_is_shown_by_its_link_and_in_part(client: Client) -> None:
    fair = make_allocating_fair(applications=1, booths=2)
    publish_run(fair)
    holder = fair.applications.get()
    code = holder.assignments.get().booth_days.first().booth.code
    free = ({"A1", "A2"} - {code}).pop()
    whole = client.get(_address(fair), {"booth": code}).text
    part = client.get(_address(fair), {"booth": code}, headers={"X-Part": "booth"}).text
    assert f'data-booths="{code}"' in whole
    assert part.strip() in whole
    assert holder.organisation.name in part
    assert "<html" not in part
    part = client.get(_address(fair), {"booth": free}, headers={"X-Part": "booth"}).text
    assert "data-booths" not in part
    assert free in part


@pytest.mark.parametrize("asked", ["tra sen", "MỘC anh", "A1 mộc"])
def test_a_participant_is_found_by_name_product_or_booth(client: Client, asked: str) -> None:
    fair = make_allocating_fair(applications=0, booths=2)
    wanted, other = make_organisation(name="Mộc Anh"), make_organisation(name="Cự Đà")
    tea = make_product(wanted, name="Trà sen")
    make_application(fair, wanted, state="eligible", products=[tea], wishes=[["booth", "A1"]])
    make_application(fair, other, state="eligible", wishes=[["booth", "A2"]])
    publish_run(fair)
    page = client.get(_address(fair), {"q": asked}).text.partition('id="participants"')[2]
    assert wanted.name in page
    assert other.name not in page


def test_a_search_that_finds_nobody_keeps_the_words_and_says_what_to_do(client: Client) -> None:
    fair = make_allocating_fair(applications=1)
    publish_run(fair)
    page = client.get(_address(fair), {"q": "<không>", "language": "en"}).text
    assert "No participant fits. Take away a word, or show all participants." in page
    assert 'value="&lt;không&gt;"' in page
    assert f'href="{_address(fair)}#participants"' in page


@pytest.mark.parametrize("booth", ["Z9", "<b>", "x" * 300])
def test_an_unknown_booth_is_said_to_be_unknown(client: Client, booth: str) -> None:
    fair = make_allocating_fair(applications=1)
    publish_run(fair)
    page = client.get(_address(fair), {"booth": booth, "language": "en"})
    assert page.status_code == 200
    assert "There is no booth of this number on the plan." in page.text
    assert "<b>" not in page.text


def test_the_plan_is_the_one_the_booths_were_given_out_on(client: Client) -> None:
    fair = make_allocating_fair(applications=1, booths=2)
    publish_run(fair)
    FloorPlan.objects.update(is_current=False)
    make_floor_plan(fair, booths=4, version=2)
    page = client.get(_address(fair)).text
    assert page.count('class="booth ') == 2


def test_a_fair_of_which_nothing_was_kept_says_so(client: Client) -> None:
    fair = make_fair(FairState.REPORTED)
    page = client.get(_address(fair)).text
    assert 'class="empty"' in page
    assert f'<a class="btn primary" href="{fair.public_url}">' in page


def test_only_stars_valid_at_the_fair_are_shown(client: Client) -> None:
    fair = make_allocating_fair(applications=0)
    organisation = make_organisation()
    valid, none = make_product(organisation, stars=4), make_product(organisation, stars=0)
    late = make_product(organisation, stars=5)
    late.certifications.update(valid_until=fair.first_day)
    make_application(fair, organisation, state="eligible", products=[valid, none, late])
    publish_run(fair)
    page = client.get(_address(fair), {"language": "en"}).text.partition('id="participants"')[2]
    assert [product.name in page for product in (valid, none, late)] == [True, True, True]
    assert page.count("★★★★") == 1
    assert "★★★★★" not in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_for_one_and_three(
    client: Client, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    fair = make_allocating_fair(applications=count, booths=count)
    publish_run(fair)
    Fair.objects.filter(pk=fair.pk).update(first_day=timezone.localdate())
    move_fair(fair=fair, to=FairState.RUNNING, actor=None)
    with django_assert_num_queries(11):
        client.get(_address(fair))
