"""Writes: stages, and the sessions on them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core import audit
from core.errors import DomainError, NotAllowed, StaleState
from core.locks import lock_row, lock_rows
from core.text import fold
from fairs.models import Crew, Fair, Session, SessionKind, Stage
from fairs.queries.programme import bounds_of, subject_of
from fairs.rules import can_organise
from fairs.states import OVER
from registry.models import Organisation, Place, Product

PLAIN_FIELDS = (
    *("stage", "kind", "title", "title_en", "description", "description_en"),
    *("starts_at", "ends_at", "place", "host", "livestream_url"),
)
# What every conference has on its first day: how long after it opens, and how long it takes.
CONFERENCE = {
    SessionKind.OPENING: (timedelta(0), timedelta(minutes=30)),
    SessionKind.SIGNING: (timedelta(hours=2), timedelta(hours=1)),
}
CONFERENCE_OPENS, LATEST_OPENING = time(8), time(20)


@dataclass(frozen=True, kw_only=True)
class SessionContent:
    """Everything that is said of a session; `crew` is a name, known before or new."""

    stage: Stage
    kind: str
    title: str
    starts_at: datetime
    ends_at: datetime
    title_en: str = ""
    description: str = ""
    description_en: str = ""
    crew: str = ""
    place: Place | None = None
    host: str = ""
    livestream_url: str = ""
    producers: Sequence[Organisation] = ()
    products: Sequence[Product] = ()


def require_session_times(fair: Fair, starts_at: datetime, ends_at: datetime) -> None:
    """Raises DomainError `session.ends_first` and `session.outside_fair`."""
    if ends_at <= starts_at:
        raise DomainError("session.ends_first", _("The session ends before it starts."))
    first, last = bounds_of(fair)
    if starts_at < first or ends_at > last:
        raise DomainError("session.outside_fair", _("The session is outside the fair's days."))


@transaction.atomic(durable=True)
def add_session(*, fair: Fair, content: SessionContent, actor: User | None) -> Session:
    """Put a new session on a stage.

    Raises NotAllowed, DomainError `programme.fair_over`, `session.other_stage`,
    `session.ends_first`, `session.outside_fair`.
    """
    row = _open_fair(fair, actor)
    _require_fitting(row, content)
    session = Session(fair=row)
    _write(session, content)
    _record(session, actor, "fairs.session_added", **_where(session))
    return session


@transaction.atomic(durable=True)
def change_session(
    *, session: Session, version: int, content: SessionContent, actor: User | None
) -> Session:
    """Rewrite the session, unless somebody else did since its `version`.

    Raises what `add_session` does, and StaleState `session.stale`.
    """
    fair = _open_fair(session.fair, actor)
    row = _lock_session(session, version)
    _require_fitting(fair, content)
    before = _where(row)
    _write(row, content)
    _record(row, actor, "fairs.session_changed", before=before, after=_where(row))
    return row


@transaction.atomic(durable=True)
def move_session(
    *,
    session: Session,
    version: int,
    actor: User | None,
    stage: Stage | None = None,
    starts_at: datetime | None = None,
) -> Session:
    """Let the session begin at another time or be on another stage; it stays as long as it was.

    Raises what `change_session` does.
    """
    fair = _open_fair(session.fair, actor)
    row = _lock_session(session, version)
    before = _where(row)
    length = row.ends_at - row.starts_at
    row.stage = stage or row.stage
    if starts_at:
        row.starts_at, row.ends_at = starts_at, starts_at + length
        require_session_times(fair, row.starts_at, row.ends_at)
    _require_stage(fair, row.stage)
    row.version += 1
    row.save(update_fields=["stage", "starts_at", "ends_at", "version"])
    _record(row, actor, "fairs.session_moved", before=before, after=_where(row))
    return row


@transaction.atomic(durable=True)
def delete_session(*, session: Session, version: int, actor: User | None) -> None:
    """Take the session out of the programme; what it was stays in the record.

    Raises NotAllowed, DomainError `programme.fair_over`, StaleState `session.stale`.
    """
    _open_fair(session.fair, actor)
    row = _lock_session(session, version)
    _record(row, actor, "fairs.session_deleted", title=row.title, **_where(row))
    row.delete()


@transaction.atomic(durable=True)
def add_stage(*, fair: Fair, name: str, actor: User | None, name_en: str = "") -> Stage:
    """Add a stage after the others.

    Raises NotAllowed, DomainError `programme.fair_over`, `stage.name_taken`.
    """
    row = _open_fair(fair, actor)
    _require_free_name(row, name)
    stages = list(row.stages.all())
    order = stages[-1].order + 1 if stages else 0
    stage = Stage.objects.create(fair=row, name=name, name_en=name_en, order=order)
    _record_stage(stage, actor, "fairs.stage_added", name=name)
    return stage


@transaction.atomic(durable=True)
def rename_stage(*, stage: Stage, name: str, actor: User | None, name_en: str = "") -> Stage:
    """Give the stage another name. Raises what `add_stage` does."""
    fair = _open_fair(stage.fair, actor)
    row = lock_row(stage)
    _require_free_name(fair, name, but=row)
    before, row.name, row.name_en = row.name, name, name_en
    row.save(update_fields=["name", "name_en"])
    _record_stage(row, actor, "fairs.stage_renamed", before=before, after=name)
    return row


@transaction.atomic(durable=True)
def reorder_stage(*, stage: Stage, is_up: bool, actor: User | None) -> None:
    """Let the stage change places with the one before it or, unless `is_up`, after it.

    At the end of the row nothing happens. Raises NotAllowed, DomainError `programme.fair_over`.
    """
    fair = _open_fair(stage.fair, actor)
    stages = sorted(lock_rows(fair.stages.all()), key=lambda each: (each.order, each.pk))
    here = stages.index(stage)
    there = here - 1 if is_up else here + 1
    if there not in range(len(stages)):
        return
    stages[here], stages[there] = stages[there], stages[here]
    for order, each in enumerate(stages):
        each.order = order
    Stage.objects.bulk_update(stages, ["order"])
    _record_stage(stage, actor, "fairs.stage_reordered", order=[each.pk for each in stages])


@transaction.atomic(durable=True)
def delete_stage(*, stage: Stage, actor: User | None) -> None:
    """Take away a stage on which nothing happens.

    Raises NotAllowed, DomainError `programme.fair_over`, `stage.used`.
    """
    _open_fair(stage.fair, actor)
    row = lock_row(stage)
    if row.sessions.exists():
        raise DomainError("stage.used", _("There are sessions on this stage. Move them first."))
    _record_stage(row, actor, "fairs.stage_deleted", name=row.name)
    row.delete()


def _open_fair(fair: Fair, actor: User | None) -> Fair:
    """The fair, locked: all writes of one programme come one after the other."""
    if actor is not None and not can_organise(actor, fair):
        raise NotAllowed("fair.not_organiser", _("Only an organiser of this fair may do this."))
    row = lock_row(fair)
    if row.state in OVER:
        raise DomainError(
            "programme.fair_over", _("This fair is over: its programme is no longer changed.")
        )
    return row


def _lock_session(session: Session, version: int) -> Session:
    rows = lock_rows(Session.objects.filter(pk=session.pk, version=version))
    if not rows:
        raise StaleState(
            "session.stale", _("Somebody else has changed this session since you opened it.")
        )
    return rows[0]


def _require_fitting(fair: Fair, content: SessionContent) -> None:
    _require_stage(fair, content.stage)
    require_session_times(fair, content.starts_at, content.ends_at)


def _require_stage(fair: Fair, stage: Stage) -> None:
    if stage.fair_id != fair.pk:
        raise DomainError("session.other_stage", _("This stage belongs to another fair."))


def _require_free_name(fair: Fair, name: str, but: Stage | None = None) -> None:
    taken = {fold(stage.name) for stage in fair.stages.all() if stage != but}
    if fold(name) in taken:
        raise DomainError("stage.name_taken", _("This fair has a stage of that name already."))


def _write(session: Session, content: SessionContent) -> None:
    """Save the session with a version of its own; producers of linked products are linked too."""
    for field in PLAIN_FIELDS:
        setattr(session, field, getattr(content, field))
    session.crew = _find_or_add_crew(content.crew)
    session.version = session.version + 1 if session.pk else 1
    session.save()
    makers = {product.producer_id for product in content.products}
    session.producers.set({*(producer.pk for producer in content.producers), *makers})
    session.products.set(content.products)


def _find_or_add_crew(name: str) -> Crew | None:
    """The crew of that name, whatever its accents and capitals; a new one if there is none."""
    if not name:
        return None
    known = {fold(crew.name): crew for crew in Crew.objects.all()}
    return known.get(fold(name)) or Crew.objects.create(name=name)


def _where(session: Session) -> dict[str, Any]:
    return {
        "version": session.version,
        "kind": session.kind,
        "stage": session.stage_id,
        "starts_at": session.starts_at.isoformat(),
        "ends_at": session.ends_at.isoformat(),
        "crew": session.crew_id,
    }


def _record(session: Session, actor: User | None, verb: str, **facts: Any) -> None:
    subject, stream = subject_of(session), session.fair.stream
    audit.record(stream=stream, actor=actor, verb=verb, subject=subject, **facts)


def _record_stage(stage: Stage, actor: User | None, verb: str, **facts: Any) -> None:
    subject, stream = f"stage:{stage.pk}", stage.fair.stream
    audit.record(stream=stream, actor=actor, verb=verb, subject=subject, **facts)


def begin_conference(fair: Fair, actor: User | None) -> None:
    """Give a new conference its main stage, opening and signing ceremony.

    A step of the actions that plan a fair, inside their transaction.
    """
    stage = Stage(fair=fair)
    with override(settings.LANGUAGE_CODE):
        stage.name = gettext("Main stage")
    with override("en"):
        stage.name_en = gettext("Main stage")
    stage.save()
    _record_stage(stage, actor, "fairs.stage_added", name=stage.name)
    opens = min(fair.opens or CONFERENCE_OPENS, LATEST_OPENING)
    first = timezone.make_aware(datetime.combine(fair.first_day, opens))
    for kind, (after, length) in CONFERENCE.items():
        with override(settings.LANGUAGE_CODE):
            title = str(kind.label)
        with override("en"):
            title_en = str(kind.label)
        starts_at = first + after
        content = SessionContent(
            stage=stage,
            kind=kind,
            title=title,
            title_en=title_en,
            starts_at=starts_at,
            ends_at=starts_at + length,
        )
        session = Session(fair=fair)
        _write(session, content)
        _record(session, actor, "fairs.session_added", **_where(session))


def shift_sessions(fair: Fair, delta: timedelta) -> int:
    """Let the fair's sessions begin as much later as the fair does; return how many.

    A step of the actions that move a fair, inside their transaction.
    """
    sessions = list(Session.objects.filter(fair=fair)) if delta else []
    for session in sessions:
        session.starts_at += delta
        session.ends_at += delta
        session.version += 1
    Session.objects.bulk_update(sessions, ["starts_at", "ends_at", "version"])
    return len(sessions)
