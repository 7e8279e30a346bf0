"""The desk's pages of applications, floor plan and allocation."""

import json

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import Role
from booths.actions import start_allocation
from booths.models import AllocationRun
from booths.states import ApplicationState
from core.jobs import cancel_job
from fairs.states import FairState
from registry.models import Organisation, PlaceKind
from tests.booths.review_scenes import press_decide
from tests.booths.scenes import answer_of, compute_run, desk_of, make_allocating_fair, publish_run
from tests.builders import (
    make_application,
    make_fair,
    make_floor_plan,
    make_organiser,
    make_place,
)

pytestmark = pytest.mark.django_db
LISTS = ["application_list", "floor_plan", "allocation"]


@pytest.mark.parametrize("name", LISTS)
def test_pages_say_what_belongs_there_before_anything_is(name: str) -> None:
    page = desk_of().get(reverse(name, args=[make_fair().code]))
    assert page.status_code == 200
    assert 'class="empty"' in page.text


@pytest.mark.parametrize("name", LISTS)
def test_a_stranger_finds_nothing(name: str) -> None:
    stranger = desk_of(fair=make_fair())
    assert stranger.get(reverse(name, args=[make_fair().code])).status_code == 404


def test_a_viewer_may_look_but_not_press() -> None:
    fair = make_allocating_fair()
    run = compute_run(fair)
    viewer = desk_of(fair, Role.VIEWER)
    page = viewer.get(reverse("allocation", args=[fair.code]))
    assert "allocation/start/" not in page.text
    assert "/publish/" not in page.text
    for address, form in [
        (reverse("allocation_start", args=[fair.code]), {}),
        (reverse("allocation_publish", args=[fair.code, run.number]), {}),
        (
            reverse("application_review", args=[fair.code]),
            {"application": "DK-1", "to": "refused", "reason": "x"},
        ),
    ]:
        assert viewer.post(address, form).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    ("name", "queries"), [("application_list", 22), ("floor_plan", 11), ("allocation", 22)]
)
def test_lists_cost_the_same_for_one_row_and_three(
    name: str, queries: int, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    fair = make_allocating_fair(applications=count, booths=count)
    for each in Organisation.objects.all():  # each in a commune of its own
        each.place = make_place(
            code=f"xa-{each.pk}", name="Xã", kind=PlaceKind.COMMUNE, parent=make_place()
        )
        each.save()
    compute_run(fair)
    client = desk_of()
    with django_assert_num_queries(queries):
        client.get(reverse(name, args=[fair.code]))


def test_pressing_allocate_shows_the_job() -> None:
    fair = make_allocating_fair()
    client = desk_of()
    page = client.post(reverse("allocation_start", args=[fair.code]), follow=True)
    run = AllocationRun.objects.get(fair=fair)
    assert reverse("job_cancel", args=[run.job.token]) in page.text
    assert run.job.get_absolute_url() in page.text


def test_a_stopped_run_offers_no_way_to_resume_it() -> None:
    fair = make_allocating_fair()
    actor = make_organiser()
    stopped = start_allocation(fair=fair, actor=actor)
    assert stopped.job is not None
    cancel_job(stopped.job)
    start_allocation(fair=fair, actor=actor)
    page = desk_of().get(reverse("allocation_run", args=[fair.code, stopped.number])).text
    assert "This run was stopped before it had a result." in page
    assert reverse("job_retry", args=[stopped.job.token]) not in page


def test_the_main_button_leads_from_allocating_to_the_badges() -> None:
    fair = make_allocating_fair()
    client = desk_of()
    address = reverse("allocation", args=[fair.code])
    assert reverse("allocation_start", args=[fair.code]) in client.get(address).text
    run = compute_run(fair)
    publish = reverse("allocation_publish", args=[fair.code, run.number])
    assert publish in client.get(address).text
    page = client.post(publish, follow=True)
    assert reverse("badge_list", args=[fair.code]) in page.text
    assert publish not in page.text


def test_everybody_without_booths_is_told_why() -> None:
    fair = make_allocating_fair(applications=3, booths=1)
    compute_run(fair)
    page = desk_of().get(reverse("allocation", args=[fair.code])).text
    assert page.count("The only place that fits is taken") == 2
    assert "Reserve 1" in page
    assert "Reserve 2" in page


def test_a_booth_is_shown_by_its_link_and_in_part() -> None:
    fair = make_allocating_fair(applications=1, booths=2)
    run = compute_run(fair)
    code = answer_of(run)["assignments"]["DK-1"][0]
    address = reverse("allocation", args=[fair.code])
    holder = str(fair.applications.get().organisation)
    client = desk_of()
    whole = client.get(address, {"booth": code}).text
    part = client.get(address, {"booth": code}, headers={"X-Part": "booth"}).text
    assert f'data-booths="{code}"' in whole
    assert part.strip() in whole
    assert holder in part
    assert "<html" not in part


def test_the_files_of_a_run_are_the_bytes_that_were_hashed() -> None:
    fair = make_allocating_fair()
    run = compute_run(fair)
    client = desk_of()
    files = {
        name: client.get(reverse("allocation_file", args=[fair.code, run.number, name]))
        for name in ("instance", "answer", "other")
    }
    assert files["instance"].content == run.instance.encode()
    assert json.loads(files["answer"].content) == run.answer
    assert files["other"].status_code == 404


def test_a_reviewer_accepts_from_the_list() -> None:
    fair = make_fair()
    application = make_application(fair)
    client = desk_of(fair, Role.REVIEWER)
    assert application.code in client.get(reverse("application_list", args=[fair.code])).text
    press_decide(client, fair, {"application": application.code, "to": "eligible"})
    application.refresh_from_db()
    assert application.state == ApplicationState.ELIGIBLE


def test_a_refused_application_shows_the_reason() -> None:
    fair = make_fair()
    application = make_application(fair)
    client = desk_of()
    form = {"application": application.code, "to": "refused", "reason": "Thiếu chứng nhận"}
    decided = press_decide(client, fair, form)
    assert decided.headers["Location"] == reverse("decision_page", args=[fair.code, 1])
    page = client.get(reverse("application_page", args=[fair.code, application.code]))
    assert "Thiếu chứng nhận" in page.text


def test_an_application_shows_its_booths_once_published() -> None:
    fair = make_allocating_fair(applications=2, booths=1)
    publish_run(fair)
    client = desk_of()
    placed = client.get(reverse("application_page", args=[fair.code, "DK-1"])).text
    waiting = client.get(reverse("application_page", args=[fair.code, "DK-2"])).text
    assert "?booth=A1" in placed
    assert "Number 1 on the waiting list." in waiting


def test_the_plan_is_a_drawing_and_a_list() -> None:
    fair = make_fair(FairState.ALLOCATING)
    make_floor_plan(fair, booths=3)
    client = desk_of()
    address = reverse("floor_plan", args=[fair.code])
    assert client.get(address).text.count("data-booth=") == 3
    assert client.get(address, {"view": "list"}).text.count("<strong>A") == 3
    assert "3 × 3 m" in client.get(address, {"booth": "A2"}).text


def test_two_who_press_allocate_get_one_run() -> None:
    fair = make_allocating_fair()
    start_allocation(fair=fair, actor=make_organiser())
    desk_of().post(reverse("allocation_start", args=[fair.code]))
    assert AllocationRun.objects.count() == 1
