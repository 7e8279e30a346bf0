"""Addresses: the one-time link, and of allauth only what people without passwords need."""

from allauth.account import views as account
from django.urls import include, path

from accounts import tokens, views

SECOND = "account/second-factor/"

urlpatterns = [
    path("in/<str:token>/", views.sign_in_link, name="sign_in_link"),
    path("desk/tokens/", tokens.token_list, name="token_list"),
    path("desk/tokens/<int:number>/revoke/", tokens.token_revoke, name="token_revoke"),
    # One page asks for the e-mail address and sends a code. allauth knows it by three names;
    # nobody signs up here, so that name, too, leads to this door.
    path("account/login/", account.request_login_code, name="account_request_login_code"),
    path("account/login/", account.request_login_code, name="account_login"),
    path("account/login/", account.request_login_code, name="account_signup"),
    path("account/login/code/", account.confirm_login_code, name="account_confirm_login_code"),
    path("account/logout/", account.logout, name="account_logout"),
    path("account/inactive/", account.account_inactive, name="account_inactive"),
    path("account/reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path(f"{SECOND}authenticate/", views.second_step, name="mfa_authenticate"),
    path(f"{SECOND}totp/activate/", views.activate_app, name="mfa_activate_totp"),
    path(f"{SECOND}webauthn/add/", views.add_passkey, name="mfa_add_webauthn"),
    path(f"{SECOND}webauthn/login/", views.sign_in_by_passkey, name="mfa_login_webauthn"),
    path(
        f"{SECOND}webauthn/reauthenticate/",
        views.show_passkey_again,
        name="mfa_reauthenticate_webauthn",
    ),
    path(f"{SECOND}webauthn/keys/<int:pk>/edit/", views.rename_passkey, name="mfa_edit_webauthn"),
    path(SECOND, include("allauth.mfa.urls")),
]
