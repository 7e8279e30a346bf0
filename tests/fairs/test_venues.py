"""Venues, halls, teams and crews: how they are changed, and when a place is free."""

from datetime import date, timedelta
from typing import Any

import pytest

from accounts.models import User
from core.audit import AuditEvent
from core.errors import DomainError, NotAllowed, StaleState
from core.storage import StoredFile
from core.vietnam import tet
from fairs.actions import venues as actions
from fairs.actions.teams import add_squad, delete_squad, rename_squad
from fairs.models import Crew, Fair, Hall, Team, Venue, VenuePicture
from fairs.queries.spans import Span, free_spans
from fairs.queries.venues import bookings_at, find_venues, free_dates_at, lanes_at, taken_during
from fairs.states import FairState
from tests import builders
from tests.fairs import programmes

pytestmark = pytest.mark.django_db

MONDAY = date(2027, 3, 1)
HALL = {
    "name": "Sảnh A",
    "area_m2": 1200,
    "power_kw": 300,
    "water_points": 8,
    "move_in_days": 2,
    "move_out_days": 1,
    "move_in_from": None,
    "move_out_until": None,
    "notes": "",
}


@pytest.fixture
def office() -> User:
    """An organiser of the whole office."""
    return builders.make_organiser()


def _span(first: int, last: int) -> Span:
    return Span(MONDAY + timedelta(days=first), MONDAY + timedelta(days=last))


def _fair(venue: Venue, first: int, days: int, **fields: Any) -> Fair:
    span = _span(first, first + days - 1)
    state = fields.pop("state", FairState.ANNOUNCED)
    return builders.make_fair(
        state, venue=venue, first_day=span.first, last_day=span.last, **fields
    )


def test_free_spans_are_the_soonest_each_a_week_later() -> None:
    found = free_spans(MONDAY, 3, [_span(1, 2), _span(16, 20)], count=4)
    assert found == [_span(3, 5), _span(10, 12), _span(21, 23), _span(28, 30)]


def test_the_days_to_move_in_and_out_must_be_free_too() -> None:
    taken = [_span(0, 4), _span(12, 20)]
    assert free_spans(MONDAY, 3, taken, count=1) == [_span(5, 7)]
    assert free_spans(MONDAY, 3, taken, move_in=2, move_out=1, count=1) == [_span(7, 9)]
    assert free_spans(MONDAY, 3, taken, move_in=3, move_out=2, count=1) == [_span(24, 26)]


def test_no_free_dates_are_over_tet_or_beyond_a_year() -> None:
    eve = tet(2027) - timedelta(days=1)
    first = free_spans(eve - timedelta(days=1), 2, [], count=1)[0]
    assert first.first == eve + timedelta(days=4)
    assert free_spans(MONDAY, 1, [_span(-5, 400)]) == []


def test_a_cancelled_fair_frees_its_place(office: User) -> None:
    venue = builders.make_venue()
    fair = _fair(venue, 0, 5)
    wanted: dict[str, Any] = {"hall": None, "days": 5, "not_before": MONDAY}
    assert free_dates_at(venue, bookings_at(office, venue), **wanted)[0] == _span(5, 9)
    Fair.objects.filter(pk=fair.pk).update(state=FairState.CANCELLED)
    bookings = bookings_at(office, venue)
    assert free_dates_at(venue, bookings, **wanted)[0] == _span(0, 4)
    assert taken_during(bookings, _span(0, 30)) == []


def test_a_hall_is_free_while_another_is_taken_and_the_whole_venue_is_not(office: User) -> None:
    venue = builders.make_venue()
    first, second = (builders.make_hall(venue, name=name) for name in "AB")
    _fair(venue, 0, 3, hall=first)
    whole = _fair(venue, 10, 3)
    bookings = bookings_at(office, venue)

    def soonest(hall: Hall | None) -> Span:
        wanted: dict[str, Any] = {"days": 3, "not_before": MONDAY, "hall": hall}
        return free_dates_at(venue, bookings, **wanted)[0]

    assert soonest(second) == _span(0, 2)
    assert soonest(first) == _span(5, 7)  # one day to move out of it, one to move in
    assert soonest(None) == _span(4, 6)
    lanes = {lane.hall: [each.fair for each in lane.bookings] for lane in lanes_at(venue, bookings)}
    assert lanes[second] == [whole]
    assert len(lanes[first]) == 2


def test_online_there_is_always_room(office: User) -> None:
    venue = builders.make_venue(is_online=True)
    _fair(venue, 0, 30)
    found = free_dates_at(venue, bookings_at(office, venue), hall=None, days=2, not_before=MONDAY)
    assert found[0] == _span(0, 1)


def test_days_to_move_in_are_taken_before_the_fair_opens(office: User) -> None:
    venue = builders.make_venue()
    hall = builders.make_hall(venue, move_in_days=2, move_out_days=1)
    _fair(venue, 5, 3, hall=hall)
    (booking,) = taken_during(bookings_at(office, venue), _span(3, 3))
    assert (booking.opened, booking.taken) == (_span(5, 7), _span(3, 8))
    assert taken_during(bookings_at(office, venue), _span(0, 2)) == []


def test_a_fair_that_may_not_be_seen_is_only_taken_days() -> None:
    venue = builders.make_venue()
    mine, theirs = _fair(venue, 0, 3), _fair(venue, 10, 3)
    viewer = builders.make_user(role="viewer", fair=mine)
    first, second = bookings_at(viewer, venue)
    assert (first.name, first.is_seen) == (mine.short_title, True)
    assert second.is_seen is False
    assert theirs.short_title not in (second.name,)


@pytest.mark.parametrize("search", ["cung van hoa", "CUNG", "văn hóa", "thanh tri", "cung-vh"])
def test_venues_are_found_without_accents(search: str) -> None:
    builders.make_venue(name="Sân bóng", short_name="Sân", address="Phố Lý Nam Đế")
    wanted = builders.make_venue(name="Cung Văn hoá Hữu nghị", code="cung-vh")
    assert find_venues(search) == [wanted]


def test_only_the_office_changes_venues_teams_and_crews() -> None:
    venue = builders.make_venue()
    hall = builders.make_hall(venue)
    team = Team.objects.create(name="Tổ 1")
    content = builders.draw_picture()
    for actor in (
        builders.make_user(),
        builders.make_user(role="viewer"),
        builders.make_organiser(builders.make_fair()),
    ):
        asked: dict[str, Any] = {"actor": actor}
        for refused in (
            lambda: actions.create_venue(code="a", values={"name": "A"}, **asked),  # noqa: B023
            lambda: actions.edit_venue(venue=venue, version=1, values={}, **asked),  # noqa: B023
            lambda: actions.add_hall(venue=venue, values=HALL, **asked),  # noqa: B023
            lambda: actions.edit_hall(hall=hall, version=1, values=HALL, **asked),  # noqa: B023
            lambda: actions.delete_hall(hall=hall, **asked),  # noqa: B023
            lambda: actions.add_picture(venue=venue, content=content, **asked),  # noqa: B023
            lambda: add_squad(kind=Team, name="Tổ 2", **asked),  # noqa: B023
            lambda: rename_squad(squad=team, seen="Tổ 1", name="Tổ 2", **asked),  # noqa: B023
            lambda: delete_squad(squad=team, **asked),  # noqa: B023
        ):
            with pytest.raises(NotAllowed):
                refused()
    assert (AuditEvent.objects.count(), StoredFile.objects.count()) == (0, 0)


def test_a_change_is_recorded_with_what_it_changed(office: User) -> None:
    hall = actions.add_hall(venue=builders.make_venue(), values=HALL, actor=office)
    actions.edit_hall(hall=hall, version=1, values={**HALL, "power_kw": 450}, actor=office)
    event = AuditEvent.objects.latest("pk")
    assert (event.verb, event.actor) == ("fairs.hall_edited", office)
    assert event.facts["changes"] == {"power_kw": ["300", "450"]}
    assert Hall.objects.get().version == 2


def test_nothing_is_recorded_where_nothing_changed(office: User) -> None:
    hall = actions.add_hall(venue=builders.make_venue(), values=HALL, actor=office)
    actions.edit_hall(hall=hall, version=1, values=HALL, actor=office)
    assert (Hall.objects.get().version, AuditEvent.objects.count()) == (1, 1)


def test_a_stale_version_is_refused(office: User) -> None:
    venue = builders.make_venue()
    hall = builders.make_hall(venue)
    Venue.objects.update(version=2)
    Hall.objects.update(version=2)
    for refused in (
        lambda: actions.edit_venue(venue=venue, version=1, values={"name": "B"}, actor=office),
        lambda: actions.edit_hall(hall=hall, version=1, values=HALL, actor=office),
        lambda: actions.set_base_plan(
            hall=hall, version=1, content=b"", media_type="image/webp", actor=office
        ),
    ):
        with pytest.raises(StaleState):
            refused()
    assert AuditEvent.objects.count() == 0


def test_two_halls_of_a_venue_have_two_names(office: User) -> None:
    venue = builders.make_venue()
    builders.make_hall(venue, name="Sảnh A")
    with pytest.raises(DomainError) as refused:
        actions.add_hall(venue=venue, values={**HALL, "name": "SANH A"}, actor=office)
    assert refused.value.code == "hall.name_taken"
    actions.add_hall(venue=builders.make_venue(), values=HALL, actor=office)


@pytest.mark.parametrize("state", [FairState.DRAFT, FairState.CLOSED, FairState.CANCELLED])
def test_a_hall_that_a_fair_has_stays(office: User, state: str) -> None:
    hall = builders.make_hall(name="Sảnh A")
    builders.make_fair(state, venue=hall.venue, hall=hall)
    with pytest.raises(DomainError) as refused:
        actions.delete_hall(hall=hall, actor=office)
    assert refused.value.code == "hall.used"
    assert "Sảnh A" in str(refused.value)
    assert Hall.objects.count() == 1


def test_pictures_of_a_hall_outlive_it(office: User) -> None:
    hall = builders.make_hall()
    content = builders.draw_picture()
    actions.add_picture(venue=hall.venue, hall=hall, content=content, actor=office)
    actions.delete_hall(hall=hall, actor=office)
    assert VenuePicture.objects.get().hall is None


def test_the_same_picture_comes_to_a_venue_once(office: User) -> None:
    venue, other = builders.make_venue(), builders.make_venue()
    content = builders.draw_picture()
    actions.add_picture(venue=venue, content=content, actor=office)
    with pytest.raises(DomainError) as refused:
        actions.add_picture(venue=venue, content=content, actor=office)
    assert refused.value.code == "picture.known"
    actions.add_picture(venue=other, content=content, actor=office)
    assert (VenuePicture.objects.count(), StoredFile.objects.count()) == (2, 1)


def test_a_venue_has_a_bounded_number_of_pictures(
    office: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "MOST_PICTURES", 1)
    venue = builders.make_venue()
    actions.add_picture(venue=venue, content=builders.draw_picture("red"), actor=office)
    with pytest.raises(DomainError) as refused:
        actions.add_picture(venue=venue, content=builders.draw_picture("blue"), actor=office)
    assert refused.value.code == "picture.too_many"


def test_a_picture_of_a_hall_elsewhere_is_refused(office: User) -> None:
    with pytest.raises(DomainError) as refused:
        actions.add_picture(
            venue=builders.make_venue(),
            hall=builders.make_hall(),
            content=builders.draw_picture(),
            actor=office,
        )
    assert refused.value.code == "picture.other_venue"


@pytest.mark.parametrize("kind", [Team, Crew])
def test_a_name_is_given_once_whatever_its_accents(office: User, kind: type[Team]) -> None:
    add_squad(kind=kind, name="Phường chèo", actor=office)
    other = add_squad(kind=kind, name="Phường rối", actor=office)
    for refused in (
        lambda: add_squad(kind=kind, name="PHUONG CHEO", actor=office),
        lambda: rename_squad(squad=other, seen="Phường rối", name="phường chèo", actor=office),
    ):
        with pytest.raises(DomainError) as error:
            refused()
        assert error.value.code == "team.name_taken"
    renamed = rename_squad(squad=other, seen="Phường rối", name="PHƯỜNG RỐI", actor=office)
    assert renamed.name == "PHƯỜNG RỐI"


def test_the_second_who_renames_is_told_the_name_there_is(office: User) -> None:
    team = Team.objects.create(name="Tổ 1")
    rename_squad(squad=team, seen="Tổ 1", name="Tổ A", actor=office)
    with pytest.raises(StaleState) as refused:
        rename_squad(squad=team, seen="Tổ 1", name="Tổ B", actor=office)
    assert "Tổ A" in str(refused.value)
    assert Team.objects.get().name == "Tổ A"


def test_who_has_work_is_not_taken_away(office: User) -> None:
    team, crew = Team.objects.create(name="Tổ 1"), Crew.objects.create(name="Phường rối")
    builders.make_fair(team=team)
    session = programmes.make_session(programmes.make_stage(programmes.make_fair()), crew=crew)
    for squad, code in ((team, "team.used"), (crew, "crew.used")):
        with pytest.raises(DomainError) as refused:
            delete_squad(squad=squad, actor=office)
        assert refused.value.code == code
    Fair.objects.update(team=None)
    session.delete()
    delete_squad(squad=team, actor=office)
    delete_squad(squad=crew, actor=office)
    assert (Team.objects.count(), Crew.objects.count()) == (0, 0)
    verbs = list(AuditEvent.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["fairs.team_deleted", "fairs.crew_deleted"]
