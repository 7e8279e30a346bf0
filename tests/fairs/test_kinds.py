"""Each kind of fair has fields and defaults of its own."""

import json
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from icalendar import Calendar

from accounts.models import User
from core.audit import AuditEvent
from fairs.forms.imports import judge_rows
from fairs.models import Attendance, Fair, FairKind, Session
from fairs.queries.editing import OF_SOME_KINDS, choices_for_editing
from fairs.rendering.public_calendar import draw_calendar
from fairs.rendering.public_data import describe_event
from fairs.states import FairState
from tests import builders

pytestmark = pytest.mark.django_db

NEW = {
    "title": "Hội chợ xuân",
    "short_title": "Hội chợ xuân",
    "register_code": "HX27",
    "first_day": "03/03/2027",
    "legal_basis": "internal",
}
STREAMED = {
    "attendance": "both",
    "opens": "20:00",
    "closes": "22:00",
    "channel": "OCOP Hà Nội",
    "channel_url": "https://live.example/ocop",
}
AWAY = {"host": "Sở Công Thương Lai Châu", "host_stand": "B12", "delegation_size": "8"}


def _add(client: Client, **changes: Any) -> Any:
    return client.post(reverse("fair_new", args=[2027]), {**NEW, **changes})


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("trade_week", {"attendance", "channel", "channel_url"}),
        ("online", {"attendance", "channel", "channel_url"}),
        ("participation", {"host", "host_stand", "delegation_size"}),
        ("regional_culture", set()),
        ("conference", set()),
    ],
)
def test_the_form_has_the_fields_of_its_kind(
    client: Client, planner: User, kind: str, fields: set[str]
) -> None:
    answer = client.get(reverse("fair_new", args=[2027]) + f"?kind={kind}")
    form = answer.context["form"]
    assert {name for name in OF_SOME_KINDS if name in form.fields} == fields
    page = answer.content.decode()
    assert {name for name in OF_SOME_KINDS if f'name="{name}"' in page} == fields
    assert ('value="20:00"' in page) == (kind == "online")


def test_an_online_event_is_online_in_the_evening_unless_it_is_said_otherwise(
    client: Client, planner: User
) -> None:
    _add(client, kind="online", attendance="on_site")
    fair = Fair.objects.get()
    assert (fair.attendance, fair.last_day) == (Attendance.ONLINE, fair.first_day)
    _add(client, kind="online", code="hai", register_code="HX2", **STREAMED)
    fair = Fair.objects.get(code="hai")
    assert (fair.attendance, fair.opens, fair.closes) == ("both", time(20), time(22))
    assert (fair.channel, fair.channel_url) == ("OCOP Hà Nội", "https://live.example/ocop")


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"kind": "participation"}, "host", "Mục này không được để trống."),
        (
            {"kind": "participation", **AWAY, "delegation_size": "0"},
            "delegation_size",
            "Giá trị này không được nhỏ hơn 1.",
        ),
        (
            {"kind": "trade_week", "channel": "OCOP", "attendance": "on_site"},
            "channel",
            "Hội chợ chỉ tổ chức trực tiếp thì không có kênh livestream: "
            "hãy đổi hình thức tham gia.",
        ),
        (
            {"kind": "online", "opens": "22:00", "closes": "20:00"},
            "closes",
            "Giờ đóng cửa phải sau giờ mở cửa.",
        ),
        (
            {"kind": "online", "opens": "20:00"},
            "closes",
            "Hãy ghi cả giờ mở cửa và giờ đóng cửa, hoặc để trống cả hai.",
        ),
        (
            {"kind": "online", "channel_url": "javascript:alert(1)"},
            "channel_url",
            "Hãy ghi đủ đường dẫn, bắt đầu bằng https://.",
        ),
    ],
)
def test_what_is_wrong_is_told_at_its_field(
    client: Client, planner: User, changes: dict[str, str], field: str, sentence: str
) -> None:
    answer = _add(client, **changes)
    assert answer.status_code == 422
    assert answer.context["form"].errors == {field: [sentence]}
    assert Fair.objects.count() == 0


def test_what_belongs_to_another_kind_is_left_out_and_said_so(
    client: Client, planner: User
) -> None:
    _add(client, kind="participation", **AWAY)
    fair = Fair.objects.get()
    assert (fair.host, fair.host_stand, fair.delegation_size) == (*list(AWAY.values())[:2], 8)
    sent = {**NEW, **AWAY, "kind": "trade_week", "version": "1", "seen": json.dumps({})}
    answer = client.post(reverse("fair_edit", args=[fair.code]), sent, follow=True)
    fair.refresh_from_db()
    assert (fair.kind, fair.host, fair.host_stand, fair.delegation_size) == (
        *("trade_week", "", ""),
        None,
    )
    assert "không có mục sau nên đã bỏ: Đơn vị chủ trì hội chợ" in answer.content.decode()


def test_a_row_that_fills_in_another_kind_s_column_is_refused(planner: User) -> None:
    cells = {"title": "Hội chợ", "first_day": "2027-03-03", "host": "Sở Công Thương"}
    plan, choices = builders.make_plan(2027), choices_for_editing()
    with translation.override("vi"):
        (row,) = judge_rows([(5, cells)], plan=plan, choices=choices)
        assert row.errors == ["Hội chợ loại này không có mục: Đơn vị chủ trì hội chợ."]
        away = {**cells, "kind": "participation", "opens": "0.3333333333", "closes": "17:00:00"}
        (row,) = judge_rows([(5, away)], plan=plan, choices=choices)
    assert (row.errors, row.values["opens"], row.values["closes"]) == ([], time(8), time(17))


def test_a_conference_comes_with_its_opening_and_signing_ceremony(
    client: Client, planner: User
) -> None:
    _add(client, kind="conference", opens="09:00", closes="16:00")
    fair = Fair.objects.get()
    (stage,) = fair.stages.all()
    assert (stage.name, stage.name_en) == ("Sân khấu chính", "Main stage")
    assert [
        (each.kind, each.title, each.title_en, each.starts_at, each.ends_at)
        for each in Session.objects.all()
    ] == [
        ("opening", "Khai mạc", "Opening", _at(9), _at(9, 30)),
        ("signing", "Lễ ký kết", "Signing ceremony", _at(11), _at(12)),
    ]
    events = AuditEvent.objects.filter(stream=fair.stream)
    assert [(event.verb, event.actor) for event in events] == [
        ("fairs.created", planner),
        ("fairs.stage_added", planner),
        ("fairs.session_added", planner),
        ("fairs.session_added", planner),
    ]
    assert client.get(reverse("programme", args=[fair.code])).status_code == 200


def test_the_sessions_of_a_late_conference_stay_within_its_day(
    client: Client, planner: User
) -> None:
    _add(client, kind="conference", opens="23:00", closes="23:30")
    assert [each.ends_at for each in Session.objects.all()] == [_at(20, 30), _at(23)]


def _at(hour: int, minute: int = 0) -> datetime:
    return datetime(2027, 3, 3, hour - 7, minute, tzinfo=UTC)


def _evening(**fields: Any) -> Fair:
    day = date(2027, 3, 5)
    values = {"kind": FairKind.ONLINE, "first_day": day, "last_day": day, "venue": None}
    evening = {**STREAMED, "opens": time(20), "closes": time(22), "attendance": "online"}
    return builders.make_fair(FairState.ANNOUNCED, **{**values, **evening, **fields})


def test_the_public_page_says_how_to_take_part(client: Client) -> None:
    fair = _evening()
    page = client.get(fair.public_url).content.decode()
    assert "20:00–22:00" in page
    assert 'href="https://live.example/ocop"' in page
    assert "Trực tuyến" in page
    fields: dict[str, Any] = {**AWAY, "delegation_size": 8}
    away = builders.make_fair(kind=FairKind.PARTICIPATION, **fields)
    page = client.get(away.public_url).content.decode()
    assert (AWAY["host"] in page, AWAY["host_stand"] in page) == (True, True)


def test_search_engines_learn_where_and_how() -> None:
    event = json.loads(describe_event(_evening()))
    assert event["eventAttendanceMode"] == "https://schema.org/OnlineEventAttendanceMode"
    assert event["location"] == {"@type": "VirtualLocation", "url": STREAMED["channel_url"]}
    assert event["startDate"] == "2027-03-05T20:00:00+07:00"
    assert event["endDate"] == "2027-03-05T22:00:00+07:00"
    both = builders.make_fair(attendance=Attendance.BOTH, channel_url="https://live.example/hai")
    event = json.loads(describe_event(both))
    assert event["eventAttendanceMode"] == "https://schema.org/MixedEventAttendanceMode"
    assert [place["@type"] for place in event["location"]] == ["Place", "VirtualLocation"]
    assert event["startDate"] == both.first_day.isoformat()


def test_a_calendar_has_the_hours_of_one_day_and_else_whole_days() -> None:
    long = {"last_day": date(2027, 3, 6)}
    fairs = [_evening(), _evening(**long), _evening(opens=None, closes=None)]
    events = Calendar.from_ical(draw_calendar(fairs, name="Hội chợ")).walk("VEVENT")
    assert [(each["dtstart"].dt, each["dtend"].dt) for each in events][1:] == [
        (date(2027, 3, 5), date(2027, 3, 7)),
        (date(2027, 3, 5), date(2027, 3, 6)),
    ]
    assert [moment.dt.astimezone(UTC) for moment in (events[0]["dtstart"], events[0]["dtend"])] == [
        datetime(2027, 3, 5, 13, tzinfo=UTC),
        datetime(2027, 3, 5, 15, tzinfo=UTC),
    ]
    assert (events[0]["location"], "transp" in events[0]) == (STREAMED["channel_url"], False)


def test_a_session_names_who_presents_it(client: Client, planner: User) -> None:
    _add(client, kind="conference")
    session = Session.objects.latest("pk")
    address = reverse("session_edit", args=[session.fair.code, session.pk])
    form = client.get(address).context["form"]
    sent = {k: v for k, v in form.initial.items() if v is not None}
    client.post(address, {**sent, "host": " Nguyễn  Thu Hà "})
    session.refresh_from_db()
    assert (session.host, session.version) == ("Nguyễn Thu Hà", 2)
    programme = reverse("programme", args=[session.fair.code])
    assert "Dẫn chương trình: Nguyễn Thu Hà" in client.get(programme).content.decode()
