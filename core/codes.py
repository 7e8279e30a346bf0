"""Short codes that people read and type, and tokens that nobody can guess."""

import hashlib
import secrets

from core.text import clean

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O, U. Every symbol fits a QR code's alphanumeric mode and a URL."""

FIELD_POLYNOMIAL = 0b100101
"""x⁵ + x² + 1, primitive: its powers of x give 31 positions different weights."""

MISREADINGS = str.maketrans({"O": "0", "I": "1", "L": "1"} | dict.fromkeys(" -_.‐‑‒–—―−"))


def new_code(length: int = 8) -> str:
    """Return a random code: 5 bits a symbol, so 40 bits for the default of 8."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def with_check(code: str) -> str:
    """Return `code` (at most 30 symbols of `ALPHABET`) with one check symbol at the end.

    The check is a weighted sum over the field of 32 elements, each position weighted by its own
    power of x. It finds every single wrong symbol, every swap of two symbols at any distance and
    every doubled pair that was mistyped (AA as BB). Crockford's own check (mod 37) needs symbols
    outside the alphabet, and Luhn mod 32 misses one swap of neighbours.

    Nobody has to look at it: whoever mistypes a code in one of these ways has typed no other code
    that was ever given, so nothing is found.
    """
    if len(code) > 30:
        raise ValueError("Positions past 31 would share a weight.")
    return code + ALPHABET[_remainder(code + "0")]


def _remainder(code: str) -> int:
    """Evaluate `code` as a polynomial at x by Horner's rule, in the field of 32 elements."""
    remainder = 0
    for symbol in code:
        remainder <<= 1
        if remainder & 0b100000:
            remainder ^= FIELD_POLYNOMIAL
        remainder ^= ALPHABET.index(symbol)
    return remainder


def public_code() -> str:
    """Return 13 symbols for a public check page: 60 random bits and a check symbol."""
    return with_check(new_code(12))


def normalise(typed: str) -> str:
    """Return what was meant: upper case, no spaces and hyphens, O read as 0, I and L as 1.

    Other signs stay, so that a wrong code stays wrong.
    """
    return clean(typed).upper().translate(MISREADINGS)


def shown(code: str) -> str:
    """Return `code` in groups of four, easy to read aloud: "7K3M-9QXT-2B"."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def new_token() -> str:
    """Return 192 random bits as 32 URL-safe characters, for links and badges."""
    return secrets.token_urlsafe(24)


def token_hash(token: str) -> str:
    """Return the SHA-256 of `token` in hex: what is stored instead of the token itself."""
    return hashlib.sha256(token.encode()).hexdigest()
