"""A worker whose seal key does not work: it seals nothing and says so, and does all else."""

from pathlib import Path

import pytest

from core.jobs import Job, State
from mou.models import Memorandum
from mou.states import MemorandumState
from mou.tasks import ask_daily
from tests.faults.papers import sign_by_all
from tests.services import wait_until
from tests.stage import Stage


def _states() -> dict[str, str]:
    return dict(Job.objects.values_list("kind", "state"))


def test_worker_with_a_broken_key_takes_other_work_only(
    backstage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "seal.p12"
    broken.write_bytes(b"no key")
    memorandum = sign_by_all()
    with monkeypatch.context() as broken_site:
        broken_site.setenv("TEST_SEAL_KEY_FILE", str(broken))
        worker = backstage.start_worker()
        ask_daily()
        wait_until(lambda: _states().get("mou.expire") == State.DONE, what="other work is done")
    assert _states()["mou.seal"] == State.WAITING
    assert "The seal's key failed its test: seal.wrong_passphrase" in worker.said
    worker.kill()
    backstage.start_worker()
    wait_until(
        lambda: Memorandum.objects.get(pk=memorandum.pk).state == MemorandumState.SEALED,
        what="it is sealed by a worker whose key works",
    )
