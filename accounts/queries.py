"""Reads: where a person belongs."""

from django.urls import reverse

from accounts.models import User
from accounts.rules import can_use_desk


def home_of(user: User) -> str:
    """The address at which `user` starts: the desk, their own pages, or the front door."""
    if can_use_desk(user):
        return reverse("desk_home")
    if user.representations.exists():
        return reverse("my_home")
    return reverse("home")
