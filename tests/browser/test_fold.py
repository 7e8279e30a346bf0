"""Long filters on a phone and on a wide screen, without JavaScript."""

import pytest
from playwright.sync_api import Browser, expect

from tests.builders import make_fair
from tests.stage import Stage


@pytest.mark.parametrize(("width", "is_folded"), [(360, True), (1440, False)])
def test_filters_are_folded_where_there_is_no_room(
    browser: Browser, backstage: Stage, width: int, *, is_folded: bool
) -> None:
    make_fair()
    backstage.start_web()
    context = browser.new_context(
        viewport={"width": width, "height": 740}, java_script_enabled=False, locale="vi-VN"
    )
    page = context.new_page()
    page.goto(backstage.url)
    line, form = page.locator(".fold > summary"), page.locator(".fold form")
    expect(line).to_be_visible(visible=is_folded)
    expect(form).to_be_visible(visible=not is_folded)
    if is_folded:
        line.click()
        expect(form).to_be_visible()
    context.close()
