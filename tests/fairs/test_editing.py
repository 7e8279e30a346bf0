"""Adding, copying and editing a fair, and two organisers who save it at once."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from core.audit import AuditEvent
from core.errors import DomainError, NotAllowed, StaleState
from fairs.actions.editing import create_fair, edit_fair
from fairs.forms.editing import initial_of
from fairs.models import Fair, FairKind, Hall, Session, SessionKind, Stage
from fairs.queries.editing import EDITED, bookings_of, facts_of
from fairs.states import MOVABLE, FairState
from registry.models import Region
from tests import builders

pytestmark = pytest.mark.django_db

NEW = {
    "kind": "trade_week",
    "title": "Tuần hàng OCOP Đông Anh",
    "short_title": "Tuần hàng Đông Anh",
    "register_code": "DA27",
    "first_day": "03/03/2027",
    "legal_basis": "city_programme",
}


def _sent(fair: Fair, **changes: Any) -> dict[str, Any]:
    """What a browser sends from the page of a fair, with some fields typed over."""
    values = {**initial_of(fair), "version": fair.version, "seen": json.dumps(facts_of(fair))}
    for name in ("first_day", "last_day"):
        values[name] = f"{values[name]:%d/%m/%Y}" if values[name] else ""
    return {k: "" if v is None else v for k, v in {**values, **changes}.items()}


def _add(client: Client, **changes: Any) -> Any:
    return client.post(reverse("fair_new", args=[2027]), {**NEW, **changes})


def _edit(client: Client, sent: dict[str, Any], fair: Fair) -> Any:
    return client.post(reverse("fair_edit", args=[fair.code]), sent)


def test_a_fair_is_added_with_what_its_kind_begins_with(client: Client, planner: User) -> None:
    answer = _add(client)
    fair = Fair.objects.get()
    assert answer.url == fair.desk_url
    assert (fair.code, fair.state, fair.plan.year) == ("tuan-hang-ocop-dong-anh", "draft", 2027)
    assert (fair.first_day, fair.last_day) == (date(2027, 3, 3), date(2027, 3, 7))
    event = AuditEvent.objects.get()
    assert (event.stream, event.verb, event.actor) == (fair.stream, "fairs.created", planner)
    assert event.facts["after"]["title"] == fair.title


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"first_day": "29/02/2027"}, "first_day", "Hãy nhập ngày hợp lệ, ví dụ 05/12/2026."),
        ({"first_day": "abc"}, "first_day", "Hãy nhập ngày hợp lệ, ví dụ 05/12/2026."),
        ({"last_day": "02/03/2027"}, "last_day", "Ngày cuối đứng trước ngày đầu."),
        ({"last_day": "03/03/2029"}, "last_day", "Một hội chợ kéo dài nhiều nhất một năm."),
        ({"first_day": "03/03/2031"}, "first_day", "Chưa có kế hoạch năm 2031."),
        ({"title": " \u200b "}, "title", "Mục này không được để trống."),
        ({"code": "!!!"}, "code", "Mã gồm chữ và số, ví dụ tuan-hang-2027."),
        (
            {"kind": "regional_culture"},
            "regions",
            "Hãy chọn các vùng mà hội chợ giới thiệu.",
        ),
        (
            {"applications_close_at": "17:00 04/03/2027"},
            "applications_close_at",
            "Phải chốt nhận đơn trước khi hội chợ khai mạc.",
        ),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_kept(
    client: Client, planner: User, changes: dict[str, str], field: str, sentence: str
) -> None:
    answer = _add(client, **changes)
    assert answer.status_code == 422
    form = answer.context["form"]
    assert form.errors == {field: [sentence]}
    assert form["short_title"].value() == NEW["short_title"]
    assert Fair.objects.count() == 0


def test_29_february_is_a_day_in_a_leap_year(client: Client, planner: User) -> None:
    builders.make_plan(2028)
    _add(client, first_day="29/02/2028")
    assert Fair.objects.get().first_day == date(2028, 2, 29)


def test_a_title_has_300_characters_and_not_301(client: Client, planner: User) -> None:
    assert _add(client, title="Đ" * 301).context["form"].errors.keys() == {"title"}
    _add(client, title="Đ" * 300, code="dai")
    assert Fair.objects.get().title == "Đ" * 300
    assert client.get(Fair.objects.get().desk_url).status_code == 200


def test_codes_are_given_once(client: Client, planner: User) -> None:
    _add(client)
    again = _add(client).context["form"]
    assert again.errors.keys() == {"code", "register_code"}
    assert Fair.objects.count() == 1
    fair = Fair.objects.get()
    values = {name: getattr(fair, name) for name in EDITED}
    with pytest.raises(DomainError) as refused:
        create_fair(code=fair.code, values={**values, "plan": fair.plan}, actor=planner)
    assert refused.value.code == "fair.code_taken"


def test_a_hall_must_be_of_the_venue(client: Client, planner: User) -> None:
    hall = Hall.objects.create(venue=builders.make_venue(), name="Sảnh A")
    other = builders.make_venue()
    answer = _add(client, venue=other.code, hall=str(hall.pk))
    assert answer.context["form"].errors == {"hall": ["Sảnh này thuộc địa điểm khác."]}
    _add(client, hall=str(hall.pk))
    assert Fair.objects.get().venue == hall.venue


def test_an_edit_is_recorded_with_what_it_changed(client: Client, planner: User) -> None:
    fair = builders.make_fair(first_day=date(2027, 3, 3))
    sent = _sent(fair, kind=FairKind.REGIONAL_CULTURE, regions=[Region.CENTRAL_HIGHLANDS])
    assert _edit(client, sent, fair).url == fair.desk_url
    fair.refresh_from_db()
    assert fair.version == 2
    assert AuditEvent.objects.get().facts["changes"] == {
        "kind": ["trade_week", "regional_culture"],
        "regions": [[], ["central_highlands"]],
    }


def test_the_programme_moves_along_with_the_first_day(client: Client, planner: User) -> None:
    fair = builders.make_fair(first_day=date(2027, 3, 3))
    session = Session.objects.create(
        fair=fair,
        stage=Stage.objects.create(fair=fair, name="Sân khấu"),
        kind=SessionKind.OPENING,
        title="Khai mạc",
        starts_at=datetime(2027, 3, 3, 2, tzinfo=UTC),
        ends_at=datetime(2027, 3, 3, 3, tzinfo=UTC),
    )
    _edit(client, _sent(fair, first_day="05/03/2027", last_day="09/03/2027"), fair)
    session.refresh_from_db()
    assert (session.starts_at, session.version) == (datetime(2027, 3, 5, 2, tzinfo=UTC), 2)
    assert session.ends_at - session.starts_at == timedelta(hours=1)


def test_saving_without_a_change_changes_nothing(client: Client, planner: User) -> None:
    fair = builders.make_fair(
        first_day=date(2027, 3, 3), applications_close_at="2027-02-01T10:30:15.5+07:00"
    )
    fair.refresh_from_db()
    _edit(client, _sent(fair, applications_close_at="10:30 01/02/2027"), fair)
    fair.refresh_from_db()
    assert fair.version == 1
    assert AuditEvent.objects.count() == 0


def test_of_two_who_save_the_second_sees_both_and_loses_nothing(
    client: Client, planner: User
) -> None:
    fair = builders.make_fair(first_day=date(2027, 3, 3))
    sent = _sent(fair, title="Tên của tôi", organiser="Sở Công Thương")
    theirs = Client()
    theirs.force_login(builders.make_organiser())
    _edit(theirs, _sent(fair, title="Tên của họ", short_title="Tên ngắn của họ"), fair)

    answer = _edit(client, sent, fair)
    assert answer.status_code == 409
    assert Fair.objects.get().title == "Tên của họ"
    assert [(row.mine, row.theirs) for row in answer.context["differences"]] == [
        ("Tên của tôi", "Tên của họ")
    ]
    assert [row.theirs for row in answer.context["taken"]] == ["Tên ngắn của họ"]
    form = answer.context["form"]
    assert form["title"].value() == "Tên của tôi"
    assert form["organiser"].value() == "Sở Công Thương"
    assert form["short_title"].value() == "Tên ngắn của họ"

    knowingly = {**sent, "short_title": "Tên ngắn của họ", "version": form["version"].value()}
    assert _edit(client, knowingly, fair).url == fair.desk_url
    saved = Fair.objects.get()
    assert (saved.title, saved.short_title, saved.organiser, saved.version) == (
        "Tên của tôi",
        "Tên ngắn của họ",
        "Sở Công Thương",
        3,
    )


def test_a_stale_version_is_refused_by_the_action_itself(planner: User) -> None:
    fair = builders.make_fair(first_day=date(2027, 3, 3))
    values = {name: getattr(fair, name) for name in EDITED} | {"plan": fair.plan}
    edit_fair(fair=fair, version=1, values={**values, "title": "Một"}, actor=planner)
    with pytest.raises(StaleState) as refused:
        edit_fair(fair=fair, version=1, values={**values, "title": "Hai"}, actor=planner)
    assert refused.value.code == "fair.edited_meanwhile"
    assert Fair.objects.get().title == "Một"


@pytest.mark.parametrize("state", [state for state in FairState if state not in MOVABLE])
def test_the_days_of_a_fair_that_has_begun_stay(client: Client, planner: User, state: str) -> None:
    fair = builders.make_fair(state, first_day=date(2027, 3, 3))
    answer = _edit(client, _sent(fair, first_day="04/03/2027", last_day="08/03/2027"), fair)
    assert answer.context["form"].errors == {
        "first_day": ["Hội chợ này đã bắt đầu hoặc đã kết thúc: các ngày giữ nguyên."]
    }
    values = {name: getattr(fair, name) for name in EDITED} | {"plan": fair.plan}
    with pytest.raises(DomainError) as refused:
        edit_fair(
            fair=fair,
            version=1,
            values={**values, "last_day": fair.end + timedelta(days=1)},
            actor=planner,
        )
    assert refused.value.code == "fair.fixed"
    assert _edit(client, _sent(fair, title="Tên mới"), fair).status_code == 302


def test_an_announced_fair_of_the_city_programme_keeps_its_decision(
    client: Client, planner: User
) -> None:
    announced = builders.make_fair(FairState.ANNOUNCED, first_day=date(2027, 3, 3))
    answer = _edit(client, _sent(announced, decision_number=""), announced)
    assert answer.context["form"].errors.keys() == {"decision_number"}
    draft = builders.make_fair(FairState.DRAFT, first_day=date(2027, 3, 3))
    assert _edit(client, _sent(draft, decision_number=""), draft).status_code == 302


def test_a_place_booked_by_a_cancelled_fair_is_free(client: Client, planner: User) -> None:
    venue = builders.make_venue()
    days: dict[str, Any] = {"venue": venue, "first_day": date(2027, 3, 3)}
    builders.make_fair(FairState.CANCELLED, **days)
    _add(client, venue=venue.code)
    fair = Fair.objects.get(state=FairState.DRAFT)
    assert bookings_of(fair) == []
    held = builders.make_fair(short_title="Đã có chỗ", **days)
    assert bookings_of(fair) == [held]
    answer = client.post(
        reverse("fair_edit", args=[fair.code]), _sent(fair, title="Khác"), follow=True
    )
    assert "Đã có chỗ” cũng ở nơi này" in answer.content.decode()


def test_two_halls_of_a_venue_are_two_places() -> None:
    venue = builders.make_venue()
    first, second = (Hall.objects.create(venue=venue, name=name) for name in "AB")
    days: dict[str, Any] = {"venue": venue, "first_day": date(2027, 3, 3)}
    one = builders.make_fair(hall=first, **days)
    builders.make_fair(hall=second, **days)
    whole = builders.make_fair(**days)
    assert bookings_of(one) == [whole]
    assert len(bookings_of(whole)) == 2


def test_a_copy_is_a_form_filled_in_until_it_is_saved(client: Client, planner: User) -> None:
    source = builders.make_fair(first_day=date(2027, 3, 3), title="Tuần hàng gốc")
    address = reverse("fair_new", args=[2027]) + f"?from={source.code}"
    form = client.get(address).context["form"]
    assert (form["title"].value(), form["first_day"].value()) == (source.title, date(2027, 3, 10))
    assert Fair.objects.count() == 1
    client.post(address, {**NEW, "first_day": "10/03/2027"})
    copy = Fair.objects.latest("pk")
    assert (copy.copied_from, copy.state) == (source, FairState.DRAFT)


@pytest.mark.parametrize("role", ["", "viewer", "organiser"])
def test_who_is_not_of_the_office_adds_nothing(client: Client, role: str) -> None:
    fair = builders.make_fair(first_day=date(2027, 3, 3))
    user = builders.make_user(role=role, fair=fair)
    client.force_login(user)
    assert _add(client).status_code == (403 if role else 404)
    assert Fair.objects.count() == 1


def test_only_organisers_of_a_fair_edit_it(client: Client) -> None:
    fair = builders.make_fair(first_day=date(2027, 3, 3))
    sent = _sent(fair, title="Khác")
    for user, status in (
        (builders.make_user(), 404),
        (builders.make_organiser(builders.make_fair()), 404),
        (builders.make_user(role="viewer", fair=fair), 403),
    ):
        client.force_login(user)
        assert _edit(client, sent, fair).status_code == status
        with pytest.raises(NotAllowed):
            edit_fair(fair=fair, version=1, values={}, actor=user)
    assert AuditEvent.objects.count() == 0
    client.force_login(builders.make_organiser(fair))
    assert _edit(client, sent, fair).status_code == 302


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_pages_open_in_both_languages(client: Client, planner: User, language: str) -> None:
    client.cookies["django_language"] = language
    fair = builders.make_fair(first_day=date(2027, 3, 3))
    add = reverse("fair_new", args=[2027])
    for address in (add, *(f"{add}?kind={kind}" for kind in FairKind)):
        assert client.get(address).status_code == 200
    page = client.get(reverse("fair_edit", args=[fair.code])).content.decode()
    assert 'value="03/03/2027"' in page
    assert f'<html lang="{language}"' in page
