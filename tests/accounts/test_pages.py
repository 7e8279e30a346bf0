"""Signing in through the pages, as people do it."""

import re
import time
from urllib.parse import quote

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core import mail
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.actions import make_sign_in_link
from accounts.models import Role, SignInLink, User
from tests.builders import make_organisation, make_organiser, make_representative, make_user

pytestmark = pytest.mark.django_db

LOGIN = "/account/login/"
CONFIRM = "/account/login/code/"
SECOND = "/account/second-factor/"
QUOTED = quote(SECOND, safe="")
DOWNLOAD = f"{LOGIN}?next={SECOND}recovery-codes/download/"
SECRET = "JBSWY3DPEHPK3PXP"
CODE = re.compile(r"^[B-DF-HJ-NP-TV-XZ]{4}-[B-DF-HJ-NP-TV-XZ]{4}$", re.MULTILINE)


def _path(user: User) -> str:
    return "/in/" + make_sign_in_link(user=user, actor=None).partition("/in/")[2]


def _signed_in(client: Client) -> str | None:
    return client.session.get("_auth_user_id")


def _digits(secret: str) -> str:
    counter = int(time.time()) // 30
    return totp.format_hotp_value(totp.hotp_value(secret, counter))


def _asked_for_code(client: Client, email: str | None, **more: str) -> str:
    answer = client.post(LOGIN, {"email": email, **more})
    assert answer.status_code == 302
    return answer["Location"]


def _code_in(message: mail.EmailMessage) -> str:
    found = CODE.search(str(message.body))
    assert found
    return found.group()


# --- the one-time link ---


@pytest.mark.parametrize("language", ["vi", "en"])
def test_looking_at_a_link_asks_first_and_spends_nothing(client: Client, language: str) -> None:
    client.cookies["django_language"] = language
    path = _path(make_user("Nguyễn Thị Huyền Trân Ưu"))
    for _visit in range(2):
        page = client.get(path)
        assert (page.status_code, page["Content-Language"]) == (200, language)
        assert "Nguyễn Thị Huyền Trân Ưu" in page.content.decode()
        assert page["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
        assert page["Referrer-Policy"] == "strict-origin"
    assert SignInLink.objects.get().used_at is None
    assert _signed_in(client) is None


def test_pressing_the_button_signs_in_with_a_new_session_and_keeps_the_language() -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies["django_language"] = "en"
    user = make_user(role=Role.VIEWER)
    path = _path(user)
    form = client.get(path).content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form)
    assert token
    assert client.post(path).status_code == 403
    answer = client.post(path, {"csrfmiddlewaretoken": token.group(1)})
    assert (answer.status_code, answer["Location"]) == (302, reverse("desk_home"))
    assert _signed_in(client) == str(user.pk)
    assert client.cookies["django_language"].value == "en"


def test_a_link_ends_what_somebody_else_left_open(client: Client) -> None:
    client.force_login(make_user())
    before = client.session
    before["draft"] = "somebody else's"
    before.save()
    user = make_user()
    client.post(_path(user))
    assert (_signed_in(client), client.session.get("draft")) == (str(user.pk), None)
    assert client.session.session_key != before.session_key
    organiser = make_organiser()
    totp.TOTP.activate(organiser, SECRET)
    client.post(_path(organiser))  # the second factor is still to come
    assert _signed_in(client) is None


def test_a_spent_and_an_unknown_link_look_alike(client: Client) -> None:
    path = _path(make_user())
    client.post(path)
    stranger = Client()
    pages = [stranger.get(path), stranger.post(path), stranger.get("/in/unknown/")]
    assert [page.status_code for page in pages] == [404, 404, 404]
    texts = {re.sub(r'value="\S+"', "", page.content.decode()) for page in pages}
    texts = {re.sub(r'nonce="\S+"|X-CSRFToken": "\w+', "", text) for text in texts}
    assert len({text.replace(path, "/in/unknown/") for text in texts}) == 1
    assert _signed_in(stranger) is None


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("/desk/fairs/", "/desk/fairs/"),
        ("https://evil.example/desk/", "/desk/"),
        ("//evil.example/", "/desk/"),
        ("/\\evil.example", "/desk/"),
        ("javascript:alert(1)", "/desk/"),
    ],
)
def test_a_link_leads_to_no_other_site(client: Client, wanted: str, expected: str) -> None:
    path = _path(make_user(role=Role.VIEWER))
    assert client.post(path, {"next": wanted})["Location"] == expected


def test_everybody_arrives_where_they_belong() -> None:
    representative = make_representative(make_organisation())
    for user, name in [
        (make_user(role=Role.COMMUNE_OFFICER), "desk_home"),
        (representative, "my_home"),
        (make_user(), "home"),
    ]:
        assert Client().post(_path(user))["Location"] == reverse(name)


# --- the code by e-mail ---


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_code_by_e_mail_signs_in(client: Client, language: str) -> None:
    client.cookies["django_language"] = language
    user = make_user(email="Hoa.Nguyen@ChoPhien.example", role=Role.VIEWER)
    assert _asked_for_code(client, "hoa.NGUYEN@chophien.example") == CONFIRM
    assert client.get(CONFIRM).status_code == 200
    (message,) = mail.outbox
    assert message.to == ["hoa.nguyen@chophien.example"]
    assert message.subject.startswith("Chợ Phiên: ")
    answer = client.post(CONFIRM, {"code": _code_in(message).lower().replace("-", " ")})
    assert (answer.status_code, answer["Location"]) == (302, "/desk/")
    assert _signed_in(client) == str(user.pk)


def test_the_code_leads_back_to_the_page_that_asked_but_to_no_other_site(client: Client) -> None:
    user = make_user(role=Role.VIEWER)
    for wanted, expected in [("/desk/fairs/", "/desk/fairs/"), ("//evil.example/", "/desk/")]:
        browser = Client()
        confirm = _asked_for_code(browser, user.email, next=wanted)
        answer = browser.post(confirm, {"code": _code_in(mail.outbox[-1]), "next": wanted})
        assert answer["Location"] == expected


def test_a_wrong_code_is_said_and_after_three_the_code_is_dead(client: Client) -> None:
    _asked_for_code(client, make_user().email)
    code = _code_in(mail.outbox[0])
    for _try in range(2):
        page = client.post(CONFIRM, {"code": "BBBB-BBBB"})
        assert (page.status_code, page.context["form"].errors.as_data()["code"][0].code) == (
            200,
            "incorrect_code",
        )
    assert client.post(CONFIRM, {"code": "BBBB-BBBB"})["Location"] == LOGIN
    assert client.post(CONFIRM, {"code": code})["Location"] == LOGIN
    assert _signed_in(client) is None


def test_an_unknown_address_looks_like_a_known_one_and_gets_no_code() -> None:
    known, pages = make_user().email, []
    for email in (known, "ai-do@chophien.example"):
        browser = Client()
        assert _asked_for_code(browser, email) == CONFIRM
        browser.get(CONFIRM)
        page = browser.post(CONFIRM, {"code": "BBBB-BBBB"})
        text = re.sub(r'(value|nonce)="\S+"|X-CSRFToken": "\w+', "", page.content.decode())
        pages.append((page.status_code, text.replace(str(email), "")))
    assert pages[0] == pages[1]
    assert [bool(CODE.search(str(message.body))) for message in mail.outbox] == [True, False]


def test_a_closed_account_gets_no_code(client: Client) -> None:
    _asked_for_code(client, make_user(is_active=False).email)
    assert CODE.search(str(mail.outbox[0].body)) is None


def test_a_fourth_code_within_a_minute_is_refused(client: Client) -> None:
    email = make_user().email
    for _time in range(3):
        _asked_for_code(Client(), email)
    page = client.post(LOGIN, {"email": email})
    assert page.context["form"].errors.as_data()["email"][0].code == "too_many_login_attempts"
    assert len(mail.outbox) == 3


def test_a_dead_mail_server_is_told_in_words(client: Client, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    answer = client.post(
        LOGIN, {"email": make_user().email}, headers={"referer": "http://testserver" + LOGIN}
    )
    assert (answer.status_code, answer["Location"]) == (302, "http://testserver" + LOGIN)
    assert client.get(CONFIRM).status_code == 302


def test_signing_out_needs_a_press(client: Client) -> None:
    client.force_login(make_user())
    assert client.get("/account/logout/").status_code == 200
    assert _signed_in(client)
    assert client.post("/account/logout/")["Location"] == "/"
    assert _signed_in(client) is None


# --- the second factor ---


@pytest.fixture
def _guarded(settings: Settings) -> None:
    settings.REQUIRE_SECOND_FACTOR = True


def test_an_authenticator_app_is_set_up_and_asked_for_from_then_on(client: Client) -> None:
    user = make_organiser()
    client.force_login(user)
    secret = client.get(SECOND + "totp/activate/").context["form"].secret
    answer = client.post(SECOND + "totp/activate/", {"code": _digits(secret)})
    assert answer["Location"] == SECOND + "recovery-codes/"
    assert client.get(answer["Location"]).status_code == 200

    browser = Client()
    _asked_for_code(browser, user.email)
    answer = browser.post(CONFIRM, {"code": _code_in(mail.outbox[0])})
    assert answer["Location"] == SECOND + "authenticate/"
    assert _signed_in(browser) is None
    page = browser.post(SECOND + "authenticate/", {"code": "000000"})
    assert page.context["form"].errors.as_data()["code"][0].code == "incorrect_code"
    answer = browser.post(SECOND + "authenticate/", {"code": _digits(secret)})
    assert (answer["Location"], _signed_in(browser)) == ("/desk/", str(user.pk))


def test_a_one_time_link_is_a_first_factor_only(client: Client) -> None:
    user = make_organiser()
    totp.TOTP.activate(user, SECRET)
    assert client.post(_path(user))["Location"] == SECOND + "authenticate/"
    assert _signed_in(client) is None
    assert client.get("/desk/").status_code == 302
    answer = client.post(SECOND + "authenticate/", {"code": _digits(SECRET)})
    assert (answer["Location"], _signed_in(client)) == ("/desk/", str(user.pk))


def test_another_factor_is_not_added_or_removed_without_asking_again(client: Client) -> None:
    user = make_organiser()
    totp.TOTP.activate(user, SECRET)
    client.force_login(user)
    for page in ("webauthn/add/", "totp/deactivate/", "recovery-codes/generate/"):
        answer = client.get(SECOND + page)
        assert answer["Location"].partition("?")[0] == SECOND + "reauthenticate/"
    client.post(SECOND + "reauthenticate/", {"code": _digits(SECRET)})
    assert client.post(SECOND + "totp/deactivate/")["Location"] == SECOND
    assert not Authenticator.objects.exists()


@pytest.mark.usefixtures("_guarded")
@pytest.mark.parametrize("path", ["/desk/", "/desk/fairs/", "/admin/"])
def test_an_organiser_without_a_second_factor_is_sent_to_set_one_up(
    client: Client, path: str
) -> None:
    client.force_login(make_organiser())
    answer = client.get(path)
    assert (answer.status_code, answer["Location"]) == (302, SECOND)
    assert client.get(SECOND).status_code == 200


@pytest.mark.usefixtures("_guarded")
def test_the_api_has_no_way_around_the_second_factor(client: Client) -> None:
    client.force_login(make_organiser())
    answer = client.get("/api/v1/openapi.json")
    assert (answer.status_code, answer.json()["code"]) == (403, "second_factor.missing")


@pytest.mark.usefixtures("_guarded")
def test_with_a_second_factor_or_without_power_the_desk_opens(client: Client) -> None:
    organiser = make_organiser()
    totp.TOTP.activate(organiser, SECRET)
    for user in (organiser, make_user(role=Role.VIEWER)):
        client.force_login(user)
        assert client.get("/desk/fairs/").status_code == 200


def test_where_the_guard_is_off_an_organiser_needs_one_factor(
    client: Client, settings: Settings
) -> None:
    settings.REQUIRE_SECOND_FACTOR = False
    client.force_login(make_organiser())
    assert client.get("/desk/fairs/").status_code == 200


def test_a_passkey_s_questions_come_as_json(client: Client) -> None:
    question = client.get(SECOND + "webauthn/login/", headers={"accept": "application/json"})
    asked = question.json()["request_options"]["publicKey"]
    assert (asked["rpId"], asked["userVerification"]) == ("testserver", "required")
    client.force_login(make_organiser())
    page = client.get(SECOND + "webauthn/add/")
    offered = page.context["js_data"]["creation_options"]["publicKey"]
    assert offered["rp"] == {"id": "testserver", "name": "testserver"}
    assert len(offered["challenge"]) == 43


@pytest.mark.parametrize(
    "rubbish", ["", "{}", "[]", "7", '{"id": 1}', '{"id": "", "rawId": "", "response": {}}']
)
def test_rubbish_in_place_of_a_passkey_is_refused(client: Client, rubbish: str) -> None:
    answer = client.post(SECOND + "webauthn/login/", {"credential": rubbish})
    assert (answer.status_code, answer["Location"]) == (302, LOGIN)
    assert _signed_in(client) is None
    user = make_organiser()
    client.force_login(user)
    assert client.post(SECOND + "webauthn/add/", {"credential": rubbish}).status_code == 200
    assert not Authenticator.objects.exists()
    totp.TOTP.activate(user, SECRET)
    client.post("/account/logout/")
    client.post(_path(user))
    assert client.post(SECOND + "authenticate/", {"credential": rubbish}).status_code == 200
    assert _signed_in(client) is None


# --- what can be reached ---


@pytest.mark.parametrize(
    ("path", "status", "place"),
    [
        (LOGIN, 200, ""),
        (CONFIRM, 302, LOGIN),
        ("/account/logout/", 302, "/"),
        ("/account/inactive/", 200, ""),
        ("/account/reauthenticate/", 302, LOGIN + "?next=/account/reauthenticate/"),
        (SECOND, 302, f"{LOGIN}?next={SECOND}"),
        (SECOND + "authenticate/", 302, LOGIN),
        (
            SECOND + "totp/activate/",
            302,
            f"{LOGIN}?next={QUOTED}totp%2Factivate%2F",
        ),
        (SECOND + "totp/deactivate/", 302, f"{LOGIN}?next={SECOND}totp/deactivate/"),
        (SECOND + "webauthn/", 302, f"{LOGIN}?next={SECOND}webauthn/"),
        (SECOND + "webauthn/login/", 302, LOGIN),
        (SECOND + "recovery-codes/", 302, f"{LOGIN}?next={SECOND}recovery-codes/"),
        (
            SECOND + "recovery-codes/download/",
            302,
            f"{LOGIN}?next={SECOND}recovery-codes/download/",
        ),
        (SECOND + "webauthn/signup/", 404, ""),
        ("/admin/login/", 302, LOGIN + "?next=%2Fadmin%2Flogin%2F"),
        ("/account/signup/", 404, ""),
        ("/account/email/", 404, ""),
        ("/account/confirm-email/", 404, ""),
        ("/account/password/change/", 404, ""),
        ("/account/password/set/", 404, ""),
        ("/account/password/reset/", 404, ""),
        ("/account/3rdparty/", 404, ""),
    ],
)
def test_a_stranger_reaches_what_is_meant_for_strangers(
    client: Client, path: str, status: int, place: str
) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.get("Location", "")) == (status, place)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_page_of_the_second_factor_opens_in_both_languages(
    client: Client, language: str
) -> None:
    client.cookies["django_language"] = language
    user = make_organiser()
    client.force_login(user)
    for page in ("", "totp/activate/", "webauthn/", "webauthn/add/"):
        assert client.get(SECOND + page).status_code == 200
    totp.TOTP.activate(user, SECRET)
    assert client.get(SECOND + "reauthenticate/").status_code == 200
    client.post(SECOND + "reauthenticate/", {"code": _digits(SECRET)})
    for page in ("", "totp/deactivate/", "recovery-codes/generate/"):
        assert client.get(SECOND + page).status_code == 200
