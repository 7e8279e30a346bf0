"""Releases known to lose data or to be unsafe are refused at the start, whoever starts."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from core.apps import FLOORS, SQLITE_FLOOR, find_too_old

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("found", "too_old"),
    [("69.9", True), ("70.0", False), ("70", False), ("70.0rc1", False), ("100.1", False)],
)
def test_floor_compares_numbers_not_letters(found: str, too_old: bool) -> None:
    assert bool(find_too_old({"weasyprint": found}, {"weasyprint": "70"})) is too_old


def test_sqlite_that_can_lose_commits_is_below_its_floor() -> None:
    floors = {"SQLite": SQLITE_FLOOR}
    assert find_too_old({"SQLite": "3.51.2"}, floors) == floors
    assert find_too_old({"SQLite": "3.51.3"}, floors) == {}


@pytest.mark.parametrize(
    "command",
    [
        ["manage.py", "check"],
        ["-c", "import config.wsgi"],
        ["-m", "celery", "-A", "config", "worker", "--pool", "solo"],
    ],
    ids=["command", "web", "worker"],
)
@pytest.mark.parametrize("package", ["pillow", "weasyprint"])
def test_old_package_stops_every_process_with_one_line(
    tmp_path: Path, command: list[str], package: str
) -> None:
    pretended = tmp_path / f"{package}-1.0.dist-info"
    pretended.mkdir()
    (pretended / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n")
    run = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}",
            "PYTHONWARNINGS": "ignore",
            "ENV_FILE": os.devnull,
            "DEBUG": "true",
            "VAR_DIR": str(tmp_path / "var"),
        },
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert run.returncode == 1
    assert run.stderr == f"{package} 1.0 is too old: {FLOORS[package]} or newer is needed.\n"
