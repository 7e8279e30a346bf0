"""What a worker says at its start."""

import shutil
from pathlib import Path

import pytest

from tests.stage import Stage

DEVELOPMENT = "Memoranda are sealed with a development key, which proves nothing about the office."


def test_a_worker_says_that_it_seals_with_the_development_key_and_with_an_own_one_nothing(
    backstage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = backstage.start_worker()
    assert worker.said.count(DEVELOPMENT) == 1
    worker.kill()
    own = tmp_path / "own.p12"
    shutil.copy(backstage.folder / "keys" / "development.p12", own)
    monkeypatch.setenv("TEST_SEAL_KEY_FILE", str(own))
    worker = backstage.start_worker()
    assert (DEVELOPMENT in worker.said, "failed its test" in worker.said) == (False, False)
