"""The six steps of a newcomer in a real Chromium, in Vietnamese, on the product itself."""

import re
import subprocess
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import zxingcpp
from PIL import Image
from playwright.sync_api import Dialog, Page, expect

from tests.services import needs, wait_until
from tests.stage import Stage

FAIR = "Tuần hàng tư vấn, giới thiệu và bán sản phẩm OCOP Hà Nội năm 2022"
WORK = 60_000  # milliseconds a background job may take on a busy machine

Check = Callable[[Page], None]


def _sign_in(stage: Stage, page: Page, role: str) -> None:
    """Through the link that `make run` prints for the sample's person with that role."""
    printed = stage.manage("sign_in_links")
    link = re.search(rf"^{role}: .*\n\s*(\S+)$", printed, re.MULTILINE)
    assert link, printed
    page.goto(link[1])
    page.locator("main form button[type=submit]").click()


def _pdf(page: Page, name: str, folder: Path) -> Path:
    """Fetch what the link opens, as the browser would, and keep it."""
    link = page.get_by_role("link", name=name).first
    answer = page.request.get(page.evaluate("(link) => link.href", link.element_handle()))
    assert answer.headers["content-type"] == "application/pdf"
    path = folder / "opened.pdf"
    path.write_bytes(answer.body())
    return path


def _text(pdf: Path) -> str:
    run = subprocess.run([needs("pdftotext"), "-layout", pdf, "-"], capture_output=True, check=True)
    return run.stdout.decode()


def _codes(pdf: Path, page: int) -> list[str]:
    """Every QR on one page, read by a decoder that did not make it."""
    run = subprocess.run(
        [needs("pdftoppm"), "-r", "150", "-png", "-f", str(page), "-l", str(page), pdf],
        capture_output=True,
        check=True,
    )
    return [found.text for found in zxingcpp.read_barcodes(Image.open(BytesIO(run.stdout)))]


def _sign(page: Page) -> None:
    """Read to the end, tick every statement, draw with the mouse, press the button."""
    button = page.get_by_role("button", name="Ký", exact=True)
    expect(button).to_be_disabled()
    boxes = page.locator("sign-pad input[type=checkbox]")
    expect(boxes.first).to_be_disabled()
    page.locator("#text").evaluate("(text) => text.lastElementChild.scrollIntoView()")
    for index in range(boxes.count()):
        expect(boxes.nth(index)).not_to_be_checked()
        boxes.nth(index).check()
    pad = page.locator("canvas.pad")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box
    page.mouse.move(box["x"] + 30, box["y"] + box["height"] / 2)
    page.mouse.down()
    for step in range(1, 40):
        wave = (step % 4 - 1.5) * box["height"] / 6
        page.mouse.move(box["x"] + 30 + step * 6, box["y"] + box["height"] / 2 + wave)
    page.mouse.up()
    expect(button).to_be_enabled()
    button.click()


def test_a_newcomer_walks_from_the_year_plan_to_a_verified_memorandum(
    stage: Stage, page: Page, axe: Check, tmp_path: Path
) -> None:
    stage.manage("load_sample")
    page.on("dialog", Dialog.accept)
    seen: list[str] = []

    def look(title: str) -> None:
        expect(page.get_by_role("heading", level=1).first).to_contain_text(title)
        axe(page)
        seen.append(page.url)

    # 1. The year plan with the real fairs, and one of them.
    _sign_in(stage, page, "Ban tổ chức")
    page.get_by_role("navigation", name="Các năm").get_by_role("link", name="2022").click()
    look("2022")
    page.get_by_role("table").get_by_role("link", name=FAIR).click()
    look("2022")
    expect(page.get_by_text("từ 27/09/2022").first).to_be_visible()

    # 2. The coming fair's floor plan and applications.
    page.get_by_role("link", name="Tuần hàng OCOP Thanh Trì").first.click()
    look("Tuần hàng")
    page.get_by_role("link", name="Sơ đồ", exact=True).click()
    look("Sơ đồ")
    expect(page.locator("svg .booth")).to_have_count(92)
    page.get_by_role("link", name="Đơn đăng ký", exact=True).click()
    look("Đơn đăng ký")
    expect(page.locator("main")).to_contain_text("118")

    # 3. Allocation by the worker: every booth coloured, everybody else told why.
    page.get_by_role("link", name="Phân bổ", exact=True).click()
    look("Phân bổ")
    page.get_by_role("button", name="Phân bổ", exact=True).click()
    expect(page.locator("section.job")).to_be_visible()
    publish = page.get_by_role("button", name="Công bố kết quả")
    expect(publish).to_be_visible(timeout=WORK)
    look("Phân bổ")
    unplaced = page.get_by_role("table", name="Chưa được xếp")
    reasons = unplaced.locator("tbody tr td[data-label='Vì sao']").all_inner_texts()
    assert len(reasons) >= 20
    assert all(len(reason) > 20 for reason in reasons)
    placed = 118 - len(reasons)
    expect(page.locator("svg .booth.free")).to_have_count(92 - _booths_given(page))
    publish.click()
    expect(page.get_by_role("link", name="Sang phần thẻ")).to_be_visible()

    # 4. Badges: A4, eight to a sheet, each with a QR that another decoder reads.
    page.get_by_role("link", name="Sang phần thẻ").click()
    page.get_by_role("button", name="In thẻ").click()
    expect(page.get_by_role("link", name="Mở bản PDF").first).to_be_visible(timeout=WORK)
    look("Thẻ")
    badges = _pdf(page, "Mở bản PDF", tmp_path)
    assert _text(badges).count("\f") == -(-(placed + 1) // 8)
    addresses = _codes(badges, 1)
    assert len(set(addresses)) == 8
    page.goto(addresses[0])
    look("Tuần hàng")
    expect(page.get_by_text("Thẻ này hợp lệ.")).to_be_visible()

    # 5. A memorandum is signed for A, for B and by the witness, and sealed by the worker.
    page.goto(f"{stage.url}/desk/memoranda/")
    look("Biên bản ghi nhớ")
    ready = page.get_by_role("row").filter(has_text="Sẵn sàng ký")
    ready.get_by_role("link").first.click()
    look("Biên bản ghi nhớ số")
    page.get_by_role("link", name="Mở bàn ký").click()
    look("Bàn ký")
    for label in ("Bên A", "Bên B", "Người chứng kiến"):
        page.get_by_role("button", name=label).click()
        axe(page)
        _sign(page)
    page.get_by_role("link", name="Về bàn làm việc").click()
    opened = page.get_by_role("link", name="Mở bản PDF đã niêm phong")
    expect(opened).to_be_visible(timeout=WORK)
    look("Biên bản ghi nhớ số")
    original = _pdf(page, "Mở bản PDF đã niêm phong", tmp_path)
    text = _text(original)
    assert "BIÊN BẢN GHI NHỚ" in text
    assert len(re.findall(r"\+07:00", text)) == 3
    seal = subprocess.run([needs("pdfsig"), "-nocert", original], capture_output=True, check=True)
    assert b"Signature is Valid" in seal.stdout
    assert b"Total document signed" in seal.stdout

    # 6. The QR's address says that it is genuine; so does the file itself.
    address = _codes(original, text.count("\f"))[0]
    page.goto(address)
    look("Biên bản ghi nhớ số")
    expect(page.get_by_text("Biên bản thật, đang có hiệu lực.")).to_be_visible()
    page.goto(f"{stage.url}/v/")
    page.get_by_label("Tệp PDF").set_input_files(original)
    page.get_by_role("button", name="Kiểm tra tệp").click()
    expect(page.get_by_text("Bản thật: tệp này là bản gốc đã niêm phong.")).to_be_visible()
    look("Kiểm tra biên bản")
    stage.manage("verify_pdf", str(original))

    # English is one switch away on each of these pages, and complete.
    for url in dict.fromkeys(seen):
        page.goto(url)
        if page.locator("html").get_attribute("lang") == "vi":
            page.get_by_role("button", name="English").last.click()
        expect(page.locator("html")).to_have_attribute("lang", "en")
        axe(page)
    wait_until(lambda: not stage.manage("verify_audit").count("broken"), what="the audit holds")


def _booths_given(page: Page) -> int:
    """The first figure of the page: booths given out of all there are."""
    shown = re.match(r"\s*(\d+)\s*/\s*92", page.locator(".kpi dd").first.inner_text())
    assert shown
    return int(shown[1])
