"""Background work: the row is the job, Celery only rings the bell.

A job's row is written in the same transaction as the change that wants it. After the
commit Celery is rung with the row's id; if the broker is dead nobody notices, because
`sweep` (every 15 s) rings again for rows that wait or whose lease ran out. A worker
claims a row by compare-and-set, which gives it a lease and an attempt number; both are
checked whenever it reports, so a worker that was thought dead can finish nothing twice.
"""

import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from celery import current_app
from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext, gettext_noop, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from core.codes import new_token
from core.errors import DomainError, NotYet
from core.transitions import Transitions, one_of
from core.vietnam import shown_number

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=getattr(settings, "JOB_LEASE_SECONDS", 20))
BEAT = LEASE / 4  # between two renewals of a lease
LONGEST_SILENCE = 15 * LEASE  # between two rings for a job that waits
ATTEMPTS = 5
QUEUES = ("default", "pdf", "seal", "import", "mail")


class State(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    RUNNING = "running", pgettext_lazy("job", "Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


OPEN = (State.WAITING, State.RUNNING)
TRANSITIONS = Transitions(
    {
        State.WAITING: frozenset({State.RUNNING, State.CANCELLED, State.FAILED}),
        State.RUNNING: frozenset({State.WAITING, State.DONE, State.FAILED, State.CANCELLED}),
        State.DONE: frozenset(),
        State.FAILED: frozenset({State.WAITING}),
        State.CANCELLED: frozenset({State.WAITING}),
    }
)


class Job(models.Model):
    """One piece of work that a worker does once."""

    token = models.CharField(max_length=64, unique=True, default=new_token, editable=False)
    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=160, unique=True)
    stream = models.CharField(max_length=80)
    arguments = models.JSONField(default=dict)
    queue = models.CharField(max_length=20)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(max_length=12, choices=State.choices, default=State.WAITING)
    attempt = models.PositiveIntegerField(default=0)
    leased_until = models.DateTimeField(null=True)
    run_at = models.DateTimeField(default=timezone.now)
    rung_at = models.DateTimeField(null=True)
    cancel_wanted = models.BooleanField(default=False)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    message = models.TextField(blank=True)
    facts = models.JSONField(default=dict)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "core"
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        constraints = [
            models.CheckConstraint(condition=one_of("state", State.values), name="job_state_known"),
            models.CheckConstraint(
                condition=~Q(state=State.RUNNING) | Q(leased_until__isnull=False),
                name="job_running_has_lease",
            ),
        ]
        indexes = [
            models.Index(
                fields=["run_at"], name="job_open", condition=Q(state__in=["waiting", "running"])
            )
        ]

    def __str__(self) -> str:
        return f"{self.key} ({self.state})"

    def get_absolute_url(self) -> str:
        """The fragment that shows the job's progress."""
        return reverse("job", args=[self.token])

    @property
    def shown_message(self) -> str:
        """What the job is doing, or why it failed, in the reader's language."""
        if self.state == State.WAITING and not self.message:
            return gettext("Waiting for the worker")
        sentence = gettext(self.message) if self.message else ""
        return sentence % _shown(self.facts) if self.facts else sentence

    @property
    def shown_title(self) -> str:
        """What kind of work this is, in the reader's language."""
        return gettext(KINDS[self.kind].title) if self.kind in KINDS else self.kind

    @property
    def is_open(self) -> bool:
        return self.state in OPEN


def _shown(facts: dict[str, Any]) -> dict[str, Any]:
    """Whole numbers as the reader's language groups them; everything else as it is."""
    language = get_language() or settings.LANGUAGE_CODE
    return {
        name: shown_number(value, language) if type(value) is int else value
        for name, value in facts.items()
    }


class LeaseLost(Exception):
    """Another worker has this job now; whatever this one made must not be published."""


class Cancelled(Exception):
    """Somebody pressed cancel."""


@dataclass(frozen=True)
class Run:
    """One attempt at a job, given to its handler.

    A job that is restarted counts its attempts from the start; `run_at` tells them from those
    before, so that a worker which slept through the restart is still shut out.
    """

    job_id: int
    attempt: int
    run_at: datetime

    def _mine(self) -> models.QuerySet[Job]:
        return Job.objects.filter(
            pk=self.job_id, state=State.RUNNING, attempt=self.attempt, run_at=self.run_at
        )

    def report(self, done: int, total: int, message: str = "", **facts: Any) -> None:
        """Show progress and keep the lease. `message` is a source string for gettext.

        Raises LeaseLost if another worker took over, Cancelled if it was asked for.
        """
        changed = self._mine().update(
            done=done,
            total=total,
            message=message,
            facts=facts,
            leased_until=timezone.now() + LEASE,
        )
        if not changed:
            raise LeaseLost
        if self.cancel_wanted():
            raise Cancelled

    def cancel_wanted(self) -> bool:
        """Whether somebody pressed cancel."""
        return self._mine().filter(cancel_wanted=True).exists()

    def renew(self) -> bool:
        """Keep the lease; False if it is no longer ours."""
        return self._mine().update(leased_until=timezone.now() + LEASE) == 1

    @contextmanager
    def publishing(self, message: str = "", **facts: Any) -> Iterator[None]:
        """The one transaction that publishes the result and ends the job.

        Raises LeaseLost, and publishes nothing, if this attempt is no longer the job's.
        """
        with transaction.atomic():
            changed = self._mine().update(
                state=State.DONE,
                done=F("total"),
                message=message,
                facts=facts,
                error="",
                leased_until=None,
                finished_at=timezone.now(),
            )
            if not changed:
                raise LeaseLost
            yield


Handler = Callable[..., None]


@dataclass(frozen=True)
class Kind:
    """A kind of job: its name, its title, its queue, its limits, and the function that does it."""

    name: str
    title: str
    queue: str
    seconds: int
    handler: Handler

    def ask(self, *, key: str, stream: str, actor: Any, **arguments: Any) -> Job:
        """Ask for the job `key`, inside the transaction of the change that wants it.

        Asking again for a job that is open or done changes nothing; one that failed or
        was cancelled waits again.
        """
        if not transaction.get_connection().in_atomic_block:
            raise transaction.TransactionManagementError("a job belongs to a transaction")
        job, created = Job.objects.get_or_create(
            key=f"{self.name}:{key}",
            defaults={
                "kind": self.name,
                "stream": stream,
                "arguments": arguments,
                "queue": self.queue,
                "requested_by": actor,
            },
        )
        if created or _restart(job):
            transaction.on_commit(partial(ring, job.pk, self), robust=True)
        return job


KINDS: dict[str, Kind] = {}


def kind(
    name: str, *, title: str, queue: str = "default", seconds: int = 60
) -> Callable[[Handler], Kind]:
    """Register the decorated function as the handler of jobs of this kind.

    The handler is called as `handler(run, **arguments)` and ends with
    `with run.publishing():`. `title` is a source string for gettext that says what is being
    done, `seconds` is the time limit.
    """

    def register(handler: Handler) -> Kind:
        if name in KINDS or queue not in QUEUES:
            raise ValueError(f"{name}: known already, or no queue {queue}")
        KINDS[name] = Kind(name, title, queue, seconds, handler)
        return KINDS[name]

    return register


def ring(job_id: int, of: Kind) -> None:
    """Tell the workers that a job waits. A dead broker is not the user's business."""
    Job.objects.filter(pk=job_id).update(rung_at=timezone.now())
    try:
        current_app.send_task(
            "core.run_job",
            args=[job_id],
            queue=of.queue,
            soft_time_limit=of.seconds,
            time_limit=of.seconds + 15,
            retry=False,
        )
    except Exception as error:  # noqa: BLE001 - whatever is wrong with the broker, the sweep rings again
        log.warning("job %s: the broker did not answer (%s)", job_id, error)


def _restart(job: Job) -> bool:
    if job.state not in (State.FAILED, State.CANCELLED):
        return False
    fresh = {"attempt": 0, "cancel_wanted": False, "finished_at": None, "error": ""}
    progress = {"done": 0, "total": 0, "message": "", "facts": {}}
    TRANSITIONS.move(job, State.WAITING, run_at=timezone.now(), **fresh, **progress)
    return True


def retry_job(job: Job) -> None:
    """Let a failed or cancelled job wait again; one that is open or done is left alone."""
    with transaction.atomic():
        if _restart(job):
            transaction.on_commit(partial(ring, job.pk, KINDS[job.kind]), robust=True)


def cancel_job(job: Job) -> None:
    """Stop a job: at once if it waits, at its next report if it runs."""
    # In this order, for a worker may take the job, or give it back, between the two.
    Job.objects.filter(pk=job.pk, state__in=OPEN).update(cancel_wanted=True)
    Job.objects.filter(pk=job.pk, state=State.WAITING).update(
        state=State.CANCELLED, finished_at=timezone.now(), message=""
    )
    job.refresh_from_db()


def _ready() -> Q:
    frozen_now = timezone.now()
    waits = Q(state=State.WAITING, run_at__lte=frozen_now)
    abandoned = Q(state=State.RUNNING, leased_until__lte=frozen_now)
    return waits | abandoned


def claim(job_id: int) -> Run | None:
    """Take the job if it waits or was abandoned; None if it is not to be had."""
    job = Job.objects.filter(_ready(), pk=job_id).first()
    if job is None:
        return None
    same = Job.objects.filter(
        _ready(), pk=job_id, attempt=job.attempt, state=job.state, run_at=job.run_at
    )
    if job.attempt >= ATTEMPTS:
        same.update(
            state=State.FAILED,
            leased_until=None,
            finished_at=timezone.now(),
            message=gettext_noop("The worker was stopped in the middle of this again and again."),
            facts={},
        )
        return None
    run = Run(job_id, job.attempt + 1, job.run_at)
    taken = same.update(
        state=State.RUNNING, attempt=run.attempt, leased_until=timezone.now() + LEASE
    )
    return run if taken else None


def fail(run: Run, error: Exception) -> None:
    """End this attempt: a DomainError for good, all else and `NotYet` with another try later."""
    refused = isinstance(error, DomainError) and not isinstance(error, NotYet)
    final = refused or run.attempt >= ATTEMPTS
    if isinstance(error, DomainError):
        message, facts = _source(error), _plain(error.facts)
    else:
        message, facts = gettext_noop("Something unexpected went wrong."), {}
        if not final:
            message = gettext_noop("It did not work; it is tried again shortly.")
    run._mine().update(
        state=State.FAILED if final else State.WAITING,
        leased_until=None,
        finished_at=timezone.now() if final else None,
        run_at=timezone.now() + timedelta(seconds=2**run.attempt),
        message=message,
        facts=facts,
        error=repr(error)[:2000],
    )


def _plain(facts: dict[str, Any]) -> dict[str, Any]:
    """Facts as JSON can hold them: dates, money and lazy sentences as people read them."""
    return dict(json.loads(json.dumps(facts, default=str)))


def _source(error: DomainError) -> str:
    """The untranslated message, so that every reader sees it in their own language."""
    arguments = getattr(error.message, "_args", None)
    return str(arguments[0]) if arguments else str(error.message)


def end_cancelled(run: Run) -> None:
    """End this attempt because somebody pressed cancel."""
    run._mine().update(
        state=State.CANCELLED, leased_until=None, finished_at=timezone.now(), message="", facts={}
    )


def sweep() -> int:
    """Ring again for every job that waits or was abandoned; return how many.

    The longer a job has waited, the longer until its next ring: what stands in a long queue was
    heard, and bells for each of them at every sweep would keep the workers from the work.
    """
    frozen_now = timezone.now()
    patient = models.Value(frozen_now, models.DateTimeField()) - (F("rung_at") - F("run_at"))
    silent = Q(rung_at__lte=patient) | Q(rung_at__lte=frozen_now - LONGEST_SILENCE)
    again = Q(rung_at__lte=frozen_now - LEASE / 2) & (Q(state=State.RUNNING) | silent)
    due = Q(rung_at__isnull=True) | again
    known = Job.objects.filter(_ready(), due, kind__in=KINDS).order_by("run_at")[:500]
    for job in known:
        ring(job.pk, KINDS[job.kind])
    return len(known)
