"""What sealing costs: one memorandum warm, a ceremony of 500 by two real workers, five tables.

    python -m bench.sealing                all of it; some minutes
    python -m bench.sealing --count 50     a smaller ceremony

The memoranda are the sample's: its producers, distributors and handwriting. Milliseconds of the
warm steps are of computing, so that a busy machine blurs them less; how busy it was is printed.
"""

import argparse
import logging
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from bench.site import FOLDER, OWN, ROOT, keep_figures  # sets Django up: before ours

# isort: split

from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client, override_settings

from core import audit, codes
from core.audit import AuditEvent
from mou.actions import freeze_memorandum, open_session, sign_memorandum
from mou.models import Memorandum, Rendition, SignerRole
from mou.paper.layout import memorandum_pdf
from mou.paper.seal import seal
from mou.paper.verdict import judge
from mou.rendering import frozen_content, live_signatures, seal_original
from mou.sealing import seal_key
from mou.states import MemorandumState
from sample.handwriting import draw_signature
from sample.loading import load_sample, sample_fair
from sample.memoranda import distributor_number, draw_up, might_sign
from sample.people import organiser

VAR = Path(os.environ["VAR_DIR"])
WORKERS, TABLES, EVENTS = 2, 5, 6_000

Figure = dict[str, Any]


class Ceremony:
    """The sample's fair with its organiser, where memoranda are drawn up and signed by three."""

    def __init__(self) -> None:
        call_command("migrate", verbosity=0)
        load_sample(scale=1)
        self.actor, self.fair = organiser(), sample_fair()
        self.applications = list(might_sign(self.fair))
        self.number = 0

    def prepare(self) -> Memorandum:
        """One whose witness alone has not signed yet."""
        self.number += 1
        row = draw_up(
            self.fair,
            application=self.applications[self.number % len(self.applications)],
            distributor=distributor_number(self.number),
            actor=self.actor,
        )
        row = freeze_memorandum(memorandum=row, actor=self.actor)
        self.sign(row, SignerRole.PARTY_A)
        self.sign(row, SignerRole.PARTY_B)
        return row

    def sign(self, row: Memorandum, role: str) -> None:
        sign_memorandum(
            token=open_session(memorandum=row, role=role, actor=self.actor),
            strokes=draw_signature(f"{role} {row.code}"),
            has_consented=True,
            device_at=datetime.now(UTC),
            actor=self.actor,
        )


@contextmanager
def workers() -> Iterator[subprocess.Popen[bytes]]:
    """A real worker with two processes and the sweep, as `manage.py serve` starts one."""
    command = [sys.executable, "-m", "celery", "-A", "config", "worker", "-B", "-c", str(WORKERS)]
    command += ["-Q", "default,pdf,seal,import,mail", "-n", "bench@bench", "-l", "WARNING"]
    command += ["--without-gossip", "--without-mingle", "-s", str(FOLDER / "beat")]
    with (FOLDER / "worker.log").open("ab") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **OWN}, stdout=log, stderr=log
        )
        try:
            yield process
        finally:
            process.terminate()
            process.wait()


def measure_warm(row: Memorandum) -> Figure:
    """The three steps and all of them, again and again in one process."""
    key, content, signatures = seal_key(), frozen_content(row), live_signatures(row)

    def draw() -> Any:
        return memorandum_pdf(
            content,
            signatures,
            code=codes.shown(row.code),
            verify_url=row.verify_url,
            identifier=bytes(16),
            created=datetime.now(UTC),
        )

    paper = draw()
    sealed = seal(paper.content, key, reason="", location="")
    pinned = frozenset({key.fingerprint})
    deeds: dict[str, tuple[Callable[[], object], int]] = {
        "render": (draw, 150),
        "seal": (lambda: seal(paper.content, key, reason="", location=""), 60),
        "check": (lambda: judge(sealed, known=lambda _: False, pinned=pinned), 0),
        "render, seal and check": (lambda: seal_original(row), 300),
    }
    of = f"CPU, {paper.pages} pages, {len(content.items)} products, {len(paper.content):,} bytes"
    return {
        name: {**spread([cpu_of(deed) for _ in range(21)][1:]), "target": target / 1000, "of": of}
        for name, (deed, target) in deeds.items()
    }


def cpu_of(deed: Callable[[], object]) -> float:
    start = time.process_time()
    deed()
    return time.process_time() - start


def measure_ceremony(ceremony: Ceremony, count: int) -> Figure:
    """All signed while no worker runs; then two of them seal."""
    start = time.perf_counter()
    for _ in range(count):
        ceremony.sign(ceremony.prepare(), SignerRole.WITNESS)
    signed = time.perf_counter() - start
    with workers() as process:
        started = time.perf_counter()
        wait_for(lambda: sealed_count() >= 1, process)
        first = time.perf_counter()
        wait_for(lambda: sealed_count() >= count, process)
        end = time.perf_counter()
        peaks, shares = zip(*map(memory_of, children_of(process.pid)), strict=True)
    assert Rendition.objects.filter(kind=Rendition.Kind.SEALED).count() == count
    return {
        f"a ceremony of {count} sealed": {
            "seconds": end - first,
            "target": 90 * count / 500,
            "of": f"{WORKERS} workers, from the first seal on; {end - started:.1f} s with the start"
            f"; at most {max(peaks):.0f} MB each (target 150), {max(shares):.0f} MB with what they"
            f" share counted once; drawing up and signing took {signed:.0f} s",
            "megabytes": peaks,
            "megabytes of their own": shares,
        }
    }


def measure_tables(ceremony: Ceremony, rounds: int) -> Figure:
    """Five tables finish at once, again and again; each waits for its own seal."""
    with workers() as process, ThreadPoolExecutor(TABLES) as pool:
        warm_up = [ceremony.prepare() for _ in range(2 * WORKERS)]
        for row in warm_up:
            ceremony.sign(row, SignerRole.WITNESS)
        wait_for(lambda: all_sealed(warm_up), process)
        done: list[Memorandum] = []
        for _ in range(rounds):
            rows = [ceremony.prepare() for _ in range(TABLES)]
            list(pool.map(lambda row: at_table(ceremony, row), rows))
            wait_for(partial(all_sealed, rows), process)
            done += rows
    waits = [
        (row.sealed_at - row.signed_at).total_seconds()
        for row in Memorandum.objects.filter(pk__in=[row.pk for row in done])
        if row.sealed_at and row.signed_at
    ]
    return {
        "from the last signature to sealed": {
            **spread(waits),
            "target p95": 3,
            "of": f"{TABLES} tables at once, {rounds} times",
        }
    }


def at_table(ceremony: Ceremony, row: Memorandum) -> None:
    try:
        ceremony.sign(row, SignerRole.WITNESS)
    finally:
        connection.close()


def measure_verify(row: Memorandum) -> Figure:
    """The public page of a sealed memorandum, asked for in process."""
    visitor, seconds = Client(headers={"host": "127.0.0.1"}), []
    with override_settings(VERIFY_PAGES_PER_MINUTE=10_000):
        for _ in range(101):
            start = time.perf_counter()
            answer = visitor.get(f"/v/{row.code}/")
            seconds.append(time.perf_counter() - start)
            assert answer.status_code == 200
    return {"verify page": {**spread(seconds[1:]), "target p95": 0.05, "of": "a sealed code"}}


def measure_chain() -> Figure:
    """Every chain of events verified, topped up so that there are enough of them."""
    with transaction.atomic():
        for number in range(AuditEvent.objects.count(), EVENTS):
            audit.record(stream="bench", actor=None, verb="bench.step", subject=str(number))
    count, seconds = AuditEvent.objects.count(), []
    for _ in range(5):
        start = time.perf_counter()
        assert not list(audit.find_breaks())
        seconds.append((time.perf_counter() - start) * EVENTS / count)
    name = f"{EVENTS:,} events verified"
    return {name: {**spread(seconds), "target": 0.2, "of": f"a share of {count:,} events"}}


def sealed_count() -> int:
    return Memorandum.objects.filter(state=MemorandumState.SEALED).count()


def all_sealed(rows: list[Memorandum]) -> bool:
    waiting = Memorandum.objects.filter(pk__in=[row.pk for row in rows])
    return not waiting.exclude(state=MemorandumState.SEALED).exists()


def wait_for(true: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    while not true():
        if process.poll() is not None:
            raise SystemExit((FOLDER / "worker.log").read_text()[-4000:])
        time.sleep(0.05)


def children_of(pid: int) -> list[int]:
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def memory_of(pid: int) -> tuple[float, float]:
    """The most a process ever had, and its share of what it has now, in MB."""
    folder = Path(f"/proc/{pid}")
    peak = field_of(folder / "status", "VmHWM:")
    return peak, field_of(folder / "smaps_rollup", "Pss:")


def field_of(file: Path, name: str) -> float:
    line = next(line for line in file.read_text().splitlines() if line.startswith(name))
    return int(line.split()[1]) / 1024


def spread(seconds: list[float]) -> Figure:
    return {
        "seconds": statistics.median(seconds),
        "p95": statistics.quantiles(seconds, n=20, method="inclusive")[-1],
        "times": len(seconds),
    }


def main() -> None:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=500, help="memoranda of the ceremony")
    parser.add_argument("--rounds", type=int, default=10, help="rounds at the five tables")
    chosen = parser.parse_args()
    logging.getLogger("core.jobs").setLevel(logging.WARNING)
    figures: Figure = {}
    load = os.getloadavg()
    try:
        ceremony = Ceremony()
        row = ceremony.prepare()
        ceremony.sign(row, SignerRole.WITNESS)
        row.refresh_from_db()
        figures |= measure_warm(row)
        Memorandum.objects.filter(pk=row.pk).update(job=None)
        row.job.delete()  # type: ignore[union-attr]
        figures |= measure_ceremony(ceremony, chosen.count)
        figures |= measure_tables(ceremony, chosen.rounds)
        sealed = Memorandum.objects.filter(state=MemorandumState.SEALED).latest("pk")
        figures |= measure_verify(sealed)
        figures |= measure_chain()
    finally:
        shutil.rmtree(FOLDER)
    for name, figure in figures.items():
        p95 = f", p95 {figure['p95']:.3f} s" if "p95" in figure else ""
        print(f"{name}: {figure['seconds']:.3f} s{p95} – {figure['of']}")
    loads = {"before": load, "after": os.getloadavg()}
    print(f"load of the machine, one minute: {load[0]:.1f} before, {loads['after'][0]:.1f} after")
    keep_figures("sealing", {"load": loads, "figures": figures})


if __name__ == "__main__":
    main()
