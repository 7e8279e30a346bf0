"""Programs read and change floor plans, applications, runs and assignments with a token."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.actions import make_api_token
from accounts.models import Role, Scope, User
from booths.floor import write_plan
from booths.models import AllocationRun, Application, FloorPlan
from booths.queries.floor_plan import current_floor
from booths.states import ApplicationState
from core.tasks import run_job
from fairs.models import Fair
from fairs.states import FairState
from tests.booths.scenes import answer_of, make_allocating_fair, make_running_fair, publish_run
from tests.booths.sharing_scenes import make_household, share_stand
from tests.builders import (
    make_fair,
    make_floor_plan,
    make_organiser,
    make_product,
    make_user,
)

pytestmark = pytest.mark.django_db


class Program:
    """A program that holds a token."""

    def __init__(self, user: User, *scopes: str, **limits: Any) -> None:
        self.token = make_api_token(
            user=user,
            label="ERP",
            scopes=scopes or Scope.values,
            life=timedelta(days=30),
            **limits,
        )

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        manners = {name.replace("_", "-"): value for name, value in headers.items()}
        return Client(enforce_csrf_checks=True).generic(
            method,
            f"/api/v1{path}",
            json.dumps(body) if body is not None else "",
            content_type="application/json",
            headers={"Authorization": f"Bearer {self.token}", **manners},
        )


def _refusal(answer: Any) -> tuple[int, str]:
    assert set(answer.json()) == {"code", "message"}
    return answer.status_code, answer.json()["code"]


def test_a_plan_is_read_and_replaced_by_whoever_has_seen_it(fair: Fair) -> None:
    make_floor_plan(fair)
    program, path = Program(make_organiser(fair)), f"/fairs/{fair.code}/floor-plan"
    seen = program("GET", path)
    tag, plan = seen.headers["ETag"], seen.json()["plan"]
    assert (seen.json()["version"], plan) == (1, write_plan(current_floor(fair)[1]))
    assert program("GET", path, If_None_Match=tag).status_code == 304
    wider = {**plan, "width": plan["width"] + 10}
    assert _refusal(program("PUT", path, {"plan": wider})) == (428, "request.match_missing")
    saved = program("PUT", path, {"plan": wider}, If_Match=tag)
    assert (saved.json()["version"], saved.json()["plan"]) == (2, wider)
    assert _refusal(program("PUT", path, {"plan": plan}, If_Match=tag)) == (
        412,
        "request.match_failed",
    )
    twice = {**wider, "booths": [*wider["booths"], wider["booths"][0]]}
    wrong = program("PUT", path, {"plan": twice}, If_Match=saved.headers["ETag"])
    assert _refusal(wrong) == (400, "floor_plan.invalid")
    versions = program("GET", f"{path}s?limit=1").json()
    assert (versions["count"], [each["version"] for each in versions["items"]]) == (2, [2])
    assert program("GET", f"{path}s/1").json()["plan"] == plan
    assert program("GET", f"{path}s/3").status_code == 404
    assert FloorPlan.objects.count() == 2


def test_an_application_is_entered_changed_and_sent_once(fair: Fair) -> None:
    make_floor_plan(fair)
    product = make_product()
    program = Program(make_user(role=Role.COMMUNE_OFFICER, fair=fair))
    path = f"/fairs/{fair.code}/applications"
    wish = {"organisation": product.producer.code}
    begun, again = program("POST", path, wish), program("POST", path, wish)
    assert (begun.status_code, again.status_code, again.json()) == (201, 200, begun.json())
    one = f"{path}/{begun.json()['code']}"
    change = {
        "products": [product.code],
        "booths_wanted": 2,
        "power_kw": "2.5",
        "wishes": [["booth", "A1"]],
    }
    assert _refusal(program("PATCH", one, change)) == (428, "request.match_missing")
    changed = program("PATCH", one, change, If_Match=begun.headers["ETag"])
    row = Application.objects.get()
    assert (row.booths_wanted, str(row.power_kw), row.wishes) == (2, "2.5", [["booth", "A1"]])
    stale = program("PATCH", one, {"water": True}, If_Match=begun.headers["ETag"])
    assert _refusal(stale) == (412, "request.match_failed")
    half = {"booths_wanted": 3, "wishes": [["booth", "Z9"]]}
    wrong = program("PATCH", one, half, If_Match=changed.headers["ETag"])
    assert _refusal(wrong) == (400, "apply.wish_unknown")
    assert Application.objects.get().booths_wanted == 2  # all or nothing
    note = {"note": "Bà Lò Thị Mai ký 01/11/2026"}
    sent = program("POST", f"{one}/submit", note, If_Match=changed.headers["ETag"])
    assert (sent.status_code, sent.json()["state"]) == (200, "submitted")
    assert Application.objects.get().consent_note == note["note"]
    later = program("POST", f"{one}/submit", note, If_Match=changed.headers["ETag"])
    assert _refusal(later) == (412, "request.match_failed")
    page = program("GET", f"{path}?state=submitted").json()
    assert (page["count"], page["items"]) == (1, [sent.json()])
    assert _refusal(program("GET", f"{path}?state=x")) == (400, "application.state_unknown")


def test_a_run_is_started_once_and_its_files_are_byte_for_byte() -> None:
    fair = make_allocating_fair()
    program, path = Program(make_organiser(fair)), f"/fairs/{fair.code}/runs"
    tag = program("GET", path).headers["ETag"]
    started = program("POST", path, If_Match=tag)
    assert (started.status_code, started.json()["state"]) == (201, "computing")
    assert _refusal(program("POST", path, If_Match=tag)) == (412, "request.match_failed")
    run = AllocationRun.objects.get()
    assert program("GET", f"{path}/1/answer").status_code == 404
    run_job(run.job_id)
    told = program("GET", f"{path}/1").json()
    assert (told["state"], told["status"], told["score"]) == (
        "proposed",
        "optimal",
        answer_of(AllocationRun.objects.get())["score"],
    )
    assert program("GET", f"{path}/1/instance").content == run.instance.encode()
    assert program("GET", f"{path}/1/answer").json()["score"] == told["score"]
    assert program("GET", path).json()["items"] == [told]
    for name in ("1/secret", "2", "2/answer"):
        assert program("GET", f"{path}/{name}").status_code == 404


def test_everybody_reads_who_is_where_once_it_is_published() -> None:
    fair = make_allocating_fair(applications=2, booths=2)
    partner = share_stand(fair.applications.get(code="DK-1"), make_household(), 2)
    path = f"/api/v1/fairs/{fair.code}/assignments"
    assert Client().get(path).status_code == 404
    publish_run(fair)
    page = Client().get(f"{path}?limit=1&offset=0").json()
    assert (page["count"], len(page["items"])) == (2, 1)
    stands = {each["booths"][0]: each for each in Client().get(path).json()["items"]}
    shared = [each for each in stands.values() if len(each["households"]) == 2]
    assert [each["households"][1]["organisation"] for each in shared] == [partner.organisation.code]
    second = fair.first_day + timedelta(days=1)
    assert shared[0]["households"][1]["days"] == [second.isoformat()]
    assert second.isoformat() not in shared[0]["households"][0]["days"]


def _reads(fair: Fair) -> list[str]:
    here = f"/fairs/{fair.code}"
    return [
        *(f"{here}/{name}" for name in ("floor-plan", "floor-plans", "floor-plans/1")),
        *(f"{here}/{name}" for name in ("applications", "applications/DK-1", "assignments")),
        *(f"{here}/{name}" for name in ("runs", "runs/1", "runs/1/instance", "runs/1/answer")),
    ]


def _writes(fair: Fair) -> Iterator[tuple[str, str, Any]]:
    here = f"/fairs/{fair.code}"
    yield "PUT", f"{here}/floor-plan", {"plan": {}}
    yield "POST", f"{here}/applications", {"organisation": "HN-1"}
    yield "PATCH", f"{here}/applications/DK-1", {"water": True}
    yield "POST", f"{here}/applications/DK-1/submit", {"note": "x"}
    yield "POST", f"{here}/runs", None


def test_no_answer_holds_what_is_private() -> None:
    fair = make_allocating_fair(applications=1, booths=1)
    application = fair.applications.get()
    household = make_household(
        phone="+84987654321", email="rieng@chophien.example", tax_code="0312687878"
    )
    partner = share_stand(application, household, 2)
    partner.consent_note = "Ghi chú riêng tư"
    partner.contact = "0987 654 321"
    partner.save()
    Application.objects.update(consent_note="Ghi chú riêng tư", consent_text="Điều đã đồng ý")
    publish_run(fair)
    organisation = application.organisation
    private = [
        application.token,
        partner.token,
        "Ghi chú riêng tư",
        "Điều đã đồng ý",
        *(organisation.phone, household.phone, household.email, household.tax_code),
        *("987654321", "0987 654 321", household.representative, household.address),
    ]
    program = Program(make_organiser(fair))
    for path in _reads(fair):
        answer = program("GET", path)
        assert answer.status_code == 200
        text = json.dumps(answer.json(), ensure_ascii=False)
        assert [each for each in private if each in text] == [], path


@pytest.mark.parametrize("role", ["", Role.VIEWER, Role.REVIEWER])
def test_who_may_not_is_refused_and_nothing_changes(role: str) -> None:
    fair = make_allocating_fair(applications=1, booths=1)
    publish_run(fair)
    Fair.objects.update(state=FairState.ALLOCATING)
    program = Program(make_user(role=role, fair=fair)) if role else Program(make_organiser())
    if not role:
        program = Program(make_organiser(make_fair()))
    reads = {path: program("GET", path).status_code for path in _reads(fair)}
    public = f"/fairs/{fair.code}/assignments"
    wanted = dict.fromkeys(reads, 200 if role else 404) | {public: 404}
    assert reads == wanted
    for method, path, body in _writes(fair):
        status = program(method, path, body, If_Match='"runs-1"').status_code
        assert status in ((403, 412) if role else (404,)), path
    for path in (path for path in _reads(fair) if path != public):
        assert Client().get(f"/api/v1{path}").status_code == 401
    assert (FloorPlan.objects.count(), AllocationRun.objects.count()) == (1, 1)
    assert Application.objects.get().state == ApplicationState.PLACED


def test_a_token_does_only_what_it_is_for(fair: Fair) -> None:
    make_floor_plan(fair)
    user = make_organiser()
    reader = Program(user, Scope.BOOTHS_READ)
    other = Program(user, Scope.MEMORANDA_READ)
    narrow = Program(user, fair_code=make_fair().code)
    path = f"/fairs/{fair.code}/floor-plan"
    assert reader("GET", path).status_code == 200
    assert _refusal(other("GET", path)) == (403, "token.scope")
    assert _refusal(narrow("GET", path)) == (403, "token.fair")
    for method, address, body in _writes(fair):
        assert _refusal(reader(method, address, body)) == (403, "token.scope")


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "offset=-1", "limit=x"])
def test_a_wrong_page_is_told(fair: Fair, query: str) -> None:
    program = Program(make_organiser(fair))
    for name in ("floor-plans", "applications", "runs"):
        answer = program("GET", f"/fairs/{fair.code}/{name}?{query}")
        assert _refusal(answer) == (422, "request.invalid")


@pytest.mark.parametrize("count", [1, 3])
def test_lists_cost_the_same_for_one_and_three(
    count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    fair = make_running_fair(stands=count)
    program = Program(make_organiser(fair))
    program("GET", "/memoranda")  # "last used" of the token is written
    with django_assert_num_queries(10):
        program("GET", f"/fairs/{fair.code}/applications")
    with django_assert_num_queries(6):
        Client().get(f"/api/v1/fairs/{fair.code}/assignments")
