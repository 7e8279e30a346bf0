"""Says whether the record of who did what is whole."""

from django.core.management.base import BaseCommand, CommandError
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext as _

from core.audit import CHECKS, AuditStream, find_breaks


class Command(BaseCommand):
    help = "Check the chains of audit events and what stands on them; name what does not hold."

    def handle(self, *_args: object, **_options: object) -> None:
        """Print each stream with its number of events, or raise with the broken rows."""
        autodiscover_modules("queries")  # each app's checks are among its reads
        reasons = {
            "changed": _("was changed"),
            "inserted": _("was inserted"),
            "missing": _("is missing"),
        }
        broken = [
            _("%(stream)s: event %(number)s %(reason)s")
            % {"stream": at.stream, "number": at.number, "reason": reasons[at.reason]}
            for at in find_breaks()
        ]
        broken += [sentence for find in CHECKS for sentence in find()]
        if broken:
            raise CommandError("\n".join(broken))
        for stream in AuditStream.objects.order_by("name"):
            self.stdout.write(
                _("%(stream)s: %(count)s events, whole")
                % {"stream": stream.name, "count": stream.length}
            )
