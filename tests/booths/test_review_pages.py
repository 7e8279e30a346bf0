"""The pages of the review: filters, points, and what applicants never see."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import Role, User
from booths.actions.apply import withdraw_application
from booths.actions.judging import CriterionContent, set_criteria
from booths.actions.review import (
    decide_applications,
    note_application,
    score_application,
    tag_application,
)
from booths.models import Application, Criterion, DecisionMessage
from booths.queries.review import Scoring
from booths.states import ApplicationState
from fairs.models import Fair
from tests.booths.review_scenes import preview
from tests.builders import (
    make_application,
    make_floor_plan,
    make_group,
    make_organisation,
    make_organiser,
    make_place,
    make_product,
    make_representative,
    make_user,
)
from tests.pages import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def desk(reviewer: User) -> Client:
    return sign_in(reviewer)


def _listed(client: Client, fair: Fair, **wanted: str) -> set[str]:
    page = client.get(reverse("application_list", args=[fair.code]), wanted)
    assert page.status_code == 200
    return {row["application"].code for row in page.context["rows"]}


def _page(application: Application, name: str = "application_page") -> str:
    return reverse(name, args=[application.fair.code, application.code])


def test_the_queue_is_narrowed_down_by_each_filter(
    fair: Fair, desk: Client, reviewer: User
) -> None:
    province = make_place()
    commune = make_place(code="HN-1", name="Xã Bình Minh", kind="commune", parent=province)
    plain = make_application(fair, code="DK-1", group=make_group("craft"))
    placed = make_application(fair, make_organisation(place=commune), code="DK-2")
    expired = make_organisation()
    uncertified = make_application(
        fair, expired, code="DK-3", products=[make_product(expired, stars=0)]
    )
    decided = make_application(fair, code="DK-4", state=ApplicationState.ELIGIBLE)
    tag_application(application=placed, word="Tết", actor=reviewer)
    criterion = Criterion.objects.create(fair=fair, name="Vị")
    score_application(application=plain, points={criterion.pk: 5}, actor=reviewer)
    everybody = {"DK-1", "DK-2", "DK-3", "DK-4"}
    found = {
        "": _listed(desk, fair),
        "state": _listed(desk, fair, state="eligible"),
        "group": _listed(desk, fair, group="craft"),
        "commune": _listed(desk, fair, place="HN-1"),
        "province": _listed(desk, fair, place=province.code),
        "tag": _listed(desk, fair, tag="tet"),
        "certificate": _listed(desk, fair, lacks_certificate="1"),
        "unscored": _listed(desk, fair, is_unscored="1"),
        "no_show": _listed(desk, fair, is_no_show="1"),
        "unknown": _listed(desk, fair, place="XX", sort="?", page="9"),
    }
    assert found == {
        "": everybody,
        "state": {decided.code},
        "group": {plain.code},
        "commune": {placed.code},
        "province": everybody,
        "tag": {placed.code},
        "certificate": {uncertified.code},
        "unscored": {"DK-2", "DK-3"},
        "no_show": set(),
        "unknown": set(),
    }


def test_a_phone_reads_what_the_queue_is_narrowed_down_to(fair: Fair, desk: Client) -> None:
    make_application(fair, code="DK-1", group=make_group("food"))
    asked = {"state": "submitted", "q": "DK", "group": "food", "is_no_show": "1"}
    for wanted, said, is_open in (
        ({}, [], False),
        ({"sort": "name"}, [], False),
        ({"state": "submitted"}, ["State: Submitted"], False),
        (
            asked,
            ["Search: DK", "State: Submitted", "Product group: Food", "Did not come before"],
            True,
        ),
    ):
        page = desk.get(reverse("application_list", args=[fair.code]), wanted)
        assert (page.context["chosen"], page.context["is_open"]) == (said, is_open)


@pytest.mark.parametrize("count", [1, 3])
def test_pages_of_the_review_cost_the_same_for_one_and_three(
    fair: Fair, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_floor_plan(fair)
    organiser = make_organiser(fair)
    [criterion] = set_criteria(
        fair=fair,
        seen=0,
        criteria=[CriterionContent(name="Vị", name_en="", weight=1)],
        actor=organiser,
    )
    for _each in range(count):
        application = make_application(fair, make_organisation(email="mien@cuda.example"))
        tag_application(application=application, word="Tết", actor=organiser)
        score_application(application=application, points={criterion.pk: 5}, actor=organiser)
    codes = list(fair.applications.values_list("code", flat=True))
    for code in codes:
        decide_applications(fair=fair, codes={code}, to="eligible", actor=organiser)
    client = sign_in(organiser)
    costs = {"application_list": 22, "decision_list": 7, "priority_formula": 9}
    for name, queries in costs.items():
        with django_assert_num_queries(queries, info=name):
            client.get(reverse(name, args=[fair.code]))
    decide_applications(fair=fair, codes=codes, to="refused", actor=organiser, reason="Hết chỗ")
    with django_assert_num_queries(7):
        client.get(reverse("decision_page", args=[fair.code, count + 1]))
    with django_assert_num_queries(12):
        preview(client, fair, {"application": codes, "to": "eligible"})


def test_points_tags_and_notes_are_wrong_at_their_field(fair: Fair, desk: Client) -> None:
    application = make_application(fair)
    Criterion.objects.create(fair=fair, name="Vị")
    tries: list[tuple[str, dict[str, str], str]] = [
        ("score", {"points-1": ""}, "Points are whole numbers from 0 to 10."),
        ("score", {"points-1": "11"}, "Points are whole numbers from 0 to 10."),
        ("score", {"points-1": "7,5"}, "Points are whole numbers from 0 to 10."),
        ("tag", {"word": "\u200b "}, "Write a word."),
        ("tag", {"word": "x" * 31}, "A tag has 30 characters at most."),
        ("note", {"text": "  "}, "Write the note first."),
        ("note", {"text": "x" * 1001}, "A note has 1,000 characters at most."),
    ]
    for what, form, sentence in tries:
        page = desk.post(_page(application, f"application_{what}"), form)
        assert (page.status_code, page.context[f"{what}_form"].errors) == (
            422,
            {next(iter(form)): [sentence]},
        )
    for number in range(12):
        desk.post(_page(application, "application_tag"), {"word": f"nhãn {number}"})
    page = desk.post(_page(application, "application_tag"), {"word": "thứ mười ba"})
    assert page.status_code == 422
    assert "This fair has 12 tags already" in page.text
    assert 'value="thứ mười ba"' in page.text


def test_an_average_is_shown_after_ones_own_points(fair: Fair, desk: Client) -> None:
    application = make_application(fair)
    criterion = Criterion.objects.create(fair=fair, name="Vị")
    score_application(application=application, points={criterion.pk: 9}, actor=make_organiser())
    before = desk.get(_page(application)).text
    assert "average of" not in before
    assert "You see the average once you have given your own points." in before
    desk.post(_page(application, "application_score"), {"points-1": "4"})
    after = desk.get(_page(application)).text
    assert '6.5</strong> <span class="muted">average of 2 reviewers' in after
    queue = desk.get(reverse("application_list", args=[fair.code]))
    assert queue.context["rows"][0]["scoring"].average == 6.5


SECRETS = ("Bí mật của hội đồng", "nhãn kín", "Vị giác 7")


def test_neither_applicants_nor_others_at_the_desk_see_what_reviewers_write(
    fair: Fair, reviewer: User
) -> None:
    application = make_application(fair)
    note, tag, _name = SECRETS
    note_application(application=application, text=note, actor=reviewer)
    tag_application(application=application, word=tag, actor=reviewer)
    criterion = Criterion.objects.create(fair=fair, name="Vị")
    score_application(application=application, points={criterion.pk: 7}, actor=reviewer)
    decide_applications(fair=fair, codes={application.code}, to="eligible", actor=reviewer)
    producer = make_representative(application.organisation)
    mine = f"/my/applications/{application.code}/"
    addresses = ["/my/", mine, *(f"{mine}{step}/" for step in ("products", "booths", "wishes"))]
    addresses += [fair.public_url, f"/f/{fair.code}/criteria/", f"/a/{application.token}/"]
    addresses += ["/api/v1/fairs/", f"/api/v1/fairs/{fair.code}/"]
    desk = [_page(application), reverse("application_list", args=[fair.code])]
    seen = {(str(who), at): _read(who, at) for who in (producer,) for at in addresses}
    both = make_representative(application.organisation, role=Role.REVIEWER)
    seen |= {("both", at): _read(both, at) for at in [*addresses, desk[0]]}
    for role in (Role.VIEWER, Role.COMMUNE_OFFICER):
        who = make_user(role=role, fair=fair)
        seen |= {(role, at): _read(who, at) for at in desk}
    [row] = sign_in(both).get(desk[1]).context["rows"]
    assert (row["tags"], row["scoring"]) == ((), Scoring())
    told = DecisionMessage.objects.get()
    seen["letter", ""] = f"{told.subject} {told.body}"
    assert {key for key, text in seen.items() if any(word in text for word in SECRETS)} == set()
    assert all(word in _read(reviewer, desk[0]) for word in SECRETS[:2])
    withdraw_application(application=application, actor=producer)
    assert note not in _read(producer, mine)


def _read(user: User, address: str) -> str:
    page: Any = sign_in(user).get(address, follow=True)
    return str(page.content.decode())
