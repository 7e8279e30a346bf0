"""Run models in a child process that can be ended when HiGHS overshoots its limit."""

import json
import struct
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
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

    `chosen` are the variables of a better solution that are not 0, with their values, if any;
    `bound` is a proven bound in units; `ended` says that the task is over, `proven` that it was
    solved to the end, and `impossible` that it has no solution.
    """

    task: int
    chosen: list[tuple[int, int]] | None = None
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


class Child:
    """A child process that solves one model after another, as a Runner.

    What it reported before its end is never lost. A call returns at the latest GRACE_SECONDS after
    its seconds, or shortly after `stop` turns true; the child is then killed, and the next call
    has a new one. A child that dies (memory, a signal) just ends the reports.
    """

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._lines: Queue[bytes | None] = Queue()
        self._threads: list[Thread] = []

    def start(self) -> None:
        """Start the process if there is none: it takes a moment to be ready."""
        if self._process is not None:
            return
        self._process = subprocess.Popen(
            [sys.executable, "-m", "booths.allocation.child"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self._lines = Queue()
        self._follow(_receive, self._process.stdout, self._lines)

    def __call__(
        self, model: Model, *, seconds: float, report: Report, stop: Callable[[], bool]
    ) -> None:
        """Solve the model in the child."""
        if seconds <= 0:
            return
        finish = monotonic() + seconds + GRACE_SECONDS
        self.start()
        assert self._process is not None
        data = model.encode()
        self._follow(_send, self._process.stdin, HEADER.pack(len(data), seconds) + data)
        try:
            while monotonic() < finish and not stop():
                try:
                    line = self._lines.get(timeout=POLL_SECONDS)
                except Empty:
                    continue
                if line is None:
                    break
                event = json.loads(line)
                if event is None:
                    return
                report(Event(**event))
        except BaseException:
            self.close()
            raise
        lines = self._lines
        self.close()
        _report_rest(lines, report)

    def close(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for thread in self._threads:
            thread.join()
        self._threads = []
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                _close(pipe)

    def _follow(self, what: Callable[..., None], *arguments: object) -> None:
        thread = Thread(target=what, args=arguments)
        thread.start()
        self._threads.append(thread)


def _report_rest(lines: "Queue[bytes | None]", report: Report) -> None:
    """Report what was not heard in time; of a task's solutions only the last, the best."""
    rest = []
    while not lines.empty():
        event = json.loads(lines.get() or b"null")
        if event is not None:
            rest.append(Event(**event))
    last = {event.task: event for event in rest if event.chosen is not None}
    for event in rest:
        stale = event.chosen is not None and last[event.task] is not event
        report(replace(event, chosen=None) if stale else event)


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
