"""The pages of the plan, the fairs, their jobs and the public site."""

from datetime import date

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from core import jobs
from fairs.models import Fair, Measure, Target
from fairs.states import FairState
from tests import builders
from tests.faults.tasks import leave_mark

pytestmark = pytest.mark.django_db


@pytest.fixture
def fair() -> Fair:
    """A fair in December 2026."""
    return builders.make_fair(first_day=date(2026, 12, 2))


def test_the_plan_shows_its_fairs_figures_and_targets(client: Client, fair: Fair) -> None:
    Target.objects.create(plan=fair.plan, measure=Measure.MEMORANDA, value=500)
    client.force_login(builders.make_organiser())
    page = client.get(reverse("plan_year", args=[2026])).content.decode()
    assert fair.title in page
    assert "02–06/12/2026" in page
    assert "/ 500" in page


def test_the_desk_opens_with_the_newest_plan_or_this_year_s(client: Client, fair: Fair) -> None:
    client.force_login(builders.make_organiser())
    assert client.get(reverse("desk_home")).url == reverse("plan_year", args=[fair.plan.year])


def test_a_producer_is_sent_to_their_own_page(client: Client) -> None:
    client.force_login(builders.make_user())
    assert client.get(reverse("desk_home")).url == reverse("my_home")


@pytest.mark.parametrize("name", ["fair_overview", "fair_move"])
def test_a_stranger_does_not_find_a_fair(client: Client, fair: Fair, name: str) -> None:
    client.force_login(builders.make_organiser(builders.make_fair()))
    answer = client.generic(
        "POST" if name == "fair_move" else "GET", reverse(name, args=[fair.code])
    )
    assert answer.status_code == 404


def test_a_viewer_reads_and_does_not_move(client: Client, fair: Fair) -> None:
    client.force_login(builders.make_user(role="viewer", fair=fair))
    assert client.get(fair.desk_url).status_code == 200
    moved = client.post(reverse("fair_move", args=[fair.code]), {"to": "allocating"})
    assert moved.status_code == 403
    fair.refresh_from_db()
    assert fair.state == FairState.REGISTERING


def test_a_move_that_is_not_allowed_is_told_on_the_page(client: Client, fair: Fair) -> None:
    client.force_login(builders.make_organiser(fair))
    answer = client.post(
        reverse("fair_move", args=[fair.code]),
        {"to": "reported"},
        headers={"Referer": f"http://testserver{fair.desk_url}"},
        follow=True,
    )
    assert "Lúc này chưa làm được" in answer.content.decode()
    for rubbish in ("", "nowhere", "Đ" * 400):
        sent = client.post(reverse("fair_move", args=[fair.code]), {"to": rubbish})
        assert sent.status_code == 409


def test_the_public_sees_announced_fairs_and_no_drafts(client: Client, fair: Fair) -> None:
    draft = builders.make_fair(FairState.DRAFT)
    home = client.get("/").content.decode()
    assert fair.title in home
    assert draft.title not in home
    assert client.get(fair.public_url).status_code == 200
    assert client.get(draft.public_url).status_code == 404
    assert client.get("/f/unknown/").status_code == 404


def test_the_public_page_gives_the_lunar_days_too(client: Client, fair: Fair) -> None:
    assert "24–28 tháng Mười" in client.get(fair.public_url).content.decode()
    client.cookies["django_language"] = "en"
    page = client.get(fair.public_url).content.decode()
    assert "24th–28th of the 10th lunar month" in page
    assert "tháng" not in page


def test_pages_are_vietnamese_whatever_the_browser_says(client: Client) -> None:
    page = client.get("/", headers={"Accept-Language": "en"}).content.decode()
    assert '<html lang="vi"' in page
    client.cookies["django_language"] = "en"
    assert '<html lang="en"' in client.get("/").content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_lists_cost_the_same_for_one_and_three(
    client: Client, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(builders.make_organiser())
    for _index in range(count):
        builders.make_fair(first_day=date(2026, 12, 2))
    with django_assert_num_queries(23):
        client.get(reverse("plan_year", args=[2026]))
    with django_assert_num_queries(5):
        client.get(reverse("fair_list"))
    with django_assert_num_queries(1):
        Client().get("/")
    with django_assert_num_queries(1):
        Client().get("/api/v1/fairs")


def test_a_search_ignores_accents(client: Client) -> None:
    client.force_login(builders.make_organiser())
    wanted = builders.make_fair(title="Tuần hàng Đông Anh")
    other = builders.make_fair(title="Tuần hàng Ba Vì")
    page = client.get(reverse("fair_list"), {"q": "dong anh"}).content.decode()
    assert wanted.title in page
    assert other.title not in page.partition("<main")[2]


def _ask(fair: Fair) -> jobs.Job:
    with transaction.atomic():
        return leave_mark.ask(key=fair.code, stream=fair.stream, actor=None, name="x", gate="x")


def test_a_job_waits_visibly_and_reloads_the_page_once_it_ends(client: Client, fair: Fair) -> None:
    job = _ask(fair)
    client.force_login(builders.make_user(role="viewer", fair=fair))
    waiting = client.get(job.get_absolute_url())
    assert "Đang chờ máy xử lý" in waiting.content.decode()
    assert "HX-Refresh" not in waiting.headers
    jobs.cancel_job(job)
    assert client.get(job.get_absolute_url()).headers["HX-Refresh"] == "true"


def test_a_job_is_cancelled_and_retried_by_organisers_only(client: Client, fair: Fair) -> None:
    job = _ask(fair)
    cancel, retry = (reverse(name, args=[job.token]) for name in ("job_cancel", "job_retry"))
    client.force_login(builders.make_user(role="viewer", fair=fair))
    assert client.post(cancel).status_code == 403
    client.force_login(builders.make_user())
    assert client.get(job.get_absolute_url()).status_code == 404
    client.force_login(builders.make_organiser(fair))
    client.post(cancel)
    job.refresh_from_db()
    assert job.state == jobs.State.CANCELLED
    client.post(retry)
    job.refresh_from_db()
    assert job.state == jobs.State.WAITING


def test_whoever_has_no_desk_is_led_to_their_own_page(client: Client, fair: Fair) -> None:
    client.force_login(builders.make_user())
    assert client.get(reverse("fair_list")).url == reverse("my_home")
