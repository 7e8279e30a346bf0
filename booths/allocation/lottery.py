"""The lottery number that breaks ties; anyone can recompute it from the published seed."""

from collections.abc import Iterable
from hashlib import sha256

from .instance import Application


def draw_number(seed: str, name: str) -> str:
    """Return the first 16 hex digits of SHA-256 of `seed|name`; larger is luckier."""
    return sha256(f"{seed}|{name}".encode()).hexdigest()[:16]


def sort_by_lot(seed: str, applications: Iterable[Application]) -> list[Application]:
    """Put the applications in the order of the lot, luckiest first, whatever order they came in."""
    by_name = sorted(applications, key=lambda application: application.id)
    return sorted(by_name, key=lambda a: draw_number(seed, a.id), reverse=True)
