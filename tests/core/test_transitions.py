"""A move is one the table allows, from the state the row was read with, or an error."""

from dataclasses import dataclass

import pytest
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from badges.states import BADGE
from booths.states import APPLICATION, RUN
from core import jobs
from core.errors import StaleState
from core.jobs import TRANSITIONS, Job, State
from core.transitions import Transitions
from fairs.states import FAIR
from mou.states import MEMORANDUM
from tests.builders import make_fair

TABLES = [TRANSITIONS, FAIR, APPLICATION, RUN, BADGE, MEMORANDUM]


@dataclass
class _Moved:
    """One try to move, and what was stored afterwards."""

    stored: str
    code: str


def _try(table: Transitions, row: Job, new: str) -> _Moved:
    code = ""
    try:
        table.move(row, new)
    except StaleState as error:
        code = error.code
    return _Moved(Job.objects.get(pk=row.pk).state, code)


def _job(state: str = State.WAITING) -> Job:
    return Job.objects.create(
        kind="tests.mark", key="mot", queue="pdf", state=state, leased_until=timezone.now()
    )


@pytest.mark.django_db
@pytest.mark.parametrize("old", State.values)
@pytest.mark.parametrize("new", State.values)
def test_only_moves_of_the_table_are_made(old: str, new: str) -> None:
    moved = _try(TRANSITIONS, _job(old), new)
    allowed = new in TRANSITIONS.moves[old]
    assert moved == (_Moved(new, "") if allowed else _Moved(old, "state.illegal"))


@pytest.mark.django_db
def test_move_sets_what_goes_with_it_in_the_row_and_in_the_object() -> None:
    job = _job()
    TRANSITIONS.move(job, State.CANCELLED, message="thôi")
    stored = Job.objects.get(pk=job.pk)
    assert (job.state, job.message) == (stored.state, stored.message) == ("cancelled", "thôi")


@pytest.mark.django_db
def test_second_of_two_who_press_at_once_is_told() -> None:
    _job()
    first, second = Job.objects.get(), Job.objects.get()
    assert _try(TRANSITIONS, first, State.RUNNING) == _Moved(State.RUNNING, "")
    assert _try(TRANSITIONS, second, State.CANCELLED) == _Moved(State.RUNNING, "state.stale")
    assert second.state == State.WAITING


@pytest.mark.django_db
def test_illegal_move_names_both_states_as_people_read_them() -> None:
    fair = make_fair("closed")
    with translation.override("en"), pytest.raises(StaleState) as error:
        FAIR.move(fair, "running")
    assert error.value.facts == {"old": "Closed", "new": "Running"}


@given(table=st.sampled_from(TABLES), data=st.data())
def test_every_table_is_closed_and_knows_every_state(
    table: Transitions, data: st.DataObject
) -> None:
    """However one walks, one only meets states that the table itself has."""
    state = data.draw(st.sampled_from(sorted(table.moves)))
    for _step in range(10):
        following = sorted(table.moves[state])
        assert set(following) <= set(table.moves)
        assert state not in following
        if not following:
            return
        state = data.draw(st.sampled_from(following))


def test_open_jobs_are_those_that_may_still_be_done() -> None:
    assert {state for state in State if State.DONE in TRANSITIONS.moves[state]} <= set(jobs.OPEN)
