"""Several people change one floor plan at the same instant."""

from functools import partial
from typing import Any

from booths.actions import publish_allocation
from booths.actions.floor_plan import save_floor_plan
from booths.floor import write_plan
from booths.models import AllocationRun, BoothDay, FloorPlan
from booths.queries.floor_plan import current_floor
from core import audit
from core.errors import DomainError, StaleState
from fairs.models import Fair
from tests import builders
from tests.booths.scenes import compute_run, make_allocating_fair
from tests.races.conftest import AtOnce


def test_of_eight_who_save_one_is_first_and_the_others_are_told(at_once: AtOnce) -> None:
    fair, actor = builders.make_fair(), builders.make_organiser()
    builders.make_floor_plan(fair)
    document = write_plan(current_floor(fair)[1])
    answers = at_once(
        [
            partial(
                save_floor_plan,
                fair=Fair.objects.get(pk=fair.pk),
                base=1,
                document={**document, "width": 500 + person},
                actor=actor,
            )
            for person in range(8)
        ]
    )
    kinds = sorted(type(answer).__name__ for answer in answers)
    assert kinds == ["FloorPlan"] + ["StaleState"] * 7
    assert list(FloorPlan.objects.order_by("version").values_list("version", "is_current")) == [
        (1, False),
        (2, True),
    ]
    assert list(audit.find_breaks()) == []


def test_a_booth_is_not_taken_away_while_it_is_being_given_out(at_once: AtOnce) -> None:
    fair = make_allocating_fair(applications=2, booths=2)
    run = compute_run(fair)
    actor = builders.make_organiser()
    document: dict[str, Any] = write_plan(current_floor(fair)[1])
    answers = at_once(
        [
            partial(
                publish_allocation,
                run=AllocationRun.objects.select_related("fair").get(pk=run.pk),
                actor=actor,
            ),
            partial(
                save_floor_plan,
                fair=Fair.objects.get(pk=fair.pk),
                base=1,
                document={**document, "booths": document["booths"][:1]},
                actor=actor,
            ),
        ]
    )
    refused = [answer for answer in answers if isinstance(answer, DomainError)]
    assert [answer.code for answer in refused] in (["floor_plan.held"], ["allocation.changed"])
    assert not any(isinstance(answer, StaleState) for answer in answers)
    current = FloorPlan.objects.get(is_current=True)
    held = BoothDay.objects.filter(released_at__isnull=True)
    assert set(held.values_list("booth__plan", flat=True)) <= {current.pk}
