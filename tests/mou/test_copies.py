"""Once sealed, both sides get a link that fetches the PDF; before that there is nothing."""

from collections.abc import Callable
from datetime import timedelta
from smtplib import SMTPException

import pytest
import time_machine
from django.core import mail
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.audit import AuditEvent
from core.jobs import Job
from core.tasks import run_job
from mou import queries
from mou.models import Memorandum, Party
from mou.states import GENUINE, MemorandumState
from mou.tasks.afterwards import after_seal
from tests import builders
from tests.mou.answers import make_original, make_sealed

pytestmark = pytest.mark.django_db


@pytest.fixture
def sealed() -> Memorandum:
    """Party A has an e-mail address, party B has none."""
    memorandum = make_sealed()
    memorandum.parties.filter(side="party_a").update(email="htx@chophien.example")
    return memorandum


def _work() -> None:
    for job in Job.objects.filter(state="waiting"):
        run_job(job.pk)


def _link(memorandum: Memorandum, side: str = "party_a") -> str:
    party = memorandum.parties.get(side=side)
    return queries.copy_address(party).removeprefix("http://127.0.0.1:8000")


def test_the_side_with_an_address_gets_its_link_once(sealed: Memorandum) -> None:
    content = make_original(sealed)
    for _again in range(2):
        with transaction.atomic():
            after_seal(sealed)
        _work()
    assert [message.to for message in mail.outbox] == [["htx@chophien.example"]]
    assert mail.outbox[0].subject == f"Bản của đơn vị: biên bản ghi nhớ {sealed.shown_number}"
    address = next(line for line in mail.outbox[0].body.splitlines() if "/c/" in line)
    path = address.removeprefix("http://127.0.0.1:8000")
    page = Client().get(path)
    assert (page.status_code, page.headers["X-Robots-Tag"]) == (200, "noindex")
    fetched = Client().post(f"{path}file.pdf")
    assert (fetched.getvalue(), fetched.headers["Content-Type"]) == (content, "application/pdf")
    assert fetched.headers["Content-Disposition"].startswith("attachment")
    event = AuditEvent.objects.get(verb="mou.downloaded")
    assert (event.subject, event.facts["side"]) == (sealed.code, "party_a")
    assert sealed.follow_ups.count() == 6


def test_looking_at_the_link_is_no_download(sealed: Memorandum) -> None:
    make_original(sealed)
    path = _link(sealed)
    assert Client().get(path).status_code == 200
    assert Client().get(f"{path}file.pdf").status_code == 405
    assert AuditEvent.objects.count() == 0


@pytest.mark.parametrize("state", MemorandumState)
def test_nothing_can_be_fetched_before_the_seal_or_once_it_is_void(
    state: MemorandumState,
) -> None:
    known = state in (*GENUINE, MemorandumState.VOID)
    sealed = make_sealed(state=state, sealed_at=timezone.now() if known else None)
    make_original(sealed)
    path = _link(sealed)
    desk = Client()
    desk.force_login(builders.make_organiser(sealed.fair))
    answers = (
        Client().post(f"{path}file.pdf"),
        desk.get(reverse("memorandum_file", args=[sealed.code])),
        desk.post(reverse("copy_slip", args=[sealed.code, "party_a"])),
    )
    assert [answer.status_code == 200 for answer in answers] == [state in GENUINE] * 3
    assert [answer.getvalue()[:4] == b"%PDF" for answer in answers if answer.streaming] == (
        [True, True] if state in GENUINE else []
    )
    assert Client().get(path).status_code == (200 if known else 404)


def test_a_link_works_for_thirty_days(sealed: Memorandum) -> None:
    make_original(sealed)
    path = _link(sealed)
    for days, status in ((29, 200), (31, 410)):
        with time_machine.travel(timezone.now() + timedelta(days=days), tick=False):
            assert Client().get(path).status_code == status
            fetched = Client().post(f"{path}file.pdf")
            assert fetched.streaming is (status == 200)
            if fetched.streaming:
                fetched.getvalue()  # read to the end, a file is closed


@pytest.mark.parametrize("spoil", [lambda path: path[:-2] + "/", lambda path: path[:5] + "/"])
def test_a_link_that_we_never_made_is_not_found(
    sealed: Memorandum, spoil: Callable[[str], str]
) -> None:
    make_original(sealed)
    path = spoil(_link(sealed))
    assert Client().get(path).status_code == 404
    assert Client().post(f"{path}file.pdf").status_code == 404


def test_a_link_to_an_earlier_revision_is_not_found() -> None:
    memorandum = make_sealed(state=MemorandumState.DRAFT)
    path = _link(memorandum)
    memorandum.revision, memorandum.state = 2, MemorandumState.SEALED
    memorandum.save()
    assert Client().get(path).status_code == 404
    assert Client().get(_link(memorandum)).status_code == 200


def test_the_desk_sends_a_new_link_and_pressing_twice_sends_one(sealed: Memorandum) -> None:
    make_original(sealed)
    desk = Client()
    desk.force_login(builders.make_organiser(sealed.fair))
    address = reverse("copy_send", args=[sealed.code, "party_a"])
    for _again in range(2):
        assert desk.post(address).status_code == 302
    _work()
    assert len(mail.outbox) == 1
    desk.post(address)
    _work()
    assert len(mail.outbox) == 2
    assert AuditEvent.objects.filter(verb="mou.copy_asked").count() == 3


def test_a_slip_carries_the_link_for_those_without_an_address(sealed: Memorandum) -> None:
    make_original(sealed)
    desk = Client()
    desk.force_login(builders.make_organiser(sealed.fair))
    slip = desk.post(reverse("copy_slip", args=[sealed.code, "party_b"]))
    assert (slip.status_code, "<svg" in slip.content.decode()) == (200, True)
    assert slip.headers["Cache-Control"] == "private, no-store"
    assert desk.post(reverse("copy_slip", args=[sealed.code, "witness"])).status_code == 404


def test_a_mail_server_that_refuses_is_tried_again(
    sealed: Memorandum, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_arguments: object) -> None:
        raise SMTPException("busy")

    make_original(sealed)
    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
    with transaction.atomic():
        after_seal(sealed)
    _work()
    assert Party.objects.get(memorandum=sealed, side="party_a").copy_sent_at is None
    assert Job.objects.filter(kind="mou.copy", state="waiting").count() == 1
