"""Reads: memoranda through the gate, what the verify page may say, what the register counts."""

from mou.queries.memoranda import (
    count_signed,
    expires_after,
    memoranda_of,
    memorandum_for,
    operated_memorandum_for,
)
from mou.queries.signing import Turn, may_sign, open_session_of, turns_of
from mou.queries.verification import (
    genuine_memorandum,
    known_certificates,
    sealed_rendition,
    verdict_on,
)

__all__ = [
    "Turn",
    "count_signed",
    "expires_after",
    "genuine_memorandum",
    "known_certificates",
    "may_sign",
    "memoranda_of",
    "memorandum_for",
    "open_session_of",
    "operated_memorandum_for",
    "sealed_rendition",
    "turns_of",
    "verdict_on",
]
