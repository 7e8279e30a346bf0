"""Series: an evening that comes again, trade weeks at several malls, and what becomes of them."""

from datetime import date, time
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from core.audit import AuditEvent
from core.errors import DomainError
from fairs.actions.series import (
    SeriesContent,
    create_series,
)
from fairs.models import Attendance, Fair, Series
from tests import builders
from tests.fairs.series import (
    FRIDAYS,
    PLACES,
    RULE,
    base_of,
    confirm,
    make_evenings,
    send_new,
    states_of,
)

pytestmark = pytest.mark.django_db


def test_a_rule_is_previewed_and_writes_a_draft_for_each_of_its_days(
    client: Client, planner: User
) -> None:
    preview = send_new(client, "rule", RULE)
    assert preview.status_code == 200
    assert [day.day for day in preview.context["days"]] == FRIDAYS
    assert Fair.objects.count() == Series.objects.count() == 0
    series = make_evenings(client)
    assert (series.code, series.rule) == (
        "cho-dem-tren-may",
        "FREQ=WEEKLY;BYDAY=FR;UNTIL=20350228",
    )
    assert states_of(series) == dict.fromkeys(FRIDAYS, "draft")
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
    page = send_new(client, "rule", RULE).content.decode()
    assert "25 tháng Chạp" in page
    assert page.count(" Mùng 2 Tết</span>") == 1


def test_what_was_changed_after_the_preview_is_previewed_again(
    client: Client, planner: User
) -> None:
    seal = send_new(client, "rule", RULE).context["seal"]
    again = send_new(client, "rule", RULE, weekdays=["5"], confirm=seal)
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
    answer = send_new(client, "rule", RULE, **changes)
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
        create_series(content=content, base=base_of(), actor=planner)
    assert refused.value.code == "plan.missing"
    assert (Series.objects.count(), Fair.objects.count()) == (0, 1)


def test_two_series_of_one_title_get_codes_of_their_own(client: Client, planner: User) -> None:
    make_evenings(client)
    confirm(client, send_new(client, "rule", RULE, exceptions="09/02/2035"))
    assert sorted(Series.objects.values_list("code", flat=True)) == [
        "cho-dem-tren-may",
        "cho-dem-tren-may-2",
    ]
    codes = list(Fair.objects.values_list("code", flat=True))
    assert (len(codes), len(set(codes))) == (7, 7)
    assert confirm(client, send_new(client, "rule", RULE, title="New")).url.endswith("/new-2/")


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
    preview = send_new(client, "places", PLACES, **rows)
    assert (preview.status_code, Fair.objects.count()) == (200, 0)
    confirm(client, preview)
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
    answer = send_new(client, "places", PLACES, **rows)
    assert (answer.status_code, Series.objects.count()) == (422, 0)
    assert sentence in answer.content.decode()


def test_more_rows_keep_what_was_typed(client: Client, planner: User) -> None:
    answer = send_new(client, "places", PLACES, **{"form-0-first_day": "05/03/2035", "more": "1"})
    rows = answer.context["rows"]
    assert (answer.status_code, len(rows.forms)) == (200, 10)
    assert rows.forms[0]["first_day"].value() == "05/03/2035"
    shown, _template, _kept_for_bad_network = answer.content.decode().partition("<template")
    assert 'role="alert"' not in shown
