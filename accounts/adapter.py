"""What allauth asks us."""

import logging
from smtplib import SMTPException
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal.httpkit import authenticated_user
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.queries import home_of
from core import qr
from core.errors import DomainError

log = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up by themselves: people are entered by the office."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return home_of(authenticated_user(request))

    def get_reauthentication_methods(self, user: AbstractBaseUser) -> list[dict[str, Any]]:
        """Those who have a passkey are asked for it; the other ways are a link on that page."""
        methods = super().get_reauthentication_methods(user)
        return sorted(methods, key=lambda way: way["id"] != "mfa_reauthenticate:webauthn")

    def format_email_subject(self, subject: str) -> str:
        return f"Chợ Phiên: {subject}"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send at once: a code that comes minutes later is of no use.

        Raises DomainError `mail.failed` if the mail server does not take it.
        """
        try:
            super().send_mail(template_prefix, email, context)
        except (SMTPException, OSError) as error:
            log.warning("a sign-in message was not sent (%s)", error)
            raise DomainError(
                "mail.failed",
                _(
                    "The message could not be sent just now. Try again in a few minutes, "
                    "or ask the office for a sign-in link."
                ),
            ) from error


class SecondFactorAdapter(DefaultMFAAdapter):
    """Draws the authenticator app's code through our own door: dark on white on any page."""

    def build_totp_svg(self, url: str) -> str:
        modules = qr.matrix(url)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{qr.view_box(modules)}">'
            f'<rect x="-{qr.QUIET}" y="-{qr.QUIET}" width="100%" height="100%" fill="#fff"/>'
            f'<path d="{qr.path(modules)}"/></svg>'
        )
