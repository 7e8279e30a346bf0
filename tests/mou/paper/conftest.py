"""A memorandum with the longest names and every kind of letter, signed by three people."""

import json
import math
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from core.pdf import Paper
from mou.paper.content import (
    ROLES,
    Content,
    Item,
    Party,
    SignatureRecord,
    Terms,
    content_sha256,
)
from mou.paper.layout import Signature, memorandum_pdf
from mou.paper.seal import SealKey, development_key, seal
from mou.paper.strokes import read_strokes
from mou.paper.wording import standard_wording

CODE = "7K3M-9QXR-2VTA-5"
VERIFY_URL = "https://chophien.example.vn/v/7k3m9qxr2vta5"
SIGNED_AT = datetime(2026, 11, 20, 2, 15, 23, tzinfo=UTC)
IDENTIFIER = bytes(range(16))


@pytest.fixture(scope="session")
def content() -> Content:
    return Content(
        number=7,
        year=2026,
        event_code="HN26-TET",
        event="Tuần hàng OCOP Tết Đinh Mùi 2027",
        place="Hà Nội",
        venue="Trung tâm Văn hóa phường Hoàn Kiếm",
        date=date(2026, 11, 20),
        party_a=Party(
            name="Hợp tác xã Mây tre đan và Nông sản sạch Phú Vinh (mẫu)",
            kind="cooperative",
            address="Thôn Phú Vinh, xã Phú Nghĩa, thành phố Hà Nội",
            representative="Bà Nguyễn Thị Huyền Trân Ưu",
            position="Giám đốc",
            tax_code="0100109106",
            phone="+84912345678",
            account="1903 5678 9012 – Ngân hàng Nông nghiệp và Phát triển nông thôn",
        ),
        party_b=Party(
            name="Công ty cổ phần Thương mại và Dịch vụ Siêu thị Hồ Gươm (mẫu)",
            kind="enterprise",
            address="Số 12 phố Đinh Tiên Hoàng, phường Hoàn Kiếm, thành phố Hà Nội",
            representative="Ông Đặng Quốc Khánh",
            position="Phó Tổng giám đốc",
            tax_code="0312687878-001",
            phone="+842438253536",
            authority="số 15/GUQ-HG ngày 02/11/2026",
        ),
        items=(
            Item(
                name="Miến dong Minh Hồng",
                stars=4,
                decision="1234/QĐ-UBND ngày 15/03/2025",
                unit="gói 500 g",
                quantity=Decimal(1200),
                period="tháng",
                reference_price=45_000,
            ),
            Item(
                name="Khay mây tre đan ủ hương quế, nhuộm lá bàng",
                stars=5,
                decision="88/QĐ-BNNMT ngày 01/07/2025",
                unit="chiếc",
                quantity=Decimal("12.5"),
                period="vụ",
                reference_price=1_250_000,
            ),
        ),
        terms=Terms(expires_on=date(2027, 11, 20)),
        wording=standard_wording(),
    )


@pytest.fixture(scope="session")
def sign() -> Callable[[Content], list[Signature]]:
    """Three signatures under a content: party A, party B, witness."""
    return _sign


@pytest.fixture(scope="session")
def paper(content: Content) -> Paper:
    return _draw(content)


@pytest.fixture(scope="session")
def draw() -> Callable[..., Paper]:
    return _draw


@pytest.fixture(scope="session")
def key(tmp_path_factory: pytest.TempPathFactory) -> SealKey:
    return _key(tmp_path_factory.mktemp("seal"))


@pytest.fixture(scope="session")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> SealKey:
    """Another key whose certificate bears the same name."""
    return _key(tmp_path_factory.mktemp("stranger"))


@pytest.fixture(scope="session")
def sealed(paper: Paper, key: SealKey) -> bytes:
    return seal(paper.content, key, reason="Niêm phong biên bản ghi nhớ", location="Hà Nội")


def _key(folder: Path) -> SealKey:
    return development_key(folder / "seal.p12", b"mot hai ba", now=datetime.now(tz=UTC))


def _draw(content: Content, signatures: list[Signature] | None = None) -> Paper:
    return memorandum_pdf(
        content,
        _sign(content) if signatures is None else signatures,
        code=CODE,
        verify_url=VERIFY_URL,
        identifier=IDENTIFIER,
        created=SIGNED_AT,
    )


def _sign(content: Content) -> list[Signature]:
    people = {
        "party_a": ("Nguyễn Thị Huyền Trân Ưu", "Giám đốc"),
        "party_b": ("Đặng Quốc Khánh", "Phó Tổng giám đốc"),
        "witness": ("Trần Thị Ngọc Ánh", "Phó Chánh Văn phòng"),
    }
    blank = Signature(
        record=SignatureRecord(
            role="party_a",
            signer="",
            position="",
            station="Bàn 2",
            content_sha256=content_sha256(content),
            strokes_sha256="",
            consent_version="ocop-2026",
            device_at=SIGNED_AT,
            server_at=SIGNED_AT,
            nonce="n-1",
        ),
        strokes=read_strokes(_flourish(0)),
    )
    signatures = []
    for index, role in enumerate(ROLES):
        strokes = read_strokes(_flourish(index))
        record = replace(
            blank.record,
            role=role,
            signer=people[role][0],
            position=people[role][1],
            strokes_sha256=strokes.sha256,
            server_at=SIGNED_AT + timedelta(seconds=41 * index),
            nonce=f"n-{index}",
        )
        signatures.append(Signature(record=record, strokes=strokes))
    return signatures


def _flourish(kind: int) -> str:
    """Loops that widen to the right and a line beneath: what people draw in a hurry."""
    loops = [
        [
            60 + 5 * step + 30 * math.cos(step / (2.1 + kind / 3)),
            95 + (55 - step / 2) * math.sin(step / (2.1 + kind / 3)),
            0.5,
            1000 + 16 * step,
        ]
        for step in range(80)
    ]
    under = [
        [70 + 15 * step, 168 - step * (kind + 0.5), 0.7, 3000 + 16 * step] for step in range(28)
    ]
    return json.dumps([loops, under])
