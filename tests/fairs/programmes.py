"""A fair in December 2026 with stages and sessions, for the tests of the programme."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from fairs.models import Fair, Session, SessionKind, Stage
from fairs.states import FairState
from tests import builders

DAY = date(2026, 12, 2)


def at(hour: int, minute: int = 0, *, day: int = 0) -> datetime:
    """That time of the fair's first day, or `day` days later."""
    moment = datetime.combine(DAY + timedelta(days=day), time(hour, minute))
    return timezone.make_aware(moment)


def make_fair(state: str = FairState.REGISTERING, **fields: Any) -> Fair:
    return builders.make_fair(state, **{"first_day": DAY, **fields})


def make_stage(fair: Fair, **fields: Any) -> Stage:
    values = {"name": "Sân khấu chính", "order": fair.stages.count(), **fields}
    return Stage.objects.create(fair=fair, **values)


def make_session(stage: Stage, **fields: Any) -> Session:
    """A performance of an hour, at nine unless said otherwise."""
    values = {
        "kind": "performance",
        "title": "Hát chèo",
        "starts_at": at(9),
        **fields,
    }
    values.setdefault("ends_at", values["starts_at"] + timedelta(hours=1))
    return Session.objects.create(fair=stage.fair, stage=stage, **values)


def make_opening(fair: Fair) -> Session:
    """The fair's opening, from eight to nine of its first morning."""
    starts_at = timezone.make_aware(datetime.combine(fair.first_day, time(8)))
    stage = fair.stages.first() or make_stage(fair)
    kind = SessionKind.OPENING
    return make_session(stage, kind=kind, title="Lễ khai mạc", starts_at=starts_at)
