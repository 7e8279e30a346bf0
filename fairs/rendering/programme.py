"""A day of the programme drawn as a timetable: stages are columns, time runs down."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from fairs.models import Session, Stage

# In SVG units, which are pixels. Few stages share the width of a desk; with many it scrolls.
GUTTER = 56
WIDTH = 1080
NARROWEST = 200
HEAD = 40
HOUR = 64
GAP = 3
EARLIEST, LATEST = 8, 18
STEP = timedelta(minutes=15)


@dataclass(frozen=True)
class DrawnSession:
    """One session's block; `is_whole` unless a part of it lies on another day."""

    session: Session
    x: float
    y: float
    width: float
    height: float
    is_whole: bool


@dataclass(frozen=True)
class DrawnStage:
    """One stage's column."""

    stage: Stage
    x: float
    width: float


@dataclass(frozen=True)
class DrawnHour:
    """One hour's line."""

    text: str
    y: float


@dataclass(frozen=True)
class DrawnTimetable:
    """A whole day; `head` is the height of the stages' names, `step` that of 15 minutes."""

    day: date
    width: float
    height: float
    head: float
    step: float
    stages: tuple[DrawnStage, ...]
    hours: tuple[DrawnHour, ...]
    blocks: tuple[DrawnSession, ...]


def draw_timetable(
    day: date, stages: Sequence[Stage], sessions: Sequence[Session]
) -> DrawnTimetable:
    """Lay out the sessions that lie on `day`; those that overlap on a stage stand side by side."""
    midnight = timezone.make_aware(datetime.combine(day, time.min))
    spans = {
        session.pk: (_hours(session.starts_at, midnight), _hours(session.ends_at, midnight))
        for session in sessions
    }
    here = [each for each in sessions if spans[each.pk][0] < 24 and spans[each.pk][1] > 0]
    top = max(0, min([EARLIEST, *(int(spans[each.pk][0]) for each in here)]))
    bottom = min(24, max([LATEST, *(-int(-spans[each.pk][1] // 1) for each in here)]))
    column = max(NARROWEST, (WIDTH - GUTTER) // max(1, len(stages)))
    blocks: list[DrawnSession] = []
    for index, stage in enumerate(stages):
        own = [each for each in here if each.stage_id == stage.pk]
        lanes = _lanes(own)
        width = column / (max(lanes.values(), default=0) + 1)
        for session in own:
            start, end = spans[session.pk]
            first, last = max(start, top), min(end, bottom)
            blocks.append(
                DrawnSession(
                    session=session,
                    x=GUTTER + index * column + lanes[session.pk] * width + GAP,
                    y=HEAD + (first - top) * HOUR,
                    width=width - 2 * GAP,
                    height=(last - first) * HOUR - GAP,
                    is_whole=start >= 0 and end <= 24,
                )
            )
    return DrawnTimetable(
        day=day,
        width=GUTTER + len(stages) * column,
        height=HEAD + (bottom - top) * HOUR,
        head=HEAD,
        step=HOUR / 4,
        stages=tuple(
            DrawnStage(stage, GUTTER + index * column, column) for index, stage in enumerate(stages)
        ),
        hours=tuple(
            DrawnHour(f"{hour:02}:00", HEAD + (hour - top) * HOUR) for hour in range(top, bottom)
        ),
        blocks=tuple(blocks),
    )


def _hours(moment: datetime, midnight: datetime) -> float:
    return (moment - midnight) / timedelta(hours=1)


def _lanes(sessions: list[Session]) -> dict[int, int]:
    """For each session the first lane that is free when it begins, from 0."""
    ends: list[datetime] = []
    lanes: dict[int, int] = {}
    for session in sorted(sessions, key=lambda each: (each.starts_at, each.pk)):
        free = [lane for lane, end in enumerate(ends) if end <= session.starts_at]
        lane = free[0] if free else len(ends)
        ends[lane : lane + 1] = [session.ends_at]
        lanes[session.pk] = lane
    return lanes


@dataclass(frozen=True)
class Moves:
    """Where one press of a button brings a session; None where there is nothing."""

    session: Session
    earlier: datetime | None
    later: datetime | None
    left: Stage | None
    right: Stage | None


def moves_of(session: Session, stages: Sequence[Stage], bounds: tuple[datetime, datetime]) -> Moves:
    """The next quarter of an hour either way, as far as the fair's days go, and the next stages."""
    first, last = bounds
    index = next(place for place, stage in enumerate(stages) if stage.pk == session.stage_id)
    earlier, later = session.starts_at - STEP, session.starts_at + STEP
    is_inside = session.starts_at >= first and session.ends_at <= last
    return Moves(
        session=session,
        earlier=timezone.localtime(earlier) if is_inside and earlier >= first else None,
        later=timezone.localtime(later) if is_inside and session.ends_at + STEP <= last else None,
        left=stages[index - 1] if index else None,
        right=stages[index + 1] if index + 1 < len(stages) else None,
    )
