"""Saving a floor plan: versions, two who save at once, and what producers hold."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import translation

from accounts.models import Role
from booths.actions import publish_allocation
from booths.actions.floor_plan import (
    InvalidPlan,
    add_plan_picture,
    restore_floor_plan,
    save_floor_plan,
)
from booths.floor import compare_plans, final_pairs, move_booths, write_plan
from booths.models import Booth, BoothDay, BoothPair, FloorPlan
from booths.queries import participants_of, plan_of, published_plan_of
from booths.queries.floor_plan import current_floor, floor_of, floor_version
from booths.rendering.floor_words import (
    CHANGES,
    PROBLEMS,
    changes_in_words,
    problem_in_words,
)
from core.audit import AuditEvent
from core.errors import DomainError, NotAllowed, StaleState
from fairs.models import Fair
from fairs.states import FairState
from tests.booths.floor_scenes import make_png
from tests.booths.scenes import compute_run, make_allocating_fair, publish_run
from tests.builders import make_fair, make_floor_plan, make_group, make_organiser, make_user

pytestmark = pytest.mark.django_db


def _document(fair: Fair) -> dict[str, Any]:
    return write_plan(current_floor(fair)[1])


def _save(fair: Fair, document: dict[str, Any], base: int = 1) -> FloorPlan:
    return save_floor_plan(fair=fair, base=base, document=document, actor=make_organiser())


@pytest.fixture
def fair() -> Fair:
    """A fair with the row A1 to A4."""
    fair = make_fair(FairState.REGISTERING)
    make_floor_plan(fair)
    return fair


def test_the_first_plan_is_saved_on_nothing() -> None:
    fair = make_fair()
    group = make_group()
    document = {
        "width": 300,
        "height": 200,
        "outline": [[0, 0], [300, 0], [300, 200], [0, 100]],
        "features": [{"kind": "stage", "x": 0, "y": 0, "width": 9, "height": 9}],
        "zones": [{"code": "A", "name_vi": "Khu A", "group": group.code, "x": 0, "y": 0}],
        "booths": [
            {"code": "A1", "zone": "A", "x": 30, "y": 30, "width": 30, "height": 30,
             "power_kw": 2.5, "water": True, "groups": [group.code]},
            {"code": "A2", "zone": "A", "x": 60, "y": 30, "width": 30, "height": 30},
            {"code": "A3", "zone": "A", "x": 90, "y": 30, "width": 30, "height": 30},
        ],
        "corrections": [{"first": "A3", "second": "A2", "kind": "neighbour"}],
    }  # fmt: skip
    plan = _save(fair, document, base=0)
    assert (plan.version, plan.is_current) == (1, True)
    floor = current_floor(fair)[1]
    assert floor == floor_of(floor_version(fair, 1))
    assert final_pairs(floor) == {("A1", "A2"): True, ("A2", "A3"): False}
    stored = BoothPair.objects.values_list("first__code", "second__code", "is_join")
    assert sorted(stored) == [("A1", "A2", True), ("A2", "A3", False)]
    booth = Booth.objects.get(code="A1")
    assert (booth.zone.group, booth.water, float(booth.power_kw)) == (group, True, 2.5)
    assert list(booth.groups.all()) == [group]


def test_every_save_is_kept_and_recorded(fair: Fair) -> None:
    document = _document(fair)
    document["booths"][0]["power_kw"] = 5
    plan = _save(fair, document)
    assert list(fair.floor_plans.order_by("version").values_list("version", "is_current")) == [
        (1, False),
        (2, True),
    ]
    assert floor_of(floor_version(fair, 1)).booths[0].power_kw == 3
    event = AuditEvent.objects.get(verb="booths.floor_plan_saved")
    assert (event.subject, event.facts["booths"], event.facts["changes"]) == (
        f"{fair.code}:2",
        4,
        1,
    )
    assert (plan.saved_by, event.actor) == (event.actor, plan.saved_by)


def test_saving_what_stands_there_makes_no_version(fair: Fair) -> None:
    document = _document(fair)
    document["corrections"] = [{"first": "A1", "second": "A2", "kind": "join"}]
    assert _save(fair, document).version == 1
    assert not AuditEvent.objects.exists()


def test_the_second_of_two_who_save_is_told(fair: Fair) -> None:
    document = _document(fair)
    document["width"] += 10
    _save(fair, document)
    with pytest.raises(StaleState) as error:
        _save(fair, {**document, "height": 300})
    assert error.value.code == "floor_plan.saved_meanwhile"
    assert current_floor(fair)[0] == 2


def test_nothing_is_saved_of_an_impossible_plan(fair: Fair) -> None:
    document = _document(fair)
    document["booths"][1]["x"] = 31
    with translation.override("en"), pytest.raises(InvalidPlan) as error:
        _save(fair, document)
    with translation.override("en"):
        assert str(error.value) == "The plan is not saved. Booths A1 and A2 overlap."
    assert list(fair.floor_plans.values_list("version", flat=True)) == [1]


@pytest.mark.parametrize("role", [Role.VIEWER, Role.REVIEWER])
def test_only_organisers_save(fair: Fair, role: str) -> None:
    actor = make_user(role=role, fair=fair)
    content = make_png()
    deeds: list[Callable[[], object]] = [
        lambda: save_floor_plan(fair=fair, base=1, document={}, actor=actor),
        lambda: restore_floor_plan(fair=fair, version=1, base=1, actor=actor),
        lambda: add_plan_picture(fair=fair, content=content, actor=actor),
    ]
    for deed in deeds:
        with pytest.raises(NotAllowed):
            deed()
    assert not fair.plan_pictures.exists()


def test_the_plan_of_a_fair_that_is_over_stays(fair: Fair) -> None:
    Fair.objects.filter(pk=fair.pk).update(state=FairState.CLOSED)
    with pytest.raises(DomainError) as error:
        _save(fair, {**_document(fair), "width": 999})
    assert error.value.code == "floor_plan.over"


def test_an_old_version_comes_back_as_the_newest(fair: Fair) -> None:
    old = current_floor(fair)[1]
    _save(fair, write_plan(move_booths(old, ["A4"], 10, 0)) | {"width": 400})
    plan = restore_floor_plan(fair=fair, version=1, base=2, actor=make_organiser())
    assert (plan.version, plan.restored_from) == (3, 1)
    assert compare_plans(old, current_floor(fair)[1]) == []


def test_what_is_held_moves_to_the_booth_of_the_same_code() -> None:
    fair = make_allocating_fair(applications=2, booths=3)
    publish_run(fair)
    held = set(BoothDay.objects.values_list("booth__code", "day"))
    names = [str(each.placement.organisation) for each in participants_of(fair)]
    document = _document(fair)
    document["booths"] = [{**booth, "y": booth["y"] + 20} for booth in reversed(document["booths"])]
    plan = _save(fair, document)
    assert set(BoothDay.objects.values_list("booth__plan", flat=True)) == {plan.pk}
    assert set(BoothDay.objects.values_list("booth__code", "day")) == held
    assert [str(each.placement.organisation) for each in participants_of(fair)] == names
    assert published_plan_of(fair) == plan_of(fair) == plan


def test_a_booth_that_is_held_cannot_go() -> None:
    fair = make_allocating_fair(applications=1, booths=2)
    publish_run(fair)
    day = BoothDay.objects.select_related("booth").first()
    assert day
    document = _document(fair)
    left = [booth for booth in document["booths"] if booth["code"] != day.booth.code]
    with translation.override("en"), pytest.raises(DomainError) as error:
        _save(fair, {**document, "booths": left})
    holder = str(fair.applications.get().organisation)
    assert (error.value.code, error.value.facts) == (
        "floor_plan.held",
        {"booth": day.booth.code, "holder": holder},
    )
    assert list(fair.floor_plans.values_list("version", flat=True)) == [1]
    free = [booth for booth in document["booths"] if booth["code"] == day.booth.code]
    assert _save(fair, {**document, "booths": free}).version == 2


def test_a_run_may_be_published_after_booths_were_merely_moved() -> None:
    fair = make_allocating_fair(applications=1, booths=2)
    run = compute_run(fair)
    document = _document(fair)
    document["booths"] = [{**booth, "y": booth["y"] + 20} for booth in document["booths"]]
    plan = _save(fair, document)
    publish_allocation(run=run, actor=make_organiser())
    assert set(BoothDay.objects.values_list("booth__plan", flat=True)) == {plan.pk}


def test_every_sentence_has_its_facts() -> None:
    told = "named other zone group kind value field most count code first second x y place"
    changed = "named kind old new width height x y from_x from_y"
    for texts, names in ((PROBLEMS, told), (CHANGES, changed)):
        for text in texts.values():
            assert str(text) % dict.fromkeys(names.split(), "?")


def test_many_changes_are_cut_short_in_words(fair: Fair) -> None:
    old = current_floor(fair)[1]
    new = move_booths(old, ["A1", "A2", "A3", "A4"], 15, 0)
    with translation.override("en"):
        said = changes_in_words(compare_plans(old, new), most=1)
    assert said == ["Booth A1 was moved: from 3; 3 m to 4.5; 3 m.", "… and 3 more."]


def test_a_mistake_is_told_by_the_booth(fair: Fair) -> None:
    document = _document(fair)
    document["booths"][2]["x"] = float("nan")
    with pytest.raises(InvalidPlan) as error:
        _save(fair, document)
    with translation.override("en"):
        assert [problem_in_words(each) for each in error.value.problems] == [
            "A3: “from the left” must be a whole number of 10 cm, not “nan”."
        ]


def test_a_picture_is_drawn_anew_and_made_smaller(fair: Fair) -> None:
    sent = make_png(4800, 100) + b"<script>"
    picture = add_plan_picture(fair=fair, content=sent, actor=make_organiser())
    assert (picture.number, picture.width, picture.height) == (1, 2400, 50)
    kept = picture.file.read()
    assert kept.startswith(b"\x89PNG")
    assert b"script" not in kept
    document = {
        **_document(fair),
        "picture": {"number": 1, "x": 0, "y": 0, "width": 9, "height": 9},
    }
    assert write_plan(floor_of(floor_version(fair, _save(fair, document).version))) == document


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "plan_picture.unreadable"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "plan_picture.unreadable"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 60, "plan_picture.unreadable"),
        (b"x" * (5 * 1024 * 1024 + 1), "plan_picture.too_large"),
    ],
)
def test_what_is_no_picture_is_refused(fair: Fair, content: bytes, code: str) -> None:
    with pytest.raises(DomainError) as error:
        add_plan_picture(fair=fair, content=content, actor=make_organiser())
    assert error.value.code == code


def test_a_picture_of_too_many_pixels_is_refused_unread(fair: Fair) -> None:
    content = make_png(7000, 7000, "1")
    with pytest.raises(DomainError) as error:
        add_plan_picture(fair=fair, content=content, actor=make_organiser())
    assert error.value.code == "plan_picture.too_large"
