"""Load the Hanoi sample: invented organisations, real past fairs, one fair to come."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from core.errors import DomainError
from sample.loading import load_sample


class Command(BaseCommand):
    help = "Load the Hanoi sample into an empty database; where it is already, change nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--scale", type=int, help="how many times as many organisations (1 to 10)"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            loading = load_sample(scale=options["scale"])
        except DomainError as error:
            raise CommandError(str(error)) from error
        if not loading.is_new:
            self.stdout.write(_("The sample is here already; nothing was changed."))
        self.stdout.write(
            _(
                "%(producers)s producers, %(distributors)s distributors, %(products)s products, "
                "%(fairs)s fairs, %(booths)s booths, %(applications)s applications"
            )
            % loading.shown_counts()
        )
