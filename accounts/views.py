"""Pages: the one-time sign-in link, and where allauth's own pages need a hand."""

from typing import Any

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.views import (
    AddWebAuthnView,
    EditWebAuthnView,
    LoginWebAuthnView,
    ReauthenticateWebAuthnView,
)
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import forms
from accounts.actions import open_link, spend_sign_in_link
from core.errors import DomainError


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_link(request: HttpRequest, token: str) -> HttpResponse:
    """Ask whether to sign in (a chat's link preview must not spend the link), then do it."""
    try:
        if request.method == "POST":
            response = _sign_in(request, token)
        else:
            user = open_link(token).user
            context = {"person": user, "next": get_next_redirect_url(request)}
            response = render(request, "accounts/sign_in_link.html", context)
    except DomainError as error:
        response = render(request, "accounts/link_ended.html", {"error": error}, status=404)
    # Never the token to anybody. Not `no-referrer`: browsers then send `Origin: null` with our
    # own form, and the check against forged requests refuses it.
    response["Referrer-Policy"] = "strict-origin"
    return response


def _sign_in(request: HttpRequest, token: str) -> HttpResponse:
    """Spend the link as a first factor; allauth goes on to the second for those who have one."""
    redirect_url = get_next_redirect_url(request)
    user = spend_sign_in_link(token=token)
    logout(request)  # what somebody else left open in this browser ends here
    record_authentication(request, user, method="link")
    return perform_login(request, Login(user=user, redirect_url=redirect_url))


class ShownJustNow:
    """Whoever has just set up a factor has shown it; asking for it again at once would be silly."""

    request: HttpRequest

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)  # type: ignore[misc]
        record_authentication(self.request, self.request.user, "mfa", reauthenticated=True)
        return response


class ActivateApp(ShownJustNow, ActivateTOTPView):
    pass


class AddPasskey(ShownJustNow, AddWebAuthnView):
    form_class = forms.AddForm


activate_app = ActivateApp.as_view()
add_passkey = AddPasskey.as_view()
second_step = AuthenticateView.as_view(webauthn_form_class=forms.AuthenticateForm)
sign_in_by_passkey = LoginWebAuthnView.as_view(form_class=forms.LoginForm)
show_passkey_again = ReauthenticateWebAuthnView.as_view(form_class=forms.ReauthenticateForm)
rename_passkey = EditWebAuthnView.as_view(form_class=forms.EditForm)
