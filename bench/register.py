"""What the register's proofs cost: a chain of 6,000 events, and the Merkle tree of a ceremony."""

from collections.abc import Callable
from hashlib import sha256

from core import audit
from core.audit import AuditEvent
from mou.paper.merkle import inclusion_proof, root

EVENTS = 6_000
LEAVES = 500
STREAM = "bench:register"


def make_chain() -> None:
    """6,000 events of one fair, as a ceremony of 500 memoranda leaves them."""
    for number in range(EVENTS):
        audit.record(
            stream=STREAM,
            actor=None,
            verb="mou.signature_captured",
            subject=f"BENCH{number // 12}",
            role="party_a",
            content_sha256="0" * 64,
            record_sha256="1" * 64,
        )


def register_deeds() -> dict[str, tuple[int, Callable[[], object]]]:
    """What is to be timed, each with how often in a round; the chain is made here."""
    make_chain()
    assert AuditEvent.objects.filter(stream=STREAM).count() == EVENTS
    leaves = [sha256(str(number).encode()).digest() for number in range(LEAVES)]
    return {
        "6,000 audit events verified": (1, _verify),
        "the Merkle root of 500 files": (3, lambda: root(leaves)),
        "an inclusion proof of 500 files": (3, lambda: inclusion_proof(leaves, 321)),
    }


def _verify() -> None:
    if list(audit.find_breaks()):
        raise SystemExit("the chain is broken")
