"""What `make bench` measures: a table, and figures in var/bench/ with the machine they are of.

Everything runs in this process, on a site of its own, without web server and worker: what is
measured is our work and not the waiting between two processes. Figures that repeat are taken in
turns, one of each per round, so that a busy moment of the machine falls on all of them alike.
"""

import logging
import os
import platform
import shutil
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

from django.db import connection, reset_queries
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings

from bench.site import (  # sets Django up: before everything of ours
    FOLDER,
    keep_figures,
    load_sample,
)

# isort: split

from badges.models import BadgeSheet
from badges.rendering import sheet_pdf
from booths.allocation import Progress, read_instance, solve
from booths.models import AllocationRun
from core.jobs import Job, State
from core.pdf import Paper
from core.tasks import run_job
from mou.models import Memorandum
from mou.paper.layout import memorandum_pdf
from mou.paper.seal import seal
from mou.paper.verdict import judge
from mou.queries import sealed_rendition
from mou.rendering import frozen_content, seal_original
from mou.sealing import seal_key
from sample.loading import add_trial_fair
from sample.people import organiser
from sample.walk import Walk

ROUNDS = 5
PACKAGES = ("django", "weasyprint", "pyhanko", "highspy", "celery")

Figure = dict[str, Any]


def measure_sample() -> Figure:
    """Seconds to load the sample, each scale once, into databases of their own."""
    seconds = {scale: load_sample(scale) for scale in (1, 4)}
    return {
        "load the sample": {"seconds": seconds[1], "of": "255 producers, 1,054 products"},
        "load the sample, four times": {
            "seconds": seconds[4],
            "of": f"1,020 producers, 4,216 products; {seconds[4] / seconds[1]:.1f} × as long",
        },
    }


def measure_walk() -> Figure:
    """The story of `make demo`, each of its jobs done here and now."""
    walk = Walk(fair=add_trial_fair(), actor=organiser(), folder=FOLDER, wait=_do)
    figures: Figure = {}
    for name, step in (
        ("allocate and publish a fair's booths", walk.allocate),
        ("print a fair's badges", walk.print_badges),
        ("draw up, sign and seal a memorandum", walk.sign),
    ):
        start = time.perf_counter()
        step()
        figures[name] = {"seconds": time.perf_counter() - start, "of": "first time in a process"}
    return figures


def _do(job: Job) -> None:
    run_job(job.pk)
    job.refresh_from_db()
    if job.state != State.DONE:
        raise SystemExit(f"{job}: {job.error}")


def measure_allocation() -> Figure:
    """The walk's allocation once more, listening to how good its plan is and when."""
    instance = read_instance(AllocationRun.objects.latest("pk").instance)
    heard: list[Progress] = []
    answer = solve(instance, time_limit=60, progress=heard.append)
    near = next(news for news in heard if news.score >= 0.99 * answer["bound"])
    proven = next(news for news in heard if news.score == news.bound)
    size = f"{len(instance.applications)} applications for {len(instance.booths)} booths"
    score = f"score {answer['score']:,} of at most {answer['bound']:,}"
    return {
        "a plan within 1 % of the best": {"seconds": near.seconds, "of": size},
        "the best plan, proven": {"seconds": proven.seconds, "of": score},
        "and a reason for everybody left out": {
            "seconds": answer["seconds"],
            "of": f"{len(answer['unplaced'])} left out, {answer['status']}",
        },
    }


def measure_papers() -> Figure:
    """Badges and the memorandum, drawn again and again from what is kept."""
    sheet = BadgeSheet.objects.latest("pk")
    row = Memorandum.objects.filter(job__state="done").latest("pk")
    key, kept, content = seal_key(), sealed_rendition(row), frozen_content(row)
    assert kept is not None
    original = kept.file.read()

    def draw() -> Paper:
        return memorandum_pdf(
            content,
            [],
            code=row.code,
            verify_url=row.verify_url,
            identifier=bytes(16),
            created=datetime.now(UTC),
        )

    paper = draw()
    pinned = frozenset({key.fingerprint})
    figures = repeat(
        {
            "a sheet of badges": (1, lambda: sheet_pdf(sheet)),
            "a memorandum drawn, unsigned": (1, draw),
            "the paper sealed": (3, lambda: seal(paper.content, key, reason="", location="")),
            "the file judged": (3, lambda: judge(original, known=lambda _: False, pinned=pinned)),
            "all three, with three signatures": (1, lambda: seal_original(row)),
        }
    )
    each = 1000 * figures["a sheet of badges"]["seconds"] / sheet.count
    figures["a sheet of badges"]["of"] = f"{sheet.count} badges, {each:.1f} ms each"
    figures["a memorandum drawn, unsigned"]["of"] = (
        f"{paper.pages} pages, {len(paper.content):,} bytes"
    )
    return figures


def measure_pages() -> Figure:
    """Pages asked for in process, as the organiser and as anybody; queries are of one request."""
    actor, memorandum = organiser(), Memorandum.objects.filter(job__state="done").latest("pk")
    fair = memorandum.fair
    pages = {
        "page: the year": f"/desk/plans/{fair.first_day.year}/",
        "page: applications": f"{fair.desk_url}applications/",
        "page: allocation": f"{fair.desk_url}allocation/",
        "page: badges": f"{fair.desk_url}badges/",
        "page: organisations": "/desk/organisations/",
        "page: memoranda": "/desk/memoranda/",
        "page: verify": f"/v/{memorandum.code}/",
    }
    desk, anybody = Client(headers={"host": "127.0.0.1"}), Client(headers={"host": "127.0.0.1"})
    desk.force_login(actor, backend="django.contrib.auth.backends.ModelBackend")

    def ask(address: str) -> bytes:
        answer = (desk if address.startswith("/desk/") else anybody).get(address)
        if answer.status_code != 200:
            raise SystemExit(f"{address} answered {answer.status_code}")
        return bytes(answer.content)

    sizes = {}
    for name, address in pages.items():
        with CaptureQueriesContext(connection) as queries:
            content = ask(address)
        sizes[name] = f"{len(queries)} queries, {len(content) / 1000:,.0f} kB"
    reset_queries()
    with override_settings(DEBUG=False):  # as for real: no list of queries is kept
        figures = repeat(
            {name: (10, lambda address=address: ask(address)) for name, address in pages.items()}
        )
    for name, size in sizes.items():
        figures[name]["of"] = size
    return figures


def repeat(deeds: dict[str, tuple[int, Callable[[], object]]]) -> Figure:
    """Median and 95th percentile of each deed, taken in turns; the first round warms up."""
    seconds: dict[str, list[float]] = {name: [] for name in deeds}
    for number in range(ROUNDS + 1):
        for name, (times, deed) in deeds.items():
            for _time in range(times):
                start = time.perf_counter()
                deed()
                if number:
                    seconds[name].append(time.perf_counter() - start)
    return {
        name: {
            "seconds": statistics.median(taken),
            "p95": statistics.quantiles(taken, n=20, method="inclusive")[-1],
            "times": len(taken),
        }
        for name, taken in seconds.items()
    }


def describe_machine() -> Figure:
    """What the figures depend on."""
    return {
        "cores": os.cpu_count(),
        "machine": platform.machine(),
        "python": platform.python_version(),
        "sqlite": connection.Database.sqlite_version,
        **{name: version(name) for name in PACKAGES},
    }


def shown(seconds: float | None) -> str:
    """Seconds as people read them: 12.3 s, 45 ms."""
    if seconds is None:
        return ""
    return f"{seconds:.1f} s" if seconds >= 1 else f"{1000 * seconds:.0f} ms"


def main() -> None:
    """Measure, print a table, keep the figures."""
    machine = describe_machine()
    print(", ".join(f"{name} {value}" for name, value in machine.items()), end="\n\n")
    print(f"| {'':36} | {'median':>7} | {'p95':>7} | {'of':46} |")
    print(f"|{'-' * 38}|{'-' * 8}:|{'-' * 8}:|{'-' * 48}|")
    logging.getLogger("core.jobs").setLevel(logging.WARNING)
    figures: Figure = {}
    parts = (measure_sample, measure_walk, measure_allocation, measure_papers, measure_pages)
    try:
        for measure in parts:
            found = measure()
            for name, figure in found.items():
                median, p95 = shown(figure["seconds"]), shown(figure.get("p95"))
                print(f"| {name:36} | {median:>7} | {p95:>7} | {figure.get('of', ''):46} |")
            figures |= found
    finally:
        shutil.rmtree(FOLDER)
    keep_figures("figures", {"machine": machine, "figures": figures})


if __name__ == "__main__":
    main()
