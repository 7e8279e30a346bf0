"""The public pages: what is found, what they cost, what a fair's page says."""

import gzip
import re
from datetime import UTC, date, datetime, timedelta
from html import unescape
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
import time_machine
from django.contrib.staticfiles import finders
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from core.templatetags.cho_phien import SPRITE
from fairs.models import Crew, Fair
from fairs.states import FairState
from tests import builders
from tests.fairs.public_scenes import (
    NOW,
    SITE,
    make_four_fairs,
    make_public_fair,
    make_session,
    read_calendar,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def _main(page: str) -> str:
    return page.partition("<main")[2]


def _titles(client: Client, **asked: str) -> list[str]:
    """The titles on the front page, in order."""
    page = _main(client.get("/", asked).text)
    return [unescape(title) for title in re.findall(r'<a href="/f/[\w-]+/">([^<]+)</a>', page)]


# Finding


def test_the_front_page_tells_what_is_on_what_comes_and_what_was(client: Client) -> None:
    make_public_fair("Đang diễn ra", date(2026, 11, 19), state=FairState.RUNNING)
    make_public_fair("Tháng sau", date(2026, 12, 20))
    make_public_fair("Tuần sau", date(2026, 11, 28))
    make_public_fair(
        "Bị huỷ", date(2026, 12, 24), state=FairState.CANCELLED, state_reason="Bão số 5"
    )
    make_public_fair("Năm ngoái", date(2025, 12, 2), state=FairState.REPORTED)
    make_public_fair("Tháng trước", date(2026, 10, 2), state=FairState.CLOSED)
    page = _main(client.get("/").text)
    assert re.findall(r'<section class="stack" id="(\w+)">', page) == ["now", "next", "past"]
    assert _titles(client) == [
        "Đang diễn ra",
        "Tuần sau",
        "Tháng sau",
        "Bị huỷ",
        "Tháng trước",
        "Năm ngoái",
    ]


@pytest.fixture
def four() -> list[Fair]:
    return make_four_fairs()


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, [0, 1, 2, 3]),
        ({"q": "lai chau"}, [2]),
        ({"q": "  ĐÔNG   anh "}, [1]),
        ({"q": "hang tuan"}, [0]),
        ({"region": "north_mountains"}, [1, 2]),
        ({"region": "red_river_delta"}, [0, 1]),
        ({"kind": "online"}, [3]),
        ({"month": "2026-12"}, [0, 1]),
        ({"month": "2027-01"}, [1, 2]),
        ({"place": "HN"}, [0, 1]),
        ({"place": "DA"}, [1]),
        ({"region": "north_mountains", "month": "2027-01", "kind": "participation"}, [2]),
    ],
)
def test_fairs_are_found_by_words_region_kind_month_and_place(
    client: Client, four: list[Fair], asked: dict[str, str], found: list[int]
) -> None:
    assert _titles(client, **asked) == [four[number].title for number in found]


@pytest.mark.parametrize(
    "asked",
    [
        {"region": "atlantis"},
        {"kind": "circus"},
        {"month": "2026-13"},
        {"month": "tháng mười hai"},
        {"place": "XX"},
        {"page": "99"},
        {"page": "một"},
        {"page": "-1"},
        {"q": "x" * 201},
        {"region": "<b>&"},
    ],
)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_what_is_not_known_is_left_out_and_said(
    client: Client, four: list[Fair], asked: dict[str, str], language: str
) -> None:
    page = client.get("/", {**asked, "language": language})
    assert page.status_code == 200
    assert page.text.count('class="notice wait"') == 1
    assert "<b>&" not in page.text
    assert len(_titles(client, **asked)) == 4


@pytest.mark.parametrize(
    "asked", [{"q": "không có đâu"}, {"month": "2031-05"}, {"kind": "conference"}]
)
def test_an_empty_answer_says_what_to_do_and_keeps_what_was_asked(
    client: Client, four: list[Fair], asked: dict[str, str]
) -> None:
    page = _main(client.get("/", asked).text)
    assert 'class="empty"' in page
    assert '<a class="btn primary" href="/">' in page
    assert "notice wait" not in page
    value = next(iter(asked.values()))
    assert f'value="{value}"' in page
    assert _titles(client, **asked) == []


def test_a_phone_reads_what_the_fairs_are_narrowed_down_to(
    client: Client, four: list[Fair]
) -> None:
    nothing = _main(client.get("/").text)
    assert '<details class="fold">' in nothing
    missed = _main(client.get("/", {"q": "không có đâu", "kind": "conference"}).text)
    assert '<details class="fold" open>' in missed
    assert "Tìm: không có đâu · Loại: Hội nghị, hội thảo" in missed


def test_before_any_fair_the_front_page_says_what_will_stand_there(client: Client) -> None:
    page = _main(client.get("/").text)
    assert 'class="empty"' in page
    assert "<form" not in page.partition("</main>")[0]


def test_a_long_list_has_pages_and_keeps_the_filter(client: Client) -> None:
    for number in range(25):
        make_public_fair(f"Hội chợ {number}", date(2026, 12, 1) + timedelta(days=number))
    assert len(_titles(client)) == 24
    assert _titles(client, page="2") == ["Hội chợ 24"]
    page = client.get("/", {"kind": "trade_week"}).text
    assert "?kind=trade_week&amp;page=2" in page


# Cost


@pytest.mark.parametrize("count", [1, 3])
def test_public_pages_cost_the_same_for_one_and_three(
    client: Client, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    fairs = [make_public_fair(f"Hội chợ {number}") for number in range(count)]
    for number in range(count):
        session = make_session(
            fairs[0],
            title=f"Tiết mục {number}",
            crew=Crew.objects.create(name=f"Đoàn {number}"),
            place=builders.make_place(),
        )
        session.products.add(builders.make_product())
        session.producers.add(builders.make_organisation())
    code = fairs[0].code
    for address, queries in {
        "/": 1,
        fairs[0].public_url: 6,
        "/calendar.ics": 1,
        "/calendar/red_river_delta.ics": 1,
        f"/f/{code}.ics": 4,
        f"/f/{code}/card.png": 1,
        "/card.png": 0,
        "/sitemap.xml": 1,
        "/robots.txt": 0,
    }.items():
        with django_assert_num_queries(queries):
            assert client.get(address).status_code == 200, address


def test_the_front_page_reaches_a_phone_in_sixty_kilobytes(client: Client) -> None:
    for number in range(60):
        make_public_fair(f"Tuần hàng OCOP số {number} tại Thanh Trì", date(2026, 12, 1))
    page = client.get("/").content
    names = {
        unquote(name)
        for name in re.findall(r'(?:href|src)="/static/([^"#]+)', page.decode())
        if not name.endswith(".svg")
    }
    files = [Path(str(finders.find(name))) for name in sorted({*names, SPRITE})]
    fonts = re.findall(r"[\w-]+\.woff2", Path(str(finders.find("css/tokens.css"))).read_text())
    files += [Path(str(finders.find(f"fonts/{name}"))) for name in fonts]
    sizes = [len(gzip.compress(content, 6)) for content in [page, *(f.read_bytes() for f in files)]]
    assert (len(files) > 8, len(fonts)) == (True, 2)
    assert sum(sizes) <= 60_000


# One fair


def test_a_fair_page_says_when_where_and_how_to_take_part(client: Client) -> None:
    venue = builders.make_venue(
        latitude="20.92815", longitude="105.84012", name="Nhà văn hoá (mới)"
    )
    fair = make_public_fair(
        venue=venue,
        applications_close_at=datetime(2026, 11, 25, 10, tzinfo=UTC),
        organiser="Văn phòng",
    )
    page = client.get(fair.public_url).text
    assert "02–06/12/2026" in page
    assert "24–28 tháng Mười" in page
    assert "Nhà văn hoá (mới), Đường Ngọc Hồi, xã Thanh Trì, Hà Nội" in page
    pin = "Nh%C3%A0%20v%C4%83n%20ho%C3%A1%20%28m%E1%BB%9Bi%29"
    assert f'href="geo:20.92815,105.84012?q=20.92815,105.84012({pin})"' in page
    assert "17:00 25/11/2026" in page
    assert "data-print" in page
    assert f"{SITE}{fair.public_url}" in page


def test_a_unit_named_in_the_address_is_not_named_again(client: Client) -> None:
    venue = builders.make_venue(name="Chợ", address="huyện Hoài Đức, HÀ NỘI")
    page = client.get(make_public_fair(venue=venue).public_url).text
    assert "<dd>Chợ, huyện Hoài Đức, HÀ NỘI</dd>" in page


def test_without_a_position_there_is_no_map_link(client: Client) -> None:
    assert "geo:" not in client.get(make_public_fair().public_url).text
    assert "geo:" not in client.get(make_public_fair(venue=None).public_url).text


@pytest.mark.parametrize(
    ("first", "last", "solar", "lunar"),
    [
        # 2028 has a leap fifth month and a 29th of February; 2025 a leap sixth month.
        (date(2028, 2, 29), date(2028, 3, 1), "29/02–01/03/2028", "mùng 5–6 tháng Hai"),
        (date(2028, 2, 29), date(2028, 2, 29), "29/02/2028", "mùng 5 tháng Hai"),
        (date(2028, 6, 25), date(2028, 6, 26), "25–26/06/2028", "mùng 3–4 tháng Năm nhuận"),
        (date(2025, 7, 24), date(2025, 7, 25), "24–25/07/2025", "nhuận"),
    ],
)
def test_leap_days_and_leap_months_are_right_everywhere(
    client: Client, first: date, last: date, solar: str, lunar: str
) -> None:
    fair = make_public_fair("Hội chợ", first, last_day=last)
    page = client.get(fair.public_url).text
    assert solar in page
    assert lunar in page
    assert solar in client.get("/").text
    event = read_calendar(client, f"/f/{fair.code}.ics").events[0]
    assert (event.start, event.end) == (first, last + timedelta(days=1))
    assert client.get(f"/f/{fair.code}/card.png").status_code == 200


def test_the_programme_stands_by_day_in_local_time(client: Client) -> None:
    fair = make_public_fair()
    second = make_session(
        fair,
        title="Trình diễn nghề",
        starts_at=datetime(2026, 12, 2, 23, 30, tzinfo=UTC),
        ends_at=datetime(2026, 12, 3, 1, 0, tzinfo=UTC),
    )
    first = make_session(fair, crew=Crew.objects.create(name="Phường rối Đào Thục"))
    first.products.add(builders.make_product(name="Tò he"))
    page = _main(client.get(fair.public_url).text).partition('id="programme"')[2]
    told = ["02/12/2026", "08:30–10:00", first.title, "Tò he", "Phường rối Đào Thục"]
    told += ["03/12/2026", "06:30–08:00", second.title]
    places = [page.index(text) for text in told]
    assert all(before < after for before, after in pairwise(places))


@pytest.mark.parametrize("state", list(FairState))
def test_booths_and_applications_are_offered_in_their_time(client: Client, state: str) -> None:
    fair = make_public_fair(state=state, state_reason="Bão số 5")
    answer = client.get(fair.public_url)
    if state == FairState.DRAFT:
        assert answer.status_code == 404
        return
    shown = {"published", "running", "closed", "reported"}
    assert (f"/f/{fair.code}/booths/" in answer.text) == (state in shown)
    over = {"closed", "reported", "cancelled"}
    assert ('id="apply"' in answer.text) == (state not in over)
    assert ("Bão số 5" in answer.text) == (state == FairState.CANCELLED)


def test_a_draft_is_nowhere(client: Client) -> None:
    draft = make_public_fair("Bí mật", state=FairState.DRAFT)
    for address in (
        f"/f/{draft.code}.ics",
        f"/f/{draft.code}/card.png",
        f"/f/{draft.code}/booths/",
    ):
        assert client.get(address).status_code == 404
    for address in ("/", "/calendar.ics", "/calendar/red_river_delta.ics", "/sitemap.xml"):
        text = client.get(address).text
        assert draft.title not in text
        assert draft.code not in text


@pytest.mark.parametrize("name", ["home", "fair"])
def test_public_pages_ask_no_other_host(client: Client, name: str) -> None:
    fair = make_public_fair()
    page = client.get("/" if name == "home" else fair.public_url)
    loaded = re.findall(r'<(?:script|img|iframe|source)[^>]*\ssrc="([^"]+)"', page.text)
    loaded += re.findall(r'<link rel="(?:stylesheet|icon)"[^>]*href="([^"]+)"', page.text)
    assert [address for address in loaded if not address.startswith("/static/")] == []
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
