"""The year drawn as lanes: numbers for an inline SVG, so that no style stands in the page."""

from dataclasses import dataclass
from datetime import date

from fairs.models import Fair, FairKind, Venue
from fairs.queries import Bar, Lane

# In SVG units, which are pixels at full width.
LABEL = 200
DAY = 2.5
HEAD = 36
ROW = 48
BAR = 32
LABEL_ROOM = 230

TONES = {FairKind.REGIONAL_CULTURE: "culture", FairKind.ONLINE: "online"}


@dataclass(frozen=True)
class DrawnBar:
    """One fair: its bar, and its name to the right of it or, near the year's end, to the left."""

    fair: Fair
    tone: str
    x: float
    y: float
    width: float
    text_x: float
    text_y: float
    anchor: str


@dataclass(frozen=True)
class DrawnLane:
    """One venue's row."""

    venue: Venue | None
    y: float
    text_y: float
    bars: tuple[DrawnBar, ...]


@dataclass(frozen=True)
class DrawnMonth:
    """One month's column."""

    number: int
    x: float
    width: float
    middle: float
    is_this: bool


@dataclass(frozen=True)
class DrawnYear:
    """A whole year; `today` is the x of the present day, None in another year."""

    width: float
    height: float
    months: tuple[DrawnMonth, ...]
    lanes: tuple[DrawnLane, ...]
    today: float | None


def draw_year(year: int, lanes: list[Lane], today: date) -> DrawnYear:
    """Lay out the lanes of `year`."""
    first = date(year, 1, 1)
    length = (date(year + 1, 1, 1) - first).days
    starts = [(date(year, number, 1) - first).days for number in range(1, 13)] + [length]
    right = LABEL + length * DAY
    return DrawnYear(
        width=right,
        height=HEAD + ROW * len(lanes),
        months=tuple(
            DrawnMonth(
                number,
                LABEL + starts[number - 1] * DAY,
                (starts[number] - starts[number - 1]) * DAY,
                LABEL + (starts[number - 1] + starts[number]) / 2 * DAY,
                (year, number) == (today.year, today.month),
            )
            for number in range(1, 13)
        ),
        lanes=tuple(
            _draw_lane(lane, HEAD + ROW * index, right) for index, lane in enumerate(lanes)
        ),
        today=LABEL + (today - first).days * DAY if today.year == year else None,
    )


def _draw_lane(lane: Lane, y: float, right: float) -> DrawnLane:
    text_y = y + ROW / 2 + 4
    bars = tuple(_draw_bar(bar, y, right, text_y) for bar in lane.bars)
    return DrawnLane(lane.venue, y, text_y, bars)


def _draw_bar(bar: Bar, y: float, right: float, text_y: float) -> DrawnBar:
    x, width = LABEL + bar.start * DAY, bar.length * DAY
    fits_right = x + width + LABEL_ROOM < right
    return DrawnBar(
        fair=bar.fair,
        tone=TONES.get(FairKind(bar.fair.kind), "week"),
        x=x,
        y=y + (ROW - BAR) / 2,
        width=width,
        text_x=x + width + 6 if fits_right else x - 6,
        text_y=text_y,
        anchor="start" if fits_right else "end",
    )
