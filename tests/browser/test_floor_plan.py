"""The floor plan under mouse, keyboard and fingers, and two people who draw at once."""

from collections.abc import Callable
from dataclasses import asdict
from random import Random
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Locator, Page
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from accounts.actions import make_sign_in_link
from booths.actions.floor_plan import save_floor_plan
from booths.floor import (
    Booth,
    Feature,
    Numbering,
    derive_pairs,
    find_overlaps,
    is_inside,
    new_codes,
    write_plan,
)
from booths.floor.numbering import CORNERS
from booths.queries.floor_plan import current_floor
from fairs.models import Fair
from tests.browser.conftest import Complaints
from tests.builders import make_fair, make_floor_plan, make_organiser

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def fair(page: Page, live_server: LiveServer, settings: Settings) -> Fair:
    """A fair with the booths A1 to A4 in a hall of 30 × 20 m, its plan open for drawing."""
    settings.REQUIRE_SECOND_FACTOR = False
    settings.SITE_URL = live_server.url
    fair = make_fair()
    make_floor_plan(fair, width=300, height=200)
    _open(page, live_server, fair)
    return fair


def _open(page: Page, live_server: LiveServer, fair: Fair) -> None:
    page.goto(make_sign_in_link(user=make_organiser(), actor=None))
    page.click("main form button[type=submit]")
    page.wait_for_load_state()
    page.goto(live_server.url + reverse("floor_plan_edit", args=[fair.code]))
    page.wait_for_selector("floor-plan[data-ready]")


def _booth(page: Page, code: str) -> Locator:
    return page.locator(f"floor-plan g.booth[aria-label^='{code},']")


def _places(page: Page) -> dict[str, list[int]]:
    """Where the booths are drawn."""
    found: dict[str, list[int]] = page.evaluate(
        """Object.fromEntries([...document.querySelectorAll('floor-plan g.booth')].map((booth) => [
             booth.getAttribute('aria-label').split(',')[0],
             booth.getAttribute('transform').match(/[\\d.-]+/g).map(Number)]))"""
    )
    return found


def _stored(fair: Fair) -> dict[str, list[int]]:
    return {booth.code: [booth.x, booth.y] for booth in current_floor(fair)[1].booths}


def _scale(page: Page) -> float:
    """Pixels of one unit."""
    found: float = page.evaluate(
        "(svg => svg.clientWidth / svg.viewBox.baseVal.width)"
        "(document.querySelector('floor-plan .canvas'))"
    )
    return found


def _middle(locator: Locator) -> tuple[float, float]:
    box = locator.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def _drag(page: Page, code: str, dx: int, dy: int) -> None:
    x, y = _middle(_booth(page, code))
    scale = _scale(page)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + dx * scale, y + dy * scale, steps=5)
    page.mouse.up()
    page.wait_for_function("() => new Promise(requestAnimationFrame)")


def _save(page: Page) -> None:
    with page.expect_response(lambda answer: answer.url.endswith("/save/")):
        page.click("form[data-save] button")


def test_a_row_is_made_dragged_taken_back_and_saved(
    page: Page, fair: Fair, axe: Callable[[Page], None]
) -> None:
    axe(page)
    page.click("details[data-panel=row] > summary")
    for name, value in {"columns": "3", "x": "3", "y": "12", "letters": "B", "digits": "2"}.items():
        page.fill(f"[name=row-{name}]", value)
    assert page.locator("floor-plan .ghost").count() == 3
    page.click("form[data-form=row] button[type=submit]")
    made = {"B01": [30, 120], "B02": [60, 120], "B03": [90, 120]}
    drawn = {"A1": [30, 30], "A2": [60, 30], "A3": [90, 30], "A4": [120, 30], **made}
    _booth(page, "B03").wait_for()
    assert _places(page) == drawn
    axe(page)
    _drag(page, "B02", 0, 30)  # all three are chosen
    moved = {**drawn, "B01": [30, 150], "B02": [60, 150], "B03": [90, 150]}
    assert _places(page) == moved
    page.keyboard.press("Control+z")
    page.wait_for_function("() => new Promise(requestAnimationFrame)")
    assert _places(page) == drawn
    page.keyboard.press("Control+y")
    _save(page)
    page.wait_for_selector("floor-plan[data-dirty=no]")
    assert _stored(fair) == moved


def test_the_keyboard_moves_copies_and_takes_away(page: Page, fair: Fair) -> None:
    _booth(page, "A4").focus()
    for key in ("ArrowRight", "Shift+ArrowDown", "ArrowDown"):
        page.keyboard.press(key)
    page.wait_for_function("() => new Promise(requestAnimationFrame)")
    assert _places(page)["A4"] == [125, 85]
    page.keyboard.press("Control+d")
    _booth(page, "A5").wait_for()
    assert _places(page)["A5"] == [125, 115]
    _booth(page, "A1").focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')").startswith("A2,")
    page.keyboard.press("Enter")
    page.keyboard.press("Delete")
    _booth(page, "A2").wait_for(state="detached")
    page.locator("floor-plan .canvas").focus()
    page.keyboard.press("Control+a")
    page.wait_for_function("() => document.querySelectorAll('floor-plan g.booth.on').length === 4")
    page.keyboard.press("Control+s")
    page.wait_for_selector("floor-plan[data-dirty=no]")
    assert sorted(_stored(fair)) == ["A1", "A3", "A4", "A5"]


def test_a_frame_and_shift_choose_several_and_the_form_changes_them_all(
    page: Page, fair: Fair
) -> None:
    x, y = _middle(_booth(page, "A1"))
    far, _y = _middle(_booth(page, "A2"))
    page.mouse.move(x - 25 * _scale(page), y - 22 * _scale(page))
    page.mouse.down()
    page.mouse.move(far, y, steps=4)
    page.mouse.up()
    page.wait_for_function("() => new Promise(requestAnimationFrame)")
    assert page.locator("floor-plan g.booth.on").count() == 2
    _booth(page, "A4").click(modifiers=["Shift"])
    page.wait_for_function("() => new Promise(requestAnimationFrame)")
    assert page.locator("floor-plan g.booth.on").count() == 3
    page.fill("[name=booth-power_kw]", "7.5")
    page.check("[name=booth-water]")
    _save(page)
    page.wait_for_selector("floor-plan[data-dirty=no]")
    offered = [(booth.power_kw, booth.water) for booth in current_floor(fair)[1].booths]
    assert offered == [(7.5, True), (7.5, True), (3, False), (7.5, True)]


def test_what_is_wrong_is_told_and_nothing_is_saved(
    page: Page, fair: Fair, complaints: Complaints, axe: Callable[[Page], None]
) -> None:
    _booth(page, "A1").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_selector("floor-plan g.booth.wrong")
    _save(page)
    page.wait_for_selector("[data-part=problems]:not([hidden])")
    assert "A1" in page.inner_text("[data-part=problem-list]")
    axe(page)
    complaints.texts.clear()  # the browser notes the answer 422
    assert current_floor(fair)[0] == 1


def test_the_second_of_two_keeps_the_drawing_and_puts_it_on_top(
    page: Page, fair: Fair, complaints: Complaints, axe: Callable[[Page], None]
) -> None:
    _booth(page, "A4").focus()
    page.keyboard.press("Shift+ArrowDown")
    version, floor = current_floor(fair)
    document: dict[str, Any] = write_plan(floor)
    document["booths"][0]["y"] = 100
    save_floor_plan(fair=fair, base=version, document=document, actor=None)
    _save(page)
    page.wait_for_selector("[data-part=conflict]:not([hidden])")
    complaints.texts.clear()  # the browser notes the answer 409
    assert "A1" in page.inner_text("[data-part=changes]")
    axe(page)
    assert _places(page)["A4"] == [120, 80]
    page.click("[data-part=merge]")
    page.wait_for_selector("[data-part=conflict]", state="hidden")
    page.wait_for_function("() => new Promise(requestAnimationFrame)")
    assert (_places(page)["A1"], _places(page)["A4"]) == ([30, 100], [120, 80])
    assert current_floor(fair)[0] == 2
    _save(page)
    page.wait_for_selector("floor-plan[data-dirty=no]")
    assert (_stored(fair)["A1"], _stored(fair)["A4"]) == ([30, 100], [120, 80])


@pytest.mark.parametrize("seed", range(3))
def test_the_page_and_the_server_see_the_same_in_a_plan(page: Page, fair: Fair, seed: int) -> None:
    dice = Random(seed)
    corners = [[0, 0], [300, 0], [300, 120], [180, 200], [0, 200]]
    booths = [
        Booth(
            x=10 * dice.randrange(28),
            y=10 * dice.randrange(18),
            width=dice.choice([10, 20, 30]),
            height=dice.choice([10, 20, 30]),
            code=f"{number:02}",
            zone=dice.choice("AB"),
        )
        for number in range(60)
    ]
    features = [
        Feature(10 * dice.randrange(28), 10 * dice.randrange(18), 10, 10, kind=kind)
        for kind in ("wall", "aisle", "stage")
    ]
    rule = Numbering("K", 3, 2, 2, dice.choice(CORNERS), seed == 1, seed != 0, ("4",))
    order = ("columns" if rule.by_columns else "rows") + ("_snake" if rule.is_snake else "")
    sent = {
        "booths": [{**asdict(booth), "id": booth.code} for booth in booths],
        "features": [asdict(each) for each in features],
        "corners": corners,
        "rule": {**asdict(rule), "letters": rule.prefix, "order": order},
    }
    seen = page.evaluate(
        """async ({booths, features, corners, rule}) => {
          const path = (name) => new URL(`${name}.js`,
            document.querySelector('script[src*="floor-plan/editor"]').src).href;
          const geometry = await import(path("geometry"));
          const numbering = await import(path("numbering"));
          return {
            pairs: [...geometry.derivePairs(booths, features)].map(
              ([key, {isJoin}]) => [key, isJoin]),
            overlaps: geometry.findOverlaps(booths).map(([one, two]) =>
              geometry.pairKey(one.code, two.code)),
            inside: booths.filter((booth) => geometry.isInside(booth, corners)).map((b) => b.code),
            codes: [...numbering.newCodes(booths, rule)],
          };
        }""",
        sent,
    )
    derived = derive_pairs(booths, features).items()
    pairs = {f"{one} {two}": is_join for (one, two), is_join in derived}
    overlaps = [" ".join(sorted((one.code, two.code))) for one, two in find_overlaps(booths)]
    outline = [(x, y) for x, y in corners]
    assert dict(seen["pairs"]) == pairs
    assert sorted(seen["overlaps"]) == sorted(overlaps)
    assert seen["inside"] == [booth.code for booth in booths if is_inside(booth, outline)]
    assert dict(seen["codes"]) == new_codes(booths, rule)


def test_what_both_changed_stays_mine_and_is_named(page: Page, fair: Fair) -> None:
    base: dict[str, Any] = write_plan(current_floor(fair)[1])
    first, second, third, fourth = base["booths"]
    mine = {**base, "width": 310, "booths": [{**first, "x": 0}, {**second, "x": 61}, third]}
    theirs = {**base, "height": 210, "booths": [{**first, "x": 9}, second, fourth]}
    merged = page.evaluate(
        """async (plans) => {
          const editor = document.querySelector('script[src*="floor-plan/editor"]').src;
          const { mergePlans } = await import(new URL("merge.js", editor).href);
          return mergePlans(...plans);
        }""",
        [base, mine, theirs],
    )
    assert merged == {
        "plan": {
            **base,
            "width": 310,
            "height": 210,
            "booths": [{**first, "x": 0}, {**second, "x": 61}],
        },
        "both": ["A1"],
    }


def test_two_fingers_zoom_and_one_moves_the_view(
    browser: Browser, page: Page, fair: Fair, live_server: LiveServer
) -> None:
    context = browser.new_context(
        locale="vi-VN", has_touch=True, viewport={"width": 360, "height": 740}
    )
    phone = context.new_page()
    _open(phone, live_server, fair)
    touch = context.new_cdp_session(phone).send
    phone.locator("floor-plan .canvas").scroll_into_view_if_needed()
    box = phone.locator("floor-plan .canvas").bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + min(box["height"], 500) * 0.8

    def put(kind: str, *places: float) -> None:
        points = [{"x": place, "y": y, "id": number} for number, place in enumerate(places)]
        touch("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    before, stored = _scale(phone), _places(phone)
    put("touchStart", x - 20, x + 20)
    for spread in (30, 45, 60):
        put("touchMove", x - spread, x + spread)
    put("touchEnd")
    assert _scale(phone) / before == pytest.approx(3, abs=0.3)
    left = phone.evaluate("document.querySelector('floor-plan').view.frame.x")
    put("touchStart", x)
    put("touchMove", x + 60)
    put("touchEnd")
    moved = phone.evaluate("document.querySelector('floor-plan').view.frame.x")
    assert (left - moved) * _scale(phone) == pytest.approx(60, abs=2)
    assert _places(phone) == stored
    sideways = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert phone.evaluate(sideways) == 0
    context.close()
