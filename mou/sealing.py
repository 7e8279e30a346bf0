"""The office's key: where it lies, whether it is the development key, whether it works now."""

import os
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from core.errors import DomainError
from mou.paper.proof import prove_key
from mou.paper.seal import SealKey, development_key, fingerprint_file, load_key
from mou.paper.token import token_key

QUEUE = "seal"


def seal_key() -> SealKey:
    """The organiser's key; where none is configured, the development key made on first start.

    Raises SealError.
    """
    passphrase = settings.SEAL_KEY_PASSPHRASE
    if settings.SEAL_KEY_TOKEN:
        return _key_on_token(passphrase, os.getpid(), **settings.SEAL_KEY_TOKEN)
    return _key_in_file(settings.SEAL_KEY_FILE, passphrase, settings.SEAL_KEY_IS_DEVELOPMENT)


@cache
def _key_on_token(pin: str, _process: int, **place: str) -> SealKey:
    return token_key(pin=pin, **place)


@cache
def _key_in_file(path: Path, passphrase: str, is_development: bool) -> SealKey:  # noqa: FBT001
    if is_development:
        return development_key(path, passphrase.encode(), now=timezone.now())
    return load_key(path, passphrase.encode())


def is_development(certificate_sha256: str) -> bool:
    """Whether what was sealed with this certificate was sealed with the development key."""
    note = fingerprint_file(settings.DEVELOPMENT_KEY_FILE)
    return note.is_file() and note.read_text(encoding="ascii") == certificate_sha256


def problem_of_key() -> str:
    """Why the key cannot seal now, in one line; empty if it can.

    Asked in a process of its own: a session with a token does not outlive a fork, and who asks
    this is about to fork.
    """
    with ProcessPoolExecutor(1, mp_context=get_context("fork")) as pool:
        return pool.submit(_problem_here).result()


def _problem_here() -> str:
    try:
        prove_key(seal_key())
    except DomainError as error:
        return f"{error.code}: {error}"
    except Exception as error:  # noqa: BLE001 - a device's driver may fail in any way
        return f"{type(error).__name__}: {error}"
    return ""
