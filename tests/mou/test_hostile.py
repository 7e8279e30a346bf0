"""A memorandum in hostile hands: names that are programs, files that are bombs."""

import re
import subprocess
import unicodedata
import zlib
from collections.abc import Sequence
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from core.errors import DomainError, NotAllowed
from core.tasks import run_job
from mou import actions
from mou.models import Memorandum, Rendition, SignerRole, SigningSession
from mou.paper import apart
from mou.paper.verdict import MAX_BYTES, Word
from tests import builders
from tests.mou.scenes import STROKES
from tests.pages import find_inline, text_of

pytestmark = pytest.mark.django_db

HOSTILE = [
    "<script>alert(1)</script>",
    '"><svg onload=alert(1)><img src="http://127.0.0.1:9/x.png">',
    '{{ 7|add:7 }}{% now "Y" %}{{ settings.SECRET_KEY }}',
    "javascript:alert(1)//%(name)s %s {0.__class__}",
    '=HYPERLINK("http://127.0.0.1:9/","x")',
    "&lt;b&gt; &amp; &#x3C;i&#x3E; ]]> -->",
    unicodedata.normalize("NFD", "Hợp tác xã Đường Lâm Ặ Ự Ỡ"),
    "Hợp tác xã " + "Nông nghiệp Hữu cơ " * 9,
    "X" * 100,
]


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", "".join(text.split()))


def _frozen(words: Sequence[str]) -> Memorandum:
    """With the words, round and round, wherever somebody may write."""
    word = cycle(words)
    sides = [
        make(
            name=next(word),
            representative=next(word)[:120],
            position=next(word)[:80],
            address=next(word),
        )
        for make in (builders.make_organisation, builders.make_distributor)
    ]
    memorandum = builders.make_memorandum(
        producer=sides[0],
        distributor=sides[1],
        products=[builders.make_product(sides[0], name=next(word))],
        witness=next(word)[:120],
        witness_position=next(word)[:120],
        created_by=builders.make_organiser(),
    )
    return actions.freeze_memorandum(memorandum=memorandum, actor=None)


def _organiser(memorandum: Memorandum) -> User:
    assert memorandum.created_by is not None
    return memorandum.created_by


def _browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _sign(browser: Client, memorandum: Memorandum, role: str) -> Any:
    turn = browser.post(reverse("table_open", args=[memorandum.code]), {"role": role}).url
    page = browser.get(turn)
    browser.post(turn, {"strokes": STROKES, "device_at": "1796179092000", "consent": [*"012"]})
    return page


@pytest.mark.parametrize("first", [0, 3, 6])
def test_hostile_names_are_shown_and_printed_letter_by_letter(first: int, tmp_path: Path) -> None:
    words = [*HOSTILE[first:], *HOSTILE[:first]]
    memorandum = _frozen(words)
    browser = _browser(_organiser(memorandum))
    pages = [_sign(browser, memorandum, role) for role in SignerRole]
    memorandum.refresh_from_db()
    run_job(memorandum.job.pk)
    names = ("memorandum_page", "table", "verify_code")
    pages += [browser.get(reverse(name, args=[memorandum.code])) for name in names]
    pages.append(browser.get(reverse("memorandum_list")))
    for page in pages:
        assert find_inline(page.text) == []
        assert _plain(words[0]) in _plain(text_of(page.text))  # the producer
        assert _plain(words[4]) in _plain(text_of(page.text))  # the distributor

    file = tmp_path / "memorandum.pdf"
    file.write_bytes(Rendition.objects.get().file.read())
    command = ["pdftotext", "-layout", str(file), "-"]
    drawn = _plain(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    # A long name is broken into lines beside its label; what stands on the first is enough.
    assert [word for word in HOSTILE if _plain(word)[:8] not in drawn] == []


@pytest.mark.parametrize("word", ["\u202egnort", "a\u200fb", "\U000f0000", "龍"])
def test_what_cannot_be_printed_as_it_is_meant_is_never_frozen(word: str) -> None:
    with pytest.raises(DomainError) as refused:
        _frozen([word])
    assert refused.value.code == "memorandum.unprintable"


def test_an_unknown_and_a_malformed_code_get_the_same_page_but_for_the_code() -> None:
    pages = set()
    for code in ("0000000000000", "ABC", "'\"--", "\u202eđ", "Z" * 16, "{{7}}"):
        page = Client().get(f"/v/{code}/")
        assert page.status_code == 404
        pages.add(text_of(re.sub(r'<span class="code">[^<]*</span>', "", page.text)))
    assert len(pages) == 1


@pytest.mark.parametrize("typed", ["7K3M/9QXT/2BCDE", "../../admin", "?a#b", "%2f", "//", "."])
def test_a_code_with_signs_of_an_address_in_it_is_looked_up(typed: str) -> None:
    answer = Client().get("/v/", {"code": typed}, follow=True)
    assert answer.status_code == 404
    assert "Không có biên bản đã ký nào mang mã này." in answer.text


def _bomb(entries: int) -> bytes:
    """A small file that says its table has very many entries."""
    return _table(zlib.compress(b"\1\0\0\x09\0" * entries, 9), entries)


def _table(packed: bytes, entries: int) -> bytes:
    body = b"%PDF-1.7\n1 0 obj\n<</Type/Catalog>>\nendobj\n"
    head = b"2 0 obj\n<</Type/XRef/Size %d/W[1 3 1]/Root 1 0 R/Filter/FlateDecode/Length %d>>\n"
    table = head % (entries, len(packed)) + b"stream\n" + packed + b"\nendstream\nendobj\n"
    return body + table + b"startxref\n%d\n%%%%EOF\n" % len(body)


def test_a_file_that_would_keep_the_reader_busy_is_given_up() -> None:
    verdict = apart.judge_apart(_bomb(3_000_000), pinned=frozenset(), seconds=1)
    assert (verdict.word, verdict.facts["reason"]) == (Word.BROKEN, "Exhausting")


def test_a_file_that_unpacks_to_more_than_memory_is_given_up() -> None:
    packer = zlib.compressobj(9)
    start, block = packer.flush(zlib.Z_FULL_FLUSH), packer.compress(b"\1\0\0\x09\0" * 2**20)
    block += packer.flush(zlib.Z_FULL_FLUSH)
    verdict = apart.judge_apart(_table(start + block * 200, 2**28), pinned=frozenset())
    assert (verdict.word, verdict.facts["reason"]) == (Word.BROKEN, "MemoryError")


def test_a_file_is_judged_apart_as_it_would_be_here() -> None:
    verdict = apart.judge_apart(_bomb(3), pinned=frozenset())
    assert (verdict.word, verdict.facts["seals"]) == (Word.UNSIGNED, 0)


def _upload(content: bytes | None) -> Any:
    form = {} if content is None else {"file": SimpleUploadedFile("x.pdf", content)}
    return Client().post("/v/", form)


def test_a_file_too_large_none_and_an_empty_one_are_told_in_words() -> None:
    assert "lớn hơn 5 MB" in _upload(b"x" * (MAX_BYTES + 1)).text
    assert "Mục này không được để trống" in _upload(None).text
    assert _upload(b"").status_code == 200


def test_while_too_many_files_are_judged_the_next_is_asked_to_wait(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(apart, "PATIENCE", 0.0)
    assert [apart.AT_ONCE.acquire(blocking=False) for _slot in range(3)] == [True, True, False]
    try:
        refused = _upload(b"rubbish")
    finally:
        apart.AT_ONCE.release(2)
    assert refused.status_code == 409
    assert _upload(b"rubbish").status_code == 200


def test_nobody_signs_or_declines_at_the_table_of_another_fair() -> None:
    memorandum = builders.make_memorandum(created_by=builders.make_organiser())
    memorandum = actions.freeze_memorandum(memorandum=memorandum, actor=None)
    token = actions.open_session(
        memorandum=memorandum, role="party_a", actor=_organiser(memorandum)
    )
    own = builders.make_memorandum()
    neighbour = builders.make_organiser(own.fair)
    with pytest.raises(NotAllowed):
        actions.decline_memorandum(token=token, reason="x", actor=neighbour)
    answer = _browser(neighbour).post(
        reverse("table_decline", args=[own.code, token]), {"reason": "x"}
    )
    assert answer.status_code == 403
    assert SigningSession.objects.get().spent_at is None


def test_the_table_is_closed_to_an_organiser_with_one_factor_alone(settings: Settings) -> None:
    settings.REQUIRE_SECOND_FACTOR = True
    memorandum = builders.make_memorandum()
    answer = _browser(builders.make_organiser()).get(reverse("table", args=[memorandum.code]))
    assert (answer.status_code, answer.url) == (302, reverse("mfa_index"))
