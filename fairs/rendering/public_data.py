"""What other sites read from a public page: meta tags, schema.org, the map link, the sitemap."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import get_language, gettext

from core import vietnam
from fairs.models import Attendance, Fair, FairKind, Venue
from fairs.queries import places_of
from fairs.states import BOOTHS_SHOWN, FairState

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
MODES = {Attendance.ON_SITE: "Offline", Attendance.ONLINE: "Online", Attendance.BOTH: "Mixed"}
HIDDEN = ("/desk/", "/admin/", "/api/", "/my/", "/in/", "/table/", "/account/")
# What could end the element or begin a comment in it; JSON reads the escapes as the same text.
NOT_IN_SCRIPT = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


def absolute(path: str) -> str:
    """The whole address of a page of ours."""
    return f"{settings.SITE_URL}{path}"


def in_language(address: str, language: str) -> str:
    """The address that gives the page in `language` to whoever has chosen none."""
    if language == settings.LANGUAGE_CODE:
        return address
    return f"{address}{'&' if '?' in address else '?'}language={language}"


def _address(path: str) -> str:
    return in_language(absolute(path), get_language() or settings.LANGUAGE_CODE)


@dataclass(frozen=True)
class Meta:
    """What a link to a page is shown with on Zalo and Facebook; addresses are absolute."""

    title: str
    description: str
    path: str
    image: str

    @property
    def url(self) -> str:
        """The page in the language it is read in."""
        return _address(self.path)

    @property
    def alternates(self) -> list[tuple[str, str]]:
        """Each language with the page's address in it."""
        page = absolute(self.path)
        return [(language, in_language(page, language)) for language, _name in settings.LANGUAGES]


def meta_of(fair: Fair) -> Meta:
    """The days and place first, for that is what a reader of a shared link asks."""
    facts = " · ".join(
        part for part in (shown_days(fair), where(fair), fair.shown_description) if part
    )
    return Meta(
        title=str(fair),
        description=Truncator(" ".join(facts.split())).chars(200),
        path=fair.public_url,
        image=_card_address(fair),
    )


def home_meta() -> Meta:
    """The front door."""
    return Meta(
        title=gettext("Fairs of Hanoi's OCOP products"),
        description=gettext(
            "Trade weeks, regional-culture fairs and conferences where producers and buyers meet."
        ),
        path=reverse("home"),
        image=_address(reverse("home_card")),
    )


def shown_days(fair: Fair) -> str:
    """The days as they are written; of some past fairs only the first is known."""
    if fair.last_day:
        return vietnam.shown_dates(fair.first_day, fair.last_day)
    return gettext("from %(day)s") % {"day": vietnam.shown_date(fair.first_day)}


def _card_address(fair: Fair) -> str:
    return _address(f"{reverse('public_card', args=[fair.code])}?v={fair.version}")


def where(fair: Fair) -> str:
    """The venue, its address and the units it lies in, once each; empty if not known."""
    venue = fair.venue
    if venue is None:
        return ""
    units = [place.name for place in reversed(places_of(fair))]
    known = ", ".join(part for part in (venue.name, venue.address) if part)
    return ", ".join([known, *(unit for unit in units if unit.casefold() not in known.casefold())])


def geo_address(venue: Venue | None) -> str:
    """A `geo:` link (RFC 5870) with the venue's name for the map's pin; empty if not placed."""
    if venue is None or venue.latitude is None or venue.longitude is None:
        return ""
    position = f"{venue.latitude},{venue.longitude}"
    return f"geo:{position}?q={position}({quote(venue.name)})"


def describe_event(fair: Fair) -> SafeString:
    """The fair as schema.org's Event, as JSON that may stand in a script element."""
    mode = _attendance_of(fair)
    hours = hours_of(fair)
    is_cancelled = fair.state == FairState.CANCELLED
    event: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": str(fair),
        "description": fair.shown_description,
        "startDate": (hours[0] if hours else fair.first_day).isoformat(),
        "endDate": hours[1].isoformat() if hours else _last_day(fair),
        "eventStatus": f"https://schema.org/Event{'Cancelled' if is_cancelled else 'Scheduled'}",
        "eventAttendanceMode": f"https://schema.org/{MODES[mode]}EventAttendanceMode",
        "url": _address(fair.public_url),
        "image": [_card_address(fair)],
        "inLanguage": get_language(),
        "location": _locations(fair, mode),
        "organizer": {"@type": "Organization", "name": fair.organiser} if fair.organiser else {},
    }
    known = {name: value for name, value in event.items() if value}
    return SafeString(json.dumps(known, ensure_ascii=False).translate(NOT_IN_SCRIPT))


def hours_of(fair: Fair) -> tuple[datetime, datetime] | None:
    """When a fair of one day opens and closes; None if it has more days or no hours."""
    if fair.last_day != fair.first_day or fair.opens is None or fair.closes is None:
        return None
    opens, closes = (datetime.combine(fair.first_day, hour) for hour in (fair.opens, fair.closes))
    return timezone.make_aware(opens), timezone.make_aware(closes)


def _last_day(fair: Fair) -> str:
    return fair.last_day.isoformat() if fair.last_day else ""


def _attendance_of(fair: Fair) -> Attendance:
    """An online event, or a fair in an online place, is online even where nobody has said so."""
    is_online = fair.kind == FairKind.ONLINE or bool(fair.venue and fair.venue.is_online)
    said = Attendance(fair.attendance)
    return Attendance.ONLINE if is_online and said == Attendance.ON_SITE else said


def _locations(fair: Fair, mode: Attendance) -> dict[str, Any] | list[dict[str, Any]]:
    if mode == Attendance.ON_SITE:
        return _location(fair)
    if mode == Attendance.ONLINE:
        return _virtual(fair)
    return [place for place in (_location(fair), _virtual(fair)) if place]


def _virtual(fair: Fair) -> dict[str, Any]:
    return {"@type": "VirtualLocation", "url": fair.channel_url or _address(fair.public_url)}


def _location(fair: Fair) -> dict[str, Any]:
    if fair.venue is None:
        return {}
    units = [place.name for place in places_of(fair)]
    address = {"streetAddress": fair.venue.address, "addressRegion": units[0] if units else ""}
    location: dict[str, Any] = {
        "@type": "Place",
        "name": fair.venue.name,
        "address": {
            "@type": "PostalAddress",
            "addressCountry": "VN",
            **{name: value for name, value in address.items() if value},
        },
    }
    if fair.venue.latitude is not None and fair.venue.longitude is not None:
        location["geo"] = {
            "@type": "GeoCoordinates",
            "latitude": float(fair.venue.latitude),
            "longitude": float(fair.venue.longitude),
        }
    return location


def draw_sitemap(fairs: Iterable[Fair]) -> bytes:
    """Every public page (sitemaps.org, version 0.9)."""
    paths = [reverse("home")]
    for fair in fairs:
        paths.append(fair.public_url)
        if fair.state in BOOTHS_SHOWN:
            paths.append(reverse("public_booths", args=[fair.code]))
    sheet = ElementTree.Element("urlset", xmlns=SITEMAP)
    for path in paths:
        ElementTree.SubElement(ElementTree.SubElement(sheet, "url"), "loc").text = absolute(path)
    return ElementTree.tostring(sheet, encoding="utf-8", xml_declaration=True)


def draw_robots() -> str:
    """What is for people alone, and where the sitemap lies."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in HIDDEN), ""]
    return "\n".join([*lines, f"Sitemap: {absolute(reverse('sitemap'))}", ""])
