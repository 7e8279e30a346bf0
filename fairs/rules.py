"""Who may see and change fairs."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import DESK, Role
from accounts.rules import has_office_role, has_role
from core.errors import DomainError
from fairs.models import Fair
from fairs.states import MOVABLE


def can_see_fair(actor: Any, fair: Fair) -> bool:
    """Those with a role at the fair, or office-wide."""
    return has_role(actor, DESK, fair.code)


def can_organise(actor: Any, fair: Fair) -> bool:
    """Change the fair: allocate, publish, print, draw up memoranda."""
    return has_role(actor, [Role.ORGANISER], fair.code)


def can_plan(actor: Any) -> bool:
    """Change the annual plan: organisers of the whole office."""
    return has_office_role(actor, [Role.ORGANISER])


# How long a fair lasts at most.
MOST_DAYS = 366

# What papers and visitors rely on once a fair has begun, and why it stays.
FIXED = {
    "first_day": _("This fair has begun or is over: its days stay as they are."),
    "last_day": _("This fair has begun or is over: its days stay as they are."),
    "register_code": _("This fair has begun: its memoranda carry this code, so it stays."),
}


def check_change(fair: Fair, fields: set[str]) -> None:
    """Raise DomainError `fair.fixed` with the fact `field` if one of `fields` must stay."""
    if fair.state in MOVABLE:
        return
    for field, message in FIXED.items():
        if field in fields:
            raise DomainError("fair.fixed", message, field=field)
