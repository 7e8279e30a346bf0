"""A wrong setting stops the start with one line that names it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "DEBUG": "false",
    "SECRET_KEY": "tests only: a sentence nobody would ever guess, not even twice",
    "SITE_URL": "https://chophien.example",
    "EMAIL_URL": "consolemail://",
    "SEAL_KEY_PASSPHRASE": "tests only",
}


def _check(tmp_path: Path, **changed: str | None) -> subprocess.CompletedProcess[str]:
    settings = {**PRODUCTION, "ENV_FILE": os.devnull, "VAR_DIR": str(tmp_path), **changed}
    return subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **{k: v for k, v in settings.items() if v is not None}},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_right_settings_start(tmp_path: Path) -> None:
    run = _check(tmp_path)
    assert (run.returncode, run.stderr) == (0, "")


@pytest.mark.parametrize("name", ["SECRET_KEY", "SITE_URL", "EMAIL_URL", "SEAL_KEY_PASSPHRASE"])
def test_missing_setting_is_named_in_one_line(tmp_path: Path, name: str) -> None:
    run = _check(tmp_path, **{name: None})
    assert (run.returncode, run.stdout) == (1, "")
    assert run.stderr == f"{name}: not set. Put it into the environment or into .env.\n"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEBUG", "maybe"),
        ("REQUIRE_SECOND_FACTOR", "1"),
        ("SITE_URL", "nonsense"),
        ("SITE_URL", "https://chophien.example/path"),
        ("DATABASE_URL", "mysql://root@localhost/fairs"),
        ("DATABASE_URL", "nonsense"),
        ("BROKER_URL", "amqp://localhost"),
        ("EMAIL_URL", "pigeon://loft"),
    ],
)
def test_wrong_setting_is_named_in_one_line(tmp_path: Path, name: str, value: str) -> None:
    run = _check(tmp_path, **{name: value})
    assert (run.returncode, run.stdout) == (1, "")
    assert run.stderr.startswith(f"{name}: ")
    assert run.stderr.count("\n") == 1


def test_file_of_settings_is_read_and_the_environment_wins(tmp_path: Path) -> None:
    file = tmp_path / "settings.env"
    file.write_text("# a remark\nSITE_URL=nonsense\nDEBUG=maybe\n", encoding="utf-8")
    run = _check(tmp_path, ENV_FILE=str(file), SITE_URL=None)
    assert run.stderr.startswith("SITE_URL: 'nonsense'")
