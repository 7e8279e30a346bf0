"""The pages of guest provinces: the desk's and the public's."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from core.audit import AuditEvent
from core.jobs import Job
from fairs.models import Fair, FairKind, Pavilion
from fairs.rendering.pavilions import link_of
from fairs.states import FairState
from tests import builders
from tests.fairs import programmes
from tests.fairs.pavilions import (
    UNTIL,
    make_booth,
    make_fair,
    make_pavilion,
    make_province,
    phone_page,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def fair() -> Fair:
    return make_fair()


@pytest.fixture
def desk(client: Client, fair: Fair) -> Client:
    """An organiser of the fair, signed in, who reads English."""
    client.force_login(builders.make_organiser(fair))
    client.cookies["django_language"] = "en"
    return client


def _at(name: str, fair: Fair, *numbers: int) -> str:
    return reverse(name, args=[fair.code, *numbers])


def _answers(**typed: Any) -> dict[str, Any]:
    return {"booth_count": 3, "fill_in_until": "2026-11-30T17:00", **typed}


# The desk


def test_a_province_is_added_edited_and_taken_off_the_list(desk: Client, fair: Fair) -> None:
    place = make_province()
    answer = desk.post(
        _at("pavilion_add", fair), _answers(place=place.pk, contact="Chị Mai", phone="0912 345 678")
    )
    pavilion = Pavilion.objects.get()
    page = _at("pavilion_page", fair, pavilion.pk)
    assert (answer.url, pavilion.fill_in_until, pavilion.phone) == (page, UNTIL, "+84912345678")
    assert place.pk not in [each for each, _name in _choices(desk, fair)]
    edit = _at("pavilion_edit", fair, pavilion.pk)
    sent = desk.get(edit).context["form"].initial
    assert desk.post(edit, {**sent, "booth_count": 5}).url == page
    assert Pavilion.objects.get().booth_count == 5
    remove = _at("pavilion_remove", fair, pavilion.pk)
    assert desk.post(remove, {"reason": " "}).status_code == 422
    assert desk.post(remove, {"reason": "Tỉnh báo bận"}).url == _at("pavilion_list", fair)
    verbs = list(AuditEvent.objects.values_list("verb", flat=True))
    assert verbs == [f"fairs.pavilion_{verb}" for verb in ("added", "changed", "removed")]


def _choices(desk: Client, fair: Fair) -> list[Any]:
    field = desk.get(_at("pavilion_add", fair)).context["form"].fields["place"]
    return list(field.queryset.values_list("pk", "name"))


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"booth_count": 0}, "booth_count", "greater than or equal to 1"),
        ({"booth_count": 100}, "booth_count", "less than or equal to 99"),
        ({"booth_count": "ba"}, "booth_count", "Enter a whole number."),
        ({"fill_in_until": "2026-02-29T10:00"}, "fill_in_until", "Enter a valid date/time."),
        ({"fill_in_until": "2026-11-22T08:59"}, "fill_in_until", "This moment has passed already."),
        ({"fill_in_until": "0001-01-01T00:00"}, "fill_in_until", "This moment has passed already."),
        ({"fill_in_until": "9999-12-31T23:59"}, "fill_in_until", "The fair is over by then."),
        ({"phone": "12"}, "phone", "Enter one phone number"),
        ({"email": "mai"}, "email", "Enter a valid email address."),
        ({"place": 0}, "place", "Select a valid choice."),
    ],
)
def test_what_is_wrong_with_a_pavilion_is_told_at_its_field_and_kept(
    desk: Client, fair: Fair, typed: dict[str, Any], field: str, sentence: str
) -> None:
    sent = _answers(**{"place": make_province().pk, "contact": "Chị Mai", **typed})
    answer = desk.post(_at("pavilion_add", fair), sent)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert sentence in answer.text
    assert 'value="Chị Mai"' in answer.text
    assert Pavilion.objects.count() == 0


def test_the_second_of_two_organisers_sees_both_and_loses_nothing(desk: Client, fair: Fair) -> None:
    pavilion = make_pavilion(fair)
    edit = _at("pavilion_edit", fair, pavilion.pk)
    sent = desk.get(edit).context["form"].initial
    desk.post(edit, {**sent, "contact": "Chị Mai", "email": "mai@chau.example"})
    answer = desk.post(edit, {**sent, "contact": "Anh Sơn", "booth_count": 4})
    assert answer.status_code == 409
    assert [(each.theirs, each.mine) for each in answer.context["differences"]] == [
        ("3", "4"),
        ("Chị Mai", "Anh Sơn"),
    ]
    again = answer.context["form"].initial
    assert again["email"] == "mai@chau.example"
    assert Pavilion.objects.get().contact == "Chị Mai"
    assert desk.post(edit, again).status_code == 302
    pavilion = Pavilion.objects.get()
    assert (pavilion.contact, pavilion.email, pavilion.booth_count) == (
        "Anh Sơn",
        "mai@chau.example",
        4,
    )


@pytest.mark.parametrize("seen", ["", "[" * 9000, "[]", '{"booth_count": []}'])
def test_a_broken_memory_of_the_page_saves_over_nobody(desk: Client, fair: Fair, seen: str) -> None:
    pavilion = make_pavilion(fair, contact="Chị Mai")
    edit = _at("pavilion_edit", fair, pavilion.pk)
    assert desk.post(edit, _answers(contact="Anh Sơn", seen=seen)).status_code == 409
    assert desk.post(phone_page(pavilion), {"seen": seen, "name_1": "x"}).status_code == 422
    assert Pavilion.objects.get().contact == "Chị Mai"


@pytest.mark.parametrize("count", [1, 3])
def test_the_desk_costs_the_same_for_one_and_three(
    desk: Client, fair: Fair, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    stage = programmes.make_stage(fair)
    for number in range(count):
        place = make_province(f"P{number}", f"Tỉnh {number}")
        pavilion = make_pavilion(fair, place=place, email="lai@chau.example")
        for booth in range(1, count + 1):
            make_booth(pavilion, booth)
        programmes.make_session(stage, place=place)
        desk.post(_at("pavilion_send", fair, pavilion.pk), {"version": 1})
    assert Job.objects.count() == count
    for name, numbers, queries in (
        ("pavilion_list", [], 11),
        ("pavilion_page", [pavilion.pk], 11),
        ("pavilion_slips", [], 7),
        ("fair_overview", [], 14),
    ):
        with django_assert_num_queries(queries):
            desk.get(_at(name, fair, *numbers))
    with django_assert_num_queries(2):
        Client().get(phone_page(pavilion))


def test_a_viewer_reads_everything_but_the_link(client: Client, fair: Fair) -> None:
    pavilion = make_pavilion(fair, email="lai@chau.example")
    make_booth(pavilion)
    client.force_login(builders.make_user(role="viewer", fair=fair))
    for name, numbers in (("pavilion_list", []), ("pavilion_page", [pavilion.pk])):
        page = client.get(_at(name, fair, *numbers)).text
        assert pavilion.token not in page
        assert "Lai Châu" in page
    for name, numbers in (("pavilion_slips", []), ("pavilion_edit", [pavilion.pk])):
        assert client.get(_at(name, fair, *numbers)).status_code == 403


def test_another_fairs_pavilion_is_not_found(desk: Client, fair: Fair) -> None:
    other = make_pavilion()
    for name in ("pavilion_page", "pavilion_edit"):
        assert desk.get(_at(name, fair, other.pk)).status_code == 404
    for name in ("pavilion_link", "pavilion_send", "pavilion_remove", "pavilion_edit"):
        answer = desk.post(_at(name, fair, other.pk), _answers(version=1, reason="Tỉnh báo bận"))
        assert answer.status_code == 404
    assert AuditEvent.objects.count() == 0


def test_the_link_is_shown_printed_renewed_and_sent(desk: Client, fair: Fair) -> None:
    pavilion = make_pavilion(fair, email="lai@chau.example")
    make_pavilion(fair, place=make_province("SL", "Sơn La"))
    page = _at("pavilion_page", fair, pavilion.pk)
    assert link_of(pavilion) in desk.get(page).text
    both = desk.get(_at("pavilion_slips", fair)).context["slips"]
    one = desk.get(_at("pavilion_slips", fair), {"province": pavilion.pk}).context["slips"]
    assert [len(both), [each.link for each in one]] == [2, [link_of(pavilion)]]
    assert desk.post(_at("pavilion_send", fair, pavilion.pk), {"version": 1}).url == page
    assert "Sending a guest province its link" in desk.get(page).text
    desk.post(_at("pavilion_link", fair, pavilion.pk), {"version": 2})
    renewed = Pavilion.objects.get(pk=pavilion.pk)
    assert link_of(renewed) in desk.get(page).text
    assert Client().get(phone_page(pavilion)).status_code == 404
    assert Client().get(phone_page(renewed)).status_code == 200


def test_the_tab_stands_at_fairs_with_guests(desk: Client, fair: Fair) -> None:
    week = make_fair(kind=FairKind.TRADE_WEEK)
    desk.force_login(builders.make_organiser())

    def has_tab(one: Fair) -> bool:
        return _at("pavilion_list", one) in desk.get(one.desk_url).text

    assert (has_tab(fair), has_tab(week)) == (True, False)
    make_pavilion(week)
    assert has_tab(week)


def test_the_deadline_and_the_programme_stand_at_the_desk(desk: Client, fair: Fair) -> None:
    pavilion = make_pavilion(fair)
    session = programmes.make_session(
        programmes.make_stage(fair), title="Xòe Thái", place=pavilion.place
    )
    assert "Lai Châu sends in its booths" in desk.get(fair.desk_url).text
    assert session.title in desk.get(_at("pavilion_page", fair, pavilion.pk)).text


# The public


def test_the_public_sees_names_and_products_but_no_phone(client: Client) -> None:
    fair = make_fair(FairState.PUBLISHED)
    pavilion = make_pavilion(
        fair, contact="Chị Mai", phone="+84987654321", email="mai@chau.example"
    )
    make_booth(pavilion)
    session = programmes.make_session(
        programmes.make_stage(fair), title="Xòe Thái", place=pavilion.place
    )
    page = client.get(fair.public_url)
    guests = page.text.partition('id="guest-provinces"')[2]
    for shown in ("Lai Châu", "Hợp tác xã Chè Tả Lèng", "Chè Shan tuyết", session.title):
        assert shown in guests
    for hidden in ("345678", "345 678", "654321", "654 321", "Mai", "chau.example", pavilion.token):
        assert hidden not in page.text


@pytest.mark.parametrize("count", [1, 3])
def test_the_public_page_costs_the_same_for_one_and_three_guests(
    client: Client, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    fair = make_fair(FairState.PUBLISHED)
    for number in range(count):
        pavilion = make_pavilion(fair, place=make_province(f"P{number}", f"Tỉnh {number}"))
        for booth in range(1, count + 1):
            make_booth(pavilion, booth)
    with django_assert_num_queries(5):
        client.get(fair.public_url)


def test_before_it_is_sent_in_nobody_reads_who_comes(client: Client, fair: Fair) -> None:
    make_booth(make_pavilion(fair))
    assert "Lai Châu" not in client.get(fair.public_url).text
