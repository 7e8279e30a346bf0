"""Badges as paper: the pages, every letter, every QR, and the same print twice."""

import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from badges.models import BadgeSheet
from badges.rendering import address_of, content_sha256, sheet_pdf
from core import codes

COOPERATIVE = (
    "Hợp tác xã Sản xuất, Kinh doanh và Dịch vụ Nông nghiệp Hữu cơ Tổng hợp xã Thanh Xuân (mẫu)"
)
PEOPLE = (
    "Nguyễn Thị Huyền Trân Ưu",
    "Đỗ Ễ Ặ Ự Ữ Ỷ Ỗ Ẫ Ỡ ế ặ ự ỹ",
    "Nguyễn Phúc Vĩnh Thuỵ Công Tằng Tôn Nữ Thị Mỹ Lệ Hằng Nga Quỳnh Anh Dương Tử Long Vân",
    "Vũ Văn Định",
    "Trần <b>Thị</b> & Ngọc",
)
ROLES = ("producer", "distributor", "organiser")


def _entry(number: int) -> dict[str, str]:
    return {
        "code": codes.new_code(),
        "token": codes.new_token(),
        "person": PEOPLE[number % len(PEOPLE)],
        "organisation": COOPERATIVE,
        "role": ROLES[number % len(ROLES)],
        "booths": f"A-{number + 1}, A-{number + 51}",
    }


def _sheet(count: int) -> BadgeSheet:
    content = {
        "fair": "Tuần hàng Thanh Trì",
        "first_day": "2026-12-02",
        "last_day": "2026-12-06",
        "badges": [_entry(number) for number in range(count)],
    }
    return BadgeSheet(
        number=1,
        content=content,
        content_sha256=content_sha256(content),
        created_at=datetime(2026, 11, 20, 2, 15, tzinfo=UTC),
    )


@pytest.fixture(scope="module")
def sheet() -> BadgeSheet:
    """One badge more than a sheet of paper holds."""
    return _sheet(9)


@pytest.fixture(scope="module")
def file(sheet: BadgeSheet, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("badges") / "badges.pdf"
    path.write_bytes(sheet_pdf(sheet).content)
    return path


def _tool(*command: str | Path) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def test_nine_badges_take_two_pages_of_a4(file: Path) -> None:
    facts = dict(line.split(":", 1) for line in _tool("pdfinfo", file).splitlines())
    assert facts["Pages"].strip() == "2"
    assert facts["Page size"].strip() == "595.276 x 841.89 pts (A4)"
    assert facts["Title"].strip() == "Thẻ · Tuần hàng Thanh Trì · 1"


def test_every_text_is_on_the_paper_letter_by_letter(sheet: BadgeSheet, file: Path) -> None:
    printed = "".join(_tool("pdftotext", "-raw", file, "-").split())
    for badge in sheet.content["badges"]:
        assert printed.count(badge["person"].replace(" ", "")) == sum(
            other["person"] == badge["person"] for other in sheet.content["badges"]
        )
        assert printed.count(badge["booths"].replace(" ", "")) == 1
        assert printed.count(codes.shown(badge["code"])) == 1
    assert printed.count(COOPERATIVE.replace(" ", "")) == 9
    assert printed.count("TuầnhàngThanhTrì02–06/12/2026") == 9
    for word in ("CHỦTHỂOCOPProducer", "ĐƠNVỊPHÂNPHỐIDistributor", "BANTỔCHỨCOrganiser"):
        assert printed.count(word) == 3


def test_every_qr_decodes_to_its_address_even_at_low_resolution(
    sheet: BadgeSheet, file: Path, tmp_path: Path
) -> None:
    _tool("pdftoppm", "-r", "150", "-png", "-gray", file, tmp_path / "page")
    found = sorted(
        symbol.text
        for page in sorted(tmp_path.glob("page*.png"))
        for symbol in zxingcpp.read_barcodes(Image.open(page))
    )
    assert found == sorted(address_of(badge["token"]) for badge in sheet.content["badges"])


def test_qr_holds_the_token_and_nothing_about_the_person() -> None:
    assert address_of("abc-DEF_123") == "http://127.0.0.1:8000/b/abc-DEF_123"


def test_same_print_gives_the_same_bytes() -> None:
    sheet = _sheet(1)
    assert sheet_pdf(sheet) == sheet_pdf(sheet)
