"""A fair moves through its life, one recorded step at a time."""

import pytest
from django.utils import timezone

from core.audit import AuditEvent
from core.errors import DomainError, NotAllowed, StaleState
from fairs.actions import move_fair
from fairs.models import Fair
from fairs.states import FAIR, FairState
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("to", list(FairState))
@pytest.mark.parametrize("old", list(FairState))
def test_a_fair_moves_where_the_table_allows_and_nowhere_else(old: str, to: str) -> None:
    fair = builders.make_fair(old, first_day=timezone.localdate())
    if FAIR.allows(old, to):
        assert move_fair(fair=fair, to=to, actor=None, reason="Bão số 5").state == to
        assert AuditEvent.objects.get().facts["after"] == to
        return
    with pytest.raises(StaleState):
        move_fair(fair=fair, to=to, actor=None, reason="Bão số 5")
    assert Fair.objects.get().state == old
    assert AuditEvent.objects.count() == 0


def test_cancelling_needs_a_reason() -> None:
    fair = builders.make_fair()
    with pytest.raises(DomainError) as refused:
        move_fair(fair=fair, to=FairState.CANCELLED, actor=None)
    assert refused.value.code == "fair.reason_missing"
    assert Fair.objects.get().state == FairState.REGISTERING


@pytest.mark.parametrize("role", ["", "viewer", "reviewer", "commune_officer"])
def test_only_an_organiser_moves_a_fair(role: str) -> None:
    fair = builders.make_fair()
    with pytest.raises(NotAllowed):
        move_fair(fair=fair, to=FairState.ALLOCATING, actor=builders.make_user(role=role))
    assert Fair.objects.get().state == FairState.REGISTERING


def test_an_organiser_of_another_fair_does_not_move_this_one() -> None:
    fair, other = builders.make_fair(), builders.make_fair()
    with pytest.raises(NotAllowed):
        move_fair(fair=fair, to=FairState.ALLOCATING, actor=builders.make_organiser(other))


def test_of_two_who_move_at_once_one_is_told() -> None:
    fair = builders.make_fair()
    stale = Fair.objects.get()
    move_fair(fair=fair, to=FairState.ALLOCATING, actor=None)
    with pytest.raises(StaleState) as refused:
        FAIR.move(stale, FairState.ALLOCATING)
    assert refused.value.code == "state.stale"
