"""A guest province's own page, opened on a phone by whoever holds its link."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core.audit import AuditEvent
from fairs.models import Fair, Pavilion
from tests import builders
from tests.fairs.pavilions import (
    LATE,
    NOW,
    UNTIL,
    answers,
    make_booth,
    make_fair,
    make_pavilion,
    make_province,
    phone_page,
    stored,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def fair() -> Fair:
    return make_fair()


@pytest.fixture
def phone() -> Client:
    """Somebody at the province: no account, English."""
    phone = Client()
    phone.cookies["django_language"] = "en"
    return phone


def test_a_province_fills_in_on_a_phone_without_an_account(phone: Client, fair: Fair) -> None:
    pavilion = make_pavilion(fair)
    mine = phone_page(pavilion)
    page = phone.get(mine)
    assert (page.headers["X-Robots-Tag"], page.headers["Cache-Control"]) == (
        "noindex, nofollow",
        "no-store",
    )
    sent = answers(
        pavilion,
        name_2="  Hộ  Lò Văn Sơn\u200b ",
        products_2="Gạo séng cù",
        phone_2="0912345678",
    )
    assert phone.post(mine, sent).url == mine
    booth = pavilion.booths.get()
    assert (booth.number, booth.name, booth.phone) == (2, "Hộ Lò Văn Sơn", "+84912345678")
    assert Pavilion.objects.get().submitted_at is None
    phone.post(mine, answers(pavilion, send="1"))
    assert Pavilion.objects.get().submitted_at == NOW
    assert "You may still change it until 17:00 30/11/2026" in phone.get(mine).text
    assert AuditEvent.objects.latest("number").actor is None


def test_removing_a_line_saves_the_others(phone: Client, fair: Fair) -> None:
    pavilion = make_pavilion(fair)
    make_booth(pavilion, 1)
    make_booth(pavilion, 2, name="Hộ Lò Văn Sơn")
    typed = {"name_3": "Hợp tác xã Mật ong", "products_3": "Mật ong bạc hà"}
    phone.post(phone_page(pavilion), answers(pavilion, remove="1", **typed))
    assert stored(pavilion) == {2: "Hộ Lò Văn Sơn", 3: "Hợp tác xã Mật ong"}


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name_1": "Hộ Sơn"}, "This field is required."),
        ({"products_1": "Chè"}, "This field is required."),
        ({"phone_1": "0912345678"}, "This field is required."),
        ({"name_1": "x" * 201, "products_1": "Chè"}, "at most 200 characters"),
        ({"name_1": "Hộ Sơn", "products_1": "x" * 301}, "at most 300 characters"),
        ({"name_1": "Hộ Sơn", "products_1": "Chè", "phone_1": "12"}, "Enter one phone number"),
        ({"name_1": "Hộ Sơn", "products_1": "Chè", "phone_1": "113 ơi"}, "Enter one phone number"),
    ],
)
def test_what_is_wrong_with_a_line_is_told_and_kept(
    phone: Client, fair: Fair, typed: dict[str, str], sentence: str
) -> None:
    pavilion = make_pavilion(fair)
    fine = {"name_2": "Hợp tác xã Mật ong", "products_2": "Mật ong bạc hà"}
    answer = phone.post(phone_page(pavilion), answers(pavilion, **fine, **typed))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert all(text in answer.text for text in [*fine.values(), *typed.values()])
    assert stored(pavilion) == {}


def test_a_line_beyond_the_booths_is_refused_and_kept(phone: Client, fair: Fair) -> None:
    pavilion = make_pavilion(fair, booth_count=1)
    answer = phone.post(phone_page(pavilion), answers(pavilion, name_2="Hộ Sơn", products_2="Chè"))
    assert answer.status_code == 409
    assert "there cannot be more lines than that" in answer.text
    assert 'value="Hộ Sơn"' in answer.text
    assert stored(pavilion) == {}


def test_the_second_of_two_phones_keeps_both_peoples_lines(phone: Client, fair: Fair) -> None:
    pavilion = make_pavilion(fair)
    mine = phone_page(pavilion)
    first = answers(pavilion, name_1="Hợp tác xã Chè", products_1="Chè Shan tuyết")
    second = answers(
        pavilion, name_1="Hộ Lò Văn Sơn", products_1="Gạo séng cù", phone_1="0912345678"
    )
    phone.post(mine, first)
    answer = phone.post(mine, second)
    assert answer.status_code == 409
    assert "Another phone has saved meanwhile." in answer.text
    assert stored(pavilion) == {1: "Hợp tác xã Chè"}
    shown = {field.html_name: field.value() or "" for field in answer.context["form"]}
    phone.post(mine, shown)
    assert stored(pavilion) == {1: "Hợp tác xã Chè", 2: "Hộ Lò Văn Sơn"}


def test_sending_the_same_twice_over_a_bad_network_is_no_clash(phone: Client, fair: Fair) -> None:
    pavilion = make_pavilion(fair)
    sent = answers(pavilion, name_1="Hộ Sơn", products_1="Chè")
    for _time in range(2):
        assert phone.post(phone_page(pavilion), sent).status_code == 302
    assert AuditEvent.objects.count() == 1


def test_an_organisers_change_meanwhile_is_no_clash(phone: Client, fair: Fair) -> None:
    pavilion = make_pavilion(fair)
    sent = answers(pavilion, name_1="Hộ Sơn", products_1="Chè")
    Pavilion.objects.update(version=2, booth_count=4, contact="Chị Mai")
    assert phone.post(phone_page(pavilion), sent).status_code == 302
    assert (Pavilion.objects.get().contact, Pavilion.objects.get().version) == ("Chị Mai", 3)


def test_after_the_deadline_the_page_is_read_only_and_shows_what_came_late(
    phone: Client, fair: Fair, clock: Any
) -> None:
    pavilion = make_pavilion(fair)
    make_booth(pavilion)
    sent = answers(pavilion, name_2="Hộ Sơn", products_2="Gạo séng cù")
    clock.move_to(UNTIL + LATE)
    late = phone.post(phone_page(pavilion), sent)
    assert late.status_code == 409
    assert "came too late and is not saved" in late.text
    assert "Gạo séng cù" in late.text
    assert stored(pavilion) == {1: "Hợp tác xã Chè Tả Lèng"}
    page = phone.get(phone_page(pavilion)).text
    assert "The time for filling in was over at 17:00 30/11/2026." in page
    assert "Hợp tác xã Chè Tả Lèng" in page
    assert 'name="name_1"' not in page
    clock.move_to(UNTIL + LATE - timedelta(seconds=1))
    assert phone.post(phone_page(pavilion), sent).status_code == 302


@pytest.mark.parametrize(
    "token",
    ["x", "A" * 32, "a" * 5000, "%00", "..%2F..%2Fdesk", "' OR 1=1 --", "%ED%A0%80", "{{ 7 }}"],
)
def test_a_guessed_link_opens_nothing(client: Client, fair: Fair, token: str) -> None:
    make_pavilion(fair)
    for answer in (client.get(f"/my/pavilions/{token}/"), client.post(f"/my/pavilions/{token}/")):
        assert answer.status_code == 404
        assert "Lai Châu" not in answer.text


def test_a_province_sees_nothing_of_another(phone: Client, fair: Fair) -> None:
    other = make_pavilion(fair, place=make_province("SL", "Sơn La"), contact="Anh Sơn")
    make_booth(other, name="Hợp tác xã Cà phê")
    pavilion = make_pavilion(fair, contact="Chị Mai", email="mai@chau.example")
    page = phone.get(phone_page(pavilion)).text
    for hidden in ("Sơn La", "Hợp tác xã Cà phê", "Chị Mai", "mai@chau.example", other.token):
        assert hidden not in page


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_name_with_markup_is_only_text(
    client: Client, fair: Fair, phone: Client, language: str
) -> None:
    name = "<script>alert(1)</script>"
    pavilion = make_pavilion(fair, submitted_at=NOW)
    make_booth(pavilion, name=name)
    client.force_login(builders.make_organiser(fair))
    for page in (
        client.get(reverse("pavilion_page", args=[fair.code, pavilion.pk]), {"language": language}),
        client.get(phone_page(pavilion), {"language": language}),
        client.get(fair.public_url, {"language": language}),
    ):
        assert page.status_code == 200
        assert name not in page.text
