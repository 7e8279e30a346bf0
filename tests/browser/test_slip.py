"""The tablet's camera: it reads the slips that we print, with network and without."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from PIL import Image, ImageOps
from playwright.sync_api import Browser, BrowserContext, Page, expect

from accounts.actions import make_sign_in_link
from core import qr
from mou import actions
from mou.models import Ceremony, Memorandum
from tests import builders
from tests.browser.conftest import FLAGS, SECONDS, Complaints
from tests.services import needs
from tests.stage import Stage

WORK = 60_000  # milliseconds
FRAME = (640, 480)


@pytest.fixture
def ceremony(stage: Stage) -> Ceremony:
    """A ceremony of one table with two memoranda, at the fair of the stage."""
    assert stage.url
    ceremony = builders.make_ceremony(stations=1)
    organiser = builders.make_organiser(ceremony.fair)
    ready = [builders.make_memorandum(ceremony.fair) for _each in range(2)]
    for memorandum in ready:
        actions.freeze_memorandum(memorandum=memorandum, actor=organiser)
    codes = [each.code for each in ready]
    actions.assign_memoranda(ceremony=ceremony, memoranda=codes, station=None, actor=organiser)
    return ceremony


@pytest.fixture
def tablets(browser: Browser, complaints: Complaints, tmp_path: Path) -> "Tablets":
    return Tablets(browser, complaints, tmp_path)


class Tablets:
    """Tablets whose camera sees a picture."""

    def __init__(self, browser: Browser, complaints: Complaints, folder: Path) -> None:
        self.browser, self.complaints, self.film = browser, complaints, folder / "camera.y4m"

    @contextmanager
    def seeing(self, picture: Image.Image) -> Iterator[BrowserContext]:
        _write_film(picture, self.film)
        camera = ["--use-fake-device-for-media-stream"]
        camera += [f"--use-file-for-fake-video-capture={self.film}"]
        browser = self.browser.browser_type.launch(
            executable_path=needs("chromium"), args=[*FLAGS, *camera]
        )
        context = browser.new_context(
            locale="vi-VN", viewport={"width": 1024, "height": 768}, has_touch=True
        )
        context.set_default_timeout(SECONDS * 1000)
        self.complaints.watch_requests(context)
        yield context
        browser.close()


def _write_film(picture: Image.Image, path: Path) -> None:
    """Two equal frames of YUV 4:2:0 that Chromium's camera shows again and again."""
    frame = ImageOps.pad(picture.convert("RGB"), FRAME, color="white").convert("YCbCr")
    light, *colours = frame.split()
    halves = [plane.resize((FRAME[0] // 2, FRAME[1] // 2)).tobytes() for plane in colours]
    one = b"FRAME\n" + light.tobytes() + b"".join(halves)
    path.write_bytes(b"YUV4MPEG2 W%d H%d F10:1 Ip A1:1 C420jpeg\n" % FRAME + 2 * one)


def _photograph_slip(stage: Stage, browser: Browser, memorandum: Memorandum) -> Image.Image:
    """The slip as the desk prints it."""
    assert memorandum.ceremony
    page = browser.new_page(locale="vi-VN", device_scale_factor=2)
    organiser = builders.make_organiser(memorandum.fair)
    link = make_sign_in_link(user=organiser, actor=None)
    page.goto(stage.url + urlsplit(link).path)
    page.locator("main form button[type=submit]").click()
    page.goto(f"{stage.url}/desk/ceremonies/{memorandum.ceremony.code}/slips/")
    slip = page.locator(".slip").filter(has_text=memorandum.shown_number)
    taken = Image.open(BytesIO(slip.screenshot()))
    page.close()
    return taken


def _enrol(stage: Stage, tablet: BrowserContext, ceremony: Ceremony) -> Page:
    organiser = builders.make_organiser(ceremony.fair)
    token = actions.invite_device(station=ceremony.stations.get(), label="Máy 1", actor=organiser)
    page = tablet.new_page()
    page.goto(f"{stage.url}/table/enrol/{token}/")
    page.locator("#enrolment button").tap()
    expect(page.locator("#tablet[data-ready]")).to_be_attached(timeout=WORK)
    return page


def test_a_slip_before_the_camera_opens_its_memorandum_with_network_and_without(
    stage: Stage, ceremony: Ceremony, browser: Browser, tablets: Tablets
) -> None:
    memorandum = ceremony.memoranda.order_by("turn")[1]
    with tablets.seeing(_photograph_slip(stage, browser, memorandum)) as tablet:
        tablet.grant_permissions(["camera"])
        page = _enrol(stage, tablet, ceremony)
        tablets.complaints.watch(page)
        page.locator("[data-scan]").tap()
        page.wait_for_url(f"**/table/{memorandum.code}/", timeout=WORK)
        expect(page.locator("footer")).to_contain_text(memorandum.shown_number)

        page.goto(f"{stage.url}/table/")
        expect(page.locator("#tablet[data-ready]")).to_be_attached(timeout=WORK)
        tablet.set_offline(True)
        page.goto(f"{stage.url}/table/")
        page.locator("#offline [data-scan]").tap()
        page.wait_for_url(f"**/table/{memorandum.code}/", timeout=WORK)
        expect(page.locator("#offline .turns")).to_be_visible()
        expect(page.locator("#offline article")).to_contain_text(memorandum.shown_number)
    tablets.complaints.texts = [
        text for text in tablets.complaints.texts if "ERR_INTERNET_DISCONNECTED" not in text
    ]


def test_a_foreign_code_leads_nowhere_and_a_refused_camera_leaves_the_typed_code(
    stage: Stage, ceremony: Ceremony, tablets: Tablets
) -> None:
    modules = qr.matrix("https://example.com/table/")
    stranger = Image.new("1", (len(modules), len(modules)))
    stranger.putdata([not dark for row in modules for dark in row])
    stranger = ImageOps.expand(stranger.convert("L"), border=4, fill="white")
    memorandum = ceremony.memoranda.order_by("turn")[1]
    with tablets.seeing(stranger.resize((330, 330))) as tablet:
        page = _enrol(stage, tablet, ceremony)
        tablets.complaints.watch(page)
        page.locator("[data-scan]").tap()
        expect(page.locator("[data-told=no-camera]")).to_be_visible()
        expect(page.locator("video")).to_be_hidden()

        tablet.grant_permissions(["camera"])
        page.locator("[data-scan]").tap()
        expect(page.locator("[data-told=foreign]")).to_be_visible(timeout=WORK)
        page.locator("[data-stop]").tap()
        expect(page.locator("video")).to_be_hidden()
        assert page.evaluate("document.querySelector('video').srcObject") is None
        assert page.url == f"{stage.url}/table/"

        page.get_by_label("Mã trên phiếu").fill(memorandum.code.lower())
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/table/{memorandum.code}/")
