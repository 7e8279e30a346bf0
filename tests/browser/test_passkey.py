"""A passkey in a real browser: set up, sign in with it alone, and as the second step."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from accounts.actions import make_sign_in_link
from accounts.models import User
from tests.browser.conftest import Complaints
from tests.builders import make_organiser

pytestmark = pytest.mark.django_db(transaction=True)

SECOND = "/account/second-factor/"
BY_PASSKEY = "form[data-passkey] button"


@pytest.fixture
def organiser(live_server: LiveServer, settings: Settings) -> User:
    """Somebody who must have a second factor, on a server that asks for it."""
    settings.REQUIRE_SECOND_FACTOR = True
    settings.SITE_URL = live_server.url
    return make_organiser(name="Nguyễn Thị Huyền Trân Ưu")


def _add_authenticator(page: Page, *, verified: bool = True) -> None:
    """A phone's lock, made of software."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": verified,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def _press(page: Page, button: str) -> str:
    """Press a button of the page; the path that it leads to."""
    with page.expect_navigation():
        page.click(button)
    return str(page.evaluate("location.pathname"))


def _sign_out(page: Page, server: str) -> None:
    page.goto(server + "/account/logout/")
    _press(page, "main button")


def test_a_passkey_is_set_up_and_signs_in(
    page: Page, live_server: LiveServer, organiser: User, axe: Callable[[Page], None]
) -> None:
    _add_authenticator(page)
    page.goto(make_sign_in_link(user=organiser, actor=None))
    axe(page)
    assert _press(page, "main button") == SECOND
    axe(page)
    assert _press(page, "main a.primary") == SECOND + "webauthn/add/"
    axe(page)
    assert _press(page, BY_PASSKEY) == SECOND + "recovery-codes/"
    axe(page)

    _sign_out(page, live_server.url)
    page.goto(live_server.url + "/account/login/?next=/desk/fairs/")
    axe(page)
    assert _press(page, BY_PASSKEY) == "/desk/fairs/"

    _sign_out(page, live_server.url)
    page.goto(make_sign_in_link(user=organiser, actor=None) + "?next=/desk/fairs/")
    assert _press(page, "main button") == SECOND + "authenticate/"
    axe(page)
    assert _press(page, BY_PASSKEY) == "/desk/fairs/"

    page.goto(live_server.url + SECOND + "totp/activate/")
    assert page.evaluate("location.pathname") == SECOND + "webauthn/reauthenticate/"
    axe(page)
    assert _press(page, BY_PASSKEY) == SECOND + "totp/activate/"
    axe(page)


def test_a_refused_passkey_is_told_on_the_page(
    page: Page, live_server: LiveServer, complaints: Complaints
) -> None:
    _add_authenticator(page, verified=False)
    page.goto(live_server.url + "/account/login/")
    page.click(BY_PASSKEY)
    page.locator("[data-trouble]").wait_for(state="visible")
    assert page.url == live_server.url + "/account/login/"
    assert complaints.texts == []
