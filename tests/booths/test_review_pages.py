"""The pages of the review: filters, previews, what is kept, and what applicants never see."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
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
from booths.models import Application, Criterion, Decision, DecisionMessage
from booths.queries.facts import rules_of
from booths.queries.review import Scoring
from booths.states import ApplicationState
from core.jobs import Job, State
from fairs.models import Fair
from fairs.states import FairState
from tests.booths.review_scenes import press_decide, preview
from tests.builders import (
    make_application,
    make_fair,
    make_floor_plan,
    make_group,
    make_organisation,
    make_organiser,
    make_place,
    make_product,
    make_representative,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """Errors of forms are lazy: they are said in the language of whoever reads them."""
    with translation.override("en"):
        yield


@pytest.fixture
def fair() -> Fair:
    return make_fair()


@pytest.fixture
def reviewer(fair: Fair) -> User:
    return make_user(role=Role.REVIEWER, fair=fair, language="en")


@pytest.fixture
def desk(reviewer: User) -> Client:
    return _client(reviewer)


def _client(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


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
    client = _client(organiser)
    costs = {"application_list": 22, "decision_list": 7, "priority_formula": 9}
    for name, queries in costs.items():
        with django_assert_num_queries(queries, info=name):
            client.get(reverse(name, args=[fair.code]))
    decide_applications(fair=fair, codes=codes, to="refused", actor=organiser, reason="Hết chỗ")
    with django_assert_num_queries(7):
        client.get(reverse("decision_page", args=[fair.code, count + 1]))
    with django_assert_num_queries(12):
        preview(client, fair, {"application": codes, "to": "eligible"})


def test_a_refusal_without_a_reason_is_told_at_the_field(fair: Fair, desk: Client) -> None:
    first, second = make_application(fair), make_application(fair)
    sent = preview(desk, fair, {"application": [first.code, second.code], "to": "refused"})
    address = reverse("application_review", args=[fair.code])
    page = desk.post(address, {**sent, "step": "decide"})
    assert page.status_code == 422
    assert page.context["form"].errors == {"reason": ["Say why the application is refused."]}
    own = {f"reason-{first.code}": "Hết chỗ", "step": "decide"}
    page = desk.post(address, {**sent, **own})
    assert page.context["form"].errors == {
        f"reason-{second.code}": ["Say why the application is refused."]
    }
    assert 'value="Hết chỗ"' in page.text
    page = desk.post(address, {**sent, "reason": "x" * 301, "step": "preview"})
    assert (page.status_code, list(page.context["form"].errors)) == (422, ["reason"])
    assert not Decision.objects.exists()


def test_a_changed_reason_is_read_before_it_is_sent(fair: Fair, desk: Client) -> None:
    application = make_application(fair)
    form = {"application": application.code, "to": "refused", "reason": "Hết chỗ"}
    sent = preview(desk, fair, form)
    address = reverse("application_review", args=[fair.code])
    page = desk.post(address, {**sent, "reason": "Thiếu giấy tờ", "step": "decide"})
    assert page.status_code == 409
    assert "The messages are no longer those you read." in page.text
    assert "Lý do: Thiếu giấy tờ" in page.text
    decided = desk.post(
        address, {**sent, "reason": "Thiếu giấy tờ", "seal": page.context["seal"], "step": "decide"}
    )
    assert decided.status_code == 302
    assert "Thiếu giấy tờ" in DecisionMessage.objects.get().body


def test_of_two_who_decide_the_second_keeps_what_was_typed(
    fair: Fair, desk: Client, reviewer: User
) -> None:
    taken, left = make_application(fair), make_application(fair)
    form = {"application": [taken.code, left.code], "to": "refused", "reason": "Hết chỗ"}
    sent = preview(desk, fair, form)
    decide_applications(
        fair=fair, codes={taken.code}, to="refused", actor=make_organiser(), reason="Trùng"
    )
    page = desk.post(reverse("application_review", args=[fair.code]), {**sent, "step": "decide"})
    assert page.status_code == 409
    assert f"Somebody else has decided on {taken.code}" in page.text
    assert page.context["left_out"] == [taken]
    assert [letter.application for letter, _field in page.context["letters"]] == [left]
    assert page.context["form"]["reason"].value() == "Hết chỗ"


def test_what_cannot_be_decided_is_left_out_and_named(fair: Fair, desk: Client) -> None:
    submitted = make_application(fair)
    eligible = make_application(fair, state=ApplicationState.ELIGIBLE)
    form = {"application": [submitted.code, eligible.code], "to": "eligible"}
    page = desk.post(reverse("application_review", args=[fair.code]), form)
    assert page.context["left_out"] == [eligible]
    assert press_decide(desk, fair, form).status_code == 302
    submitted.refresh_from_db()
    assert submitted.state == ApplicationState.ELIGIBLE


@pytest.mark.parametrize("form", [{}, {"to": "placed"}, {"to": "eligible"}])
def test_a_decision_that_says_nothing_is_refused(
    fair: Fair, desk: Client, form: dict[str, str]
) -> None:
    application = make_application(fair)
    codes = {"application": application.code} if form.get("to") == "placed" else {}
    page = desk.post(reverse("application_review", args=[fair.code]), {**form, **codes})
    assert page.status_code == 409
    assert not Decision.objects.exists()


def test_those_without_e_mail_are_on_a_list_to_print(fair: Fair, desk: Client) -> None:
    on_paper = make_application(fair)
    mailed = make_application(fair, make_organisation(email="mien@cuda.example"))
    form = {"application": [on_paper.code, mailed.code], "to": "eligible"}
    page = desk.get(press_decide(desk, fair, form).headers["Location"])
    assert [each.application for each in page.context["on_paper"]] == [on_paper]
    assert on_paper.organisation.phone in page.text
    [told] = page.context["mailed"]
    Job.objects.filter(pk=told.job_id).update(state=State.FAILED)
    address = reverse("decision_list", args=[fair.code])
    assert desk.get(address).context["page"][0].failed_count == 1


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
    [row] = _client(both).get(desk[1]).context["rows"]
    assert (row["tags"], row["scoring"]) == ((), Scoring())
    told = DecisionMessage.objects.get()
    seen["letter", ""] = f"{told.subject} {told.body}"
    assert {key for key, text in seen.items() if any(word in text for word in SECRETS)} == set()
    assert all(word in _read(reviewer, desk[0]) for word in SECRETS[:2])
    withdraw_application(application=application, actor=producer)
    assert note not in _read(producer, mine)


def _read(user: User, address: str) -> str:
    page: Any = _client(user).get(address, follow=True)
    return str(page.content.decode())


def test_criteria_are_published_and_wrong_ones_are_kept(fair: Fair) -> None:
    client = _client(make_organiser(fair, language="en"))
    address = reverse("review_criteria", args=[fair.code])
    management = {"form-TOTAL_FORMS": "8", "form-INITIAL_FORMS": "0", "version": "0"}
    wrong = {
        **management,
        "form-0-name": "Vị",
        "form-0-weight": "11",
        "form-1-name": "",
        "form-1-name_en": "Packaging",
        "form-2-name": "Bao bì",
        "form-3-name": "BAO BI",
    }
    page = client.post(address, wrong)
    assert page.status_code == 422
    errors = [form.errors for form in page.context["form"]]
    assert errors[0] == {"weight": ["A weight is a whole number from 1 to 10."]}
    assert errors[1] == {"name": ["Give the Vietnamese name too."]}
    assert errors[3] == {"name": ["Another criterion has this name."]}
    assert 'value="Packaging"' in page.text
    good = {**management, "form-0-name": "Vị", "form-0-weight": "3", "form-2-name": "Bao bì"}
    assert client.post(address, good).status_code == 302
    assert [(each.name, each.weight) for each in Criterion.objects.all()] == [
        ("Vị", 3),
        ("Bao bì", 1),
    ]
    public = Client().get(f"/f/{fair.code}/criteria/").text
    assert all(words in public for words in ("Bao bì", "× 3", "+50"))
    assert f"/f/{fair.code}/criteria/" in Client().get(fair.public_url).text
    stale = client.post(address, {**management, "form-0-name": "Khác"})
    assert stale.status_code == 409
    assert 'value="Khác"' in stale.text
    application = make_application(fair)
    points = {each.pk: 5 for each in Criterion.objects.all()}
    score_application(application=application, points=points, actor=make_organiser())
    locked = client.get(address).text
    assert "Somebody has given points already" in locked
    assert "Save and publish" not in locked


FORMULA = {
    **{f"stars_{stars}": points for stars, points in ((5, 50), (4, 33), (3, 30))},
    **dict.fromkeys(
        (
            *("kind_enterprise", "kind_cooperative", "kind_cooperative_group"),
            *("kind_household_business", "kind_farm", "kind_artisan"),
            *("first_time", "lost_out", "score", "place"),
        ),
        0,
    ),
    "version": 0,
}


def test_a_formula_is_previewed_before_it_is_saved(fair: Fair) -> None:
    application = make_application(fair)
    client = _client(make_organiser(fair, language="en"))
    address = reverse("priority_formula", args=[fair.code])
    page = client.post(address, {**FORMULA, "step": "save"})  # unread, so it is shown
    assert page.status_code == 200
    assert "What changes: 1 of 1 priorities" in page.text
    assert "33 = 33 stars" in page.text
    assert rules_of(fair)[1] == 0
    sealed = {**FORMULA, "seal": page.context["seal"], "step": "save"}
    assert client.post(address, sealed).status_code == 302
    application.refresh_from_db()
    assert (application.priority, application.priority_parts) == (33, [["stars", 33]])
    stale = client.post(address, sealed)
    assert stale.status_code == 409
    producer = make_representative(application.organisation, language="en")
    mine = _client(producer).get(f"/my/applications/{application.code}/").text
    assert "33 = 33 stars" in mine


def test_points_of_a_formula_are_wrong_at_their_field(fair: Fair) -> None:
    client = _client(make_organiser(fair, language="en"))
    address = reverse("priority_formula", args=[fair.code])
    wrong = {**FORMULA, "stars_4": "101", "lost_out": "", "place": "5"}
    page = client.post(address, wrong)
    sentence = ["Points are whole numbers from 0 to 100."]
    assert page.status_code == 422
    assert page.context["form"].errors == {
        "stars_4": sentence,
        "lost_out": sentence,
        "places": ["Choose the places that get these points."],
    }
    unknown = client.post(address, {**FORMULA, "place": "5", "places": ["XX"]})
    assert list(unknown.context["form"].errors) == ["places"]


def test_a_formula_is_read_only_once_the_booths_are_given_out() -> None:
    fair = make_fair(FairState.PUBLISHED)
    client = _client(make_organiser(fair, language="en"))
    page = client.get(reverse("priority_formula", args=[fair.code])).text
    assert "criteria and formula stay as they were" in page
    assert "Show what changes" not in page
