"""`manage.py solve_allocation` reads a file, writes the answer, and needs no database."""

import json
import subprocess
import sys
from pathlib import Path

from bench.allocation_instances import build_instance

ROOT = Path(__file__).resolve().parents[3]


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "solve_allocation", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )


def test_command_writes_the_answer_to_the_output(tmp_path: Path) -> None:
    source, target = tmp_path / "instance.json", tmp_path / "answer.json"
    source.write_text(json.dumps(build_instance(12, 12)), encoding="utf-8")
    done = _run(str(source), "--output", str(target))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert json.loads(target.read_text(encoding="utf-8"))["status"] == "optimal"


def test_command_refuses_bad_input_with_status_2_and_one_line(tmp_path: Path) -> None:
    source = tmp_path / "instance.json"
    document = build_instance(12, 12)
    document["applications"][3]["booths"] = 0
    source.write_text(json.dumps(document), encoding="utf-8")
    done = _run(str(source))
    complaint = "applications[3].booths: 0 is not between 1 and 6\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", complaint)


def test_command_refuses_a_missing_file_with_status_2_and_one_line(tmp_path: Path) -> None:
    source = tmp_path / "none.json"
    done = _run(str(source))
    complaint = f"{source}: No such file or directory\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", complaint)
