"""Refuses to start on a release known to lose data or to be unsafe.

`ready` runs in every process: commands, web server and worker alike.
"""

import re
import sqlite3
from collections.abc import Mapping
from importlib.metadata import version

from django.apps import AppConfig
from django.conf import settings

from core import sqlite

# Each floor is the first release without a published hole or a fault that loses work:
# Django 5.2.19 and WeasyPrint 70.0 by their security notes, Pillow 13.0.0 by its JPEG
# overflows, Celery and kombu 5.7 by the workers that fell silent after a broker's restart.
FLOORS = {
    "celery": "5.7",
    "django": "5.2.19",
    "kombu": "5.7",
    "pillow": "13",
    "weasyprint": "70",
}
SQLITE_FLOOR = ".".join(map(str, sqlite.FLOOR))


class CoreConfig(AppConfig):
    name = "core"

    def ready(self) -> None:
        """Stop with one line that names what is too old and what would do."""
        floors, found = dict(FLOORS), {name: version(name) for name in FLOORS}
        if settings.DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
            floors["SQLite"], found["SQLite"] = SQLITE_FLOOR, sqlite3.sqlite_version
        for name, least in find_too_old(found, floors).items():
            raise SystemExit(f"{name} {found[name]} is too old: {least} or newer is needed.")


def find_too_old(found: Mapping[str, str], floors: Mapping[str, str]) -> dict[str, str]:
    """Of `floors`, those that the `found` versions do not reach."""
    return {
        name: least for name, least in floors.items() if _release(found[name]) < _release(least)
    }


def _release(text: str) -> tuple[int, ...]:
    numbers = re.match(r"\d+(\.\d+)*", text)
    return tuple(int(part) for part in numbers[0].split(".")) if numbers else ()
