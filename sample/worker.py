"""Waiting for jobs where a worker may or may not be running."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from django.utils.translation import gettext_lazy as _

from core import jobs
from core.errors import DomainError

ROOT = Path(__file__).resolve().parents[1]
LOOK = 0.1  # seconds between two looks at a job
PATIENCE = 2  # seconds a job may wait before we take it that nobody works
START = 60  # seconds that starting a worker may take on a slow machine
SWEEP = 15  # seconds between two rings for jobs that wait
GRACE = 15  # seconds our worker gets to end by itself


class Worker:
    """Somebody who does the jobs: whoever works already or, if nobody does, a child of ours.

    The child has no beat: another's beside it would share its schedule. While waiting we ring
    again ourselves. It is ended, by its process id, when the `with` block ends.
    """

    def __init__(self, log: Path) -> None:
        self.log = log
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Worker":
        return self

    def wait_for(self, job: jobs.Job, say: Callable[[str], None]) -> None:
        """Wait until the job is done, saying what it says of itself.

        Raises DomainError `demo.job_failed` with its reason, `demo.worker_died` and
        `demo.too_long`.
        """
        begun = swept = time.monotonic()
        limit = jobs.KINDS[job.kind].seconds + START
        said = ""
        while True:
            job.refresh_from_db()
            if not job.is_open:
                break
            now = time.monotonic()
            if now - begun > limit:
                raise DomainError(
                    "demo.too_long", _("It took longer than %(limit)s s."), limit=limit
                )
            if job.state == jobs.State.WAITING and now - begun > PATIENCE:
                self._look_after()
            if now - swept > SWEEP:
                swept = now
                jobs.sweep()
            if job.shown_message not in ("", said):
                said = job.shown_message
                say(f"{job.done}/{job.total} {said}" if job.total else said)
            time.sleep(LOOK)
        if job.state != jobs.State.DONE:
            raise DomainError("demo.job_failed", job.shown_message or job.get_state_display())

    def _look_after(self) -> None:
        if self.process is None:
            self._start()
        elif self.process.poll() is not None:
            raise DomainError(
                "demo.worker_died",
                _("The worker stopped by itself; see %(log)s"),
                log=os.path.relpath(self.log),
            )

    def _start(self) -> None:
        command = [
            *(sys.executable, "-m", "celery", "--quiet", "-A", "config", "worker"),
            *("--queues", ",".join(jobs.QUEUES), "--concurrency", "1", "--loglevel", "warning"),
            *("--without-gossip", "--without-mingle", "--hostname", "demo@%h"),
        ]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(  # noqa: S603 - our own command line
                command,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.process is None:
            return
        self.process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(GRACE)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
