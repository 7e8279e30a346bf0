"""Who may decide on applications."""

from typing import Any

from accounts.models import Role
from accounts.rules import has_role
from fairs.models import Fair


def can_review(actor: Any, fair: Fair) -> bool:
    """Accept and refuse the fair's applications."""
    return has_role(actor, [Role.ORGANISER, Role.REVIEWER], fair.code)
