"""The row is the job: asked for once, claimed once, published once."""

from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone, translation
from pytest_django import DjangoCaptureOnCommitCallbacks

from core import jobs
from core.errors import StaleState
from core.jobs import Job, State
from core.storage import StoredFile, keep_file
from core.tasks import run_job
from tests.faults.models import Mark
from tests.faults.tasks import fail_always, leave_mark, refuse

pytestmark = pytest.mark.django_db

NOWHERE = "/nowhere"


def _ask(kind: jobs.Kind = leave_mark, key: str = "mot", **arguments: Any) -> Job:
    if kind is leave_mark:
        arguments = {"name": key, "gate": NOWHERE}
    with transaction.atomic():
        return kind.ask(key=key, stream="office", actor=None, **arguments)


def _claim(job: Job) -> jobs.Run:
    run = jobs.claim(job.pk)
    assert run is not None
    return run


def _abandon(job: Job) -> None:
    """As if the worker had died: nobody renewed the lease."""
    Job.objects.filter(pk=job.pk).update(leased_until=timezone.now() - timedelta(seconds=1))


def _publish(run: jobs.Run) -> None:
    with run.publishing():
        Mark.objects.create(name="mot", attempt=run.attempt, file=_file())


def _publish_half(run: jobs.Run) -> None:
    with run.publishing():
        Mark.objects.create(name="mot", attempt=run.attempt, file=_file())
        raise ZeroDivisionError


def _file() -> StoredFile:
    return keep_file("aa/aa.json", content=b"{}", media_type="application/json")


def test_job_vanishes_with_the_change_that_wanted_it() -> None:
    with transaction.atomic():
        leave_mark.ask(key="mot", stream="office", actor=None, name="mot", gate=NOWHERE)
        transaction.set_rollback(True)
    assert not Job.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_job_asked_for_outside_a_transaction_is_refused() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        leave_mark.ask(key="mot", stream="office", actor=None, name="mot", gate=NOWHERE)
    assert not Job.objects.exists()


def test_asking_twice_is_once(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks() as rings:
        first = _ask()
        second = _ask()
    assert (first.pk, Job.objects.count(), len(rings)) == (second.pk, 1, 1)


def test_job_that_is_done_is_not_done_again() -> None:
    job = _ask()
    run_job(job.pk)
    assert _ask().state == State.DONE
    run_job(job.pk)
    assert list(Mark.objects.values_list("name", "attempt")) == [("mot", 1)]


def test_job_is_claimed_by_one_worker_only() -> None:
    job = _ask()
    assert _claim(job) == jobs.Run(job.pk, 1, job.run_at)
    assert jobs.claim(job.pk) is None


def test_claim_that_reads_before_another_worker_writes_gets_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The second worker reads the row while it still waits, and writes after the first."""
    job = _ask()
    seen: Callable[[], Any] = jobs._ready
    calls: list[int] = []

    def ready_with_a_rival() -> Any:
        calls.append(1)
        if len(calls) == 2:
            Job.objects.filter(pk=job.pk).update(
                state=State.RUNNING, attempt=1, leased_until=timezone.now() + jobs.LEASE
            )
        return seen()

    monkeypatch.setattr(jobs, "_ready", ready_with_a_rival)
    assert jobs.claim(job.pk) is None
    job.refresh_from_db()
    assert job.attempt == 1


def test_attempt_that_lost_its_lease_publishes_nothing() -> None:
    job = _ask()
    slow = _claim(job)
    _abandon(job)
    quick = _claim(job)
    with pytest.raises(jobs.LeaseLost):
        _publish(slow)
    with pytest.raises(jobs.LeaseLost):
        slow.report(1, 2)
    assert slow.renew() is False
    _publish(quick)
    assert list(Mark.objects.values_list("attempt", flat=True)) == [2]


def test_without_the_check_of_the_attempt_both_would_publish(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The guard off: this is what the test above protects from."""
    job = _ask()
    slow = _claim(job)
    _abandon(job)
    quick = _claim(job)
    monkeypatch.setattr(jobs.Run, "_mine", lambda run: Job.objects.filter(pk=run.job_id))
    _publish(quick)
    _publish(slow)
    assert list(Mark.objects.values_list("attempt", flat=True)) == [2, 1]


def test_result_that_cannot_be_published_leaves_nothing_behind() -> None:
    job = _ask()
    run = _claim(job)
    with pytest.raises(ZeroDivisionError):
        _publish_half(run)
    job.refresh_from_db()
    assert (job.state, Mark.objects.count()) == (State.RUNNING, 0)


def test_refusal_is_final_and_told_in_the_language_of_the_reader() -> None:
    job = _ask(refuse, limit="2.5")
    run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempt, job.facts) == (State.FAILED, 1, {"limit_value": "2.5"})
    assert job.error == "DomainError('tests.refused')"
    with translation.override("en"):
        assert job.shown_message == "Ensure this value is less than or equal to 2.5."
    with translation.override("vi"):
        assert job.shown_message == "Giá trị này không được lớn hơn 2.5."


def test_unexpected_error_is_tried_again_later_and_at_last_given_up() -> None:
    job = _ask(fail_always, reason="hỏng")
    pauses = []
    for attempt in range(1, jobs.ATTEMPTS + 1):
        Job.objects.filter(pk=job.pk).update(run_at=timezone.now())
        before = timezone.now()
        run_job(job.pk)
        job.refresh_from_db()
        assert (job.attempt, job.error) == (attempt, "RuntimeError('hỏng')")
        pauses.append(round((job.run_at - before).total_seconds()))
    assert pauses == [2, 4, 8, 16, 32]
    assert (job.state, job.message) == (State.FAILED, "Something unexpected went wrong.")


def test_job_that_failed_does_not_run_before_its_time() -> None:
    job = _ask(fail_always, reason="hỏng")
    run_job(job.pk)
    assert jobs.claim(job.pk) is None


def test_job_whose_workers_die_again_and_again_is_given_up() -> None:
    job = _ask()
    for _attempt in range(jobs.ATTEMPTS):
        _claim(job)
        _abandon(job)
    assert jobs.claim(job.pk) is None
    job.refresh_from_db()
    assert (job.state, job.attempt, job.leased_until) == (State.FAILED, jobs.ATTEMPTS, None)


def test_failed_job_starts_afresh_when_asked_for_or_retried() -> None:
    job = _ask(refuse, limit="1")
    for again in (lambda: _ask(refuse, limit="1"), lambda: jobs.retry_job(job)):
        run_job(job.pk)
        job.refresh_from_db()
        assert job.state == State.FAILED
        again()
        job.refresh_from_db()
        assert (job.state, job.attempt, job.message, job.error) == (State.WAITING, 0, "", "")


def test_worker_that_slept_through_a_restart_is_still_shut_out() -> None:
    job = _ask()
    sleeper = _claim(job)
    for _attempt in range(1, jobs.ATTEMPTS):
        _abandon(job)
        _claim(job)
    _abandon(job)
    assert jobs.claim(job.pk) is None  # given up
    job.refresh_from_db()
    jobs.retry_job(job)
    assert _claim(job).attempt == sleeper.attempt
    with pytest.raises(jobs.LeaseLost):
        sleeper.report(1, 1)
    with pytest.raises(jobs.LeaseLost), sleeper.publishing():
        pass
    assert not sleeper.renew()


def test_job_cancelled_while_it_waits_never_runs() -> None:
    job = _ask()
    jobs.cancel_job(job)
    assert job.state == State.CANCELLED
    run_job(job.pk)
    assert not Mark.objects.exists()


def test_job_cancelled_while_it_runs_stops_at_its_next_report(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    job = _ask()
    report = jobs.Run.report

    def cancelled_before_it_reports(run: jobs.Run, *words: Any, **facts: Any) -> None:
        jobs.cancel_job(job)
        report(run, *words, **facts)

    monkeypatch.setattr(jobs.Run, "report", cancelled_before_it_reports)
    run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempt, Mark.objects.count()) == (State.CANCELLED, 1, 0)


def test_sweep_rings_for_what_waits_and_what_was_abandoned_and_for_nothing_else() -> None:
    waiting, abandoned, running, later, done = (
        _ask(key=key) for key in ("cho", "bo-do", "dang-chay", "de-sau", "xong")
    )
    for job in (abandoned, running):
        _claim(job)
    _abandon(abandoned)
    run_job(done.pk)
    Job.objects.filter(pk=later.pk).update(run_at=timezone.now() + timedelta(minutes=1))

    assert jobs.sweep() == 2
    assert set(Job.objects.filter(rung_at__isnull=False)) == {waiting, abandoned}
    assert jobs.sweep() == 0  # rung just now


def test_sweep_rings_less_often_for_what_has_waited_long() -> None:
    job = _ask()
    rings = []
    with time_machine.travel(job.run_at, tick=False) as clock:
        for second in range(0, 3600, 15):
            clock.move_to(job.run_at + timedelta(seconds=second))
            if jobs.sweep():
                rings.append(second)
    # Twice as long after each ring, and never longer than five minutes.
    assert rings[:7] == [0, 15, 30, 60, 120, 240, 480]
    assert {b - a for a, b in pairwise(rings[6:])} == {300}


def test_sweep_rings_at_once_for_what_was_abandoned_after_a_long_wait() -> None:
    job = _ask()
    _claim(job)
    _abandon(job)
    an_hour, a_minute = timedelta(hours=1), timedelta(minutes=1)
    now = timezone.now()
    Job.objects.filter(pk=job.pk).update(run_at=now - an_hour, rung_at=now - a_minute)
    assert jobs.sweep() == 1


def test_illegal_move_of_a_job_is_an_error() -> None:
    job = _ask()
    run_job(job.pk)
    job.refresh_from_db()
    with pytest.raises(StaleState) as error:
        jobs.TRANSITIONS.move(job, State.WAITING)
    assert error.value.code == "state.illegal"
