"""`manage.py solve_allocation`: solve an allocation instance from a file."""

import json
import sys
from argparse import ArgumentTypeError
from math import isfinite
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandParser

from booths.allocation import Instance, InstanceError, check_answer, read_instance, solve


def _read_seconds(text: str) -> float:
    seconds = float(text)
    if not isfinite(seconds) or seconds < 0:
        raise ArgumentTypeError(f"{text} is not a number of seconds from 0")
    return seconds


class Command(BaseCommand):
    """Read an instance, write the answer as JSON; exit status 2 and one line for bad input.

    With an answer to check, write its score and the rules it breaks; exit status 1 if it says
    otherwise.
    """

    help = "Solve an allocation instance (JSON) and write the answer as JSON."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the instance, the time limit and the output."""
        parser.add_argument("instance", type=Path, metavar="INSTANCE.json")
        parser.add_argument("--time-limit", type=_read_seconds, default=60.0, metavar="SECONDS")
        parser.add_argument("--output", type=Path, metavar="FILE")
        parser.add_argument("--check", type=Path, metavar="ANSWER.json")

    def handle(self, *_: object, **options: Any) -> None:
        """Solve and write; or say of an answer whether it keeps the rules and has its score."""
        output: Path | None = options["output"]
        try:
            instance = read_instance(options["instance"].read_bytes())
            if options["check"]:
                self._check(instance, options["check"].read_bytes())
                return
            answer = solve(instance, time_limit=options["time_limit"])
            text = json.dumps(answer, ensure_ascii=False, indent=1) + "\n"
            if output is not None:
                output.write_text(text, encoding="utf-8")
        except InstanceError as error:
            self._refuse(str(error))
        except OSError as error:
            self._refuse(f"{error.filename}: {error.strerror}")
        if output is None:
            self.stdout.write(text, ending="")

    def _check(self, instance: Instance, content: bytes) -> None:
        """Write what was found; exit status 1 if the answer is not what it says it is."""
        try:
            found = check_answer(instance, json.loads(content))
        except (ValueError, RecursionError) as error:
            self._refuse(f"answer: {str(error).splitlines()[0]}")
        self.stdout.write(json.dumps(found, ensure_ascii=False, indent=1))
        if not found["agrees"]:
            sys.exit(1)

    def _refuse(self, complaint: str) -> NoReturn:
        self.stderr.write(complaint)
        sys.exit(2)
