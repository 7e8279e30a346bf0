"""What a visitor on a slow phone waits for: `python -m bench.first_paint`.

The real web server with production settings and the sample of scale 1, and a real Chromium that
is given 700 kbit/s, 300 ms of latency and a quarter of its processor. Each page is opened with an
empty cache, `ROUNDS` times in turn; LCP is the Largest Contentful Paint as the browser reports it
(https://www.w3.org/TR/largest-contentful-paint/), weight what went over the wire, in kB of 1,000
bytes. Needs Chromium and the packages for tests.
"""

import contextlib
import os
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from bench.site import FOLDER, ROOT, keep_figures, load_sample

ROUNDS = 5
SLOW = {"latency": 300, "download_kbit": 700, "upload_kbit": 350, "processor": 4}
# The marks that public pages have to meet.
PAINT_SECONDS, WEIGHT = 2.5, 60
LARGEST = """() => new Promise((resolve) => new PerformanceObserver((list) =>
    resolve(list.getEntries().at(-1).startTime)).observe(
        { type: "largest-contentful-paint", buffered: true }))"""


@dataclass
class Visits:
    """What was seen of one page: seconds until the largest thing was painted, bytes received."""

    seconds: list[float] = field(default_factory=list)
    bytes: list[float] = field(default_factory=list)


@contextlib.contextmanager
def serving() -> Iterator[str]:
    """The sample behind the real web server, as an office runs it; its address."""
    load_sample(1)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    environment = {
        **os.environ,
        "VAR_DIR": str(FOLDER / "scale-1"),
        "DEBUG": "false",
        "SECRET_KEY": "bench only: a sentence that guards nothing but invented names",
        "SEAL_KEY_PASSPHRASE": "bench only",
        "EMAIL_URL": "consolemail://",
        "SITE_URL": url,
    }
    manage = [sys.executable, "manage.py", "collectstatic", "--no-input", "-v", "0"]
    subprocess.run(manage, cwd=ROOT, env=environment, check=True)
    command = [sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}"]
    command += ["--workers", "2", "--threads", "4", "--log-level", "warning"]
    server = subprocess.Popen([*command, "--no-control-socket"], cwd=ROOT, env=environment)
    try:
        _wait_for(url)
        yield url
    finally:
        server.terminate()
        server.wait()


def _wait_for(url: str) -> None:
    end = time.monotonic() + 60
    while True:
        try:
            urllib.request.urlopen(url).close()
        except (urllib.error.URLError, OSError):
            if time.monotonic() > end:
                raise
            time.sleep(0.1)
        else:
            return


def visit(browser: Browser, address: str, visits: Visits) -> None:
    """Open the page once on a slow phone with nothing in its cache."""
    with contextlib.closing(browser.new_context(viewport={"width": 360, "height": 740})) as phone:
        page = phone.new_page()
        session = phone.new_cdp_session(page)
        received: dict[str, float] = {}
        session.on(
            "Network.loadingFinished",
            lambda event: received.update({event["requestId"]: event["encodedDataLength"]}),
        )
        session.send("Network.enable")
        session.send(
            "Network.emulateNetworkConditions",
            {
                "offline": False,
                "latency": SLOW["latency"],
                "downloadThroughput": SLOW["download_kbit"] * 1000 / 8,
                "uploadThroughput": SLOW["upload_kbit"] * 1000 / 8,
            },
        )
        session.send("Emulation.setCPUThrottlingRate", {"rate": SLOW["processor"]})
        page.goto(address, wait_until="networkidle", timeout=60_000)
        visits.seconds.append(page.evaluate(LARGEST) / 1000)
        visits.bytes.append(sum(received.values()))


def main() -> None:
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.exit("bench.first_paint needs Chromium")
    found: dict[str, Visits] = {}
    with (
        serving() as url,
        sync_playwright() as playwright,
        contextlib.closing(playwright.chromium.launch(executable_path=chromium)) as browser,
    ):
        with contextlib.closing(browser.new_page()) as page:
            page.goto(url)
            fair = page.locator("main a[href^='/f/']").first.get_attribute("href")
        pages = {"home": "/", "fair": fair, "verify": "/v/"}
        for _round in range(ROUNDS):
            for name, path in pages.items():
                visit(browser, f"{url}{path}", found.setdefault(name, Visits()))
    rows: dict[str, Any] = {}
    print(f"{'page':<8}{'LCP s':>8}{'worst':>8}{'kB':>8}")
    for name, visits in found.items():
        paint, weight = statistics.median(visits.seconds), statistics.median(visits.bytes) / 1000
        rows[name] = {"lcp_seconds": round(paint, 2), "worst": max(visits.seconds), "kB": weight}
        print(f"{name:<8}{paint:>8.2f}{max(visits.seconds):>8.2f}{weight:>8.1f}")
    keep_figures(
        "first-paint",
        {"slow": SLOW, "marks": {"lcp_seconds": PAINT_SECONDS, "kB": WEIGHT}, "pages": rows},
    )
    shutil.rmtree(FOLDER)


if __name__ == "__main__":
    main()
