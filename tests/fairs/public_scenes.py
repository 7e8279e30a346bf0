"""Fairs as the public sees them, on 21/11/2026."""

from datetime import UTC, date, datetime
from typing import Any

from django.test import Client
from icalendar import Calendar

from fairs.models import Fair, FairKind, Session, SessionKind, Stage
from fairs.states import FairState
from registry.models import PlaceKind, Region
from tests import builders

NOW = datetime(2026, 11, 21, 3, tzinfo=UTC)
SITE = "http://127.0.0.1:8000"
LONG = "Tuần hàng nông sản thực phẩm an toàn " * 8 + "x" * 4


def make_public_fair(
    title: str = "Tuần hàng OCOP", first: date = date(2026, 12, 2), **fields: Any
) -> Fair:
    """A trade week in December, open for applications."""
    state = fields.pop("state", FairState.REGISTERING)
    fields = {"title_en": "", "short_title": title[:60], **fields}
    return builders.make_fair(state, title=title, first_day=first, **fields)


def make_session(fair: Fair, **fields: Any) -> Session:
    """A performance on the first morning."""
    stage, _created = Stage.objects.get_or_create(fair=fair, name="Sân khấu chính")
    values = {
        "kind": SessionKind.PERFORMANCE,
        "title": "Múa rối nước",
        "starts_at": datetime(2026, 12, 2, 1, 30, tzinfo=UTC),
        "ends_at": datetime(2026, 12, 2, 3, 0, tzinfo=UTC),
        **fields,
    }
    return Session.objects.create(fair=fair, stage=stage, **values)


def make_four_fairs() -> list[Fair]:
    """Fairs in Hanoi and Lai Châu, over three months, of four kinds."""
    city = builders.make_place()
    commune = builders.make_place(
        code="DA", name="Đông Anh", kind=PlaceKind.COMMUNE, region="", parent=city
    )
    lai_chau = builders.make_place(
        code="LC", name="Lai Châu", kind=PlaceKind.PROVINCE, region=Region.NORTH_MOUNTAINS
    )
    return [
        make_public_fair("Tuần hàng Thanh Trì", date(2026, 12, 2)),
        make_public_fair(
            "Văn hoá Tây Bắc",
            date(2026, 12, 30),
            kind=FairKind.REGIONAL_CULTURE,
            regions=[Region.NORTH_MOUNTAINS],
            venue=builders.make_venue(place=commune),
        ),
        make_public_fair(
            "Hội chợ Lai Châu",
            date(2027, 1, 10),
            kind=FairKind.PARTICIPATION,
            venue=builders.make_venue(place=lai_chau),
        ),
        make_public_fair("Chợ đêm trên mây", date(2027, 2, 5), kind=FairKind.ONLINE, venue=None),
    ]


def read_calendar(client: Client, address: str) -> Calendar:
    """What a calendar program makes of an address."""
    answer = client.get(address)
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    calendar = Calendar.from_ical(answer.content)
    assert isinstance(calendar, Calendar)
    return calendar
