"""What no page of ours sends: each gets a clear answer, nothing is stored, memory stays bounded."""

import json
import tracemalloc
from typing import Any

import pytest
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT
from django.urls import reverse

from accounts.models import User
from core.audit import AuditEvent
from mou import actions
from mou.models import Memorandum, Signature, SigningSession
from tests import builders
from tests.mou.scenes import STROKES

pytestmark = pytest.mark.django_db

MEGABYTE = 1024 * 1024


@pytest.fixture
def memorandum(organiser: User) -> Memorandum:
    draft = builders.make_memorandum()
    return actions.freeze_memorandum(memorandum=draft, actor=organiser)


def _open(memorandum: Memorandum, organiser: User) -> str:
    token = actions.open_session(memorandum=memorandum, role="party_a", actor=organiser)
    return reverse("table_turn", args=[memorandum.code, token])


def _sign(desk: Client, turn: str, strokes: str = STROKES) -> Any:
    said = {"strokes": strokes, "device_at": "1796179092000", "consent": ["0", "1", "2"]}
    return desk.post(turn, said, follow=True, headers={"referer": f"http://testserver{turn}"})


POINTS = [[1 + step % 500, 1 + step % 150, 0.5, step] for step in range(100_000)]


@pytest.mark.parametrize(
    ("strokes", "status"),
    [
        ("", 200),
        ("[]", 200),
        ("[[[300,100,0.5,0]]]", 200),
        (STROKES.replace("0.5", "NaN"), 200),
        (STROKES.replace("0.5", "-Infinity"), 200),
        ('<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0L600 200"/></svg>', 200),
        ("data:image/png;base64,iVBORw0KGgo=", 200),
        (json.dumps([POINTS]), 200),
        (json.dumps([POINTS * 10]), 400),
    ],
    ids=["none", "empty", "dot", "nan", "infinity", "svg", "png", "100 000 points", "1 M points"],
)
def test_no_signature_is_told_in_words_and_the_turn_stays_open(
    desk: Client, memorandum: Memorandum, organiser: User, strokes: str, status: int
) -> None:
    turn = _open(memorandum, organiser)
    events = AuditEvent.objects.count()
    answer = _sign(desk, turn, strokes)
    assert answer.status_code == status
    if status == 200:
        assert answer.redirect_chain in ([], [(f"http://testserver{turn}", 302)])
        assert 'class="notice bad' in answer.text or "errorlist" in answer.text
    assert (Signature.objects.count(), AuditEvent.objects.count()) == (0, events)
    assert SigningSession.objects.get().spent_at is None
    assert _sign(desk, turn).redirect_chain[-1][0] == reverse("table", args=[memorandum.code])
    assert Signature.objects.count() == 1


def test_a_turn_of_the_text_before_it_was_changed_signs_nothing(
    desk: Client, memorandum: Memorandum, organiser: User
) -> None:
    turn = _open(memorandum, organiser)
    actions.reopen_memorandum(memorandum=memorandum, reason="Sai giá", actor=organiser)
    memorandum.refresh_from_db()
    actions.freeze_memorandum(memorandum=memorandum, actor=organiser)
    answer = _sign(desk, turn)
    assert answer.status_code == 409
    assert "Lượt ký này đã kết thúc" in answer.text
    assert Signature.objects.count() == 0


class _Endless:
    """The body of a request: a PDF of so many megabytes, made as it is read."""

    def __init__(self, megabytes: int) -> None:
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="x.pdf"\r\n'
        self.head = head.encode() + b"Content-Type: application/pdf\r\n\r\n%PDF-1.7"
        self.tail = f"\r\n--{BOUNDARY}--\r\n".encode()
        self.size = len(self.head) + megabytes * MEGABYTE + len(self.tail)
        self.at = 0

    def read(self, size: int = -1) -> bytes:
        begin, end = self.at, min(self.at + (size if size >= 0 else self.size), self.size)
        self.at = end
        zeros = b"\0" * (end - begin)
        for place, part in ((0, self.head), (self.size - len(self.tail), self.tail)):
            first, last = max(begin, place), min(end, place + len(part))
            if first < last:
                piece = part[first - place : last - place]
                zeros = zeros[: first - begin] + piece + zeros[last - begin :]
        return zeros

    def readline(self, size: int = -1) -> bytes:
        return self.read(size)


def test_a_file_of_200_megabytes_is_refused_in_words_and_never_held_in_memory() -> None:
    body = _Endless(200)
    tracemalloc.start()
    try:
        sent: dict[str, Any] = {"wsgi.input": body, "CONTENT_LENGTH": str(body.size)}
        answer = Client().generic("POST", "/v/", CONTENT_TYPE=MULTIPART_CONTENT, **sent)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert answer.status_code == 200
    assert "lớn hơn 5 MB" in answer.text
    assert body.at == body.size
    assert peak < 40 * MEGABYTE
