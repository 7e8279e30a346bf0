"""Of two who come at once one wins, and the record has neither gap nor fork."""

from functools import partial

from django.db import transaction

from core import audit, jobs
from core.jobs import Job, State
from core.storage import StoredFile, keep_file, write_file
from tests.faults.models import Mark
from tests.faults.tasks import leave_mark
from tests.races.conftest import AtOnce


def _ask() -> Job:
    with transaction.atomic():
        return leave_mark.ask(key="mot", stream="office", actor=None, name="mot", gate="/nowhere")


def _record(subject: str) -> audit.AuditEvent:
    with transaction.atomic():
        return audit.record(stream="office", actor=None, verb="plan.changed", subject=subject)


def _publish(run: jobs.Run) -> bool:
    content = b"{}"
    name = write_file(content, media_type="application/json")
    with run.publishing():
        file = keep_file(name, content=content, media_type="application/json")
        Mark.objects.create(name="mot", attempt=run.attempt, file=file)
    return True


def test_job_asked_for_by_many_at_once_is_one(at_once: AtOnce) -> None:
    asked = at_once([_ask] * 6)
    assert asked == [Job.objects.get()] * 6


def test_job_claimed_by_many_at_once_is_given_to_one(at_once: AtOnce) -> None:
    job = _ask()
    runs = at_once([partial(jobs.claim, job.pk)] * 10)
    assert sorted(runs, key=str) == [None] * 9 + [jobs.Run(job.pk, 1, job.run_at)]


def test_one_attempt_publishing_twice_at_once_publishes_once(at_once: AtOnce) -> None:
    run = jobs.claim(_ask().pk)
    assert run is not None
    done = at_once([partial(_publish, run)] * 4)
    assert sorted(type(one).__name__ for one in done) == ["LeaseLost"] * 3 + ["bool"]
    assert (Mark.objects.count(), StoredFile.objects.count()) == (1, 1)
    assert Job.objects.get().state == State.DONE


def test_events_recorded_at_once_make_one_chain(at_once: AtOnce) -> None:
    events = at_once([partial(_record, f"A-{number}") for number in range(12)])
    assert sorted(event.number for event in events) == list(range(1, 13))
    assert list(audit.find_breaks()) == []


def test_same_move_made_by_many_at_once_is_made_by_one(at_once: AtOnce) -> None:
    _ask()
    rows = [Job.objects.get() for _person in range(6)]
    moved = at_once([partial(jobs.TRANSITIONS.move, row, State.CANCELLED) for row in rows])
    codes = [getattr(one, "code", "moved") for one in moved]
    assert sorted(codes) == ["moved"] + ["state.stale"] * 5
