"""The pages of venues and their halls."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from core.audit import AuditEvent
from fairs.actions.venues import add_picture
from fairs.models import Crew, Fair, Hall, Team, Venue
from fairs.states import FairState
from tests import builders
from tests.pages import find_inline

pytestmark = pytest.mark.django_db

NEW = {"name": "Cung Văn hoá Hữu nghị", "short_name": "Cung VH", "address": "91 Trần Hưng Đạo"}
HALL = {"name": "Sảnh A", "area_m2": "1.200", "move_in_days": "2", "move_out_days": "1"}


@pytest.fixture
def venue() -> Venue:
    return builders.make_venue()


def _at(name: str, *where: Any) -> str:
    return reverse(name, args=[each.code if isinstance(each, Venue) else each for each in where])


def _opened(client: Client, page: str, /, **typed: Any) -> dict[str, Any]:
    """What a browser would send back of the page, with some fields typed over."""
    form = client.get(page).context["form"]
    sent = {name: form[name].value() for name in form.fields}
    return {name: "" if value is None else value for name, value in {**sent, **typed}.items()}


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_pages_open_in_both_languages(client: Client, venue: Venue, language: str) -> None:
    client.force_login(builders.make_organiser())
    client.cookies["django_language"] = language
    hall = builders.make_hall(venue)
    builders.make_fair(venue=venue, hall=hall)
    add_picture(venue=venue, content=builders.draw_picture(), actor=None)
    for address in (
        _at("venue_list"),
        _at("venue_new"),
        _at("venue_page", venue),
        _at("venue_edit", venue),
        _at("hall_new", venue),
        _at("hall_edit", venue, hall.pk),
        _at("team_list"),
        _at("crew_list"),
    ):
        answer = client.get(address)
        page = answer.content.decode()
        assert answer.status_code == 200
        assert f'<html lang="{language}"' in page
        assert find_inline(page) == []


def test_a_venue_is_added_with_a_code_made_of_its_name(office: Client) -> None:
    place = builders.make_place()
    typed = {**NEW, "place": place.code, "position": "21.0285, 105.85420", "notes": "Cổng sau"}
    answer = office.post(_at("venue_new"), typed)
    venue = Venue.objects.get()
    assert answer.url == _at("venue_page", venue)
    assert (venue.code, venue.place, venue.version) == ("cung-van-hoa-huu-nghi", place, 1)
    assert (str(venue.latitude), str(venue.longitude)) == ("21.02850", "105.85420")
    assert AuditEvent.objects.get().verb == "fairs.venue_added"
    assert 'href="geo:21.02850,105.85420' in office.get(answer.url).content.decode()


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"name": " \u200b "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"short_name": ""}, "short_name"),
        ({"code": "!!!"}, "code"),
        ({"code": "new"}, "code"),
        ({"code": "Da Co"}, "code"),
        ({"place": "nowhere"}, "place"),
        ({"position": "abc"}, "position"),
        ({"position": "21,0285, 105,8542"}, "position"),
        ({"position": "91, 0"}, "position"),
        ({"position": "0, -180.00001"}, "position"),
        ({"position": "21.02850"}, "position"),
    ],
)
def test_a_wrong_answer_about_a_venue_keeps_what_was_typed(
    office: Client, typed: dict[str, str], field: str
) -> None:
    builders.make_venue(code="da-co")
    answer = office.post(_at("venue_new"), {**NEW, "notes": "Cổng sau", **typed})
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {field}
    assert "Cổng sau" in answer.content.decode()
    assert (Venue.objects.count(), AuditEvent.objects.count()) == (1, 0)


def test_an_edit_without_a_change_changes_nothing(office: Client) -> None:
    venue = builders.make_venue(latitude="21.02850", longitude="105.85420", notes="Một\nHai")
    address = _at("venue_edit", venue)
    assert office.post(address, _opened(office, address)).url == _at("venue_page", venue)
    assert (Venue.objects.get().version, AuditEvent.objects.count()) == (1, 0)


def test_the_second_who_saves_a_venue_sees_both_and_loses_nothing(
    office: Client, venue: Venue
) -> None:
    address = _at("venue_edit", venue)
    mine = _opened(office, address, name="Tên của tôi", notes="Cổng sau")
    theirs = _opened(office, address, name="Tên của họ", address="Số 1", is_online="on")
    assert office.post(address, theirs).status_code == 302
    answer = office.post(address, {**mine, "is_online": ""})
    form = answer.context["form"]
    assert answer.status_code == 409
    assert Venue.objects.get().name == "Tên của họ"
    assert [(row.mine, row.theirs) for row in form.both] == [("Tên của tôi", "Tên của họ")]
    assert [(row.label, row.theirs) for row in form.taken] == [
        ("Online: no place to go to", "yes"),
        ("Address", "Số 1"),
    ]
    assert "Tên của họ" in answer.content.decode()
    again = {name: form[name].value() or "" for name in form.fields}
    assert office.post(address, again).status_code == 302
    saved = Venue.objects.get()
    assert (saved.name, saved.notes, saved.address) == ("Tên của tôi", "Cổng sau", "Số 1")
    assert (saved.is_online, saved.version) == (True, 3)


def test_a_hall_is_added_and_changed(office: Client, venue: Venue) -> None:
    office.post(_at("hall_new", venue), {**HALL, "move_in_from": "07:30"})
    hall = Hall.objects.get()
    assert (hall.area_m2, hall.move_in_days, hall.power_kw) == (1200, 2, None)
    address = _at("hall_edit", venue, hall.pk)
    sent = _opened(office, address, power_kw="300")
    assert sent["move_in_from"] == "07:30"
    assert office.post(address, sent).url == _at("venue_page", venue)
    hall.refresh_from_db()
    assert (hall.power_kw, hall.version) == (300, 2)
    page = office.get(_at("venue_page", venue)).content.decode()
    assert ("1,200 m²" in page, "300 kW" in page, "from 07:30" in page) == (True, True, True)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "san b"}, "name"),
        ({"area_m2": "-1"}, "area_m2"),
        ({"power_kw": "abc"}, "power_kw"),
        ({"water_points": "9" * 30}, "water_points"),
        ({"move_in_days": ""}, "move_in_days"),
        ({"move_out_days": "31"}, "move_out_days"),
        ({"move_in_from": "25:00"}, "move_in_from"),
    ],
)
def test_a_wrong_answer_about_a_hall_keeps_what_was_typed(
    office: Client, venue: Venue, typed: dict[str, str], field: str
) -> None:
    builders.make_hall(venue, name="Sân B")
    answer = office.post(_at("hall_new", venue), {**HALL, "notes": "Cột giữa sảnh", **typed})
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {field}
    assert "Cột giữa sảnh" in answer.content.decode()
    assert Hall.objects.count() == 1


def test_the_second_who_saves_a_hall_sees_both_and_loses_nothing(
    office: Client, venue: Venue
) -> None:
    hall = builders.make_hall(venue, name="Sảnh A")
    address = _at("hall_edit", venue, hall.pk)
    mine = _opened(office, address, power_kw="300", notes="Cột")
    office.post(address, _opened(office, address, power_kw="450", move_in_from="07:00"))
    answer = office.post(address, mine)
    form = answer.context["form"]
    assert answer.status_code == 409
    assert [(row.label, row.mine, row.theirs) for row in form.both] == [
        ("Power (kW)", "300", "450")
    ]
    assert [row.theirs for row in form.taken] == ["07:00"]
    assert (form["power_kw"].value(), form["move_in_from"].value()) == ("300", "07:00")
    assert form["notes"].value() == "Cột"
    assert Hall.objects.get().power_kw == 450


@pytest.mark.parametrize("seen", ["", "[]", "{", "null", "[" * 5000])
def test_whatever_is_said_to_have_been_seen_nothing_is_lost(
    office: Client, venue: Venue, seen: str
) -> None:
    address = _at("venue_edit", venue)
    mine = _opened(office, address, name="Tên của tôi", seen=seen, version="7")
    answer = office.post(address, mine)
    assert answer.status_code == 409
    assert answer.context["form"]["name"].value() == "Tên của tôi"
    assert Venue.objects.get().name == venue.name


def test_a_hall_with_a_fair_is_not_taken_away(office: Client, venue: Venue) -> None:
    hall = builders.make_hall(venue, name="Sảnh A")
    fair = builders.make_fair(venue=venue, hall=hall)
    answer = office.post(_at("hall_delete", venue, hall.pk), follow=True)
    assert "“Sảnh A” stays: a fair is or was held there." in answer.content.decode()
    Fair.objects.filter(pk=fair.pk).update(hall=None)
    assert office.post(_at("hall_delete", venue, hall.pk)).url == _at("venue_page", venue)
    assert Hall.objects.count() == 0


def test_a_hall_of_another_venue_is_not_found_here(office: Client, venue: Venue) -> None:
    other = builders.make_hall()
    for name in ("hall_edit", "base_plan"):
        assert office.get(_at(name, venue, other.pk)).status_code == 404
    for name in ("hall_delete", "base_plan_set"):
        assert office.post(_at(name, venue, other.pk)).status_code == 404


@time_machine.travel(datetime(2026, 11, 22, 3, tzinfo=UTC), tick=False)
def test_the_year_shows_who_has_the_hall_when(office: Client, venue: Venue) -> None:
    hall = builders.make_hall(venue, move_in_days=2)
    fair = builders.make_fair(
        venue=venue, hall=hall, first_day=date(2026, 12, 5), short_title="Tuần hàng tháng Chạp"
    )
    answer = office.get(_at("venue_page", venue))
    (lane,) = answer.context["strip"].lanes
    (bar,) = lane.bookings
    # From 1 November: 34 days to the opening, two of them to move in.
    assert (bar.open_x, bar.open_width) == (160 + 34 * 2.5, 5 * 2.5)
    assert (bar.x, bar.width) == (160 + 32 * 2.5, 8 * 2.5)
    assert "03–10/12/2026" in answer.content.decode()
    later = office.get(_at("venue_page", venue), {"month": "2027-01"})
    assert later.context["taken"] == []
    assert later.context["coming"][0].fair == fair
    for rubbish in ("2027-13", "0000-01", "abc", "9999-12"):
        answer = office.get(_at("venue_page", venue), {"month": rubbish})
        assert answer.context["first_month"] == date(2026, 11, 1)


@time_machine.travel(datetime(2026, 11, 22, 3, tzinfo=UTC), tick=False)
def test_free_dates_lead_to_a_new_fair_with_place_and_days_filled_in(
    office: Client, venue: Venue
) -> None:
    builders.make_plan(2026)
    hall = builders.make_hall(venue)
    builders.make_fair(venue=venue, first_day=date(2026, 12, 1), last_day=date(2026, 12, 20))
    asked = {"days": "3", "not_before": "30/11/2026", "hall": str(hall.pk)}
    answer = office.get(_at("venue_page", venue), asked)
    offers = answer.context["offers"]
    assert (offers[0][0].first, offers[0][0].last) == (date(2026, 12, 22), date(2026, 12, 24))
    assert offers[-1][1] == ""  # of 2027 there is no plan
    kinds = office.get(offers[0][1]).content.decode()
    assert '<input type="hidden" name="first_day" value="2026-12-22">' in kinds
    form = office.get(f"{offers[0][1]}&kind=trade_week").context["form"]
    assert (form["venue"].value(), form["hall"].value()) == (venue.code, str(hall.pk))
    assert (form["first_day"].value(), form["last_day"].value()) == (
        date(2026, 12, 22),
        date(2026, 12, 24),
    )


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"days": "0"}, "days"),
        ({"days": "61"}, "days"),
        ({"days": "abc"}, "days"),
        ({"not_before": "29/02/2027"}, "not_before"),
        ({"not_before": "01/01/2020"}, "not_before"),
        ({"not_before": "31/12/9999"}, "not_before"),
        ({"hall": "7"}, "hall"),
    ],
)
def test_a_wrong_question_for_free_dates_is_told_at_the_field(
    office: Client, venue: Venue, asked: dict[str, str], field: str
) -> None:
    builders.make_hall(venue)
    answer = office.get(_at("venue_page", venue), asked)
    assert answer.status_code == 200
    assert answer.context["free_form"].errors.keys() == {field}


@pytest.mark.parametrize(
    "asked",
    [{"first_day": "2027-02-29"}, {"last_day": "x" * 500}, {"venue": "nowhere", "hall": "x"}],
)
def test_rubbish_about_a_new_fair_is_left_out(office: Client, asked: dict[str, str]) -> None:
    builders.make_plan(2027)
    answer = office.get(_at("fair_new", 2027), {"kind": "conference", **asked})
    assert answer.status_code == 200
    assert answer.context["form"]["first_day"].value() is None


def test_who_sees_one_fair_reads_of_others_only_that_the_place_is_taken(venue: Venue) -> None:
    mine = builders.make_fair(venue=venue, short_title="Hội chợ của tôi")
    other = builders.make_fair(FairState.DRAFT, venue=venue, short_title="Hội chợ kín")
    client = Client()
    client.force_login(builders.make_user(role="viewer", fair=mine))
    for address in (_at("venue_page", venue), _at("venue_list")):
        page = client.get(address).content.decode()
        assert (other.short_title in page, other.code in page) == (False, False)
    page = client.get(_at("venue_page", venue)).content.decode()
    assert mine.short_title in page
    assert _at("venue_edit", venue) not in page
    assert "hội chợ khác" in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_pages_cost_the_same_for_one_and_three(
    office: Client,
    venue: Venue,
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    colours = ("red", "green", "blue")
    for number in range(count):
        hall = builders.make_hall(venue)
        builders.make_fair(venue=venue, hall=hall)
        builders.make_fair()
        Team.objects.create(name=f"Tổ {number}")
        Crew.objects.create(name=f"Phường {number}")
        content = builders.draw_picture(colours[number])
        add_picture(venue=venue, hall=hall, content=content, actor=None)
    with django_assert_num_queries(6):
        office.get(_at("venue_list"))
    with django_assert_num_queries(9):
        office.get(_at("venue_page", venue))
    for name in ("team_list", "crew_list"):
        with django_assert_num_queries(5):
            office.get(_at(name))


def test_the_list_tells_the_next_fair_and_not_a_cancelled_one(office: Client, venue: Venue) -> None:
    builders.make_fair(FairState.CANCELLED, venue=venue, short_title="Đã huỷ")
    builders.make_fair(venue=venue, short_title="Sắp tới")
    page = office.get(_at("venue_list"), {"q": "thanh tri"}).content.decode()
    assert ("Sắp tới" in page, "Đã huỷ" in page) == (True, False)
    assert "No venue found" in office.get(_at("venue_list"), {"q": "xyz"}).content.decode()
