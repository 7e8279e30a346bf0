"""`make demo`, as somebody new to it presses it, with nothing running; and beside a worker."""

import hashlib
import json
from pathlib import Path

import pytest
from celery import Celery

from booths.allocation import read_instance
from booths.models import AllocationRun, Application, BoothDay
from booths.states import ApplicationState, RunState
from core.audit import find_breaks
from core.jobs import Job, State
from fairs.models import Fair
from fairs.states import FairState
from mou.models import Memorandum, Rendition
from mou.states import MemorandumState
from tests.stage import Stage

pytestmark = pytest.mark.flow


# What the demo does for each of its jobs.
WAIT = """
from pathlib import Path
from django.db import transaction
from sample.worker import Worker
from tests.faults.tasks import leave_mark
with Worker(Path("{log}")) as worker:
    with transaction.atomic():
        job = leave_mark.ask(key="mot", stream="office", actor=None, name="mot", gate="/nowhere")
    worker.wait_for(job, print)
    print(job.state)
"""


def test_the_demo_works_by_itself(backstage: Stage) -> None:
    papers = backstage.folder / "demo"
    said = backstage.manage("demo", "--language", "en")
    assert "VERIFIED: the original" in said
    _check_papers(papers, Fair.objects.get(code="chay-thu-1"))
    assert "Warm shutdown" in (papers / "worker.log").read_text(encoding="utf-8")
    assert _workers(backstage) == 0

    kept = Fair.objects.get(state=FairState.ALLOCATING)
    assert kept.applications.filter(state=ApplicationState.ELIGIBLE).count() == 118
    assert set(Job.objects.values_list("state", flat=True)) == {State.DONE}
    assert list(find_breaks()) == []


@pytest.mark.usefixtures("worker")
def test_beside_a_worker_the_demo_starts_none_of_its_own(backstage: Stage) -> None:
    log = backstage.folder / "own.log"
    said = backstage.manage("shell", "-v0", "-c", WAIT.format(log=log))
    assert said.split()[-1] == State.DONE
    assert not log.exists()


def _check_papers(papers: Path, fair: Fair) -> None:
    """The three files are what the database says they are."""
    assert fair.state == FairState.PUBLISHED
    run = AllocationRun.objects.get(fair=fair, state=RunState.PUBLISHED)
    kept = json.loads((papers / "allocation.json").read_text(encoding="utf-8"))
    assert kept == run.answer
    instance = read_instance((papers / "instance.json").read_bytes())
    assert instance.sha256 == kept["instance_sha256"] == run.instance_sha256
    placed = Application.objects.filter(fair=fair, state=ApplicationState.PLACED)
    given = BoothDay.objects.filter(assignment__application__fair=fair, released_at=None)
    assert placed.count() == len(kept["assignments"])
    assert given.count() == fair.days * sum(map(len, kept["assignments"].values()))

    sheet = fair.badge_sheets.get()
    assert _sha256(papers / "badges.pdf") == sheet.file.sha256
    assert sheet.count == fair.badges.count() == placed.count() + 1

    memorandum = Memorandum.objects.get(fair=fair)
    assert memorandum.state == MemorandumState.SEALED
    assert memorandum.signatures.count() == 3
    rendition = Rendition.objects.get(memorandum=memorandum)
    assert _sha256(papers / "memorandum.pdf") == rendition.sha256


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _workers(stage: Stage) -> int:
    with Celery(broker=stage.broker, set_as_current=False) as broker:
        return len(broker.control.ping(timeout=0.5))
