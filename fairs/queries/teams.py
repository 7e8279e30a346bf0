"""Reads of organising teams and performance crews: whoever can be at one place at a time."""

from django.db.models import Count

from core.text import vietnamese_key
from fairs.models import Crew, Team

Squad = Team | Crew


def teams() -> list[Team]:
    """The teams by name, each with `used`: the number of its fairs."""
    found = Team.objects.annotate(used=Count("fairs"))
    return sorted(found, key=lambda team: vietnamese_key(team.name))


def crews() -> list[Crew]:
    """The crews by name, each with `used`: the number of its sessions."""
    found = Crew.objects.annotate(used=Count("sessions"))
    return sorted(found, key=lambda crew: vietnamese_key(crew.name))
