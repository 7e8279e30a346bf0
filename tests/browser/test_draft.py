"""The value of a line while it is typed: what the script works out is what the server would."""

import pytest
from django.urls import reverse
from django.utils.translation import override
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from accounts.actions import make_sign_in_link
from core.money import shown_money
from mou.forms.drawing import LineForm
from tests.builders import make_memorandum, make_organiser, make_product

pytestmark = pytest.mark.django_db(transaction=True)

PLAIN = ("500", "1,5", "1.5", "1 200,25", "1.200.000", "0,500", "1.1250", "9999999,999")
BY_LANGUAGE = ("1.125", "1,125", "1.200", "1,200", "1.200,5", "1,200.5")
REFUSED = ("0,0005", "1,2345", "1e3", "-1", "1.5.2", "0", "")


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_value_is_the_servers_to_the_dong(
    page: Page, live_server: LiveServer, settings: Settings, language: str
) -> None:
    settings.REQUIRE_SECOND_FACTOR = False
    settings.SITE_URL = live_server.url
    product = make_product(reference_price=33_333)
    memorandum = make_memorandum(producer=product.producer, products=[product])
    page.goto(make_sign_in_link(user=make_organiser(memorandum.fair), actor=None))
    page.click("main form button[type=submit]")
    page.context.add_cookies(
        [{"name": "django_language", "value": language, "url": live_server.url}]
    )
    page.goto(live_server.url + reverse("memorandum_edit", args=[memorandum.code]))
    name = f"{product.code}-quantity"
    for typed in (*PLAIN, *BY_LANGUAGE, *REFUSED):
        with override(language):
            said = {"quantity": typed, "period": "month", "price": "33333"}
            data = {f"{product.code}-{each}": text for each, text in said.items()}
            value = LineForm(data, product=product).value
        page.fill(f"[name='{name}']", typed)
        shown = "–" if value is None else shown_money(value, language)
        expect(page.locator("[data-value]")).to_have_text(shown)
