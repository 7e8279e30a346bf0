"""The pages of the programme."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from core.audit import AuditEvent
from fairs import actions
from fairs.forms import SessionForm
from fairs.models import Crew, Fair, Session, Stage
from fairs.states import FairState
from tests import builders
from tests.fairs import programmes

pytestmark = pytest.mark.django_db
DAY = programmes.DAY
at = programmes.at


@pytest.fixture
def stage() -> Stage:
    return programmes.make_stage(programmes.make_fair(), name_en="Main stage")


@pytest.fixture
def fair(stage: Stage) -> Fair:
    return stage.fair


@pytest.fixture
def desk(client: Client, fair: Fair) -> Client:
    """An organiser of the fair, signed in."""
    client.force_login(builders.make_organiser(fair))
    return client


def _answers(stage: Stage, **fields: Any) -> dict[str, Any]:
    return {
        "kind": "performance",
        "stage": stage.pk,
        "title": "Hát chèo",
        "starts_at": "2026-12-02T09:00",
        "ends_at": "2026-12-02T10:00",
        **fields,
    }


def _at(name: str, *where: Any) -> str:
    return reverse(name, args=[each.code if isinstance(each, Fair) else each for each in where])


@pytest.mark.parametrize(("language", "word"), [("vi", "Chương trình"), ("en", "Programme")])
def test_the_programme_is_shown_in_both_languages(
    desk: Client, stage: Stage, language: str, word: str
) -> None:
    desk.cookies["django_language"] = language
    programmes.make_session(stage, title="Hát chèo", title_en="Chèo singing")
    page = desk.get(_at("programme", stage.fair)).content.decode()
    assert word in page
    assert {"vi": "Sân khấu chính", "en": "Main stage"}[language] in page
    assert {"vi": "Hát chèo", "en": "Chèo singing"}[language] in page


def test_an_empty_programme_asks_for_a_stage_first(client: Client) -> None:
    fair = programmes.make_fair()
    client.force_login(builders.make_organiser(fair))
    page = client.get(_at("programme", fair)).content.decode()
    assert _at("stage_list", fair) in page
    assert client.get(_at("session_add", fair)).url == _at("stage_list", fair)


@pytest.mark.parametrize("count", [1, 3])
def test_the_programme_costs_the_same_for_one_and_three(
    desk: Client, stage: Stage, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        crew = Crew.objects.create(name=f"Đội {number}")
        session = programmes.make_session(stage, crew=crew)
        session.producers.add(builders.make_organisation())
        session.products.add(builders.make_product())
    with django_assert_num_queries(10):
        desk.get(_at("programme", stage.fair))
    with django_assert_num_queries(8):
        desk.get(_at("programme_sheet", stage.fair))
    with django_assert_num_queries(4):
        Client().get(f"/api/v1/fairs/{stage.fair.code}/sessions")


def test_each_day_shows_its_own_sessions_and_the_sheet_all(desk: Client, stage: Stage) -> None:
    programmes.make_session(stage, title="Khai mạc")
    programmes.make_session(stage, title="Bế mạc", starts_at=at(16, day=4))
    address = _at("programme", stage.fair)
    first, last = (desk.get(address, {"day": f"2026-12-0{day}"}).content.decode() for day in (2, 6))
    assert ("Khai mạc" in first, "Bế mạc" in first) == (True, False)
    assert ("Khai mạc" in last, "Bế mạc" in last) == (False, True)
    sheet = desk.get(_at("programme_sheet", stage.fair), {"paper": "a3"}).content.decode()
    assert sheet.index("Khai mạc") < sheet.index("Bế mạc")
    assert desk.get(address, {"day": "29/02"}).status_code == 200


def test_conflicts_stand_on_the_page_in_words(desk: Client, stage: Stage) -> None:
    programmes.make_session(stage, title="Khai mạc")
    programmes.make_session(stage, title="Hát chèo", starts_at=at(9, 30))
    desk.cookies["django_language"] = "en"
    page = desk.get(_at("programme", stage.fair)).content.decode()
    assert "are both on Main stage at 09:30–10:00 02/12/2026." in page
    assert "1 conflict" in page


def test_a_session_is_added_from_the_form(desk: Client, stage: Stage) -> None:
    product = builders.make_product()
    place = builders.make_place()
    answer = desk.post(
        _at("session_add", stage.fair),
        _answers(
            stage,
            crew="Phường rối nước",
            place=place.pk,
            products=[product.code],
            livestream_url="https://live.example/phien-cho",
        ),
    )
    session = Session.objects.get()
    assert answer.url == f"{_at('programme', stage.fair)}?day=2026-12-02#session-{session.pk}"
    assert (session.starts_at, session.ends_at) == (at(9), at(10))
    assert (session.crew.name, session.place) == ("Phường rối nước", place)
    assert list(session.producers.all()) == [product.producer]
    assert AuditEvent.objects.get().verb == "fairs.session_added"


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"ends_at": "2026-12-02T08:00"}, "The session ends before it starts."),
        ({"starts_at": "2026-12-01T09:00"}, "The session is outside the fair&#x27;s days."),
        ({"starts_at": "0001-01-01T00:00"}, "The session is outside the fair&#x27;s days."),
        ({"ends_at": "9999-12-31T23:59"}, "The session is outside the fair&#x27;s days."),
        ({"starts_at": "2026-02-29T09:00"}, "Enter a valid date/time."),
        ({"title": "x" * 301}, "at most 300 characters"),
        ({"title": " \u200b "}, "This field is required."),
        (
            {"livestream_url": "http://live.example/"},
            "Write the whole link; it begins with https://.",
        ),
        (
            {"livestream_url": "javascript:alert(1)"},
            "Write the whole link; it begins with https://.",
        ),
        ({"producers": ["HN-none"]}, "HN-none is not one of the available choices"),
    ],
)
def test_a_wrong_answer_keeps_what_was_typed(
    desk: Client, stage: Stage, wrong: dict[str, Any], sentence: str
) -> None:
    desk.cookies["django_language"] = "en"
    typed = _answers(stage, description="Ba hồi trống", **{"title": "Hát chèo", **wrong})
    answer = desk.post(_at("session_add", stage.fair), typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert "Ba hồi trống" in page
    assert (Session.objects.count(), AuditEvent.objects.count()) == (0, 0)


def test_a_stage_of_another_fair_is_not_offered(desk: Client, stage: Stage) -> None:
    other = programmes.make_stage(programmes.make_fair())
    answer = desk.post(_at("session_add", stage.fair), _answers(other))
    assert answer.status_code == 422
    assert Session.objects.count() == 0


def test_a_title_of_300_characters_is_kept_whole(desk: Client, stage: Stage) -> None:
    title = "Nghệ nhân Nguyễn Thị Huyền Trân Ưu " * 8 + "x" * 20
    desk.post(_at("session_add", stage.fair), _answers(stage, title=title))
    assert Session.objects.get().title == title
    assert title in desk.get(_at("programme", stage.fair)).content.decode()


def test_a_search_offers_producers_and_products_and_keeps_what_was_typed(
    desk: Client, stage: Stage
) -> None:
    ticked = builders.make_organisation(name="HTX Miến Cự Đà")
    found = builders.make_product(builders.make_organisation(name="HTX Gốm Bát Tràng"))
    builders.make_organisation(name="HTX Rau Văn Đức")
    answer = desk.post(
        _at("session_add", stage.fair),
        _answers(
            stage, title="", crew="Đội trống", producers=[ticked.code], find="gom", search="1"
        ),
    )
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Đội trống" in page
    assert f'value="{ticked.code}" id="id_producers_0" checked' in page
    assert f'value="{found.producer.code}"' in page
    assert f'value="{found.code}"' in page
    assert "Văn Đức" not in page
    assert Session.objects.count() == 0


def _open(desk: Client, session: Session) -> dict[str, Any]:
    """What a browser would send back of the page as it was opened."""
    form = desk.get(_at("session_edit", session.fair, session.pk)).context["form"]
    return _sent(form)


def _sent(form: SessionForm) -> dict[str, Any]:
    values = {name: form[name].value() for name in form.fields}
    return {name: "" if value is None else value for name, value in values.items()}


def test_an_edit_without_a_change_changes_nothing_but_the_version(
    desk: Client, stage: Stage
) -> None:
    session = programmes.make_session(stage, description="Hồi một\nHồi hai")
    session.products.add(builders.make_product())
    before = Session.objects.values().get()
    answer = desk.post(_at("session_edit", stage.fair, session.pk), _open(desk, session))
    assert answer.status_code == 302
    assert Session.objects.values().get() == {**before, "version": 2}
    assert session.products.count() == 1


def test_the_second_of_two_editors_sees_both_values_and_loses_nothing(
    desk: Client, stage: Stage
) -> None:
    session = programmes.make_session(stage)
    mine = _open(desk, session)
    first = builders.make_organiser(name="Trần Văn Thắng")
    theirs = actions.SessionContent(
        stage=stage,
        kind="performance",
        title="Hát chèo cổ",
        starts_at=at(11),
        ends_at=at(12),
        crew="Phường chèo",
    )
    actions.change_session(session=session, version=1, content=theirs, actor=first)
    mine |= {"title": "Quan họ", "description": "Liền anh, liền chị"}
    address = _at("session_edit", stage.fair, session.pk)
    answer = desk.post(address, mine)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert Session.objects.get().title == "Hát chèo cổ"
    assert "Trần Văn Thắng" in page
    assert [row[1:] for row in answer.context["differences"]] == [
        ("Hát chèo cổ", "Quan họ"),
        ("–", "Liền anh, liền chị"),
    ]
    form = answer.context["form"]
    assert (form["starts_at"].value(), form["crew"].value()) == ("2026-12-02T11:00", "Phường chèo")
    assert desk.post(address, _sent(form)).status_code == 302
    stored = Session.objects.get()
    assert (stored.title, stored.starts_at, stored.version) == ("Quan họ", at(11), 3)


@pytest.mark.parametrize("base", ["", "[]", "{", '{"title": {"a": 1}}', '{"title": null}'])
def test_whatever_is_said_of_the_base_nothing_is_lost(
    desk: Client, stage: Stage, base: str
) -> None:
    session = programmes.make_session(stage)
    Session.objects.update(version=7, title="Múa rối")
    answer = desk.post(
        _at("session_edit", stage.fair, session.pk),
        _answers(stage, title="Quan họ", version=1, base=base),
    )
    assert answer.status_code == 409
    assert [row[1:] for row in answer.context["differences"]] == [("Múa rối", "Quan họ")]


def test_what_was_written_of_a_session_taken_away_can_be_added_anew(
    desk: Client, stage: Stage
) -> None:
    session = programmes.make_session(stage)
    mine = {**_open(desk, session), "title": "Quan họ"}
    actions.delete_session(session=session, version=1, actor=None)
    answer = desk.post(_at("session_edit", stage.fair, session.pk), mine)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert 'value="Quan họ"' in page
    assert f'action="{_at("session_add", stage.fair)}"' in page
    assert desk.get(_at("session_edit", stage.fair, session.pk)).status_code == 404


def test_a_button_moves_a_quarter_of_an_hour_or_to_the_next_stage(
    desk: Client, stage: Stage
) -> None:
    small = programmes.make_stage(stage.fair, name="Sân khấu nhỏ")
    session = programmes.make_session(stage)
    page = desk.get(_at("programme", stage.fair)).content.decode()
    assert 'name="starts_at" value="2026-12-02T08:45"' in page
    assert 'name="starts_at" value="2026-12-02T09:15"' in page
    assert f'name="stage" value="{small.pk}"' in page
    move = _at("session_move", stage.fair, session.pk)
    answer = desk.post(move, {"version": 1, "starts_at": "2026-12-02T09:15"})
    assert answer.url.endswith(f"?day=2026-12-02#session-{session.pk}")
    answer = desk.post(move, {"version": 2, "stage": small.pk, "from": "timetable"})
    assert answer.url.endswith(f"?day=2026-12-02#block-{session.pk}")
    session.refresh_from_db()
    assert (session.starts_at, session.ends_at) == (at(9, 15), at(10, 15))
    assert (session.stage, session.version) == (small, 3)


def test_the_second_of_two_movers_sees_both_times(desk: Client, stage: Stage) -> None:
    session = programmes.make_session(stage)
    actions.move_session(session=session, version=1, starts_at=at(14), actor=None)
    answer = desk.post(
        _at("session_move", stage.fair, session.pk), {"version": 1, "starts_at": "2026-12-02T09:15"}
    )
    assert answer.status_code == 409
    assert [row[1:] for row in answer.context["differences"]] == [
        ("14:00 02/12/2026", "09:15 02/12/2026"),
        ("15:00 02/12/2026", "10:15 02/12/2026"),
    ]
    assert Session.objects.get().starts_at == at(14)


@pytest.mark.parametrize(
    "answers",
    [
        {"version": 1, "starts_at": "2026-12-01T09:00"},
        {"version": 1, "starts_at": "yesterday"},
        {"version": 10**30, "starts_at": "2026-12-02T09:15"},
        {"starts_at": "2026-12-02T09:15"},
        {"version": 1, "stage": 10**30},
    ],
)
def test_a_move_that_cannot_be_changes_nothing(
    desk: Client, stage: Stage, answers: dict[str, Any]
) -> None:
    session = programmes.make_session(stage)
    page = f"http://testserver{_at('programme', stage.fair)}"
    move = _at("session_move", stage.fair, session.pk)
    answer = desk.post(move, answers, headers={"Referer": page})
    assert answer.url == page
    assert Session.objects.get().version == 1
    assert AuditEvent.objects.count() == 0


def test_a_session_is_taken_out_in_the_version_that_was_seen(desk: Client, stage: Stage) -> None:
    session = programmes.make_session(stage)
    address = _at("session_delete", stage.fair, session.pk)
    for version in ("", "7"):
        assert desk.post(address, {"version": version}).url == _at(
            "session_edit", stage.fair, session.pk
        )
    assert Session.objects.count() == 1
    desk.post(address, {"version": "1"})
    assert Session.objects.count() == 0
    assert AuditEvent.objects.get().verb == "fairs.session_deleted"


def test_programs_read_the_programme_of_public_fairs_only(client: Client, stage: Stage) -> None:
    session = programmes.make_session(
        stage, crew=Crew.objects.create(name="Phường chèo"), place=builders.make_place()
    )
    product = builders.make_product()
    session.products.add(product)
    session.producers.add(product.producer)
    assert client.get(f"/api/v1/fairs/{stage.fair.code}/sessions").json() == [
        {
            "kind": "performance",
            "title": "Hát chèo",
            "title_en": "",
            "description": "",
            "description_en": "",
            "stage": "Sân khấu chính",
            "starts_at": "2026-12-02T02:00:00Z",
            "ends_at": "2026-12-02T03:00:00Z",
            "crew": "Phường chèo",
            "province": "Hà Nội",
            "livestream_url": "",
            "producers": [product.producer.code],
            "products": [product.code],
        }
    ]
    Fair.objects.update(state=FairState.DRAFT)
    assert client.get(f"/api/v1/fairs/{stage.fair.code}/sessions").status_code == 404
    assert client.get("/api/v1/fairs/unknown/sessions").status_code == 404


def test_a_fair_that_was_shortened_still_shows_its_last_session(desk: Client, stage: Stage) -> None:
    programmes.make_session(stage, title="Bế mạc", starts_at=at(16, day=4))
    Fair.objects.update(last_day=DAY + timedelta(days=2))
    page = desk.get(_at("programme", stage.fair), {"day": "2026-12-06"}).content.decode()
    assert "Bế mạc" in page
