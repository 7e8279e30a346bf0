"""Run a model in a child process that can be ended when HiGHS overshoots its limit."""

import json
import struct
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from time import monotonic
from typing import IO, Protocol

from .model import Model

GRACE_SECONDS = 0.5
POLL_SECONDS = 0.1
ROOT = Path(__file__).resolve().parents[2]

HEADER = struct.Struct(">Qd")


@dataclass(frozen=True, slots=True)
class Event:
    """News about the entry `task` of the model's `forced`.

    `chosen` are the binary variables of a better solution, if any; `bound` is a proven bound in
    units; `ended` says that the task is over, `proven` that it was solved to the end, and
    `impossible` that it has no solution.
    """

    task: int
    chosen: list[int] | None = None
    bound: int | None = None
    ended: bool = False
    proven: bool = False
    impossible: bool = False


Report = Callable[[Event], None]


class Runner(Protocol):
    """Solves a model and reports events until done, out of time, or told to stop."""

    def __call__(
        self, model: Model, *, seconds: float, report: Report, stop: Callable[[], bool]
    ) -> None: ...


def run_in_child(model: Model, *, seconds: float, report: Report, stop: Callable[[], bool]) -> None:
    """Solve in a child process; what it reported before its end is never lost.

    Returns at the latest GRACE_SECONDS after `seconds`, or shortly after `stop` turns true. A
    child that dies (memory, a signal) just ends the reports.
    """
    if seconds <= 0:
        return
    finish = monotonic() + seconds + GRACE_SECONDS
    data = model.encode()
    child = subprocess.Popen(
        [sys.executable, "-m", "booths.allocation.child"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    lines: Queue[bytes | None] = Queue()
    threads = (
        Thread(target=_send, args=(child.stdin, HEADER.pack(len(data), seconds) + data)),
        Thread(target=_receive, args=(child.stdout, lines)),
    )
    for thread in threads:
        thread.start()
    try:
        while monotonic() < finish and not stop():
            try:
                line = lines.get(timeout=POLL_SECONDS)
            except Empty:
                continue
            if line is None:
                return
            report(Event(**json.loads(line)))
    finally:
        child.kill()
        child.wait()
        for thread in threads:
            thread.join()
        while not lines.empty():
            line = lines.get()
            if line is not None:
                report(Event(**json.loads(line)))
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                _close(pipe)


def _send(pipe: IO[bytes], data: bytes) -> None:
    try:
        pipe.write(data)
        pipe.flush()
    except BrokenPipeError:
        return


def _receive(pipe: IO[bytes], lines: "Queue[bytes | None]") -> None:
    for line in pipe:
        if line.endswith(b"\n"):
            lines.put(line)
    lines.put(None)


def _close(pipe: IO[bytes]) -> None:
    try:
        pipe.close()
    except BrokenPipeError:
        return
