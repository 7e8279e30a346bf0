"""Databases of our own beside pytest-django's: made, copied, looked into, dropped.

A test that lets the product's real processes work needs a database that they and the
test can open: a SQLite file, or a database on the run's private PostgreSQL.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
from django.core.management import call_command
from django.db import connection, connections

from config.settings import database

_number = count(1)


@contextmanager
def new_database(folder: Path, *, like: str = "") -> Iterator[str]:
    """The address of a new database, empty or a copy of `like`, for the length of the block.

    Nobody may be connected to `like` while it is copied.
    """
    server, _slash, _name = os.environ.get("TEST_DATABASE_URL", "").rpartition("/")
    if not server:
        path = folder / f"live{next(_number)}.db"
        if like:
            shutil.copy(like.removeprefix("sqlite:///"), path)
        yield f"sqlite:///{path}"
        return
    name = f"live_{os.getpid()}_{next(_number)}"
    template = f"TEMPLATE {like.rpartition('/')[2]}" if like else ""
    _tell(server, f"CREATE DATABASE {name} {template}")
    try:
        yield f"{server}/{name}"
    finally:
        _tell(server, f"DROP DATABASE {name} WITH (FORCE)")


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


@contextmanager
def migrated_database(folder: Path) -> Iterator[str]:
    """A database as a new installation has it, to be copied."""
    with new_database(folder) as url:
        with connected_to(url):
            call_command("migrate", verbosity=0)
        yield url


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
