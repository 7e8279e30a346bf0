"""Print a fresh sign-in link for every person of the sample, to try each role."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext

from accounts.actions import make_sign_in_link
from accounts.models import Role, User

SAMPLE_ADDRESS = "@mau.example"


class Command(BaseCommand):
    help = "Print one fresh one-time sign-in link for each person of the sample."

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        if not settings.SAMPLE_LINKS:
            raise CommandError("Sample sign-in links exist only where DEBUG=true.")
        people = User.objects.filter(email__endswith=SAMPLE_ADDRESS, is_active=True)
        with translation.override("vi"):
            for person in people.prefetch_related("grants").order_by("pk"):
                self.stdout.write(f"{shown_roles(person)}: {person}, {person.email}")
                self.stdout.write(f"  {make_sign_in_link(user=person, actor=None)}")


def shown_roles(person: User) -> str:
    """What the person is, in the language that is active."""
    if person.is_superuser:
        return gettext("Administrator")
    roles = {grant.role for grant in person.grants.all()}
    return ", ".join(str(role.label) for role in Role if role in roles) or gettext("Representative")
