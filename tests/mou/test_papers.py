"""Signed by hand: the print says what it is, the scan is kept, the verify page tells so."""

import subprocess
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from accounts.models import User
from core.vietnam import shown_date
from mou import actions, queries
from mou.models import Memorandum, Rendition, SignerRole
from mou.paper.verdict import Word
from mou.rendering import print_for_hand
from mou.states import MemorandumState
from tests import builders
from tests.mou.scenes import STROKES
from tests.services import needs

pytestmark = pytest.mark.django_db


@pytest.fixture
def ready(organiser: User) -> Memorandum:
    """Frozen, and signed by nobody."""
    return actions.freeze_memorandum(memorandum=builders.make_memorandum(), actor=organiser)


def _jpeg() -> bytes:
    file = BytesIO()
    Image.new("RGB", (620, 877), "white").save(file, "JPEG")
    return file.getvalue()


def _keep(desk: Client, memorandum: Memorandum, content: bytes, day: str = "") -> int:
    answer = desk.post(
        reverse("memorandum_paper", args=[memorandum.code]),
        {
            "file": SimpleUploadedFile("scan", content),
            "signed_on": day or shown_date(timezone.localdate()),
        },
    )
    return answer.status_code


def test_the_print_bears_no_seal_and_says_on_each_page_what_it_is(
    desk: Client, ready: Memorandum, tmp_path: Path
) -> None:
    answer = desk.get(reverse("memorandum_print", args=[ready.code]))
    assert answer.headers["Content-Type"] == "application/pdf"
    file = tmp_path / "print.pdf"
    file.write_bytes(answer.content)
    run = subprocess.run(
        [needs("pdftotext"), "-layout", file, "-"], capture_output=True, check=True
    )
    pages = run.stdout.decode().rstrip("\f").split("\f")
    assert [page.count("BẢN IN ĐỂ KÝ TAY") for page in pages] == [1] * len(pages)
    assert queries.verdict_on(answer.content)[0].word is Word.UNSIGNED


@pytest.mark.parametrize("kind", ["jpeg", "pdf"])
def test_a_kept_scan_puts_it_in_force_as_signed_on_paper(
    desk: Client, ready: Memorandum, organiser: User, kind: str
) -> None:
    token = actions.open_session(memorandum=ready, role=SignerRole.PARTY_A, actor=organiser)
    actions.sign_memorandum(
        token=token, strokes=STROKES, has_consented=True, device_at=timezone.now(), actor=organiser
    )
    content = _jpeg() if kind == "jpeg" else print_for_hand(ready)
    assert _keep(desk, ready, content) == 302
    ready.refresh_from_db()
    assert ready.state == MemorandumState.PAPER
    assert ready.signed_at is not None
    scan = queries.paper_rendition(ready)
    assert scan is not None
    assert scan.file.read() == content
    assert queries.sealed_rendition(ready) is None
    assert ready.signatures.filter(superseded_at__isnull=True).count() == 0
    kept = desk.get(reverse("memorandum_scan", args=[ready.code]))
    assert kept.headers["Content-Disposition"].startswith("attachment")
    assert b"".join(kept.streaming_content) == content
    assert desk.get(reverse("memorandum_file", args=[ready.code])).status_code == 404
    page = Client().get(reverse("verify_code", args=[ready.code])).content.decode()
    assert "bản giấy" in page.lower() or "paper" in page.lower()
    assert queries.verdict_on(print_for_hand(ready))[0].word is Word.UNSIGNED


def test_a_scan_is_no_sealed_original(desk: Client, ready: Memorandum) -> None:
    content = print_for_hand(ready)
    assert _keep(desk, ready, content) == 302
    verdict, memorandum = queries.verdict_on(content)
    assert (verdict.word, memorandum) == (Word.UNSIGNED, None)


@pytest.mark.parametrize(
    "content",
    [b"", b"<svg/>", b"%PDF-1.7 and nothing more", b"\xff\xd8\xff\xe0 no picture", b"PK\x03\x04"],
)
def test_what_is_no_scan_is_refused_and_nothing_changes(
    desk: Client, ready: Memorandum, content: bytes
) -> None:
    assert _keep(desk, ready, content) == 422
    ready.refresh_from_db()
    assert (ready.state, Rendition.objects.count()) == (MemorandumState.READY, 0)


def test_a_picture_of_too_many_points_is_refused(desk: Client, ready: Memorandum) -> None:
    file = BytesIO()
    Image.new("1", (10_000, 7_000)).convert("L").save(file, "JPEG", quality=1)
    assert _keep(desk, ready, file.getvalue()) == 422


def test_the_day_of_signing_lies_between_drawing_up_and_today(
    desk: Client, ready: Memorandum
) -> None:
    today = timezone.localdate()
    for day in (today - timedelta(days=1), today + timedelta(days=1)):
        assert _keep(desk, ready, _jpeg(), shown_date(day)) == 422
    assert Rendition.objects.count() == 0


def test_one_file_is_not_the_paper_of_two(desk: Client, ready: Memorandum) -> None:
    other = actions.freeze_memorandum(
        memorandum=builders.make_memorandum(), actor=builders.make_organiser()
    )
    assert [_keep(desk, each, _jpeg()) for each in (ready, other)] == [302, 422]
    other.refresh_from_db()
    assert other.state == MemorandumState.READY
