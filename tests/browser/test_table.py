"""A tablet in a real Chromium: touched by two parties and the witness, offline in the middle."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, expect

from mou import actions
from mou.models import Ceremony, Memorandum, OfflinePacket, SignerRole
from mou.states import MemorandumState
from tests import builders
from tests.browser.conftest import SECONDS, Complaints
from tests.services import wait_until
from tests.stage import Stage

Check = Callable[[Page], None]
WORK = 60_000  # milliseconds


@pytest.fixture
def tablet(browser: Browser, complaints: Complaints) -> Iterator[BrowserContext]:
    """A tablet with a touch screen; what a page says about a missing network is no complaint."""
    context = browser.new_context(
        locale="vi-VN",
        timezone_id="Asia/Ho_Chi_Minh",
        viewport={"width": 1280, "height": 800},
        has_touch=True,
    )
    context.set_default_timeout(SECONDS * 1000)
    complaints.watch_requests(context)
    yield context
    context.close()


@pytest.fixture
def ceremony(stage: Stage) -> Ceremony:
    """A ceremony of one table with two memoranda, at the fair of the stage."""
    assert stage.url
    ceremony = builders.make_ceremony(stations=1)
    organiser = builders.make_organiser(ceremony.fair)
    ready = [builders.make_memorandum(ceremony.fair) for _each in range(2)]
    for memorandum in ready:
        actions.freeze_memorandum(memorandum=memorandum, actor=organiser)
    actions.assign_memoranda(
        ceremony=ceremony,
        memoranda=[each.code for each in ready],
        station=None,
        actor=organiser,
    )
    return ceremony


def _enrol(stage: Stage, tablet: BrowserContext, ceremony: Ceremony) -> Page:
    organiser = builders.make_organiser(ceremony.fair)
    station = ceremony.stations.get()
    token = actions.invite_device(station=station, label="Máy 1", actor=organiser)
    page = tablet.new_page()
    page.goto(f"{stage.url}/table/enrol/{token}/")
    page.locator("#enrolment button").tap()
    expect(page.locator("#tablet[data-ready]")).to_be_attached(timeout=WORK)
    return page


def _touch(session: CDPSession, kind: str, x: float = 0, y: float = 0) -> None:
    points = [{"x": x, "y": y, "force": 0.6}] if kind != "touchEnd" else []
    session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


def _draw(page: Page) -> None:
    """A signature with a finger, in three strokes of touch events."""
    pad = page.locator("canvas.pad")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box
    session = page.context.new_cdp_session(page)
    for stroke in range(3):
        left = box["x"] + 30 + 90 * stroke
        _touch(session, "touchStart", left, box["y"] + box["height"] / 2)
        for step in range(1, 15):
            wave = (step % 4 - 1.5) * box["height"] / 6
            _touch(session, "touchMove", left + 5 * step, box["y"] + box["height"] / 2 + wave)
        _touch(session, "touchEnd")
    session.detach()


def _sign(page: Page) -> None:
    """Read to the end, tick each statement, draw, undo one stroke too many, press."""
    button = page.locator("[data-sign]")
    expect(button).to_be_disabled()
    boxes = page.locator("sign-pad input[type=checkbox]")
    expect(boxes.first).to_be_disabled()
    page.locator("#text").evaluate("(text) => text.lastElementChild.scrollIntoView()")
    for index in range(boxes.count()):
        expect(boxes.nth(index)).not_to_be_checked()
        boxes.nth(index).check()
    _draw(page)
    page.locator("[data-undo]").tap()
    expect(button).to_be_enabled()
    button.tap()


def _call(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).tap()
    expect(page.locator("sign-pad")).to_be_visible()


def _kept_packets(page: Page) -> list[dict[str, str]]:
    """What lies in the tablet's store, as any script on it could read it."""
    kept: list[dict[str, str]] = page.evaluate(
        """() => new Promise((done) => {
            const asked = indexedDB.open("signing-table", 1);
            asked.onsuccess = () => {
                const rows = asked.result.transaction("packets").objectStore("packets").getAll();
                rows.onsuccess = () => { asked.result.close(); done(rows.result); };
            };
        })"""
    )
    return kept


def _remembered(page: Page) -> list[str]:
    """What the browser keeps beside the page that is open: in its storages, and pages whole."""
    found: list[str] = page.evaluate(
        """async () => {
            const kept = [...Object.values(localStorage), ...Object.values(sessionStorage)]
                .filter((each) => each !== location.pathname + location.search);
            for (const name of await caches.keys())
                for (const { url } of await (await caches.open(name)).keys()) kept.push(url);
            return kept.filter((each) => !/\\/static\\/|\\/table\\/offline\\/$/.test(each));
        }"""
    )
    return found


def _shown(page: Page) -> set[str]:
    """Every field's value, and whether any box is ticked or any ink on a pad."""
    found: list[str] = page.evaluate(
        """() => {
            const fields = [...document.querySelectorAll("input, textarea, select")];
            const shown = fields.filter((each) => each.type !== "checkbox" && each.type !== "radio")
                .filter((each) => !["csrfmiddlewaretoken", "role", "next", "language"]
                    .includes(each.name)).map((each) => each.value);
            if (fields.some((each) => each.checked)) shown.push("ticked");
            for (const pad of document.querySelectorAll("canvas")) {
                const { data } = pad.getContext("2d").getImageData(0, 0, pad.width, pad.height);
                if (data.some((value) => value)) shown.push("ink");
            }
            return shown;
        }"""
    )
    return set(found) - {""}


def test_two_parties_and_the_witness_sign_on_one_tablet_offline_in_the_middle(
    stage: Stage, tablet: BrowserContext, ceremony: Ceremony, axe: Check
) -> None:
    page = _enrol(stage, tablet, ceremony)
    memorandum = ceremony.memoranda.order_by("turn")[0]
    names = {party.side: party.representative for party in memorandum.parties.all()} | {
        SignerRole.WITNESS.value: memorandum.witness
    }
    axe(page)
    page.get_by_role("link", name=memorandum.shown_number).tap()
    expect(page.locator("#tablet[data-ready]")).to_be_attached(timeout=WORK)
    expect(page.locator(".turns")).to_be_visible()
    axe(page)

    # Party A, with network; then "back" shows nothing of it.
    _call(page, names["party_a"])
    axe(page)
    _sign(page)
    expect(page.locator("sign-pad")).to_have_count(0)
    wait_until(lambda: memorandum.signatures.count() == 1, what="party A's signature")
    page.go_back()
    expect(page.locator("main")).to_be_visible()
    expect(page.locator("sign-pad")).to_have_count(0)
    assert (_shown(page), _remembered(page)) == (set(), [])
    page.goto(f"{stage.url}/table/{memorandum.code}/")
    expect(page.locator("#tablet[data-ready]")).to_be_attached(timeout=WORK)

    # Party B has read with network; it leaves before the signature.
    _call(page, names["party_b"])
    assert (_shown(page), _remembered(page)) == (set(), [])
    tablet.set_offline(True)
    _sign(page)
    expect(page.locator("#offline .turns")).to_be_visible()
    axe(page)

    # The witness never had any.
    page.goto(f"{stage.url}/table/")
    page.get_by_role("link", name=memorandum.shown_number).tap()
    _call(page, names["witness"])
    assert (_shown(page), _remembered(page)) == (set(), [])
    axe(page)
    _sign(page)
    expect(page.locator("#offline sign-pad")).to_have_count(0)
    expect(page.locator("#offline [data-all-signed]")).to_be_visible()
    page.go_back()
    expect(page.locator("sign-pad")).to_have_count(0)
    kept = _kept_packets(page)
    assert sorted(packet["role"] for packet in kept) == ["party_b", "witness"]
    assert all("strokes" not in packet["body"] for packet in kept)
    assert memorandum.signatures.count() == 1

    # The page notices by itself, loads again and sends.
    tablet.set_offline(False)
    expect(page.locator("#tablet[data-ready]")).to_be_attached(timeout=WORK)
    wait_until(
        lambda: Memorandum.objects.get(pk=memorandum.pk).state == MemorandumState.SEALED,
        what="the worker's seal",
    )
    assert OfflinePacket.objects.filter(state="taken").count() == 2
    wait_until(lambda: _kept_packets(page) == [], what="an empty store")
    drawn = [signature.drawn_at is None for signature in memorandum.signatures.all()]
    assert sorted(drawn) == [False, False, True]
