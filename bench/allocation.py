"""Giving out booths, ours beside three rivals on the same instances. `python -m bench.allocation`.

Each method solves each instance in a process of its own, one after the other, so that seconds and
memory are its own; one that does not end in time is ended, and what it had found counts. `gap` is
to the best bound that any method proved. `--sizes 60 92 --methods ours greedy` runs a part.
"""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import time
from importlib.metadata import version
from typing import Any

from bench.site import FOLDER, ROOT, keep_figures

# Booths: applications, seconds allowed.
SIZES = {60: (75, 10), 92: (118, 10), 200: (250, 20), 1000: (1250, 30), 5000: (6000, 180)}
METHODS = {
    "ours": "ours, with reasons",
    "greedy": "greedy by priority",
    "search": "greedy, local search",
    "plain": "MIP, whole model",
}
PLAIN_AT_MOST = 1000  # booths; beyond, the whole model does not fit into memory
GRACE = 20

Figure = dict[str, Any]


def measure(method: str, booths: int, seed: int) -> Figure:
    """Run one method on one instance; what it told before its end counts."""
    applications, seconds = SIZES[booths]
    asked = (method, booths, applications, seed, seconds)
    start = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.allocation_rivals", *map(str, asked)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        output, _ = process.communicate(timeout=seconds + GRACE)
    except subprocess.TimeoutExpired:
        process.kill()
        output, _ = process.communicate()
    figure: Figure = {"booths": booths, "applications": applications, "method": method}
    figure["seconds"] = time.perf_counter() - start
    for line in output.splitlines():
        if line.endswith("}"):
            figure |= json.loads(line)
    return figure


def compare(booths: int, methods: list[str], seed: int) -> list[Figure]:
    """Run the methods on one instance and print a line for each."""
    figures = [
        measure(method, booths, seed)
        for method in methods
        if method != "plain" or booths <= PLAIN_AT_MOST
    ]
    bounds = [figure["bound"] for figure in figures if figure.get("bound") is not None]
    for figure in figures:
        score = figure.get("score")
        figure["gap"] = 1 - score / min(bounds) if bounds and score else None
        _print(figure)
    return figures


def _print(figure: Figure) -> None:
    name = f"{figure['booths']:,} × {figure['applications']:,}: {METHODS[figure['method']]}"
    score = "none" if figure.get("score") is None else f"{figure['score']:,}"
    gap = "" if figure["gap"] is None else f"{100 * figure['gap']:.3f} %"
    proven = "" if figure.get("proven") is None else f"{figure['proven']:.1f} s"
    cpu = f"{figure['cpu_seconds']:.1f} s" if "cpu_seconds" in figure else "ended"
    memory = f"{figure['megabytes']:,} MB" if "megabytes" in figure else ""
    print(
        f"| {name:38} | {score:>11} | {gap:>8} | {proven:>7} | {figure['seconds']:>6.1f} s "
        f"| {cpu:>8} | {memory:>8} |",
        flush=True,
    )


def main() -> None:
    """Measure, print a table, keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", choices=SIZES, default=list(SIZES))
    parser.add_argument("--methods", nargs="+", choices=METHODS, default=list(METHODS))
    parser.add_argument("--seed", type=int, default=2026)
    asked = parser.parse_args()
    shutil.rmtree(FOLDER)
    machine = {
        "cores": os.cpu_count(),
        "load": os.getloadavg()[0],
        "machine": platform.machine(),
        "python": platform.python_version(),
        "highspy": version("highspy"),
    }
    print(", ".join(f"{name} {value}" for name, value in machine.items()), end="\n\n")
    heads = ("score", "gap", "proven", "seconds", "CPU", "memory")
    widths = (11, 8, 7, 8, 8, 8)
    head = " | ".join(f"{name:>{width}}" for name, width in zip(heads, widths, strict=True))
    print(f"| {'':38} | {head} |")
    print(f"|{'-' * 40}|{'|'.join('-' * (width + 1) + ':' for width in widths)}|")
    figures = [
        figure for booths in asked.sizes for figure in compare(booths, asked.methods, asked.seed)
    ]
    keep_figures("allocation", {"machine": machine, "seed": asked.seed, "figures": figures})


if __name__ == "__main__":
    main()
