"""The watch that every page stands under sees what it must see."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Complaints


def test_error_in_a_page_and_request_to_a_stranger_are_seen(
    page: Page, complaints: Complaints
) -> None:
    page.route("http://stranger.example/*", lambda route: route.fulfill(body=""))
    page.set_content('<img src="http://stranger.example/pixel" alt="">')
    with page.expect_event("pageerror"):
        page.evaluate("setTimeout(() => { throw new Error('hỏng') })")
    with page.expect_console_message():
        page.evaluate("console.error('kêu')")
    found, complaints.texts = complaints.texts, []
    assert sorted(found) == ["asked another host: http://stranger.example/pixel", "hỏng", "kêu"]


def test_barrier_is_named(page: Page, axe: Callable[[Page], None]) -> None:
    page.set_content('<html lang="vi"><title>Chợ</title><main><h1>Chợ</h1></main></html>')
    axe(page)
    page.set_content('<html lang="vi"><title>Chợ</title><main><img src="data:,"></main></html>')
    with pytest.raises(AssertionError, match="image-alt"):
        axe(page)
