"""The programme: what is written, what clashes, and who is told."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from pytest_django import DjangoAssertNumQueries

from core.audit import AuditEvent
from core.errors import DomainError, NotAllowed, StaleState
from fairs import actions, queries
from fairs.models import Crew, Fair, Session, Stage
from fairs.queries import SessionConflict
from fairs.queries.programme import conflicts_among, sessions_that_matter
from fairs.rendering.programme import draw_timetable, moves_of
from fairs.states import FairState
from tests import builders
from tests.fairs import programmes

pytestmark = pytest.mark.django_db
DAY = programmes.DAY
at = programmes.at


@pytest.fixture
def fair() -> Fair:
    return programmes.make_fair()


@pytest.fixture
def stage(fair: Fair) -> Stage:
    return programmes.make_stage(fair)


def _content(stage: Stage, **fields: Any) -> actions.SessionContent:
    values = {
        "stage": stage,
        "kind": "performance",
        "title": "Hát chèo",
        "starts_at": at(9),
        "ends_at": at(10),
        **fields,
    }
    return actions.SessionContent(**values)


def _conflicts_of(fair: Fair) -> list[SessionConflict]:
    sessions = queries.sessions_of(fair)
    return conflicts_among(fair, sessions_that_matter(fair, sessions))


def _told(conflicts: list[SessionConflict]) -> list[tuple[str, ...]]:
    return [
        (each.kind.value, *(one.title for one in (each.first, each.second) if one))
        for each in conflicts
    ]


def test_a_session_is_written_with_all_that_belongs_to_it(fair: Fair, stage: Stage) -> None:
    product = builders.make_product()
    producer = builders.make_organisation()
    known = Crew.objects.create(name="Đoàn chèo Kẻ Chợ")
    actor = builders.make_organiser(fair)
    session = actions.add_session(
        fair=fair,
        actor=actor,
        content=_content(stage, crew="doan cheo ke cho", producers=[producer], products=[product]),
    )
    assert session.crew == known
    assert set(session.producers.all()) == {producer, product.producer}
    assert list(session.products.all()) == [product]
    event = AuditEvent.objects.get()
    assert (event.stream, event.verb, event.actor) == (fair.stream, "fairs.session_added", actor)
    assert event.subject == f"session:{session.pk}"


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "code"),
    [
        (at(10), at(10), "session.ends_first"),
        (at(10), at(9), "session.ends_first"),
        (at(9) - timedelta(days=1), at(10), "session.outside_fair"),
        (at(23, day=4), at(0, day=5) + timedelta(minutes=1), "session.outside_fair"),
    ],
)
def test_times_that_cannot_be_are_refused(
    fair: Fair, stage: Stage, starts_at: datetime, ends_at: datetime, code: str
) -> None:
    with pytest.raises(DomainError) as refused:
        actions.add_session(
            fair=fair, actor=None, content=_content(stage, starts_at=starts_at, ends_at=ends_at)
        )
    assert refused.value.code == code
    assert (Session.objects.count(), AuditEvent.objects.count()) == (0, 0)


def test_the_last_session_may_end_at_midnight(fair: Fair, stage: Stage) -> None:
    content = _content(stage, starts_at=at(23, day=4), ends_at=at(0, day=5))
    session = actions.add_session(fair=fair, actor=None, content=content)
    assert list(queries.days_of(session)) == [DAY + timedelta(days=4)]


def test_the_database_refuses_a_session_that_ends_first(stage: Stage) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        programmes.make_session(stage, starts_at=at(10), ends_at=at(9))


def test_of_two_editors_the_second_changes_nothing(stage: Stage) -> None:
    session = programmes.make_session(stage)
    seen = Session.objects.get()
    changed = actions.change_session(
        session=session, version=1, content=_content(stage, title="Múa rối"), actor=None
    )
    assert changed.version == 2
    for write in (
        lambda: actions.change_session(
            session=seen, version=1, content=_content(stage, title="Quan họ"), actor=None
        ),
        lambda: actions.move_session(session=seen, version=1, starts_at=at(15), actor=None),
        lambda: actions.delete_session(session=seen, version=1, actor=None),
    ):
        with pytest.raises(StaleState) as refused:
            write()
        assert refused.value.code == "session.stale"
    stored = Session.objects.get()
    assert (stored.title, stored.starts_at, stored.version) == ("Múa rối", at(9), 2)
    assert [event.verb for event in AuditEvent.objects.all()] == ["fairs.session_changed"]


def test_a_session_keeps_its_length_when_it_moves(stage: Stage) -> None:
    other = programmes.make_stage(stage.fair, name="Sân khấu nhỏ")
    session = programmes.make_session(stage, ends_at=at(9) + timedelta(minutes=50))
    moved = actions.move_session(
        session=session, version=1, starts_at=at(14), stage=other, actor=None
    )
    assert (moved.stage, moved.starts_at, moved.version) == (other, at(14), 2)
    assert moved.ends_at - moved.starts_at == timedelta(minutes=50)
    facts = AuditEvent.objects.get().facts
    assert (facts["before"]["stage"], facts["after"]["stage"]) == (stage.pk, other.pk)


def test_a_session_does_not_move_out_of_the_fair_nor_to_another(stage: Stage) -> None:
    session = programmes.make_session(stage)
    elsewhere = programmes.make_stage(builders.make_fair())
    with pytest.raises(DomainError) as outside:
        actions.move_session(
            session=session, version=1, starts_at=at(9) - timedelta(days=1), actor=None
        )
    with pytest.raises(DomainError) as other:
        actions.move_session(session=session, version=1, stage=elsewhere, actor=None)
    assert (outside.value.code, other.value.code) == ("session.outside_fair", "session.other_stage")
    assert Session.objects.get().version == 1


@pytest.mark.parametrize("role", ["", "viewer", "reviewer", "commune_officer"])
def test_only_an_organiser_writes_the_programme(stage: Stage, role: str) -> None:
    session = programmes.make_session(stage)
    actor = builders.make_user(role=role)
    for write in (
        lambda: actions.add_session(fair=stage.fair, content=_content(stage), actor=actor),
        lambda: actions.change_session(
            session=session, version=1, content=_content(stage), actor=actor
        ),
        lambda: actions.move_session(session=session, version=1, starts_at=at(15), actor=actor),
        lambda: actions.delete_session(session=session, version=1, actor=actor),
        lambda: actions.add_stage(fair=stage.fair, name="Góc livestream", actor=actor),
        lambda: actions.rename_stage(stage=stage, name="Góc livestream", actor=actor),
        lambda: actions.reorder_stage(stage=stage, is_up=True, actor=actor),
        lambda: actions.delete_stage(stage=stage, actor=actor),
    ):
        with pytest.raises(NotAllowed):
            write()
    assert Session.objects.get().version == 1
    assert [each.name for each in Stage.objects.all()] == [stage.name]
    assert AuditEvent.objects.count() == 0


@pytest.mark.parametrize("state", [FairState.CLOSED, FairState.REPORTED, FairState.CANCELLED])
def test_the_programme_of_a_fair_that_is_over_stays_as_it_was(stage: Stage, state: str) -> None:
    session = programmes.make_session(stage)
    Fair.objects.update(state=state)
    with pytest.raises(DomainError) as refused:
        actions.delete_session(session=session, version=1, actor=None)
    assert refused.value.code == "programme.fair_over"
    assert Session.objects.count() == 1


def test_stages_are_added_renamed_reordered_and_taken_away(fair: Fair) -> None:
    first, second, third = (
        actions.add_stage(fair=fair, name=name, actor=None) for name in ("Chính", "Nhỏ", "Góc")
    )
    actions.reorder_stage(stage=third, is_up=True, actor=None)
    actions.reorder_stage(stage=first, is_up=True, actor=None)
    actions.reorder_stage(stage=first, is_up=False, actor=None)
    assert list(queries.stages_of(fair)) == [third, first, second]
    with pytest.raises(DomainError) as taken:
        actions.rename_stage(stage=second, name="chinh", actor=None)
    assert taken.value.code == "stage.name_taken"
    actions.rename_stage(stage=second, name="NHỎ", actor=None)
    programmes.make_session(first)
    with pytest.raises(DomainError) as used:
        actions.delete_stage(stage=first, actor=None)
    assert used.value.code == "stage.used"
    actions.delete_stage(stage=third, actor=None)
    assert [each.name for each in queries.stages_of(fair)] == ["Chính", "NHỎ"]


def test_two_sessions_on_one_stage_conflict_and_touching_ones_do_not(stage: Stage) -> None:
    programmes.make_session(stage, title="A")
    programmes.make_session(stage, title="B", starts_at=at(10), ends_at=at(11))
    programmes.make_session(stage, title="C", starts_at=at(10, 30), ends_at=at(12))
    found = _conflicts_of(stage.fair)
    assert _told(found) == [("same_stage", "B", "C")]
    assert (found[0].starts_at, found[0].ends_at) == (at(10, 30), at(11))


def test_a_crew_cannot_be_at_two_fairs_at_once(stage: Stage) -> None:
    crew = Crew.objects.create(name="Phường rối nước")
    other = programmes.make_stage(programmes.make_fair())
    cancelled = programmes.make_stage(programmes.make_fair(state=FairState.CANCELLED))
    programmes.make_session(stage, title="A", crew=crew)
    programmes.make_session(other, title="B", crew=crew, starts_at=at(9, 30), ends_at=at(11))
    programmes.make_session(cancelled, title="C", crew=crew)
    programmes.make_session(other, title="D", crew=crew, starts_at=at(10), ends_at=at(12))
    [conflict] = _conflicts_of(stage.fair)
    assert f"“B” ({other.fair.short_title})" in conflict.sentence
    for fair, wanted in (
        (stage.fair, [("same_crew", "A", "B")]),
        (
            other.fair,
            [("same_crew", "A", "B"), ("same_stage", "B", "D"), ("same_crew", "B", "D")],
        ),
    ):
        assert _told(_conflicts_of(fair)) == wanted


def test_a_signing_ceremony_wants_no_performance_beside_it(stage: Stage) -> None:
    small = programmes.make_stage(stage.fair, name="Sân khấu nhỏ")
    programmes.make_session(stage, title="Ký", kind="signing")
    programmes.make_session(stage, title="Chèo", starts_at=at(9, 15))
    programmes.make_session(small, title="Rối", starts_at=at(9, 30))
    programmes.make_session(small, title="Gốm", kind="demonstration", ends_at=at(9, 30))
    found = _conflicts_of(stage.fair)
    assert _told(found) == [
        ("signing_performance", "Ký", "Chèo"),
        ("signing_performance", "Ký", "Rối"),
    ]


def test_a_fair_that_moved_leaves_its_sessions_outside(stage: Stage) -> None:
    programmes.make_session(stage, title="A")
    Fair.objects.update(first_day=DAY + timedelta(days=1))
    fair = Fair.objects.get()
    sessions = list(queries.sessions_of(fair))
    assert _told(conflicts_among(fair, sessions_that_matter(fair, sessions))) == [
        ("outside_fair", "A")
    ]
    assert queries.programme_days(fair, sessions)[0] == DAY


def test_conflicts_are_told_in_words(stage: Stage) -> None:
    programmes.make_session(stage, title="A")
    programmes.make_session(stage, title="B", starts_at=at(9, 30), ends_at=at(11))
    fair = stage.fair
    [conflict] = _conflicts_of(fair)
    with translation.override("en"):
        assert conflict.sentence == (
            "“A” and “B” are both on Sân khấu chính at 09:30–10:00 02/12/2026."
        )


@pytest.mark.parametrize("count", [1, 3])
def test_conflicts_are_found_with_the_same_number_of_queries(
    stage: Stage, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        crew = Crew.objects.create(name=f"Đội {number}")
        programmes.make_session(stage, crew=crew)
        programmes.make_session(programmes.make_stage(programmes.make_fair()), crew=crew)
    sessions = list(queries.sessions_of(stage.fair))
    with django_assert_num_queries(1):
        found = conflicts_among(stage.fair, sessions_that_matter(stage.fair, sessions))
    assert len(found) == count + count * (count - 1) // 2
    with django_assert_num_queries(0):
        assert all(each.sentence for each in found)


def test_a_producer_is_found_by_name_or_code_without_accents() -> None:
    wanted = builders.make_organisation(name="HTX Gốm Bát Tràng")
    builders.make_distributor(name="Siêu thị Gốm Bát Tràng")
    product = builders.make_product(wanted, name="Ấm trà men lam")
    assert queries.find_producers("gom bat trang") == [wanted]
    assert queries.find_producers(wanted.code.lower()) == [wanted]
    assert queries.find_producers("  ") == []
    assert queries.find_products("am tra", []) == [product]
    assert queries.find_products(product.code, []) == [product]
    assert queries.find_products("", [wanted]) == [product]


def test_sessions_that_overlap_on_a_stage_are_drawn_side_by_side(stage: Stage) -> None:
    small = programmes.make_stage(stage.fair, name="Sân khấu nhỏ")
    programmes.make_session(stage)
    programmes.make_session(stage, starts_at=at(9, 30), ends_at=at(10, 30))
    programmes.make_session(small, starts_at=at(22), ends_at=at(1, day=1))
    sessions = list(queries.sessions_of(stage.fair))
    day = draw_timetable(DAY, [stage, small], sessions)
    one, two, late = day.blocks
    assert one.x + one.width < two.x
    assert one.width == two.width < late.width
    assert two.y - one.y == 2 * day.step
    assert [block.is_whole for block in day.blocks] == [True, True, False]
    assert late.y + late.height < day.height
    [rest] = draw_timetable(DAY + timedelta(days=1), [stage, small], sessions).blocks
    assert rest.session == late.session


def test_buttons_lead_no_further_than_the_fair_and_its_stages(stage: Stage) -> None:
    small = programmes.make_stage(stage.fair, name="Sân khấu nhỏ")
    bounds = queries.bounds_of(stage.fair)
    first = moves_of(
        programmes.make_session(stage, starts_at=at(0), ends_at=at(1)), [stage, small], bounds
    )
    assert (first.earlier, first.later) == (None, at(0, 15))
    assert (first.left, first.right) == (None, small)
    last = moves_of(
        programmes.make_session(small, starts_at=at(23, day=4), ends_at=at(0, day=5)),
        [stage, small],
        bounds,
    )
    assert (last.earlier, last.later) == (at(22, 45, day=4), None)
    assert (last.left, last.right) == (stage, None)


def test_fairs_are_on_vietnamese_time(fair: Fair) -> None:
    first, last = queries.bounds_of(fair)
    assert first == datetime(2026, 12, 1, 17, tzinfo=timezone.get_fixed_timezone(0))
    assert (last - first).days == 5
    assert fair.first_day == date(2026, 12, 2)
