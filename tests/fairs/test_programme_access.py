"""Who finds, reads and writes the programme, and the page of its stages."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core.audit import AuditEvent
from fairs.models import Fair, Session, Stage
from tests import builders
from tests.fairs import programmes

pytestmark = pytest.mark.django_db
at = programmes.at


@pytest.fixture
def stage() -> Stage:
    return programmes.make_stage(programmes.make_fair())


@pytest.fixture
def fair(stage: Stage) -> Fair:
    return stage.fair


@pytest.fixture
def desk(client: Client, fair: Fair) -> Client:
    """An organiser of the fair, signed in."""
    client.force_login(builders.make_organiser(fair))
    return client


def _at(name: str, *where: Any) -> str:
    return reverse(name, args=[each.code if isinstance(each, Fair) else each for each in where])


def test_stages_are_kept_on_a_page_of_their_own(desk: Client, stage: Stage) -> None:
    desk.cookies["django_language"] = "en"
    stages = _at("stage_list", stage.fair)
    refused = desk.post(stages, {"name": "SAN KHAU CHINH", "name_en": "Second"})
    assert refused.status_code == 422
    assert "This fair has a stage of that name already." in refused.content.decode()
    assert 'value="Second"' in refused.content.decode()
    desk.post(stages, {"name": "Góc livestream"})
    corner = Stage.objects.get(name="Góc livestream")
    desk.post(_at("stage_move", stage.fair, corner.pk), {"to": "up"})
    desk.post(_at("stage_edit", stage.fair, corner.pk), {"name": "Góc phát trực tiếp"})
    desk.post(_at("stage_delete", stage.fair, stage.pk))
    assert [each.name for each in Stage.objects.all()] == ["Góc phát trực tiếp"]
    assert AuditEvent.objects.count() == 4


POSTS = ("session_move", "session_delete", "stage_move", "stage_delete")
PAGES = ("programme", "programme_sheet", "session_add", "session_edit", "stage_list", "stage_edit")


@pytest.mark.parametrize("name", [*POSTS, *PAGES])
def test_a_stranger_does_not_find_the_programme(client: Client, stage: Stage, name: str) -> None:
    session = programmes.make_session(stage)
    client.force_login(builders.make_organiser(builders.make_fair()))
    number = session.pk if name.startswith("session") else stage.pk
    lists = ("programme", "programme_sheet", "session_add", "stage_list")
    address = _at(name, stage.fair, *([] if name in lists else [number]))
    method = "POST" if name in POSTS else "GET"
    assert client.generic(method, address).status_code == 404


def test_a_viewer_reads_and_does_not_write(client: Client, stage: Stage) -> None:
    session = programmes.make_session(stage)
    client.force_login(builders.make_user(role="viewer", fair=stage.fair))
    page = client.get(_at("programme", stage.fair)).content.decode()
    assert session.title in page
    assert _at("session_edit", stage.fair, session.pk) not in page
    assert _at("session_move", stage.fair, session.pk) not in page
    for name, where in (
        ("session_move", [session.pk]),
        ("session_delete", [session.pk]),
        ("session_edit", [session.pk]),
        ("session_add", []),
        ("stage_list", []),
        ("stage_edit", [stage.pk]),
        ("stage_move", [stage.pk]),
        ("stage_delete", [stage.pk]),
    ):
        answers = {"version": 1, "name": "Góc", "starts_at": "2026-12-02T11:00", "stage": stage.pk}
        assert client.post(_at(name, stage.fair, *where), answers).status_code == 403
    assert Session.objects.get().version == 1
    assert Stage.objects.get().name == stage.name


def test_a_session_of_another_fair_is_not_found_here(desk: Client, fair: Fair) -> None:
    other = programmes.make_session(programmes.make_stage(programmes.make_fair()))
    assert desk.get(_at("session_edit", fair, other.pk)).status_code == 404
    move = _at("session_move", fair, other.pk)
    assert desk.post(move, {"version": 1, "starts_at": "2026-12-02T11:00"}).status_code == 404
    assert Session.objects.get().starts_at == at(9)
