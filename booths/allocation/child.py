"""The program of the child process: models on standard input, events on standard output.

Input, for each model: the length of the NPZ in 8 bytes and the seconds allowed in 8, big-endian,
then the NPZ. The parent keeps the pipe open; when it closes, the parent is gone and the child goes
too. Output: one JSON object a line, and null after the last of a model.
"""

import json
import os
import sys
from dataclasses import asdict
from queue import Queue
from threading import Thread

from .highs import solve_model
from .model import Model
from .runner import HEADER


def main() -> None:
    """Solve models until the parent is gone."""
    models: Queue[tuple[Model, float]] = Queue()
    Thread(target=_read, args=(models,), daemon=True).start()
    while True:
        model, seconds = models.get()
        solve_model(model, seconds=seconds, report=lambda event: _write(asdict(event)))
        _write(None)


def _write(news: object) -> None:
    sys.stdout.write(json.dumps(news) + "\n")
    sys.stdout.flush()


def _read(models: "Queue[tuple[Model, float]]") -> None:
    source = sys.stdin.buffer
    while head := source.read(HEADER.size):
        length, seconds = HEADER.unpack(head)
        models.put((Model.decode(source.read(length)), seconds))
    os._exit(0)


if __name__ == "__main__":
    main()
