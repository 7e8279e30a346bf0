"""The rules of the legal bases: where deadlines come from, and who keeps them."""

from datetime import date, datetime, timedelta
from importlib import import_module
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from core.audit import AuditEvent
from core.errors import DomainError, NotAllowed, StaleState
from fairs.actions import legal as actions
from fairs.actions.legal import ItemContent, RuleContent
from fairs.models import ChecklistItem, ChecklistTick, Fair, LegalBasis, LegalRule
from fairs.queries import deadlines_of
from fairs.queries.legal import checklist_of, papers_of, rule_book
from fairs.states import FairState
from tests import builders

pytestmark = pytest.mark.django_db

TODAY = date(2027, 3, 1)
DAY = timedelta(days=1)
CONTENT = RuleContent("Luật mới", True, 300, 20)
ITEM = ItemContent("Giấy phép", "Permit", 12, True)


@pytest.fixture
def rule() -> LegalRule:
    return builders.make_rule(LegalBasis.REGISTERED, register_from_days=365, register_until_days=30)


def _fair(first: date, **fields: Any) -> Fair:
    values = {"legal_basis": LegalBasis.REGISTERED, "decision_number": "", **fields}
    return builders.make_fair(FairState.ANNOUNCED, first_day=first, **values)


def _due(*fairs: Fair) -> list[tuple[str, date]]:
    return [(each.key, each.day) for each in deadlines_of(list(fairs), TODAY)]


# Deadlines


def test_both_ends_of_the_registration_come_from_the_rule(rule: LegalRule) -> None:
    first = date(2028, 3, 10)
    fair = _fair(first)
    window = [("registration-from", first - 365 * DAY), ("registration", first - 30 * DAY)]
    assert _due(fair) == [*window, ("opening", first)]
    actions.change_rule(rule=rule, version=1, content=CONTENT, actor=None)
    window = [("registration-from", first - 300 * DAY), ("registration", first - 20 * DAY)]
    assert _due(fair) == [*window, ("opening", first)]
    fair.decision_number = "12/SCT"
    assert _due(fair) == [("opening", first)]
    fair.decision_number, fair.legal_basis = "", LegalBasis.INTERNAL
    builders.make_rule(LegalBasis.INTERNAL)
    assert _due(fair) == [("opening", first)]


def test_in_a_leap_year_thirty_days_before_march_begin_in_january(rule: LegalRule) -> None:
    with time_machine.travel(datetime(2028, 1, 1), tick=False):  # noqa: DTZ001
        fair = _fair(date(2028, 2, 29))
    assert ("registration", date(2028, 1, 30)) in _due(fair)


def test_overdue_duties_stay_until_the_fair_is_over_and_what_is_past_goes(rule: LegalRule) -> None:
    item = builders.make_item(rule, due_days=10)
    closing = timezone.make_aware(datetime(2027, 2, 20, 17))  # noqa: DTZ001
    fair = _fair(TODAY - 2 * DAY, applications_close_at=closing)
    registration = ("registration", fair.first_day - 30 * DAY)
    paper = (f"item:{item.pk}", fair.first_day - 10 * DAY)
    assert _due(fair) == [registration, paper]
    assert [each.days_over for each in deadlines_of([fair], TODAY)] == [32, 12]
    for state in (FairState.CLOSED, FairState.REPORTED, FairState.CANCELLED):
        fair.state = state
        assert _due(fair) == []
    assert _due(_fair(TODAY - 5 * DAY)) == []


def test_deadlines_speak_the_reader_s_language(client: Client, rule: LegalRule) -> None:
    builders.make_item(rule, title="Đơn đăng ký", title_en="Application form")
    fair = _fair(timezone.localdate() + 60 * DAY)
    client.force_login(builders.make_organiser(fair))
    for language, word in (("vi", "Đơn đăng ký"), ("en", "Application form")):
        page = client.get(fair.desk_url, {"language": language}).content.decode()
        assert word in page.partition("Coming deadlines" if language == "en" else "Hạn sắp tới")[2]


@pytest.mark.parametrize("count", [1, 3])
def test_deadlines_cost_five_queries_however_many_fairs(
    rule: LegalRule, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    item = builders.make_item(rule)
    fairs = [_fair(TODAY + 50 * DAY) for _number in range(count)]
    ChecklistTick.objects.create(fair=fairs[0], item=item)
    with django_assert_num_queries(5):
        assert all(each.what for each in deadlines_of(fairs, TODAY))
    with django_assert_num_queries(0):
        assert deadlines_of([], TODAY) == []


# What the office begins with


def test_the_first_rules_are_those_of_the_decree_and_written_once() -> None:
    LegalRule.objects.all().delete()
    migration = import_module("fairs.migrations.0004_legal_rules")
    for _again in range(2):
        migration.write_rules(apps, None)
    rules = {rule.basis: rule for rule in LegalRule.objects.all()}
    assert set(rules) == set(LegalBasis.values)
    registered = rules[LegalBasis.REGISTERED]
    assert (registered.register_from_days, registered.register_until_days) == (365, 30)
    assert [rule.needs_decision for rule in rules.values()] == [True, False, False]
    assert {rule.basis: rule.items.count() for rule in rules.values()} == {
        "city_programme": 5,
        "registered": 5,
        "internal": 2,
    }
    assert not ChecklistItem.objects.filter(title_en="").exists()


def test_going_back_leaves_what_a_fair_relies_on() -> None:
    LegalRule.objects.all().delete()
    migration = import_module("fairs.migrations.0004_legal_rules")
    migration.write_rules(apps, None)
    item = LegalRule.objects.get(basis="internal").items.all()[0]
    ChecklistTick.objects.create(fair=builders.make_fair(), item=item)
    migration.remove_unused(apps, None)
    assert list(LegalRule.objects.values_list("basis", flat=True)) == ["internal"]
    assert list(ChecklistItem.objects.all()) == [item]


# Who keeps the rules


def test_only_organisers_of_the_whole_office_change_anything(rule: LegalRule) -> None:
    item = builders.make_item(rule)
    for actor in (builders.make_organiser(builders.make_fair()), builders.make_user(role="viewer")):
        for attempt in (
            lambda: actions.change_rule(rule=rule, version=1, content=CONTENT, actor=actor),  # noqa: B023
            lambda: actions.add_item(rule=rule, content=ITEM, actor=actor),  # noqa: B023
            lambda: actions.change_item(item=item, version=1, content=ITEM, actor=actor),  # noqa: B023
            lambda: actions.reorder_item(item=item, step=1, actor=actor),  # noqa: B023
            lambda: actions.retire_item(item=item, actor=actor),  # noqa: B023
            lambda: actions.restore_item(item=item, actor=actor),  # noqa: B023
        ):
            with pytest.raises(NotAllowed):
                attempt()
    assert AuditEvent.objects.count() == 0


def test_every_change_counts_the_version_up_and_is_recorded(rule: LegalRule) -> None:
    keeper = builders.make_organiser()
    actions.change_rule(rule=rule, version=1, content=CONTENT, actor=keeper)
    first = actions.add_item(rule=rule, content=ITEM, actor=keeper)
    second = actions.add_item(
        rule=rule, content=ItemContent("Hợp đồng", "", 3, False), actor=keeper
    )
    actions.change_item(
        item=first, version=4, content=ItemContent("Giấy phép mới", "", 9, False), actor=keeper
    )
    actions.reorder_item(item=first, step=1, actor=keeper)
    actions.reorder_item(item=first, step=1, actor=keeper)  # at the end already
    actions.retire_item(item=second, actor=keeper)
    rule.refresh_from_db()
    assert rule.version == 7
    assert [item.title for item in rule.items.all()] == ["Hợp đồng", "Giấy phép mới"]
    verbs = [event.verb for event in AuditEvent.objects.order_by("number")]
    assert verbs == [
        "legal.rule_changed",
        *["legal.item_added"] * 2,
        "legal.item_changed",
        "legal.items_reordered",
        "legal.item_retired",
    ]


def test_a_title_stands_once_on_a_checklist_unless_retired(rule: LegalRule) -> None:
    item = actions.add_item(rule=rule, content=ITEM, actor=None)
    with pytest.raises(DomainError) as refused:
        actions.add_item(rule=rule, content=ITEM, actor=None)
    assert refused.value.code == "legal.item_twice"
    actions.retire_item(item=item, actor=None)
    actions.add_item(rule=rule, content=ITEM, actor=None)
    with pytest.raises(DomainError) as refused:
        actions.retire_item(item=item, actor=None)
    assert refused.value.code == "legal.item_retired"


def test_a_retired_item_is_brought_back_to_the_end_of_the_list(rule: LegalRule) -> None:
    first, second = (builders.make_item(rule, title=title) for title in ("Một", "Hai"))
    actions.retire_item(item=first, actor=None)
    actions.restore_item(item=first, actor=None)
    assert list(rule.items.filter(retired_at=None)) == [second, first]
    assert AuditEvent.objects.order_by("number").last().verb == "legal.item_restored"
    with pytest.raises(DomainError) as refused:
        actions.restore_item(item=first, actor=None)
    assert refused.value.code == "legal.item_not_retired"


def test_a_retired_item_is_not_brought_back_beside_one_of_its_title(rule: LegalRule) -> None:
    item = actions.add_item(rule=rule, content=ITEM, actor=None)
    actions.retire_item(item=item, actor=None)
    actions.add_item(rule=rule, content=ITEM, actor=None)
    with pytest.raises(DomainError) as refused:
        actions.restore_item(item=item, actor=None)
    assert refused.value.code == "legal.item_twice"
    item.refresh_from_db()
    assert item.retired_at


def test_a_retired_item_stays_with_the_fairs_that_have_it(rule: LegalRule) -> None:
    item = builders.make_item(rule)
    having, lacking = _fair(TODAY + 50 * DAY), _fair(TODAY + 50 * DAY)
    ChecklistTick.objects.create(fair=having, item=item)
    actions.retire_item(item=item, actor=None)
    papers = papers_of([having, lacking])
    found = [
        [entry.item for entry in checklist_of(fair, rule_book(), papers[fair.pk], TODAY)]
        for fair in (having, lacking)
    ]
    assert found == [[item], []]


def test_of_two_who_save_at_once_the_second_is_told(rule: LegalRule) -> None:
    item = builders.make_item(rule)
    actions.change_rule(rule=rule, version=1, content=CONTENT, actor=None)
    for attempt in (
        lambda: actions.change_rule(rule=rule, version=1, content=CONTENT, actor=None),
        lambda: actions.change_item(item=item, version=1, content=ITEM, actor=None),
    ):
        with pytest.raises(StaleState) as refused:
            attempt()
        assert refused.value.code == "legal.edited_meanwhile"
    assert AuditEvent.objects.count() == 1


# The pages


def _values(**fields: Any) -> dict[str, Any]:
    return {
        "version": 1,
        "source": "Nghị định mới",
        "register_from_days": "300",
        "register_until_days": "20",
        **fields,
    }


def test_a_rule_is_edited_on_its_page(client: Client, rule: LegalRule) -> None:
    client.force_login(builders.make_organiser())
    address = reverse("legal_rule", args=[rule.basis])
    assert 'value="365"' in client.get(address).content.decode()
    assert client.post(address, _values(needs_decision="on")).status_code == 302
    rule.refresh_from_db()
    assert (rule.source, rule.needs_decision, rule.register_from_days) == (
        "Nghị định mới",
        True,
        300,
    )
    assert "từ 300 đến 20 ngày" in client.get(reverse("legal_rules")).content.decode()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"register_from_days": "10"}, "Mốc sớm nhất lại sau mốc muộn nhất."),
        ({"register_from_days": ""}, "Hãy điền cả hai mốc"),
        ({"register_until_days": ""}, "Hãy điền cả hai mốc"),
        ({"register_until_days": "-1"}, "không được nhỏ hơn 0"),
        ({"register_from_days": "99999"}, "không được lớn hơn 3650"),
        ({"source": "Đ" * 301}, "300"),
    ],
)
def test_bad_values_are_told_at_the_field_and_kept(
    client: Client, rule: LegalRule, fields: dict[str, str], sentence: str
) -> None:
    client.force_login(builders.make_organiser())
    answer = client.post(reverse("legal_rule", args=[rule.basis]), _values(**fields))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert all(f'value="{value}"' in page for value in fields.values() if value)
    rule.refresh_from_db()
    assert rule.version == 1


def test_the_second_who_saves_sees_both_and_keeps_their_own(
    client: Client, rule: LegalRule
) -> None:
    client.force_login(builders.make_organiser())
    actions.change_rule(rule=rule, version=1, content=CONTENT, actor=None)
    address = reverse("legal_rule", args=[rule.basis])
    answer = client.post(address, _values(source="Của tôi"))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert ("Luật mới" in page, 'value="Của tôi"' in page, 'value="2"' in page) == (
        True,
        True,
        True,
    )
    assert client.post(address, _values(source="Của tôi", version=2)).status_code == 302
    rule.refresh_from_db()
    assert rule.source == "Của tôi"


def test_a_checklist_is_written_on_the_pages(client: Client, rule: LegalRule) -> None:
    client.force_login(builders.make_organiser())
    add = reverse("legal_item_add", args=[rule.basis])
    assert client.get(add).status_code == 200
    assert client.post(add, {"title": "Một", "due_days": "5"}).status_code == 302
    assert client.post(add, {"title": "Hai", "due_days": "7"}).status_code == 302
    twice = client.post(add, {"title": "Hai", "due_days": "7"})
    assert (twice.status_code, "đã có mục mang tên này" in twice.content.decode()) == (409, True)
    assert client.post(add, {"title": "", "due_days": "x"}).status_code == 422
    first, second = rule.items.all()
    client.post(reverse("legal_item_move", args=[rule.basis, second.pk]), {"to": "up"})
    assert list(rule.items.all()) == [second, first]
    edit = reverse("legal_item", args=[rule.basis, first.pk])
    assert 'value="Một"' in client.get(edit).content.decode()
    stale = client.post(edit, {"title": "Ba", "due_days": "5", "version": 1})
    assert (stale.status_code, "Ba" in stale.content.decode()) == (409, True)
    assert client.post(edit, {"title": "Ba", "due_days": "5", "version": 4}).status_code == 302
    client.post(reverse("legal_item_retire", args=[rule.basis, second.pk]))
    assert client.get(reverse("legal_item", args=[rule.basis, second.pk])).status_code == 404
    back = reverse("legal_item_restore", args=[rule.basis, second.pk])
    assert back in client.get(reverse("legal_rules")).content.decode()
    page = client.post(back, follow=True).content.decode()
    assert ("“Hai” lại được yêu cầu." in page, back in page) == (True, False)
    assert list(rule.items.filter(retired_at=None)) == [first, second]


def test_everybody_at_the_desk_reads_and_others_do_not(client: Client, rule: LegalRule) -> None:
    builders.make_item(rule, title="Đơn đăng ký")
    client.force_login(builders.make_user(role="viewer", fair=builders.make_fair()))
    page = client.get(reverse("legal_rules")).content.decode()
    assert ("Đơn đăng ký" in page, reverse("legal_item_add", args=[rule.basis]) in page) == (
        True,
        False,
    )
    assert client.get(reverse("legal_rule", args=[rule.basis])).status_code == 403
    client.force_login(builders.make_user())
    assert client.get(reverse("legal_rules")).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_for_one_and_three(
    client: Client, rule: LegalRule, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _number in range(count):
        builders.make_item(rule)
    client.force_login(builders.make_organiser())
    with django_assert_num_queries(6):
        client.get(reverse("legal_rules"))
