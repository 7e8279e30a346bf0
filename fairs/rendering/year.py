"""The year drawn as lanes: numbers for an inline SVG, so that no style stands in the page."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

from fairs.models import Fair, FairKind, Venue
from fairs.queries import Bar, Lane

# In SVG units, which are pixels at full width.
LABEL = 200
DAY = 2.5
HEAD = 36
ROW = 48
BAR = 32
# From one row of a lane to the next, where bars or names would cover each other.
STEP = 36
LABEL_ROOM = 230
# How wide a letter of a name is, all in all.
LETTER = 8

TONES = {FairKind.REGIONAL_CULTURE: "culture", FairKind.ONLINE: "online"}


@dataclass(frozen=True)
class DrawnBar:
    """One fair: its bar, and its name to the right of it or, near the year's end, to the left."""

    fair: Fair
    tone: str
    is_clash: bool
    x: float
    y: float
    width: float
    text_x: float
    text_y: float
    anchor: str

    @property
    def grip_x(self) -> float:
        """Where the hand takes hold of the last day: mostly beyond it, for bars are short."""
        return self.x + self.width - 2


@dataclass(frozen=True)
class DrawnLane:
    """One venue's lane, of as many rows as keep its bars and their names apart."""

    venue: Venue | None
    y: float
    height: float
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
    """A whole year; `today` is the x of the present day, None in another year, `day` its width."""

    width: float
    height: float
    months: tuple[DrawnMonth, ...]
    lanes: tuple[DrawnLane, ...]
    today: float | None
    day: float = DAY


def draw_year(
    year: int, lanes: list[Lane], today: date, clashing: Collection[int] = ()
) -> DrawnYear:
    """Lay out the lanes of `year`; `clashing` are the primary keys of fairs in a conflict."""
    first = date(year, 1, 1)
    length = (date(year + 1, 1, 1) - first).days
    starts = [(date(year, number, 1) - first).days for number in range(1, 13)] + [length]
    right = LABEL + length * DAY
    drawn: list[DrawnLane] = []
    bottom: float = HEAD
    for lane in lanes:
        drawn.append(_draw_lane(lane, bottom, right, clashing))
        bottom += drawn[-1].height
    return DrawnYear(
        width=right,
        height=bottom,
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
        lanes=tuple(drawn),
        today=LABEL + (today - first).days * DAY if today.year == year else None,
    )


def _draw_lane(lane: Lane, y: float, right: float, clashing: Collection[int]) -> DrawnLane:
    """Each bar in the first row that is free from where the bar or its name begins."""
    ends: list[float] = []
    bars = []
    for bar in sorted(lane.bars, key=lambda bar: bar.start):
        placed = _draw_bar(bar, y, right, is_clash=bar.fair.pk in clashing)
        name = LETTER * (len(bar.fair.short_title) + 2 * placed.is_clash)
        left = min(placed.x, placed.text_x - name if placed.anchor == "end" else placed.x)
        end = max(placed.x + placed.width, placed.text_x + name * (placed.anchor == "start"))
        row = next((row for row, taken in enumerate(ends) if taken <= left), len(ends))
        ends[row : row + 1] = [end]
        down = row * STEP
        bars.append(replace(placed, y=placed.y + down, text_y=placed.text_y + down))
    height = ROW + STEP * max(len(ends) - 1, 0)
    return DrawnLane(lane.venue, y, height, y + ROW / 2 + 4, tuple(bars))


def _draw_bar(bar: Bar, y: float, right: float, *, is_clash: bool) -> DrawnBar:
    """The bar in its lane's first row."""
    x, width = LABEL + bar.start * DAY, bar.length * DAY
    fits_right = x + width + LABEL_ROOM < right
    return DrawnBar(
        fair=bar.fair,
        tone=TONES.get(FairKind(bar.fair.kind), "week"),
        is_clash=is_clash,
        x=x,
        y=y + (ROW - BAR) / 2,
        width=width,
        text_x=x + width + 6 if fits_right else x - 6,
        text_y=y + ROW / 2 + 4,
        anchor="start" if fits_right else "end",
    )
