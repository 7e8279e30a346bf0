"""For each conflict of a programme a move of one session that resolves it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.utils import timezone

from fairs.models import Fair, Session, SessionKind, Stage
from fairs.queries.programme import (
    SessionConflict,
    SessionConflictKind,
    bounds_of,
    conflicts_among,
    sessions_that_matter,
    shown_span,
)

STEP = timedelta(minutes=15)
# Nothing is proposed before or after these hours of a day.
DAY_BEGINS, DAY_ENDS = time(8), time(22)
ONE_AGAINST_THE_OTHER = {SessionKind.SIGNING, SessionKind.PERFORMANCE}


@dataclass(frozen=True)
class Proposal:
    """Where a session would disturb nobody, as long as it is now."""

    session: Session
    stage: Stage
    starts_at: datetime

    @property
    def when(self) -> str:
        """The proposed time in words."""
        return shown_span(self.starts_at, self.starts_at + _length(self.session))


def proposals_for(
    fair: Fair, sessions: Sequence[Session], stages: Sequence[Stage]
) -> list[tuple[SessionConflict, Proposal | None]]:
    """Each conflict of the programme with the first free place of the session that gives way.

    The same time on another stage comes first, then later and earlier on the same day and
    stage; None where the day is full. `sessions` are all of the fair. One query.
    """
    others = sessions_that_matter(fair, sessions)
    found = []
    for conflict in conflicts_among(fair, others):
        session = _who_gives_way(fair, conflict)
        free = (
            Proposal(session, stage, starts_at)
            for stage, starts_at in _candidates(fair, conflict, session, stages)
            if not any(_disturbs(session, stage, starts_at, other) for other in others)
        )
        found.append((conflict, next(free, None)))
    return found


def _who_gives_way(fair: Fair, conflict: SessionConflict) -> Session:
    """A performance before a signing ceremony, the later before the earlier, of this fair only."""
    first, second = conflict.first, conflict.second or conflict.first
    if conflict.kind == SessionConflictKind.SIGNING_PERFORMANCE:
        return first if first.kind == SessionKind.PERFORMANCE else second
    return second if second.fair_id == fair.pk else first


def _candidates(
    fair: Fair, conflict: SessionConflict, session: Session, stages: Sequence[Stage]
) -> Iterator[tuple[Stage, datetime]]:
    if conflict.kind == SessionConflictKind.OUTSIDE_FAIR:
        for number in range(fair.days):
            day = fair.first_day + timedelta(days=number)
            clock = timezone.localtime(session.starts_at).time()
            yield session.stage, timezone.make_aware(datetime.combine(day, clock))
        return
    for stage in stages:
        if stage.pk != session.stage_id:
            yield stage, session.starts_at
    day = timezone.localtime(session.starts_at).date()
    begins, ends = (timezone.make_aware(datetime.combine(day, at)) for at in (DAY_BEGINS, DAY_ENDS))
    later = earlier = session.starts_at
    while (later := later + STEP) + _length(session) <= ends:
        yield session.stage, later
    while (earlier := earlier - STEP) >= begins:
        yield session.stage, earlier


def _disturbs(session: Session, stage: Stage, starts_at: datetime, other: Session) -> bool:
    """Whether the session, put there, would be outside the fair or in conflict with `other`."""
    ends_at = starts_at + _length(session)
    first, last = bounds_of(session.fair)
    if starts_at < first or ends_at > last:
        return True
    if other.pk == session.pk or other.starts_at >= ends_at or other.ends_at <= starts_at:
        return False
    return (
        other.stage_id == stage.pk
        or (session.crew_id is not None and other.crew_id == session.crew_id)
        or (
            other.fair_id == session.fair_id and {other.kind, session.kind} == ONE_AGAINST_THE_OTHER
        )
    )


def _length(session: Session) -> timedelta:
    return session.ends_at - session.starts_at
