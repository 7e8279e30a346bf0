"""Bars of the year under the hand and the keyboard; the table does the same without a script."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from accounts.actions import make_sign_in_link
from core.vietnam import shown_date
from fairs.models import Fair
from tests.builders import make_fair, make_organiser

pytestmark = pytest.mark.django_db(transaction=True)

BAR = ".lanes a[data-shift]"


@pytest.fixture
def fair(page: Page, live_server: LiveServer, settings: Settings) -> Fair:
    """A fair in the middle of next year, its year open in the browser."""
    settings.REQUIRE_SECOND_FACTOR = False
    settings.SITE_URL = live_server.url
    middle = timezone.localdate().replace(month=6, day=15) + timedelta(days=365)
    fair = make_fair(first_day=middle)
    page.goto(make_sign_in_link(user=make_organiser(), actor=None))
    page.click("main form button[type=submit]")
    page.goto(live_server.url + reverse("plan_year", args=[middle.year]))
    return fair


def _preview_of(fair: Fair, days: int) -> str:
    first = fair.first_day + timedelta(days=days)
    return f"{reverse('fair_shift', args=[fair.code])}?first_day={first.isoformat()}"


def _address(page: Page) -> str:
    return str(page.evaluate("location.pathname + location.search"))


def test_arrow_keys_move_a_bar_by_days_and_weeks_and_enter_looks_at_it(
    page: Page, fair: Fair, axe: Callable[[Page], None]
) -> None:
    axe(page)
    page.focus(BAR)
    for key in ("ArrowRight", "ArrowLeft", "ArrowLeft", "Shift+ArrowRight"):
        page.keyboard.press(key)
    day = shown_date(fair.first_day + timedelta(days=6))
    assert day in page.inner_text("#shift-note")
    axe(page)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert _address(page) == _preview_of(fair, 6)
    with page.expect_navigation():
        page.click("form[method=post] .primary")
    assert Fair.objects.get().first_day == fair.first_day + timedelta(days=6)


def test_escape_puts_the_bar_back_and_enter_then_opens_the_fair(page: Page, fair: Fair) -> None:
    page.focus(BAR)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Escape")
    assert page.inner_text("#shift-note") == ""
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert _address(page) == fair.desk_url


def test_a_dragged_bar_leads_to_its_new_days_and_a_click_to_the_fair(
    page: Page, fair: Fair
) -> None:
    box = page.locator(f"{BAR} rect").bounding_box()
    assert box
    scale = page.evaluate(
        "(svg => svg.getBoundingClientRect().width / svg.viewBox.baseVal.width)"
        "(document.querySelector('.lanes svg'))"
    )
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 40 * 2.5 * scale, y, steps=5)
    with page.expect_navigation():
        page.mouse.up()
    assert _address(page) == _preview_of(fair, 40)
    page.go_back()
    with page.expect_navigation():
        page.click(f"{BAR} rect")
    assert _address(page) == fair.desk_url
    assert Fair.objects.get().first_day == fair.first_day
