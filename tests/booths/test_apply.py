"""A producer applies: what may be asked for, until when, and what two phones do."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Role, User
from booths.actions import publish_allocation
from booths.actions.apply import (
    Needs,
    begin_application,
    choose_products,
    choose_wishes,
    state_needs,
    submit_application,
    withdraw_application,
)
from booths.models import Application, BoothDay
from booths.queries.apply import offered_products
from booths.states import ApplicationState
from core.audit import AuditEvent
from core.errors import NotAllowed, StaleState
from core.jobs import Job
from core.tasks import run_job
from fairs.models import Fair
from fairs.states import FairState
from tests.booths.scenes import compute_run, make_allocating_fair
from tests.builders import (
    make_certification,
    make_fair,
    make_floor_plan,
    make_organisation,
    make_organiser,
    make_product,
    make_representative,
    make_user,
)
from tests.claims import refused, verbs_of

pytestmark = pytest.mark.django_db
WISHES = [["booth", "A2"], ["zone", "A"]]
NEEDS: dict[str, Any] = {
    "booths_wanted": 2,
    "power_kw": Decimal("2.5"),
    "water": True,
    "cold": False,
    "cooking": False,
}


def _draft(fair: Fair | None = None, **fields: Any) -> tuple[Application, User]:
    """A draft of a producer with one certified product, and who acts for the producer."""
    organisation = make_organisation(**fields)
    make_product(organisation)
    user = make_representative(organisation)
    fair = fair or make_fair()
    return begin_application(fair=fair, organisation=organisation, actor=user), user


def _fill(application: Application, user: User) -> Application:
    codes = list(application.organisation.products.values_list("code", flat=True))
    return choose_products(application=application, seen=1, codes=codes, actor=user)


def _send(application: Application, user: User, **said: Any) -> Application:
    said = {"seen": application.version, "consent": True, **said}
    return submit_application(application=application, actor=user, **said)


def test_an_application_is_saved_step_by_step_and_sent() -> None:
    application, user = _draft()
    make_floor_plan(application.fair)
    row = _fill(application, user)
    row = state_needs(application=row, seen=2, needs=Needs(**NEEDS), actor=user)
    row = choose_wishes(
        application=row,
        seen=3,
        wishes=[["booth", "A2"], ["zone", "A"], ["booth", "A2"]],
        actor=user,
    )
    _send(row, user)
    row = Application.objects.get()
    assert {name: getattr(row, name) for name in NEEDS} == NEEDS
    assert row.wishes == WISHES
    assert (row.state, row.version) == (ApplicationState.SUBMITTED, 5)
    assert row.consented_at is not None
    assert row.submitted_at is not None
    assert row.fair.organiser in row.consent_text
    assert verbs_of(subject=row.code) == [
        "booths.application_begun",
        *["booths.application_changed"] * 3,
        "booths.application_submitted",
    ]


def test_what_is_saved_again_unchanged_leaves_no_trace() -> None:
    application, user = _draft()
    row = _fill(application, user)
    codes = [row.products.get().code]
    assert choose_products(application=row, seen=2, codes=codes, actor=user).version == 2


def test_an_organisation_has_one_application_and_may_begin_anew_once_it_is_withdrawn() -> None:
    first, user = _draft()
    again: dict[str, Any] = {"fair": first.fair, "organisation": first.organisation, "actor": user}
    assert begin_application(**again) == first
    withdraw_application(application=first, actor=user)
    assert begin_application(**again) != first


@pytest.mark.parametrize(("late", "is_in_time"), [(-30, True), (-59, True), (-61, False)])
def test_the_server_judges_the_deadline_with_a_minute_of_grace(late: int, is_in_time: bool) -> None:
    application, user = _draft()
    row = _fill(application, user)
    closes = timezone.now() + timedelta(seconds=late)
    Fair.objects.filter(pk=row.fair_id).update(applications_close_at=closes)
    if is_in_time:
        assert _send(row, user).state == ApplicationState.SUBMITTED
    else:
        with refused("apply.closed"):
            _send(row, user)
        assert Application.objects.get().state == ApplicationState.DRAFT


@pytest.mark.parametrize("state", sorted({*FairState} - {FairState.REGISTERING}))
def test_a_fair_that_takes_no_applications_takes_none(state: str) -> None:
    with refused("apply.closed"):
        _draft(make_fair(state, state_reason="Bão"))


def test_of_two_phones_the_second_is_told_and_the_first_stays() -> None:
    application, user = _draft()
    needs = Needs(**NEEDS)
    state_needs(application=application, seen=1, needs=needs, actor=user)
    other = Needs(**{**NEEDS, "booths_wanted": 6})
    with refused("apply.saved_meanwhile"):
        state_needs(application=application, seen=1, needs=other, actor=user)
    assert Application.objects.get().booths_wanted == 2


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"booths_wanted": 7}, "apply.booths_number"),
        ({"booths_wanted": 0}, "apply.booths_number"),
        ({"power_kw": Decimal("NaN")}, "apply.power"),
        ({"power_kw": Decimal("-1")}, "apply.power"),
        ({"power_kw": Decimal("Infinity")}, "apply.power"),
    ],
)
def test_needs_out_of_reason_are_refused(change: dict[str, Any], code: str) -> None:
    application, user = _draft()
    with refused(code):
        state_needs(application=application, seen=1, needs=Needs(**{**NEEDS, **change}), actor=user)
    assert Application.objects.get().version == 1


@pytest.mark.parametrize(
    ("wishes", "code"),
    [
        ([["booth", f"A{number}"] for number in (1, 2, 3, 4)], "apply.too_many_wishes"),
        ([["booth", "Z9"]], "apply.wish_unknown"),
        ([["table", "A1"]], "apply.wish_unknown"),
    ],
)
def test_wishes_are_three_at_most_and_on_the_plan(wishes: list[list[str]], code: str) -> None:
    application, user = _draft()
    make_floor_plan(application.fair)
    with refused(code):
        choose_wishes(application=application, seen=1, wishes=wishes, actor=user)
    assert Application.objects.get().wishes == []


def test_products_are_ones_own_and_at_least_one() -> None:
    application, user = _draft()
    cases = {"apply.product_unknown": [make_product().code], "apply.products_missing": []}
    for code, codes in cases.items():
        with refused(code):
            choose_products(application=application, seen=1, codes=codes, actor=user)
    assert not application.products.exists()


def test_certificates_are_judged_on_the_last_day_of_the_fair() -> None:
    fair = make_fair()
    organisation = make_organisation()
    for name, ends in (("a", fair.end), ("b", fair.end - timedelta(days=1))):
        make_certification(make_product(organisation, stars=0, name=name), valid_until=ends)
    make_product(organisation, stars=0, name="c")
    make_product(organisation, stars=2, name="d")
    barred = make_product(organisation, stars=0, name="e")
    make_certification(barred, withdrawn_on=timezone.localdate())
    offered = offered_products(organisation, fair.end)
    assert [each.state for each in offered] == ["valid", "expired", "none", "weak", "withdrawn"]
    assert [each.can_be_chosen for each in offered] == [True, True, True, True, False]
    user = make_representative(organisation)
    row = begin_application(fair=fair, organisation=organisation, actor=user)
    with refused("apply.product_barred"):
        choose_products(application=row, seen=1, codes=[barred.code], actor=user)


def test_nothing_is_sent_without_products_or_consent() -> None:
    application, user = _draft()
    with refused("apply.products_missing"):
        _send(application, user)
    row = _fill(application, user)
    with refused("apply.consent_missing"):
        _send(row, user, consent=False)
    assert Application.objects.get().state == ApplicationState.DRAFT


def test_what_was_sent_can_be_changed_until_it_is_decided_on() -> None:
    application, user = _draft()
    row = _send(_fill(application, user), user)
    row = state_needs(application=row, seen=row.version, needs=Needs(**NEEDS), actor=user)
    assert (row.state, row.booths_wanted) == (ApplicationState.SUBMITTED, 2)
    with refused("apply.sent_already"):
        _send(row, user)
    Application.objects.update(state=ApplicationState.ELIGIBLE)
    with refused("apply.reviewed"):
        state_needs(application=row, seen=row.version, needs=Needs(**NEEDS), actor=user)


def test_a_receipt_is_sent_to_the_address_that_is_known(settings: Settings) -> None:
    settings.SITE_URL = "https://chophien.example"
    application, user = _draft(email="htx@chophien.example")
    row = _send(_fill(application, user), user)
    run_job(Job.objects.get(kind="booths.receipt").pk)
    [letter] = mail.outbox
    assert letter.to == ["htx@chophien.example"]
    assert f"/a/{row.token}/" in letter.body
    assert row.products.get().name in letter.body


def test_withdrawing_gives_the_booths_back_and_stays_withdrawn() -> None:
    fair = make_allocating_fair(applications=1, booths=1)
    publish_allocation(run=compute_run(fair), actor=make_organiser())
    row = Application.objects.get()
    user = make_representative(row.organisation)
    with pytest.raises(NotAllowed):
        withdraw_application(application=row, actor=make_user())
    withdraw_application(application=row, actor=user)
    row.refresh_from_db()
    assert row.state == ApplicationState.WITHDRAWN
    assert not BoothDay.objects.filter(released_at__isnull=True).exists()
    assert AuditEvent.objects.get(verb="booths.application_withdrawn").actor == user
    with pytest.raises(StaleState):
        withdraw_application(application=row, actor=user)


def test_nobody_withdraws_once_the_fair_has_begun() -> None:
    application, user = _draft()
    Fair.objects.update(state=FairState.RUNNING)
    with refused("apply.too_late_to_withdraw"):
        withdraw_application(application=application, actor=user)


def test_a_commune_officer_applies_for_another_with_a_note_of_the_paper() -> None:
    fair, organisation = make_fair(), make_organisation()
    product = make_product(organisation)
    officer = make_user(role=Role.COMMUNE_OFFICER, fair=fair)
    row = begin_application(fair=fair, organisation=organisation, actor=officer)
    row = choose_products(application=row, seen=1, codes=[product.code], actor=officer)
    with refused("apply.note_missing"):
        _send(row, officer)
    row = _send(row, officer, note="Bà Lò Thị Mai ký ngày 01/11/2026")
    assert row.consent_note == "Bà Lò Thị Mai ký ngày 01/11/2026"
    assert row.created_by == officer


@pytest.mark.parametrize("role", ["", Role.VIEWER, Role.REVIEWER])
def test_strangers_neither_begin_nor_change_an_application(role: str) -> None:
    application, _user = _draft()
    stranger = make_user(role=role, fair=application.fair)
    with pytest.raises(NotAllowed):
        begin_application(
            fair=application.fair, organisation=application.organisation, actor=stranger
        )
    with pytest.raises(NotAllowed):
        state_needs(application=application, seen=1, needs=Needs(**NEEDS), actor=stranger)
    officer = make_user(role=Role.COMMUNE_OFFICER, fair=application.fair)
    with pytest.raises(NotAllowed):  # the producer's own draft is the producer's own
        state_needs(application=application, seen=1, needs=Needs(**NEEDS), actor=officer)
