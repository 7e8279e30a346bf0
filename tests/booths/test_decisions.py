"""Deciding: what was read is what is sent, and nobody decides on what has changed."""

import pytest
from django.core import mail

from accounts.models import User
from booths.actions.apply import choose_products
from booths.actions.review import (
    Seen,
    decide_applications,
    score_application,
)
from booths.models import (
    Decision,
    DecisionMessage,
)
from booths.queries.review import (
    choice_of,
    decisions_of,
)
from booths.rendering.review import letters_of, seal_of
from booths.states import ApplicationState
from core.audit import AuditEvent
from core.errors import StaleState
from core.tasks import run_job
from fairs.models import Fair
from fairs.states import FairState
from tests.booths.review_scenes import make_criteria
from tests.builders import (
    make_application,
    make_fair,
    make_organisation,
    make_organiser,
    make_product,
    make_representative,
)
from tests.claims import refused, verbs_of

pytestmark = pytest.mark.django_db


def _seen(fair: Fair, codes: set[str], to: str, reasons: dict[str, str]) -> Seen:
    choice = choice_of(fair, codes)
    versions = {each.code: each.version for each in choice.applications}
    return Seen(versions=versions, seal=seal_of(letters_of(choice, to=to, reasons=reasons)))


def test_what_was_previewed_is_what_is_sent_in_each_ones_language(
    fair: Fair, reviewer: User
) -> None:
    mailed = make_application(fair, make_organisation(email="mien@cuda.example"))
    english = make_application(fair)
    user = make_representative(english.organisation, language="en", email="an@cuda.example")
    on_paper = make_application(fair)
    codes = {mailed.code, english.code, on_paper.code}
    reasons = {english.code: "Only 2 products", **dict.fromkeys(codes - {english.code}, "Hết chỗ")}
    letters = {
        each.application.code: each
        for each in letters_of(choice_of(fair, codes), to="refused", reasons=reasons)
    }
    decision = decide_applications(
        fair=fair,
        codes=codes,
        to="refused",
        actor=reviewer,
        reasons=reasons,
        seen=_seen(fair, codes, "refused", reasons),
    )
    told = {each.application.code: each for each in decision.messages.select_related("job")}
    assert {code: (each.subject, each.body) for code, each in told.items()} == {
        code: (each.subject, each.body) for code, each in letters.items()
    }
    assert told[english.code].body.startswith(f"Dear {english.organisation},")
    assert "Reason: Only 2 products" in told[english.code].body
    assert "Hết chỗ" in told[mailed.code].body
    assert (told[on_paper.code].job, told[on_paper.code].email) == (None, "")
    for code in (mailed.code, english.code):
        assert told[code].job is not None
        run_job(told[code].job_id)
    sent = {each.to[0]: (each.subject, each.body) for each in mail.outbox}
    assert sent == {each.email: (each.subject, each.body) for each in told.values() if each.email}
    assert set(sent) == {"mien@cuda.example", user.email}
    assert (
        verbs_of(stream=fair.stream)
        == ["booths.application_refused"] * 3 + ["booths.decision_sent"] * 2
    )
    [row] = decisions_of(fair)
    assert (row.number, row.message_count, row.email_count, row.failed_count) == (1, 3, 2, 0)


def test_whoever_decides_on_what_has_changed_is_told_and_nothing_is_decided(
    fair: Fair, reviewer: User
) -> None:
    first, second = make_application(fair, code="DK-1"), make_application(fair, code="DK-2")
    codes = {first.code, second.code}
    seen = _seen(fair, codes, "eligible", {})
    decide_applications(fair=fair, codes={"DK-2"}, to="eligible", actor=make_organiser())
    with refused("review.changed_meanwhile", StaleState, codes="DK-2"):
        decide_applications(fair=fair, codes=codes, to="eligible", actor=reviewer, seen=seen)
    first.refresh_from_db()
    assert first.state == ApplicationState.SUBMITTED
    assert Decision.objects.count() == 1


def test_an_application_changed_by_its_producer_is_not_decided_on_unread(
    fair: Fair, reviewer: User
) -> None:
    application = make_application(fair)
    producer = make_representative(application.organisation)
    other = make_product(application.organisation)
    seen = _seen(fair, {application.code}, "eligible", {})
    choose_products(application=application, seen=1, codes=[other.code], actor=producer)
    with refused("review.changed_meanwhile", StaleState):
        decide_applications(
            fair=fair, codes=seen.versions, to="eligible", actor=reviewer, seen=seen
        )


def test_messages_that_were_not_read_are_not_sent(fair: Fair, reviewer: User) -> None:
    application = make_application(fair)
    reasons = {application.code: "Hết chỗ"}
    seen = _seen(fair, {application.code}, "refused", reasons)
    with refused("review.letters_changed", StaleState):
        decide_applications(
            fair=fair, codes=reasons, to="refused", actor=reviewer, reason="Khác", seen=seen
        )
    assert not DecisionMessage.objects.exists()


@pytest.mark.parametrize("state", [FairState.ANNOUNCED, FairState.RUNNING, FairState.CLOSED])
def test_nothing_is_decided_or_scored_outside_the_review(state: str) -> None:
    fair = make_fair(state)
    application, [criterion] = make_application(fair), make_criteria(fair, 1)
    with refused("review.not_open"):
        decide_applications(
            fair=fair, codes={application.code}, to="eligible", actor=make_organiser()
        )
    with refused("review.not_open"):
        score_application(application=application, points={criterion.pk: 1}, actor=make_organiser())


def test_a_decision_adds_the_reviewers_points_to_the_priority(fair: Fair, reviewer: User) -> None:
    application = make_application(fair, priority=1, priority_parts=[])
    [criterion] = make_criteria(fair, 1)
    score_application(application=application, points={criterion.pk: 10}, actor=reviewer)
    decide_applications(fair=fair, codes={application.code}, to="eligible", actor=reviewer)
    application.refresh_from_db()
    assert application.priority_parts == [
        ["stars", 40],
        ["kind", 20],
        ["first_time", 6],
        ["score", 20],
    ]
    assert application.priority == 86
    event = AuditEvent.objects.get(verb="booths.application_accepted")
    assert event.facts == {"reason": "", "priority": [1, 86]}
