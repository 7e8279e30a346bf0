"""Twelve months of a venue drawn as a strip for each hall: numbers for an inline SVG."""

from dataclasses import dataclass
from datetime import date, timedelta

from fairs.models import Hall
from fairs.queries.spans import Span
from fairs.queries.venues import Booking, Lane

# In SVG units, which are pixels at full width.
LABEL = 160
DAY = 2.5
HEAD = 36
ROW = 40
BAR = 24
MONTHS = 12


@dataclass(frozen=True)
class DrawnBooking:
    """The days that are taken, and within them those on which the fair is open."""

    booking: Booking
    x: float
    y: float
    width: float
    open_x: float
    open_width: float


@dataclass(frozen=True)
class DrawnLane:
    """One hall's strip."""

    hall: Hall | None
    y: float
    text_y: float
    bookings: tuple[DrawnBooking, ...]


@dataclass(frozen=True)
class DrawnMonth:
    """One month's column; `label` is 12 or, where the strip or a year begins, 1/2027."""

    label: str
    x: float
    middle: float


@dataclass(frozen=True)
class DrawnStrip:
    """All halls over twelve months; `today` is the x of the present day, None outside."""

    width: float
    height: float
    bar: int
    months: tuple[DrawnMonth, ...]
    lanes: tuple[DrawnLane, ...]
    today: float | None


def month_after(month: date, count: int) -> date:
    """The first day of the month that comes `count` months later; earlier if it is negative."""
    number = month.year * 12 + month.month - 1 + count
    return date(number // 12, number % 12 + 1, 1)


def twelve_months(month: date) -> Span:
    """From the first day of `month` to the last one before it comes again."""
    return Span(month, month_after(month, MONTHS) - timedelta(days=1))


def draw_strip(span: Span, lanes: list[Lane], today: date) -> DrawnStrip:
    """Lay out the lanes over the twelve months of `span`."""

    def place(day: date) -> float:
        return LABEL + (day - span.first).days * DAY

    starts = [month_after(span.first, number) for number in range(MONTHS + 1)]
    is_now = span.first <= today <= span.last
    return DrawnStrip(
        width=place(starts[-1]),
        height=HEAD + ROW * len(lanes),
        bar=BAR,
        months=tuple(
            DrawnMonth(
                f"{first.month}/{first.year}"
                if number == 0 or first.month == 1
                else str(first.month),
                place(first),
                (place(first) + place(starts[number + 1])) / 2,
            )
            for number, first in enumerate(starts[:-1])
        ),
        lanes=tuple(_draw_lane(lane, HEAD + ROW * row, span) for row, lane in enumerate(lanes)),
        today=place(today) if is_now else None,
    )


def _draw_lane(lane: Lane, y: float, span: Span) -> DrawnLane:
    drawn = []
    for booking in lane.bookings:
        x, width = _extent(booking.taken, span)
        open_x, open_width = _extent(booking.opened, span)
        drawn.append(DrawnBooking(booking, x, y + (ROW - BAR) / 2, width, open_x, open_width))
    return DrawnLane(lane.hall, y, y + ROW / 2 + 4, tuple(drawn))


def _extent(days: Span, span: Span) -> tuple[float, float]:
    """Where the days lie within the span, and how wide they are: 0 if they are all outside."""
    first, last = max(days.first, span.first), min(days.last, span.last)
    length = max((last - first).days + 1, 0)
    return LABEL + (first - span.first).days * DAY, length * DAY
