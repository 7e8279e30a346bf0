"""A memorandum that three people signed is sealed in the end, and nobody is left to wonder."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from core import jobs
from core.audit import AuditEvent
from core.errors import NotYet
from core.jobs import ATTEMPTS, Job, State
from core.tasks import run_job
from mou import tasks
from mou.models import Memorandum, Rendition
from mou.states import MemorandumState
from tests import builders
from tests.faults.papers import sign_by_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed() -> Memorandum:
    return sign_by_all()


def _seal_job() -> Job:
    return Job.objects.get(kind="mou.seal")


def _later(**time: float) -> Any:
    return time_machine.travel(timezone.now() + timedelta(**time), tick=False)


def test_given_up_seal_is_asked_for_again_after_a_rest_however_old(signed: Memorandum) -> None:
    Job.objects.update(state=State.FAILED, attempt=ATTEMPTS, finished_at=timezone.now())
    tasks.watch_seals()
    assert _seal_job().state == State.FAILED
    with _later(days=400):
        tasks.watch_seals()
        assert (_seal_job().state, _seal_job().attempt) == (State.WAITING, 0)
        run_job(_seal_job().pk)
    signed.refresh_from_db()
    assert signed.state == MemorandumState.SEALED
    tasks.watch_seals()
    assert (Rendition.objects.count(), _seal_job().state) == (1, State.DONE)


@pytest.mark.parametrize("state", [State.WAITING, State.RUNNING])
def test_seal_that_is_at_work_is_left_to_it(signed: Memorandum, state: State) -> None:
    Job.objects.update(state=state, attempt=3, leased_until=timezone.now() + timedelta(days=9))
    with _later(minutes=9):
        tasks.watch_seals()
    assert (_seal_job().state, _seal_job().attempt) == (state, 3)


def test_cancelled_or_lost_job_does_not_end_the_wait(signed: Memorandum) -> None:
    jobs.cancel_job(_seal_job())
    with _later(minutes=2):
        tasks.watch_seals()
    assert _seal_job().state == State.WAITING
    Memorandum.objects.update(job=None)
    Job.objects.all().delete()
    tasks.watch_seals()
    signed.refresh_from_db()
    assert signed.job == _seal_job()


def test_memorandum_without_its_three_signatures_is_never_sealed(signed: Memorandum) -> None:
    signed.signatures.filter(role="witness").update(superseded_at=timezone.now())
    run_job(_seal_job().pk)
    assert (_seal_job().state, Rendition.objects.count()) == (State.FAILED, 0)
    with _later(days=1):
        tasks.watch_seals()
    assert _seal_job().state == State.FAILED


def test_organisers_are_told_once_after_ten_minutes(signed: Memorandum) -> None:
    english = builders.make_organiser(language="en", email="office@chophien.example")
    elsewhere = builders.make_organiser(builders.make_fair(), email="other@chophien.example")
    with _later(minutes=9):
        tasks.watch_seals()
    assert not Job.objects.filter(kind="mou.tell_of_late_seals").exists()
    for minutes in (11, 12, 500):
        with _later(minutes=minutes):
            tasks.watch_seals()
            for job in Job.objects.filter(kind="mou.tell_of_late_seals", state=State.WAITING):
                run_job(job.pk)
    [letter] = [letter for letter in mail.outbox if letter.to == [english.email]]
    assert letter.subject == "1 signed memorandum still waits for its seal"
    assert signed.shown_number in letter.body
    assert f"/desk/memoranda/{signed.code}/" in letter.body
    # The organiser of this fair and the one of the office, not the one of another fair.
    assert len(mail.outbox) == 2
    assert [elsewhere.email] not in [letter.to for letter in mail.outbox]
    assert AuditEvent.objects.filter(verb="mou.seal_late", subject=signed.code).count() == 1


def test_letter_that_could_not_be_sent_is_sent_later(
    signed: Memorandum, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with _later(minutes=11):
        tasks.watch_seals()
        job = Job.objects.get(kind="mou.tell_of_late_seals")
        backend, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, "no.such.Backend"
        run_job(job.pk)
        assert not AuditEvent.objects.filter(verb="mou.seal_late").exists()
        settings.EMAIL_BACKEND = backend
    with _later(minutes=12):
        run_job(job.pk)
    assert len(mail.outbox) == 1


def test_what_may_pass_is_tried_again_in_its_own_words(signed: Memorandum) -> None:
    run = jobs.claim(_seal_job().pk)
    assert run is not None
    jobs.fail(run, NotYet("tests.not_yet", "Not just now."))
    job = _seal_job()
    assert (job.state, job.shown_message) == (State.WAITING, "Not just now.")
    assert job.run_at > timezone.now()


def test_desk_says_how_long_a_seal_is_waited_for_and_why_it_failed(signed: Memorandum) -> None:
    client = Client()
    client.force_login(
        builders.make_organiser(language="en"),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    page, rows = f"/desk/memoranda/{signed.code}/", f"/desk/fairs/{signed.fair.code}/memoranda/"
    english = {"accept-language": "en"}
    with _later(minutes=4):
        assert "waited 4\xa0minutes for its seal" in client.get(page, headers=english).text
        assert "waits for its seal: 4\xa0minutes" in client.get(rows, headers=english).text
    Job.objects.update(
        state=State.FAILED, finished_at=timezone.now(), message="Something unexpected went wrong."
    )
    text = client.get(page, headers=english).text
    assert "The seal was not given." in text
    assert "Try again" in text
    assert "Something unexpected went wrong." in client.get(rows, headers=english).text
