"""Is this PDF one of our sealed originals?"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.errors import DomainError
from mou.paper.verdict import Word
from mou.queries import verdict_on


class Command(BaseCommand):
    help = "Say whether a PDF is one of our sealed originals. Exit status 0 only for ORIGINAL."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            verdict, memorandum = verdict_on(options["file"].read_bytes())
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}", returncode=2) from None
        except DomainError as error:
            raise CommandError(str(error), returncode=2) from None
        self.stdout.write(verdict.word.name)
        for name, value in verdict.facts.items():
            self.stdout.write(f"  {name}: {value}")
        if memorandum:
            self.stdout.write(f"  number: {memorandum.shown_number}")
        if verdict.word is not Word.ORIGINAL:
            raise SystemExit(1)
