"""A seal with somebody else's word on its moment; and what a server that lies cannot do."""

import asyncio
import socket
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from core.jobs import Job, State
from core.tasks import run_job
from mou import rendering
from mou.models import Memorandum, Rendition
from mou.paper.timestamp import SILENT, WRONG, Authority, TimestampError
from mou.paper.verdict import Word, judge
from mou.sealing import seal_key
from mou.states import MemorandumState
from tests.faults.papers import sign_by_all
from tests.mou import authority


@pytest.fixture
def signed(db: None) -> Memorandum:
    return sign_by_all()


@pytest.fixture(autouse=True)
def _in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendering, "Authority", lambda url: Authority(url, seconds=1))


@pytest.fixture
def closed() -> str:
    """The address of a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    return f"http://127.0.0.1:{port}/tsr"


def _seal(url: str, settings: Any, *, required: bool) -> Job:
    settings.SEAL_TIMESTAMP_URL, settings.SEAL_TIMESTAMP_REQUIRED = url, required
    job = Job.objects.get(kind="mou.seal")
    run_job(job.pk)
    job.refresh_from_db()
    return job


def _word(pdf: bytes) -> Word:
    pinned = frozenset({seal_key().fingerprint})
    return judge(pdf, known=lambda _: False, pinned=pinned).word


def test_honest_server_stamps_the_seal(signed: Memorandum, settings: Any) -> None:
    with authority.served(authority.honest) as (url, server):
        job = _seal(url, settings, required=False)
    assert (job.state, server.asked) == (State.DONE, 1)
    [rendition] = Rendition.objects.all()
    signed.refresh_from_db()
    assert rendition.timestamped_at is not None
    assert signed.sealed_at is not None
    assert abs((signed.sealed_at - rendition.timestamped_at).total_seconds()) < 10
    assert _word(rendition.file.read()) is Word.SEALED_UNKNOWN
    page = Client().get(f"/v/{signed.code}/", headers={"accept-language": "en"}).text
    assert "văn phòng tự ghi nhận" not in page


LIARS: list[tuple[Callable[..., None], str]] = [
    (authority.of_another_paper, str(WRONG)),
    (authority.of_another_question, str(WRONG)),
    (authority.badly_signed, str(WRONG)),
    (authority.unwilling, str(WRONG)),
    (authority.garbled, str(WRONG)),
    (authority.elsewhere, str(WRONG)),
    (authority.endless, str(WRONG)),
    (authority.trickling, str(SILENT)),
]


@pytest.mark.parametrize(("manner", "sentence"), LIARS)
def test_answer_that_is_no_timestamp_of_this_paper_is_refused(
    manner: Callable[..., None], sentence: str
) -> None:
    with authority.served(manner) as (url, server), pytest.raises(TimestampError) as refused:
        asyncio.run(Authority(url, seconds=1).async_timestamp(b"0" * 32, "sha256"))
    assert (str(refused.value), server.asked) == (sentence, 1)


def test_seal_that_waited_for_its_timestamp_gets_it(signed: Memorandum, settings: Any) -> None:
    with authority.served(authority.garbled) as (url, _server):
        job = _seal(url, settings, required=True)
    assert (job.state, job.shown_message) == (State.WAITING, str(WRONG))
    signed.refresh_from_db()
    assert (signed.state, Rendition.objects.count()) == (MemorandumState.SIGNED, 0)
    Job.objects.update(run_at=job.created_at)
    with authority.served(authority.honest) as (url, _server):
        assert _seal(url, settings, required=True).state == State.DONE
    assert Rendition.objects.get().timestamped_at is not None


def test_where_it_is_not_required_the_paper_is_sealed_without_and_says_so(
    signed: Memorandum, settings: Any
) -> None:
    with authority.served(authority.trickling) as (url, _server):
        assert _seal(url, settings, required=False).state == State.DONE
    [rendition] = Rendition.objects.all()
    assert rendition.timestamped_at is None
    assert _word(rendition.file.read()) is Word.SEALED_UNKNOWN
    page = Client().get(f"/v/{signed.code}/", headers={"accept-language": "en"}).text
    assert "văn phòng tự ghi nhận" in page


def test_server_that_is_down_keeps_nobody_waiting_where_it_is_not_required(
    signed: Memorandum, settings: Any, closed: str
) -> None:
    job = _seal(closed, settings, required=True)
    assert (job.state, job.shown_message) == (State.WAITING, str(SILENT))
    Job.objects.update(run_at=job.created_at)
    assert _seal(closed, settings, required=False).state == State.DONE
    assert Rendition.objects.get().timestamped_at is None
