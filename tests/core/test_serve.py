"""`manage.py serve`: one command starts web server and worker, keeps and ends them."""

import http.client
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.services import wait_until

ROOT = Path(__file__).resolve().parents[2]


def _environment(folder: Path, port: object) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "PYTHONWARNINGS": "ignore",
        "PYTHONUNBUFFERED": "1",
        "ENV_FILE": os.devnull,
        "VAR_DIR": str(folder),
        "PORT": str(port),
        "SECRET_KEY": "tests only: a sentence nobody would ever guess, not even twice",
        "SITE_URL": f"http://127.0.0.1:{port}",
        "EMAIL_URL": "consolemail://",
        "SEAL_KEY_PASSPHRASE": "tests only",
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _serving(folder: Path, port: object) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "manage.py", "serve"],
        cwd=ROOT,
        env=_environment(folder, port),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=60)


def _children(pid: int) -> list[int]:
    """The processes started by `pid`, and those started by them."""
    direct = [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return [one for child in direct for one in (child, *_children(child))]


def _command(pid: int) -> str:
    """The command line of a process; empty when it has ended."""
    file = Path(f"/proc/{pid}/cmdline")
    return file.read_bytes().replace(b"\0", b" ").decode() if file.exists() else ""


def _worker_of(pid: int) -> int:
    return next((child for child in _children(pid) if " celery " in _command(child)), 0)


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks at processes in /proc")
def test_serve_starts_both_keeps_the_worker_and_leaves_nothing_behind(tmp_path: Path) -> None:
    port = _free_port()
    with _serving(tmp_path, port) as serve:
        assert serve.stdout
        assert serve.stderr
        assert f"http://127.0.0.1:{port}" in serve.stdout.readline()
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as web:
            web.request("GET", "/desk/")
            assert web.getresponse().status == 302

        first = _worker_of(serve.pid)
        os.kill(first, signal.SIGKILL)
        assert any("-9" in line for line in serve.stderr)
        wait_until(lambda: _worker_of(serve.pid), what="the worker to start again")

        family = _children(serve.pid)
        serve.send_signal(signal.SIGTERM)
        serve.communicate(timeout=60)
        assert serve.returncode == 0
        assert [_command(pid) for pid in family] == [""] * len(family)


def test_serve_names_a_port_that_is_taken(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with _serving(tmp_path, port) as serve:
            _output, errors = serve.communicate(timeout=60)
    assert serve.returncode == 1
    assert errors == f"PORT: 127.0.0.1:{port} cannot be had (Address already in use)\n"


def test_serve_names_a_port_that_is_none(tmp_path: Path) -> None:
    with _serving(tmp_path, "http") as serve:
        _output, errors = serve.communicate(timeout=60)
    assert (serve.returncode, errors) == (1, "PORT: 'http' is not a port such as 8000\n")
