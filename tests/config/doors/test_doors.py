"""Who gets in at each door, and that a refusal changes nothing.

The routes are read from the URL resolver, so one without a line in the table fails the test.
"""

import hashlib

import pytest
from django.apps import apps
from django.db import connection
from pytest_django import DjangoDbBlocker

from tests.config.doors.scene import OURS, PEOPLE, THEIRS, Scene, undone
from tests.config.doors.table import CHANGING, DOORS, LINKS, SHOWN

pytestmark = pytest.mark.django_db

# Counts every look at the verify page, whoever looks.
COUNTERS = {"mou.VerifyCount"}
OUR_APPS = {"core", "accounts", "registry", "fairs", "booths", "badges", "mou"}


def _rows() -> str:
    """A hash of everything that our tables hold."""
    tables = [
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in OUR_APPS and model._meta.label not in COUNTERS
    ]
    held = {}
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT * FROM {table}")
            held[table] = sorted(map(repr, cursor.fetchall()))
    return hashlib.sha256(repr(held).encode()).hexdigest()


@pytest.fixture(scope="module")
def before(scene: Scene, django_db_blocker: DjangoDbBlocker) -> str:
    """What the tables hold before anybody comes; every test finds it so again."""
    with django_db_blocker.unblock():
        return _rows()


def test_every_route_of_ours_has_its_line() -> None:
    assert sorted(DOORS) == OURS


@pytest.mark.parametrize("name", OURS)
def test_asking_lets_in_whom_it_should_and_changes_nothing(
    scene: Scene, before: str, name: str
) -> None:
    with undone():
        assert " ".join(scene.ask(who, name) for who in PEOPLE) == DOORS[name][0]
        assert _rows() == before


@pytest.mark.parametrize("name", sorted({*OURS} - CHANGING))
def test_pressing_where_nothing_is_to_be_pressed_changes_nothing(
    scene: Scene, before: str, name: str
) -> None:
    with undone():
        assert " ".join(scene.press(who, name) for who in PEOPLE) == DOORS[name][1]
        assert _rows() == before


@pytest.mark.parametrize("name", sorted(CHANGING))
def test_pressing_changes_something_for_whom_it_should_and_for_nobody_else(
    scene: Scene, before: str, name: str
) -> None:
    found, changed = [], []
    for who in PEOPLE:
        with undone():
            found.append(scene.press(who, name))
            if _rows() != before:
                changed.append(who)
    assert " ".join(found) == DOORS[name][1]
    done = "200" if name in SHOWN else "302"
    let_in = [who for who, status in zip(PEOPLE, found, strict=True) if status == done]
    assert changed == [who for who in let_in if who != "anonymous" or name in LINKS]


@pytest.mark.parametrize("name", sorted(CHANGING))
def test_a_form_sent_by_another_site_is_refused(scene: Scene, before: str, name: str) -> None:
    with undone():
        assert (scene.press("organiser", name, enforce_csrf_checks=True), _rows()) == (
            "403",
            before,
        )


@pytest.mark.parametrize("name", THEIRS)
def test_no_borrowed_door_breaks_for_anybody(scene: Scene, name: str) -> None:
    for who in PEOPLE:
        with undone():
            assert int(scene.ask(who, name)) < 500
            assert int(scene.press(who, name)) < 500
