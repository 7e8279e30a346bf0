"""The waiting list at the desk, and an offer on the phone of whoever holds its link."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from booths.actions.apply import withdraw_application
from booths.models import Application, BoothOffer
from booths.queries import booth_codes_of
from booths.states import OfferState
from fairs.models import Fair
from tests.booths.scenes import do_jobs, make_waiting_fair
from tests.builders import make_organiser, make_representative

pytestmark = pytest.mark.django_db
ENGLISH = {"language": "en"}


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(make_organiser())
    return client


def _address(fair: Fair, rest: str = "") -> str:
    return f"/desk/fairs/{fair.code}/waiting-list/{rest}"


def _row(code: str) -> Application:
    return Application.objects.select_related("fair", "organisation").get(code=code)


def _offered(*, waiting: int = 2) -> tuple[Fair, BoothOffer]:
    """DK-1 gives A1 back; DK-3 is next."""
    fair = make_waiting_fair(waiting=waiting)
    row = _row("DK-1")
    withdraw_application(application=row, actor=make_representative(row.organisation))
    do_jobs("booths.pass_on")
    return fair, BoothOffer.objects.select_related("application__organisation").get()


def test_the_link_says_what_is_held_until_when_and_yes_takes_it(client: Client) -> None:
    _fair, offer = _offered()
    page = client.get(f"/o/{offer.token}/", ENGLISH).text
    for words in ("Stand A1 is free for you", str(offer.application.organisation), "3 × 3 m"):
        assert words in page
    assert BoothOffer.objects.get().state == OfferState.OPEN
    answer = client.post(f"/o/{offer.token}/", {"act": "accept"}, follow=True)
    assert "Gian A1 đã được giao" in answer.text or "A1" in answer.text
    assert booth_codes_of(_row("DK-3")) == ("A1",)
    again = client.post(f"/o/{offer.token}/?language=en", {"act": "decline"})
    assert again.status_code == 409
    assert booth_codes_of(_row("DK-3")) == ("A1",)


def test_no_leaves_the_stand_to_the_next_and_the_place_in_the_order_is_told(client: Client) -> None:
    _fair, offer = _offered()
    client.post(f"/o/{offer.token}/", {"act": "decline"})
    page = client.get(f"/o/{offer.token}/", ENGLISH).text
    assert "You are number 1 on the waiting list" in page
    do_jobs("booths.pass_on")
    other = BoothOffer.objects.get(state=OfferState.OPEN)
    client.post(f"/o/{other.token}/", {"act": "leave"})
    page = client.get(f"/o/{other.token}/", ENGLISH).text
    assert "I still want a stand" in page
    client.post(f"/o/{other.token}/", {"act": "again"})
    assert "You are number 2" in client.get(f"/o/{other.token}/", ENGLISH).text


def test_an_answer_too_late_or_unknown_is_told_in_words(client: Client) -> None:
    _fair, offer = _offered()
    address = f"/o/{offer.token}/"
    assert client.post(address, {"act": "perhaps"}).status_code == 422
    with time_machine.travel(offer.expires_at + timedelta(seconds=90), tick=False):
        client.get(address, ENGLISH)
        answer = client.post(address, {"act": "accept"})
        assert answer.status_code == 409
        page = client.get(address, ENGLISH).text
        assert ("ended at" in page, "another offer" in page) == (True, False)
    assert BoothOffer.objects.get().state == OfferState.OPEN  # the sweep ends it
    assert client.get("/o/nothing/").status_code == 404


def test_the_receipt_shows_the_offer_and_the_place(client: Client) -> None:
    _fair, offer = _offered()
    for code, words in (("DK-3", f"/o/{offer.token}/"), ("DK-4", "You are number 2")):
        row = _row(code)
        client.force_login(make_representative(row.organisation))
        assert words in client.get(f"/my/applications/{code}/", ENGLISH).text


def test_the_desk_sees_the_order_the_offers_and_whom_to_call(desk: Client) -> None:
    fair, offer = _offered()
    page = desk.get(_address(fair), ENGLISH).text
    for words in ("To be called", "A1 on offer", "0912 345 678", f"/o/{offer.token}/"):
        assert words in page
    desk.post(_address(fair, "DK-3/answer/"), {"act": "call"})
    assert "To be called" not in desk.get(_address(fair), ENGLISH).text
    desk.post(_address(fair, "DK-3/answer/"), {"act": "accept", "note": "Bà Hoà nhận"})
    assert "Bà Hoà nhận" in desk.get(_address(fair), ENGLISH).text
    assert booth_codes_of(_row("DK-3")) == ("A1",)
    answer = desk.post(_address(fair, "DK-3/answer/"), {"act": "accept", "note": "x"})
    assert answer.status_code == 409


def test_the_desk_stops_resumes_and_sets_the_hours(desk: Client) -> None:
    fair = make_waiting_fair()
    settings = _address(fair, "settings/")
    assert desk.post(settings, {"do": "stop", "reason": " "}).status_code == 422
    assert desk.post(settings, {"do": "hours", "hours": "0"}).status_code == 422
    desk.post(settings, {"do": "stop", "reason": "Chờ sửa điện"})
    assert "Chờ sửa điện" in desk.get(_address(fair), ENGLISH).text
    desk.post(settings, {"do": "resume"})
    desk.post(settings, {"do": "hours", "hours": "12"})
    page = desk.get(_address(fair), ENGLISH).text
    assert ("Chờ sửa điện" in page, "for 12 hours" in page) == (False, True)


def test_a_stand_is_given_by_hand_and_the_slower_of_two_keeps_what_was_typed(desk: Client) -> None:
    fair, _offer = _offered()
    desk.post(_address(fair, "DK-3/answer/"), {"act": "withdraw", "note": "Xem lại"})
    address = _address(fair, "DK-4/")
    assert "A1" in desk.get(address, ENGLISH).text
    assert desk.post(address, {"stand": "A1", "reason": "", "act": "give"}).status_code == 422
    answer = desk.post(address, {"stand": "A2", "reason": "Nghệ nhân", "act": "give"})
    assert (answer.status_code, "Nghệ nhân" in answer.text) == (409, True)
    assert desk.post(address, {"stand": "A1", "reason": "Nghệ nhân", "act": "give"}).url == (
        _address(fair)
    )
    assert booth_codes_of(_row("DK-4")) == ("A1",)


def test_a_stand_is_taken_back_for_a_reason(desk: Client) -> None:
    fair = make_waiting_fair()
    address = f"/desk/fairs/{fair.code}/applications/DK-1/release/"
    assert "A1" in desk.get(address, ENGLISH).text
    assert desk.post(address, {"reason": "Không đến"}).status_code == 422
    assert desk.post(address, {"reason": "", "after": "waits"}).status_code == 422
    answer = desk.post(address, {"reason": "Không đến", "after": "withdrawn"})
    assert answer.url == f"/desk/fairs/{fair.code}/applications/DK-1/"
    assert _row("DK-1").state == "withdrawn"
    assert desk.post(address, {"reason": "Lại", "after": "withdrawn"}).status_code == 409


@pytest.mark.parametrize("waiting", [1, 3])
def test_the_list_costs_the_same_for_one_and_three(
    desk: Client, waiting: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    fair, _offer = _offered(waiting=waiting)
    with django_assert_num_queries(18):
        desk.get(_address(fair))
