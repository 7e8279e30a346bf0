"""A stand that becomes free goes to the next in the published order, until somebody takes it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from booths.actions import decide_applications, publish_allocation, start_allocation
from booths.actions.floor_plan import save_floor_plan
from booths.actions.waiting import (
    answer_offer,
    wait_again,
)
from booths.allocation.lottery import draw_number
from booths.floor import write_plan
from booths.models import Application, BoothDay, BoothOffer
from booths.queries import booth_codes_of, placements_of
from booths.queries.floor_plan import current_floor
from booths.rules import answer_due
from booths.states import ApplicationState, OfferState
from booths.tasks.offers import watch_offers
from core import audit
from core.audit import AuditEvent
from core.errors import DomainError
from core.tasks import run_job
from fairs.states import FAIR, FairState
from tests.booths.offer_scenes import (
    give_back,
    offer_to,
    open_offers,
    order_of,
    refused_at_once,
    row_of,
)
from tests.booths.scenes import compute_run, do_jobs, make_waiting_fair
from tests.builders import (
    make_application,
    make_organiser,
)

pytestmark = pytest.mark.django_db


def test_a_stand_given_back_is_offered_to_the_next_in_the_order() -> None:
    fair = make_waiting_fair()
    assert (order_of(fair), open_offers()) == ([("DK-3", 1), ("DK-4", 2)], [])
    give_back("DK-1")
    assert open_offers() == [("DK-3", ["A1"])]
    held = BoothDay.objects.filter(offer=offer_to("DK-3"), released_at=None)
    assert (held.count(), set(held.values_list("booth__code"))) == (fair.days, {("A1",)})
    answer_offer(offer=offer_to("DK-3"), accepts=True, actor=None)
    assert booth_codes_of(row_of("DK-3")) == ("A1",)
    assert row_of("DK-3").state == ApplicationState.PLACED
    assert {each.application.code for each in placements_of(fair)} == {"DK-2", "DK-3"}
    assert order_of(fair) == [("DK-4", 1)]
    assert AuditEvent.objects.get(verb="booths.offer_accepted").facts["by_link"] is True
    assert list(audit.find_breaks()) == []


def test_equals_wait_by_their_lottery_number_and_the_late_stand_among_them() -> None:
    fair = make_waiting_fair(waiting=0)
    for number in range(6):
        make_application(fair, code=f"X-{number}", priority=20)
    codes = [f"X-{number}" for number in range(6)]
    decide_applications(fair=fair, codes=codes, to="eligible", actor=make_organiser())
    expected = sorted(codes, key=lambda code: draw_number(fair.seed, code), reverse=True)
    assert order_of(fair) == [(code, place) for place, code in enumerate(expected, start=1)]
    give_back("DK-2")
    assert open_offers() == [(expected[0], ["A2"])]


def test_who_does_not_fit_is_left_out_and_the_next_is_asked() -> None:
    make_waiting_fair(waiting=3)
    Application.objects.filter(code="DK-3").update(power_kw=50)
    Application.objects.filter(code="DK-4").update(booths_wanted=2)
    give_back("DK-1")
    assert open_offers() == [("DK-5", ["A1"])]


def test_two_booths_wait_for_two_that_can_be_joined() -> None:
    make_waiting_fair(waiting=2)
    Application.objects.filter(code="DK-3").update(booths_wanted=2)
    Application.objects.filter(code="DK-4").update(power_kw=50)
    give_back("DK-1")
    assert open_offers() == []
    give_back("DK-2")
    assert open_offers() == [("DK-3", ["A1", "A2"])]


def test_a_declined_stand_goes_on_and_is_not_offered_again_to_who_declined_it() -> None:
    make_waiting_fair()
    give_back("DK-1")
    answer_offer(offer=offer_to("DK-3"), accepts=False, actor=None)
    do_jobs("booths.pass_on")
    assert open_offers() == [("DK-4", ["A1"])]
    answer_offer(offer=offer_to("DK-4"), accepts=False, actor=None, keeps_waiting=False)
    assert (do_jobs("booths.pass_on"), open_offers()) == (1, [])
    give_back("DK-2")
    assert open_offers() == [("DK-3", ["A2"])]


def test_an_offer_that_nobody_answers_goes_to_the_next_by_itself() -> None:
    fair = make_waiting_fair()
    give_back("DK-1")
    offer = offer_to("DK-3")
    with time_machine.travel(offer.expires_at + timedelta(seconds=59), tick=False):
        watch_offers()
        do_jobs("booths.pass_on")
        assert open_offers() == [("DK-3", ["A1"])]
    with time_machine.travel(offer.expires_at + timedelta(seconds=61), tick=False):
        watch_offers()
        watch_offers()
        do_jobs("booths.pass_on")
        assert open_offers() == [("DK-4", ["A1"])]
        offer.refresh_from_db()
        assert offer.state == OfferState.EXPIRED
        assert order_of(fair) == [("DK-3", None), ("DK-4", 1)]
        with refused_at_once("offer.ended"):
            answer_offer(offer=offer, accepts=True, actor=None)
        wait_again(application=row_of("DK-3"), actor=None)
        assert order_of(fair) == [("DK-3", 1), ("DK-4", 2)]


def test_an_answer_is_in_time_for_a_minute_more_and_then_refused_in_words() -> None:
    make_waiting_fair()
    give_back("DK-1")
    offer = offer_to("DK-3")
    late = time_machine.travel(offer.expires_at + timedelta(seconds=61), tick=False)
    with late, pytest.raises(DomainError, match="A1") as refused:
        answer_offer(offer=offer, accepts=True, actor=None)
    assert refused.value.code == "offer.ended"
    with time_machine.travel(offer.expires_at + timedelta(seconds=60), tick=False):
        answer_offer(offer=offer, accepts=True, actor=None)
    assert booth_codes_of(row_of("DK-3")) == ("A1",)


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


def test_publishing_anew_withdraws_what_is_on_offer() -> None:
    fair = make_waiting_fair()
    give_back("DK-1")
    FAIR.move(fair, FairState.ALLOCATING)
    publish_allocation(run=compute_run(fair), actor=make_organiser())
    offer = BoothOffer.objects.get()
    assert (offer.state, offer.application.code) == (OfferState.WITHDRAWN, "DK-3")
    assert {each.application.code for each in placements_of(fair)} == {"DK-2", "DK-3"}
    with refused_at_once("offer.ended"):
        answer_offer(offer=offer, accepts=True, actor=None)


def test_a_booth_on_offer_stays_on_the_plan_and_moves_with_a_new_version() -> None:
    fair, actor = make_waiting_fair(stands=3, waiting=1), make_organiser()
    give_back("DK-1")
    document: dict[str, Any] = write_plan(current_floor(fair)[1])
    less = {**document, "booths": document["booths"][1:]}
    with refused_at_once("floor_plan.held"):
        save_floor_plan(fair=fair, base=1, document=less, actor=actor)
    save_floor_plan(fair=fair, base=1, document={**document, "width": 500}, actor=actor)
    held = BoothDay.objects.filter(offer=offer_to("DK-4"))
    assert set(held.values_list("booth__plan__version")) == {(2,)}


def test_booths_added_to_the_plan_are_found_within_the_hour() -> None:
    make_waiting_fair()
    fair = row_of("DK-3").fair
    plan = fair.floor_plans.get()
    zone = plan.zones.get()
    plan.booths.create(zone=zone, code="A9", order=9, x=300, y=30, power_kw=3)
    watch_offers()
    assert (do_jobs("booths.pass_on"), open_offers()) == (1, [("DK-3", ["A9"])])


def test_the_database_refuses_what_no_program_may_write() -> None:
    fair = make_waiting_fair()
    give_back("DK-1")
    offer = offer_to("DK-3")
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
    decide_applications(fair=fair, codes=["X-1"], to="eligible", actor=actor)
    give_back("DK-1")
    assert open_offers() == [("X-1", ["A1"])]
    decide_applications(fair=fair, codes=["X-1"], to="refused", actor=actor, reason="Hết hạn")
    assert open_offers() == []


def test_starting_a_run_does_not_disturb_an_open_offer() -> None:
    fair = make_waiting_fair()
    give_back("DK-1")
    FAIR.move(fair, FairState.ALLOCATING)
    run = start_allocation(fair=fair, actor=make_organiser())
    run_job(run.job_id)
    answer_offer(offer=offer_to("DK-3"), accepts=True, actor=None)
    assert booth_codes_of(row_of("DK-3")) == ("A1",)
