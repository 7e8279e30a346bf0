"""A plan by year, month, week and as a list."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from fairs import rendering
from fairs.models import Fair, FairKind, Hall, Team
from fairs.queries import Span
from fairs.states import FairState
from tests import builders
from tests.fairs.programmes import make_opening
from tests.pages import read_main

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("november")]

TODAY = date(2026, 11, 21)

VIEWS = [
    ("plan_year", [2026]),
    ("plan_month", [2026, 12]),
    ("plan_week", [2026, 49]),
    ("plan_list", [2026]),
]


def _clash_with(fair: Fair, **fields: object) -> Fair:
    return builders.make_fair(
        FairState.DRAFT, venue=fair.venue, first_day=fair.first_day + timedelta(days=2), **fields
    )


# The views


@pytest.mark.parametrize(("name", "parts"), VIEWS)
def test_every_view_shows_the_fair_its_conflict_and_a_way_out(
    client: Client, fair: Fair, name: str, parts: list[int]
) -> None:
    other = _clash_with(fair, short_title="Hội làng nghề")
    client.force_login(builders.make_organiser())
    page = read_main(client, reverse(name, args=parts))
    assert fair.short_title in page
    assert "Trùng địa điểm" in page
    assert "Tuần hàng 5 và Hội làng nghề dùng cùng một địa điểm." in page
    assert f"{reverse('fair_shift', args=[other.code])}?first_day=2026-12-11" in page
    assert reverse("fair_shift", args=[fair.code]) in page
    client.cookies["django_language"] = "en"
    page = read_main(client, reverse(name, args=parts))
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
        make_opening(made)
    reads = {"plan_year": 23, "plan_month": 13, "plan_week": 14, "plan_list": 13}[name]
    with django_assert_num_queries(reads):
        client.get(reverse(name, args=parts))


@pytest.mark.parametrize(("name", "parts"), VIEWS)
def test_a_reader_sees_the_plan_without_the_ways_to_change_it(
    client: Client, fair: Fair, name: str, parts: list[int]
) -> None:
    _clash_with(fair)
    client.force_login(builders.make_user(role="viewer"))
    page = read_main(client, reverse(name, args=parts))
    assert fair.short_title in page
    assert "/shift/" not in page
    client.force_login(builders.make_user())
    assert client.get(reverse(name, args=parts)).status_code == 404


def test_a_fair_that_the_reader_may_not_see_has_no_name(client: Client, fair: Fair) -> None:
    _clash_with(fair, title="Hội kín", short_title="Hội kín")
    client.force_login(builders.make_organiser(fair))
    page = read_main(client, reverse("plan_year", args=[2026]))
    assert "Tuần hàng 5 và một hội chợ khác dùng cùng một địa điểm." in page
    assert "Hội kín" not in page


def test_a_clashing_bar_has_a_sign_and_not_only_a_colour(client: Client, fair: Fair) -> None:
    client.force_login(builders.make_organiser())
    address = reverse("plan_year", args=[2026])
    assert 'class="sign"' not in read_main(client, address)
    _clash_with(fair)
    page = read_main(client, address)
    assert page.count('week clash"') == page.count('<tspan class="sign">! </tspan>') == 2
    assert page.count("<title>xung đột: ") == 2


def test_a_cancelled_fair_is_listed_and_takes_no_room(client: Client, fair: Fair) -> None:
    Fair.objects.update(state=FairState.CANCELLED)
    client.force_login(builders.make_organiser())
    assert '<rect class="bar' not in read_main(client, reverse("plan_year", args=[2026]))
    assert fair.title in read_main(client, reverse("plan_list", args=[2026]))


def test_a_month_begins_on_monday_and_names_lunar_days_and_tet(client: Client) -> None:
    builders.make_fair(first_day=date(2027, 2, 20))
    client.force_login(builders.make_organiser())
    page = read_main(client, reverse("plan_month", args=[2027, 2]))
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
    page = read_main(client, reverse("plan_week", args=[2026, 49]))
    assert "08:00–09:00" in page
    assert "Tuần hàng 5 · Sân khấu chính" in page
    assert "Lễ khai mạc" not in read_main(client, reverse("plan_week", args=[2026, 50]))


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
        assert fair.desk_url in read_main(client, reverse(name, args=parts))


def test_one_goes_to_the_time_before_and_after_with_the_same_filters(
    client: Client, fair: Fair
) -> None:
    client.force_login(builders.make_organiser())
    page = read_main(client, reverse("plan_month", args=[2026, 12]) + "?kind=trade_week&page=3")
    assert f'href="{reverse("plan_month", args=[2026, 11])}?kind=trade_week"' in page
    assert 'rel="next"' not in page
    builders.make_plan(2027)
    page = read_main(client, reverse("plan_month", args=[2026, 12]))
    assert f'href="{reverse("plan_month", args=[2027, 1])}"' in page
    page = read_main(client, reverse("plan_week", args=[2026, 53]))
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


@pytest.mark.parametrize("name", ["plan_year", "plan_list"])
def test_a_long_year_is_listed_by_pages_and_its_conflicts_are_folded(
    client: Client, fair: Fair, name: str
) -> None:
    for _each in range(10):
        _clash_with(fair)
    for _each in range(45):
        builders.make_fair(first_day=fair.first_day, venue=None)
    client.force_login(builders.make_organiser(language="vi"))
    address = reverse(name, args=[2026])
    pages = [read_main(client, f"{address}?kind=trade_week&page={page}") for page in (1, 2)]
    assert [page.count('class="row-actions"') for page in pages] == [50, 6]
    assert "kind=trade_week&amp;page=2" in pages[0]
    # Eleven fairs in one place: 55 pairs, of which ten are shown unfolded.
    assert "45 xung đột nữa" in pages[0]
