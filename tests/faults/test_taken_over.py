"""A worker thought dead comes back to a sealed memorandum: which guards keep its seal out."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, models
from django.utils import timezone

from core import jobs
from core.errors import StaleState
from core.jobs import Job
from mou import tasks
from mou.migrations._guards import put_up, take_down
from mou.models import Memorandum, Rendition
from mou.states import MemorandumState
from mou.tasks import sealing
from tests.faults.papers import sign_by_all


class _Unfenced(jobs.Run):
    """An attempt that nobody asks whether the job is still its own."""

    def _mine(self) -> models.QuerySet[Job]:
        return Job.objects.filter(pk=self.job_id)


class _AnyMove:
    """In the place of the table of states: every move is allowed."""

    @staticmethod
    def move(row: Memorandum, state: str, **fields: Any) -> None:
        Memorandum.objects.filter(pk=row.pk).update(state=state, **fields)


@pytest.fixture
def late(transactional_db: None) -> jobs.Run:
    """The attempt that was overtaken; the next one has sealed the memorandum since."""
    job = sign_by_all().job
    slow = _claim(job)
    Job.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    _seal(_claim(job))
    assert Memorandum.objects.get().state == MemorandumState.SEALED
    return slow


@pytest.fixture
def _without_constraint(late: jobs.Run) -> Iterator[None]:
    [once] = Rendition._meta.constraints
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rendition._meta, "constraints", [])  # SQLite makes the table anew from these
        # So are its triggers, and those refuse what is cleared away afterwards.
        with connection.schema_editor() as editor:
            take_down(None, editor)
            editor.remove_constraint(Rendition, once)
        yield
    Rendition.objects.all().delete()
    with connection.schema_editor() as editor:
        editor.add_constraint(Rendition, once)
        put_up(None, editor)


def _claim(job: Job | None) -> jobs.Run:
    run = jobs.claim(job.pk)
    assert run is not None
    return run


def _seal(run: jobs.Run) -> None:
    tasks.seal_memorandum.handler(run, memorandum=Memorandum.objects.get().pk)


def _unfenced(run: jobs.Run) -> jobs.Run:
    return _Unfenced(run.job_id, run.attempt, run.run_at)


def test_the_fence_lets_no_overtaken_attempt_in(late: jobs.Run) -> None:
    with pytest.raises(jobs.LeaseLost):
        _seal(late)
    assert Rendition.objects.count() == 1


def test_without_the_fence_the_database_refuses_a_second_original(late: jobs.Run) -> None:
    with pytest.raises(IntegrityError):
        _seal(_unfenced(late))
    assert Rendition.objects.count() == 1


@pytest.mark.usefixtures("_without_constraint")
def test_without_fence_and_constraint_the_state_refuses_a_second_original(late: jobs.Run) -> None:
    with pytest.raises(StaleState):
        _seal(_unfenced(late))
    assert Rendition.objects.count() == 1


@pytest.mark.usefixtures("_without_constraint")
def test_without_all_three_there_are_two_originals(
    late: jobs.Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The guards off: this is what the tests above protect from."""
    monkeypatch.setattr(sealing, "MEMORANDUM", _AnyMove)
    _seal(_unfenced(late))
    assert len(set(Rendition.objects.values_list("sha256", flat=True))) == 2
