"""Fairs on the way from applications to booths."""

from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from accounts.models import Role
from booths.actions import publish_allocation, start_allocation
from booths.models import AllocationRun, Application, Assignment, Booth, BoothDay
from booths.states import ApplicationState
from core.jobs import Job, State
from core.tasks import run_job
from fairs.models import Fair
from fairs.states import FairState
from tests.builders import (
    make_application,
    make_fair,
    make_floor_plan,
    make_organiser,
    make_user,
)
from tests.pages import sign_in


def answer_of(run: AllocationRun) -> dict[str, Any]:
    """The answer of a run that has one."""
    assert run.answer is not None
    return dict(run.answer)


def make_allocating_fair(*, applications: int = 3, booths: int = 4) -> Fair:
    """A fair with a row of booths and eligible applications DK-1, DK-2, … for one booth each."""
    fair = make_fair(FairState.ALLOCATING)
    make_floor_plan(fair, booths=booths)
    for number in range(1, applications + 1):
        make_application(
            fair, code=f"DK-{number}", state=ApplicationState.ELIGIBLE, priority=50 - number
        )
    return fair


def compute_run(fair: Fair) -> AllocationRun:
    """Start a run and let the worker do it."""
    run = start_allocation(fair=fair, actor=make_organiser())
    run_job(run.job_id)
    run.refresh_from_db()
    return run


def publish_run(fair: Fair) -> AllocationRun:
    """Compute a run and publish it."""
    return publish_allocation(run=compute_run(fair), actor=make_organiser())


def make_running_fair(*, stands: int = 2, **fields: Any) -> Fair:
    """A fair on its second of five days, with stands DK-1 in A1, DK-2 in A2, …"""
    fields.setdefault("first_day", timezone.localdate() - timedelta(days=1))
    fair = make_fair(FairState.RUNNING, **fields)
    plan = make_floor_plan(fair, booths=max(stands, 1))
    for number in range(1, stands + 1):
        application = make_application(fair, code=f"DK-{number}", state=ApplicationState.PLACED)
        give_stand(application, plan.booths.get(code=f"A{number}"))
    return fair


def give_stand(application: Application, booth: Booth) -> Assignment:
    """The booth is the application's for all days of the fair."""
    fair = application.fair
    assignment = Assignment.objects.create(application=application)
    BoothDay.objects.bulk_create(
        BoothDay(assignment=assignment, booth=booth, day=fair.first_day + timedelta(days=number))
        for number in range(fair.days)
    )
    return assignment


def make_waiting_fair(*, stands: int = 2, waiting: int = 2) -> Fair:
    """A published fair: DK-1, … hold the only booths A1, …; the next ones wait, by priority."""
    fair = make_allocating_fair(applications=stands + waiting, booths=stands)
    publish_run(fair)
    do_jobs("booths.pass_on")
    fair.refresh_from_db()
    return fair


def do_jobs(kind: str) -> int:
    """Let the worker do all waiting jobs of the kind; return how many."""
    jobs = Job.objects.filter(kind=kind, state=State.WAITING).order_by("pk")
    keys = list(jobs.values_list("pk", flat=True))
    for key in keys:
        run_job(key)
    assert not jobs.filter(state=State.FAILED).exists()
    return len(keys)


def desk_of(fair: Fair | None = None, role: str = Role.ORGANISER) -> Client:
    """The English browser of somebody with this role, at the fair or everywhere."""
    return sign_in(make_user(role=role, fair=fair, language="en"))
