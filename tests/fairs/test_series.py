"""Series: an evening that comes again, trade weeks at several malls, and what becomes of them."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from core.audit import AuditEvent
from core.errors import DomainError, NotAllowed, StaleState
from fairs.actions.series import (
    Base,
    SeriesContent,
    add_to_series,
    announce_drafts,
    base_values,
    create_series,
    edit_series,
    leave_out,
)
from fairs.models import Attendance, Fair, Series, Stage
from fairs.queries.series import attached_to, days_of_series
from fairs.states import FairState
from tests import builders

pytestmark = pytest.mark.django_db

FRIDAYS = [date(2035, 2, day) for day in (2, 9, 16, 23)]
RULE = {
    "title": "Chợ đêm trên mây",
    "title_en": "Night market in the clouds",
    "short_title": "Chợ đêm",
    "register_code": "CDM",
    "opens": "20:00",
    "closes": "22:00",
    "channel": "OCOP Hà Nội",
    "channel_url": "https://live.example/ocop",
    "first_day": "01/02/2035",
    "every": "1",
    "step": "WEEKLY",
    "weekdays": ["4"],
    "until": "28/02/2035",
}
PLACES = {
    "title": "Tuần hàng OCOP",
    "short_title": "Tuần hàng",
    "register_code": "TH35",
    "form-TOTAL_FORMS": "5",
    "form-INITIAL_FORMS": "0",
    **{f"form-{number}-attendance": "on_site" for number in range(5)},
}


@pytest.fixture
def planner(client: Client) -> User:
    """An organiser of the whole office, signed in, with a plan of 2035."""
    builders.make_plan(2035, decision_number="12/QĐ-UBND")
    user = builders.make_organiser()
    client.force_login(user)
    return user


def _new(client: Client, way: str, sent: dict[str, Any], **more: Any) -> Any:
    address = reverse("series_new", args=[2035]) + f"?way={way}"
    return client.post(address, {**sent, **more})


def _confirm(client: Client, preview: Any) -> Any:
    """Press the button that the preview has."""
    request = preview.wsgi_request
    sent = {**{name: request.POST.getlist(name) for name in request.POST}}
    address = request.get_full_path()
    return client.post(address, {**sent, "confirm": preview.context["seal"]})


def _evenings(client: Client, **more: Any) -> Series:
    answer = _confirm(client, _new(client, "rule", RULE, **more))
    assert answer.status_code == 302
    return Series.objects.get()


def _page(series: Series, name: str = "series_page") -> str:
    return reverse(name, args=[2035, series.code])


def _states(series: Series) -> dict[date, str]:
    return {fair.series_day: fair.state for fair in series.fairs.all() if fair.series_day}


def _content(series: Series, **changes: Any) -> SeriesContent:
    values = {name: getattr(series, name) for name in ("title", "title_en", "kind", "first_day")}
    exceptions = [date.fromisoformat(day) for day in series.exceptions]
    return SeriesContent(**{**values, "rule": series.rule, "exceptions": exceptions, **changes})


def test_a_rule_is_previewed_and_writes_a_draft_for_each_of_its_days(
    client: Client, planner: User
) -> None:
    preview = _new(client, "rule", RULE)
    assert preview.status_code == 200
    assert [day.day for day in preview.context["days"]] == FRIDAYS
    assert Fair.objects.count() == Series.objects.count() == 0
    series = _evenings(client)
    assert (series.code, series.rule) == (
        "cho-dem-tren-may",
        "FREQ=WEEKLY;BYDAY=FR;UNTIL=20350228",
    )
    assert _states(series) == dict.fromkeys(FRIDAYS, "draft")
    fair = series.fairs.first()
    assert fair is not None
    assert (fair.code, fair.title, fair.title_en, fair.short_title, fair.register_code) == (
        "cho-dem-tren-may-2035-02-02",
        "Chợ đêm trên mây – 02/02/2035",
        "Night market in the clouds – 02/02/2035",
        "Chợ đêm 02/02/2035",
        "CDM020235",
    )
    assert (fair.kind, fair.attendance, fair.opens, fair.last_day, fair.plan.year) == (
        *("online", Attendance.ONLINE, time(20)),
        *(FRIDAYS[0], 2035),
    )
    verbs = list(AuditEvent.objects.order_by("pk").values_list("verb", "actor"))
    assert verbs == [("fairs.created", planner.pk)] * 4 + [("fairs.series_created", planner.pk)]


def test_the_preview_shows_the_lunar_date_and_tet(client: Client, planner: User) -> None:
    # Tết of 2035 is on 8 February.
    page = _new(client, "rule", RULE).content.decode()
    assert "25 tháng Chạp" in page
    assert page.count(" Mùng 2 Tết</span>") == 1


def test_what_was_changed_after_the_preview_is_previewed_again(
    client: Client, planner: User
) -> None:
    seal = _new(client, "rule", RULE).context["seal"]
    again = _new(client, "rule", RULE, weekdays=["5"], confirm=seal)
    assert (again.status_code, len(again.context["days"])) == (200, 4)
    assert Series.objects.count() == 0


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        (
            {"until": ""},
            "until",
            "Hãy ghi khi nào chuỗi kết thúc: vào ngày nào, hoặc sau bao nhiêu lần.",
        ),
        ({"until": "31/01/2035"}, "until", "Chuỗi kết thúc trước khi bắt đầu."),
        ({"until": "29/02/2035"}, "until", "Hãy nhập ngày hợp lệ, ví dụ 05/12/2026."),
        (
            {"until": "01/02/2035"},
            "until",
            "Không còn ngày nào: sẽ không có buổi nào được tổ chức.",
        ),
        ({"times": "4"}, "times", "Chỉ ghi ngày cuối hoặc số lần, không ghi cả hai."),
        ({"weekdays": []}, "weekdays", "Hãy chọn ít nhất một thứ trong tuần."),
        (
            {"until": "28/02/2045"},
            "until",
            "Quy tắc này cho hơn 200 ngày. Hãy cho chuỗi kết thúc sớm hơn.",
        ),
        ({"until": "31/12/2036"}, "until", "Chưa có kế hoạch năm 2036."),
        (
            {"exceptions": "09/02/2035, 10/02/2035"},
            "exceptions",
            "Những ngày này vốn không nằm trong chuỗi: 10/02/2035.",
        ),
        (
            {"exceptions": "29/02/2035"},
            "exceptions",
            "“29/02/2035” không phải là ngày hợp lệ. "
            "Hãy ghi theo dạng ngày/tháng/năm, ví dụ 05/12/2026.",
        ),
        ({"closes": "19:00"}, "closes", "Giờ đóng cửa phải sau giờ mở cửa."),
    ],
)
def test_what_is_wrong_with_a_rule_is_told_at_its_field_and_kept(
    client: Client, planner: User, changes: dict[str, Any], field: str, sentence: str
) -> None:
    answer = _new(client, "rule", RULE, **changes)
    assert answer.status_code == 422
    assert answer.context["form"].errors == {field: [sentence]}
    assert answer.context["form"]["title"].value() == RULE["title"]
    assert Series.objects.count() == Fair.objects.count() == 0


def test_the_action_refuses_a_year_without_a_plan_and_writes_nothing(planner: User) -> None:
    content = SeriesContent(
        title="Chợ đêm", first_day=date(2035, 12, 28), rule="FREQ=WEEKLY;BYDAY=FR;COUNT=2"
    )
    builders.make_fair()
    with pytest.raises(DomainError) as refused:
        create_series(content=content, base=_base(), actor=planner)
    assert refused.value.code == "plan.missing"
    assert (Series.objects.count(), Fair.objects.count()) == (0, 1)


def _base() -> Any:
    return Base(values=base_values("online"), short_title="Chợ đêm", register_code="CDM")


def test_two_series_of_one_title_get_codes_of_their_own(client: Client, planner: User) -> None:
    _evenings(client)
    _confirm(client, _new(client, "rule", RULE, exceptions="09/02/2035"))
    assert sorted(Series.objects.values_list("code", flat=True)) == [
        "cho-dem-tren-may",
        "cho-dem-tren-may-2",
    ]
    codes = list(Fair.objects.values_list("code", flat=True))
    assert (len(codes), len(set(codes))) == (7, 7)
    assert _confirm(client, _new(client, "rule", RULE, title="New")).url.endswith("/new-2/")


def test_trade_weeks_are_written_row_by_row(client: Client, planner: User) -> None:
    first, second = builders.make_venue(short_name="AEON"), builders.make_venue(short_name="Big C")
    rows = {
        "form-0-venue": first.code,
        "form-0-first_day": "05/03/2035",
        "form-1-venue": second.code,
        "form-1-first_day": "12/03/2035",
        "form-1-last_day": "14/03/2035",
        "form-1-attendance": "both",
        "form-3-first_day": "19/03/2035",
        "form-3-attendance": "online",
        "channel": "OCOP Hà Nội",
    }
    preview = _new(client, "places", PLACES, **rows)
    assert (preview.status_code, Fair.objects.count()) == (200, 0)
    _confirm(client, preview)
    series = Series.objects.get()
    assert (series.rule, series.first_day) == ("", None)
    assert list(
        series.fairs.values_list(
            *("title", "venue__short_name", "first_day", "last_day", "attendance", "channel")
        )
    ) == [
        ("Tuần hàng OCOP – AEON", "AEON", date(2035, 3, 5), date(2035, 3, 9), "on_site", ""),
        (
            *("Tuần hàng OCOP – Big C", "Big C", date(2035, 3, 12), date(2035, 3, 14)),
            *("both", "OCOP Hà Nội"),
        ),
        (
            *("Tuần hàng OCOP – trực tuyến", None, date(2035, 3, 19), date(2035, 3, 23)),
            *("online", "OCOP Hà Nội"),
        ),
    ]
    assert set(series.fairs.values_list("decision_number", flat=True)) == {"12/QĐ-UBND"}
    assert len(set(series.fairs.values_list("register_code", flat=True))) == 3


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ({}, "Hãy điền ít nhất một dòng."),
        ({"form-0-venue": "x"}, "Hãy chọn một mục trong danh sách; “x” không có trong đó."),
        ({"form-0-last_day": "05/03/2035"}, "Hãy ghi ngày đầu của dòng này."),
        (
            {"form-0-first_day": "05/03/2035"},
            "Hãy chọn địa điểm, hoặc chọn hình thức trực tuyến.",
        ),
        ({"form-0-first_day": "29/02/2035"}, "Hãy nhập ngày hợp lệ"),
        (
            {
                "form-0-first_day": "05/03/2035",
                "form-0-last_day": "04/03/2035",
                "form-0-attendance": "online",
            },
            "Ngày cuối đứng trước ngày đầu.",
        ),
        (
            {"form-0-first_day": "05/03/2036", "form-0-attendance": "online"},
            "Chưa có kế hoạch năm 2036.",
        ),
        (
            {
                f"form-{number}-{name}": value
                for number in (0, 1)
                for name, value in (("first_day", "05/03/2035"), ("attendance", "online"))
            },
            "Có hai dòng trùng cả địa điểm và ngày đầu.",
        ),
        ({"form-TOTAL_FORMS": "abc"}, ""),
    ],
)
def test_what_is_wrong_with_a_row_is_told(
    client: Client, planner: User, rows: dict[str, str], sentence: str
) -> None:
    answer = _new(client, "places", PLACES, **rows)
    assert (answer.status_code, Series.objects.count()) == (422, 0)
    assert sentence in answer.content.decode()


def test_more_rows_keep_what_was_typed(client: Client, planner: User) -> None:
    answer = _new(client, "places", PLACES, **{"form-0-first_day": "05/03/2035", "more": "1"})
    rows = answer.context["rows"]
    assert (answer.status_code, len(rows.forms)) == (200, 10)
    assert rows.forms[0]["first_day"].value() == "05/03/2035"
    assert 'role="alert"' not in answer.content.decode()


def test_fairs_are_added_like_the_last_one(client: Client, planner: User) -> None:
    series = _evenings(client)
    sent = {**PLACES, **{f"form-{number}-attendance": "online" for number in range(5)}}
    sent["form-0-first_day"] = "03/03/2035"
    assert client.get(_page(series, "series_add")).status_code == 200
    answer = _confirm(client, client.post(_page(series, "series_add"), sent))
    assert answer.url == _page(series)
    fair = series.fairs.get(series_day=None)
    assert (fair.title, fair.short_title, fair.opens) == (
        "Chợ đêm trên mây – 03/03/2035",
        "Chợ đêm 03/03/2035",
        time(20),
    )


def test_another_rule_adds_missing_days_and_leaves_what_was_touched(
    client: Client, planner: User
) -> None:
    series = _evenings(client)
    moved, announced, used, _untouched = series.fairs.order_by("series_day")
    Fair.objects.filter(pk=moved.pk).update(
        first_day=moved.first_day + timedelta(days=1), last_day=moved.first_day + timedelta(days=1)
    )
    Fair.objects.filter(pk=announced.pk).update(state=FairState.ANNOUNCED)
    Stage.objects.create(fair=used, name="Sân khấu")
    version = series.version
    sent = {**RULE, "weekdays": ["5"], "version": str(version)}
    preview = client.post(_page(series, "series_edit"), sent)
    assert [(day.day.day, day.status.value) for day in preview.context["days"]] == [
        (2, "kept"),
        (3, "new"),
        (9, "kept"),
        (10, "new"),
        (16, "kept"),
        (17, "new"),
        (23, "dropped"),
        (24, "new"),
    ]
    _confirm(client, preview)
    series.refresh_from_db()
    assert series.version == version + 1
    assert sorted(_states(series)) == [date(2035, 2, day) for day in (2, 3, 9, 10, 16, 17, 24)]
    event = AuditEvent.objects.get(verb="fairs.series_edited")
    assert event.facts["removed"] == ["cho-dem-tren-may-2035-02-23"]
    assert len(event.facts["added"]) == 4
    added = series.fairs.get(series_day=date(2035, 2, 24))
    assert (added.register_code, added.channel) == ("CDM240235", RULE["channel"])


def test_saving_the_same_rule_changes_nothing(client: Client, planner: User) -> None:
    series = _evenings(client)
    form = client.get(_page(series, "series_edit")).context["form"]
    assert (form["until"].value(), form["weekdays"].value()) == (date(2035, 2, 28), [4])
    edit_series(series=series, version=1, content=_content(series), actor=planner)
    series.refresh_from_db()
    assert (series.version, series.fairs.count()) == (1, 4)
    assert not AuditEvent.objects.filter(verb="fairs.series_edited").exists()


def test_the_second_of_two_who_save_is_told_and_loses_nothing(
    client: Client, planner: User
) -> None:
    series = _evenings(client)
    content = _content(series, rule="FREQ=WEEKLY;BYDAY=FR;COUNT=2")
    edit_series(series=series, version=1, content=content, actor=planner)
    with pytest.raises(StaleState):
        edit_series(series=series, version=1, content=content, actor=planner)
    sent = {**RULE, "title": "Chợ phiên đêm", "version": "1"}
    answer = _confirm(client, client.post(_page(series, "series_edit"), sent))
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Trong lúc đó đã có người khác lưu chuỗi này." in page
    assert "tất cả 2 lần" in page
    assert answer.context["form"]["title"].value() == "Chợ phiên đêm"
    series.refresh_from_db()
    assert (series.title, series.version) == (RULE["title"], 2)
    sent["version"] = answer.context["form"]["version"].value()
    _confirm(client, client.post(_page(series, "series_edit"), sent))
    series.refresh_from_db()
    assert (series.title, series.version, series.fairs.count()) == ("Chợ phiên đêm", 3, 4)


def test_a_series_without_a_rule_can_be_renamed(client: Client, planner: User) -> None:
    rows = {"form-0-first_day": "05/03/2035", "form-0-attendance": "online"}
    _confirm(client, _new(client, "places", PLACES, **rows))
    series = Series.objects.get()
    client.post(_page(series, "series_edit"), {"title": "Tuần hàng mới", "version": "1"})
    series.refresh_from_db()
    assert (series.title, series.rule) == ("Tuần hàng mới", "")
    with pytest.raises(DomainError) as refused:
        leave_out(series=series, day=date(2035, 3, 5), actor=planner)
    assert refused.value.code == "series.no_rule"


def test_a_draft_goes_with_the_day_that_is_left_out(client: Client, planner: User) -> None:
    series = _evenings(client)
    client.post(_page(series, "series_leave_out"), {"day": "2035-02-09"})
    series.refresh_from_db()
    assert series.exceptions == ["2035-02-09"]
    assert sorted(_states(series)) == [FRIDAYS[0], *FRIDAYS[2:]] == days_of_series(series)
    event = AuditEvent.objects.get(verb="fairs.deleted")
    assert (event.subject, event.actor) == ("cho-dem-tren-may-2035-02-09", planner)
    assert "Nghỉ: 09/02/2035" in client.get(_page(series)).content.decode()


def test_an_announced_fair_of_a_day_left_out_is_cancelled_for_a_reason(
    client: Client, planner: User
) -> None:
    series = _evenings(client)
    series.fairs.filter(series_day=FRIDAYS[1]).update(state=FairState.ANNOUNCED)
    answer = client.post(_page(series, "series_leave_out"), {"day": "2035-02-09"})
    assert (answer.status_code, answer.context["form"].errors) == (
        422,
        {"reason": ["Hãy ghi lý do hủy hội chợ."]},
    )
    series.refresh_from_db()
    assert series.exceptions == []
    sent = {"day": "2035-02-09", "reason": "Nghỉ Tết"}
    client.post(_page(series, "series_leave_out"), sent)
    fair = series.fairs.get(series_day=FRIDAYS[1])
    assert (fair.state, fair.state_reason) == (FairState.CANCELLED, "Nghỉ Tết")


def test_only_days_of_the_rule_are_left_out_and_never_the_last_one(planner: User) -> None:
    content = SeriesContent(
        title="Chợ đêm", first_day=FRIDAYS[0], rule="FREQ=WEEKLY;BYDAY=FR;COUNT=2"
    )
    series = create_series(content=content, base=_base(), actor=planner)
    Fair.objects.filter(series_day=FRIDAYS[1]).update(state=FairState.CLOSED)
    for day, code in (
        (FRIDAYS[2], "recurrence.not_its_day"),
        (FRIDAYS[1], "series.day_over"),
    ):
        with pytest.raises(DomainError) as refused:
            leave_out(series=series, day=day, actor=planner, reason="Mưa")
        assert refused.value.code == code
    leave_out(series=series, day=FRIDAYS[0], actor=planner)
    with pytest.raises(DomainError) as refused:
        leave_out(series=series, day=FRIDAYS[1], actor=planner, reason="Mưa")
    assert refused.value.code == "recurrence.no_day"


def test_a_draft_that_something_belongs_to_is_cancelled_rather_than_lost(
    client: Client, planner: User
) -> None:
    series = _evenings(client)
    used = series.fairs.get(series_day=FRIDAYS[0])
    Stage.objects.create(fair=used, name="Sân khấu")
    assert attached_to(list(series.fairs.all())) == {used.pk}
    cancelled = leave_out(series=series, day=FRIDAYS[0], actor=planner, reason="Mưa")
    assert cancelled == used


def test_all_coming_drafts_are_announced_at_once(client: Client, planner: User) -> None:
    series = _evenings(client)
    past = timezone.localdate() - timedelta(days=9)
    Fair.objects.filter(series_day=FRIDAYS[0]).update(first_day=past, last_day=past)
    Fair.objects.filter(series_day=FRIDAYS[1]).update(state=FairState.CANCELLED)
    client.post(_page(series, "series_announce"))
    assert list(_states(series).values()) == ["draft", "cancelled", "announced", "announced"]
    assert announce_drafts(series=series, actor=planner) == ([], {})


def test_a_fair_says_which_series_it_is_part_of(client: Client, planner: User) -> None:
    series = _evenings(client)
    first = series.fairs.get(series_day=FRIDAYS[0])
    assert _page(series) in client.get(first.desk_url).content.decode()
    series.fairs.exclude(series_day=FRIDAYS[3]).update(state=FairState.ANNOUNCED)
    answer = client.get(first.public_url)
    assert "Thuộc chuỗi “Chợ đêm trên mây”" in answer.content.decode()
    assert [fair.series_day for fair in answer.context["others"]] == FRIDAYS[1:3]


def test_strangers_change_nothing(client: Client, planner: User) -> None:
    series = _evenings(client)
    before = AuditEvent.objects.count()
    fair = series.fairs.first()
    for user in (builders.make_organiser(fair), builders.make_user(role="viewer", fair=fair)):
        client.force_login(user)
        assert client.get(_page(series)).status_code == 200
        for name in ("series_edit", "series_add", "series_leave_out", "series_announce"):
            assert client.post(_page(series, name), RULE).status_code == 403
        for refused in (
            lambda user=user: edit_series(
                series=series, version=1, content=_content(series), actor=user
            ),
            lambda user=user: create_series(content=_content(series), base=_base(), actor=user),
            lambda user=user: add_to_series(series=series, entries=[], actor=user),
            lambda user=user: leave_out(series=series, day=FRIDAYS[0], actor=user),
            lambda user=user: announce_drafts(series=series, actor=user),
        ):
            with pytest.raises(NotAllowed):
                refused()
    client.force_login(builders.make_organiser(builders.make_fair(first_day=date(2035, 5, 1))))
    assert client.get(_page(series)).status_code == 404
    assert client.get(reverse("series_list", args=[2035])).context["rows"] == []
    assert AuditEvent.objects.count() == before


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_list_takes_as_many_queries_for_three_series_as_for_one(
    client: Client,
    planner: User,
    language: str,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    client.cookies["django_language"] = language
    address = reverse("series_list", args=[2035])
    for count in (1, 3):
        while Series.objects.count() < count:
            _confirm(client, _new(client, "rule", RULE))
        with django_assert_num_queries(7):
            rows = client.get(address).context["rows"]
        assert [(each.fair_count, each.next_day) for each, _rule in rows] == [
            (4, FRIDAYS[0])
        ] * count
    words = {
        "vi": "Hằng tuần vào Thứ 6, từ 01/02/2035, đến 28/02/2035",
        "en": "Weekly on Friday, from 01/02/2035, until 28/02/2035",
    }
    assert rows[0][1] == words[language]
    for way in ("", "?way=rule", "?way=places"):
        assert client.get(reverse("series_new", args=[2035]) + way).status_code == 200
