"""Points, and the rules that a fair's applications are judged by."""

from decimal import Decimal

import pytest
from django.db.models import ProtectedError

from accounts.models import Role, User
from booths.actions.judging import CriterionContent, set_criteria, set_formula
from booths.actions.review import (
    decide_applications,
    note_application,
    score_application,
)
from booths.models import (
    Application,
    Criterion,
    CriterionScore,
)
from booths.priority import USUAL, Formula
from booths.queries.facts import rules_of
from booths.queries.review import (
    Scoring,
    scorings_of,
)
from booths.states import ApplicationState
from core.audit import AuditEvent
from core.errors import NotAllowed, StaleState
from fairs.models import Fair
from fairs.states import FairState
from tests.booths.review_scenes import make_criteria
from tests.builders import (
    make_application,
    make_fair,
    make_organiser,
    make_representative,
    make_user,
)
from tests.claims import refused, verbs_of

pytestmark = pytest.mark.django_db


def test_nobody_sees_the_average_before_having_scored(fair: Fair, reviewer: User) -> None:
    application = make_application(fair)
    first, second = make_criteria(fair, 3, 1)
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
    with refused("score.decided"):
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
    criteria = make_criteria(fair, 1, 1)
    given = {each.pk: number for each, number in zip(criteria, points, strict=False)}
    with refused(code):
        score_application(application=make_application(fair), points=given, actor=reviewer)
    assert not CriterionScore.objects.exists()


def test_nobody_judges_whom_they_act_for(fair: Fair) -> None:
    application, [criterion] = make_application(fair), make_criteria(fair, 1)
    actor = make_representative(application.organisation, role=Role.REVIEWER)
    with refused("review.not_yours", NotAllowed):
        score_application(application=application, points={criterion.pk: 10}, actor=actor)
    with refused("review.not_yours", NotAllowed):
        note_application(application=application, text="Chấp nhận đi", actor=actor)
    with refused("review.own", names=str(application.organisation)):
        decide_applications(fair=fair, codes={application.code}, to="eligible", actor=actor)
    assert verbs_of(stream=fair.stream) == []


def _content(name: str, weight: int = 1) -> CriterionContent:
    return CriterionContent(name=name, name_en="", weight=weight)


def test_criteria_stay_once_somebody_has_given_points(fair: Fair, reviewer: User) -> None:
    organiser = make_organiser(fair)
    set_criteria(fair=fair, seen=0, criteria=[_content("Bao bì", 2)], actor=organiser)
    [criterion] = set_criteria(fair=fair, seen=1, criteria=[_content("Vị", 3)], actor=organiser)
    assert [str(each) for each in Criterion.objects.all()] == ["Vị"]
    with refused("review.rules_meanwhile", StaleState):
        set_criteria(fair=fair, seen=1, criteria=[], actor=organiser)
    application = make_application(fair)
    score_application(application=application, points={criterion.pk: 5}, actor=reviewer)
    with refused("criteria.scored"):
        set_criteria(fair=fair, seen=2, criteria=[], actor=organiser)
    with pytest.raises(ProtectedError):
        criterion.delete()
    assert verbs_of(stream=fair.stream) == [
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
    with refused(code):
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
    with refused("review.rules_meanwhile", StaleState):
        set_formula(fair=fair, seen=0, formula=Formula(), actor=organiser)
    assert rules_of(fair) == (USUAL, 1)


def test_rules_stay_once_the_booths_are_given_out() -> None:
    fair = make_fair(FairState.PUBLISHED)
    organiser = make_organiser(fair)
    with refused("review.rules_fixed"):
        set_formula(fair=fair, seen=0, formula=Formula(), actor=organiser)
    with refused("review.rules_fixed"):
        set_criteria(fair=fair, seen=0, criteria=[], actor=organiser)
