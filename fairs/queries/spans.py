"""Spans of days: which of them overlap, and where a free one is. No tables are read here."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any, TypeVar

from core import vietnam

Item = TypeVar("Item")

# How many days free dates are looked for on either side: half a year.
REACH = 182
# How many days from a wished one on.
YEAR = 366
LUNAR_YEARS = (1900, 2100)


@dataclass(frozen=True, order=True)
class Span:
    """Days from the first to the last, both counted."""

    first: date
    last: date

    @property
    def length(self) -> int:
        return (self.last - self.first).days + 1

    def meets(self, other: "Span") -> bool:
        return self.first <= other.last and other.first <= self.last

    def common(self, other: "Span") -> "Span":
        """The days of both; they must meet."""
        return Span(max(self.first, other.first), min(self.last, other.last))


def overlapping(
    items: Iterable[Item], ends: Callable[[Item], tuple[Any, Any]]
) -> Iterator[tuple[Item, Item]]:
    """Every pair of items that have something in common, once, the one that begins first first.

    `ends` gives an item's first and last day (or moment), both counted. The items are sorted and
    swept: n·log n, and one step for each pair found.
    """
    open_items: list[tuple[Any, Item]] = []
    for first, last, item in sorted(
        ((*ends(item), item) for item in items), key=lambda row: row[0]
    ):
        open_items = [row for row in open_items if row[0] >= first]
        for _last, earlier in open_items:
            yield earlier, item
        open_items.append((last, item))


@cache
def tet_days(year: int) -> Span:
    """From the eve of the lunar new year that begins in `year` to the third day of Tết."""
    new_year = vietnam.tet(year)
    return Span(new_year - timedelta(days=1), new_year + timedelta(days=2))


def tets_during(span: Span) -> list[Span]:
    """Every Tết that the span has a day of; beyond the years of the lunar tables none is known."""
    first, last = max(span.first.year, LUNAR_YEARS[0]), min(span.last.year, LUNAR_YEARS[1])
    return [tet for tet in map(tet_days, range(first, last + 1)) if tet.meets(span)]


def free_dates(
    around: date,
    length: int,
    taken: Iterable[Span],
    *,
    move_in: int = 0,
    move_out: int = 0,
    not_before: date = date.min,
) -> Span | None:
    """The dates nearest to `around` on which a fair of `length` days fits, None within half a year.

    `taken` are days on which the place is not free; `move_in` and `move_out` are the days before
    and after that must be free as well. Never over Tết (only the open days count for that), never
    before `not_before`. On the same day of the week if there is any such; of two equally near
    dates the later.
    """
    start = around - timedelta(days=REACH)
    blocked = _blocked_days(start, 2 * REACH + 1, length, taken, move_in, move_out)
    if not_before > start:
        past = min((not_before - start).days, len(blocked))
        blocked[:past] = b"\1" * past
    for step in (7, 1):
        for distance in range(0, REACH + 1, step):
            for offset in (distance, -distance):
                if not blocked[REACH + offset]:
                    first = around + timedelta(days=offset)
                    return Span(first, first + timedelta(days=length - 1))
    return None


def free_spans(
    not_before: date,
    length: int,
    taken: Iterable[Span],
    *,
    move_in: int = 0,
    move_out: int = 0,
    count: int = 5,
) -> list[Span]:
    """The next dates on which a fair of `length` days fits, within a year from `not_before`.

    The soonest first, each at least a week after the one before; what is free is said as for
    `free_dates`. The days to move in may lie before `not_before`.
    """
    blocked = _blocked_days(not_before, YEAR, length, taken, move_in, move_out)
    found: list[Span] = []
    number = blocked.find(0)
    while number >= 0 and len(found) < count:
        first = not_before + timedelta(days=number)
        found.append(Span(first, first + timedelta(days=length - 1)))
        number = blocked.find(0, number + 7)
    return found


def _blocked_days(
    start: date, count: int, length: int, taken: Iterable[Span], move_in: int, move_out: int
) -> bytearray:
    """For each of `count` days from `start`, whether a fair of `length` days cannot begin on it."""
    blocked = bytearray(count)
    day_zero = start.toordinal()

    def block(first: int, last: int) -> None:
        low, high = max(first - day_zero, 0), min(last - day_zero + 1, count)
        if low < high:
            blocked[low:high] = b"\1" * (high - low)

    for span in taken:
        block(span.first.toordinal() - (length - 1 + move_out), span.last.toordinal() + move_in)
    for tet in tets_during(Span(start, start + timedelta(days=count + length))):
        block(tet.first.toordinal() - (length - 1), tet.last.toordinal())
    return blocked
