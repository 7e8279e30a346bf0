"""Stands moved by hand: each move a run of its own that says so, also in public."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import Role
from booths.actions import publish_allocation, start_allocation
from booths.actions.moves import move_stand, take_back_move
from booths.allocation import check_answer, read_instance
from booths.models import AllocationRun
from booths.queries import placements_of
from booths.states import ApplicationState, RunState
from core.audit import AuditEvent
from core.errors import DomainError, NotAllowed, StaleState
from core.tasks import run_job
from fairs.models import Fair
from tests.booths.scenes import answer_of, compute_run, desk_of, do_jobs, make_allocating_fair
from tests.builders import make_application, make_organiser, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def _fair() -> Fair:
    """DK-1 wishes for A1 and DK-2 for A2; of four booths one stays free; DK-9 fits nowhere."""
    fair = make_allocating_fair(applications=3)
    for code, booth in {"DK-1": "A1", "DK-2": "A2", "DK-3": "A3"}.items():
        fair.applications.filter(code=code).update(wishes=[["booth", booth]])
    make_application(fair, code="DK-9", state=ApplicationState.ELIGIBLE, power_kw=90)
    return fair


def _move(run: AllocationRun, code: str, *booths: str, **fields: Any) -> AllocationRun:
    values = {"reason": "Gần lối vào cho xe lăn", "actor": make_organiser()}
    return move_stand(run=run, application=code, booths=booths or None, **{**values, **fields})


def _address(run: AllocationRun, name: str = "allocation_move") -> str:
    return reverse(name, args=[run.fair.code, run.number])


def test_a_move_is_a_new_run_with_the_same_inputs_and_bound() -> None:
    first = compute_run(_fair())
    before = answer_of(first)
    second = _move(first, "DK-1", "A2")
    first.refresh_from_db()
    after = answer_of(second)
    assert (first.state, second.state, second.number) == (RunState.SUPERSEDED, RunState.PROPOSED, 2)
    assert answer_of(first) == before
    assert (second.instance, second.instance_sha256) == (first.instance, first.instance_sha256)
    assert after["assignments"] == {"DK-1": ["A2"], "DK-2": ["A1"], "DK-3": ["A3"]}
    assert (after["score"], after["bound"]) == (before["score"] - 60, before["bound"])
    assert (after["status"], second.adjusted_from) == ("feasible", first)
    [move] = second.moves
    assert move["shifts"] == [["DK-1", ["A1"], ["A2"]], ["DK-2", ["A2"], ["A1"]]]
    assert (move["reason"], move["by"]) == ("Gần lối vào cho xe lăn", "Nguyễn Thị Hoà")
    assert after["adjusted"]["run"] == 1
    assert "by" not in after["adjusted"]["moves"][0]
    event = AuditEvent.objects.get(verb="booths.stand_moved")
    assert (event.facts["score_before"], event.facts["score"]) == (before["score"], after["score"])


def test_who_loses_a_place_is_told_so_and_others_keep_the_reason_of_the_computed_run() -> None:
    fair = _fair()
    make_application(fair, code="DK-8", state=ApplicationState.ELIGIBLE, priority=2)
    make_application(fair, code="DK-7", state=ApplicationState.ELIGIBLE, priority=1)
    first = compute_run(fair)
    assert answer_of(first)["unplaced"].keys() == {"DK-7", "DK-9"}
    second = _move(_move(first, "DK-3"), "DK-7", "A3")
    unplaced = answer_of(second)["unplaced"]
    assert unplaced["DK-9"] == answer_of(first)["unplaced"]["DK-9"]
    assert unplaced["DK-3"] == {"reason": "moved_out", "facts": {"run": 2, "booths": ["A3"]}}
    third = _move(second, "DK-8")
    assert answer_of(third)["unplaced"].keys() == {"DK-3", "DK-8", "DK-9"}
    page = desk_of().get(reverse("allocation", args=[fair.code])).text
    assert "Had A3 and lost it when the organiser moved stands by hand." in page


def test_a_reason_found_before_the_moves_says_so() -> None:
    fair = make_allocating_fair(applications=3, booths=2)
    second = _move(compute_run(fair), "DK-1", "A2")
    assert answer_of(second)["unplaced"]["DK-3"]["facts"]["in_run"] == 1
    page = desk_of().get(reverse("allocation", args=[fair.code])).text
    assert "In run 1, before the moves by hand: All 2 places that fit are taken" in page


def test_moves_add_up_and_can_be_checked_and_taken_back() -> None:
    first = compute_run(_fair())
    second = _move(first, "DK-1", "A4")
    third = _move(second, "DK-2", "A1")
    answer = answer_of(third)
    assert [move["application"] for move in third.moves] == ["DK-1", "DK-2"]
    found = check_answer(read_instance(third.instance), answer)
    assert found == {
        "score": answer["score"],
        "broken": [],
        "computed_score": answer_of(first)["score"],
        "computed_assignments": answer_of(first)["assignments"],
        "agrees": True,
    }
    answer["adjusted"]["moves"].pop()
    assert not check_answer(read_instance(third.instance), answer)["agrees"]
    fourth = take_back_move(run=third, actor=make_organiser())
    assert (fourth.number, fourth.state, fourth.answer) == (4, RunState.PROPOSED, second.answer)
    assert (fourth.adjusted_from, fourth.moves) == (first, second.moves)
    fifth = take_back_move(run=fourth, actor=make_organiser())
    assert (fifth.answer, fifth.adjusted_from, fifth.moves) == (first.answer, None, [])
    with pytest.raises(DomainError) as refused:
        take_back_move(run=fifth, actor=make_organiser())
    assert refused.value.code == "moves.none"


def test_what_breaks_a_rule_is_refused_with_its_name() -> None:
    fair = _fair()
    fair.applications.filter(code="DK-2").update(pinned=["A2"])
    run = compute_run(fair)
    name = str(fair.applications.get(code="DK-2").organisation)
    for code, booths, sentence in [
        ("DK-1", ["A2"], f"{name} is fixed in A2."),
        ("DK-2", ["A1"], "The organiser has fixed it in A2."),
        ("DK-9", ["A1"], "A1: 3 kW are there, 90 kW are needed."),
        ("DK-9", [], "It has no booths."),
        ("DK-1", ["Z"], "Booth Z is not on the floor plan."),
    ]:
        with pytest.raises(DomainError) as refused:
            _move(run, code, *booths)
        assert refused.value.code == "moves.refused"
        assert sentence in str(refused.value)
    for fields, code in [({"reason": ""}, "moves.reason_missing")]:
        with pytest.raises(DomainError) as refused:
            _move(run, "DK-1", "A4", **fields)
        assert refused.value.code == code
    with pytest.raises(DomainError) as refused:
        _move(run, "DK-0", "A4")
    assert refused.value.code == "moves.unknown"
    with pytest.raises(NotAllowed):
        _move(run, "DK-1", "A4", actor=make_user(role=Role.VIEWER, fair=fair))
    assert AllocationRun.objects.count() == 1


def test_the_second_of_two_who_move_is_shown_the_same_move_on_the_new_run() -> None:
    run = compute_run(_fair())
    _move(run, "DK-1", "A4")
    with pytest.raises(StaleState):
        _move(run, "DK-2", "A1")
    asked = {"application": "DK-2", "to": "A1", "reason": "Xin đổi"}
    page = desk_of().post(_address(run), asked, follow=True)
    [(address, _status)] = page.redirect_chain
    assert address.startswith(f"/desk/fairs/{run.fair.code}/allocation/2/move/?")
    for word in ("Run 2 has taken the place of run 1", "Nothing of yours", 'value="Xin đổi"'):
        assert word in page.text
    assert "from A2 to A1" in page.text
    assert AllocationRun.objects.count() == 2


def test_the_page_says_every_place_with_its_effect_and_moves_without_a_script() -> None:
    run = compute_run(_fair())
    client = desk_of()
    page = client.get(_address(run), {"application": "DK-1"}).text
    other = str(run.fair.applications.get(code="DK-2").organisation)
    for word in ("Places that fit", "wishes −60", "wishes −30", f"{other} from A2 to A1"):
        assert word in page
    chosen = client.get(_address(run), {"application": "DK-1", "to": "A2"}).text
    assert "Score −60" in chosen
    part = client.get(
        _address(run), {"application": "DK-1", "booth": "A2"}, headers={"X-Part": "booth"}
    )
    assert 'data-booths="A2"' in part.text
    assert "<html" not in part.text
    empty = client.post(_address(run), {"application": "DK-1", "to": "A2", "reason": " "})
    assert (empty.status_code, AllocationRun.objects.count()) == (422, 1)
    assert "it stands in the public protocol" in empty.text
    done = client.post(
        _address(run), {"application": "DK-1", "to": "A2", "reason": "Gần cửa"}, follow=True
    )
    for word in ("This is run 2", "Moved by hand", "Gần cửa", "wishes −60"):
        assert word in done.text
    back = client.post(reverse("allocation_move_back", args=[run.fair.code, 2]), follow=True)
    assert "Taken back. This is run 3." in back.text


def test_the_script_gets_a_sentence_for_every_booth() -> None:
    run = compute_run(_fair())
    answer = (
        desk_of().get(_address(run), {"application": "DK-9"}, headers={"X-Part": "effects"}).json()
    )
    assert answer["booths"]["A1"] == {"ok": False, "note": "A1: 3 kW are there, 90 kW are needed."}
    answer = (
        desk_of().get(_address(run), {"application": "DK-1"}, headers={"X-Part": "effects"}).json()
    )
    assert answer["booths"]["A1"] == {"ok": False, "note": "It stands here."}
    assert answer["booths"]["A4"] == {"ok": True, "note": "A4: score −30 (wishes −30)"}
    assert sorted(answer["booths"]) == ["A1", "A2", "A3", "A4"]


def test_a_run_that_is_no_proposal_offers_no_move() -> None:
    fair = _fair()
    first = compute_run(fair)
    start_allocation(fair=fair, actor=make_organiser())
    run_job(AllocationRun.objects.get(number=2).job_id)
    page = desk_of().get(reverse("allocation_run", args=[fair.code, first.number])).text
    assert "/move/" not in page
    landed = desk_of().get(_address(first), {"application": "DK-1"}, follow=True)
    assert (
        landed.redirect_chain[0][0] == f"{_address(first).replace('/1/', '/2/')}?application=DK-1"
    )


def test_a_plan_moved_by_hand_is_published_and_its_protocol_says_so(
    client: Client, tmp_path: Path
) -> None:
    fair = _fair()
    first = compute_run(fair)
    second = _move(first, "DK-1", "A2")
    publish_allocation(run=second, actor=make_organiser())
    assert {each.application.code: each.booths for each in placements_of(fair)} == {
        "DK-1": ("A2",),
        "DK-2": ("A1",),
        "DK-3": ("A3",),
    }
    address = f"/f/{fair.code}/protocol/"
    page = client.get(address, {"language": "en"}).text
    names = {row.code: str(row.organisation) for row in fair.applications.all()}
    score, now = (f"{answer_of(run)['score']:,}" for run in (first, second))
    for word in (
        "These booths are not the computed plan: the organiser made 1 move by hand after run 1.",
        f"Its score was {score}; this plan has {now} (−60).",
        f"{names['DK-1']} (DK-1) from A1 to A2",
        "Reason: Gần lối vào cho xe lăn",
        f"That gives run 1 with the score {score}, not yet the booths above.",
        "--check answer.json",
    ):
        assert word in page
    assert "With the two files below anybody can compute it again." not in page
    assert "Compare the assignments" not in page
    assert "Nguyễn Thị Hoà" not in page
    assert names["DK-9"] not in page
    assert do_jobs("booths.draw_protocol") == 1
    paper = client.get(f"{address}protocol.pdf", {"language": "en"})
    assert paper.getvalue().startswith(b"%PDF")
    files = {}
    for name in ("instance", "answer"):
        files[name] = tmp_path / f"{name}.json"
        files[name].write_bytes(client.get(f"{address}{name}.json").content)
    out = io.StringIO()
    call_command("solve_allocation", str(files["instance"]), stdout=out)
    assert json.loads(out.getvalue())["assignments"] == answer_of(first)["assignments"]
    checked = io.StringIO()
    command = ["solve_allocation", str(files["instance"]), "--check", str(files["answer"])]
    call_command(*command, stdout=checked)
    assert json.loads(checked.getvalue())["agrees"]
    told = json.loads(files["answer"].read_text())
    files["answer"].write_text(json.dumps({**told, "score": told["score"] + 1}))
    with pytest.raises(SystemExit) as ended:
        call_command(*command, stdout=io.StringIO())
    assert ended.value.code == 1


def test_a_computed_plan_is_published_without_a_word_of_moves(client: Client) -> None:
    fair = _fair()
    publish_allocation(run=compute_run(fair), actor=make_organiser())
    page = client.get(f"/f/{fair.code}/protocol/", {"language": "en"}).text
    assert "With the two files below anybody can compute it again." in page
    assert "by hand" not in page


@pytest.mark.parametrize("change", ["withdrawn", "edited"])
def test_inputs_that_changed_since_are_named_and_nothing_is_published(change: str) -> None:
    fair = _fair()
    run = start_allocation(fair=fair, actor=make_organiser())
    row = fair.applications.filter(code="DK-2")
    row.update(**({"state": "withdrawn"} if change == "withdrawn" else {"power_kw": 2}))
    run_job(run.job_id)  # while it was computing
    moved = _move(AllocationRun.objects.get(), "DK-1", "A4")
    page = desk_of().get(reverse("allocation", args=[fair.code])).text
    assert "The fair has changed since this run was computed" in page
    assert "/publish/" not in page
    assert (
        "no longer takes part (withdrawn)" if change == "withdrawn" else "changed: power"
    ) in page
    with pytest.raises(DomainError) as refused:
        publish_allocation(run=moved, actor=make_organiser())
    assert (refused.value.code, refused.value.facts) == ("allocation.changed", {"codes": "DK-2"})


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_for_one_stand_and_three(
    count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    run = compute_run(make_allocating_fair(applications=count, booths=count))
    client = desk_of()
    with django_assert_num_queries(13):
        client.get(_address(run), {"application": "DK-1"})
