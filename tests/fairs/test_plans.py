"""Plans: beginning, targets, approval, and last year's fairs once more."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from core.audit import AuditEvent
from core.errors import DomainError, NotAllowed, StaleState
from fairs.actions.editing import create_fair
from fairs.actions.plans import (
    approve_plan,
    copied_values,
    copy_last_year,
    create_plan,
    reopen_plan,
    set_targets,
)
from fairs.models import Fair, FairDay, FairKind, Hall, Measure, Plan, Target, Team
from fairs.states import FairState
from tests import builders

pytestmark = pytest.mark.django_db

DECISION: dict[str, Any] = {"decision_number": "12/QĐ-UBND", "decision_date": date(2026, 1, 15)}


def _targets(plan: Plan) -> dict[str, int]:
    return dict(plan.targets.values_list("measure", "value"))


def test_a_plan_begins_with_last_year_s_targets() -> None:
    last = builders.make_plan(2026)
    Target.objects.create(plan=last, measure=Measure.MEMORANDA, value=500)
    plan = create_plan(year=2027, title="Kế hoạch 2027", title_en="", actor=None)
    assert _targets(plan) == {"memoranda": 500}
    assert AuditEvent.objects.get().verb == "plans.created"
    with pytest.raises(DomainError) as refused:
        create_plan(year=2027, title="Kế hoạch 2027", title_en="", actor=None)
    assert refused.value.code == "plan.exists"


def test_targets_are_set_until_the_plan_is_approved() -> None:
    plan = builders.make_plan(2026)
    set_targets(plan=plan, targets={"fairs": 12, "visitors": None}, actor=None)
    set_targets(plan=plan, targets={"fairs": 12}, actor=None)
    assert _targets(plan) == {"fairs": 12}
    assert [event.verb for event in AuditEvent.objects.all()] == ["plans.targets_set"]

    approve_plan(plan=plan, **DECISION, actor=None)
    with pytest.raises(StaleState) as refused:
        set_targets(plan=plan, targets={"fairs": 13}, actor=None)
    assert refused.value.code == "plan.approved"
    reopen_plan(plan=plan, reason="Bổ sung hai tuần hàng", actor=None)
    set_targets(plan=plan, targets={"fairs": 13}, actor=None)
    assert _targets(plan) == {"fairs": 13}


def test_targets_of_kinds_stand_beside_that_of_all_fairs_and_are_taken_over() -> None:
    plan = builders.make_plan(2026)
    wanted = {"fairs": 12, "fairs-trade_week": 8, "fairs-online": 4, "visitors": 100_000}
    set_targets(plan=plan, targets=wanted, actor=None)
    assert {target.name: target.value for target in plan.targets.all()} == wanted
    following = create_plan(year=2027, title="Kế hoạch 2027", title_en="", actor=None)
    assert {target.name: target.value for target in following.targets.all()} == wanted


def test_the_kinds_cannot_ask_for_more_fairs_than_the_plan(client: Client) -> None:
    plan = builders.make_plan(2026)
    set_targets(plan=plan, targets={"fairs": 2, "fairs-online": 2}, actor=None)
    sent = {"fairs": "2", "fairs-online": "2", "fairs-conference": "1"}
    with pytest.raises(DomainError) as refused:
        set_targets(plan=plan, targets={name: int(n) for name, n in sent.items()}, actor=None)
    assert refused.value.code == "targets.kinds"
    client.force_login(builders.make_organiser())
    answer = client.post(reverse("plan_edit", args=[2026]), sent)
    assert answer.status_code == 422
    assert list(answer.context["targets"].errors) == ["fairs"]
    assert answer.context["targets"]["fairs-conference"].value() == "1"
    assert {target.name for target in plan.targets.all()} == {"fairs", "fairs-online"}
    client.post(reverse("plan_edit", args=[2026]), {**sent, "fairs": "3"})
    assert {target.name: target.value for target in plan.targets.all()} == {
        "fairs": 3,
        "fairs-online": 2,
        "fairs-conference": 1,
    }


def test_a_plan_is_approved_once_and_by_a_decision() -> None:
    plan = builders.make_plan(2026)
    with pytest.raises(DomainError) as refused:
        approve_plan(plan=plan, decision_number="", decision_date=date(2026, 1, 1), actor=None)
    assert refused.value.code == "plan.decision_missing"
    approve_plan(plan=plan, **DECISION, actor=None)
    with pytest.raises(StaleState):
        approve_plan(plan=plan, **DECISION, actor=None)
    plan.refresh_from_db()
    assert (plan.decision_number, plan.decision_date) == ("12/QĐ-UBND", date(2026, 1, 15))
    with pytest.raises(IntegrityError), transaction.atomic():
        Plan.objects.update(decision_number="")


def test_withdrawing_an_approval_needs_one_and_a_reason() -> None:
    plan = builders.make_plan(2026)
    with pytest.raises(StaleState):
        reopen_plan(plan=plan, reason="Nhầm", actor=None)
    approve_plan(plan=plan, **DECISION, actor=None)
    with pytest.raises(DomainError) as refused:
        reopen_plan(plan=plan, reason="", actor=None)
    assert refused.value.code == "plan.reason_missing"
    assert Plan.objects.get().approved_at


def test_last_year_s_fairs_come_back_as_drafts_on_the_same_weekdays() -> None:
    venue = builders.make_venue()
    source = builders.make_fair(
        FairState.REPORTED,
        code="tuan-hang-thanh-tri-2026",
        title="Tuần hàng Thanh Trì 2026",
        register_code="TT26",
        first_day=date(2026, 12, 2),
        venue=venue,
        hall=Hall.objects.create(venue=venue, name="Sảnh A"),
        team=Team.objects.create(name="Tổ 1"),
        applications_close_at=datetime(2026, 11, 20, 10, tzinfo=UTC),
    )
    builders.make_fair(FairState.CANCELLED, first_day=date(2026, 5, 5))
    plan = builders.make_plan(2027)

    (fair,) = copy_last_year(plan=plan, actor=None)
    fair.refresh_from_db()
    assert (fair.code, fair.title, fair.register_code) == (
        "tuan-hang-thanh-tri-2027",
        "Tuần hàng Thanh Trì 2027",
        "TT27",
    )
    assert (fair.first_day, fair.last_day) == (date(2027, 12, 1), date(2027, 12, 5))
    assert fair.first_day.weekday() == source.first_day.weekday()
    assert f"{timezone.localtime(fair.applications_close_at):%d/%m/%Y %H}" == "19/11/2027 17"
    assert (fair.state, fair.seed, fair.decision_number) == (FairState.DRAFT, "", "")
    assert (fair.venue, fair.hall, fair.team) == (source.venue, source.hall, source.team)
    assert (fair.copied_from, fair.plan, fair.version) == (source, plan, 1)
    assert [event.stream for event in AuditEvent.objects.all()] == [fair.stream]


def test_copying_again_makes_no_doubles() -> None:
    one = builders.make_fair(first_day=date(2026, 3, 2))
    plan = builders.make_plan(2027)
    assert len(copy_last_year(plan=plan, actor=None)) == 1
    two = builders.make_fair(first_day=date(2026, 6, 1))
    again = copy_last_year(plan=plan, actor=None)
    assert [fair.copied_from for fair in again] == [two]
    assert copy_last_year(plan=plan, actor=None) == []
    assert plan.fairs.filter(copied_from=one).count() == 1


def test_a_copy_whose_code_is_in_use_gets_a_number() -> None:
    builders.make_fair(first_day=date(2026, 3, 2), code="hoi-cho", register_code="HC26")
    builders.make_fair(first_day=date(2027, 3, 2), code="hoi-cho-2027", register_code="hc27")
    (fair,) = copy_last_year(plan=builders.make_plan(2027), actor=None)
    assert (fair.code, fair.register_code) == ("hoi-cho-2027-2", "HC27-2")


@pytest.mark.parametrize(
    ("first_day", "copied"),
    [
        (date(2026, 1, 1), date(2027, 1, 7)),
        (date(2024, 1, 2), date(2025, 1, 7)),
        (date(2024, 2, 29), date(2025, 2, 27)),
        (date(2026, 12, 31), date(2027, 12, 30)),
    ],
)
def test_a_copied_fair_opens_in_the_next_year_on_its_weekday(first_day: date, copied: date) -> None:
    builders.make_fair(first_day=first_day)
    (fair,) = copy_last_year(plan=builders.make_plan(first_day.year + 1), actor=None)
    assert (fair.first_day, fair.first_day.weekday()) == (copied, first_day.weekday())


def test_a_past_fair_without_a_last_day_gets_that_of_its_kind() -> None:
    source = builders.make_fair(FairState.REPORTED, first_day=date(2026, 3, 2), last_day=None)
    values = copied_values(source, moved_by=date(2026, 3, 9) - date(2026, 3, 2))
    assert values["last_day"] == date(2026, 3, 13)


@pytest.mark.parametrize("role", ["", "viewer", "reviewer", "commune_officer", "at a fair"])
def test_only_organisers_of_the_office_plan(role: str) -> None:
    fair = builders.make_fair(first_day=date(2026, 3, 2))
    plan, last = builders.make_plan(2027), fair.plan
    actor = builders.make_organiser(fair) if role == "at a fair" else builders.make_user(role=role)
    doings: list[Any] = [
        lambda: create_plan(year=2028, title="x", title_en="", actor=actor),
        lambda: set_targets(plan=plan, targets={"fairs": 1}, actor=actor),
        lambda: approve_plan(plan=plan, **DECISION, actor=actor),
        lambda: reopen_plan(plan=last, reason="x", actor=actor),
        lambda: copy_last_year(plan=plan, actor=actor),
        lambda: create_fair(code="x", values={}, actor=actor),
    ]
    for doing in doings:
        with pytest.raises(NotAllowed):
            doing()
    assert AuditEvent.objects.count() == 0
    assert (Plan.objects.count(), Fair.objects.count(), Target.objects.count()) == (2, 1, 0)


CHANGES = ("plan_approve", "plan_reopen", "plan_copy", "plan_import_confirm")


def test_pages_of_the_plan_are_for_its_planners(client: Client) -> None:
    builders.make_plan(2026)
    client.force_login(builders.make_user(role="viewer"))
    assert client.get(reverse("plan_new")).status_code == 403
    for name in ("plan_edit", "plan_import", "plan_template"):
        assert client.get(reverse(name, args=[2026])).status_code == 403
    for name in CHANGES:
        assert client.post(reverse(name, args=[2026])).status_code == 403
    assert "plan_edit" not in client.get(reverse("plan_year", args=[2026])).content.decode()


def test_a_plan_is_begun_on_its_page_with_last_year_s_fairs(client: Client) -> None:
    builders.make_fair(first_day=date(2026, 3, 2))
    client.force_login(builders.make_organiser())
    form = client.get(reverse("plan_new")).context["form"]
    assert form["year"].value() == 2027
    assert form["title"].value() == "Kế hoạch hội chợ năm 2027"
    sent = {"year": "2027", "title": form["title"].value(), "copy": "on"}
    answer = client.post(reverse("plan_new"), sent, follow=True)
    assert "Đã lấy lại 1 hội chợ làm bản nháp." in answer.content.decode()
    assert Fair.objects.filter(plan__year=2027).count() == 1
    assert client.post(reverse("plan_new"), sent).context["form"].errors == {
        "year": ["Năm này đã có kế hoạch."]
    }


def test_a_fresh_desk_begins_with_a_plan(client: Client) -> None:
    client.force_login(builders.make_organiser())
    assert client.get(reverse("desk_home")).url == reverse("plan_new")


def test_targets_and_approval_on_the_page(client: Client) -> None:
    plan = builders.make_plan(2026)
    client.force_login(builders.make_organiser())
    page = reverse("plan_edit", args=[2026])
    wrong = client.post(page, {"fairs": "nhiều", "memoranda": "500"})
    assert wrong.status_code == 422
    assert wrong.context["targets"]["memoranda"].value() == "500"
    client.post(page, {"fairs": "12", "memoranda": "1.500"})
    assert _targets(plan) == {"fairs": 12, "memoranda": 1500}

    approve = reverse("plan_approve", args=[2026])
    future = {"decision_number": "12/QĐ-UBND", "decision_date": "29/02/2099"}
    for sent in ({}, future, {**future, "decision_date": "01/01/2099"}):
        assert client.post(approve, sent).status_code == 422
    plan.refresh_from_db()
    assert plan.approved_at is None
    client.post(approve, {**future, "decision_date": "15/01/2026"})
    shown = client.get(page).content.decode()
    assert "Đã phê duyệt theo quyết định 12/QĐ-UBND ngày 15/01/2026." in shown
    client.post(reverse("plan_reopen", args=[2026]), {"reason": "Bổ sung"})
    plan.refresh_from_db()
    assert plan.approved_at is None


def test_a_target_stands_beside_what_is_reached(client: Client) -> None:
    plan = builders.make_plan(2026)
    Target.objects.create(plan=plan, measure=Measure.PRODUCTS, value=400)
    product = builders.make_product(stars=0)
    for day in (date(2025, 12, 31), date(2026, 1, 1), date(2026, 6, 1)):
        builders.make_certification(product, decision_date=day, valid_until=date(2030, 1, 1))
    client.force_login(builders.make_organiser())
    figures = client.get(reverse("plan_edit", args=[2026])).context["figures"]
    assert [(figure.actual, figure.target) for figure in figures if figure.target] == [(1, 400)]


def test_fairs_are_counted_by_kind_and_visitors_by_day(client: Client) -> None:
    plan = builders.make_plan(2026)
    for kind, value in ((FairKind.TRADE_WEEK, 8), (FairKind.ONLINE, 4)):
        Target.objects.create(plan=plan, measure=Measure.FAIRS, kind=kind, value=value)
    Target.objects.create(plan=plan, measure=Measure.VISITORS, value=5000)
    week = builders.make_fair(first_day=date(2026, 3, 2), kind=FairKind.TRADE_WEEK)
    other = builders.make_fair(first_day=date(2026, 4, 2), kind=FairKind.CONFERENCE)
    draft = builders.make_fair(FairState.DRAFT, first_day=date(2026, 5, 2), kind=FairKind.ONLINE)
    cancelled = builders.make_fair(FairState.CANCELLED, first_day=date(2026, 6, 2))
    for fair in (week, other, cancelled):
        FairDay.objects.create(fair=fair, day=fair.first_day, visitors=1000)
    FairDay.objects.create(fair=week, day=date(2026, 3, 3), visitors=234)
    assert draft.plan == plan
    client.force_login(builders.make_organiser())
    page = client.get(reverse("plan_year", args=[2026]))
    figures = {figure.name: figure for figure in page.context["figures"]}
    assert [(each.name, each.actual, each.target) for each in figures["fairs"].kinds] == [
        ("fairs-trade_week", 1, 8),
        ("fairs-conference", 1, None),
        ("fairs-online", 0, 4),
    ]
    assert (figures["visitors"].actual, figures["visitors"].target) == (2234, 5000)
    assert page.text.count("<progress") == 2


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_pages_open_in_both_languages(client: Client, language: str) -> None:
    builders.make_fair(first_day=date(2026, 3, 2))
    client.cookies["django_language"] = language
    client.force_login(builders.make_organiser())
    for address in (
        reverse("plan_new"),
        *(reverse(name, args=[2026]) for name in ("plan_year", "plan_edit", "plan_import")),
    ):
        page = client.get(address)
        assert page.status_code == 200
        assert f'<html lang="{language}"' in page.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_pages_cost_the_same_for_one_and_three(
    client: Client, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(builders.make_organiser())
    for _index in range(count):
        fair = builders.make_fair(first_day=date(2026, 3, 2))
    with django_assert_num_queries(12):
        client.get(reverse("plan_edit", args=[2026]))
    with django_assert_num_queries(10):
        client.get(reverse("fair_edit", args=[fair.code]))
    with django_assert_num_queries(16):
        client.get(reverse("plan_export", args=[2026]))
