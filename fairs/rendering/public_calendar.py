"""Fairs as an iCalendar (RFC 5545) that Thunderbird, Google and Apple subscribe to."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language, gettext
from icalendar import Calendar, Event, vDuration, vText

from fairs.models import Fair, Session
from fairs.rendering.public_data import absolute, hours_of, where
from fairs.states import FairState

# How often a program may ask again.
REFRESH = timedelta(hours=6)
ZONE_SINCE = date(2000, 1, 1)


def draw_calendar(fairs: Iterable[Fair], sessions: Iterable[Session] = (), *, name: str) -> bytes:
    """Return a calendar of `fairs` and of their `sessions` at their hours.

    A fair is there by whole days, and by its hours if they are known and it has one day.

    A uid never changes; the sequence counts up with each edit, so that a program takes the newer.
    """
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", f"-//Cho Phien//Fairs//{(get_language() or 'vi').upper()}")
    # Of each pair the first is the standard's (RFC 7986), the second what Google and Apple read.
    for key in ("name", "x-wr-calname"):
        calendar.add(key, vText(name))
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(REFRESH))
    calendar.add("x-wr-timezone", vText(settings.TIME_ZONE))
    known = {fair.pk: fair for fair in fairs}
    for fair in known.values():
        calendar.add_component(_draw_fair(fair))
    for session in sessions:
        calendar.add_component(_draw_session(session, known[session.fair_id]))
    calendar.add_missing_timezones(first_date=ZONE_SINCE)
    return calendar.to_ical()


def _new_event(fair: Fair, *, uid: str, version: int, summary: str) -> Event:
    is_cancelled = fair.state == FairState.CANCELLED
    event = Event()
    event.add("uid", f"{uid}@{settings.SITE_HOST.partition(':')[0]}")
    event.add("dtstamp", timezone.now())
    # Being cancelled is no edit, yet must be newer than what was read before.
    event.add("sequence", version + is_cancelled)
    event.add("status", "CANCELLED" if is_cancelled else "CONFIRMED")
    event.add("summary", summary)
    event.add("url", absolute(fair.public_url))
    return event


def _draw_fair(fair: Fair) -> Event:
    event = _new_event(fair, uid=f"fair-{fair.pk}", version=fair.version, summary=str(fair))
    if hours := hours_of(fair):
        event.add("dtstart", timezone.localtime(hours[0]))
        event.add("dtend", timezone.localtime(hours[1]))
    else:
        event.add("dtstart", fair.first_day)
        # The end of a whole-day event is the first day after it.
        event.add("dtend", fair.end + timedelta(days=1))
        # A fair of five days leaves its visitors free for other things.
        event.add("transp", "TRANSPARENT")
    event.add("categories", [str(fair.get_kind_display())])
    if place := where(fair) or fair.channel_url:
        event.add("location", place)
    if fair.venue and fair.venue.latitude is not None and fair.venue.longitude is not None:
        event.add("geo", (float(fair.venue.latitude), float(fair.venue.longitude)))
    if text := _description(fair):
        event.add("description", text)
    return event


def _description(fair: Fair) -> str:
    if fair.state == FairState.CANCELLED:
        return gettext("This fair is cancelled: %(reason)s") % {"reason": fair.state_reason}
    return fair.shown_description


def _draw_session(session: Session, fair: Fair) -> Event:
    event = _new_event(
        fair, uid=f"session-{session.pk}", version=session.version, summary=str(session)
    )
    event.add("dtstart", timezone.localtime(session.starts_at))
    event.add("dtend", timezone.localtime(session.ends_at))
    event.add("categories", [str(session.get_kind_display())])
    event.add("location", ", ".join(part for part in (str(session.stage), where(fair)) if part))
    if session.shown_description:
        event.add("description", session.shown_description)
    return event
