"""The thin Celery entry: a name, an id, nothing else."""

import logging
import threading

from celery import shared_task
from django.db import DatabaseError, connection

from core import jobs

log = logging.getLogger("core.jobs")


@shared_task(name="core.run_job")
def run_job(job_id: int) -> None:
    """Do one job, if it is still to be had."""
    run = jobs.claim(job_id)
    if run is None:
        return
    job = jobs.Job.objects.get(pk=job_id)
    log.info("job %s: %s, attempt %s", job_id, job.key, run.attempt)
    with _lease_kept(run):
        try:
            jobs.KINDS[job.kind].handler(run, **job.arguments)
        except jobs.LeaseLost:
            log.warning("job %s: attempt %s was overtaken", job_id, run.attempt)
        except jobs.Cancelled:
            jobs.end_cancelled(run)
        except Exception as error:
            log.warning("job %s: attempt %s failed", job_id, run.attempt, exc_info=error)
            jobs.fail(run, error)


@shared_task(name="core.sweep")
def sweep() -> None:
    """Ring again for whatever was left waiting."""
    jobs.sweep()


class _lease_kept:  # noqa: N801 - reads as a phrase in a `with` line
    """Renews the lease from a second thread, so that it ends with the process and not before."""

    def __init__(self, run: jobs.Run) -> None:
        self.run = run
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._renew, daemon=True)

    def _renew(self) -> None:
        try:
            while not self.over.wait(jobs.BEAT.total_seconds()):
                if not self._is_ours():
                    return
        finally:
            connection.close()

    def _is_ours(self) -> bool:
        try:
            return self.run.renew()
        except DatabaseError as error:
            log.warning("job %s: the lease was not renewed (%s)", self.run.job_id, error)
            return True  # as far as we know; the next beat asks again

    def __enter__(self) -> None:
        self.thread.start()

    def __exit__(self, *_failure: object) -> None:
        self.over.set()
        self.thread.join()
