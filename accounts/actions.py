"""Writes: one-time sign-in links, and who has which role."""

from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import DESK, LINK_LIFE, ApiToken, Grant, Role, Scope, SignInLink, User
from accounts.rules import can_grant, can_make_link, can_use_desk, has_role
from core import audit
from core.codes import new_token, token_hash
from core.errors import DomainError, NotAllowed, StaleState
from core.locks import lock_row

# One sentence for every reason: whoever tries tokens must not learn which of them once worked.
LINK_ENDED = _(
    "This link does not work any more: it has been used, or it is too old. "
    "Please ask the office for a new link."
)


@transaction.atomic(durable=True)
def make_sign_in_link(*, user: User, actor: User | None, life: timedelta = LINK_LIFE) -> str:
    """Make a link that signs `user` in once within `life`; `actor` None is the system itself.

    Returns the full address. It is the only copy of the token: the database keeps its hash.
    Raises NotAllowed `link.not_allowed`, and `link.inactive` for somebody who may not sign in.
    """
    if actor is not None and not can_make_link(actor, user):
        raise NotAllowed("link.not_allowed", _("You may not make a sign-in link for this person."))
    if not user.is_active:
        raise DomainError("link.inactive", _("This person may not sign in at present."))
    token = new_token()
    link = SignInLink.objects.create(
        user=user,
        token_hash=token_hash(token),
        created_by=actor,
        expires_at=timezone.now() + life,
    )
    audit.record(
        stream=audit.OFFICE,
        actor=actor,
        verb="accounts.link_made",
        subject=_subject(user),
        link=link.token_hash,
    )
    return settings.SITE_URL + reverse("sign_in_link", args=[token])


def open_link(token: str) -> SignInLink:
    """The link with this token, if it can still be spent. Nothing is changed by looking.

    Raises DomainError `link.unknown` (also for somebody who may not sign in any more),
    `link.used` or `link.expired`, all with the same words.
    """
    link = SignInLink.objects.select_related("user").filter(token_hash=token_hash(token)).first()
    if link is None or not link.user.is_active:
        raise DomainError("link.unknown", LINK_ENDED)
    if link.used_at is not None:
        raise DomainError("link.used", LINK_ENDED)
    if link.expires_at <= timezone.now():
        raise DomainError("link.expired", LINK_ENDED)
    return link


@transaction.atomic(durable=True)
def spend_sign_in_link(*, token: str) -> User:
    """Use the link up and return whom it signs in. Of two at the same time, one is told.

    Raises what `open_link` raises. It is a first factor only: signing in goes on from here.
    """
    link = open_link(token)
    unused = SignInLink.objects.filter(pk=link.pk, used_at=None)
    if unused.update(used_at=timezone.now()) != 1:
        raise DomainError("link.used", LINK_ENDED)
    audit.record(
        stream=audit.OFFICE,
        actor=link.user,
        verb="accounts.link_used",
        subject=_subject(link.user),
        link=link.token_hash,
    )
    return link.user


@transaction.atomic(durable=True)
def grant_role(*, user: User, role: str, actor: User | None, fair_code: str = "") -> Grant:
    """Give `user` a role at one fair, or everywhere (empty `fair_code`). Twice is once.

    Raises NotAllowed `grant.not_allowed` and DomainError `grant.role_unknown`.
    """
    _check_grant(actor, role, fair_code)
    lock_row(user)
    grant, created = Grant.objects.get_or_create(user=user, role=role, fair_code=fair_code)
    if created:
        _record_grant("accounts.role_granted", grant, actor)
    return grant


@transaction.atomic(durable=True)
def revoke_role(*, user: User, role: str, actor: User | None, fair_code: str = "") -> None:
    """Take a role away again.

    Raises NotAllowed `grant.not_allowed`, DomainError `grant.role_unknown`, and StaleState
    `grant.missing` if `user` does not have it (any more).
    """
    _check_grant(actor, role, fair_code)
    lock_row(user)
    grant = Grant.objects.filter(user=user, role=role, fair_code=fair_code).first()
    if grant is None:
        raise StaleState("grant.missing", _("This person does not have this role (any more)."))
    grant.delete()
    _record_grant("accounts.role_revoked", grant, actor)


@transaction.atomic(durable=True)
def make_api_token(
    *, user: User, label: str, scopes: Sequence[str], life: timedelta, fair_code: str = ""
) -> str:
    """Make a token with which a program acts for `user`; the only copy of it is returned.

    Raises NotAllowed `token.not_allowed` for people without a desk, or at that fair, and
    DomainError `token.scope_unknown`.
    """
    if not can_use_desk(user) or not has_role(user, DESK, fair_code or None):
        raise NotAllowed("token.not_allowed", _("You may not make a token for this."))
    if not scopes or not set(scopes) <= set(Scope.values):
        raise DomainError("token.scope_unknown", _("Say what the program may do."))
    token = new_token()
    row = ApiToken.objects.create(
        user=user,
        label=label,
        token_hash=token_hash(token),
        scopes=sorted(scopes),
        fair_code=fair_code,
        expires_at=timezone.now() + life,
    )
    _record_token("accounts.token_made", row, user)
    return token


@transaction.atomic(durable=True)
def revoke_api_token(*, token: ApiToken, actor: User) -> None:
    """End a token of one's own; twice is once. Raises NotAllowed `token.not_allowed`."""
    if token.user_id != actor.pk:
        raise NotAllowed("token.not_allowed", _("You may not make a token for this."))
    alive = ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True)
    if alive.update(revoked_at=timezone.now()):
        _record_token("accounts.token_revoked", token, actor)


def _record_token(verb: str, token: ApiToken, actor: User) -> None:
    audit.record(
        stream=audit.OFFICE,
        actor=actor,
        verb=verb,
        subject=_subject(token.user),
        token=token.token_hash,
        scopes=token.scopes,
        fair=token.fair_code,
    )


def _check_grant(actor: User | None, role: str, fair_code: str) -> None:
    if actor is not None and not can_grant(actor, fair_code):
        raise NotAllowed("grant.not_allowed", _("You may not decide who has this role."))
    if role not in Role.values:
        raise DomainError("grant.role_unknown", _("There is no such role."))


def _record_grant(verb: str, grant: Grant, actor: User | None) -> None:
    grant.user.__dict__.pop("roles", None)
    audit.record(
        stream=audit.OFFICE,
        actor=actor,
        verb=verb,
        subject=_subject(grant.user),
        role=grant.role,
        fair=grant.fair_code,
    )


def _subject(user: User) -> str:
    return f"user:{user.pk}"
