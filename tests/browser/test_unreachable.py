"""The server is away: the page says so, keeps what was typed or moved, and sends it again."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, Route
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from accounts.actions import make_sign_in_link
from core.audit import AuditEvent
from fairs.models import Fair
from tests.browser.conftest import Complaints
from tests.builders import make_fair, make_organiser

pytestmark = pytest.mark.django_db(transaction=True)

NOTICE = ".unreachable"
SENTENCE = "Không kết nối được với máy chủ."
TITLE = "Tuần hàng sản phẩm OCOP của mười hai tỉnh miền núi phía Bắc"
TEXT = "Dòng thứ nhất.\nDòng thứ hai, rất dài.\n" * 20


@pytest.fixture
def fair(page: Page, live_server: LiveServer, settings: Settings) -> Fair:
    """A fair in the middle of next year; its organiser is signed in."""
    settings.REQUIRE_SECOND_FACTOR = False
    settings.SITE_URL = live_server.url
    middle = timezone.localdate().replace(month=6, day=15) + timedelta(days=365)
    fair = make_fair(first_day=middle)
    page.goto(make_sign_in_link(user=make_organiser(), actor=None))
    page.click("main form button[type=submit]")
    return fair


def _go_offline(page: Page) -> Callable[[], None]:
    page.context.set_offline(True)
    return lambda: page.context.set_offline(False)


def _shut_the_server(page: Page) -> Callable[[], None]:
    page.route("**/*", lambda route: route.abort("connectionrefused"))
    return lambda: page.unroute("**/*")


def _break_the_server(page: Page) -> Callable[[], None]:
    def answer(route: Route) -> None:
        route.fulfill(status=502, body="Bad gateway")

    page.route("**/*", answer)
    return lambda: page.unroute("**/*")


AWAY = pytest.mark.parametrize("go_away", [_go_offline, _shut_the_server, _break_the_server])


@AWAY
def test_a_long_form_stays_with_all_that_was_typed_and_is_sent_again(
    page: Page,
    live_server: LiveServer,
    fair: Fair,
    complaints: Complaints,
    axe: Callable[[Page], None],
    go_away: Callable[[Page], Callable[[], None]],
) -> None:
    address = live_server.url + reverse("fair_edit", args=[fair.code])
    page.goto(address)
    page.fill("[name=title]", TITLE)
    page.fill("[name=description]", TEXT)
    before = AuditEvent.objects.count()
    come_back = go_away(page)
    for _attempt in range(2):
        page.click(".form-foot .primary")
        page.wait_for_selector(NOTICE)
    assert page.locator(NOTICE).count() == 1
    assert SENTENCE in page.inner_text(NOTICE)
    assert page.url == address
    assert page.input_value("[name=title]") == TITLE
    assert page.input_value("[name=description]") == TEXT
    assert AuditEvent.objects.count() == before

    come_back()
    complaints.texts.clear()  # what failed is logged by the browser
    axe(page)
    with page.expect_navigation():
        page.click(".form-foot .primary")
    stored = Fair.objects.get()
    assert (stored.title, stored.description.split()) == (TITLE, TEXT.split())
    assert AuditEvent.objects.count() == before + 1


@AWAY
def test_a_fair_that_was_moved_stays_there_and_is_looked_at_again(
    page: Page,
    live_server: LiveServer,
    fair: Fair,
    complaints: Complaints,
    go_away: Callable[[Page], Callable[[], None]],
) -> None:
    address = live_server.url + reverse("plan_year", args=[fair.first_day.year])
    page.goto(address)
    come_back = go_away(page)
    bar = page.locator(".lanes a[data-shift] .bar")
    box = bar.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 100, y, steps=5)
    page.mouse.up()
    page.wait_for_selector(NOTICE)
    assert SENTENCE in page.inner_text(NOTICE)
    assert page.url == address
    note = page.inner_text("#shift-note")
    assert note

    come_back()
    complaints.texts.clear()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert reverse("fair_shift", args=[fair.code]) in page.url
    assert Fair.objects.get().first_day == fair.first_day
