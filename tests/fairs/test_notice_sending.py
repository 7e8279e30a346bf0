"""A notice on its way: what fails, what is tried again, and what is never sent twice."""

from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPServerDisconnected
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from accounts.models import User
from core import jobs
from core.errors import DomainError
from core.jobs import Job
from fairs import tasks
from fairs.actions.notices import retry_notice, unsubscribe
from fairs.models import Delivery, Fair
from fairs.states import DeliveryState
from fairs.tasks import notices as sending
from tests import builders
from tests.fairs import programmes
from tests.fairs.notices import make_producer, send, states_of, work

pytestmark = pytest.mark.django_db


@pytest.fixture
def fair() -> Fair:
    return programmes.make_fair()


@pytest.fixture
def organiser(fair: Fair) -> User:
    return builders.make_organiser(fair)


class _Failing(EmailBackend):
    """Fails for those in `errors`, by address."""

    errors: dict[str, Exception]

    def send_messages(self, messages: Any) -> int:
        for message in messages:
            error = self.errors.get(message.to[0])
            if error:
                raise error
        return int(super().send_messages(messages))


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch, settings: Any) -> type[_Failing]:
    _Failing.errors = {}
    settings.EMAIL_BACKEND = f"{__name__}._Failing"
    return _Failing


def test_a_failure_is_kept_with_its_reason_and_tried_again_when_asked(
    fair: Fair, organiser: User, failing: type[_Failing]
) -> None:
    failing.errors = {
        "b@mau.example": SMTPRecipientsRefused({"b@mau.example": (550, b"5.1.1 no such user")}),
        "c@mau.example": SMTPDataError(452, "đầy \x00hộp thư".encode()),
        "d@mau.example": SMTPServerDisconnected("x" * 300),
    }
    for letter in "abcd":
        make_producer(f"{letter}@mau.example")
    make_producer("thiếu a còng")
    notice = send(fair, organiser)
    work(notice)
    assert dict(notice.deliveries.exclude(error="").values_list("email", "error")) == {
        "b@mau.example": "550 5.1.1 no such user",
        "c@mau.example": "452 đầy hộp thư",
        "d@mau.example": "x" * 200,
        "thiếu a còng": notice.deliveries.get(email="thiếu a còng").error,
    }
    assert Job.objects.get().state == jobs.State.DONE

    failing.errors = {}
    retry_notice(notice=notice, actor=organiser)
    work(notice)
    assert sorted(letter.to[0] for letter in mail.outbox) == [
        f"{letter}@mau.example" for letter in "abcd"
    ]
    assert states_of(notice)["thiếu a còng"] == DeliveryState.FAILED
    assert Job.objects.count() == 2


def test_what_has_not_failed_is_not_tried_again(fair: Fair, organiser: User) -> None:
    make_producer()
    notice = send(fair, organiser)
    codes = []
    for _round in range(2):
        with pytest.raises(DomainError) as refused:
            retry_notice(notice=notice, actor=organiser)
        codes.append(refused.value.code)
        work(notice)
    assert codes == ["notice.at_work", "notice.none_failed"]
    assert len(mail.outbox) == 1


def test_without_a_mail_server_everything_waits(fair: Fair, organiser: User, settings: Any) -> None:
    make_producer()
    notice = send(fair, organiser)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nobody listens there
    work(notice)
    job = Job.objects.get()
    assert (job.state, job.message[:27]) == ("failed", "The mail server cannot be r")
    assert states_of(notice) == {"a@mau.example": "waiting"}

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    jobs.retry_job(job)
    work(notice)
    assert (states_of(notice), len(mail.outbox)) == ({"a@mau.example": "sent"}, 1)


def test_who_unsubscribes_meanwhile_gets_nothing(fair: Fair, organiser: User) -> None:
    organisation = make_producer()
    notice = send(fair, organiser)
    unsubscribe(organisation=organisation)
    work(notice)
    assert (states_of(notice), mail.outbox) == ({"a@mau.example": "unsubscribed"}, [])


def test_a_letter_begun_and_not_ended_is_neither_sent_again_nor_forgotten(
    fair: Fair, organiser: User
) -> None:
    make_producer("a@mau.example")
    make_producer("b@mau.example")
    notice = send(fair, organiser)
    notice.deliveries.filter(email="a@mau.example").update(sent_at=timezone.now())
    work(notice)
    assert states_of(notice) == {"a@mau.example": "failed", "b@mau.example": "sent"}
    assert notice.deliveries.get(email="a@mau.example").error == tasks.INTERRUPTED
    assert [letter.to for letter in mail.outbox] == [["b@mau.example"]]


def test_a_letter_that_another_worker_has_begun_is_left_to_it(fair: Fair, organiser: User) -> None:
    make_producer()
    notice = send(fair, organiser)
    stale = notice.deliveries.get()
    Delivery.objects.update(sent_at=timezone.now())
    sending._send(stale, notice, mail.get_connection())
    assert mail.outbox == []


def test_a_slow_worker_s_letter_counts_as_sent_after_all(
    fair: Fair, organiser: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was thought dead and its letter shown as doubtful; then the letter went."""
    make_producer()
    notice = send(fair, organiser)

    def thought_dead(self: Any, fail_silently: bool = False) -> int:
        Delivery.objects.update(state=DeliveryState.FAILED, error=tasks.INTERRUPTED)
        return 1

    monkeypatch.setattr("django.core.mail.EmailMultiAlternatives.send", thought_dead)
    sending._send(notice.deliveries.get(), notice, mail.get_connection())
    assert list(notice.deliveries.values_list("state", "error")) == [("sent", "")]
