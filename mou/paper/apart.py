"""Judging a stranger's file in a process of its own, which the file may exhaust but not ours."""

import hashlib
import json
import resource
import subprocess
import sys
import threading
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from mou.paper.verdict import Verdict, VerdictError, Word, judge, require_size

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 10  # of computing; starting takes half of one
MEMORY = 512 * 1024 * 1024
AT_ONCE = threading.BoundedSemaphore(2)  # in one web process
PATIENCE = 2.0  # seconds to wait for one of them


def judge_apart(pdf: bytes, *, pinned: frozenset[str], seconds: int = SECONDS) -> Verdict:
    """Judge as `judge` does a file that the register does not know.

    A file that takes more than `seconds` of computing, or too much memory, is broken; the fact
    `reason` says `Exhausting` then. Raises VerdictError `verdict.too_large`, and `verdict.busy`
    while as many files are being judged as may be at once.
    """
    require_size(pdf)
    if not AT_ONCE.acquire(timeout=PATIENCE):
        raise VerdictError(
            "verdict.busy", _("Many files are being checked just now. Please try again shortly.")
        )
    try:
        child = subprocess.run(  # noqa: S603 - our own program, fed by its standard input
            [sys.executable, "-m", __name__, str(seconds)],
            input=json.dumps(sorted(pinned)).encode() + b"\n" + pdf,
            capture_output=True,
            cwd=ROOT,
            env={},
            timeout=2 * seconds,
            check=False,
        )
        answer = child.stdout if child.returncode == 0 else b""
    except subprocess.TimeoutExpired:
        answer = b""
    finally:
        AT_ONCE.release()
    if not answer:
        digest = hashlib.sha256(pdf).hexdigest()
        return Verdict(Word.BROKEN, {"sha256": digest, "size": len(pdf), "reason": "Exhausting"})
    found = json.loads(answer)
    return Verdict(Word(found["word"]), found["facts"])


def _judge_here(seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    pinned = frozenset(json.loads(sys.stdin.buffer.readline()))
    verdict = judge(sys.stdin.buffer.read(), known=lambda _sha256: False, pinned=pinned)
    sys.stdout.write(json.dumps({"word": verdict.word, "facts": dict(verdict.facts)}))


if __name__ == "__main__":
    _judge_here(int(sys.argv[1]))
