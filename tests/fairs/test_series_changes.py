"""A series that is there: more fairs, another rule, days left out, its fairs announced."""

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
    SeriesContent,
    add_to_series,
    announce_drafts,
    create_series,
    edit_series,
    leave_out,
)
from fairs.models import Fair, Series, Stage
from fairs.queries.series import attached_to, days_of_series
from fairs.states import FairState
from tests import builders
from tests.fairs.series import (
    FRIDAYS,
    PLACES,
    RULE,
    base_of,
    confirm,
    make_evenings,
    page_of,
    send_new,
    states_of,
)

pytestmark = pytest.mark.django_db


def _content(series: Series, **changes: Any) -> SeriesContent:
    values = {name: getattr(series, name) for name in ("title", "title_en", "kind", "first_day")}
    exceptions = [date.fromisoformat(day) for day in series.exceptions]
    return SeriesContent(**{**values, "rule": series.rule, "exceptions": exceptions, **changes})


def test_fairs_are_added_like_the_last_one(client: Client, planner: User) -> None:
    series = make_evenings(client)
    sent = {**PLACES, **{f"form-{number}-attendance": "online" for number in range(5)}}
    sent["form-0-first_day"] = "03/03/2035"
    assert client.get(page_of(series, "series_add")).status_code == 200
    answer = confirm(client, client.post(page_of(series, "series_add"), sent))
    assert answer.url == page_of(series)
    fair = series.fairs.get(series_day=None)
    assert (fair.title, fair.short_title, fair.opens) == (
        "Chợ đêm trên mây – 03/03/2035",
        "Chợ đêm 03/03/2035",
        time(20),
    )


def test_another_rule_adds_missing_days_and_leaves_what_was_touched(
    client: Client, planner: User
) -> None:
    series = make_evenings(client)
    moved, announced, used, _untouched = series.fairs.order_by("series_day")
    Fair.objects.filter(pk=moved.pk).update(
        first_day=moved.first_day + timedelta(days=1), last_day=moved.first_day + timedelta(days=1)
    )
    Fair.objects.filter(pk=announced.pk).update(state=FairState.ANNOUNCED)
    Stage.objects.create(fair=used, name="Sân khấu")
    version = series.version
    sent = {**RULE, "weekdays": ["5"], "version": str(version)}
    preview = client.post(page_of(series, "series_edit"), sent)
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
    confirm(client, preview)
    series.refresh_from_db()
    assert series.version == version + 1
    assert sorted(states_of(series)) == [date(2035, 2, day) for day in (2, 3, 9, 10, 16, 17, 24)]
    event = AuditEvent.objects.get(verb="fairs.series_edited")
    assert event.facts["removed"] == ["cho-dem-tren-may-2035-02-23"]
    assert len(event.facts["added"]) == 4
    added = series.fairs.get(series_day=date(2035, 2, 24))
    assert (added.register_code, added.channel) == ("CDM240235", RULE["channel"])


def test_saving_the_same_rule_changes_nothing(client: Client, planner: User) -> None:
    series = make_evenings(client)
    form = client.get(page_of(series, "series_edit")).context["form"]
    assert (form["until"].value(), form["weekdays"].value()) == (date(2035, 2, 28), [4])
    edit_series(series=series, version=1, content=_content(series), actor=planner)
    series.refresh_from_db()
    assert (series.version, series.fairs.count()) == (1, 4)
    assert not AuditEvent.objects.filter(verb="fairs.series_edited").exists()


def test_the_second_of_two_who_save_is_told_and_loses_nothing(
    client: Client, planner: User
) -> None:
    series = make_evenings(client)
    content = _content(series, rule="FREQ=WEEKLY;BYDAY=FR;COUNT=2")
    edit_series(series=series, version=1, content=content, actor=planner)
    with pytest.raises(StaleState):
        edit_series(series=series, version=1, content=content, actor=planner)
    sent = {**RULE, "title": "Chợ phiên đêm", "version": "1"}
    answer = confirm(client, client.post(page_of(series, "series_edit"), sent))
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Trong lúc đó đã có người khác lưu chuỗi này." in page
    assert "tất cả 2 lần" in page
    assert answer.context["form"]["title"].value() == "Chợ phiên đêm"
    series.refresh_from_db()
    assert (series.title, series.version) == (RULE["title"], 2)
    sent["version"] = answer.context["form"]["version"].value()
    confirm(client, client.post(page_of(series, "series_edit"), sent))
    series.refresh_from_db()
    assert (series.title, series.version, series.fairs.count()) == ("Chợ phiên đêm", 3, 4)


def test_a_series_without_a_rule_can_be_renamed(client: Client, planner: User) -> None:
    rows = {"form-0-first_day": "05/03/2035", "form-0-attendance": "online"}
    confirm(client, send_new(client, "places", PLACES, **rows))
    series = Series.objects.get()
    client.post(page_of(series, "series_edit"), {"title": "Tuần hàng mới", "version": "1"})
    series.refresh_from_db()
    assert (series.title, series.rule) == ("Tuần hàng mới", "")
    with pytest.raises(DomainError) as refused:
        leave_out(series=series, day=date(2035, 3, 5), actor=planner)
    assert refused.value.code == "series.no_rule"


def test_a_draft_goes_with_the_day_that_is_left_out(client: Client, planner: User) -> None:
    series = make_evenings(client)
    client.post(page_of(series, "series_leave_out"), {"day": "2035-02-09"})
    series.refresh_from_db()
    assert series.exceptions == ["2035-02-09"]
    assert sorted(states_of(series)) == [FRIDAYS[0], *FRIDAYS[2:]] == days_of_series(series)
    event = AuditEvent.objects.get(verb="fairs.deleted")
    assert (event.subject, event.actor) == ("cho-dem-tren-may-2035-02-09", planner)
    assert "Nghỉ: 09/02/2035" in client.get(page_of(series)).content.decode()


def test_an_announced_fair_of_a_day_left_out_is_cancelled_for_a_reason(
    client: Client, planner: User
) -> None:
    series = make_evenings(client)
    series.fairs.filter(series_day=FRIDAYS[1]).update(state=FairState.ANNOUNCED)
    answer = client.post(page_of(series, "series_leave_out"), {"day": "2035-02-09"})
    assert (answer.status_code, answer.context["form"].errors) == (
        422,
        {"reason": ["Hãy ghi lý do hủy hội chợ."]},
    )
    series.refresh_from_db()
    assert series.exceptions == []
    sent = {"day": "2035-02-09", "reason": "Nghỉ Tết"}
    client.post(page_of(series, "series_leave_out"), sent)
    fair = series.fairs.get(series_day=FRIDAYS[1])
    assert (fair.state, fair.state_reason) == (FairState.CANCELLED, "Nghỉ Tết")


def test_only_days_of_the_rule_are_left_out_and_never_the_last_one(planner: User) -> None:
    content = SeriesContent(
        title="Chợ đêm", first_day=FRIDAYS[0], rule="FREQ=WEEKLY;BYDAY=FR;COUNT=2"
    )
    series = create_series(content=content, base=base_of(), actor=planner)
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
    series = make_evenings(client)
    used = series.fairs.get(series_day=FRIDAYS[0])
    Stage.objects.create(fair=used, name="Sân khấu")
    assert attached_to(list(series.fairs.all())) == {used.pk}
    cancelled = leave_out(series=series, day=FRIDAYS[0], actor=planner, reason="Mưa")
    assert cancelled == used


def test_all_coming_drafts_are_announced_at_once(client: Client, planner: User) -> None:
    series = make_evenings(client)
    past = timezone.localdate() - timedelta(days=9)
    Fair.objects.filter(series_day=FRIDAYS[0]).update(first_day=past, last_day=past)
    Fair.objects.filter(series_day=FRIDAYS[1]).update(state=FairState.CANCELLED)
    client.post(page_of(series, "series_announce"))
    assert list(states_of(series).values()) == ["draft", "cancelled", "announced", "announced"]
    assert announce_drafts(series=series, actor=planner) == ([], {})


def test_a_fair_says_which_series_it_is_part_of(client: Client, planner: User) -> None:
    series = make_evenings(client)
    first = series.fairs.get(series_day=FRIDAYS[0])
    assert page_of(series) in client.get(first.desk_url).content.decode()
    series.fairs.exclude(series_day=FRIDAYS[3]).update(state=FairState.ANNOUNCED)
    answer = client.get(first.public_url)
    assert "Thuộc chuỗi “Chợ đêm trên mây”" in answer.content.decode()
    assert [fair.series_day for fair in answer.context["others"]] == FRIDAYS[1:3]


def test_strangers_change_nothing(client: Client, planner: User) -> None:
    series = make_evenings(client)
    before = AuditEvent.objects.count()
    fair = series.fairs.first()
    for user in (builders.make_organiser(fair), builders.make_user(role="viewer", fair=fair)):
        client.force_login(user)
        assert client.get(page_of(series)).status_code == 200
        for name in ("series_edit", "series_add", "series_leave_out", "series_announce"):
            assert client.post(page_of(series, name), RULE).status_code == 403
        for refused in (
            lambda user=user: edit_series(
                series=series, version=1, content=_content(series), actor=user
            ),
            lambda user=user: create_series(content=_content(series), base=base_of(), actor=user),
            lambda user=user: add_to_series(series=series, entries=[], actor=user),
            lambda user=user: leave_out(series=series, day=FRIDAYS[0], actor=user),
            lambda user=user: announce_drafts(series=series, actor=user),
        ):
            with pytest.raises(NotAllowed):
                refused()
    client.force_login(builders.make_organiser(builders.make_fair(first_day=date(2035, 5, 1))))
    assert client.get(page_of(series)).status_code == 404
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
            confirm(client, send_new(client, "rule", RULE))
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
