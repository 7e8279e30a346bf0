"""What the scene holds of applications, the floor plan and the allocation."""

from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone

from booths.models import AllocationRun, BoothOffer, Partner
from booths.states import ApplicationState
from fairs.models import Fair
from registry.models import Organisation
from tests import builders
from tests.booths.floor_scenes import draw_twice, plan_forms
from tests.booths.review_scenes import make_review, review_forms
from tests.config.doors.corner import Corner


def furnish(fair: Fair, run: AllocationRun, producer: Organisation) -> Iterator[Corner]:
    """One application in each room; `producer` applies at another fair."""
    yield _review(fair)
    yield _stand(fair)
    yield _waiting(fair)
    yield _own_application(fair, producer)
    yield _allocation(run)
    yield _floor_plan(fair)


def _review(fair: Fair) -> Corner:
    submitted = builders.make_application(fair)
    make_review(fair)
    there = {"code": fair.code, "application": submitted.code}
    return Corner(
        places={
            **{f"application_{name}": there for name in ("page", "pins", "score", "tag", "note")},
            **{f"api:{verb}_application": there for verb in ("read", "change", "send")},
            "decision_page": {"code": fair.code, "number": 1},
        },
        forms={
            **review_forms(submitted),
            "application_pins": {"pinned": "A1", "reason": "Gần lối vào"},
        },
    )


def _stand(fair: Fair) -> Corner:
    there = {"code": fair.code, "application": "DK-1"}
    return Corner(
        {
            "stand_release": there,
            "fair_takings": there,
            "my_takings": {"application": "DK-1"},
        }
    )


def _waiting(fair: Fair) -> Corner:
    offer = BoothOffer.objects.create(
        application=fair.applications.get(code="DK-3"),
        booths=["A1"],
        expires_at=timezone.now() + timedelta(days=1),
    )
    there = {"code": fair.code, "application": "DK-3"}
    return Corner(
        places={
            **{f"waiting_{verb}": there for verb in ("stand", "answer")},
            "booth_offer": {"token": offer.token},
        },
        forms={
            "waiting_settings": {"do": "hours", "hours": "12"},
            "waiting_answer": {"act": "call"},
            "booth_offer": {"act": "accept"},
        },
    )


def _own_application(fair: Fair, producer: Organisation) -> Corner:
    applied = builders.make_application(
        builders.make_fair(), producer, state=ApplicationState.DRAFT
    )
    stand = fair.applications.get(code="DK-1")
    asked = Partner.objects.create(application=applied, organisation=stand.organisation)
    there = {"application": applied.code}
    return Corner(
        places={
            "application_link": {"token": applied.token},
            "my_application": there,
            "my_application_step": {**there, "step": "booths"},
            "my_application_withdraw": there,
            "my_application_sharing": there,
            **{name: {"token": asked.token} for name in ("my_sharing", "my_sharing_end")},
        },
        forms={
            "my_application_step": {"version": 1, "booths_wanted": "2", "power_kw": "1,5"},
            "my_application_withdraw": {"confirm": "yes"},
            "my_sharing_end": {"confirm": "yes"},
        },
    )


def _allocation(run: AllocationRun) -> Corner:
    here = {"code": run.fair.code}
    of_run = {**here, "number": run.number}
    return Corner(
        places={
            **{f"allocation_{page}": of_run for page in ("run", "publish", "move", "move_back")},
            **{
                name: {**of_run, "name": "answer"}
                for name in ("allocation_file", "api:read_run_file")
            },
            "api:read_run": of_run,
            "public_protocol_file": {**here, "name": "answer"},
            **{
                name: {**here, "name": "utilities"} for name in ("booth_paper", "booth_paper_sheet")
            },
            "booth_paper_make": {**here, "name": "signs"},
        },
        forms={"allocation_move": {"application": "DK-1", "to": "", "reason": "Không đến"}},
    )


def _floor_plan(fair: Fair) -> Corner:
    draw_twice(fair)
    here = {"code": fair.code}
    first = {**here, "version": 1}
    return Corner(
        places={
            **{f"floor_plan_{page}": first for page in ("version", "restore", "sheet")},
            "api:read_floor_plan_version": first,
            "floor_plan_file": {**first, "ending": "json"},
            "floor_plan_part": {**here, "kind": "booth", "key": "A1"},
            "floor_plan_picture": {**here, "number": 1},
        },
        forms=plan_forms(fair),
    )
