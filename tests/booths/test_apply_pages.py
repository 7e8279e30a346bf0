"""The pages of those who apply: on a phone, from a link, at the desk."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from booths.models import Application
from booths.states import ApplicationState
from fairs.models import Fair
from fairs.states import FairState
from tests.builders import (
    make_application,
    make_fair,
    make_floor_plan,
    make_organisation,
    make_product,
    make_representative,
    make_user,
)

pytestmark = pytest.mark.django_db


def _draft(**fields: Any) -> tuple[Application, User]:
    application = make_application(state=ApplicationState.DRAFT, **fields)
    return application, make_representative(application.organisation)


def _step(application: Application, step: str) -> str:
    return f"/my/applications/{application.code}/{step}/"


def test_a_producer_applies_from_the_public_page_to_the_receipt(client: Client) -> None:
    fair, organisation = make_fair(), make_organisation()
    make_floor_plan(fair)
    product = make_product(organisation)
    address = f"/f/{fair.code}/apply/"
    assert address in client.get(fair.public_url).text
    assert client.get(address).status_code == 302
    client.force_login(make_representative(organisation))
    assert organisation.name in client.get(address).text
    begun = client.post(address, {"organisation": organisation.code})
    application = Application.objects.get()
    assert begun.headers["Location"] == _step(application, "products")
    answers: dict[str, dict[str, Any]] = {
        "products": {"version": 1, "products": [product.code]},
        "booths": {"version": 2, "booths_wanted": "2", "power_kw": "2,5 kW", "water": "on"},
        "wishes": {"version": 3, "wish_1": "zone:A", "add": "booth:A3"},
        "send": {"version": 4, "consent": "on"},
    }
    for step, answer in answers.items():
        assert client.get(_step(application, step)).status_code == 200
        assert client.post(_step(application, step), answer).status_code == 302
    application.refresh_from_db()
    assert (application.state, str(application.power_kw)) == (ApplicationState.SUBMITTED, "2.5")
    assert application.wishes == [["zone", "A"], ["booth", "A3"]]
    receipt = client.get(f"/my/applications/{application.code}/")
    assert f"{application.code[:4]}-{application.code[4:]}" in receipt.text
    assert f"/a/{application.token}/" in receipt.text
    again = client.post(address, {"organisation": organisation.code}, follow=True)
    assert again.redirect_chain == [(f"/my/applications/{application.code}/", 302)]


def test_the_consent_is_never_ticked_beforehand(client: Client) -> None:
    application, user = _draft()
    client.force_login(user)
    page = client.get(_step(application, "send")).text
    assert 'name="consent"' in page
    assert "checked" not in page
    assert client.post(_step(application, "send"), {"version": 1}).status_code == 422
    assert Application.objects.get().state == ApplicationState.DRAFT


@pytest.mark.parametrize(
    ("step", "typed", "shown"),
    [
        ("booths", {"booths_wanted": "7", "power_kw": "1"}, 'value="7"'),
        ("booths", {"booths_wanted": "2", "power_kw": "NaN"}, 'value="NaN"'),
        ("booths", {"booths_wanted": "2", "power_kw": "1e5"}, 'value="1e5"'),
        ("booths", {"booths_wanted": "2", "power_kw": "-1"}, 'value="-1"'),
        ("booths", {"booths_wanted": "2", "power_kw": "900"}, 'value="900"'),
        ("wishes", {"wish_1": "zone:A", "wish_2": "booth:Z9"}, 'value="zone:A" selected'),
        ("wishes", {"wish_1": "zone:A", "add": "booth:Z9"}, 'value="zone:A" selected'),
        ("products", {"products": ["GIA-MAO"]}, 'role="alert"'),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_stays(
    client: Client, step: str, typed: dict[str, Any], shown: str
) -> None:
    application, user = _draft()
    make_floor_plan(application.fair)
    client.force_login(user)
    answer = client.post(_step(application, step), {"version": 1, **typed})
    assert answer.status_code in {409, 422}
    assert 'role="alert"' in answer.text
    assert shown in answer.text
    assert Application.objects.get().version == 1


def test_a_fourth_wish_is_said_to_be_too_many(client: Client) -> None:
    wishes = [["booth", f"A{number}"] for number in (1, 2, 3)]
    application, user = _draft(wishes=wishes)
    make_floor_plan(application.fair)
    client.force_login(user)
    typed = {f"wish_{number}": f"booth:A{number}" for number in (1, 2, 3)}
    answer = client.post(_step(application, "wishes"), {"version": 1, **typed, "add": "booth:A4"})
    assert answer.status_code == 409
    assert Application.objects.get().wishes == wishes


def test_the_second_phone_is_told_keeps_its_answer_and_may_put_it_in_place(client: Client) -> None:
    application, user = _draft()
    client.force_login(user)
    first, second = ({"booths_wanted": number, "power_kw": "0"} for number in ("3", "5"))
    assert client.post(_step(application, "booths"), {"version": 1, **first}).status_code == 302
    told = client.post(_step(application, "booths"), {"version": 1, **second})
    assert told.status_code == 409
    assert 'value="5"' in told.text
    assert 'name="version" value="2"' in told.text
    assert Application.objects.get().booths_wanted == 3
    assert client.post(_step(application, "booths"), {"version": 2, **second}).status_code == 302
    assert Application.objects.get().booths_wanted == 5


def test_a_booth_tapped_on_the_plan_can_be_wished_for(client: Client) -> None:
    application, user = _draft()
    make_floor_plan(application.fair)
    client.force_login(user)
    address = f"{_step(application, 'wishes')}?booth=A2"
    for answer in (client.get(address), client.get(address, headers={"X-Part": "booth"})):
        assert 'name="add" value="booth:A2"' in answer.text


def test_the_link_leads_to_sign_in_and_then_to_the_draft(client: Client) -> None:
    application, user = _draft()
    link = f"/a/{application.token}/"
    landed = client.get(link, follow=True)
    assert _step(application, "products") in landed.request["QUERY_STRING"].replace("%2F", "/")
    client.force_login(user)
    assert client.get(link).headers["Location"] == _step(application, "products")
    client.force_login(make_user())
    assert client.get(link, follow=True).status_code == 404


def test_a_link_that_has_ended_says_so(client: Client) -> None:
    application, _user = _draft()
    assert client.get("/a/gia-mao/").status_code == 404
    Fair.objects.update(state=FairState.CLOSED)
    assert client.get(f"/a/{application.token}/").status_code == 410
    Fair.objects.update(state=FairState.REGISTERING)
    Application.objects.update(state=ApplicationState.WITHDRAWN)
    assert client.get(f"/a/{application.token}/").status_code == 410


def test_withdrawing_is_confirmed_first(client: Client) -> None:
    application, user = _draft()
    client.force_login(user)
    address = f"/my/applications/{application.code}/withdraw/"
    assert client.post(address).status_code == 422
    assert Application.objects.get().state == ApplicationState.DRAFT
    assert client.post(address, {"confirm": "yes"}).status_code == 302
    assert Application.objects.get().state == ApplicationState.WITHDRAWN


def test_a_closed_fair_says_so_and_keeps_the_draft(client: Client) -> None:
    application, user = _draft()
    Fair.objects.update(state=FairState.ALLOCATING)
    client.force_login(user)
    assert application.code in client.get(f"/f/{application.fair.code}/apply/").text
    answer = client.post(
        _step(application, "booths"), {"version": 1, "booths_wanted": "4", "power_kw": "0"}
    )
    assert answer.status_code == 409
    assert 'value="4"' in answer.text
    assert Application.objects.get().booths_wanted == 1


def test_an_officer_finds_a_producer_and_applies_for_them(client: Client) -> None:
    fair = make_fair()
    organisation = make_organisation(name="Hợp tác xã Đồng Tâm")
    product = make_product(organisation)
    client.force_login(make_user(role="commune_officer", fair=fair))
    address = f"/desk/fairs/{fair.code}/applications/enter/"
    assert address in client.get(f"/desk/fairs/{fair.code}/applications/").text
    assert organisation.name not in client.get(address).text
    client.post(address, {"organisation": organisation.code})
    application = Application.objects.get()
    client.post(_step(application, "products"), {"version": 1, "products": [product.code]})
    without = client.post(_step(application, "send"), {"version": 2, "consent": "on"})
    assert without.status_code == 422
    note = "Ông Giàng A Páo ký ngày 02/11/2026"
    client.post(_step(application, "send"), {"version": 2, "consent": "on", "note": note})
    application.refresh_from_db()
    assert (application.state, application.consent_note) == (ApplicationState.SUBMITTED, note)


def test_an_officer_opens_nobody_elses_draft(client: Client) -> None:
    application, _user = _draft()
    client.force_login(make_user(role="commune_officer", fair=application.fair))
    assert client.get(_step(application, "products")).status_code == 404


def test_search_words_ignore_accents(client: Client) -> None:
    fair = make_fair()
    organisation = make_organisation(name="Hợp tác xã Đồng Tâm", search="hop tac xa dong tam")
    client.force_login(make_user(role="commune_officer", fair=fair))
    page = client.get(f"/desk/fairs/{fair.code}/applications/enter/", {"q": "dong tam"})
    assert organisation.name in page.text
