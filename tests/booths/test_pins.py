"""Places fixed and ruled out by hand: judged by the solver's rules, kept by the next run."""

import json
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import Role
from booths.actions import start_allocation
from booths.actions.pins import Pins, pins_of, set_pins
from booths.models import AllocationRun, Application, Booth
from booths.states import ApplicationState
from core.audit import AuditEvent
from core.errors import DomainError, NotAllowed, StaleState
from fairs.models import Fair
from fairs.states import FairState
from tests.booths.scenes import answer_of, compute_run, desk_of, make_allocating_fair
from tests.builders import make_application, make_group, make_organiser, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
FREE = Pins()


def _row(fair: Fair, code: str = "DK-1") -> Application:
    return fair.applications.get(code=code)


def _pin(row: Application, *pinned: str, forbidden: tuple[str, ...] = (), **fields: Any) -> Any:
    values = {"seen": pins_of(row), "reason": "Chủ tịch phường yêu cầu", "actor": make_organiser()}
    pins = Pins(pinned, forbidden)
    return set_pins(application=row, pins=pins, **{**values, **fields})


def _address(fair: Fair, code: str = "DK-1") -> str:
    return reverse("application_pins", args=[fair.code, code])


def test_the_next_run_keeps_what_is_fixed_and_ruled_out() -> None:
    fair = make_allocating_fair(applications=3, booths=3)
    _pin(_row(fair, "DK-3"), "A2")
    _pin(_row(fair, "DK-1"), forbidden=("A1", "A2"))
    run = compute_run(fair)
    assert answer_of(run)["assignments"] == {"DK-1": ["A3"], "DK-2": ["A1"], "DK-3": ["A2"]}
    asked = {each["id"]: each for each in json.loads(run.instance)["applications"]}
    assert asked["DK-3"]["pinned"] == ["A2"]
    assert asked["DK-1"]["forbidden"] == ["A1", "A2"]
    assert "forbidden" not in asked["DK-2"]


def test_who_fixed_what_and_why_is_on_the_record() -> None:
    fair = make_allocating_fair()
    _pin(_row(fair), "A1", forbidden=("A3",))
    event = AuditEvent.objects.get(verb="booths.places_fixed")
    assert (event.subject, event.facts) == (
        "DK-1",
        {
            "pinned": ["A1"],
            "forbidden": ["A3"],
            "before": {"pinned": [], "forbidden": []},
            "reason": "Chủ tịch phường yêu cầu",
        },
    )
    _pin(_row(fair), "A1", forbidden=("A3",))
    assert AuditEvent.objects.filter(verb="booths.places_fixed").count() == 1
    _pin(_row(fair))
    assert pins_of(_row(fair)) == FREE
    assert _row(fair).pinned is None


UNFIT: list[tuple[dict[str, Any], tuple[str, ...], tuple[str, ...], str]] = [
    ({}, ("A9",), (), "Booth A9 is not on the floor plan."),
    ({}, ("A1", "A2"), (), "2 booths are named, 1 are asked for."),
    ({"booths_wanted": 2}, ("A3", "A1"), (), "A1 + A3 cannot be merged into one stand."),
    ({"power_kw": "3.5"}, ("A1",), (), "A1: 3 kW are there, 3.5 kW are needed."),
    ({"water": True}, ("A1",), (), "A1: there is no water."),
    ({"cooking": True}, ("A1",), (), "A1: cooking is not allowed there."),
    ({}, ("A4",), (), "A4: the product group is not taken there."),
    ({}, ("A1",), ("A1",), "A1: ruled out for this application by the organiser."),
    ({}, ("A2",), (), "Booth A2 is fixed for DK-2 already."),
]


@pytest.mark.parametrize(("asked", "pinned", "forbidden", "sentence"), UNFIT)
def test_what_does_not_fit_is_said_and_kept_in_the_form(
    asked: dict[str, Any], pinned: tuple[str, ...], forbidden: tuple[str, ...], sentence: str
) -> None:
    fair = make_allocating_fair(applications=2)
    Booth.objects.get(code="A4").groups.set([make_group("craft", name_vi="Thủ công")])
    _pin(_row(fair, "DK-2"), "A2")
    fair.applications.filter(code="DK-1").update(**asked)
    page = desk_of().post(
        _address(fair),
        {"pinned": ", ".join(pinned), "forbidden": " ".join(forbidden), "reason": "vì thế"},
    )
    name = str(_row(fair, "DK-2").organisation)
    assert page.status_code == 422
    assert sentence.replace("DK-2", f"{name} (DK-2)") in page.text
    assert 'href="#id_pinned"' in page.text
    assert f'value="{", ".join(pinned)}"' in page.text
    assert pins_of(_row(fair)) == FREE


def test_a_quota_bounds_what_can_be_fixed() -> None:
    fair = make_allocating_fair(applications=2)
    kind = _row(fair).organisation.actor_type
    fair.quotas.create(name="Hộ", name_en="Households", trait="actor", value=kind, maximum=1)
    _pin(_row(fair, "DK-2"), "A2")
    with pytest.raises(DomainError) as refused:
        _pin(_row(fair), "A1")
    assert refused.value.code == "pins.pinned_unfit"
    assert "allows 1 booths, 2 would be fixed" in str(refused.value)


def test_booths_ruled_out_must_be_on_the_plan_and_a_reason_given() -> None:
    fair = make_allocating_fair()
    for forbidden, reason, code in [
        (("A9", "A1"), "vì", "pins.forbidden_unknown"),
        (("A1",), "", "pins.reason_missing"),
    ]:
        with pytest.raises(DomainError) as refused:
            _pin(_row(fair), forbidden=forbidden, reason=reason)
        assert refused.value.code == code
    assert pins_of(_row(fair)) == FREE


def test_the_form_needs_no_script_and_leads_back() -> None:
    fair = make_allocating_fair()
    client = desk_of()
    assert _address(fair) in client.get(reverse("application_page", args=[fair.code, "DK-1"])).text
    page = client.post(
        _address(fair),
        {"pinned": " A1 + ", "forbidden": "A3,A4", "reason": "Theo đề nghị"},
        follow=True,
    )
    assert pins_of(_row(fair)) == Pins(("A1",), ("A3", "A4"))
    for word in ("It holds from the next run on.", "Theo đề nghị", "A3, A4"):
        assert word in page.text


def test_the_second_of_two_sees_what_the_first_fixed_and_keeps_the_own() -> None:
    fair = make_allocating_fair()
    _pin(_row(fair), "A1", reason="Người khác")
    page = desk_of().post(
        _address(fair),
        {"pinned": "A2", "forbidden": "", "reason": "Tôi", "seen_pinned": "", "seen_forbidden": ""},
    )
    assert page.status_code == 409
    for word in ("Somebody else has changed this", "Người khác", 'value="A2"', 'value="Tôi"'):
        assert word in page.text
    assert pins_of(_row(fair)) == Pins(("A1",))
    assert 'name="seen_pinned" value="A1"' in page.text
    with pytest.raises(StaleState):
        _pin(_row(fair), "A2", seen=FREE)


def test_a_pin_that_no_longer_fits_is_said_before_starting_and_stops_the_start() -> None:
    fair = make_allocating_fair(applications=2)
    client, address = desk_of(), reverse("allocation", args=[fair.code])
    _pin(_row(fair), "A1")
    assert "cannot be kept" not in client.get(address).text
    Booth.objects.filter(code="A1").update(code="Z1")
    page = client.get(address).text
    assert _address(fair) in page
    assert "Booth A1 is not on the floor plan." in page
    with pytest.raises(DomainError) as refused:
        start_allocation(fair=fair, actor=make_organiser())
    assert refused.value.code == "allocation.pins"
    assert "(DK-1), fixed in A1: Booth A1 is not on the floor plan." in str(refused.value)
    assert not AllocationRun.objects.exists()


def test_pins_that_contradict_each_other_are_all_named() -> None:
    fair = make_allocating_fair(applications=3)
    fair.applications.filter(code__in=["DK-1", "DK-2"]).update(pinned=["A1"])
    fair.applications.filter(code="DK-3").update(pinned=["A2", "A3"])
    with pytest.raises(DomainError) as refused:
        start_allocation(fair=fair, actor=make_organiser())
    said = str(refused.value)
    assert "Booth A1 is fixed for DK-1 already." in said
    assert "(DK-3), fixed in A2 + A3: 2 booths are named, 1 are asked for." in said


def test_a_booth_ruled_out_that_is_gone_rules_nothing_out() -> None:
    fair = make_allocating_fair(applications=1)
    _pin(_row(fair), forbidden=("A1", "A2"))
    Booth.objects.filter(code="A1").update(code="Z1")
    run = compute_run(fair)
    assert json.loads(run.instance)["applications"][0]["forbidden"] == ["A2"]


@pytest.mark.parametrize("state", [FairState.PUBLISHED, FairState.RUNNING])
def test_nothing_is_fixed_once_the_booths_are_published(state: str) -> None:
    fair = make_allocating_fair()
    Fair.objects.filter(pk=fair.pk).update(state=state)
    with pytest.raises(DomainError) as refused:
        _pin(_row(fair), "A1")
    assert refused.value.code == "pins.not_now"
    assert desk_of().get(_address(fair)).status_code == 409


def test_only_an_organiser_fixes_places_and_only_for_those_who_take_part() -> None:
    fair = make_allocating_fair()
    with pytest.raises(NotAllowed):
        _pin(_row(fair), "A1", actor=make_user(role=Role.REVIEWER, fair=fair))
    row = make_application(fair, state=ApplicationState.WITHDRAWN)
    with pytest.raises(DomainError) as refused:
        _pin(row, "A1")
    assert refused.value.code == "pins.not_now"
    submitted = make_application(fair)
    assert _pin(submitted, "A4").pinned == ["A4"]
