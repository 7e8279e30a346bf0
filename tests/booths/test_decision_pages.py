"""The pages of a decision: a preview, what is kept, and a list to print."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from booths.actions.review import (
    decide_applications,
)
from booths.models import Decision, DecisionMessage
from booths.states import ApplicationState
from core.jobs import Job, State
from fairs.models import Fair
from tests.booths.review_scenes import press_decide, preview
from tests.builders import (
    make_application,
    make_organisation,
    make_organiser,
)
from tests.pages import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def desk(reviewer: User) -> Client:
    return sign_in(reviewer)


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
