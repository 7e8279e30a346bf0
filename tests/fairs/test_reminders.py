"""People are told of what is due: once, in their language, whatever goes wrong."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from smtplib import SMTPServerDisconnected
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail
from django.core.mail import EmailMessage
from django.core.mail.backends.locmem import EmailBackend
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings

from config.settings import CELERY_BEAT_SCHEDULE
from core import jobs
from core.tasks import run_job
from fairs.models import ChecklistItem, ChecklistTick, Fair, LegalBasis, Reminder
from fairs.queries.deadlines import stage_of
from fairs.queries.legal import rule_book
from fairs.states import FairState
from fairs.tasks import ask_reminders, send_reminders
from tests import builders

pytestmark = pytest.mark.django_db

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
OPENS = date(2027, 6, 10)
DAY = timedelta(days=1)


@pytest.fixture
def fair() -> Fair:
    """An internal fair with one paper to have ten days before it opens."""
    builders.make_item(
        builders.make_rule(LegalBasis.INTERNAL), title="Tờ trình", title_en="Approval note"
    )
    return _fair(LegalBasis.INTERNAL)


def _fair(basis: str, **fields: Any) -> Fair:
    return builders.make_fair(FairState.ANNOUNCED, first_day=OPENS, legal_basis=basis, **fields)


def _run(days_before_due: int, hour: int = 8) -> jobs.Job | None:
    """The day's job, asked for and run as many days before the paper is due."""
    moment = datetime.combine(OPENS - 10 * DAY, datetime.min.time(), HANOI)
    with time_machine.travel(moment - days_before_due * DAY + timedelta(hours=hour), tick=False):
        ask_reminders()
        job = jobs.Job.objects.order_by("-pk").first()
        if job:
            run_job(job.pk)
            job.refresh_from_db()
        return job


class BrokenBackend(EmailBackend):
    """A mail server that takes nothing for those at broken.example."""

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        if any(person.endswith("broken.example") for each in messages for person in each.to):
            raise SMTPServerDisconnected("gone")
        return super().send_messages(messages)


@pytest.mark.parametrize(
    ("days_left", "stage"),
    [(31, None), (30, 30), (15, 30), (14, 14), (2, 3), (1, 1), (0, 0), (-1, -1), (-90, -1)],
)
def test_a_day_that_was_missed_is_made_up_for(days_left: int, stage: int | None) -> None:
    assert stage_of(days_left) == stage


def test_seven_letters_from_thirty_days_before_to_one_day_after(fair: Fair) -> None:
    builders.make_organiser(fair)
    told = []
    for days in range(33, -6, -1):
        _run(days)
        if mail.outbox:
            told.append(days)
            mail.outbox.clear()
    assert told == [30, 14, 7, 3, 1, 0, -1]


def test_twice_on_a_day_is_once(fair: Fair) -> None:
    builders.make_organiser(fair)
    _run(7)
    job = _run(7, hour=9)
    assert (job.state, len(mail.outbox), jobs.Job.objects.count()) == ("done", 1, 1)
    jobs.Job.objects.update(state="waiting", attempt=0, key="fairs.remind:again")
    _run(7, hour=10)
    assert (len(mail.outbox), Reminder.objects.count()) == (1, 1)


def test_nobody_is_woken_at_night(fair: Fair) -> None:
    builders.make_organiser(fair)
    assert _run(7, hour=6) is None
    assert _run(7, hour=7) is not None


def test_one_letter_for_each_organiser_and_fair_in_their_language(
    fair: Fair, settings: Settings
) -> None:
    settings.SITE_URL = "https://chophien.example"
    other = _fair(LegalBasis.INTERNAL, title_en="Other fair", short_title="Phiên khác")
    own = builders.make_organiser(fair, email="an@hoi.example", language="en")
    builders.make_organiser(email="binh@hoi.example")
    builders.make_organiser(fair, email="cuong@hoi.example", is_active=False)
    builders.make_organiser(fair, email=None)
    builders.make_user(role="viewer", fair=fair, email="dung@hoi.example")
    _run(7)
    sent = {(each.to[0], each.subject) for each in mail.outbox}
    assert sent == {
        ("an@hoi.example", f"Chợ Phiên: a deadline of {fair.short_title}"),
        ("binh@hoi.example", f"Chợ Phiên: 1 việc đến hạn của {fair.short_title}"),
        ("binh@hoi.example", f"Chợ Phiên: 1 việc đến hạn của {other.short_title}"),
    }
    assert len(mail.outbox) == 3
    (english,) = [each for each in mail.outbox if each.to == ["an@hoi.example"]]
    assert f"Dear {own.name}," in english.body
    assert "- Approval note: 31/05/2027 (7 days left)" in english.body
    assert f"https://chophien.example/desk/fairs/{fair.code}/papers/" in english.body
    (vietnamese,) = [each for each in mail.outbox if each.subject.endswith(other.short_title)]
    assert "- Tờ trình: 31/05/2027 (còn 7 ngày)" in vietnamese.body


def test_what_is_done_over_or_cancelled_is_not_told(fair: Fair) -> None:
    builders.make_organiser(fair)
    ChecklistTick.objects.create(fair=fair, item=_item(fair))
    _run(7)
    ChecklistTick.objects.all().delete()
    Fair.objects.update(state=FairState.CANCELLED)
    _run(3)
    assert mail.outbox == []


def _item(fair: Fair) -> ChecklistItem:
    """The one line of its checklist."""
    return rule_book().items_of(fair)[0]


def test_a_fair_without_anybody_to_write_to_is_told_once_there_is_somebody(fair: Fair) -> None:
    _run(8)
    assert Reminder.objects.count() == 0
    builders.make_organiser(fair)
    _run(8, hour=9)
    _run(7)
    assert len(mail.outbox) == 1


def test_a_mail_server_that_takes_nothing_is_tried_again(fair: Fair, settings: Settings) -> None:
    builders.make_organiser(fair, email="an@broken.example")
    settings.EMAIL_BACKEND = f"{__name__}.BrokenBackend"
    job = _run(7)
    assert (job.state, Reminder.objects.count(), mail.outbox) == ("waiting", 0, [])
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    _run(7, hour=9)
    assert (len(mail.outbox), Reminder.objects.count()) == (1, 1)


def test_one_bad_address_keeps_the_letter_from_nobody_else(fair: Fair, settings: Settings) -> None:
    builders.make_organiser(fair, email="an@broken.example")
    builders.make_organiser(fair, email="binh@hoi.example")
    settings.EMAIL_BACKEND = f"{__name__}.BrokenBackend"
    assert _run(7).state == "done"
    _run(7, hour=9)
    assert [each.to for each in mail.outbox] == [["binh@hoi.example"]]


def test_a_crash_after_the_row_costs_the_letter_and_never_sends_it_twice(
    fair: Fair, monkeypatch: pytest.MonkeyPatch
) -> None:
    builders.make_organiser(fair)

    def die(*_arguments: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(EmailBackend, "send_messages", die)
        with pytest.raises(KeyboardInterrupt):
            _run(7)
    jobs.Job.objects.update(state="waiting", leased_until=None)
    _run(7, hour=9)
    assert (mail.outbox, Reminder.objects.count()) == ([], 1)
    _run(3)
    assert len(mail.outbox) == 1


def test_the_table_takes_a_stage_once(fair: Fair) -> None:
    values = {"fair": fair, "deadline": "item:1", "due": OPENS, "days_before": 7}
    Reminder.objects.create(**values)
    with pytest.raises(IntegrityError), transaction.atomic():
        Reminder.objects.create(**values)


def test_a_fair_that_is_moved_is_told_of_its_new_days(fair: Fair) -> None:
    builders.make_organiser(fair)
    _run(7)
    Fair.objects.update(first_day=OPENS + DAY, last_day=OPENS + 5 * DAY)
    _run(6)
    assert [each.days_before for each in Reminder.objects.order_by("pk")] == [7, 7]


def test_the_job_is_known_to_the_worker() -> None:
    assert jobs.KINDS["fairs.remind"] is send_reminders
    assert CELERY_BEAT_SCHEDULE["reminders"]["task"] == ask_reminders.name


def test_the_desk_lists_what_is_due_overdue_first(client: Client, fair: Fair) -> None:
    with time_machine.travel(datetime(2027, 6, 2, 8, tzinfo=HANOI), tick=False):
        client.force_login(builders.make_organiser(fair))
        for address in (reverse("deadlines"), reverse("plan_year", args=[2027])):
            page = client.get(address, {"language": "en"}).content.decode().partition("<main")[2]
            assert page.index("2 days overdue") < page.index("8 days left")
        client.force_login(builders.make_organiser(builders.make_fair(FairState.DRAFT)))
        assert f"/desk/fairs/{fair.code}/" not in client.get(reverse("deadlines")).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_one_and_three(
    client: Client, fair: Fair, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _number in range(count - 1):
        _fair(LegalBasis.INTERNAL)
    with time_machine.travel(datetime(2027, 6, 2, 8, tzinfo=HANOI), tick=False):
        client.force_login(builders.make_organiser())
        with django_assert_num_queries(10):
            client.get(reverse("deadlines"))
