"""Who may see and change fairs."""

from typing import Any

from accounts.models import DESK, Role
from accounts.rules import has_office_role, has_role
from fairs.models import Fair


def can_see_fair(actor: Any, fair: Fair) -> bool:
    """Those with a role at the fair, or office-wide."""
    return has_role(actor, DESK, fair.code)


def can_organise(actor: Any, fair: Fair) -> bool:
    """Change the fair: allocate, publish, print, draw up memoranda."""
    return has_role(actor, [Role.ORGANISER], fair.code)


def can_plan(actor: Any) -> bool:
    """Change the annual plan: organisers of the whole office."""
    return has_office_role(actor, [Role.ORGANISER])
