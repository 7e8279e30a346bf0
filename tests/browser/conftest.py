"""A real Chromium: the machine's own, headless, Vietnamese, talking to this machine only.

`page` fails its test if the page logged an error, threw one, or asked another host for
anything. Playwright's loop runs in this thread, so the ORM is told that this is meant.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Request, sync_playwright

from tests.services import needs

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
STANDARD = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]
SECONDS = 10


@dataclass
class Complaints:
    """What went wrong in the pages of one test. A test that provokes an answer may clear it."""

    texts: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        page.on("console", lambda message: self._note(message.type, message.text))
        page.on("pageerror", lambda error: self._note("error", str(error)))

    def watch_requests(self, context: BrowserContext) -> None:
        context.on("request", self._note_stranger)

    def _note(self, kind: str, text: str) -> None:
        if kind == "error":
            self.texts.append(text)

    def _note_stranger(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in {"data", "blob"} and address.hostname not in {
            "127.0.0.1",
            "localhost",
        }:
            self.texts.append(f"asked another host: {request.url}")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "browser" in item.fixturenames:
            item.add_marker("browser")


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    program = needs("chromium")
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
            yield browser
            browser.close()


@pytest.fixture
def complaints() -> Iterator[Complaints]:
    complaints = Complaints()
    yield complaints
    assert complaints.texts == []


@pytest.fixture
def context(browser: Browser, complaints: Complaints) -> Iterator[BrowserContext]:
    """A visitor who was never here before: Vietnamese, in Hanoi."""
    context = browser.new_context(locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh")
    context.set_default_timeout(SECONDS * 1000)
    context.on("page", complaints.watch)
    complaints.watch_requests(context)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """An empty page of a new visitor."""
    return context.new_page()


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], None]:
    """`axe(page)` fails with every barrier that the page, as it stands, puts up (WCAG 2.2 AA)."""
    checker = Axe()

    def check(page: Page) -> None:
        found = checker.run(page, options={"runOnly": {"type": "tag", "values": STANDARD}})
        barriers = [
            f"{violation['id']}: {violation['help']}\n    {node['html'][:200]}"
            for violation in found.response["violations"]
            for node in violation["nodes"]
        ]
        assert not barriers, f"{page.url}\n" + "\n".join(barriers)

    return check
