"""A made-up memorandum with the longest of everything, to see whether a wording holds it."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from core.pdf import Paper
from mou.paper.content import Content, Item, Party, Terms
from mou.paper.layout import memorandum_context, memorandum_pdf
from mou.paper.wording import wording_sha256

PREVIEW = {"vi": "BẢN XEM TRƯỚC", "en": "PREVIEW"}
NO_EFFECT = {"vi": "Bản xem trước, không có hiệu lực", "en": "Preview, not in effect"}
CODE = "XEM-TRUOC"
LONG = "Hợp tác xã Dịch vụ Nông nghiệp Tổng hợp Chương Mỹ và các hộ sản xuất mây tre đan "
LINES = 30


def preview_content(wording: Mapping[str, Any], day: date) -> Content:
    """Both names of 120 characters, 30 products, every field filled; marked as a preview."""
    marked = {
        **wording,
        "title": {key: f"{PREVIEW[key]} – {text}" for key, text in wording["title"].items()},
        "labels": {**wording["labels"], "unsigned": NO_EFFECT},
    }
    return Content(
        number=9999,
        year=day.year,
        event_code="HOICHOXUAN27",
        event=_long("Hội chợ Xuân kết nối cung cầu sản phẩm OCOP ", 200),
        place="Thành phố Hồ Chí Minh",
        venue=_long("Trung tâm Hội chợ Triển lãm Quốc gia ", 120),
        date=day,
        party_a=_party("Nguyễn Thị Huyền Trân Ưu"),
        party_b=_party("Đặng Quốc Khánh"),
        items=tuple(_item(number) for number in range(1, LINES + 1)),
        terms=Terms(expires_on=day.replace(year=day.year + 1, day=min(day.day, 28))),
        wording=marked,
    )


def preview_text(wording: Mapping[str, Any], day: date, *, verify_url: str) -> dict[str, Any]:
    """The preview as plain values for a page, as `memorandum_context` gives them."""
    content = preview_content(wording, day)
    return memorandum_context(content, [], code=CODE, verify_url=verify_url)


def preview_pdf(wording: Mapping[str, Any], created: datetime, *, verify_url: str) -> Paper:
    """The preview on paper, through the layout of the real ones; nobody has signed it."""
    return memorandum_pdf(
        preview_content(wording, created.date()),
        [],
        code=CODE,
        verify_url=verify_url,
        identifier=uuid5(NAMESPACE_URL, wording_sha256(wording)).bytes,
        created=created,
    )


def _long(words: str, length: int) -> str:
    return (words * length)[:length].strip()


def _party(person: str) -> Party:
    return Party(
        name=_long(LONG, 120),
        kind="Hợp tác xã",
        address=_long("Thôn Phú Vinh, xã Phú Nghĩa, huyện Chương Mỹ, ", 240),
        representative=_long(f"{person} ", 120),
        position=_long("Chủ tịch Hội đồng quản trị kiêm Giám đốc ", 80),
        tax_code="0312687878-001",
        phone="+842438253536",
        authority=_long("số 15/GUQ-HTX-MTD ngày 02/11/2026 ", 120),
        account=_long("19021234567890 – Ngân hàng Nông nghiệp và Phát triển Nông thôn ", 120),
    )


def _item(number: int) -> Item:
    return Item(
        name=_long(f"Khay mây tre đan ủ hương quế số {number}, nhuộm lá bàng ", 120),
        stars=5,
        decision=_long("1234/QĐ-UBND ngày 15/03/2025 ", 60),
        unit="thùng 24 gói 500 gam"[:20],
        quantity=Decimal("9999999.999"),
        period="tháng",
        reference_price=999_999_999,
    )
