"""A whole ceremony is sealed while its worker is killed again and again: none lost, twice or torn.

Smaller here than for real. The whole of it:

    CEREMONY=500 KILLS=50 pytest tests/faults/test_ceremony_killed.py
"""

import hashlib
import os
import random
import signal
import time
from collections import Counter
from contextlib import suppress
from functools import partial
from pathlib import Path

from core.audit import AuditEvent, find_breaks
from core.jobs import Job, State
from core.storage import StoredFile
from mou.models import Memorandum, Rendition
from mou.paper.verdict import Word, judge
from mou.states import MemorandumState
from tests import builders
from tests.faults.papers import sign_by_all
from tests.services import Program, wait_until
from tests.stage import Stage

COUNT, KILLS = int(os.environ.get("CEREMONY", "16")), int(os.environ.get("KILLS", "6"))
#: Every so many kills the whole worker goes, as in a power cut, and a new one comes; else one of
#: its processes. A worker that has lost its sweep is mended by no one else and goes too.
POWER_CUT = 3
SWEEP = "Sending due task sweep"


def test_ceremony_is_sealed_once_each_though_its_worker_is_killed(backstage: Stage) -> None:
    chance = random.Random(20261122)
    fair = builders.make_fair("running")
    producer, distributor = builders.make_organisation(), builders.make_distributor()
    products = [builders.make_product(producer)]
    for _number in range(COUNT):
        sign_by_all(fair=fair, producer=producer, distributor=distributor, products=products)
    worker = backstage.start_worker()
    for number in range(1, KILLS + 1):
        # As the ceremony goes on, at any moment between two seals.
        reached = COUNT * number // (KILLS + 2)
        wait_until(partial(_reaches, reached), what=f"{reached} sealed")
        time.sleep(chance.uniform(0, 0.4))
        is_cut = number % POWER_CUT == 0 or number == KILLS
        if not is_cut:
            _kill_one(worker, chance)
        if is_cut or not _still_sweeps(worker):
            worker.kill()
            worker = backstage.start_worker()
    wait_until(lambda: _sealed() == COUNT, what="all are sealed", seconds=30 + COUNT)
    wait_until(_rests, what="their copies are sent", seconds=30 + COUNT)

    renditions = list(Rendition.objects.select_related("file", "memorandum"))
    assert len({rendition.memorandum_id for rendition in renditions}) == len(renditions) == COUNT
    assert Counter(AuditEvent.objects.filter(verb="mou.sealed").values_list("subject")) == {
        (code,): 1 for code in Memorandum.objects.values_list("code", flat=True)
    }
    assert list(find_breaks()) == []
    assert StoredFile.objects.count() == COUNT
    for rendition in renditions:
        pdf = rendition.file.read()
        assert hashlib.sha256(pdf).hexdigest() == rendition.sha256
        pinned = frozenset({rendition.certificate_sha256})
        assert judge(pdf, known=lambda _: False, pinned=pinned).word is Word.SEALED_UNKNOWN


def _reaches(count: int) -> bool:
    return _sealed() >= count


def _rests() -> bool:
    return not Job.objects.exclude(state=State.DONE).exists()


def _sealed() -> int:
    return Memorandum.objects.filter(state=MemorandumState.SEALED).count()


def _still_sweeps(worker: Program) -> bool:
    """Whether it goes on ringing, as it does twice a second."""
    heard, end = worker.said.count(SWEEP), time.monotonic() + 5
    while worker.said.count(SWEEP) == heard:
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def _kill_one(worker: Program, chance: random.Random) -> None:
    """One of the processes that do the work or ring for it."""
    listed = Path(f"/proc/{worker.process.pid}/task/{worker.process.pid}/children").read_text()
    children = [int(word) for word in listed.split()]
    with suppress(ProcessLookupError, IndexError):
        os.kill(chance.choice(children), signal.SIGKILL)
