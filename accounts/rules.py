"""Who has which role where."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import DESK, ApiToken, Role, User
from core.errors import NotAllowed


class SignedIn(HttpRequest):
    """A request behind `login_required`."""

    user: User


def has_role(actor: Any, roles: Iterable[str], fair_code: str | None = None) -> bool:
    """Whether `actor` has one of `roles` at the fair, or office-wide.

    Without `fair_code`, a role anywhere counts.
    """
    if not getattr(actor, "is_authenticated", False) or not actor.is_active:
        return False
    if actor.is_superuser:
        return True
    wanted = set(roles)
    return any(
        role in wanted and (fair_code is None or scope in ("", fair_code))
        for role, scope in actor.roles
    )


def has_office_role(actor: Any, roles: Iterable[str]) -> bool:
    """Whether `actor` has one of `roles` everywhere, not only at single fairs."""
    return has_role(actor, roles, "")


def can_use_desk(actor: Any) -> bool:
    """Whether `actor` works at a desk at all."""
    return has_role(actor, DESK)


def needs_second_factor(actor: Any) -> bool:
    """Whether `actor` must have a passkey or an authenticator app: those who can change a fair."""
    return has_role(actor, [Role.ORGANISER])


def can_make_link(actor: Any, user: Any) -> bool:
    """Whether `actor` may make a sign-in link for `user`.

    Whoever holds a link can be that person, so it must not lead to more rights than one's
    own: only a superuser makes one for the administration, only office-wide organisers for
    colleagues; organisers of a fair and commune officers for people without any role.
    """
    if actor.is_superuser:
        return bool(actor.is_active)
    if user.is_superuser or user.is_staff:
        return False
    if has_office_role(actor, [Role.ORGANISER]):
        return True
    return not user.roles and has_role(actor, [Role.ORGANISER, Role.COMMUNE_OFFICER])


def can_grant(actor: Any, fair_code: str) -> bool:
    """Whether `actor` decides about roles at the fair; an empty code means those everywhere."""
    return has_role(actor, [Role.ORGANISER], fair_code)


def caller(request: Any, scope: str) -> User:
    """Who asks. Raises NotAllowed `token.scope` if their token is not for this."""
    token: ApiToken | None = getattr(request, "api_token", None)
    if token is not None and scope not in token.scopes:
        raise NotAllowed("token.scope", _("This token is not for that."))
    user: User = request.user
    return user


def fair_of_token(request: Any) -> str:
    """The code of the only fair that the caller's token is for; empty for all."""
    token: ApiToken | None = getattr(request, "api_token", None)
    return token.fair_code if token else ""
