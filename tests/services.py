"""Private servers for a run: PostgreSQL, Redis, and the product's own web and worker.

Each is started on a socket or port that nobody else has, answers before it is handed
over, writes what it says into a log that a failing test shows, and is ended by its own
process id. Nothing here is shared with what else runs on the machine.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
import redis

ROOT = Path(__file__).resolve().parent.parent
POSTGRESQL_FOLDERS = "/usr/lib/postgresql/*/bin"


def needs(program: str, folders: str = "") -> str:
    """The path of `program`. Without it the test is skipped by name; under CI=true it fails."""
    found = shutil.which(program)
    if folders:
        places = sorted(Path("/").glob(f"{folders[1:]}/{program}"))
        found = str(places[-1]) if places else found
    if found:
        return found
    reason = f"this machine has no {program}"
    if os.environ.get("CI") == "true":
        pytest.fail(f"{reason}, and under CI it must")
    pytest.skip(reason)


def wait_until(true: Callable[[], object], *, what: str, seconds: float = 30) -> None:
    """Ask again and again until `true()`; fails the test, naming `what`, after `seconds`."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            pytest.fail(f"not within {seconds} s: {what}")
        time.sleep(0.02)


@dataclass
class Program:
    """A running process with a process group of its own, and what it said so far."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def said(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    def kill(self) -> None:
        """End the whole group at once, as a power cut would: no handler runs."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End it properly, or kill it if it does not end in ten seconds."""
        if self.process.poll() is None:
            self.process.send_signal(how)
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(10)
        self.kill()


@contextmanager
def run(
    name: str,
    command: list[str],
    *,
    folder: Path,
    environment: dict[str, str] | None = None,
    user: str | None = None,
    keep: tuple[int, ...] = (),
    how: signal.Signals = signal.SIGTERM,
) -> Iterator[Program]:
    """Run `command` from the project's folder for the length of the block, logging to `folder`."""
    log = folder / f"{name}.log"
    person = pwd.getpwnam(user) if user else None
    with log.open("ab") as file:
        process = subprocess.Popen(
            command,
            cwd=folder if user else ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
            start_new_session=True,
            pass_fds=keep,
            user=person.pw_uid if person else None,
            group=person.pw_gid if person else None,
            extra_groups=[] if person else None,
        )
    program = Program(name, process, log)
    try:
        yield program
    finally:
        program.stop(how)


def _check_alive(program: Program) -> None:
    if program.process.poll() is not None:
        pytest.fail(f"{program.name} has ended:\n{program.said}")


@contextmanager
def short_folder() -> Iterator[Path]:
    """A new folder with a path short enough for a Unix socket (107 bytes)."""
    folder = Path(tempfile.mkdtemp(prefix="cp-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def run_postgresql() -> Iterator[str]:
    """A PostgreSQL of our own; the address of its databases without a name at the end.

    It refuses to run as root, so root lends it the system user `nobody`.
    """
    initdb = needs("initdb", POSTGRESQL_FOLDERS)
    postgres = needs("postgres", POSTGRESQL_FOLDERS)
    user = "nobody" if os.getuid() == 0 else None
    with short_folder() as folder:
        if user:
            shutil.chown(folder, user)
        data = str(folder / "data")
        making = ["-D", data, "-U", "postgres", "--auth=trust", "-E", "UTF8", "--no-locale", "-N"]
        with run("initdb", [initdb, *making], folder=folder, user=user) as made:
            if made.process.wait(60) != 0:
                pytest.fail(made.said)
        options = ["-D", data, "-k", str(folder), "-h", ""]
        for setting in ("fsync=off", "synchronous_commit=off", "full_page_writes=off"):
            options += ["-c", setting]
        # It sees nothing of what a test has written and not committed, and notes that the tables
        # are empty: from then on the planner goes through them row by row, for many minutes.
        options += ["-c", "autovacuum=off"]
        with run(
            "postgres", [postgres, *options], folder=folder, user=user, how=signal.SIGINT
        ) as server:
            wait_until(lambda: _postgresql_answers(server, folder), what="PostgreSQL answers")
            yield f"postgres://postgres@/{folder}"


def _postgresql_answers(server: Program, folder: Path) -> bool:
    _check_alive(server)
    try:
        psycopg.connect(host=str(folder), user="postgres", dbname="postgres").close()
    except psycopg.OperationalError:
        return False
    return True


@contextmanager
def run_redis() -> Iterator[str]:
    """A Redis of our own that keeps nothing; its address as a broker."""
    with short_folder() as folder, run_redis_in(folder):
        yield redis_address(folder)


def redis_address(folder: Path) -> str:
    """The address of the Redis that runs in `folder`, and of the next one there."""
    return f"redis+socket://{folder}/redis.sock"


@contextmanager
def run_redis_in(folder: Path) -> Iterator[Program]:
    """A Redis that can be killed and started again at the same address."""
    path = folder / "redis.sock"
    command = [needs("redis-server"), "--port", "0", "--unixsocket", str(path), "--dir"]
    command += [str(folder), "--save", "", "--appendonly", "no"]
    with run("redis", command, folder=folder) as server:
        wait_until(lambda: _redis_answers(server, path), what="Redis answers")
        yield server


def _redis_answers(server: Program, path: Path) -> bool:
    _check_alive(server)
    try:
        with redis.Redis(unix_socket_path=str(path)) as client:
            return bool(client.ping())
    except redis.ConnectionError:
        return False


@contextmanager
def open_redis(url: str) -> Iterator[redis.Redis]:
    """The Redis at `url`, to look into or to empty."""
    with redis.Redis(unix_socket_path=url.removeprefix("redis+socket://")) as client:
        yield client


def empty_redis(url: str) -> None:
    """Forget every message."""
    with open_redis(url) as client:
        client.flushall()


@contextmanager
def run_worker(environment: dict[str, str], folder: Path, name: str) -> Iterator[Program]:
    """A real worker for all queues, with the sweep; handed over once it listens.

    Its end is sudden: what it worked for ends with the same test.
    """
    command = [sys.executable, "-m", "celery", "-A", "config", "worker", "-B", "-c", "2"]
    command += ["-Q", "default,pdf,seal,import,mail", "-n", f"{name}@test", "-l", "INFO"]
    command += ["--without-gossip", "--without-mingle", "-s", str(folder / f"{name}-beat")]
    with run(name, command, folder=folder, environment=environment, how=signal.SIGKILL) as worker:
        wait_until(lambda: _worker_listens(worker), what=f"{name} listens")
        yield worker


def _worker_listens(worker: Program) -> bool:
    _check_alive(worker)
    return f"{worker.name}@test ready." in worker.said


@contextmanager
def run_served(environment: dict[str, str], folder: Path, url: str) -> Iterator[Program]:
    """Web server and worker as one command keeps them; handed over once a page comes."""
    host, port = url.removeprefix("http://").split(":")
    environment = {**environment, "HOST": host, "PORT": port}
    command = [sys.executable, "manage.py", "serve"]
    with run("serve", command, folder=folder, environment=environment) as served:
        wait_until(lambda: _web_answers(served, url), what="the web server answers")
        yield served


@contextmanager
def run_web(environment: dict[str, str], folder: Path, listening: socket.socket) -> Iterator[str]:
    """A real web server on a port we already listen on; its address once a page comes."""
    port = listening.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "config.wsgi", "--threads", "4"]
    command += ["--bind", f"fd://{listening.fileno()}", "--no-control-socket"]
    url = f"http://127.0.0.1:{port}"
    with run(
        "web", command, folder=folder, environment=environment, keep=(listening.fileno(),)
    ) as server:
        listening.close()
        wait_until(lambda: _web_answers(server, url), what="the web server answers")
        yield url


def _web_answers(server: Program, url: str) -> bool:
    _check_alive(server)
    try:
        urllib.request.urlopen(url, timeout=30).close()
    except urllib.error.HTTPError as answer:
        answer.close()
    except OSError:
        return False
    return True
