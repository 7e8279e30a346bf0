"""Settings from the environment: typed, loud, one line when they are wrong."""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar
from urllib.parse import unquote

from django.core.exceptions import ImproperlyConfigured

Value = TypeVar("Value")

ROOT = Path(__file__).resolve().parent.parent


def load_file(path: Path) -> None:
    """Read `NAME=value` lines; what the environment already says wins."""
    if not path.is_file():
        return
    for line in path.read_text(encoding="utf-8").splitlines():
        name, equals, value = line.partition("=")
        if equals and not name.lstrip().startswith("#"):
            os.environ.setdefault(name.strip(), value.strip())


def read(name: str, parse: Callable[[str], Value], default: Value | None = None) -> Value:
    """The variable `name`, parsed; without a default it must be set.

    Stops the program with one line naming the variable if it is missing or wrong.
    """
    raw = os.environ.get(name, "").strip()
    if not raw:
        if default is None:
            raise SystemExit(f"{name}: not set. Put it into the environment or into .env.")
        return default
    try:
        return parse(raw)
    except (ValueError, ImproperlyConfigured) as error:
        raise SystemExit(f"{name}: {error}") from None


def truth(raw: str) -> bool:
    """`true` or `false`, nothing else."""
    if raw.lower() not in {"true", "false"}:
        raise ValueError(f"{raw!r} is neither true nor false")
    return raw.lower() == "true"


def words(raw: str) -> list[str]:
    """A list separated by commas."""
    return [word.strip() for word in raw.split(",") if word.strip()]


def web_address(raw: str) -> str:
    """`http://host` or `https://host`, without a path."""
    scheme, mark, host = raw.rstrip("/").partition("://")
    if scheme not in {"http", "https"} or not mark or not host or "/" in host:
        raise ValueError(f"{raw!r} is not an address such as https://chophien.example")
    return raw.rstrip("/")


def token_address(raw: str) -> dict[str, str]:
    """Where a key lies on a device (RFC 7512): its maker's library, the token, the label.

    `pkcs11:token=office;object=seal?module-path=/usr/lib/maker.so`
    """
    found = re.fullmatch(r"pkcs11:token=([^;?]+);object=([^;?]+)\?module-path=(.+)", raw)
    if not found:
        raise ValueError(
            f"{raw!r} is not an address such as"
            " pkcs11:token=office;object=seal?module-path=/usr/lib/maker.so"
        )
    token, label, module = map(unquote, found.groups())
    return {"module": module, "token": token, "label": label}


def timestamp_address(raw: str) -> str:
    """Where a timestamp server listens, such as `https://tsa.example/tsr`."""
    scheme, mark, rest = raw.partition("://")
    if scheme not in {"http", "https"} or not mark or not rest.partition("/")[0]:
        raise ValueError(f"{raw!r} is not an address such as https://tsa.example/tsr")
    return raw


def broker(raw: str) -> str:
    """The broker's address: `redis://…`, `rediss://…`, `redis+socket://…` or `filesystem://`."""
    if raw.partition("://")[0] not in {"redis", "rediss", "redis+socket", "filesystem"}:
        raise ValueError(f"{raw!r} is neither redis://… nor filesystem://")
    return raw
