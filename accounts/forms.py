"""allauth's passkey forms, for which rubbish is a wrong passkey and not a breakdown."""

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django.forms import fields
from django.utils.translation import gettext_lazy as _

# What the parsing of a made-up credential ends in; allauth catches only TypeError.
UNREADABLE = (AttributeError, IndexError, KeyError, TypeError, ValueError)


class Readable:
    """Turns what cannot be read into the same answer as a wrong code."""

    def clean_credential(self) -> Any:
        try:
            return super().clean_credential()  # type: ignore[misc]
        except UNREADABLE as error:
            raise get_adapter().validation_error("incorrect_code") from error


class AuthenticateForm(Readable, AuthenticateWebAuthnForm):
    pass


class LoginForm(Readable, LoginWebAuthnForm):
    pass


class ReauthenticateForm(Readable, ReauthenticateWebAuthnForm):
    pass


class AddForm(AddWebAuthnForm):
    name = fields.CharField(label=_("Name of this passkey"), required=False)

    def clean(self) -> dict[str, Any]:
        try:
            return super().clean()
        except UNREADABLE as error:
            raise get_adapter().validation_error("incorrect_code") from error


class EditForm(EditWebAuthnForm):
    name = fields.CharField(label=_("Name of this passkey"), max_length=60)
