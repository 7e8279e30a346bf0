"""A stand of a proposal under the hand, and the same with the keyboard alone."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from accounts.actions import make_sign_in_link
from booths.models import AllocationRun
from tests.booths.scenes import answer_of, compute_run, make_allocating_fair
from tests.builders import make_organiser

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def run(page: Page, live_server: LiveServer, settings: Settings) -> AllocationRun:
    """A proposal with DK-1 in A1, DK-2 in A2, A3 free and A4 without enough power, on the page."""
    settings.REQUIRE_SECOND_FACTOR = False
    settings.SITE_URL = live_server.url
    fair = make_allocating_fair(applications=2)
    for code, booth in {"DK-1": "A1", "DK-2": "A2"}.items():
        fair.applications.filter(code=code).update(wishes=[["booth", booth]], power_kw=3)
    fair.floor_plans.get().booths.filter(code="A4").update(power_kw=1)
    run = compute_run(fair)
    page.goto(make_sign_in_link(user=make_organiser(language="en"), actor=None))
    page.click("main form button[type=submit]")
    page.wait_for_load_state()
    page.goto(live_server.url + reverse("allocation", args=[fair.code]))
    return run


def _middle(page: Page, code: str) -> tuple[float, float]:
    box = page.locator(f"a[data-booth={code}] > rect").bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def _hold_over(page: Page, code: str, words: str) -> None:
    """Move the hand there and wait for what is said."""
    page.mouse.move(*_middle(page, code), steps=4)
    page.wait_for_function(
        "words => document.querySelector('#move-note').textContent.includes(words)", arg=words
    )


def _grip(page: Page, code: str) -> None:
    page.locator("floor-plan svg").scroll_into_view_if_needed()
    page.mouse.move(*_middle(page, code))
    page.mouse.down()


def _move_and_say_why(page: Page) -> AllocationRun:
    page.fill("[name=reason]", "Gần lối vào")
    with page.expect_navigation():
        page.click("#booth-facts .primary")
    return AllocationRun.objects.get(number=2)


def test_a_dragged_stand_says_its_effect_before_it_is_let_go_and_moves_after_a_reason(
    page: Page, run: AllocationRun, axe: Callable[[Page], None]
) -> None:
    name = str(run.fair.applications.get(code="DK-2").organisation)
    _grip(page, "A1")
    _hold_over(page, "A3", "A3: score −30 (wishes −30)")
    _hold_over(page, "A2", f"A2: score −60 (wishes −60); {name}: from A2 to A1")
    _hold_over(page, "A4", "A4: 1 kW are there, 3 kW are needed.")
    classes = page.locator("a[data-booth]").evaluate_all(
        "booths => booths.map((booth) => booth.classList.contains('can'))"
    )
    assert classes == [False, True, True, False]
    _hold_over(page, "A2", "A2: score −60")
    with page.expect_navigation():
        page.mouse.up()
    assert "Score −60" in page.inner_text("#booth-facts")
    assert AllocationRun.objects.count() == 1
    axe(page)
    moved = _move_and_say_why(page)
    assert answer_of(moved)["assignments"] == {"DK-1": ["A2"], "DK-2": ["A1"]}
    assert "Gần lối vào" in page.inner_text("#moves")
    axe(page)
    home = page.url.partition("/desk/")[0]
    for name, of in (("allocation_compare", []), ("application_pins", ["DK-1"])):
        page.goto(home + reverse(name, args=[run.fair.code, *of]))
        axe(page)


def test_a_stand_let_go_where_it_does_not_fit_or_given_up_stays(
    page: Page, run: AllocationRun
) -> None:
    address = page.url
    _grip(page, "A1")
    _hold_over(page, "A4", "3 kW are needed")
    page.mouse.up()
    page.wait_for_selector("floor-plan:not(.dragging)")
    assert "3 kW are needed" in page.inner_text("#move-note")
    _grip(page, "A1")
    _hold_over(page, "A3", "A3: score")
    page.keyboard.press("Escape")
    assert page.locator("floor-plan .ghost").count() == 0
    page.mouse.up()
    assert page.text_content("#move-note") == ""
    assert (page.url, AllocationRun.objects.count()) == (address, 1)
    page.click("a[data-booth=A2]")  # and a click still chooses
    page.wait_for_selector("#booth-facts[data-booths=A2]")


def test_the_keyboard_alone_moves_a_stand(page: Page, run: AllocationRun) -> None:
    page.focus("a[data-booth=A1]")
    page.keyboard.press("Enter")
    page.wait_for_selector("#booth-facts[data-booths=A1]")
    page.focus("#booth-facts .btn")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.focus("a[data-booth=A1]")
    for _step in range(2):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.wait_for_selector("#booth-facts[data-booths=A3]")
    assert "Score −30" in page.inner_text("#booth-facts")
    page.focus("[name=reason]")
    page.keyboard.type("Gần cửa")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert answer_of(AllocationRun.objects.get(number=2))["assignments"]["DK-1"] == ["A3"]
