"""A stand that becomes free goes to the next in the published order, until somebody takes it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone

from booths.actions import publish_allocation, review_applications, start_allocation
from booths.actions.apply import withdraw_application
from booths.actions.floor_plan import save_floor_plan
from booths.actions.stands import give_stand, offer_stand, release_stand
from booths.actions.waiting import (
    answer_offer,
    note_call,
    resume_waiting_list,
    set_waiting_hours,
    stop_waiting_list,
    wait_again,
    withdraw_offer,
)
from booths.allocation.lottery import draw_number
from booths.floor import write_plan
from booths.models import Application, BoothDay, BoothOffer
from booths.queries import booth_codes_of, placements_of
from booths.queries.floor_plan import current_floor
from booths.queries.waiting import to_be_called, waiters_of
from booths.rules import answer_due
from booths.states import ApplicationState, OfferState
from booths.tasks.offers import watch_offers
from core import audit
from core.audit import AuditEvent
from core.errors import DomainError, NotAllowed
from core.tasks import run_job
from fairs.models import Fair
from fairs.states import FAIR, FairState
from tests.booths.scenes import compute_run, do_jobs, make_waiting_fair
from tests.builders import (
    make_application,
    make_organiser,
    make_representative,
    make_user,
)

pytestmark = pytest.mark.django_db


@contextmanager
def _refused(code: str) -> Iterator[None]:
    """Refused with this code, and nothing was changed."""
    before = _rows()
    with pytest.raises(DomainError) as refused:
        yield
    assert (refused.value.code, _rows()) == (code, before)


def _rows() -> list[Any]:
    tables = (Application, BoothOffer, BoothDay, AuditEvent)
    return [sorted(map(repr, table.objects.values_list())) for table in tables]


def _row(code: str) -> Application:
    return Application.objects.select_related("fair", "organisation").get(code=code)


def _give_back(code: str) -> None:
    """The producer gives the stand back, and the worker looks who is next."""
    row = _row(code)
    withdraw_application(application=row, actor=make_representative(row.organisation))
    do_jobs("booths.pass_on")


def _offer(code: str) -> BoothOffer:
    return BoothOffer.objects.select_related("application__fair").get(
        application__code=code, state=OfferState.OPEN
    )


def _open() -> list[tuple[str, list[str]]]:
    rows = BoothOffer.objects.filter(state=OfferState.OPEN).order_by("pk")
    return list(rows.values_list("application__code", "booths"))


def _order(fair: Fair) -> list[tuple[str, int | None]]:
    return [(each.application.code, each.place) for each in waiters_of(fair)]


def test_a_stand_given_back_is_offered_to_the_next_in_the_order() -> None:
    fair = make_waiting_fair()
    assert (_order(fair), _open()) == ([("DK-3", 1), ("DK-4", 2)], [])
    _give_back("DK-1")
    assert _open() == [("DK-3", ["A1"])]
    held = BoothDay.objects.filter(offer=_offer("DK-3"), released_at=None)
    assert (held.count(), set(held.values_list("booth__code"))) == (fair.days, {("A1",)})
    answer_offer(offer=_offer("DK-3"), accepts=True, actor=None)
    assert booth_codes_of(_row("DK-3")) == ("A1",)
    assert _row("DK-3").state == ApplicationState.PLACED
    assert {each.application.code for each in placements_of(fair)} == {"DK-2", "DK-3"}
    assert _order(fair) == [("DK-4", 1)]
    assert AuditEvent.objects.get(verb="booths.offer_accepted").facts["by_link"] is True
    assert list(audit.find_breaks()) == []


def test_equals_wait_by_their_lottery_number_and_the_late_stand_among_them() -> None:
    fair = make_waiting_fair(waiting=0)
    for number in range(6):
        make_application(fair, code=f"X-{number}", priority=20)
    codes = [f"X-{number}" for number in range(6)]
    review_applications(fair=fair, codes=codes, to="eligible", actor=make_organiser())
    expected = sorted(codes, key=lambda code: draw_number(fair.seed, code), reverse=True)
    assert _order(fair) == [(code, place) for place, code in enumerate(expected, start=1)]
    _give_back("DK-2")
    assert _open() == [(expected[0], ["A2"])]


def test_who_does_not_fit_is_left_out_and_the_next_is_asked() -> None:
    make_waiting_fair(waiting=3)
    Application.objects.filter(code="DK-3").update(power_kw=50)
    Application.objects.filter(code="DK-4").update(booths_wanted=2)
    _give_back("DK-1")
    assert _open() == [("DK-5", ["A1"])]


def test_two_booths_wait_for_two_that_can_be_joined() -> None:
    make_waiting_fair(waiting=2)
    Application.objects.filter(code="DK-3").update(booths_wanted=2)
    Application.objects.filter(code="DK-4").update(power_kw=50)
    _give_back("DK-1")
    assert _open() == []
    _give_back("DK-2")
    assert _open() == [("DK-3", ["A1", "A2"])]


def test_a_declined_stand_goes_on_and_is_not_offered_again_to_who_declined_it() -> None:
    make_waiting_fair()
    _give_back("DK-1")
    answer_offer(offer=_offer("DK-3"), accepts=False, actor=None)
    do_jobs("booths.pass_on")
    assert _open() == [("DK-4", ["A1"])]
    answer_offer(offer=_offer("DK-4"), accepts=False, actor=None, keeps_waiting=False)
    assert (do_jobs("booths.pass_on"), _open()) == (1, [])
    _give_back("DK-2")
    assert _open() == [("DK-3", ["A2"])]


def test_an_offer_that_nobody_answers_goes_to_the_next_by_itself() -> None:
    fair = make_waiting_fair()
    _give_back("DK-1")
    offer = _offer("DK-3")
    with time_machine.travel(offer.expires_at + timedelta(seconds=59), tick=False):
        watch_offers()
        do_jobs("booths.pass_on")
        assert _open() == [("DK-3", ["A1"])]
    with time_machine.travel(offer.expires_at + timedelta(seconds=61), tick=False):
        watch_offers()
        watch_offers()
        do_jobs("booths.pass_on")
        assert _open() == [("DK-4", ["A1"])]
        offer.refresh_from_db()
        assert offer.state == OfferState.EXPIRED
        assert _order(fair) == [("DK-3", None), ("DK-4", 1)]
        with _refused("offer.ended"):
            answer_offer(offer=offer, accepts=True, actor=None)
        wait_again(application=_row("DK-3"), actor=None)
        assert _order(fair) == [("DK-3", 1), ("DK-4", 2)]


def test_an_answer_is_in_time_for_a_minute_more_and_then_refused_in_words() -> None:
    make_waiting_fair()
    _give_back("DK-1")
    offer = _offer("DK-3")
    late = time_machine.travel(offer.expires_at + timedelta(seconds=61), tick=False)
    with late, pytest.raises(DomainError, match="A1") as refused:
        answer_offer(offer=offer, accepts=True, actor=None)
    assert refused.value.code == "offer.ended"
    with time_machine.travel(offer.expires_at + timedelta(seconds=60), tick=False):
        answer_offer(offer=offer, accepts=True, actor=None)
    assert booth_codes_of(_row("DK-3")) == ("A1",)


OPENING = datetime(2026, 12, 2, 1, tzinfo=UTC)  # 8:00 in Hanoi


@pytest.mark.parametrize(
    ("made", "due"),
    [
        ((2026, 11, 20, 3), (2026, 11, 21, 3)),  # a day, from 10:00 to 10:00
        ((2026, 11, 20, 14, 30), (2026, 11, 22, 2)),  # 21:30 is in the night: 9:00
        ((2026, 11, 20, 20), (2026, 11, 22, 2)),  # so is 3:00
        ((2026, 11, 30, 0, 59), (2026, 12, 1, 2)),  # a minute before the 48 hours: 7:59, so 9:00
        ((2026, 11, 30, 1), (2026, 11, 30, 5)),  # four hours near the opening
        ((2026, 11, 30, 12), (2026, 12, 1, 2)),  # 19:00 + 4 h is in the night
        ((2026, 12, 2, 0, 30), (2026, 12, 2, 1)),  # never after the opening
    ],
)
def test_until_when_an_offer_can_be_answered(made: tuple[int, ...], due: tuple[int, ...]) -> None:
    moments = [datetime(*each, tzinfo=UTC) for each in (made, due)]  # type: ignore[arg-type,misc]
    assert answer_due(moments[0], hours=24, opening=OPENING) == moments[1]
    assert answer_due(moments[0], hours=2, opening=OPENING) <= moments[1]


def test_the_hours_of_the_fair_count() -> None:
    fair, actor = make_waiting_fair(), make_organiser()
    set_waiting_hours(fair=fair, hours=48, actor=actor)
    for hours in (0, 169):
        with _refused("waiting.hours"):
            set_waiting_hours(fair=fair, hours=hours, actor=actor)
    _give_back("DK-1")
    offer = _offer("DK-3")
    assert timedelta(hours=48) <= offer.expires_at - offer.made_at < timedelta(hours=60)


def test_a_stopped_list_offers_nothing_until_it_goes_on() -> None:
    fair, actor = make_waiting_fair(), make_organiser()
    with _refused("offer.reason_missing"):
        stop_waiting_list(fair=fair, reason="", actor=actor)
    stop_waiting_list(fair=fair, reason="Chờ sửa điện", actor=actor)
    _give_back("DK-1")
    assert _open() == []
    with _refused("waiting.stopped_already"):
        stop_waiting_list(fair=fair, reason="Chờ sửa điện", actor=actor)
    resume_waiting_list(fair=fair, actor=actor)
    do_jobs("booths.pass_on")
    assert _open() == [("DK-3", ["A1"])]
    with _refused("waiting.runs_already"):
        resume_waiting_list(fair=fair, actor=actor)


def test_the_organiser_takes_a_stand_back_for_a_reason() -> None:
    fair, actor = make_waiting_fair(), make_organiser()
    with _refused("offer.reason_missing"):
        release_stand(application=_row("DK-1"), reason="", waits=False, actor=actor)
    release_stand(application=_row("DK-1"), reason="Không đóng phí", waits=True, actor=actor)
    assert _row("DK-1").state == ApplicationState.WAITING_LIST
    do_jobs("booths.pass_on")
    # First by priority, but it is not given back what was taken away.
    assert _order(fair) == [("DK-1", 1), ("DK-3", 2), ("DK-4", 3)]
    assert _open() == [("DK-3", ["A1"])]
    with _refused("stand.none"):
        release_stand(application=_row("DK-1"), reason="Lặp lại", waits=True, actor=actor)
    release_stand(application=_row("DK-2"), reason="Không đến", waits=False, actor=actor)
    assert _row("DK-2").state == ApplicationState.WITHDRAWN
    do_jobs("booths.pass_on")
    assert _open() == [("DK-3", ["A1"]), ("DK-1", ["A2"])]


def test_a_stand_is_offered_or_given_by_hand_for_a_reason_if_it_is_free_and_fits() -> None:
    make_waiting_fair(waiting=3)
    fair, actor = _row("DK-3").fair, make_organiser()
    stop_waiting_list(fair=fair, reason="Xem lại", actor=actor)
    _give_back("DK-1")
    by_hand: dict[str, Any] = {"booths": ["A1"], "reason": "Nghệ nhân trình diễn", "actor": actor}
    for act in (offer_stand, give_stand):
        with _refused("offer.reason_missing"):
            act(application=_row("DK-4"), **{**by_hand, "reason": ""})
        with _refused("offer.taken"):
            act(application=_row("DK-4"), **{**by_hand, "booths": ["A2"]})
        with _refused("offer.not_waiting"):
            act(application=_row("DK-2"), **by_hand)
        Application.objects.filter(code="DK-4").update(power_kw=50)
        with _refused("offer.does_not_fit"):
            act(application=_row("DK-4"), **by_hand)
        Application.objects.filter(code="DK-4").update(power_kw=0)
    offer_stand(application=_row("DK-4"), **by_hand)
    assert _offer("DK-4").reason == "Nghệ nhân trình diễn"
    with _refused("offer.taken"):
        give_stand(application=_row("DK-5"), **by_hand)
    withdraw_offer(offer=_offer("DK-4"), reason="Nhầm", actor=actor)
    give_stand(application=_row("DK-5"), **by_hand)
    assert booth_codes_of(_row("DK-5")) == ("A1",)
    (event,) = AuditEvent.objects.filter(verb="booths.stand_given")
    assert (event.subject, event.facts["reason"]) == ("DK-5", "Nghệ nhân trình diễn")


def test_only_organisers_steer_and_only_the_applicant_answers() -> None:
    fair = make_waiting_fair()
    _give_back("DK-1")
    offer, waiting = _offer("DK-3"), _row("DK-4")
    by_hand: dict[str, Any] = {"application": waiting, "booths": ["A1"], "reason": "x"}
    for actor in (make_user(role="reviewer", fair=fair), make_representative(waiting.organisation)):
        for act, words in (
            (offer_stand, by_hand),
            (give_stand, by_hand),
            (release_stand, {"application": _row("DK-2"), "reason": "x", "waits": False}),
            (withdraw_offer, {"offer": offer, "reason": "x"}),
            (note_call, {"offer": offer}),
            (stop_waiting_list, {"fair": fair, "reason": "x"}),
            (resume_waiting_list, {"fair": fair}),
            (set_waiting_hours, {"fair": fair, "hours": 4}),
            (answer_offer, {"offer": offer, "accepts": True}),
        ):
            before = _rows()
            with pytest.raises(NotAllowed):
                act(**words, actor=actor)
            assert _rows() == before


def test_an_organiser_answers_for_who_said_so_on_the_telephone() -> None:
    make_waiting_fair()
    _give_back("DK-1")
    actor = make_organiser()
    note_call(offer=_offer("DK-3"), actor=actor)
    with _refused("offer.note_missing"):
        answer_offer(offer=_offer("DK-3"), accepts=True, actor=actor)
    answer_offer(offer=_offer("DK-3"), accepts=True, actor=actor, note="Bà Hoà nhận, 9:30")
    offer = BoothOffer.objects.get()
    assert (offer.state, offer.ended_by, offer.end_note) == ("accepted", actor, "Bà Hoà nhận, 9:30")


def test_who_has_an_address_is_written_to_and_the_others_are_to_be_called() -> None:
    fair = make_waiting_fair()
    row = _row("DK-3")
    row.organisation.email = "hoa@htx.example"
    row.organisation.save()
    _give_back("DK-1")
    _give_back("DK-2")
    assert [each.application.code for each in to_be_called(fair)] == ["DK-4"]
    assert do_jobs("booths.offer_letter") == 1
    (letter,) = mail.outbox
    offer = _offer("DK-3")
    local = timezone.localtime(offer.expires_at)
    assert letter.to == ["hoa@htx.example"]
    assert f"http://127.0.0.1:8000/o/{offer.token}/" in letter.body
    assert (f"{local:%H:%M}" in letter.body, "A1" in letter.subject) == (True, True)
    withdraw_offer(offer=offer, reason="Gian hỏng điện", actor=make_organiser())
    do_jobs("booths.offer_letter")
    assert "Gian hỏng điện" in mail.outbox[1].body
    note_call(offer=_offer("DK-4"), actor=make_organiser())
    assert to_be_called(fair) == []


def test_publishing_anew_withdraws_what_is_on_offer() -> None:
    fair = make_waiting_fair()
    _give_back("DK-1")
    FAIR.move(fair, FairState.ALLOCATING)
    publish_allocation(run=compute_run(fair), actor=make_organiser())
    offer = BoothOffer.objects.get()
    assert (offer.state, offer.application.code) == (OfferState.WITHDRAWN, "DK-3")
    assert {each.application.code for each in placements_of(fair)} == {"DK-2", "DK-3"}
    with _refused("offer.ended"):
        answer_offer(offer=offer, accepts=True, actor=None)


def test_a_booth_on_offer_stays_on_the_plan_and_moves_with_a_new_version() -> None:
    fair, actor = make_waiting_fair(stands=3, waiting=1), make_organiser()
    _give_back("DK-1")
    document: dict[str, Any] = write_plan(current_floor(fair)[1])
    less = {**document, "booths": document["booths"][1:]}
    with _refused("floor_plan.held"):
        save_floor_plan(fair=fair, base=1, document=less, actor=actor)
    save_floor_plan(fair=fair, base=1, document={**document, "width": 500}, actor=actor)
    held = BoothDay.objects.filter(offer=_offer("DK-4"))
    assert set(held.values_list("booth__plan__version")) == {(2,)}


def test_booths_added_to_the_plan_are_found_within_the_hour() -> None:
    make_waiting_fair()
    fair = _row("DK-3").fair
    plan = fair.floor_plans.get()
    zone = plan.zones.get()
    plan.booths.create(zone=zone, code="A9", order=9, x=300, y=30, power_kw=3)
    watch_offers()
    assert (do_jobs("booths.pass_on"), _open()) == (1, [("DK-3", ["A9"])])


def test_nothing_is_offered_once_the_fair_opens_but_a_free_stand_can_be_given() -> None:
    fair, actor = make_waiting_fair(), make_organiser()
    with time_machine.travel(fair.first_day + timedelta(days=1), tick=False):
        Fair.objects.update(state=FairState.RUNNING)
        release_stand(application=_row("DK-1"), reason="Không đến", waits=False, actor=actor)
        do_jobs("booths.pass_on")
        assert _open() == []
        with _refused("offer.too_late"):
            offer_stand(application=_row("DK-3"), booths=["A1"], reason="x", actor=actor)
        give_stand(application=_row("DK-3"), booths=["A1"], reason="Có mặt", actor=actor)
        days = BoothDay.objects.filter(assignment__application=_row("DK-3"))
        assert days.count() == fair.days - 1


def test_the_database_refuses_what_no_program_may_write() -> None:
    fair = make_waiting_fair()
    _give_back("DK-1")
    offer = _offer("DK-3")
    booth = fair.floor_plans.get().booths.get(code="A1")
    until = timezone.now() + timedelta(hours=1)
    again: dict[str, Any] = {"booths": ["A1"], "expires_at": until}
    for write in (
        lambda: BoothOffer.objects.create(application=offer.application, **again),
        lambda: BoothDay.objects.create(offer=offer, booth=booth, day=fair.first_day),
        lambda: BoothDay.objects.create(booth=booth, day=fair.end + timedelta(days=9)),
        lambda: BoothOffer.objects.filter(pk=offer.pk).update(state=OfferState.DECLINED),
        lambda: BoothOffer.objects.filter(pk=offer.pk).update(expires_at=offer.made_at),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            write()


def test_who_was_refused_loses_the_offer() -> None:
    fair, actor = make_waiting_fair(waiting=0), make_organiser()
    make_application(fair, code="X-1")
    review_applications(fair=fair, codes=["X-1"], to="eligible", actor=actor)
    _give_back("DK-1")
    assert _open() == [("X-1", ["A1"])]
    review_applications(fair=fair, codes=["X-1"], to="refused", actor=actor, reason="Hết hạn")
    assert _open() == []


def test_starting_a_run_does_not_disturb_an_open_offer() -> None:
    fair = make_waiting_fair()
    _give_back("DK-1")
    FAIR.move(fair, FairState.ALLOCATING)
    run = start_allocation(fair=fair, actor=make_organiser())
    run_job(run.job_id)
    answer_offer(offer=_offer("DK-3"), accepts=True, actor=None)
    assert booth_codes_of(_row("DK-3")) == ("A1",)
