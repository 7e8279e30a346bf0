"""A worker that lives keeps its job, however long that takes."""

from pathlib import Path

from django.db import transaction

from core.jobs import Job, State
from tests.faults.models import Mark
from tests.faults.tasks import leave_mark
from tests.services import wait_until
from tests.stage import Stage


def _ask(name: str, gate: Path) -> Job:
    with transaction.atomic():
        return leave_mark.ask(key=name, stream="office", actor=None, name=name, gate=str(gate))


def _is(state: State, attempt: int) -> bool:
    return Job.objects.filter(state=state, attempt=attempt, done__gte=1).exists()


def test_lease_is_kept_while_the_worker_lives(backstage: Stage) -> None:
    """A job longer than its lease is not taken over, however often the sweep rings."""
    gate = backstage.folder / "gate"
    gate.touch()
    backstage.start_worker()
    job = _ask("lau", gate)
    wait_until(lambda: _is(State.RUNNING, 1), what="the attempt runs")
    job.refresh_from_db()
    first_lease = job.leased_until
    assert first_lease is not None

    wait_until(
        lambda: Job.objects.filter(leased_until__gt=first_lease + (first_lease - job.run_at)),
        what="the lease was renewed past its end",
    )
    gate.unlink()
    wait_until(lambda: _is(State.DONE, 1), what="the first attempt is done")

    assert [mark.attempt for mark in Mark.objects.all()] == [1]
