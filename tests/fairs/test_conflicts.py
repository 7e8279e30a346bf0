"""What of a plan cannot be held as it stands, and on which days it could be."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import combinations
from typing import Any

import pytest
from django.utils import timezone, translation
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from booths.queries import find_producers_twice
from booths.states import ApplicationState
from fairs.models import Crew, Fair, Hall, LegalBasis, Session, SessionKind, Stage, Team
from fairs.queries import (
    ApplicationsCloseLate,
    Conflict,
    OverTet,
    ProducerTwice,
    RegistrationMissed,
    SameCrew,
    SameHall,
    SameTeam,
    SigningAgainstPerformance,
    Span,
    find_conflicts,
    free_dates,
    overlapping,
    schedule_between,
    tet_days,
)
from fairs.queries.spans import REACH
from fairs.states import FairState
from tests import builders

DAY = timedelta(days=1)
TODAY = date(2026, 9, 1)
DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))
SPANS = st.builds(lambda first, days: Span(first, first + days * DAY), DAYS, st.integers(0, 20))


def _find(today: date = TODAY) -> list[Conflict]:
    return find_conflicts(schedule_between(date(2026, 1, 1), date(2027, 12, 31)), today)


def _make_fair(first: date, days: int = 5, **fields: Any) -> Fair:
    state = fields.pop("state", FairState.DRAFT)
    return builders.make_fair(state, first_day=first, last_day=first + (days - 1) * DAY, **fields)


def _make_session(
    fair: Fair, hour: int, kind: str = SessionKind.PERFORMANCE, **fields: Any
) -> Session:
    stage, _made = Stage.objects.get_or_create(fair=fair, name="Sân khấu chính")
    day = fair.first_day
    start = timezone.make_aware(datetime(day.year, day.month, day.day, hour))  # noqa: DTZ001
    return Session.objects.create(
        fair=fair,
        stage=stage,
        kind=kind,
        title=f"Tiết mục {hour}",
        starts_at=start,
        ends_at=start + timedelta(hours=2),
        **fields,
    )


# Spans


@given(st.lists(SPANS, max_size=30))
def test_the_sweep_finds_every_pair_that_meets_once(spans: list[Span]) -> None:
    rows = list(enumerate(spans))
    found = [
        frozenset({first[0], second[0]})
        for first, second in overlapping(rows, lambda row: (row[1].first, row[1].last))
    ]
    wanted = {
        frozenset({first[0], second[0]})
        for first, second in combinations(rows, 2)
        if first[1].meets(second[1])
    }
    assert len(found) == len(set(found))
    assert set(found) == wanted


def _fits(span: Span, taken: list[Span], move_in: int, move_out: int) -> bool:
    needed = Span(span.first - move_in * DAY, span.last + move_out * DAY)
    over_tet = any(span.meets(tet_days(year)) for year in range(2024, 2030))
    return not over_tet and not any(needed.meets(other) for other in taken)


def _candidates(around: date, length: int, not_before: date) -> Iterator[Span]:
    """Every possible span, best first: the same weekday, then the nearest, then the later."""
    offsets = sorted(
        range(-REACH, REACH + 1), key=lambda offset: (offset % 7 != 0, abs(offset), -offset)
    )
    for offset in offsets:
        first = around + offset * DAY
        if first >= not_before:
            yield Span(first, first + (length - 1) * DAY)


@settings(max_examples=150, deadline=None)
@given(
    around=DAYS,
    length=st.integers(1, 40),
    taken=st.lists(SPANS, max_size=40),
    moving=st.tuples(st.integers(0, 3), st.integers(0, 3)),
    not_before=DAYS,
)
def test_free_dates_are_the_best_that_trying_every_day_finds(
    around: date, length: int, taken: list[Span], moving: tuple[int, int], not_before: date
) -> None:
    wanted = next(
        (span for span in _candidates(around, length, not_before) if _fits(span, taken, *moving)),
        None,
    )
    found = free_dates(
        around, length, taken, move_in=moving[0], move_out=moving[1], not_before=not_before
    )
    assert found == wanted


def test_no_dates_are_free_where_all_is_taken() -> None:
    assert free_dates(date(2026, 6, 1), 5, [Span(date(2025, 1, 1), date(2027, 12, 31))]) is None


def test_another_weekday_is_taken_only_when_the_same_is_never_free() -> None:
    monday = date(2026, 6, 1)
    mondays = [Span(monday + week * 7 * DAY, monday + week * 7 * DAY) for week in range(-27, 28)]
    assert free_dates(monday, 1, mondays) == Span(monday + DAY, monday + DAY)


def test_beyond_the_lunar_tables_no_tet_is_in_the_way() -> None:
    last = date(2100, 12, 25)
    assert free_dates(last, 3, []) == Span(last, last + 2 * DAY)
    assert free_dates(last, 300, [Span(last, last)]) == Span(last + 7 * DAY, last + 306 * DAY)


# Places


@pytest.mark.django_db
def test_two_fairs_in_one_hall_collide_with_their_days_to_move_in_and_out() -> None:
    venue = builders.make_venue(short_name="Cầu Giấy")
    hall = Hall.objects.create(venue=venue, name="sảnh tầng 1", move_in_days=1, move_out_days=1)
    other = Hall.objects.create(venue=venue, name="sảnh tầng 2")
    first = _make_fair(date(2026, 11, 23), venue=venue, hall=hall, short_title="Tuần hàng 4")
    second = _make_fair(date(2026, 11, 29), venue=venue, hall=hall, short_title="Làng nghề")
    _make_fair(date(2026, 12, 6), venue=venue, hall=hall)
    _make_fair(date(2026, 11, 23), venue=venue, hall=other)
    (found,) = _find()
    assert isinstance(found, SameHall)
    assert found.fairs == (first, second)
    assert found.span == Span(date(2026, 11, 28), date(2026, 11, 28))
    assert found.where == "Cầu Giấy, sảnh tầng 1"
    with translation.override("en"):
        assert found.sentence == "Tuần hàng 4 is still there when Làng nghề moves in."


@pytest.mark.django_db
def test_a_fair_without_a_hall_takes_the_whole_venue_once() -> None:
    venue = builders.make_venue()
    halls = [Hall.objects.create(venue=venue, name=name) for name in ("A", "B")]
    whole = [_make_fair(date(2026, 11, day), venue=venue) for day in (2, 4)]
    inside = _make_fair(date(2026, 11, 8), venue=venue, hall=halls[0])
    _make_fair(date(2026, 11, 20), venue=venue, hall=halls[1])
    pairs = [set(conflict.fairs) for conflict in _find()]
    assert pairs == [set(whole), {whole[1], inside}]


@pytest.mark.django_db
def test_any_number_of_fairs_are_online_at_a_time_and_a_cancelled_one_is_nowhere() -> None:
    online, square = builders.make_venue(is_online=True), builders.make_venue()
    team = Team.objects.create(name="Tổ 1")
    for venue in (online, online, square):
        _make_fair(date(2026, 11, 2), venue=venue)
    cancelled = _make_fair(date(2026, 11, 2), venue=square, team=team, state=FairState.CANCELLED)
    _make_fair(date(2026, 11, 2), team=team)
    _make_session(cancelled, 9)
    assert _find() == []


@pytest.mark.django_db
def test_the_proposal_resolves_the_conflict_and_makes_no_other() -> None:
    venue, team = builders.make_venue(), Team.objects.create(name="Tổ 1")
    firm = _make_fair(date(2026, 11, 25), venue=venue, state=FairState.REGISTERING)
    loose = _make_fair(date(2026, 11, 28), 3, venue=venue, team=team)
    _make_fair(date(2026, 12, 4), 3, team=team)
    (found,) = _find()
    assert found.fairs == (firm, loose)
    # A week later the team is busy, a week sooner is free.
    assert found.proposal.fair == loose
    assert found.proposal.span == Span(date(2026, 11, 21), date(2026, 11, 23))
    Fair.objects.filter(pk=loose.pk).update(
        first_day=found.proposal.span.first, last_day=found.proposal.span.last
    )
    assert _find() == []


@pytest.mark.django_db
def test_fairs_whose_booths_are_given_out_are_not_proposed_to_move() -> None:
    venue = builders.make_venue()
    for day in (25, 27):
        _make_fair(date(2026, 11, day), venue=venue, state=FairState.PUBLISHED)
    (found,) = _find()
    assert found.proposal is None


@pytest.mark.django_db
def test_what_is_over_is_not_told() -> None:
    venue = builders.make_venue()
    for day in (10, 12):
        _make_fair(date(2026, 11, day), venue=venue)
    assert [len(_find(date(2026, 11, day))) for day in (14, 15)] == [1, 0]


# People


@pytest.mark.django_db
def test_a_team_runs_one_fair_at_a_time() -> None:
    team = Team.objects.create(name="Tổ 1")
    fairs = [_make_fair(date(2026, 11, day), team=team) for day in (2, 6, 11)]
    (found,) = _find()
    assert isinstance(found, SameTeam)
    assert (found.fairs, found.where) == ((fairs[0], fairs[1]), "Tổ 1")
    assert found.span == Span(date(2026, 11, 6), date(2026, 11, 6))


@pytest.mark.django_db
def test_a_crew_is_on_one_stage_at_a_time() -> None:
    crew = Crew.objects.create(name="Đoàn chèo")
    fairs = [_make_fair(date(2026, 11, 2)) for _number in range(3)]
    first = _make_session(fairs[0], 9, crew=crew)
    second = _make_session(fairs[1], 10, crew=crew)
    _make_session(fairs[2], 12, crew=crew)
    (found,) = _find()
    assert isinstance(found, SameCrew)
    assert found.sessions == (first, second)
    assert found.proposal.span == Span(date(2026, 11, 9), date(2026, 11, 13))


@pytest.mark.django_db
def test_a_signing_ceremony_is_not_held_against_a_performance() -> None:
    fair = _make_fair(date(2026, 11, 2))
    signing = _make_session(fair, 9, SessionKind.SIGNING)
    loud = _make_session(fair, 10)
    (found,) = _find()
    assert isinstance(found, SigningAgainstPerformance)
    assert found.sessions == (signing, loud)
    assert found.proposal is None


@pytest.mark.django_db
def test_producers_accepted_at_two_overlapping_fairs_are_one_fact() -> None:
    fairs = [_make_fair(date(2026, 11, day), state=FairState.REGISTERING) for day in (2, 5, 20)]
    names = ("Hợp tác xã Ba Vì", "Hợp tác xã Chuông")
    for name in names:
        producer = builders.make_organisation(name=name)
        for fair in fairs:
            builders.make_application(fair, producer, state=ApplicationState.ELIGIBLE)
    refused = builders.make_organisation(name="Hợp tác xã Dệt")
    builders.make_application(fairs[0], refused, state=ApplicationState.PLACED)
    builders.make_application(fairs[1], refused, state=ApplicationState.REFUSED)
    (found,) = _find()
    assert isinstance(found, ProducerTwice)
    assert (found.fairs, found.producers) == ((fairs[0], fairs[1]), names)
    assert list(find_producers_twice(schedule_between(date(2028, 1, 1), date(2028, 2, 1)))) == []


# Days


@pytest.mark.django_db
def test_a_fair_over_tet_is_moved_behind_or_before_it() -> None:
    assert tet_days(2027) == Span(date(2027, 2, 5), date(2027, 2, 8))
    fair = _make_fair(date(2027, 2, 3))
    _make_fair(date(2027, 2, 9))
    (found,) = _find()
    assert isinstance(found, OverTet)
    assert (found.fairs, found.span) == ((fair,), Span(date(2027, 2, 5), date(2027, 2, 7)))
    assert found.proposal.span.first == date(2027, 2, 10)


@pytest.mark.django_db
@pytest.mark.parametrize(("day", "is_missed"), [(30, True), (1, False)])
def test_a_fair_that_opens_within_thirty_days_can_not_be_registered(
    day: int, is_missed: bool
) -> None:
    first = date(2026, 9, day) if is_missed else date(2026, 10, 1)
    builders.make_rule(LegalBasis.REGISTERED, register_from_days=365, register_until_days=30)
    fields: dict[str, Any] = {"legal_basis": LegalBasis.REGISTERED, "decision_number": ""}
    _make_fair(first, **fields)
    _make_fair(first, **{**fields, "decision_number": "12/SCT"})
    _make_fair(first, **{**fields, "legal_basis": LegalBasis.INTERNAL})
    found = _find()
    assert [type(conflict) for conflict in found] == [RegistrationMissed] * is_missed
    assert all(conflict.proposal.span.first >= TODAY + 30 * DAY for conflict in found)


@pytest.mark.django_db
def test_applications_close_before_the_fair_opens() -> None:
    closing = timezone.make_aware(datetime(2026, 11, 2, 17))  # noqa: DTZ001
    _make_fair(date(2026, 11, 2), applications_close_at=closing)
    _make_fair(date(2026, 11, 3), applications_close_at=closing)
    (found,) = _find()
    assert isinstance(found, ApplicationsCloseLate)
    assert "02/11/2026" in found.sentence
    assert found.proposal.span.first == date(2026, 11, 9)


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_conflicts_cost_four_queries_however_many_fairs_there_are(
    count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    venue, team = builders.make_venue(), Team.objects.create(name="Tổ 1")
    crew = Crew.objects.create(name="Đoàn chèo")
    producer = builders.make_organisation()
    for _number in range(count + 1):
        fair = _make_fair(date(2026, 11, 2), venue=venue, team=team)
        _make_session(fair, 9, crew=crew)
        builders.make_application(fair, producer, state=ApplicationState.ELIGIBLE)
    with django_assert_num_queries(4):
        found = _find()
        assert all(conflict.sentence and conflict.where for conflict in found)
    assert len(found) == 4 * count * (count + 1) / 2
