"""What `make bench` measures: figures in var/bench/, with the machine they were measured on.

Figures that repeat are taken in turns, one of each per round, so that a busy moment of the
machine falls on all of them alike. `seconds` are wall-clock.
"""

import json
import os
import platform
import shutil
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version
from io import StringIO
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.db.models import Count
from django.test import Client

from bench.site import FOLDER, ROOT, load_sample  # sets Django up: before everything of ours
from booths.allocation import read_instance, solve
from booths.queries import snapshot_of
from fairs.models import Fair
from mou.models import Memorandum
from mou.rendering import seal_original

ROUNDS = 7
PACKAGES = ("django", "weasyprint", "pyhanko", "highspy", "celery", "pysqlite3")

Figure = dict[str, Any]


def measure_sample() -> Figure:
    """Seconds to load the sample, each scale once, into databases of their own."""
    return {f"load_sample --scale {scale}": {"seconds": load_sample(scale)} for scale in (1, 4)}


def measure_allocation() -> Figure:
    """The sample fair with the most applications, solved once within a minute."""
    fair = Fair.objects.annotate(asked=Count("applications")).order_by("-asked").first()
    if fair is None or not fair.asked:
        return {"allocation": {"left out": "the sample holds no application"}}
    instance = read_instance(snapshot_of(fair))
    start = time.perf_counter()
    answer = solve(instance, time_limit=60)
    return {
        "allocation of the sample's fair": {
            "seconds": time.perf_counter() - start,
            "applications": len(instance.applications),
            "booths": len(instance.booths),
            "score": answer["score"],
            "bound": answer["bound"],
            "proven": answer["status"] == "optimal",
        }
    }


def measure_demo() -> Figure:
    """The whole story of `make demo`, with a worker that it starts itself."""
    start = time.perf_counter()
    call_command("demo", stdout=StringIO())
    return {"demo, from booths to a sealed memorandum": {"seconds": time.perf_counter() - start}}


def measure_pages() -> Figure:
    """The demo's memorandum drawn and sealed; its verify page asked for, in process."""
    memorandum = Memorandum.objects.filter(signatures__isnull=False).exclude(content="").first()
    if memorandum is None:
        return {"memorandum": {"left out": "nothing is signed"}}
    client = Client(headers={"host": "127.0.0.1"})

    def ask() -> None:
        if client.get(f"/v/{memorandum.code}/").status_code != 200:
            raise SystemExit("the verify page did not answer")

    return repeat(
        {
            "memorandum drawn and sealed": (1, lambda: seal_original(memorandum)),
            "verify page": (20, ask),
        }
    )


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
        "system": platform.system(),
        "python": platform.python_version(),
        "sqlite": connection.Database.sqlite_version,
        **{name: version(name) for name in PACKAGES},
    }


def main() -> None:
    """Measure, print a table, keep the figures."""
    machine = describe_machine()
    print(" ".join(f"{name} {value}" for name, value in machine.items()))
    figures: Figure = {}
    try:
        for measure in (measure_sample, measure_allocation, measure_demo, measure_pages):
            found = measure()
            for name, figure in found.items():
                shown = {
                    key: round(value, 4) if isinstance(value, float) else value
                    for key, value in figure.items()
                }
                print(f"{name:42}", " ".join(f"{key}={value}" for key, value in shown.items()))
            figures |= found
    finally:
        shutil.rmtree(FOLDER)
    folder = ROOT / "var" / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    now = datetime.now(UTC)
    file: Path = folder / f"{now:%Y%m%d-%H%M%S}.json"
    content = {"at": now.isoformat(timespec="seconds"), "machine": machine, "figures": figures}
    file.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"kept in {file.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
