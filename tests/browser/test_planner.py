"""Bars of the year under the hand and the keyboard; the table does the same without a script."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Locator, Page
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from accounts.actions import make_sign_in_link
from core.vietnam import shown_date
from fairs.models import Fair
from tests.builders import make_fair, make_organiser

pytestmark = pytest.mark.django_db(transaction=True)

BAR = ".lanes a[data-shift]"
ENTRY = ".calendar a[data-shift]"


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


def _preview_of(fair: Fair, days: int, *, longer: int = 0) -> str:
    first = fair.first_day + timedelta(days=days)
    last = fair.end + timedelta(days=days + longer)
    return f"{reverse('fair_shift', args=[fair.code])}?first_day={first}&last_day={last}"


def _month_of(page: Page, live_server: LiveServer, fair: Fair) -> None:
    day = fair.first_day
    page.goto(live_server.url + reverse("plan_month", args=[day.year, day.month]))


def _cell(page: Page, fair: Fair, days: int) -> Locator:
    return page.locator(f"[data-day='{fair.first_day + timedelta(days=days)}']")


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
    box = page.locator(f"{BAR} .bar").bounding_box()
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
        page.click(f"{BAR} .bar")
    assert _address(page) == fair.desk_url
    assert Fair.objects.get().first_day == fair.first_day


def test_a_bar_is_stretched_by_its_end_and_by_plus_and_minus(page: Page, fair: Fair) -> None:
    box = page.locator(f"{BAR} .grip").bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 100, y, steps=5)
    page.mouse.move(x - 300, y, steps=5)
    assert page.inner_text("#shift-note").startswith(
        f"{shown_date(fair.first_day)} – {shown_date(fair.first_day)}"
    )
    page.keyboard.press("Escape")
    page.mouse.up()
    assert page.inner_text("#shift-note") == ""

    page.focus(BAR)
    for key in ("ArrowRight", "+", "+", "+", "-"):
        page.keyboard.press(key)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert _address(page) == _preview_of(fair, 1, longer=2)


def test_in_the_month_a_fair_is_dragged_to_a_day_and_stretched_to_another(
    page: Page, live_server: LiveServer, fair: Fair, axe: Callable[[Page], None]
) -> None:
    _month_of(page, live_server, fair)
    page.locator(ENTRY).nth(1).hover()
    page.mouse.down()
    _cell(page, fair, 8).hover()
    assert page.locator(".target").count() == fair.days
    axe(page)
    with page.expect_navigation():
        page.mouse.up()
    assert _address(page) == _preview_of(fair, 7)

    _month_of(page, live_server, fair)
    page.locator(f"{ENTRY} .grip").hover()
    page.mouse.down()
    _cell(page, fair, fair.days + 1).hover()
    with page.expect_navigation():
        page.mouse.up()
    assert _address(page) == _preview_of(fair, 0, longer=2)


def test_in_the_month_the_arrows_go_by_days_and_weeks(
    page: Page, live_server: LiveServer, fair: Fair
) -> None:
    _month_of(page, live_server, fair)
    page.locator(ENTRY).first.focus()
    for key in ("ArrowDown", "ArrowLeft", "-"):
        page.keyboard.press(key)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert _address(page) == _preview_of(fair, 6, longer=-1)
