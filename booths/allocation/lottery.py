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


def commit_to(seed: str) -> str:
    """Return what is published of a seed before it may be known: the SHA-256 of its text."""
    return sha256(seed.encode()).hexdigest()


def written_numbers(place: str, numbers: Iterable[int]) -> str:
    """Return the text that numbers called out at a fair are hashed as: `place|4,17,2`."""
    return f"{place}|{','.join(map(str, numbers))}"


def combine_numbers(place: str, numbers: Iterable[int]) -> str:
    """Return the seed that the numbers give together, in their order: a SHA-256 in hexadecimal.

    Whoever adds one number that nobody could foresee has made the whole seed unforeseeable.
    """
    return sha256(written_numbers(place, numbers).encode()).hexdigest()
