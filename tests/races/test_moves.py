"""Several organisers change one proposal by hand, or fix one place, at the same instant."""

from functools import partial
from typing import Any

from booths.actions import publish_allocation
from booths.actions.moves import move_stand, take_back_move
from booths.actions.pins import Pins, pins_of, set_pins
from booths.models import AllocationRun, Application
from booths.states import RunState
from core import audit
from core.errors import StaleState
from tests.booths.scenes import answer_of, compute_run, make_allocating_fair
from tests.builders import make_organiser
from tests.races.conftest import AtOnce, Call


def _fresh(run: AllocationRun) -> AllocationRun:
    return AllocationRun.objects.select_related("fair").get(pk=run.pk)


def _names(answers: list[Any]) -> list[str]:
    return sorted(type(answer).__name__ for answer in answers)


def test_of_six_who_move_at_once_one_does_and_five_are_told(at_once: AtOnce) -> None:
    run = compute_run(make_allocating_fair())
    free = {"A1", "A2", "A3", "A4"} - {b for [b] in answer_of(run)["assignments"].values()}
    calls: list[Call] = [
        partial(
            move_stand,
            run=_fresh(run),
            application=f"DK-{1 + number % 3}",
            booths=list(free),
            reason="Đổi chỗ",
            actor=make_organiser(),
        )
        for number in range(6)
    ]
    answers = at_once(calls)
    assert _names(answers) == ["AllocationRun"] + ["StaleState"] * 5
    assert AllocationRun.objects.count() == 2
    proposed = AllocationRun.objects.get(state=RunState.PROPOSED)
    assert (len(proposed.moves), proposed.adjusted_from_id) == (1, run.pk)
    assert audit.AuditEvent.objects.filter(verb="booths.stand_moved").count() == 1
    assert list(audit.find_breaks()) == []


def test_a_move_and_a_publication_at_once_never_give_out_what_was_changed(
    at_once: AtOnce,
) -> None:
    run = compute_run(make_allocating_fair())
    actor = make_organiser()
    run = move_stand(run=run, application="DK-1", booths=None, reason="x", actor=actor)
    answers = at_once(
        [
            partial(publish_allocation, run=_fresh(run), actor=actor),
            partial(take_back_move, run=_fresh(run), actor=actor),
        ]
    )
    run.refresh_from_db()
    taken_back = AllocationRun.objects.filter(number=3, state=RunState.PROPOSED).exists()
    assert (run.state == RunState.PUBLISHED) != taken_back
    assert _names(answers) == ["AllocationRun", "StaleState"]


def test_of_four_who_fix_one_place_at_once_one_does_and_three_are_told(at_once: AtOnce) -> None:
    row = make_allocating_fair().applications.get(code="DK-1")
    calls: list[Call] = [
        partial(
            set_pins,
            application=Application.objects.select_related("fair").get(pk=row.pk),
            seen=Pins(),
            pins=Pins((f"A{number}",)),
            reason=f"Lý do {number}",
            actor=make_organiser(),
        )
        for number in range(1, 5)
    ]
    answers = at_once(calls)
    assert sum(isinstance(answer, StaleState) for answer in answers) == 3
    row.refresh_from_db()
    assert pins_of(row).pinned == (f"A{row.pin_reason[-1]}",)
    assert audit.AuditEvent.objects.filter(verb="booths.places_fixed").count() == 1
