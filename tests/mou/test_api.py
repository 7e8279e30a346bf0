"""Programs read, draw up, change and freeze memoranda with a token."""

import json
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
import time_machine
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.actions import make_api_token, revoke_api_token
from accounts.models import ApiToken, Scope, User
from config.api import domain_error
from core.audit import AuditEvent
from core.errors import DomainError, NotAllowed, StaleState
from fairs.models import Fair
from mou import actions
from mou.models import KEY_LIFE, ApiRequest, Memorandum
from tests import builders
from tests.mou.answers import make_sealed
from tests.mou.scenes import STROKES, make_frozen

pytestmark = pytest.mark.django_db

MEMORANDA = "/api/v1/memoranda"


class Program:
    """A program that holds a token."""

    def __init__(self, user: User, *scopes: str, **limits: Any) -> None:
        life = limits.pop("life", timedelta(days=30))
        self.token = make_api_token(
            user=user, label="ERP", scopes=scopes or Scope.values, life=life, **limits
        )

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        manners = {name.replace("_", "-"): value for name, value in headers.items()}
        return Client(enforce_csrf_checks=True).generic(
            method,
            path,
            json.dumps(body) if body is not None else "",
            content_type="application/json",
            headers={"Authorization": f"Bearer {self.token}", **manners},
        )


@pytest.fixture
def fair() -> Fair:
    return builders.make_fair("running")


@pytest.fixture
def program(fair: Fair) -> Program:
    """Acts for an organiser of the fair."""
    return Program(builders.make_organiser(fair))


def _wish(where: Fair, **changes: Any) -> dict[str, Any]:
    product = builders.make_product()
    return {
        "fair": where.code,
        "producer": product.producer.code,
        "distributor": builders.make_distributor().code,
        "lines": [{"product": product.code, "quantity": 1200, "period": "month"}],
        "place": "Hà Nội",
        "witness": "Nguyễn Văn Chí",
        "witness_position": "Chánh Văn phòng",
        "expires_on": "2099-12-31",
        **changes,
    }


def test_a_token_opens_what_its_person_may_see(program: Program, fair: Fair) -> None:
    seen = [builders.make_memorandum(fair) for _each in range(3)]
    builders.make_memorandum()
    page = program("GET", f"{MEMORANDA}?limit=2&offset=1").json()
    assert (page["count"], [row["code"] for row in page["items"]]) == (
        3,
        [seen[1].code, seen[0].code],
    )
    sealed = make_sealed(fair)
    page = program("GET", f"{MEMORANDA}?state=sealed&fair={fair.code}").json()
    assert [row["code"] for row in page["items"]] == [sealed.code]


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "offset=-1", "limit=x", "state=x"])
def test_a_wrong_filter_is_told(program: Program, query: str) -> None:
    answer = program("GET", f"{MEMORANDA}?{query}")
    assert (answer.status_code in (400, 422), set(answer.json())) == (True, {"code", "message"})


def test_a_token_that_is_wrong_revoked_too_old_or_of_somebody_inactive_opens_nothing(
    fair: Fair,
) -> None:
    user = builders.make_organiser(fair)
    program = Program(user)
    assert program("GET", MEMORANDA).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(days=31), tick=False):
        assert program("GET", MEMORANDA).status_code == 401
    User.objects.update(is_active=False)
    assert program("GET", MEMORANDA).status_code == 401
    User.objects.update(is_active=True)
    revoke_api_token(token=ApiToken.objects.get(), actor=user)
    assert program("GET", MEMORANDA).status_code == 401
    program.token = "rubbish"
    assert program("POST", MEMORANDA, {}).status_code == 401
    assert Client().get(MEMORANDA).status_code == 401


def test_a_token_does_only_what_it_is_for(fair: Fair) -> None:
    reader = Program(builders.make_organiser(fair), Scope.MEMORANDA_READ)
    answer = reader("POST", MEMORANDA, _wish(fair), Idempotency_Key="a")
    assert (answer.status_code, answer.json()["code"]) == (403, "token.scope")
    assert reader("GET", "/api/v1/follow-ups").status_code == 403
    assert Memorandum.objects.count() == 0


def test_a_token_for_one_fair_sees_and_writes_there_only(fair: Fair) -> None:
    other = builders.make_memorandum()
    mine = builders.make_memorandum(fair)
    narrow = Program(builders.make_organiser(), fair_code=fair.code)
    page = narrow("GET", MEMORANDA).json()
    assert [row["code"] for row in page["items"]] == [mine.code]
    assert narrow("GET", f"{MEMORANDA}/{other.code}").status_code == 404
    answer = narrow("POST", MEMORANDA, _wish(other.fair), Idempotency_Key="a")
    assert (answer.status_code, answer.json()["code"]) == (403, "token.fair")


def test_only_the_hash_of_a_token_is_stored_and_others_cannot_revoke_it(fair: Fair) -> None:
    program = Program(builders.make_organiser(fair))
    row = ApiToken.objects.get()
    assert program.token not in str(vars(row))
    with pytest.raises(NotAllowed):
        revoke_api_token(token=row, actor=builders.make_organiser(fair))
    for user, scopes in ((builders.make_user(), Scope.values), (row.user, ["rubbish"])):
        with pytest.raises(DomainError):
            make_api_token(user=user, label="x", scopes=scopes, life=timedelta(days=1))


def test_a_draft_is_drawn_up_once_under_its_key(program: Program, fair: Fair) -> None:
    wish = _wish(fair)
    first = program("POST", MEMORANDA, wish, Idempotency_Key="k-1")
    again = program("POST", MEMORANDA, wish, Idempotency_Key="k-1")
    assert (first.status_code, again.status_code, again.content) == (201, 201, first.content)
    assert (first.headers["ETag"], again.headers["ETag"]) == (first.headers["ETag"],) * 2
    assert again.headers["Idempotency-Replayed"] == "true"
    row = Memorandum.objects.get()
    assert (row.code, row.state, row.items.get().quantity_thousandths) == (
        first.json()["code"],
        "draft",
        1_200_000,
    )
    program("POST", MEMORANDA, wish, Idempotency_Key="k-2")
    assert Memorandum.objects.count() == 2


def test_a_key_used_for_something_else_is_refused(program: Program, fair: Fair) -> None:
    wish = _wish(fair)
    program("POST", MEMORANDA, wish, Idempotency_Key="k-1")
    other = program("POST", MEMORANDA, {**wish, "place": "Huế"}, Idempotency_Key="k-1")
    assert (other.status_code, other.json()["code"]) == (422, "request.key_reused")
    assert Memorandum.objects.count() == 1


@pytest.mark.parametrize("key", ["", "x" * 81, "Đ"])
def test_a_change_without_a_proper_key_is_refused(program: Program, fair: Fair, key: str) -> None:
    manners = {"Idempotency_Key": key.encode().decode("latin-1")} if key else {}
    answer = program("POST", MEMORANDA, _wish(fair), **manners)
    assert (answer.status_code, answer.json()["code"]) == (400, "request.key_missing")
    assert (Memorandum.objects.count(), ApiRequest.objects.count()) == (0, 0)


def test_what_was_refused_may_be_asked_again_under_the_same_key(
    program: Program, fair: Fair
) -> None:
    wish = _wish(fair)
    wrong = {**wish, "distributor": "HN-9999"}
    answer = program("POST", MEMORANDA, wrong, Idempotency_Key="k-1")
    assert (answer.status_code, answer.json()["code"]) == (400, "memorandum.party_unknown")
    assert ApiRequest.objects.count() == 0
    assert program("POST", MEMORANDA, wish, Idempotency_Key="k-1").status_code == 201


@pytest.mark.parametrize(
    "spoil",
    [
        {"lines": []},
        {"lines": [{"product": "x", "quantity": 1, "period": "month"}]},
        {"place": " "},
        {"place": "x" * 81},
        {"expires_on": "soon"},
        {"state": "sealed"},
        {"fair": "nowhere"},
    ],
)
def test_bad_wishes_are_told_and_change_nothing(
    program: Program, fair: Fair, spoil: dict[str, Any]
) -> None:
    answer = program("POST", MEMORANDA, _wish(fair, **spoil), Idempotency_Key="k-1")
    assert (400 <= answer.status_code < 500, set(answer.json())) == (True, {"code", "message"})
    assert (Memorandum.objects.count(), ApiRequest.objects.count()) == (0, 0)


def test_a_draft_is_changed_by_whoever_has_seen_it_last(program: Program, fair: Fair) -> None:
    draft = builders.make_memorandum(fair)
    address = f"{MEMORANDA}/{draft.code}"
    seen = program("GET", address).headers["ETag"]
    assert program("PATCH", address, {"place": "Huế"}).status_code == 428
    changed = program("PATCH", address, {"place": "Huế"}, If_Match=seen)
    assert (changed.status_code, changed.json()["place"]) == (200, "Huế")
    stale = program("PATCH", address, {"place": "Vinh"}, If_Match=seen)
    assert (stale.status_code, stale.json()["code"]) == (412, "request.match_failed")
    draft.refresh_from_db()
    assert (draft.place, draft.revision) == ("Huế", 2)
    assert changed.headers["ETag"] == program("GET", address).headers["ETag"]
    event = AuditEvent.objects.get(verb="mou.edited")
    assert event.facts == {"revision": 2, "fields": ["place"]}


def test_an_unchanged_memorandum_costs_no_body(program: Program, fair: Fair) -> None:
    address = f"{MEMORANDA}/{builders.make_memorandum(fair).code}"
    seen = program("GET", address).headers["ETag"]
    again = program("GET", address, If_None_Match=seen)
    assert (again.status_code, again.content) == (304, b"")


def test_freezing_needs_what_was_seen_and_happens_once(program: Program, fair: Fair) -> None:
    draft = builders.make_memorandum(fair)
    address = f"{MEMORANDA}/{draft.code}"
    seen = program("GET", address).headers["ETag"]
    freeze = f"{address}/freeze"
    assert program("POST", freeze, Idempotency_Key="f").status_code == 428
    frozen = program("POST", freeze, Idempotency_Key="f", If_Match=seen)
    again = program("POST", freeze, Idempotency_Key="f", If_Match=seen)
    assert (frozen.status_code, frozen.json()["state"], again.content) == (
        200,
        "ready",
        frozen.content,
    )
    assert program("POST", freeze, Idempotency_Key="g", If_Match=seen).status_code == 412
    changed = program("PATCH", address, {"place": "Huế"}, If_Match=frozen.headers["ETag"])
    assert (changed.status_code, changed.json()["code"]) == (409, "memorandum.not_draft")


def test_a_viewers_program_changes_nothing(fair: Fair) -> None:
    draft = builders.make_memorandum(fair)
    viewer = Program(builders.make_user(role="viewer", fair=fair))
    address = f"{MEMORANDA}/{draft.code}"
    seen = viewer("GET", address).headers["ETag"]
    assert viewer("PATCH", address, {"place": "Huế"}, If_Match=seen).status_code == 403
    assert (
        viewer("POST", f"{address}/freeze", Idempotency_Key="f", If_Match=seen).status_code == 403
    )
    assert viewer("POST", MEMORANDA, _wish(fair), Idempotency_Key="a").status_code == 403
    draft.refresh_from_db()
    assert (draft.place, draft.state) == ("Hà Nội", "draft")


def test_answers_of_follow_ups_are_listed(program: Program, fair: Fair) -> None:
    memorandum = make_sealed(fair, days_ago=100)
    memorandum.follow_ups.filter(side="party_a", months=3).update(
        answered_at=timezone.now(), has_contract=True, value=1_000_000
    )
    make_sealed(days_ago=100)
    page = program("GET", "/api/v1/follow-ups?state=answered").json()
    assert page["count"] == 1
    said = {name: page["items"][0][name] for name in ("memorandum", "side", "answer", "value")}
    assert said == {
        "memorandum": memorandum.code,
        "side": "party_a",
        "answer": "contract",
        "value": 1_000_000,
    }


def test_anyone_may_verify_a_code(fair: Fair) -> None:
    memorandum = make_sealed(fair)
    answer = Client().get(f"/api/v1/verify/{memorandum.code}")
    assert (answer.status_code, answer.json()["number"]) == (200, memorandum.shown_number)
    assert "witness" not in answer.json()
    draft = builders.make_memorandum(fair)
    assert Client().get(f"/api/v1/verify/{draft.code}").status_code == 404


def test_a_token_is_made_and_revoked_at_the_desk_and_shown_once(client: Client) -> None:
    client.force_login(builders.make_organiser())
    address = reverse("token_list")
    made = client.post(address, {"label": "ERP", "scopes": ["memoranda:read"], "days": "30"})
    row = ApiToken.objects.get()
    token = made.content.decode().partition('<p class="code">')[2].partition("</p>")[0]
    headers = {"Authorization": f"Bearer {token}"}
    assert Client().get(MEMORANDA, headers=headers).status_code == 200
    assert token not in client.get(address).content.decode()
    client.post(reverse("token_revoke", args=[row.pk]))
    assert Client().get(MEMORANDA, headers=headers).status_code == 401
    wrong = client.post(address, {"label": "Kho hàng", "days": "30"})
    assert (wrong.status_code, "Kho hàng" in wrong.content.decode()) == (422, True)


@pytest.mark.parametrize("count", [1, 3])
def test_lists_cost_the_same_for_one_and_three(
    program: Program, fair: Fair, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _each in range(count):
        make_sealed(fair, days_ago=100)
    program("GET", MEMORANDA)
    with django_assert_num_queries(9):
        assert len(program("GET", MEMORANDA).json()["items"]) == count
    with django_assert_num_queries(6):
        found = program("GET", "/api/v1/follow-ups?state=due").json()["items"]
        assert len(found) == 2 * count


def test_a_key_is_forgotten_after_a_week(program: Program, fair: Fair) -> None:
    wish = _wish(fair)
    program("POST", MEMORANDA, wish, Idempotency_Key="k-1")
    with time_machine.travel(timezone.now() + KEY_LIFE + timedelta(hours=1), tick=False):
        program("POST", MEMORANDA, wish, Idempotency_Key="k-1")
    assert Memorandum.objects.count() == 2


def test_a_used_turn_is_409_to_programs_too(rf: RequestFactory) -> None:
    memorandum = make_frozen()
    organiser = builders.make_organiser(memorandum.fair)
    token = actions.open_session(memorandum=memorandum, role="party_a", actor=organiser)
    sign = partial(
        actions.sign_memorandum,
        token=token,
        strokes=STROKES,
        has_consented=True,
        device_at=timezone.now(),
        actor=organiser,
    )
    sign()
    with pytest.raises(StaleState) as refused:
        sign()
    answer = domain_error(rf.post("/api/v1/memoranda"), refused.value)
    assert (answer.status_code, json.loads(answer.content)["code"]) == (409, "signing.session_over")
