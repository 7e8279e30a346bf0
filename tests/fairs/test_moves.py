"""What keeps a fair from its next state, and what is said before."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.audit import AuditEvent
from core.errors import DomainError
from fairs.actions import move_fair
from fairs.models import Fair, LegalBasis, LegalRule
from fairs.rules import GUARDS, warnings_of_move
from fairs.states import FairState
from tests import builders

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
REGISTERED = {"legal_basis": LegalBasis.REGISTERED, "decision_number": ""}


@pytest.fixture(autouse=True)
def _rules() -> None:
    builders.make_rule(LegalBasis.CITY_PROGRAMME, needs_decision=True)
    builders.make_rule(LegalBasis.REGISTERED, register_from_days=365, register_until_days=30)
    builders.make_rule(LegalBasis.INTERNAL)


def _fair(state: str, in_days: int = 40, **fields: Any) -> Fair:
    first = timezone.localdate() + in_days * DAY
    return builders.make_fair(state, first_day=first, **fields)


def _at_noon(day: date) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day, 12))  # noqa: DTZ001


def _code(fair: Fair, to: str) -> str:
    """Why the fair may not move, "" if it did; refused, it stands as it stood."""
    before, code = fair.state, ""
    try:
        move_fair(fair=fair, to=to, actor=None, reason="Bão số 5")
    except DomainError as error:
        code = error.code if str(error) else "no words"
    assert Fair.objects.get(pk=fair.pk).state == (before if code else to)
    assert AuditEvent.objects.count() == (0 if code else 1)
    return code


def test_every_state_has_its_guards() -> None:
    assert set(GUARDS) == {*FairState} - {FairState.DRAFT}


@pytest.mark.parametrize(
    ("in_days", "fields", "code"),
    [
        (40, {}, ""),
        (-4, {}, ""),  # its last day is today
        (-5, {}, "fair.over"),
        (40, {"decision_number": ""}, "fair.decision_missing"),
        (40, {"decision_number": "", "legal_basis": LegalBasis.INTERNAL}, ""),
        (10, REGISTERED, ""),
    ],
)
def test_announcing_needs_days_to_come_and_a_decision_where_one_is_asked_for(
    in_days: int, fields: dict[str, Any], code: str
) -> None:
    assert _code(_fair(FairState.DRAFT, in_days, **fields), FairState.ANNOUNCED) == code


@pytest.mark.parametrize("old", [FairState.ANNOUNCED, FairState.ALLOCATING])
@pytest.mark.parametrize(
    ("in_days", "fields", "code"),
    [
        (30, REGISTERED, ""),
        (29, REGISTERED, "fair.registration_missed"),
        (29, {**REGISTERED, "decision_number": "12/SCT"}, ""),
        (29, {"decision_number": ""}, ""),
    ],
)
def test_applications_are_taken_while_the_fair_can_be_registered(
    old: str, in_days: int, fields: dict[str, Any], code: str
) -> None:
    assert _code(_fair(old, in_days, **fields), FairState.REGISTERING) == code


@pytest.mark.parametrize(
    ("in_days", "fields", "code"),
    [
        (0, {}, ""),
        (1, {}, "fair.early"),
        (0, REGISTERED, "fair.not_registered"),
        (0, {**REGISTERED, "decision_number": "12/SCT"}, ""),
    ],
)
def test_a_fair_runs_from_its_first_day_and_not_unregistered(
    in_days: int, fields: dict[str, Any], code: str
) -> None:
    assert _code(_fair(FairState.PUBLISHED, in_days, **fields), FairState.RUNNING) == code


@pytest.mark.parametrize(
    ("old", "to"),
    [
        (FairState.REGISTERING, FairState.ALLOCATING),
        (FairState.ALLOCATING, FairState.PUBLISHED),
        (FairState.PUBLISHED, FairState.ALLOCATING),
        (FairState.RUNNING, FairState.CLOSED),
        (FairState.CLOSED, FairState.REPORTED),
        (FairState.RUNNING, FairState.CANCELLED),
    ],
)
def test_nothing_of_the_law_keeps_a_fair_from_the_other_moves(old: str, to: str) -> None:
    assert _code(_fair(old, 40, **REGISTERED), to) == ""


def test_without_a_rule_nothing_is_asked_for() -> None:
    LegalRule.objects.all().delete()
    fair = _fair(FairState.DRAFT, 1, decision_number="")
    assert _code(fair, FairState.ANNOUNCED) == ""


def test_what_should_be_known_is_said_before_each_move() -> None:
    today = timezone.localdate()
    rule = LegalRule.objects.get(basis=LegalBasis.REGISTERED)

    def count(to: str, in_days: int = 40, missing: int = 0, **fields: Any) -> int:
        fair = Fair(first_day=today + in_days * DAY, last_day=today + (in_days + 4) * DAY, **fields)
        return len(warnings_of_move(fair, to, rule, today, missing=missing))

    assert count(FairState.ANNOUNCED) == 1
    assert count(FairState.ANNOUNCED, decision_number="12/SCT") == 0
    assert count(FairState.REGISTERING, applications_close_at=_at_noon(today - DAY)) == 2
    assert count(FairState.REGISTERING, applications_close_at=_at_noon(today)) == 1
    assert count(FairState.ALLOCATING, applications_close_at=_at_noon(today + DAY)) == 1
    assert count(FairState.ALLOCATING, applications_close_at=_at_noon(today)) == 0
    assert count(FairState.RUNNING, missing=2) == 1
    assert count(FairState.RUNNING) == 0
    assert count(FairState.CLOSED, in_days=-3) == 1
    assert count(FairState.CLOSED, in_days=-4) == 0


def test_a_doubtful_move_is_made_once_its_warning_was_read(client: Client) -> None:
    fair = _fair(FairState.RUNNING, 0)
    client.force_login(builders.make_organiser(fair))
    address = reverse("fair_move", args=[fair.code])
    page = client.post(address, {"to": "closed"}).content.decode()
    assert "còn mở cửa đến" in page
    assert Fair.objects.get().state == FairState.RUNNING
    assert client.post(address, {"to": "closed", "confirmed": "1"}).status_code == 302
    assert Fair.objects.get().state == FairState.CLOSED


def test_the_overview_says_what_keeps_the_fair_and_gives_no_button_for_it(client: Client) -> None:
    fair = _fair(FairState.DRAFT, decision_number="")
    client.force_login(builders.make_organiser(fair))
    page = client.get(fair.desk_url).content.decode()
    assert "hãy nhập số quyết định" in page
    assert 'value="announced"' not in page
    Fair.objects.update(decision_number="12/QĐ")
    assert 'value="announced"' in client.get(fair.desk_url).content.decode()
