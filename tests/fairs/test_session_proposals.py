"""Each conflict comes with a move that resolves it, where there is one."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from fairs import queries
from fairs.models import Crew, Fair, Session, Stage
from fairs.queries.session_proposals import Proposal, proposals_for
from tests import builders
from tests.fairs import programmes

pytestmark = pytest.mark.django_db
DAY = programmes.DAY
at = programmes.at


@pytest.fixture
def stage() -> Stage:
    return programmes.make_stage(programmes.make_fair())


def _proposals(fair: Fair) -> list[Proposal | None]:
    sessions = list(queries.sessions_of(fair))
    stages = list(queries.stages_of(fair))
    return [proposal for _conflict, proposal in proposals_for(fair, sessions, stages)]


def test_the_same_time_on_another_stage_comes_first(stage: Stage) -> None:
    small = programmes.make_stage(stage.fair, name="Sân khấu nhỏ")
    programmes.make_session(stage)
    later = programmes.make_session(stage, starts_at=at(9, 30))
    assert _proposals(stage.fair) == [Proposal(later, small, at(9, 30))]


def test_where_all_stages_are_taken_it_is_the_next_free_quarter(stage: Stage) -> None:
    programmes.make_session(stage)
    later = programmes.make_session(stage, starts_at=at(9, 30))
    programmes.make_session(stage, starts_at=at(11, 15))
    assert _proposals(stage.fair) == [Proposal(later, stage, at(10))]


def test_late_in_the_evening_it_is_earlier(stage: Stage) -> None:
    programmes.make_session(stage, starts_at=at(20), ends_at=at(21))
    later = programmes.make_session(stage, starts_at=at(20, 30), ends_at=at(22))
    assert _proposals(stage.fair) == [Proposal(later, stage, at(18, 30))]


def test_a_performance_gives_way_to_a_signing_ceremony_on_any_stage(stage: Stage) -> None:
    small = programmes.make_stage(stage.fair, name="Sân khấu nhỏ")
    performance = programmes.make_session(small)
    programmes.make_session(stage, kind="signing", starts_at=at(9, 30))
    assert _proposals(stage.fair) == [Proposal(performance, small, at(10, 30))]


def test_the_session_of_another_fair_stays_where_it_is(stage: Stage) -> None:
    crew = Crew.objects.create(name="Phường rối nước")
    programmes.make_stage(stage.fair, name="Sân khấu nhỏ")
    own = programmes.make_session(stage, crew=crew)
    other = programmes.make_stage(programmes.make_fair())
    programmes.make_session(other, crew=crew, starts_at=at(9, 30))
    assert _proposals(stage.fair) == [Proposal(own, stage, at(10, 30))]


def test_what_is_outside_the_fair_goes_to_a_day_on_which_its_stage_is_free(stage: Stage) -> None:
    left = programmes.make_session(stage)
    programmes.make_session(stage, starts_at=at(9, day=1))
    Fair.objects.update(first_day=DAY + timedelta(days=1))
    assert _proposals(Fair.objects.get(pk=stage.fair_id)) == [Proposal(left, stage, at(9, day=2))]


def test_a_full_day_has_no_proposal(stage: Stage) -> None:
    programmes.make_session(stage, starts_at=at(8), ends_at=at(22))
    programmes.make_session(stage, starts_at=at(9))
    assert _proposals(stage.fair) == [None]


@pytest.mark.parametrize("count", [1, 3])
def test_proposals_cost_one_query(
    stage: Stage, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for hour in range(8, 8 + 2 * count, 2):
        crew = Crew.objects.create(name=f"Đội {hour}")
        programmes.make_session(stage, starts_at=at(hour), crew=crew)
        programmes.make_session(stage, starts_at=at(hour, 30))
    sessions = list(queries.sessions_of(stage.fair))
    with django_assert_num_queries(1):
        assert len(proposals_for(stage.fair, sessions, [stage])) == count


def test_one_press_resolves_the_conflict(client: Client, stage: Stage) -> None:
    client.force_login(builders.make_organiser(stage.fair))
    programmes.make_session(stage)
    later = programmes.make_session(stage, starts_at=at(9, 30))
    address = reverse("programme", args=[stage.fair.code])
    [(_conflict, proposal)] = client.get(address).context["conflicts"]
    page = client.get(address).content.decode()
    assert 'name="starts_at" value="2026-12-02T10:00"' in page
    move = reverse("session_move", args=[stage.fair.code, later.pk])
    client.post(move, {"version": 1, "stage": proposal.stage.pk, "starts_at": "2026-12-02T10:00"})
    assert Session.objects.get(pk=later.pk).starts_at == at(10)
    assert client.get(address).context["conflicts"] == []
