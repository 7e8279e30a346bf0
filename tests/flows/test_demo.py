"""`make demo`, as somebody new to it presses it: once with nothing running, and once again."""

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


def test_the_demo_works_by_itself_and_works_again_beside_a_worker(backstage: Stage) -> None:
    papers = backstage.folder / "demo"

    said = backstage.manage("demo", "--language", "en")
    assert "VERIFIED: the original" in said
    _check_papers(papers, Fair.objects.get(code="chay-thu-1"))
    assert "Warm shutdown" in (papers / "worker.log").read_text(encoding="utf-8")
    assert _workers(backstage) == 0

    (papers / "worker.log").unlink()
    backstage.start_worker()
    said = backstage.manage("demo", "--language", "en")
    assert "VERIFIED: the original" in said
    _check_papers(papers, Fair.objects.get(code="chay-thu-2"))
    assert not (papers / "worker.log").exists()

    kept = Fair.objects.get(state=FairState.ALLOCATING)
    assert kept.applications.filter(state=ApplicationState.ELIGIBLE).count() == 118
    assert set(Job.objects.values_list("state", flat=True)) == {State.DONE}
    assert list(find_breaks()) == []


def _check_papers(papers: Path, fair: Fair) -> None:
    """The three files are what the database says they are."""
    assert fair.state == FairState.PUBLISHED
    run = AllocationRun.objects.get(fair=fair, state=RunState.PUBLISHED)
    kept = json.loads((papers / "allocation.json").read_text(encoding="utf-8"))
    assert kept == {"instance": json.loads(run.instance), "answer": run.answer}
    assert read_instance(run.instance).sha256 == run.instance_sha256
    placed = Application.objects.filter(fair=fair, state=ApplicationState.PLACED)
    given = BoothDay.objects.filter(assignment__application__fair=fair, released_at=None)
    assert placed.count() == len(kept["answer"]["assignments"])
    assert given.count() == fair.days * sum(map(len, kept["answer"]["assignments"].values()))

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
