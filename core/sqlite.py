"""SQLite as the embedded default: a sound library and sound settings, or no start.

SQLite 3.7.0 to 3.51.2 can lose commits in WAL mode when two connections
checkpoint at once (the WAL-reset race, fixed in 3.51.3). Debian's own library is
older, so the `pysqlite3` wheel takes its place before Django loads a backend.
"""

import sqlite3
import sys
from types import ModuleType
from typing import Any

FLOOR = (3, 51, 3)

try:
    import pysqlite3
except ImportError:
    pysqlite3 = None


def install() -> ModuleType:
    """Make `sqlite3` mean a library without the WAL-reset race, if there is one; return it."""
    if sqlite3.sqlite_version_info >= FLOOR or pysqlite3 is None:
        return sqlite3
    sys.modules["sqlite3"] = pysqlite3
    sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2
    return pysqlite3


def options(library: ModuleType) -> dict[str, Any]:
    """Django's database options for `library`: without WAL if WAL is not safe with it."""
    journal = "WAL" if library.sqlite_version_info >= FLOOR else "DELETE"
    pragmas = {"journal_mode": journal, "synchronous": "FULL", "foreign_keys": "ON"}
    return {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "".join(f"PRAGMA {name}={value};" for name, value in pragmas.items()),
    }


OPTIONS = options(install())
