"""Weeks drawn as rows of seven days, Monday first, each with its lunar date and holiday."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from core.vietnam import LunarDate, lunar
from fairs.models import Fair, Session
from fairs.queries import Span, tet_days

DAY = timedelta(days=1)


@dataclass(frozen=True)
class DrawnDay:
    """One cell; `is_outside` for a day of the month before or after."""

    day: date
    lunar: LunarDate
    holiday: str
    is_tet: bool
    is_today: bool
    is_outside: bool
    fairs: tuple[Fair, ...]
    sessions: tuple[Session, ...]


def month_grid(year: int, month: int) -> Span:
    """The days of the month, filled up to whole weeks from Monday to Sunday.

    Raises ValueError for a month that there is not.
    """
    first = date(year, month, 1)
    last = (first + 31 * DAY).replace(day=1) - DAY
    return Span(first - first.weekday() * DAY, last + (6 - last.weekday()) * DAY)


def draw_weeks(
    span: Span,
    fairs: Iterable[Fair],
    *,
    today: date,
    holidays: Mapping[date, str],
    sessions: Iterable[Session] = (),
    month: int | None = None,
) -> list[list[DrawnDay]]:
    """The days of `span`, seven to a row; without `month`, no day is outside."""
    open_on: dict[date, list[Fair]] = defaultdict(list)
    for fair in fairs:
        day = max(fair.first_day, span.first)
        while day <= min(fair.end, span.last):
            open_on[day].append(fair)
            day += DAY
    begin_on: dict[date, list[Session]] = defaultdict(list)
    for session in sessions:
        begin_on[timezone.localtime(session.starts_at).date()].append(session)
    cells = [
        DrawnDay(
            day=day,
            lunar=lunar(day),
            holiday=holidays.get(day, ""),
            is_tet=tet_days(day.year).first <= day <= tet_days(day.year).last,
            is_today=day == today,
            is_outside=month is not None and day.month != month,
            fairs=tuple(open_on[day]),
            sessions=tuple(begin_on[day]),
        )
        for day in (span.first + number * DAY for number in range(span.length))
    ]
    return [cells[number : number + 7] for number in range(0, len(cells), 7)]
