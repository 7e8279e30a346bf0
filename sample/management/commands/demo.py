"""A whole fair without a browser: booths, badges, one sealed memorandum, and its verification."""

import signal
import time
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.jobs import Job
from sample.loading import add_trial_fair, load_sample
from sample.people import organiser
from sample.walk import Line, Walk
from sample.worker import Worker


class Command(BaseCommand):
    help = "Walk through one fair as an organiser does and leave its papers in var/demo/."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--language", choices=[code for code, _name in settings.LANGUAGES])

    def handle(self, *_args: Any, **options: Any) -> None:
        """Each call walks through a trial fair of its own; the sample's fair stays as it is."""
        # As Ctrl+C does, so that a worker of ours is ended too.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        folder: Path = settings.VAR / "demo"
        folder.mkdir(parents=True, exist_ok=True)
        language = options["language"] or settings.LANGUAGE_CODE
        try:
            with translation.override(language), Worker(folder / "worker.log") as worker:
                self._walk(worker, folder)
        except DomainError as error:
            raise CommandError(str(error)) from error

    def _walk(self, worker: Worker, folder: Path) -> None:
        begun = time.monotonic()
        self._step(_("1. The sample"), self._load)
        fair = add_trial_fair()
        self._step(_("2. A trial fair"), lambda: [str(fair), fair.desk_url])

        def wait(job: Job) -> None:
            worker.wait_for(job, lambda news: self._tell(f"… {news}"))

        walk = Walk(fair=fair, actor=organiser(), folder=folder, wait=wait)
        self._step(_("3. Booths"), walk.allocate)
        self._step(_("4. Badges"), walk.print_badges)
        self._step(_("5. A memorandum, signed and sealed"), walk.sign)
        self._step(_("6. Verification"), walk.verify)
        self._tell(_("All of it: %(seconds)s s") % {"seconds": _seconds_since(begun)}, indent="")

    def _load(self) -> list[Line]:
        loading = load_sample()
        return [
            _("loaded") if loading.is_new else _("here already"),
            _("%(producers)s producers, %(products)s products") % loading.shown_counts(),
        ]

    def _step(self, title: str, take: Callable[[], list[Line]]) -> None:
        begun = time.monotonic()
        self._tell(title, indent="")
        for line in take():
            self._tell(_shown(line))
        self._tell(_("%(seconds)s s") % {"seconds": _seconds_since(begun)})

    def _tell(self, line: str, *, indent: str = "   ") -> None:
        self.stdout.write(f"{indent}{line}")
        self.stdout.flush()


def _shown(line: Line) -> str:
    here = Path.cwd()
    if isinstance(line, Path) and line.is_relative_to(here):
        return str(line.relative_to(here))
    return str(line)


def _seconds_since(begun: float) -> str:
    return f"{time.monotonic() - begun:.1f}"
