"""The program of the child process: a model on standard input, events on standard output.

Input: the length of the NPZ in 8 bytes and the seconds allowed in 8, big-endian, then the NPZ. The
parent keeps the pipe open; when it closes, the parent is gone and the child goes too. Output: one
JSON object a line.
"""

import json
import os
import sys
from dataclasses import asdict
from threading import Thread

from .highs import solve_model
from .model import Model
from .runner import HEADER, Event


def main() -> None:
    """Read one model, solve it, write the events."""
    source = sys.stdin.buffer
    length, seconds = HEADER.unpack(source.read(HEADER.size))
    model = Model.decode(source.read(length))
    Thread(target=_leave_with_parent, daemon=True).start()

    def report(event: Event) -> None:
        sys.stdout.write(json.dumps(asdict(event)) + "\n")
        sys.stdout.flush()

    solve_model(model, seconds=seconds, report=report)


def _leave_with_parent() -> None:
    # The file descriptor itself: a lock on the buffered reader would bar a quiet end.
    while os.read(0, 1):
        pass
    os._exit(0)


if __name__ == "__main__":
    main()
