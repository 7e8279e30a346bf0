"""Tags, notes and quotas, and who may review at all."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Role, User
from booths.actions.judging import set_criteria, set_formula
from booths.actions.review import (
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
    Quota,
    ReviewNote,
    Tag,
)
from booths.priority import Formula
from booths.queries.review import (
    Standing,
    standings_of,
)
from booths.states import ApplicationState
from core.audit import AuditEvent
from core.errors import NotAllowed
from fairs.models import Fair
from registry.models import ActorType
from tests.booths.review_scenes import make_criteria
from tests.builders import (
    make_application,
    make_organisation,
    make_user,
)
from tests.claims import refused, verbs_of

pytestmark = pytest.mark.django_db


def test_a_fair_has_twelve_tags_at_most_however_they_are_accented(
    fair: Fair, reviewer: User
) -> None:
    first, second = make_application(fair), make_application(fair)
    for number in range(11):
        tag_application(application=first, word=f"nhãn {number}", actor=reviewer)
    tag = tag_application(application=first, word="Đặc sản", actor=reviewer)
    assert tag_application(application=second, word="dac san", actor=reviewer) == tag
    with refused("tag.too_many"):
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
    application, [criterion] = make_application(fair), make_criteria(fair, 1)
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
    assert verbs_of(stream=fair.stream) == []


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
    application, [criterion] = make_application(fair), make_criteria(fair, 1)
    rows = [
        CriterionScore(application=application, criterion=criterion, reviewer=reviewer, points=11),
        Criterion(fair=fair, name="Khác", weight=11),
        Criterion(fair=fair, name=criterion.name),
        Decision(fair=fair, number=1, to="placed"),
    ]
    for row in rows:
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save()
