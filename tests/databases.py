"""Databases of our own beside pytest-django's: made, copied, looked into, dropped.

A test that lets the product's real processes work needs a database that they and the
test can open: a SQLite file, or a database on the run's private PostgreSQL.
"""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.db.backends.sqlite3.base import Database
from django.db.models import Model

from config.settings import database

_number = count(1)


@contextmanager
def new_database(folder: Path, *, like: str) -> Iterator[str]:
    """The address of a new database, a copy of `like`, for the length of the block.

    Nobody may be connected to `like` while it is copied.
    """
    server = _server()
    if not server:
        path = folder / f"live{next(_number)}.db"
        copy_database(like, str(path))
        yield f"sqlite:///{path}"
        return
    name = f"live_{os.getpid()}_{next(_number)}"
    copy_database(like, name)
    try:
        yield f"{server}/{name}"
    finally:
        _tell(server, f"DROP DATABASE {name} WITH (FORCE)")


def copy_database(like: str, to: str) -> None:
    """Make the database `to`, a file's path or a name on the server, as the one at `like` is."""
    server = _server()
    if server:
        _tell(server, f"CREATE DATABASE {to} TEMPLATE {like.rpartition('/')[2]}")
    else:
        shutil.copy(like.removeprefix("sqlite:///"), to)


def _server() -> str:
    return os.environ.get("TEST_DATABASE_URL", "").rpartition("/")[0]


def _tell(server: str, statement: str) -> None:
    place = database(f"{server}/postgres")
    with psycopg.connect(
        host=place["HOST"], user=place["USER"], dbname=place["NAME"], autocommit=True
    ) as connection:
        connection.execute(statement.encode())


@contextmanager
def connected_to(url: str) -> Iterator[None]:
    """This process's default connection is to the database at `url` for the length of the block."""
    settings, wrapper = connections.settings["default"], connections["default"]
    wrapper.close()
    connections.settings |= connections.configure_settings({"default": database(url)})
    del connections["default"]
    try:
        yield
    finally:
        connections["default"].close()
        connections.settings["default"] = settings
        connections["default"] = wrapper


def migrated_database(folder: Path) -> str:
    """The address of a database as a new installation has it, to be copied.

    Made once in each `folder`: migrating takes as long as hundreds of tests, so of a run's
    processes the first that asks migrates, and the others wait for it.
    """
    server = _server()
    url = f"{server}/migrated" if server else f"sqlite:///{folder}/migrated.db"
    made = folder / "migrated"
    with (folder / "migrated.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            if server:
                _tell(server, "CREATE DATABASE migrated")
            with connected_to(url):
                call_command("migrate", verbosity=0)
            made.touch()
    return url


@contextmanager
def guards_off() -> Iterator[None]:
    """Without the triggers that protect the audit: for a test's clean-up, and for tampering."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = replica")
            yield
            cursor.execute("SET session_replication_role = DEFAULT")
            return
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
        for name, _sql in triggers:
            cursor.execute(f"DROP TRIGGER {name}")
        yield
        for _name, sql in triggers:
            cursor.execute(sql)


@contextmanager
def insertions_held(model: type[Model]) -> Iterator[Callable[[], bool]]:
    """Whoever inserts a row of `model` is held there, in the middle of their transaction.

    Yields a function that says whether somebody is held. Inside the block only reading is
    safe, and on SQLite whoever is held never comes free: the test kills them.
    """
    hold = _held_on_postgresql if connection.vendor == "postgresql" else _held_on_sqlite
    with hold(model._meta.db_table) as is_somebody_held:
        yield is_somebody_held


@contextmanager
def _held_on_postgresql(table: str) -> Iterator[Callable[[], bool]]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {table} IN SHARE MODE")

        def is_somebody_held() -> bool:
            cursor.execute(
                "SELECT 1 FROM pg_locks WHERE NOT granted AND relation = %s::regclass", [table]
            )
            return cursor.fetchone() is not None

        yield is_somebody_held


@contextmanager
def _held_on_sqlite(table: str) -> Iterator[Callable[[], bool]]:
    """By a trigger that counts, for days, how many ways there are to pick eight objects."""
    everything = ", ".join(f"sqlite_schema AS s{number}" for number in range(8))
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TRIGGER held BEFORE INSERT ON {table} "
            f"BEGIN SELECT count(*) FROM {everything}; END"
        )
        yield _is_sqlite_held
        cursor.execute("DROP TRIGGER held")


def _is_sqlite_held() -> bool:
    """Whether somebody else has been writing for as long as we are patient."""
    path = connection.settings_dict["NAME"]
    other = Database.connect(path, timeout=0.3, isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
    except Database.OperationalError:
        return True
    finally:
        other.close()
    return False
