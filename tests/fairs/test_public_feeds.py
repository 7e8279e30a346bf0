"""What other programs fetch from the public site: shared links, calendars, the sitemap."""

import io
import json
import re
from datetime import date
from html import unescape
from typing import Any
from xml.etree import ElementTree

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from icalendar import Calendar
from PIL import Image
from pytest_django import Settings

from fairs.models import Fair, FairKind
from fairs.states import FairState
from tests import builders
from tests.fairs.public_scenes import (
    LONG,
    NOW,
    SITE,
    make_four_fairs,
    make_public_fair,
    make_session,
    read_calendar,
)

pytestmark = pytest.mark.django_db

HOSTILE = "</script><script>alert(1)</script> & <!--"


@pytest.fixture(autouse=True)
def _today() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


# Shared links


def _meta(page: str) -> dict[str, str]:
    found = re.findall(r'<meta (?:property|name)="((?:og|twitter):[^"]+)" content="([^"]*)">', page)
    return {name: unescape(content) for name, content in found}


def test_a_shared_link_has_absolute_addresses_and_its_picture(client: Client) -> None:
    fair = make_public_fair('Hội "chợ" & <tết>', version=3)
    meta = _meta(client.get(fair.public_url).text)
    assert meta["og:title"] == meta["twitter:title"] == 'Hội "chợ" & <tết>'
    assert meta["og:url"] == f"{SITE}/f/{fair.code}/"
    assert meta["og:image"] == f"{SITE}/f/{fair.code}/card.png?v=3"
    assert meta["og:description"].startswith("02–06/12/2026 · ")
    assert meta["og:locale"] == "vi_VN"
    picture = client.get(meta["og:image"].removeprefix(SITE))
    assert picture.headers["Content-Type"] == "image/png"


def test_the_other_language_has_an_address_of_its_own(client: Client) -> None:
    fair = make_public_fair("Tuần hàng", title_en="Trade week")
    page = client.get(fair.public_url, {"language": "en"})
    assert page.headers["Content-Language"] == "en"
    assert "<h1>Trade week</h1>" in page.text
    here = f"{SITE}{fair.public_url}"
    assert f'hreflang="vi" href="{here}"' in page.text
    assert f'hreflang="en" href="{here}?language=en"' in page.text
    assert f'rel="canonical" href="{here}?language=en"' in page.text
    assert f'rel="canonical" href="{here}"' in client.get(fair.public_url).text
    image = _meta(page.text)["og:image"]
    assert image == f"{SITE}/f/{fair.code}/card.png?v=1&language=en"
    assert client.get(fair.public_url, {"language": "xx"}).headers["Content-Language"] == "vi"
    assert (
        str(read_calendar(client, "/calendar.ics?language=en").events[0]["summary"]) == "Trade week"
    )


@pytest.mark.parametrize("title", ["Tết", LONG, "ChợPhiên" * 37, "Hội chợ 🎪 – «x»"])
def test_the_card_has_its_size_whatever_the_title(client: Client, title: str) -> None:
    fair = make_public_fair(title[:300])
    answer = client.get(f"/f/{fair.code}/card.png")
    with Image.open(io.BytesIO(answer.content)) as image:
        assert (image.format, image.size) == ("PNG", (1200, 630))
    assert len(answer.content) < 300_000


def test_the_front_page_has_a_card_too(client: Client) -> None:
    image = _meta(client.get("/").text)["og:image"]
    assert image == f"{SITE}/card.png"
    with Image.open(io.BytesIO(client.get("/card.png").content)) as drawn:
        assert drawn.size == (1200, 630)


def test_what_is_kept_by_others_is_kept_by_language(client: Client) -> None:
    fair = make_public_fair("Tuần hàng", title_en="Trade week")
    for address in ("/calendar.ics", f"/f/{fair.code}/card.png"):
        plain = client.get(address)
        client.cookies["django_language"] = "en"
        english = client.get(address)
        del client.cookies["django_language"]
        assert "Cookie" in english.headers["Vary"]
        assert english.content != plain.content


def test_a_title_of_300_characters_is_whole_on_the_pages(client: Client) -> None:
    title = LONG[:300]
    fair = make_public_fair(title)
    for address in ("/", fair.public_url):
        assert title in client.get(address).text


def test_a_card_is_sent_again_only_when_something_on_it_changed(client: Client) -> None:
    fair = make_public_fair()
    address = f"/f/{fair.code}/card.png"
    etag = client.get(address).headers["ETag"]
    again = client.get(address, headers={"If-None-Match": etag})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", etag)
    Fair.objects.update(title="Tên mới")
    changed = client.get(address, headers={"If-None-Match": etag})
    assert changed.status_code == 200
    assert changed.headers["ETag"] != etag


def _event(page: str) -> tuple[str, dict[str, Any]]:
    found = re.findall(
        r'<script type="application/ld\+json" nonce="[^"]+">(.*?)</script>', page, re.DOTALL
    )
    assert len(found) == 1
    return found[0], json.loads(found[0])


def test_the_structured_data_is_an_event(client: Client) -> None:
    venue = builders.make_venue(name="Nhà văn hoá", latitude="20.92815", longitude="105.84012")
    fair = make_public_fair("Tuần hàng", venue=venue, description="Đặc sản", organiser="Văn phòng")
    assert _event(client.get(fair.public_url).text)[1] == {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": "Tuần hàng",
        "description": "Đặc sản",
        "startDate": "2026-12-02",
        "endDate": "2026-12-06",
        "eventStatus": "https://schema.org/EventScheduled",
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "url": f"{SITE}{fair.public_url}",
        "image": [f"{SITE}/f/{fair.code}/card.png?v=1"],
        "inLanguage": "vi",
        "location": {
            "@type": "Place",
            "name": "Nhà văn hoá",
            "address": {
                "@type": "PostalAddress",
                "addressCountry": "VN",
                "streetAddress": "Đường Ngọc Hồi, xã Thanh Trì",
                "addressRegion": "Hà Nội",
            },
            "geo": {"@type": "GeoCoordinates", "latitude": 20.92815, "longitude": 105.84012},
        },
        "organizer": {"@type": "Organization", "name": "Văn phòng"},
    }


def test_an_online_or_cancelled_event_says_so(client: Client) -> None:
    fair = make_public_fair(kind=FairKind.ONLINE, state=FairState.CANCELLED, state_reason="x")
    event = _event(client.get(fair.public_url).text)[1]
    assert event["eventStatus"] == "https://schema.org/EventCancelled"
    assert event["location"]["@type"] == "VirtualLocation"


def test_no_title_breaks_out_of_the_script(client: Client) -> None:
    fair = make_public_fair(HOSTILE, description=HOSTILE)
    page = client.get(fair.public_url)
    text, event = _event(page.text)
    assert set("<>&").isdisjoint(text)
    assert event["name"] == event["description"] == HOSTILE
    assert "<script>alert" not in page.text
    nonces = re.findall(r'ld\+json" nonce="([^"]+)"', page.text)
    assert f"'nonce-{nonces[0]}'" in page.headers["Content-Security-Policy"]


# Calendars


def test_a_calendar_is_read_back_as_it_was_meant(client: Client) -> None:
    venue = builders.make_venue(name="Nhà văn hoá", latitude="20.92815", longitude="105.84012")
    fair = make_public_fair("Tuần hàng; OCOP, 2026", venue=venue, version=4, description="Một\nHai")
    calendar = read_calendar(client, "/calendar.ics")
    assert str(calendar["version"]) == "2.0"
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT6H" in calendar.to_ical()
    assert str(calendar["name"]) == str(calendar["x-wr-calname"]) == "Hội chợ sản phẩm OCOP Hà Nội"
    event = calendar.events[0]
    assert (event.start, event.end) == (date(2026, 12, 2), date(2026, 12, 7))
    assert str(event["uid"]) == f"fair-{fair.pk}@127.0.0.1"
    assert str(event["sequence"]) == "4"
    assert str(event["status"]) == "CONFIRMED"
    assert str(event["summary"]) == "Tuần hàng; OCOP, 2026"
    assert str(event["description"]) == "Một\nHai"
    assert str(event["url"]) == f"{SITE}{fair.public_url}"
    assert str(event["location"]) == "Nhà văn hoá, Đường Ngọc Hồi, xã Thanh Trì, Hà Nội"
    assert event["geo"].to_ical() == "20.92815;105.84012"
    assert "last-modified" not in event
    assert calendar.timezones == []


def test_a_fair_s_calendar_has_its_programme_with_the_zone(client: Client) -> None:
    fair = make_public_fair()
    session = make_session(fair, version=2)
    make_session(make_public_fair("Khác"))
    calendar = read_calendar(client, f"/f/{fair.code}.ics")
    part = calendar.events[1]
    assert str(part["uid"]) == f"session-{session.pk}@127.0.0.1"
    assert part["dtstart"].params["TZID"] == "Asia/Ho_Chi_Minh"
    assert part.start.isoformat() == "2026-12-02T08:30:00+07:00"
    assert part.end.isoformat() == "2026-12-02T10:00:00+07:00"
    assert str(part["sequence"]) == "2"
    assert str(part["location"]).startswith("Sân khấu chính, Quảng trường Thanh Trì")
    assert [str(zone["tzid"]) for zone in calendar.timezones] == ["Asia/Ho_Chi_Minh"]


def test_a_cancelled_fair_stays_in_the_calendar_as_cancelled_and_newer(client: Client) -> None:
    fair = make_public_fair(version=4)
    make_session(fair)
    Fair.objects.update(state=FairState.CANCELLED, state_reason="Bão số 5")
    events = read_calendar(client, f"/f/{fair.code}.ics").events
    assert [str(event["status"]) for event in events] == ["CANCELLED", "CANCELLED"]
    assert str(events[0]["sequence"]) == "5"
    assert "Bão số 5" in str(events[0]["description"])


def test_lines_are_folded_and_end_as_the_standard_says(client: Client) -> None:
    make_public_fair((LONG)[:300], description=LONG * 5)
    content = client.get("/calendar.ics").content
    assert content.count(b"\n") == content.count(b"\r\n")
    assert max(len(line) for line in content.split(b"\r\n")) <= 75
    event = Calendar.from_ical(content).events[0]
    assert str(event["summary"]) == LONG[:300]


def test_a_region_has_a_calendar_and_an_unknown_one_has_none(client: Client) -> None:
    four = make_four_fairs()
    events = read_calendar(client, "/calendar/north_mountains.ics").events
    assert [str(event["summary"]) for event in events] == [four[1].title, four[2].title]
    assert read_calendar(client, "/calendar/mekong_delta.ics").events == []
    assert client.get("/calendar/atlantis.ics").status_code == 404
    assert client.get("/f/unknown.ics").status_code == 404


# Search engines


def test_the_sitemap_lists_every_public_page_absolutely(client: Client) -> None:
    soon, on = make_public_fair(), make_public_fair(state=FairState.RUNNING)
    sitemap = client.get("/sitemap.xml")
    assert sitemap.headers["Content-Type"] == "application/xml"
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    root = ElementTree.fromstring(sitemap.content)
    assert root.tag == f"{space}urlset"
    assert [element.text for element in root.iter(f"{space}loc")] == [
        f"{SITE}/",
        f"{SITE}{soon.public_url}",
        f"{SITE}{on.public_url}",
        f"{SITE}{on.public_url}booths/",
    ]


def test_robots_are_shown_the_sitemap_and_kept_from_the_desk(
    client: Client, settings: Settings
) -> None:
    settings.SITE_URL = "https://phien.example"
    lines = client.get("/robots.txt").text.splitlines()
    assert "Disallow: /desk/" in lines
    assert "Sitemap: https://phien.example/sitemap.xml" in lines
    hidden = [line.removeprefix("Disallow: ") for line in lines if line.startswith("Disallow")]
    assert [path for path in hidden if reverse("home") == path or path.startswith("/f/")] == []
