"""SQLite runs with a sound library and sound settings, or without WAL."""

import sqlite3
from types import ModuleType

import pytest
from django.db import connection

from core import sqlite

WANTED = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def _library(*version: int) -> ModuleType:
    library = ModuleType("sqlite3")
    library.sqlite_version_info = version
    return library


def test_library_in_use_has_no_wal_reset_race() -> None:

    assert sqlite3.sqlite_version_info >= (3, 51, 3)


@pytest.mark.parametrize(
    ("version", "journal"), [((3, 40, 1), "delete"), ((3, 51, 2), "delete"), ((3, 51, 3), "wal")]
)
def test_wal_is_used_only_where_it_is_safe(
    version: tuple[int, ...], journal: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    options = sqlite.options(_library(*version))
    database = sqlite3.connect(tmp_path_factory.mktemp("db") / "x.db")
    database.executescript(options["init_command"])
    found = {name: database.execute(f"PRAGMA {name}").fetchone()[0] for name in WANTED}
    database.close()
    assert found == {**WANTED, "journal_mode": journal}
    assert (options["transaction_mode"], options["timeout"]) == ("IMMEDIATE", 20)


@pytest.mark.django_db
def test_connection_has_the_settings() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("this run is on PostgreSQL")
    with connection.cursor() as cursor:
        found = {name: cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in WANTED}
    assert found == WANTED
