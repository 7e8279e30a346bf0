"""Says whether the record of who did what is whole."""

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from core.audit import AuditStream, find_breaks


class Command(BaseCommand):
    help = "Check every chain of audit events; name the first row that does not hold."

    def handle(self, *_args: object, **_options: object) -> None:
        """Print each stream with its number of events, or raise with the broken rows."""
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
        if broken:
            raise CommandError("\n".join(broken))
        for stream in AuditStream.objects.order_by("name"):
            self.stdout.write(
                _("%(stream)s: %(count)s events, whole")
                % {"stream": stream.name, "count": stream.length}
            )
