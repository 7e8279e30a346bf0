"""One command that is the whole embedded deployment: web server and worker, together."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from core.jobs import QUEUES

ROOT = Path(__file__).resolve().parents[3]
LOOK = 0.2  # seconds between two looks at the children
GRACE = 15  # seconds a child gets to end by itself; an unfinished job is done again later
STEADY = 60  # a worker that lived this long starts again without waiting
LONGEST_PAUSE = 30  # seconds between two starts of a worker that keeps dying
# Celery's advice on root is for workers that unpickle; ours reads JSON, and who may be root is
# the administrator's choice: deploy/ starts it as a user of its own.
NOT_SAID = "ignore:You're running the worker with superuser privileges"


class Command(BaseCommand):
    help = "Serve the site and work its jobs until told to stop. HOST and PORT say where."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--sample", action="store_true", help="load the sample if there is nobody yet (DEBUG)"
        )

    def handle(self, *_args: object, **options: object) -> None:
        """Run both until SIGINT or SIGTERM; exit status 0 then, the web server's if it died."""
        host, port = os.environ.get("HOST", "127.0.0.1"), _port()
        if options["sample"] and settings.SAMPLE_LINKS and not get_user_model().objects.exists():
            call_command("load_sample")
        stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_signal: stop.set())
        _refuse_taken(host, port)
        web, worker = _Child(_web_command(host, port)), _Worker(_worker_command())
        try:
            _wait_until_answering(host, port, web, stop)
            if not stop.is_set() and web.status() is None:
                self._greet()
            while not stop.wait(LOOK) and web.status() is None:
                if message := worker.look_after():
                    self.stderr.write(message)
        finally:
            for child in (web, worker):
                child.ask_to_end()
            died = None if stop.is_set() else web.status()
            for child in (web, worker):
                child.end()
        if died is not None:
            raise CommandError(
                _("The web server stopped by itself (status %(status)s).") % {"status": died}
            )

    def _greet(self) -> None:
        self.stdout.write(_("Chợ Phiên is open at %(address)s") % {"address": settings.SITE_URL})
        if settings.SAMPLE_LINKS:
            call_command("sign_in_links", stdout=self.stdout)
        self.stdout.write(_("Stop with Ctrl+C."))
        self.stdout.flush()


class _Child:
    """One process with everything it starts, in a group of its own.

    Its own group, so that Ctrl+C in a terminal reaches it once, through us.
    """

    def __init__(self, command: list[str]) -> None:
        self.command = command
        self.start()

    def start(self) -> None:
        self.started = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603 - our own command lines
            self.command, cwd=ROOT, start_new_session=True
        )

    def status(self) -> int | None:
        """The exit status, or None while it runs."""
        return self.process.poll()

    def ask_to_end(self) -> None:
        if self.status() is None:
            self.process.terminate()

    def end(self) -> None:
        """Wait for it, but not for ever; leave nothing of its group behind."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(GRACE)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


class _Worker(_Child):
    """A child that is started again when it dies, at once or after a growing pause."""

    pause = 0
    resumes: float | None = None

    def look_after(self) -> str:
        """Start it again if it is time to; return a line for people when it has died."""
        now = time.monotonic()
        if self.resumes is not None:
            if now >= self.resumes:
                self.resumes = None
                self.start()
            return ""
        status = self.status()
        if status is None:
            return ""
        self.end()
        self.pause = 0 if now - self.started > STEADY else min(self.pause * 2 or 1, LONGEST_PAUSE)
        self.resumes = now + self.pause
        return _("The worker stopped (status %(status)s); it starts again in %(pause)s s.") % {
            "status": status,
            "pause": self.pause,
        }


def _port() -> int:
    raw = os.environ.get("PORT", "8000")
    if not raw.isdecimal() or not 0 < int(raw) < 65536:
        raise SystemExit(f"PORT: {raw!r} is not a port such as 8000")
    return int(raw)


def _refuse_taken(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise SystemExit(f"PORT: {host}:{port} cannot be had ({error.strerror})") from None


def _wait_until_answering(host: str, port: int, web: _Child, stop: threading.Event) -> None:
    while web.status() is None and not stop.is_set():
        with contextlib.suppress(OSError), socket.create_connection((host, port), timeout=1):
            return
        stop.wait(LOOK)


def _web_command(host: str, port: int) -> list[str]:
    command = f"-m gunicorn config.wsgi --bind {host}:{port} --no-control-socket"
    return [
        *(sys.executable, *command.split(), "--log-level", "warning"),
        *("--worker-class", "gthread", "--workers", "2", "--threads", "4"),
        *("--graceful-timeout", str(GRACE - 5)),
    ]


def _worker_command() -> list[str]:
    return [
        *(sys.executable, "-W", NOT_SAID, "-m", "celery", "--quiet", "-A", "config"),
        *("worker", "--beat"),
        *("--queues", ",".join(QUEUES), "--concurrency", "2", "--loglevel", "warning"),
        *("--without-gossip", "--without-mingle", "--hostname", "serve@%h"),
    ]
