"""Workers killed in the middle of the real work: the next one finishes it, and once.

`kill -9` ends the worker's whole process group, as a power cut would. While the audit is
held nothing can be published, so every kill lands in the middle however slow the machine is.
"""

import hashlib
from collections.abc import Callable

from badges.actions import print_badges
from badges.models import BadgeSheet
from booths.actions import publish_allocation, start_allocation
from booths.allocation import read_instance, solve
from booths.models import AllocationRun
from booths.states import ApplicationState, RunState
from booths.tasks import DOING
from core.audit import AuditEvent, find_breaks
from core.jobs import Job, State
from core.storage import StoredFile
from core.tasks import run_job
from fairs.models import Fair
from fairs.states import FairState
from mou.models import Rendition
from mou.paper.verdict import Word
from mou.queries import verdict_on
from mou.states import MemorandumState
from tests import builders
from tests.databases import insertions_held
from tests.faults.papers import sign_by_all
from tests.services import wait_until
from tests.stage import Stage


def _kill_once(true: Callable[[], object], stage: Stage, *, what: str) -> None:
    """Start a worker and kill it as soon as `true()`."""
    doomed = stage.start_worker()
    wait_until(true, what=what)
    doomed.kill()


def _says(messages: set[str], *, attempt: int) -> Callable[[], bool]:
    """Whether the attempt has said one of these sentences of its progress."""
    said = Job.objects.filter(state=State.RUNNING, attempt=attempt, message__in=messages)
    return said.all().exists


def _finish(stage: Stage, *, attempt: int) -> None:
    stage.start_worker()
    wait_until(
        lambda: Job.objects.filter(state=State.DONE, attempt=attempt).exists(),
        what=f"attempt {attempt} is done",
    )


def _files(stage: Stage) -> dict[str, bytes]:
    """Every file that the workers finished, by its name; unfinished ones come and go."""
    files = [path for path in (stage.folder / "files").rglob("*") if path.is_file()]
    paths = [path for path in files if not path.name.startswith(".new-")]
    return {path.name: path.read_bytes() for path in paths}


def _events(verb: str) -> int:
    assert list(find_breaks()) == []
    return AuditEvent.objects.filter(verb=verb).count()


def _name(content: bytes) -> str:
    return f"{hashlib.sha256(content).hexdigest()}.pdf"


def _make_allocating_fair(*, applications: int, booths: int) -> Fair:
    """Every second application asks for two booths, so there is something to search."""
    fair = builders.make_fair(FairState.ALLOCATING)
    builders.make_floor_plan(fair, booths=booths)
    for number in range(applications):
        builders.make_application(
            fair,
            state=ApplicationState.ELIGIBLE,
            priority=50 - number % 7,
            booths_wanted=1 + number % 2,
        )
    return fair


def test_memorandum_is_sealed_once_though_two_workers_were_killed(backstage: Stage) -> None:
    memorandum = sign_by_all()
    with insertions_held(AuditEvent) as is_publishing:
        drawing = _says({"Drawing and sealing the PDF"}, attempt=1)
        _kill_once(drawing, backstage, what="the first attempt draws")
        assert _files(backstage) == {}
        written = _says({"Keeping the sealed PDF"}, attempt=2)
        _kill_once(
            lambda: written() and _files(backstage) and is_publishing(),
            backstage,
            what="the second attempt publishes",
        )
    [orphan] = _files(backstage).values()
    assert (Rendition.objects.count(), StoredFile.objects.count()) == (0, 0)

    _finish(backstage, attempt=3)

    memorandum.refresh_from_db()
    assert memorandum.state == MemorandumState.SEALED
    assert _events("mou.sealed") == 1
    original = Rendition.objects.get()
    assert original.file == StoredFile.objects.get()
    content = original.file.read()
    assert _files(backstage) == {_name(orphan): orphan, _name(content): content}
    assert f"{original.sha256}.pdf" == _name(content)
    verdict, found = verdict_on(content)
    assert (verdict.word, found) == (Word.ORIGINAL, memorandum)
    # What the killed worker left on the disk carries our seal, but nobody ever takes it for one.
    verdict, found = verdict_on(orphan)
    assert (verdict.word, found) == (Word.SEALED_UNKNOWN, None)


def test_badges_are_one_file_though_the_printing_worker_was_killed(backstage: Stage) -> None:
    fair = _make_allocating_fair(applications=9, booths=14)
    organiser = builders.make_organiser(fair)
    run = start_allocation(fair=fair, actor=organiser)
    run_job(run.job_id)
    publish_allocation(run=AllocationRun.objects.get(), actor=organiser)
    Job.objects.all().delete()
    sheet = print_badges(fair=fair, actor=organiser)
    with insertions_held(AuditEvent) as is_publishing:
        _kill_once(
            lambda: _files(backstage) and is_publishing(), backstage, what="the print is published"
        )
    left = _files(backstage)
    sheet.refresh_from_db()
    assert (sheet.file, sheet.pages, StoredFile.objects.count()) == (None, 0, 0)

    _finish(backstage, attempt=2)

    sheet = BadgeSheet.objects.get()
    assert (sheet.count, sheet.pages) == (10, 2)
    assert _events("badges.printed") == 1
    assert sheet.file == StoredFile.objects.get()
    content = sheet.file.read()
    assert _files(backstage) == left == {_name(content): content}


def test_allocation_is_proposed_once_though_the_computing_worker_was_killed(
    backstage: Stage,
) -> None:
    fair = _make_allocating_fair(applications=18, booths=16)
    asked = start_allocation(fair=fair, actor=builders.make_organiser(fair))
    with insertions_held(AuditEvent):
        _kill_once(_says({*DOING.values()}, attempt=1), backstage, what="the solver has news")
    assert AllocationRun.objects.get().state == RunState.COMPUTING

    _finish(backstage, attempt=2)

    run = AllocationRun.objects.get()
    assert (run, run.state) == (asked, RunState.PROPOSED)
    assert _events("booths.allocation_proposed") == 1
    expected = solve(read_instance(run.instance))
    assert run.answer is not None
    assert run.answer == {**expected, "seconds": run.answer["seconds"]}
