"""Deciding, scoring, tagging, noting, and the rules that a fair's applications are judged by."""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from accounts.models import Role, User
from booths.actions.apply import choose_products
from booths.actions.judging import CriterionContent, set_criteria, set_formula
from booths.actions.review import (
    Seen,
    decide_applications,
    note_application,
    score_application,
    tag_application,
    untag_application,
)
from booths.models import (
    Application,
    Criterion,
    CriterionScore,
    Decision,
    DecisionMessage,
    Quota,
    ReviewNote,
    Tag,
)
from booths.priority import USUAL, Formula
from booths.queries.facts import rules_of
from booths.queries.review import (
    Scoring,
    Standing,
    choice_of,
    decisions_of,
    scorings_of,
    standings_of,
)
from booths.rendering.review import letters_of, seal_of
from booths.states import ApplicationState
from core.audit import AuditEvent
from core.errors import DomainError, NotAllowed, StaleState
from core.tasks import run_job
from fairs.models import Fair
from fairs.states import FairState
from registry.models import ActorType
from tests.builders import (
    make_application,
    make_fair,
    make_organisation,
    make_organiser,
    make_product,
    make_representative,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def fair() -> Fair:
    return make_fair()


@pytest.fixture
def reviewer(fair: Fair) -> User:
    return make_user(role=Role.REVIEWER, fair=fair)


@contextmanager
def _refused(code: str, kind: type[DomainError] = DomainError, **facts: Any) -> Iterator[None]:
    with pytest.raises(kind) as refused:
        yield
    assert refused.value.code == code
    assert refused.value.facts.items() >= facts.items()


def _verbs(fair: Fair) -> list[str]:
    return list(AuditEvent.objects.filter(stream=fair.stream).values_list("verb", flat=True))


def _criteria(fair: Fair, *weights: int) -> list[Criterion]:
    return [
        Criterion.objects.create(fair=fair, name=f"Tiêu chí {order}", weight=weight, order=order)
        for order, weight in enumerate(weights)
    ]


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
    assert _verbs(fair) == ["booths.application_refused"] * 3 + ["booths.decision_sent"] * 2
    [row] = decisions_of(fair)
    assert (row.number, row.message_count, row.email_count, row.failed_count) == (1, 3, 2, 0)


def test_whoever_decides_on_what_has_changed_is_told_and_nothing_is_decided(
    fair: Fair, reviewer: User
) -> None:
    first, second = make_application(fair, code="DK-1"), make_application(fair, code="DK-2")
    codes = {first.code, second.code}
    seen = _seen(fair, codes, "eligible", {})
    decide_applications(fair=fair, codes={"DK-2"}, to="eligible", actor=make_organiser())
    with _refused("review.changed_meanwhile", StaleState, codes="DK-2"):
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
    with _refused("review.changed_meanwhile", StaleState):
        decide_applications(
            fair=fair, codes=seen.versions, to="eligible", actor=reviewer, seen=seen
        )


def test_messages_that_were_not_read_are_not_sent(fair: Fair, reviewer: User) -> None:
    application = make_application(fair)
    reasons = {application.code: "Hết chỗ"}
    seen = _seen(fair, {application.code}, "refused", reasons)
    with _refused("review.letters_changed", StaleState):
        decide_applications(
            fair=fair, codes=reasons, to="refused", actor=reviewer, reason="Khác", seen=seen
        )
    assert not DecisionMessage.objects.exists()


@pytest.mark.parametrize("state", [FairState.ANNOUNCED, FairState.RUNNING, FairState.CLOSED])
def test_nothing_is_decided_or_scored_outside_the_review(state: str) -> None:
    fair = make_fair(state)
    application, [criterion] = make_application(fair), _criteria(fair, 1)
    with _refused("review.not_open"):
        decide_applications(
            fair=fair, codes={application.code}, to="eligible", actor=make_organiser()
        )
    with _refused("review.not_open"):
        score_application(application=application, points={criterion.pk: 1}, actor=make_organiser())


def test_a_decision_adds_the_reviewers_points_to_the_priority(fair: Fair, reviewer: User) -> None:
    application = make_application(fair, priority=1, priority_parts=[])
    [criterion] = _criteria(fair, 1)
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


def test_nobody_sees_the_average_before_having_scored(fair: Fair, reviewer: User) -> None:
    application = make_application(fair)
    first, second = _criteria(fair, 3, 1)
    other = make_user(role=Role.REVIEWER, fair=fair)
    score_application(application=application, points={first.pk: 10, second.pk: 2}, actor=other)

    def known(user: User) -> Scoring:
        application.refresh_from_db()
        return scorings_of([application], user)[application.pk]

    assert known(reviewer) == Scoring(own=None, average=None, reviewers=1)
    score_application(application=application, points={first.pk: 4, second.pk: 4}, actor=reviewer)
    assert known(reviewer) == Scoring(Decimal(4), Decimal(6), 2)
    score_application(application=application, points={first.pk: 8, second.pk: 8}, actor=reviewer)
    assert known(reviewer) == Scoring(Decimal(8), Decimal(8), 2)
    assert CriterionScore.objects.count() == 4
    decide_applications(fair=fair, codes={application.code}, to="eligible", actor=other)
    assert known(make_organiser()).average == 8
    with _refused("score.decided"):
        score_application(
            application=application, points={first.pk: 1, second.pk: 1}, actor=reviewer
        )


@pytest.mark.parametrize(
    ("points", "code"),
    [((1,), "score.incomplete"), ((1, 11), "score.points"), ((1, -1), "score.points")],
)
def test_points_are_given_for_every_criterion_from_0_to_10(
    fair: Fair, reviewer: User, points: tuple[int, ...], code: str
) -> None:
    criteria = _criteria(fair, 1, 1)
    given = {each.pk: number for each, number in zip(criteria, points, strict=False)}
    with _refused(code):
        score_application(application=make_application(fair), points=given, actor=reviewer)
    assert not CriterionScore.objects.exists()


def test_nobody_judges_whom_they_act_for(fair: Fair) -> None:
    application, [criterion] = make_application(fair), _criteria(fair, 1)
    actor = make_representative(application.organisation, role=Role.REVIEWER)
    with _refused("review.not_yours", NotAllowed):
        score_application(application=application, points={criterion.pk: 10}, actor=actor)
    with _refused("review.not_yours", NotAllowed):
        note_application(application=application, text="Chấp nhận đi", actor=actor)
    with _refused("review.own", names=str(application.organisation)):
        decide_applications(fair=fair, codes={application.code}, to="eligible", actor=actor)
    assert _verbs(fair) == []


def _content(name: str, weight: int = 1) -> CriterionContent:
    return CriterionContent(name=name, name_en="", weight=weight)


def test_criteria_stay_once_somebody_has_given_points(fair: Fair, reviewer: User) -> None:
    organiser = make_organiser(fair)
    set_criteria(fair=fair, seen=0, criteria=[_content("Bao bì", 2)], actor=organiser)
    [criterion] = set_criteria(fair=fair, seen=1, criteria=[_content("Vị", 3)], actor=organiser)
    assert [str(each) for each in Criterion.objects.all()] == ["Vị"]
    with _refused("review.rules_meanwhile", StaleState):
        set_criteria(fair=fair, seen=1, criteria=[], actor=organiser)
    application = make_application(fair)
    score_application(application=application, points={criterion.pk: 5}, actor=reviewer)
    with _refused("criteria.scored"):
        set_criteria(fair=fair, seen=2, criteria=[], actor=organiser)
    with pytest.raises(ProtectedError):
        criterion.delete()
    assert _verbs(fair) == [
        "booths.criteria_set",
        "booths.criteria_set",
        "booths.application_scored",
    ]


@pytest.mark.parametrize(
    ("names", "code"),
    [(["Vị", "vi"], "criteria.twice"), ([str(n) for n in range(9)], "criteria.too_many")],
)
def test_criteria_are_few_and_different(fair: Fair, names: list[str], code: str) -> None:
    contents = [_content(name) for name in names]
    with _refused(code):
        set_criteria(fair=fair, seen=0, criteria=contents, actor=make_organiser())
    assert (rules_of(fair)[1], Criterion.objects.count()) == (0, 0)


def test_a_new_formula_gives_every_application_its_priority_at_once(fair: Fair) -> None:
    organiser = make_organiser(fair)
    submitted = make_application(fair, priority=40)
    eligible = make_application(fair, state=ApplicationState.ELIGIBLE, priority=77)
    placed = make_application(fair, state=ApplicationState.PLACED, priority=77)
    formula = Formula(stars={4: 33})
    changes = set_formula(fair=fair, seen=0, formula=formula, actor=organiser)
    assert changes == {submitted.code: [40, 33], eligible.code: [77, 33]}
    stored = {each.code: each.priority for each in Application.objects.all()}
    assert stored == {submitted.code: 33, eligible.code: 33, placed.code: 77}
    event = AuditEvent.objects.get(verb="booths.formula_set")
    assert event.facts == {
        "before": USUAL.plain(),
        "after": formula.plain(),
        "priorities": changes,
    }
    assert rules_of(fair) == (formula, 1)
    assert set_formula(fair=fair, seen=1, formula=formula, actor=organiser) == {}
    assert AuditEvent.objects.filter(verb="booths.formula_set").count() == 1


def test_of_two_who_change_the_rules_the_second_is_told(fair: Fair) -> None:
    organiser = make_organiser(fair)
    set_criteria(fair=fair, seen=0, criteria=[_content("Vị")], actor=organiser)
    with _refused("review.rules_meanwhile", StaleState):
        set_formula(fair=fair, seen=0, formula=Formula(), actor=organiser)
    assert rules_of(fair) == (USUAL, 1)


def test_rules_stay_once_the_booths_are_given_out() -> None:
    fair = make_fair(FairState.PUBLISHED)
    organiser = make_organiser(fair)
    with _refused("review.rules_fixed"):
        set_formula(fair=fair, seen=0, formula=Formula(), actor=organiser)
    with _refused("review.rules_fixed"):
        set_criteria(fair=fair, seen=0, criteria=[], actor=organiser)


def test_a_fair_has_twelve_tags_at_most_however_they_are_accented(
    fair: Fair, reviewer: User
) -> None:
    first, second = make_application(fair), make_application(fair)
    for number in range(11):
        tag_application(application=first, word=f"nhãn {number}", actor=reviewer)
    tag = tag_application(application=first, word="Đặc sản", actor=reviewer)
    assert tag_application(application=second, word="dac san", actor=reviewer) == tag
    with _refused("tag.too_many"):
        tag_application(application=second, word="thứ mười ba", actor=reviewer)
    untag_application(application=second, key=tag.key, actor=reviewer)
    assert list(tag.applications.all()) == [first]
    untag_application(application=first, key=tag.key, actor=reviewer)
    assert Tag.objects.filter(fair=fair).count() == 11
    tag_application(application=second, word="thứ mười ba", actor=reviewer)


def test_a_note_says_who_and_when_and_the_record_only_that(fair: Fair, reviewer: User) -> None:
    application = make_application(fair)
    note_application(application=application, text="Gọi lại", actor=reviewer)
    note = ReviewNote.objects.get()
    assert (note.author, note.text) == (reviewer, "Gọi lại")
    assert AuditEvent.objects.get().facts == {"note": note.pk}


def test_only_reviewers_review(fair: Fair) -> None:
    application, [criterion] = make_application(fair), _criteria(fair, 1)
    for role in (Role.VIEWER, Role.COMMUNE_OFFICER):
        actor = make_user(role=role, fair=fair)
        asked: dict[Any, dict[str, Any]] = {
            score_application: {"points": {criterion.pk: 1}},
            tag_application: {"word": "x"},
            untag_application: {"key": "x"},
            note_application: {"text": "x"},
        }
        for action, said in asked.items():
            with pytest.raises(NotAllowed):
                action(application=application, actor=actor, **said)
        with pytest.raises(NotAllowed):
            decide_applications(fair=fair, codes={application.code}, to="eligible", actor=actor)
        with pytest.raises(NotAllowed):
            set_criteria(fair=fair, seen=0, criteria=[], actor=actor)
        with pytest.raises(NotAllowed):
            set_formula(fair=fair, seen=0, formula=Formula(), actor=actor)
    assert _verbs(fair) == []


def test_quotas_stand_as_approved_asked_and_after_the_decision(fair: Fair) -> None:
    Quota.objects.create(
        fair=fair, name="Hộ", trait="actor", value=ActorType.HOUSEHOLD, minimum=3, maximum=4
    )
    household = ActorType.HOUSEHOLD

    def apply(state: str, booths: int, kind: str = household) -> Application:
        organisation = make_organisation(actor_type=kind)
        return make_application(fair, organisation, state=state, booths_wanted=booths)

    apply(ApplicationState.ELIGIBLE, 2)
    apply(ApplicationState.WITHDRAWN, 5)
    apply(ApplicationState.SUBMITTED, 1, ActorType.FARM)
    refused = apply(ApplicationState.REFUSED, 3)
    chosen = apply(ApplicationState.SUBMITTED, 1)

    def stand(to: str, *codes: str) -> list[Standing]:
        return standings_of(fair, booths=10, hall="Hội trường", chosen=codes, to=to)

    hall, quota = stand("eligible", chosen.code)
    assert (hall.approved, hall.asked, hall.after, hall.range) == (2, 4, 3, "10")
    assert (quota.approved, quota.asked, quota.after, quota.range) == (2, 3, 3, "3–4")
    assert [quota.tone, stand("")[1].tone] == ["", "wait"]
    assert stand("eligible", chosen.code, refused.code)[1].tone == "bad"
    assert stand("refused", *fair.applications.values_list("code", flat=True))[1].after == 0


def test_the_database_keeps_points_and_decisions_in_bounds(fair: Fair, reviewer: User) -> None:
    application, [criterion] = make_application(fair), _criteria(fair, 1)
    rows = [
        CriterionScore(application=application, criterion=criterion, reviewer=reviewer, points=11),
        Criterion(fair=fair, name="Khác", weight=11),
        Criterion(fair=fair, name=criterion.name),
        Decision(fair=fair, number=1, to="placed"),
    ]
    for row in rows:
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save()
