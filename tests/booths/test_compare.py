"""Runs beside each other, and a run that keeps an earlier plan."""

import io
import json
from typing import Any

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from python_calamine import CalamineWorkbook

from booths.actions.moves import move_stand
from booths.allocation.difference import Change, compare_instances, compare_plans
from booths.models import AllocationRun
from booths.queries.compare import compare_runs, kept_by, stale_inputs_of
from booths.states import ApplicationState
from core.tasks import run_job
from fairs.models import Fair
from tests.booths.floor_scenes import draw_twice
from tests.booths.scenes import answer_of, compute_run, desk_of, make_allocating_fair, publish_run
from tests.builders import make_application, make_fair, make_organiser

pytestmark = pytest.mark.django_db


def _start(fair: Fair, **asked: Any) -> AllocationRun:
    """Press "Allocate again" with these answers, and let the worker compute."""
    desk_of().post(reverse("allocation_start", args=[fair.code]), asked)
    run: AllocationRun = fair.runs.latest("number")
    run_job(run.job_id)
    run.refresh_from_db()
    return run


def _two_runs(applications: int = 3, booths: int = 2) -> Fair:
    fair = make_allocating_fair(applications=applications, booths=booths)
    compute_run(fair)
    fair.applications.filter(code="DK-1").update(priority=1)
    make_application(fair, code="DK-8", state=ApplicationState.ELIGIBLE, priority=90)
    compute_run(fair)
    return fair


def test_what_went_in_and_what_came_out_is_compared() -> None:
    fair = _two_runs()
    found = compare_runs(fair, 1, 2)
    assert (found.inputs.added, found.inputs.gone, found.inputs.is_rest) == (("DK-8",), (), False)
    assert found.inputs.changed == {"DK-1": ("priority",)}
    changed = {each.id for each in found.changes}
    given = [answer_of(run)["assignments"] for run in (found.first, found.second)]
    ids = given[0].keys() | given[1].keys()
    assert changed == {code for code in ids if given[0].get(code) != given[1].get(code)}
    assert "DK-8" in changed


def test_plans_and_instances_are_compared_as_sets() -> None:
    assert compare_plans({"P": ["A1", "A2"], "Q": ["B1"]}, {"P": ["A2", "A1"], "R": ["B1"]}) == [
        Change("Q", ("B1",), None),
        Change("R", None, ("B1",)),
    ]
    document: dict[str, Any] = {"seed": "one", "booths": [], "applications": [{"id": "P"}]}
    same = {**document, "applications": [{"id": "P", "previous": ["A1"]}]}
    assert not compare_instances(document, same)
    other = {**document, "seed": "two", "booths": [{"code": "A"}], "weights": {"stability": 30}}
    found = compare_instances(document, other)
    assert (found.is_plan, found.is_seed, found.is_quotas) == (True, True, False)
    assert found.weights == {"stability": (0, 30)}


def test_the_page_shows_figures_inputs_stands_and_the_plan() -> None:
    fair = _two_runs()
    page = desk_of().get(reverse("allocation_compare", args=[fair.code])).text
    name = str(fair.applications.get(code="DK-1").organisation)
    for word in (
        "Run 1 and run 2",
        "takes part only in the later one",
        "changed: priority",
        "no place any more",
        "new place",
        name,
        "All 2 places that fit are taken",
    ):
        assert word in page
    given = [answer_of(run)["assignments"] for run in fair.runs.order_by("number")]
    before, after = ({b: c for c, booths in plan.items() for b in booths} for plan in given)
    assert page.count(' changed"><title>') == sum(after[b] != before.get(b) for b in after)


def test_a_moved_drawing_is_another_version_of_the_plan_but_the_same_input() -> None:
    fair = make_allocating_fair(applications=1)
    compute_run(fair)
    draw_twice(fair)
    compute_run(fair)
    assert not compare_runs(fair, 1, 2).inputs
    page = desk_of().get(reverse("allocation_compare", args=[fair.code])).text
    assert "The same: applications, floor plan, quotas, weights and seed." in page
    assert "Everybody has the same booths in both." in page


def test_the_sheet_has_a_row_for_every_change() -> None:
    fair = _two_runs()
    address = reverse("allocation_compare_sheet", args=[fair.code])
    answer = desk_of().get(address, {"first": 2, "second": 1})
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    assert book.sheet_names == ["Stands", "Figures", "What went in"]
    rows = book.get_sheet_by_name("Stands").to_python()
    codes = {row[0] for row in rows[6:]}
    assert codes == {each.id for each in compare_runs(fair, 1, 2).changes}
    assert rows[5][2:4] == ["Run 1", "Run 2"]
    inputs = book.get_sheet_by_name("What went in").to_python()
    assert ["DK-1", str(fair.applications.get(code="DK-1").organisation), "changed: priority"] in [
        row[:3] for row in inputs
    ]


def test_there_is_nothing_to_compare_with_one_run_or_another_fairs() -> None:
    fair = make_allocating_fair(applications=1)
    compute_run(fair)
    client, address = desk_of(), reverse("allocation_compare", args=[fair.code])
    assert 'class="empty"' in client.get(address).text
    assert client.get(reverse("allocation_compare_sheet", args=[fair.code])).status_code == 404
    compute_run(fair)
    assert client.get(address, {"first": 1, "second": 2}).status_code == 200
    unknown: list[dict[str, Any]] = [{"first": 1, "second": 9}, {"first": "x", "second": 1}]
    for asked in (*unknown, {"first": 1}):
        assert client.get(address, asked).status_code == 404
    assert desk_of(make_fair()).get(address).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_comparison_costs_the_same_for_one_row_and_three(
    count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    fair = make_allocating_fair(applications=count, booths=count)
    move_stand(
        run=compute_run(fair), application="DK-1", booths=None, reason="x", actor=make_organiser()
    )
    client = desk_of()
    with django_assert_num_queries(13):
        client.get(reverse("allocation_compare", args=[fair.code]))


def test_a_run_keeps_the_published_places_as_strongly_as_asked() -> None:
    fair = make_allocating_fair(applications=2, booths=2)
    fair.applications.filter(code="DK-1").update(wishes=[["booth", "A1"]])
    publish_run(fair)
    Fair.objects.filter(pk=fair.pk).update(state="allocating")
    fair.applications.filter(code="DK-1").update(wishes=[["booth", "A2"]])
    off = _start(fair)
    assert "previous" not in off.instance
    assert answer_of(off)["assignments"] == {"DK-1": ["A2"], "DK-2": ["A1"]}
    assert kept_by(off) is None
    kept = _start(fair, keep="strongly", previous=1)
    document = json.loads(kept.instance)
    assert document["weights"]["stability"] == 300
    assert {each["id"]: each["previous"] for each in document["applications"]} == {
        "DK-1": ["A1"],
        "DK-2": ["A2"],
    }
    assert answer_of(kept)["assignments"] == {"DK-1": ["A1"], "DK-2": ["A2"]}
    page = desk_of().get(reverse("allocation", args=[fair.code])).text
    assert "0 of 2 stands changed." in page
    assert stale_inputs_of(kept, fair) is None


def test_the_page_says_how_many_stands_changed() -> None:
    fair = make_allocating_fair(applications=3, booths=3)
    compute_run(fair)
    fair.applications.filter(code="DK-1").update(state=ApplicationState.WITHDRAWN)
    make_application(fair, code="DK-8", state=ApplicationState.ELIGIBLE)
    fair.applications.filter(code="DK-2").update(wishes=[["booth", "A1"]])
    held = answer_of(fair.runs.get(number=1))["assignments"]
    fair.applications.filter(code="DK-2").update(pinned=held["DK-1"])
    run = _start(fair, keep="prefer")
    found = kept_by(run)
    assert found
    assert (found.stands, found.changed, found.new, found.worth) == (2, 1, 1, 30)
    page = desk_of().get(reverse("allocation", args=[fair.code])).text
    assert "1 of 2 stands changed." in page
    assert "1 application has booths that had none." in page


@pytest.mark.parametrize("asked", [{"keep": "always"}, {"keep": "prefer", "previous": "7"}])
def test_an_unknown_way_to_keep_starts_nothing(asked: dict[str, str]) -> None:
    fair = make_allocating_fair(applications=1)
    compute_run(fair)
    answer = desk_of().post(reverse("allocation_start", args=[fair.code]), asked)
    assert (answer.status_code, fair.runs.count()) == (409, 1)


def test_before_anything_was_computed_nothing_can_be_kept() -> None:
    fair = make_allocating_fair(applications=1)
    run = _start(fair, keep="strongly")
    assert "stability" not in run.instance
    assert answer_of(run)["status"] == "optimal"
