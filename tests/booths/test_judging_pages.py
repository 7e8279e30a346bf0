"""The pages of criteria and formula: public, previewed, and fixed in time."""

import pytest
from django.test import Client
from django.urls import reverse

from booths.actions.review import (
    score_application,
)
from booths.models import Criterion
from booths.queries.facts import rules_of
from fairs.models import Fair
from fairs.states import FairState
from tests.builders import (
    make_application,
    make_fair,
    make_organiser,
    make_representative,
)
from tests.pages import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def test_criteria_are_published_and_wrong_ones_are_kept(fair: Fair) -> None:
    client = sign_in(make_organiser(fair, language="en"))
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
    client = sign_in(make_organiser(fair, language="en"))
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
    mine = sign_in(producer).get(f"/my/applications/{application.code}/").text
    assert "33 = 33 stars" in mine


def test_points_of_a_formula_are_wrong_at_their_field(fair: Fair) -> None:
    client = sign_in(make_organiser(fair, language="en"))
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
    client = sign_in(make_organiser(fair, language="en"))
    page = client.get(reverse("priority_formula", args=[fair.code])).text
    assert "criteria and formula stay as they were" in page
    assert "Show what changes" not in page
