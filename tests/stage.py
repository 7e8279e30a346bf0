"""The product as it runs for real: its own web server and worker on a fresh database."""

import os
import socket
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from pathlib import Path

import pytest

from tests import services


@dataclass
class Stage:
    """A fresh database, a broker and a folder, and the product's processes on them.

    The test's own default connection is to the same database, so a test builds rows and
    reads results with the ORM while web and worker do their part. What the processes say
    is shown when the test fails. Mail is written to `folder / "mail"`.
    """

    folder: Path
    database: str
    broker: str
    logs: list[Path]
    ends: ExitStack
    lease_seconds: int = 2
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    @cached_property
    def listening(self) -> socket.socket:
        return socket.create_server(("127.0.0.1", 0))

    @cached_property
    def url(self) -> str:
        """The site's address, without a slash at the end."""
        return f"http://127.0.0.1:{self.listening.getsockname()[1]}"

    @property
    def environment(self) -> dict[str, str]:
        """What makes a process of the product work on this stage."""
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"],
            "TEST_VAR_DIR": str(self.folder),
            "TEST_DATABASE_URL": self.database,
            "TEST_BROKER_URL": self.broker,
            "BROKER_URL": self.broker,  # Celery's command line reads it before the settings
            "TEST_SITE_URL": self.url,
            "TEST_EMAIL_URL": f"filemail:///{self.folder}/mail",
            "TEST_JOB_LEASE_SECONDS": str(self.lease_seconds),
        }

    def start_web(self) -> None:
        """Start the web server; `url` answers when this returns."""
        self.logs.append(self.folder / "web.log")
        self.ends.enter_context(services.run_web(self.environment, self.folder, self.listening))

    def start_served(self) -> services.Program:
        """Start web server and worker in one, as `manage.py serve` keeps them."""
        self.logs.append(self.folder / "serve.log")
        address = self.url
        self.listening.close()
        return self.ends.enter_context(services.run_served(self.environment, self.folder, address))

    def start_worker(self) -> services.Program:
        """Start one more worker; it answers when this returns."""
        name = f"worker{next(self.numbers)}"
        self.logs.append(self.folder / f"{name}.log")
        return self.ends.enter_context(services.run_worker(self.environment, self.folder, name))

    def manage(self, *words: str) -> str:
        """Run a management command as an administrator would; return what it printed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=services.ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
        )
        if done.returncode != 0:
            pytest.fail(f"manage.py {' '.join(words)}\n{done.stdout}{done.stderr}")
        return done.stdout
