"""Ceremonies: who plans them, what is signed where and when, tablets, slips, the big screen."""

import re
from collections.abc import Sequence
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Device, User
from core.audit import AuditEvent
from core.errors import DomainError, NotAllowed, StaleState
from mou import actions, queries
from mou.models import Ceremony, Memorandum
from mou.states import MemorandumState
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def ceremony() -> Ceremony:
    """A ceremony of two tables at a running fair."""
    return builders.make_ceremony()


@pytest.fixture
def organiser(ceremony: Ceremony) -> User:
    """Who organises the ceremony's fair."""
    return builders.make_organiser(ceremony.fair)


def _ready(ceremony: Ceremony, count: int) -> list[Memorandum]:
    return [
        actions.freeze_memorandum(memorandum=builders.make_memorandum(ceremony.fair), actor=None)
        for _each in range(count)
    ]


def _assign(ceremony: Ceremony, actor: User, count: int) -> list[Memorandum]:
    ready = _ready(ceremony, count)
    actions.assign_memoranda(
        ceremony=ceremony, memoranda=[each.code for each in ready], station=None, actor=actor
    )
    return ready


def _line(ceremony: Ceremony) -> Sequence[tuple[int | None, int | None]]:
    """Number and table of each memorandum, in their order."""
    rows = ceremony.memoranda.order_by("turn").values_list("number", "station__number")
    return list(rows)


PAGE_QUERIES = 20
LIST_QUERIES = 7
FILLED = {
    "title": "Lễ ký kết năm 2026",
    "place": "Hà Nội",
    "starts_at": "2099-12-31T09:00",
    "witness": "Trần Thị Bích",
    "witness_position": "Phó Giám đốc Sở",
    "stations": "Bàn Hoa sen\nBàn Hoa cúc\n\n",
    "target": "175",
}


def test_a_ceremony_is_planned_with_its_tables(desk: Client, ceremony: Ceremony) -> None:
    answer = desk.post(reverse("ceremony_new", args=[ceremony.fair.code]), FILLED)
    planned = Ceremony.objects.exclude(pk=ceremony.pk).get()
    assert answer.url == reverse("ceremony_page", args=[planned.code])
    assert (planned.title, planned.target) == ("Lễ ký kết năm 2026", 175)
    assert [str(each) for each in planned.stations.all()] == ["Bàn Hoa sen", "Bàn Hoa cúc"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", " \u200b"),
        ("starts_at", "mai"),
        ("stations", "\n"),
        ("stations", "Bàn 1\nbàn 1"),
        ("target", "0"),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_nothing_is_planned(
    desk: Client, ceremony: Ceremony, field: str, value: str
) -> None:
    address = reverse("ceremony_new", args=[ceremony.fair.code])
    answer = desk.post(address, {**FILLED, field: value})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert Ceremony.objects.count() == 1


def test_the_second_who_saves_is_told_and_keeps_what_was_typed(
    desk: Client, ceremony: Ceremony
) -> None:
    address = reverse("ceremony_edit", args=[ceremony.code])
    stations = "Bàn 1\nBàn 2"
    first = {**FILLED, "stations": stations, "version": "1"}
    assert desk.post(address, first).status_code == 302
    second = desk.post(address, {**first, "title": "Lễ ký khác"})
    assert second.status_code == 409
    page = second.content.decode()
    assert 'value="Lễ ký khác"' in page
    assert "<td>Lễ ký kết năm 2026</td>" in page
    ceremony.refresh_from_db()
    assert (ceremony.title, ceremony.version) == ("Lễ ký kết năm 2026", 2)
    assert desk.post(address, {**first, "title": "Lễ ký khác", "version": "2"}).status_code == 302


def test_ready_memoranda_are_dealt_out_to_the_tables_in_turn(
    ceremony: Ceremony, organiser: User
) -> None:
    ready = _assign(ceremony, organiser, 3)
    assert _line(ceremony) == [(1, 1), (2, 2), (3, 1)]
    ready[0].refresh_from_db()
    assert ready[0].witness == ceremony.witness
    event = AuditEvent.objects.filter(verb="mou.ceremony_assigned").get()
    assert event.facts == {"memoranda": [each.code for each in ready]}


def test_what_is_not_free_is_not_assigned_and_nothing_else_either(
    ceremony: Ceremony, organiser: User
) -> None:
    (taken,) = _assign(ceremony, organiser, 1)
    (free,) = _ready(ceremony, 1)
    draft = builders.make_memorandum(ceremony.fair)
    stranger = actions.freeze_memorandum(memorandum=builders.make_memorandum(), actor=None)
    for other in (taken, draft, stranger):
        with pytest.raises(StaleState):
            actions.assign_memoranda(
                ceremony=ceremony,
                memoranda=[free.code, other.code],
                station=None,
                actor=organiser,
            )
    assert _line(ceremony) == [(1, 1)]


def test_the_line_is_moved_place_by_place_and_to_other_tables(
    desk: Client, ceremony: Ceremony, organiser: User
) -> None:
    ready = _assign(ceremony, organiser, 3)

    def press(place: int, **fields: str) -> None:
        address = reverse("ceremony_turn", args=[ceremony.code, ready[place].code])
        assert desk.post(address, fields).status_code == 302

    press(2, to="up")
    assert [number for number, _table in _line(ceremony)] == [1, 3, 2]
    press(0, to="up")
    press(1, to="down")
    assert [number for number, _table in _line(ceremony)] == [1, 3, 2]
    press(0, to="station", station="2")
    press(1, to="out")
    assert _line(ceremony) == [(1, 2), (3, 1)]


def test_strangers_and_viewers_change_nothing(ceremony: Ceremony, organiser: User) -> None:
    (ready,) = _assign(ceremony, organiser, 1)
    station = ceremony.stations.all()[0]
    for actor in (builders.make_user(), builders.make_user(role="viewer", fair=ceremony.fair)):
        with pytest.raises(NotAllowed):
            actions.close_ceremony(ceremony=ceremony, actor=actor)
        with pytest.raises(NotAllowed):
            actions.invite_device(station=station, label="Máy", actor=actor)
        ready.refresh_from_db()
        with pytest.raises(NotAllowed):
            actions.release_memorandum(memorandum=ready, actor=actor)
    assert (_line(ceremony), Device.objects.count()) == ([(1, 1)], 0)


def test_a_table_with_work_is_not_taken_away(
    desk: Client, ceremony: Ceremony, organiser: User
) -> None:
    _assign(ceremony, organiser, 2)
    address = reverse("ceremony_edit", args=[ceremony.code])
    answer = desk.post(address, {**FILLED, "stations": "Bàn 1", "version": "1"})
    assert answer.status_code == 422
    assert ceremony.stations.count() == 2
    ceremony.refresh_from_db()
    assert ceremony.version == 1


def test_closing_frees_what_nobody_has_begun_and_ends_everything_else(
    ceremony: Ceremony, organiser: User
) -> None:
    begun, left = _assign(ceremony, organiser, 2)
    actions.open_session(memorandum=begun, role="party_a", actor=organiser)
    actions.close_ceremony(ceremony=ceremony, actor=organiser)
    left.refresh_from_db()
    assert (left.ceremony, left.state) == (None, MemorandumState.READY)
    assert _line(ceremony) == [(1, 1)]
    with pytest.raises(DomainError) as refused:
        actions.close_ceremony(ceremony=ceremony, actor=organiser)
    assert refused.value.code == "ceremony.closed"


def test_a_tablet_is_enrolled_once_by_the_code_on_the_desk(
    desk: Client, ceremony: Ceremony
) -> None:
    invited = desk.post(
        reverse("device_invite", args=[ceremony.code]), {"label": "Máy 1", "station": "1"}
    )
    page = desk.get(invited.url)
    assert page.headers["Cache-Control"] == "no-store"
    link = re.search(r"http\S+/table/enrol/[\w-]+/", page.content.decode())
    assert link
    tablet = Client()
    assert tablet.get(link[0]).status_code == 200
    enrolled = tablet.post(link[0])
    cookie = enrolled.cookies["table_device"]
    assert (cookie["httponly"], cookie["path"], cookie["samesite"]) == (True, "/table/", "Lax")
    assert enrolled.url == reverse("table_station")
    assert "Bàn 1" in tablet.get(enrolled.url).content.decode()
    device = Device.objects.get()
    assert cookie.value not in (device.token_hash, str(device))
    assert device.expires_at > timezone.now() + timedelta(hours=11)

    second = Client()
    assert second.post(link[0]).status_code == 410
    assert "table_device" not in second.cookies
    assert desk.get(invited.url).status_code == 409


def test_the_code_on_the_desk_is_over_after_fifteen_minutes(
    ceremony: Ceremony, organiser: User
) -> None:
    station = ceremony.stations.all()[0]
    token = actions.invite_device(station=station, label="Máy 1", actor=organiser)
    later = time_machine.travel(timezone.now() + timedelta(minutes=16), tick=False)
    with later, pytest.raises(DomainError) as refused:
        actions.enrol_device(token=token, public_key=None)
    assert refused.value.code == "device.link_over"


def test_a_tablet_that_was_sent_away_opens_nothing(
    desk: Client, ceremony: Ceremony, organiser: User
) -> None:
    (ready, _other) = _assign(ceremony, organiser, 2)
    station = ceremony.stations.all()[0]
    token = actions.invite_device(station=station, label="Máy 1", actor=organiser)
    device, cookie = actions.enrol_device(token=token, public_key=None)
    tablet = Client()
    tablet.cookies["table_device"] = cookie
    assert tablet.get(reverse("table", args=[ready.code])).status_code == 200
    desk.post(reverse("device_revoke", args=[ceremony.code, device.pk]))
    assert queries.tablet_of(cookie) is None
    assert tablet.get(reverse("table", args=[ready.code])).status_code == 302
    with pytest.raises(NotAllowed):
        actions.open_session(memorandum=ready, role="party_a", actor=organiser, device=device)


def test_slips_carry_the_address_of_their_memorandum(
    desk: Client, ceremony: Ceremony, organiser: User
) -> None:
    ready = _assign(ceremony, organiser, 2)
    slips = desk.get(reverse("ceremony_slips", args=[ceremony.code])).context["slips"]
    assert [row for row, _code, _symbol in slips] == ready
    page = desk.get(reverse("ceremony_slips", args=[ceremony.code])).content.decode()
    for memorandum in ready:
        assert page.count(memorandum.shown_number) >= 2
        assert memorandum.parties.get(side="party_b").name in page


def test_the_page_of_three_asks_as_often_as_that_of_one(
    desk: Client, organiser: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for count in (1, 3):
        ceremony = builders.make_ceremony(builders.make_fair("running"), stations=count)
        actor = builders.make_organiser()
        desk.force_login(actor)
        _assign(ceremony, actor, count)
        _ready(ceremony, count)
        station = ceremony.stations.all()[0]
        for _each in range(count):
            token = actions.invite_device(station=station, label="Máy", actor=actor)
            actions.enrol_device(token=token, public_key=None)
        with django_assert_num_queries(PAGE_QUERIES):
            desk.get(reverse("ceremony_page", args=[ceremony.code]))
        with django_assert_num_queries(LIST_QUERIES):
            desk.get(reverse("ceremony_list", args=[ceremony.fair.code]))


def test_the_big_screen_counts_what_is_signed_and_names_the_latest_pair(
    client: Client, ceremony: Ceremony, organiser: User
) -> None:
    first, second = _assign(ceremony, organiser, 2)
    address = reverse("wall_figures", args=[ceremony.wall_token])
    assert '<p class="count">0<span> / 2</span>' in client.get(address).content.decode()
    Memorandum.objects.filter(pk=first.pk).update(
        state=MemorandumState.SIGNED, signed_at=timezone.now()
    )
    page = client.get(address).content.decode()
    assert '<p class="count">1<span> / 2</span>' in page
    assert first.parties.get(side="party_a").name in page
    assert second.parties.get(side="party_a").name not in page
    item = first.items.get()
    assert queries.wall_of(ceremony).values == [
        (str(item.get_period_display()), int(item.quantity) * item.reference_price)
    ]
    for hidden in (first.parties.get(side="party_a").representative, "+84"):
        assert hidden not in page
    assert client.get(reverse("wall", args=["x"])).status_code == 404
