"""A plan by year, month, week and as a list; a fair is moved to other days."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

import pytest
import time_machine
from django.db.models import F
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from core.audit import AuditEvent
from core.errors import DomainError, NotAllowed, StaleState
from fairs import queries, rendering
from fairs.actions import shift_fair
from fairs.models import Fair, FairKind, Hall, Session, SessionKind, Stage, Team
from fairs.queries import Span
from fairs.states import MOVABLE, FairState
from tests import builders

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 21)
VIEWS = [
    ("plan_year", [2026]),
    ("plan_month", [2026, 12]),
    ("plan_week", [2026, 49]),
    ("plan_list", [2026]),
]


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 11, 21, 9, tzinfo=timezone.get_default_timezone())):
        yield


@pytest.fixture
def fair() -> Fair:
    """A fair from Wednesday 02/12/2026 with one session on its first morning."""
    made = builders.make_fair(first_day=date(2026, 12, 2), short_title="Tuần hàng 5")
    _add_session(made)
    return made


def _add_session(fair: Fair) -> Session:
    stage, _made = Stage.objects.get_or_create(fair=fair, name="Sân khấu chính")
    start = timezone.make_aware(datetime.combine(fair.first_day, datetime.min.time()))
    return Session.objects.create(
        fair=fair,
        stage=stage,
        kind=SessionKind.OPENING,
        title="Lễ khai mạc",
        starts_at=start + timedelta(hours=8),
        ends_at=start + timedelta(hours=9),
    )


def _clash_with(fair: Fair, **fields: object) -> Fair:
    return builders.make_fair(
        FairState.DRAFT, venue=fair.venue, first_day=fair.first_day + timedelta(days=2), **fields
    )


def _main(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode().partition("<main")[2]


# The views


@pytest.mark.parametrize(("name", "parts"), VIEWS)
def test_every_view_shows_the_fair_its_conflict_and_a_way_out(
    client: Client, fair: Fair, name: str, parts: list[int]
) -> None:
    other = _clash_with(fair, short_title="Hội làng nghề")
    client.force_login(builders.make_organiser())
    page = _main(client, reverse(name, args=parts))
    assert fair.short_title in page
    assert "Trùng địa điểm" in page
    assert "Tuần hàng 5 và Hội làng nghề dùng cùng một địa điểm." in page
    assert f"{reverse('fair_shift', args=[other.code])}?first_day=2026-12-11" in page
    assert reverse("fair_shift", args=[fair.code]) in page
    client.cookies["django_language"] = "en"
    page = _main(client, reverse(name, args=parts))
    assert "Same place" in page
    assert "Hold Hội làng nghề on other days:" in page


@pytest.mark.parametrize(("name", "parts"), VIEWS)
def test_every_view_is_narrowed_by_venue_and_kind(
    client: Client, fair: Fair, name: str, parts: list[int]
) -> None:
    online = builders.make_fair(
        first_day=date(2026, 12, 3), kind=FairKind.ONLINE, short_title="Chợ đêm trên mây"
    )
    client.force_login(builders.make_organiser())
    address = reverse(name, args=parts)
    for query, shown in (
        ({"venue": fair.venue.code}, [True, False]),
        ({"kind": "online"}, [False, True]),
        ({"kind": "online", "venue": fair.venue.code}, [False, False]),
        ({"kind": "Đ" * 300, "venue": "nowhere"}, [False, False]),
    ):
        page = client.get(address, query).content.decode().partition("<main")[2]
        assert [each.desk_url in page for each in (fair, online)] == shown


@pytest.mark.parametrize(("name", "parts"), VIEWS)
@pytest.mark.parametrize("count", [1, 3])
def test_every_view_costs_the_same_for_one_and_three(
    client: Client,
    name: str,
    parts: list[int],
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    client.force_login(builders.make_organiser())
    venue, team = builders.make_venue(), Team.objects.create(name="Tổ 1")
    hall = Hall.objects.create(venue=venue, name="Sảnh A")
    for _number in range(count):
        made = builders.make_fair(first_day=date(2026, 12, 2), venue=venue, hall=hall, team=team)
        _add_session(made)
    reads = {"plan_year": 23, "plan_month": 13, "plan_week": 14, "plan_list": 13}[name]
    with django_assert_num_queries(reads):
        client.get(reverse(name, args=parts))


@pytest.mark.parametrize(("name", "parts"), VIEWS)
def test_a_reader_sees_the_plan_without_the_ways_to_change_it(
    client: Client, fair: Fair, name: str, parts: list[int]
) -> None:
    _clash_with(fair)
    client.force_login(builders.make_user(role="viewer"))
    page = _main(client, reverse(name, args=parts))
    assert fair.short_title in page
    assert "/shift/" not in page
    client.force_login(builders.make_user())
    assert client.get(reverse(name, args=parts)).status_code == 404


def test_a_fair_that_the_reader_may_not_see_has_no_name(client: Client, fair: Fair) -> None:
    _clash_with(fair, title="Hội kín", short_title="Hội kín")
    client.force_login(builders.make_organiser(fair))
    page = _main(client, reverse("plan_year", args=[2026]))
    assert "Tuần hàng 5 và một hội chợ khác dùng cùng một địa điểm." in page
    assert "Hội kín" not in page


def test_a_clashing_bar_has_a_sign_and_not_only_a_colour(client: Client, fair: Fair) -> None:
    client.force_login(builders.make_organiser())
    address = reverse("plan_year", args=[2026])
    assert 'class="sign"' not in _main(client, address)
    _clash_with(fair)
    page = _main(client, address)
    assert page.count('week clash"') == page.count('<tspan class="sign">! </tspan>') == 2
    assert page.count("<title>xung đột: ") == 2


def test_a_cancelled_fair_is_listed_and_takes_no_room(client: Client, fair: Fair) -> None:
    Fair.objects.update(state=FairState.CANCELLED)
    client.force_login(builders.make_organiser())
    assert '<rect class="bar' not in _main(client, reverse("plan_year", args=[2026]))
    assert fair.title in _main(client, reverse("plan_list", args=[2026]))


def test_a_month_begins_on_monday_and_names_lunar_days_and_tet(client: Client) -> None:
    builders.make_fair(first_day=date(2027, 2, 20))
    client.force_login(builders.make_organiser())
    page = _main(client, reverse("plan_month", args=[2027, 2]))
    heads = page.partition("<thead>")[2].partition("</thead>")[0]
    assert heads.index("Thứ 2") < heads.index("Thứ 3") < heads.index("Chủ nhật")
    assert "Mùng 1 Tết" in page
    assert page.count('class="tet ') == 4
    assert "1/1</span>" in page


def test_a_month_is_filled_up_to_whole_weeks() -> None:
    assert rendering.month_grid(2028, 2) == Span(date(2028, 1, 31), date(2028, 3, 5))
    weeks = rendering.draw_weeks(
        rendering.month_grid(2028, 2), [], today=date(2028, 2, 29), holidays={}, month=2
    )
    assert [len(week) for week in weeks] == [7] * 5
    assert [cell.day for week in weeks for cell in week if cell.is_today] == [date(2028, 2, 29)]
    assert sum(cell.is_outside for week in weeks for cell in week) == 6


def test_the_lunar_leap_month_is_said() -> None:
    span = Span(date(2025, 7, 21), date(2025, 7, 27))
    (week,) = rendering.draw_weeks(span, [], today=TODAY, holidays={})
    assert [cell.lunar.short for cell in week][3:5] == ["30/6", "1/6 nhuận"]


def test_a_week_shows_when_and_where_its_sessions_are(client: Client, fair: Fair) -> None:
    client.force_login(builders.make_organiser())
    page = _main(client, reverse("plan_week", args=[2026, 49]))
    assert "08:00–09:00" in page
    assert "Tuần hàng 5 · Sân khấu chính" in page
    assert "Lễ khai mạc" not in _main(client, reverse("plan_week", args=[2026, 50]))


def test_a_fair_over_new_year_is_in_the_weeks_and_months_of_both_years(client: Client) -> None:
    builders.make_plan(2027)
    fair = builders.make_fair(first_day=date(2026, 12, 30), last_day=date(2027, 1, 3))
    client.force_login(builders.make_organiser())
    for name, parts in (
        ("plan_week", [2026, 53]),
        ("plan_month", [2027, 1]),
        ("plan_month", [2026, 12]),
        ("plan_list", [2027]),
    ):
        assert fair.desk_url in _main(client, reverse(name, args=parts))


def test_one_goes_to_the_time_before_and_after_with_the_same_filters(
    client: Client, fair: Fair
) -> None:
    client.force_login(builders.make_organiser())
    page = _main(client, reverse("plan_month", args=[2026, 12]) + "?kind=trade_week&page=3")
    assert f'href="{reverse("plan_month", args=[2026, 11])}?kind=trade_week"' in page
    assert 'rel="next"' not in page
    builders.make_plan(2027)
    page = _main(client, reverse("plan_month", args=[2026, 12]))
    assert f'href="{reverse("plan_month", args=[2027, 1])}"' in page
    page = _main(client, reverse("plan_week", args=[2026, 53]))
    assert f'href="{reverse("plan_week", args=[2026, 52])}"' in page
    assert f'href="{reverse("plan_week", args=[2027, 1])}"' in page


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("plan_month", [2026, 0]),
        ("plan_month", [2026, 13]),
        ("plan_week", [2026, 0]),
        ("plan_week", [2026, 54]),
        ("plan_list", [1999]),
    ],
)
def test_a_time_that_is_not_in_any_plan_is_not_found(
    client: Client, fair: Fair, name: str, parts: list[int]
) -> None:
    client.force_login(builders.make_organiser())
    assert client.get(reverse(name, args=parts)).status_code == 404


@pytest.mark.parametrize(
    "address", ["2026/weeks/999999/", "99999/months/1/", "0/weeks/1/", "99999/", "20x6/"]
)
def test_an_address_that_is_no_time_at_all_is_not_found(client: Client, address: str) -> None:
    client.force_login(builders.make_organiser())
    assert client.get(f"/desk/plans/{address}").status_code == 404


# Other days


def test_the_new_days_are_looked_at_before_they_are_taken(client: Client, fair: Fair) -> None:
    other = builders.make_fair(
        venue=fair.venue, first_day=date(2026, 12, 15), short_title="Hội làng nghề"
    )
    client.force_login(builders.make_organiser(fair))
    address = reverse("fair_shift", args=[fair.code])
    page = _main(client, f"{address}?first_day=13/12/2026")
    assert "13–17/12/2026" in page
    assert "một hội chợ khác" in page
    assert "1 hoạt động" in page
    assert other.short_title not in page
    assert "Không có gì trùng." in _main(client, f"{address}?first_day=2026-12-08")
    fair.refresh_from_db()
    assert fair.first_day == date(2026, 12, 2)


def test_confirmed_days_are_taken_with_the_programme_and_recorded(
    client: Client, fair: Fair
) -> None:
    organiser = builders.make_organiser(fair)
    client.force_login(organiser)
    sent = client.post(
        reverse("fair_shift", args=[fair.code]), {"first_day": "2027-02-27", "version": 1}
    )
    assert sent.url == fair.desk_url
    fair.refresh_from_db()
    assert (fair.first_day, fair.last_day, fair.version) == (
        date(2027, 2, 27),
        date(2027, 3, 3),
        2,
    )
    session = Session.objects.get()
    assert timezone.localtime(session.starts_at).isoformat() == "2027-02-27T08:00:00+07:00"
    assert (session.ends_at - session.starts_at, session.version) == (timedelta(hours=1), 2)
    event = AuditEvent.objects.get()
    assert (event.verb, event.actor, event.subject) == ("fairs.shifted", organiser, fair.code)
    assert event.facts == {
        "before": ["2026-12-02", "2026-12-06"],
        "after": ["2027-02-27", "2027-03-03"],
        "sessions": 1,
        "deadlines": {},
    }


@pytest.mark.parametrize("state", [state for state in FairState if state not in MOVABLE])
def test_a_fair_whose_days_are_relied_on_is_not_moved(fair: Fair, state: str) -> None:
    Fair.objects.update(state=state)
    with pytest.raises(DomainError) as refused:
        shift_fair(fair=fair, first_day=date(2026, 12, 8), version=1, actor=None)
    assert refused.value.code == "fair.not_shiftable"
    assert Fair.objects.get().first_day == fair.first_day
    assert AuditEvent.objects.count() == 0


def test_of_two_who_move_at_once_the_second_is_told(client: Client, fair: Fair) -> None:
    shift_fair(fair=fair, first_day=date(2026, 12, 8), version=1, actor=None)
    with pytest.raises(StaleState) as refused:
        shift_fair(fair=fair, first_day=date(2026, 12, 15), version=1, actor=None)
    assert refused.value.code == "fair.edited_meanwhile"
    client.force_login(builders.make_organiser(fair))
    address = reverse("fair_shift", args=[fair.code])
    answer = client.post(
        address,
        {"first_day": "2026-12-15", "version": 1},
        headers={"Referer": f"http://testserver{address}?first_day=15/12/2026"},
        follow=True,
    )
    page = answer.content.decode()
    assert "15–19/12/2026" in page
    assert 'name="version" value="2"' in page
    assert Fair.objects.get().first_day == date(2026, 12, 8)


@pytest.mark.parametrize("first_day", [date(2026, 11, 20), date(2031, 12, 31), date.max])
def test_a_day_that_is_past_or_years_away_is_refused(fair: Fair, first_day: date) -> None:
    with pytest.raises(DomainError) as refused:
        shift_fair(fair=fair, first_day=first_day, version=1, actor=None)
    assert refused.value.code == "fair.day_out_of_reach"
    assert Fair.objects.get().first_day == fair.first_day


def test_the_days_it_has_already_change_nothing(fair: Fair) -> None:
    shift_fair(fair=fair, first_day=fair.first_day, version=1, actor=None)
    assert (Fair.objects.get().version, AuditEvent.objects.count()) == (1, 0)


@pytest.mark.parametrize("typed", ["29/02/2027", "31/04/2027", "hôm qua", "01/01/2020", "Đ" * 300])
def test_a_day_that_there_is_not_is_told_and_stays_typed(
    client: Client, fair: Fair, typed: str
) -> None:
    client.force_login(builders.make_organiser(fair))
    address = reverse("fair_shift", args=[fair.code])
    looked = client.get(address, {"first_day": typed})
    sent = client.post(address, {"first_day": typed, "version": 1})
    assert looked.status_code == 200
    assert sent.status_code in (409, 422)
    page = looked.content.decode()
    assert f'value="{typed}"' in page
    assert 'class="errors' in page
    assert Fair.objects.get().first_day == fair.first_day


@pytest.mark.parametrize("role", ["viewer", "reviewer", "commune_officer"])
def test_only_organisers_move_a_fair(client: Client, fair: Fair, role: str) -> None:
    address = reverse("fair_shift", args=[fair.code])
    data = {"first_day": "2026-12-08", "version": 1}
    client.force_login(builders.make_user(role=role))
    assert [client.get(address).status_code, client.post(address, data).status_code] == [403, 403]
    client.force_login(builders.make_organiser(builders.make_fair()))
    assert [client.get(address).status_code, client.post(address, data).status_code] == [404, 404]
    with pytest.raises(NotAllowed):
        shift_fair(
            fair=fair, first_day=date(2026, 12, 8), version=1, actor=builders.make_user(role=role)
        )
    fair.refresh_from_db()
    assert (fair.first_day, AuditEvent.objects.count()) == (date(2026, 12, 2), 0)


def test_the_fair_s_own_page_offers_other_days_while_they_can_be_chosen(
    client: Client, fair: Fair
) -> None:
    client.force_login(builders.make_organiser(fair))
    assert reverse("fair_shift", args=[fair.code]) in _main(client, fair.desk_url)
    Fair.objects.update(state=FairState.RUNNING)
    assert "/shift/" not in _main(client, fair.desk_url)
    assert "/shift/" not in _main(client, reverse("plan_list", args=[2026]))
    page = _main(client, reverse("fair_shift", args=[fair.code]))
    assert 'name="first_day"' not in page


def test_what_a_shift_would_collide_with_is_that_of_the_new_days(fair: Fair) -> None:
    organiser = builders.make_organiser()
    other = builders.make_fair(venue=fair.venue, first_day=date(2027, 8, 2))
    later = [Span(date(2027, 8, day), date(2027, 8, day + 4)) for day in (1, 9)]
    found = queries.conflicts_after_shift(organiser, fair, later[0], TODAY)
    assert [set(conflict.fairs) for conflict in found] == [{fair, other}]
    assert queries.conflicts_after_shift(organiser, fair, later[1], TODAY) == []


def test_a_fair_that_is_stretched_collides_with_what_its_new_days_meet(
    client: Client, fair: Fair
) -> None:
    other = builders.make_fair(venue=fair.venue, first_day=date(2026, 12, 9))
    client.force_login(builders.make_organiser())
    days = {"first_day": "2026-12-02", "last_day": "2026-12-10"}
    page = _main(client, f"{reverse('fair_shift', args=[fair.code])}?{urlencode(days)}")
    assert "02–10/12/2026" in page
    assert other.short_title in page
    assert "1 hoạt động" not in page  # its programme stays where it is
    client.post(reverse("fair_shift", args=[fair.code]), {**days, "version": 1})
    fair.refresh_from_db()
    assert (fair.first_day, fair.last_day, fair.version) == (
        date(2026, 12, 2),
        date(2026, 12, 10),
        2,
    )
    event = AuditEvent.objects.get()
    assert event.facts["after"] == ["2026-12-02", "2026-12-10"]
    assert event.facts["sessions"] == 0


@pytest.mark.parametrize(
    ("last_day", "code"),
    [
        (date(2026, 12, 1), "fair.days_not_ordered"),
        (date(2027, 12, 3), "fair.too_long"),
        (date(2026, 12, 2), "fair.sessions_left_out"),
    ],
)
def test_a_last_day_that_cannot_be_is_refused(fair: Fair, last_day: date, code: str) -> None:
    later = timedelta(days=3)
    Session.objects.update(starts_at=F("starts_at") + later, ends_at=F("ends_at") + later)
    with pytest.raises(DomainError) as refused:
        shift_fair(fair=fair, first_day=fair.first_day, last_day=last_day, version=1, actor=None)
    assert refused.value.code == code
    assert Fair.objects.get().last_day == fair.last_day
