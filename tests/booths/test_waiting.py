"""The organiser steers the waiting list: its hours, a stop, a stand by hand, a telephone call."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from booths.actions.stands import give_stand, offer_stand, release_stand
from booths.actions.waiting import (
    answer_offer,
    note_call,
    resume_waiting_list,
    set_waiting_hours,
    stop_waiting_list,
    withdraw_offer,
)
from booths.models import Application, BoothDay, BoothOffer
from booths.queries import booth_codes_of
from booths.queries.waiting import to_be_called
from booths.states import ApplicationState
from core.audit import AuditEvent
from core.errors import NotAllowed
from fairs.models import Fair
from fairs.states import FairState
from tests.booths.offer_scenes import (
    TABLES,
    give_back,
    offer_to,
    open_offers,
    order_of,
    refused_at_once,
    row_of,
)
from tests.booths.scenes import do_jobs, make_waiting_fair
from tests.builders import (
    make_organiser,
    make_representative,
    make_user,
)
from tests.claims import unchanged

pytestmark = pytest.mark.django_db


def test_the_hours_of_the_fair_count() -> None:
    fair, actor = make_waiting_fair(), make_organiser()
    set_waiting_hours(fair=fair, hours=48, actor=actor)
    for hours in (0, 169):
        with refused_at_once("waiting.hours"):
            set_waiting_hours(fair=fair, hours=hours, actor=actor)
    give_back("DK-1")
    offer = offer_to("DK-3")
    assert timedelta(hours=48) <= offer.expires_at - offer.made_at < timedelta(hours=60)


def test_a_stopped_list_offers_nothing_until_it_goes_on() -> None:
    fair, actor = make_waiting_fair(), make_organiser()
    with refused_at_once("offer.reason_missing"):
        stop_waiting_list(fair=fair, reason="", actor=actor)
    stop_waiting_list(fair=fair, reason="Chờ sửa điện", actor=actor)
    give_back("DK-1")
    assert open_offers() == []
    with refused_at_once("waiting.stopped_already"):
        stop_waiting_list(fair=fair, reason="Chờ sửa điện", actor=actor)
    resume_waiting_list(fair=fair, actor=actor)
    do_jobs("booths.pass_on")
    assert open_offers() == [("DK-3", ["A1"])]
    with refused_at_once("waiting.runs_already"):
        resume_waiting_list(fair=fair, actor=actor)


def test_the_organiser_takes_a_stand_back_for_a_reason() -> None:
    fair, actor = make_waiting_fair(), make_organiser()
    with refused_at_once("offer.reason_missing"):
        release_stand(application=row_of("DK-1"), reason="", waits=False, actor=actor)
    release_stand(application=row_of("DK-1"), reason="Không đóng phí", waits=True, actor=actor)
    assert row_of("DK-1").state == ApplicationState.WAITING_LIST
    do_jobs("booths.pass_on")
    # First by priority, but it is not given back what was taken away.
    assert order_of(fair) == [("DK-1", 1), ("DK-3", 2), ("DK-4", 3)]
    assert open_offers() == [("DK-3", ["A1"])]
    with refused_at_once("stand.none"):
        release_stand(application=row_of("DK-1"), reason="Lặp lại", waits=True, actor=actor)
    release_stand(application=row_of("DK-2"), reason="Không đến", waits=False, actor=actor)
    assert row_of("DK-2").state == ApplicationState.WITHDRAWN
    do_jobs("booths.pass_on")
    assert open_offers() == [("DK-3", ["A1"]), ("DK-1", ["A2"])]


def test_a_stand_is_offered_or_given_by_hand_for_a_reason_if_it_is_free_and_fits() -> None:
    make_waiting_fair(waiting=3)
    fair, actor = row_of("DK-3").fair, make_organiser()
    stop_waiting_list(fair=fair, reason="Xem lại", actor=actor)
    give_back("DK-1")
    by_hand: dict[str, Any] = {"booths": ["A1"], "reason": "Nghệ nhân trình diễn", "actor": actor}
    for act in (offer_stand, give_stand):
        with refused_at_once("offer.reason_missing"):
            act(application=row_of("DK-4"), **{**by_hand, "reason": ""})
        with refused_at_once("offer.taken"):
            act(application=row_of("DK-4"), **{**by_hand, "booths": ["A2"]})
        with refused_at_once("offer.not_waiting"):
            act(application=row_of("DK-2"), **by_hand)
        Application.objects.filter(code="DK-4").update(power_kw=50)
        with refused_at_once("offer.does_not_fit"):
            act(application=row_of("DK-4"), **by_hand)
        Application.objects.filter(code="DK-4").update(power_kw=0)
    offer_stand(application=row_of("DK-4"), **by_hand)
    assert offer_to("DK-4").reason == "Nghệ nhân trình diễn"
    with refused_at_once("offer.taken"):
        give_stand(application=row_of("DK-5"), **by_hand)
    withdraw_offer(offer=offer_to("DK-4"), reason="Nhầm", actor=actor)
    give_stand(application=row_of("DK-5"), **by_hand)
    assert booth_codes_of(row_of("DK-5")) == ("A1",)
    (event,) = AuditEvent.objects.filter(verb="booths.stand_given")
    assert (event.subject, event.facts["reason"]) == ("DK-5", "Nghệ nhân trình diễn")


def test_only_organisers_steer_and_only_the_applicant_answers() -> None:
    fair = make_waiting_fair()
    give_back("DK-1")
    offer, waiting = offer_to("DK-3"), row_of("DK-4")
    by_hand: dict[str, Any] = {"application": waiting, "booths": ["A1"], "reason": "x"}
    for actor in (make_user(role="reviewer", fair=fair), make_representative(waiting.organisation)):
        for act, words in (
            (offer_stand, by_hand),
            (give_stand, by_hand),
            (release_stand, {"application": row_of("DK-2"), "reason": "x", "waits": False}),
            (withdraw_offer, {"offer": offer, "reason": "x"}),
            (note_call, {"offer": offer}),
            (stop_waiting_list, {"fair": fair, "reason": "x"}),
            (resume_waiting_list, {"fair": fair}),
            (set_waiting_hours, {"fair": fair, "hours": 4}),
            (answer_offer, {"offer": offer, "accepts": True}),
        ):
            with unchanged(*TABLES), pytest.raises(NotAllowed):
                act(**words, actor=actor)


def test_an_organiser_answers_for_who_said_so_on_the_telephone() -> None:
    make_waiting_fair()
    give_back("DK-1")
    actor = make_organiser()
    note_call(offer=offer_to("DK-3"), actor=actor)
    with refused_at_once("offer.note_missing"):
        answer_offer(offer=offer_to("DK-3"), accepts=True, actor=actor)
    answer_offer(offer=offer_to("DK-3"), accepts=True, actor=actor, note="Bà Hoà nhận, 9:30")
    offer = BoothOffer.objects.get()
    assert (offer.state, offer.ended_by, offer.end_note) == ("accepted", actor, "Bà Hoà nhận, 9:30")


def test_who_has_an_address_is_written_to_and_the_others_are_to_be_called() -> None:
    fair = make_waiting_fair()
    row = row_of("DK-3")
    row.organisation.email = "hoa@htx.example"
    row.organisation.save()
    give_back("DK-1")
    give_back("DK-2")
    assert [each.application.code for each in to_be_called(fair)] == ["DK-4"]
    assert do_jobs("booths.offer_letter") == 1
    (letter,) = mail.outbox
    offer = offer_to("DK-3")
    local = timezone.localtime(offer.expires_at)
    assert letter.to == ["hoa@htx.example"]
    assert f"http://127.0.0.1:8000/o/{offer.token}/" in letter.body
    assert (f"{local:%H:%M}" in letter.body, "A1" in letter.subject) == (True, True)
    withdraw_offer(offer=offer, reason="Gian hỏng điện", actor=make_organiser())
    do_jobs("booths.offer_letter")
    assert "Gian hỏng điện" in mail.outbox[1].body
    note_call(offer=offer_to("DK-4"), actor=make_organiser())
    assert to_be_called(fair) == []


def test_nothing_is_offered_once_the_fair_opens_but_a_free_stand_can_be_given() -> None:
    fair, actor = make_waiting_fair(), make_organiser()
    with time_machine.travel(fair.first_day + timedelta(days=1), tick=False):
        Fair.objects.update(state=FairState.RUNNING)
        release_stand(application=row_of("DK-1"), reason="Không đến", waits=False, actor=actor)
        do_jobs("booths.pass_on")
        assert open_offers() == []
        with refused_at_once("offer.too_late"):
            offer_stand(application=row_of("DK-3"), booths=["A1"], reason="x", actor=actor)
        give_stand(application=row_of("DK-3"), booths=["A1"], reason="Có mặt", actor=actor)
        days = BoothDay.objects.filter(assignment__application=row_of("DK-3"))
        assert days.count() == fair.days - 1
