"""Reviewing, computing and publishing: each whole or not at all."""

import json
from hashlib import sha256

import pytest

from accounts.models import Role
from booths.actions import decide_applications, publish_allocation, start_allocation
from booths.models import AllocationRun, Assignment, Booth, BoothDay
from booths.queries import placements_of
from booths.states import ApplicationState, RunState
from core.audit import AuditEvent
from core.errors import DomainError, NotAllowed, StaleState
from core.jobs import Job, State, cancel_job
from fairs.models import Fair
from fairs.states import FairState
from tests.booths.scenes import answer_of, compute_run, make_allocating_fair, publish_run
from tests.builders import make_application, make_fair, make_organiser, make_user
from tests.claims import verbs_of

pytestmark = pytest.mark.django_db


def _states(fair: Fair) -> dict[str, str]:
    return dict(fair.applications.values_list("code", "state"))


def test_a_run_keeps_what_it_was_made_from_and_what_came_out() -> None:
    fair = make_allocating_fair()
    run = compute_run(fair)
    assert run.job is not None
    assert (run.number, run.state, run.job.state) == (1, RunState.PROPOSED, State.DONE)
    assert run.instance_sha256 == sha256(run.instance.encode()).hexdigest()
    assert answer_of(run)["instance_sha256"] == run.instance_sha256
    assert sorted(answer_of(run)["assignments"]) == ["DK-1", "DK-2", "DK-3"]
    assert verbs_of(stream=fair.stream) == [
        "booths.allocation_started",
        "booths.allocation_proposed",
    ]


def test_starting_twice_is_starting_once() -> None:
    fair, actor = make_allocating_fair(), make_organiser()
    first = start_allocation(fair=fair, actor=actor)
    assert start_allocation(fair=fair, actor=actor) == first
    assert (AllocationRun.objects.count(), Job.objects.count()) == (1, 1)


def test_a_cancelled_run_makes_way_for_a_new_one() -> None:
    fair, actor = make_allocating_fair(), make_organiser()
    first = start_allocation(fair=fair, actor=actor)
    assert first.job is not None
    cancel_job(first.job)
    second = start_allocation(fair=fair, actor=actor)
    first.refresh_from_db()
    assert (first.state, second.number, second.state) == (
        RunState.ABANDONED,
        2,
        RunState.COMPUTING,
    )


def test_a_missing_seed_is_drawn_and_recorded_before_the_run() -> None:
    fair = make_allocating_fair()
    Fair.objects.filter(pk=fair.pk).update(seed="")
    run = start_allocation(fair=fair, actor=make_organiser())
    fair.refresh_from_db()
    assert json.loads(run.instance)["seed"] == fair.seed != ""
    assert verbs_of(stream=fair.stream) == ["booths.seed_drawn", "booths.allocation_started"]
    assert AuditEvent.objects.get(verb="booths.seed_drawn").facts == {"seed": fair.seed}


@pytest.mark.parametrize("state", [FairState.REGISTERING, FairState.PUBLISHED])
def test_booths_are_allocated_only_while_the_fair_is_allocating(state: str) -> None:
    fair = make_allocating_fair()
    Fair.objects.filter(pk=fair.pk).update(state=state)
    with pytest.raises(DomainError) as refused:
        start_allocation(fair=fair, actor=make_organiser())
    assert refused.value.code == "allocation.not_now"


def test_a_contradiction_is_named_before_anything_is_computed() -> None:
    fair = make_allocating_fair()
    fair.applications.filter(code="DK-1").update(pinned=[])
    with pytest.raises(DomainError) as refused:
        start_allocation(fair=fair, actor=make_organiser())
    assert refused.value.code == "allocation.pins"
    assert "(DK-1)" in str(refused.value)
    assert not AllocationRun.objects.exists()


def test_publishing_gives_out_the_booths_for_every_day() -> None:
    fair = make_allocating_fair(applications=3, booths=2)
    run = publish_run(fair)
    fair.refresh_from_db()
    assert (run.state, fair.state) == (RunState.PUBLISHED, FairState.PUBLISHED)
    assert _states(fair) == {"DK-1": "placed", "DK-2": "placed", "DK-3": "waiting_list"}
    assert BoothDay.objects.count() == 2 * fair.days
    assert {day.day for day in BoothDay.objects.all()} >= {fair.first_day, fair.end}
    assert verbs_of(stream=fair.stream)[-1] == "booths.allocation_published"


def test_publishing_twice_is_told() -> None:
    run, actor = publish_run(make_allocating_fair()), make_organiser()
    with pytest.raises(StaleState):
        publish_allocation(run=run, actor=actor)
    assert BoothDay.objects.filter(released_at=None).count() == 3 * run.fair.days


def test_publishing_what_no_longer_holds_is_refused_and_names_what_changed() -> None:
    fair = make_allocating_fair()
    run = compute_run(fair)
    fair.applications.filter(code="DK-2").update(state=ApplicationState.WITHDRAWN)
    with pytest.raises(DomainError) as refused:
        publish_allocation(run=run, actor=make_organiser())
    assert (refused.value.code, refused.value.facts) == ("allocation.changed", {"codes": "DK-2"})
    run.refresh_from_db()
    fair.refresh_from_db()
    assert (run.state, fair.state) == (RunState.PROPOSED, FairState.ALLOCATING)
    assert not Assignment.objects.exists()


def test_publishing_on_a_changed_plan_is_refused() -> None:
    fair = make_allocating_fair()
    run = compute_run(fair)
    Booth.objects.filter(code="A1").update(water=True)
    with pytest.raises(DomainError) as refused:
        publish_allocation(run=run, actor=make_organiser())
    assert (refused.value.code, refused.value.facts) == ("allocation.changed", {})


def test_publishing_is_all_or_nothing() -> None:
    fair = make_allocating_fair()
    run = compute_run(fair)
    elsewhere = Assignment.objects.create(application=make_application())
    code = next(iter(answer_of(run)["assignments"].values()))[0]
    booth = Booth.objects.get(code=code)
    BoothDay.objects.create(assignment=elsewhere, booth=booth, day=fair.end)
    with pytest.raises(Exception, match="booth_id"):
        publish_allocation(run=run, actor=make_organiser())
    run.refresh_from_db()
    assert run.state == RunState.PROPOSED
    assert set(_states(fair).values()) == {"eligible"}
    assert list(Assignment.objects.all()) == [elsewhere]


def test_a_later_published_run_takes_the_place_of_the_earlier() -> None:
    fair = make_allocating_fair(applications=2, booths=1)
    first = publish_run(fair)
    assert [each.application.code for each in placements_of(fair)] == ["DK-1"]
    Fair.objects.filter(pk=fair.pk).update(state=FairState.ALLOCATING)
    fair.applications.filter(code="DK-2").update(priority=90)
    second = publish_run(fair)
    first.refresh_from_db()
    assert (first.state, second.state) == (RunState.SUPERSEDED, RunState.PUBLISHED)
    assert [each.application.code for each in placements_of(fair)] == ["DK-2"]
    assert _states(fair) == {"DK-1": "waiting_list", "DK-2": "placed"}


def test_a_new_proposal_supersedes_the_old_one() -> None:
    fair = make_allocating_fair()
    first = compute_run(fair)
    second = compute_run(fair)
    first.refresh_from_db()
    assert (first.state, second.state) == (RunState.SUPERSEDED, RunState.PROPOSED)
    with pytest.raises(StaleState):
        publish_allocation(run=first, actor=make_organiser())


def test_a_reviewer_decides_on_several_applications_at_once() -> None:
    fair = make_fair()
    codes = {make_application(fair).code, make_application(fair).code}
    reviewer = make_user(role=Role.REVIEWER, fair=fair)
    decision = decide_applications(fair=fair, codes=codes, to="eligible", actor=reviewer)
    assert decision.messages.count() == 2
    assert set(_states(fair).values()) == {"eligible"}
    assert verbs_of(stream=fair.stream) == ["booths.application_accepted"] * 2


def test_a_decision_holds_for_all_applications_or_none() -> None:
    fair = make_fair()
    submitted = make_application(fair)
    withdrawn = make_application(fair, state=ApplicationState.WITHDRAWN)
    with pytest.raises(StaleState):
        decide_applications(
            fair=fair,
            codes={submitted.code, withdrawn.code},
            to="eligible",
            actor=make_organiser(),
        )
    submitted.refresh_from_db()
    assert submitted.state == ApplicationState.SUBMITTED


def test_an_unknown_application_stops_the_whole_decision() -> None:
    fair = make_fair()
    application, elsewhere = make_application(fair), make_application()
    with pytest.raises(DomainError) as refused:
        decide_applications(
            fair=fair,
            codes={application.code, elsewhere.code},
            to="eligible",
            actor=make_organiser(),
        )
    assert refused.value.code == "review.nothing_chosen"
    assert _states(fair) == {application.code: "submitted"}


def test_a_refusal_needs_a_reason() -> None:
    fair = make_fair()
    application = make_application(fair)
    with pytest.raises(DomainError) as refused:
        decide_applications(
            fair=fair, codes={application.code}, to="refused", actor=make_organiser()
        )
    assert refused.value.code == "review.reason_missing"


def test_a_viewer_may_change_nothing() -> None:
    fair = make_allocating_fair()
    run = compute_run(fair)
    viewer = make_user(role=Role.VIEWER, fair=fair)
    with pytest.raises(NotAllowed):
        start_allocation(fair=fair, actor=viewer)
    with pytest.raises(NotAllowed):
        publish_allocation(run=run, actor=viewer)
    with pytest.raises(NotAllowed):
        decide_applications(fair=fair, codes={"DK-1"}, to="refused", reason="x", actor=viewer)
