"""Who may print and revoke badges, and whether a badge is in force."""

from datetime import date
from typing import Any

from badges.models import Badge
from badges.states import BadgeState
from fairs.models import Fair
from fairs.rules import can_organise
from fairs.states import OVER


def can_print(actor: Any, fair: Fair) -> bool:
    """Print the fair's badges and revoke single ones."""
    return can_organise(actor, fair)


def is_in_force(badge: Badge, day: date) -> bool:
    """Whether the badge still lets its bearer in: not revoked, and its fair is not over."""
    fair = badge.fair
    return badge.state == BadgeState.VALID and fair.state not in OVER and day <= fair.end
