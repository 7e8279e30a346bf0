"""Both sides are asked after 3, 6 and 12 months, answer with one tap, and are counted."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from smtplib import SMTPException

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from core.audit import AuditEvent
from core.errors import DomainError, NotAllowed, StaleState
from core.jobs import Job
from core.tasks import run_job
from mou import actions, queries
from mou.models import FollowUp, Memorandum
from mou.tasks import ask_follow_ups
from mou.tasks.followup import plan_follow_ups
from tests import builders
from tests.mou.answers import make_sealed

pytestmark = pytest.mark.django_db

SIGNED = datetime(2026, 11, 30, 3, tzinfo=UTC)


@pytest.fixture
def signed() -> Memorandum:
    """Signed on 30 November 2026; party A has an e-mail address, party B has none."""
    with time_machine.travel(SIGNED, tick=False):
        memorandum = make_sealed()
    memorandum.parties.filter(side="party_a").update(email="htx@chophien.example")
    return memorandum


def _round(day: date) -> list[str]:
    """What beat does on `day`, and all that follows from it; the subjects sent."""
    mail.outbox.clear()
    with time_machine.travel(datetime(day.year, day.month, day.day, 2, tzinfo=UTC), tick=False):
        ask_follow_ups()
        while waiting := Job.objects.filter(state="waiting", run_at__lte=timezone.now()).first():
            run_job(waiting.pk)
    return [str(message.subject) for message in mail.outbox]


def test_the_questions_fall_due_after_3_6_and_12_months_for_both_sides(signed: Memorandum) -> None:
    plan_follow_ups(signed)
    rows = signed.follow_ups.order_by("side", "due_on")
    asked = [(row.side, row.due_on, row.closes_on) for row in rows]
    days = [date(2027, 2, 28), date(2027, 5, 30), date(2027, 11, 30), date(2028, 5, 30)]
    assert asked == [
        (side, due, closes) for side in ("party_a", "party_b") for due, closes in pairwise(days)
    ]


def test_the_question_goes_out_on_its_day_and_two_reminders_after_it(signed: Memorandum) -> None:
    due = date(2027, 2, 28)
    sent = {
        day: len(_round(due + timedelta(days=day)))
        for day in (-1, 0, 0, 1, 6, 7, 8, 20, 21, 22, 60)
    }
    assert sent == {-1: 0, 0: 0, 1: 0, 6: 0, 7: 1, 8: 0, 20: 0, 21: 1, 22: 0, 60: 0}
    assert signed.follow_ups.get(side="party_a", months=3).reminders == 3


def test_the_message_is_vietnamese_and_holds_the_link(signed: Memorandum) -> None:
    subjects = _round(date(2027, 2, 28))
    row = signed.follow_ups.get(side="party_a", months=3)
    assert subjects == [f"Biên bản ghi nhớ {signed.shown_number} đã đi đến đâu?"]
    assert mail.outbox[0].to == ["htx@chophien.example"]
    assert row.address in mail.outbox[0].body
    assert "Hợp đồng đã được ký chưa?" in mail.outbox[0].body


def test_a_round_that_was_missed_is_made_up_for_without_two_on_one_day(signed: Memorandum) -> None:
    late = date(2027, 2, 28) + timedelta(days=30)
    sent = [len(_round(late + timedelta(days=day))) for day in (0, 1, 7, 8, 21)]
    assert sent == [1, 0, 1, 0, 1]


def test_nobody_is_asked_who_answered_or_whose_memorandum_is_void(signed: Memorandum) -> None:
    FollowUp.objects.filter(months=3).update(answered_at=timezone.now(), has_contract=True)
    assert _round(date(2027, 2, 28)) == []
    Memorandum.objects.update(state="void")
    assert _round(date(2027, 5, 30)) == []


def test_a_message_sent_by_two_workers_goes_out_once(signed: Memorandum) -> None:
    row = signed.follow_ups.get(side="party_a", months=3)
    with time_machine.travel(datetime(2027, 2, 28, 2, tzinfo=UTC), tick=False):
        ask_follow_ups()
        run_job(Job.objects.get(kind="mou.follow_up_round").pk)
        job = Job.objects.get(kind="mou.follow_up")
        FollowUp.objects.filter(pk=row.pk).update(reminders=1)  # the other one has taken it
        run_job(job.pk)
    assert mail.outbox == []


def test_a_mail_server_that_refuses_gives_the_stage_back(
    signed: Memorandum, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_arguments: object) -> None:
        raise SMTPException("busy")

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
    assert _round(date(2027, 2, 28)) == []
    row = signed.follow_ups.get(side="party_a", months=3)
    assert (row.reminders, row.reminded_at) == (0, None)
    assert Job.objects.get(kind="mou.follow_up").state == "waiting"


@pytest.fixture
def question() -> FollowUp:
    """Open today."""
    return make_sealed(days_ago=100).follow_ups.get(side="party_b", months=3)


def _page(row: FollowUp) -> str:
    return reverse("follow_up", args=[row.token])


@pytest.mark.parametrize(
    ("answer", "expected"),
    [("contract", (True, False)), ("not_yet", (False, False)), ("problem", (False, True))],
)
def test_one_tap_answers(
    client: Client, question: FollowUp, answer: str, expected: tuple[bool, bool]
) -> None:
    page = client.get(_page(question))
    assert page.content.decode().count('name="answer"') == 3
    assert page.headers["X-Robots-Tag"] == "noindex"
    posted = client.post(_page(question), {"answer": answer, "version": 1})
    assert (posted.status_code, posted.url) == (302, _page(question))
    question.refresh_from_db()
    assert (question.has_contract, question.has_problem) == expected
    event = AuditEvent.objects.get(verb="mou.follow_up_answered")
    assert event.facts == {"side": "party_b", "months": 3, "answer": answer, "on_behalf": False}


def test_details_may_be_added_and_the_answer_corrected(client: Client, question: FollowUp) -> None:
    client.post(_page(question), {"answer": "contract", "version": 1})
    details = {"contract_number": "12/HĐ", "volume": "2 tấn", "value": "1.250.000", "problem": ""}
    client.post(_page(question), {"answer": "contract", "version": 2, **details})
    question.refresh_from_db()
    assert (question.contract_number, question.volume, question.value) == (
        "12/HĐ",
        "2 tấn",
        1_250_000,
    )
    client.post(_page(question), {"answer": "not_yet", "version": 3})
    question.refresh_from_db()
    assert (question.answer, question.volume) == ("not_yet", "2 tấn")
    facts = str([event.facts for event in AuditEvent.objects.all()])
    assert ("1250000" in facts, "12/HĐ" in facts) == (False, False)


def test_a_bad_amount_is_told_at_the_field_and_keeps_what_was_typed(
    client: Client, question: FollowUp
) -> None:
    sent = {"answer": "contract", "version": 1, "volume": "2 tấn", "value": "nhiều", "problem": ""}
    answer = client.post(_page(question), sent)
    text = answer.content.decode()
    assert (answer.status_code, "nhiều" in text, "2 tấn" in text) == (422, True, True)
    question.refresh_from_db()
    assert question.answered_at is None


def test_of_two_who_answer_at_once_the_second_is_told_and_loses_nothing(
    client: Client, question: FollowUp
) -> None:
    client.post(_page(question), {"answer": "contract", "version": 1})
    sent = {
        "answer": "problem",
        "version": 1,
        "volume": "",
        "value": "",
        "problem": "Giá vận chuyển",
    }
    answer = client.post(_page(question), sent)
    assert (answer.status_code, "Giá vận chuyển" in answer.content.decode()) == (409, True)
    question.refresh_from_db()
    assert question.answer == "contract"


def test_an_unknown_link_is_not_found(client: Client) -> None:
    assert client.get(reverse("follow_up", args=["x" * 32])).status_code == 404


def test_a_question_before_its_day_after_its_time_or_of_a_void_one_is_closed(
    question: FollowUp,
) -> None:
    later = question.memorandum.follow_ups.get(side="party_b", months=6)
    over = make_sealed(days_ago=400).follow_ups.get(side="party_a", months=3)
    void = make_sealed(days_ago=100, state="void").follow_ups.get(side="party_a", months=3)
    for row in (later, over, void):
        with pytest.raises(DomainError) as refused:
            actions.answer_follow_up(
                follow_up=row, version=1, answer="contract", details=None, actor=None
            )
        assert refused.value.code == "follow_up.closed"
        answer = Client().post(_page(row), {"answer": "contract", "version": 1})
        assert answer.status_code == 409
        assert "không thể trả lời" in answer.content.decode()


def test_a_representative_finds_the_question_on_their_own_page(
    client: Client, question: FollowUp
) -> None:
    organisation = queries.party_of(queries.follow_up_with(question.token)).organisation
    client.force_login(builders.make_representative(organisation))
    page = client.get(reverse("my_home")).content.decode()
    assert page.count(reverse("follow_up", args=[question.token])) == 1
    others = FollowUp.objects.exclude(pk=question.pk).values_list("token", flat=True)
    assert [token for token in others if token in page] == []


def test_an_organiser_answers_on_behalf_and_a_viewer_does_not(
    client: Client, question: FollowUp
) -> None:
    fair = question.memorandum.fair
    organiser = builders.make_organiser(fair)
    with pytest.raises(NotAllowed):
        actions.answer_follow_up(
            follow_up=question,
            version=1,
            answer="contract",
            details=None,
            actor=builders.make_user(role="viewer", fair=fair),
            on_behalf=True,
        )
    client.force_login(organiser)
    address = reverse("follow_up_enter", args=[question.pk])
    assert client.post(address, {"answer": "contract", "version": 1}).status_code == 302
    question.refresh_from_db()
    assert (question.answered_by, question.has_contract) == (organiser, True)
    with pytest.raises(StaleState):
        actions.answer_follow_up(
            follow_up=question, version=1, answer="problem", details=None, actor=organiser
        )


def test_the_desk_lists_what_is_due_overdue_and_answered(client: Client) -> None:
    fair = builders.make_fair("closed")
    answered = make_sealed(fair, days_ago=100)
    overdue = make_sealed(fair, days_ago=110)
    due = make_sealed(fair, days_ago=93)
    make_sealed(days_ago=100)  # of another fair
    answered.follow_ups.filter(months=3).update(answered_at=timezone.now(), has_contract=True)
    actor = builders.make_organiser(fair)

    def found(**chosen: str) -> set[int]:
        return {row.memorandum_id for row in queries.desk_follow_ups(actor, **chosen)}

    assert found(way="due") == {overdue.pk, due.pk}
    assert found(way="overdue") == {overdue.pk}
    assert found(way="answered") == {answered.pk}
    buyer = due.parties.get(side="party_b").organisation
    assert found(way="due", distributor=buyer.code) == {due.pk}
    client.force_login(actor)
    page = client.get(reverse("follow_up_list")).content.decode()
    assert (due.shown_number in page, answered.shown_number in page) == (True, False)


def test_those_without_an_address_are_to_be_called(client: Client) -> None:
    memorandum = make_sealed(days_ago=100)
    memorandum.parties.filter(side="party_a").update(email="htx@chophien.example")
    actor = builders.make_organiser(memorandum.fair)
    called = [(row.side, party.name) for row, party in queries.to_be_called(actor)]
    buyer = memorandum.parties.get(side="party_b")
    assert called == [("party_b", buyer.name)]
    client.force_login(actor)
    assert buyer.phone in client.get(reverse("follow_up_calls")).content.decode()


def test_either_side_saying_so_makes_a_contract_and_contradictions_are_flagged() -> None:
    fair, buyer = builders.make_fair("closed"), builders.make_distributor()
    agreed, contradicted, silent = [
        make_sealed(fair, days_ago=100, distributor=buyer) for _each in range(3)
    ]
    _say(agreed, party_a=True)
    _say(contradicted, party_a=True, party_b=False)
    by_distributor, by_fair = queries.outcomes(builders.make_organiser(fair))
    for outcome in (*by_distributor, *by_fair):
        assert (outcome.memoranda, outcome.asked, outcome.contracts) == (3, 3, 2)
        assert (outcome.share, outcome.contradictions) == (67, [contradicted.shown_number])
    assert [outcome.name for outcome in by_distributor] == [buyer.name]
    assert silent.shown_number not in by_fair[0].contradictions


def _say(memorandum: Memorandum, **said: bool) -> None:
    for side, has_contract in said.items():
        rows = memorandum.follow_ups.filter(side=side, months=3)
        rows.update(answered_at=timezone.now(), has_contract=has_contract)


@pytest.mark.parametrize(("count", "share"), [(4, None), (5, 20)])
def test_the_public_sees_a_share_only_of_five_or_more(
    client: Client, count: int, share: int | None
) -> None:
    for _each in range(count):
        memorandum = make_sealed(days_ago=100)
    _say(memorandum, party_b=True)
    assert queries.public_outcome() == queries.PublicOutcome(count, share)
    page = client.get(reverse("verify")).content.decode()
    assert ("20 %" in page) is (share is not None)


@pytest.mark.parametrize("count", [1, 3])
def test_the_desks_lists_cost_the_same_for_one_and_three(
    client: Client,
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
    settings: Settings,
) -> None:
    fair = builders.make_fair("closed")
    client.force_login(builders.make_organiser(fair))
    for _each in range(count):
        make_sealed(fair, days_ago=100)
    for name, number in (
        ("follow_up_list", 9),
        ("follow_up_calls", 7),
        ("follow_up_outcomes", 7),
    ):
        with django_assert_num_queries(number):
            assert client.get(reverse(name)).status_code == 200
