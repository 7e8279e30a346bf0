"""What the records say of applicants: past fairs, stars, and the priorities that follow."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone, translation
from pytest_django import DjangoAssertNumQueries

from booths.models import Application, Assignment, Criterion, CriterionScore, DailyTakings
from booths.priority import USUAL
from booths.queries import facts
from booths.queries.desk import products_of
from booths.queries.facts import History, histories_of, judged_in, priorities_of, tells_who_came
from booths.rendering.review import facts_of
from booths.rules import is_presence_known
from booths.states import ApplicationState
from fairs.models import Fair
from fairs.states import FairState
from registry.models import ActorType, Organisation
from tests.builders import (
    make_application,
    make_certification,
    make_fair,
    make_organisation,
    make_place,
    make_product,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def gate() -> Iterator[set[tuple[int, int]]]:
    """What a teller such as a gate would say: (fair, organisation) pairs."""
    seen: set[tuple[int, int]] = set()
    tells_who_came(lambda fairs: {pair for pair in seen if pair[0] in fairs})
    yield seen
    facts.TELLERS.pop()


def _past_fair(days: int, **fields: Any) -> Fair:
    first = timezone.localdate() - timedelta(days=days)
    fields.setdefault("state", FairState.CLOSED)
    return make_fair(first_day=first, last_day=first + timedelta(days=4), **fields)


def _stand(fair: Fair, organisation: Organisation) -> Application:
    application = make_application(fair, organisation, state=ApplicationState.PLACED)
    Assignment.objects.create(application=application)
    return application


def _history(fair: Fair, organisation: Organisation) -> History:
    return histories_of(fair, [organisation.pk], today=timezone.localdate())[organisation.pk]


def test_whoever_has_no_past_comes_for_the_first_time(fair: Fair) -> None:
    assert _history(fair, make_organisation()) == History(True, None, ())


def test_the_last_fair_says_who_lost_out(fair: Fair) -> None:
    organisation, older, last = make_organisation(), _past_fair(400), _past_fair(40)
    make_application(older, organisation, state=ApplicationState.WAITING_LIST)
    assert _history(fair, organisation) == History(True, older, ())
    _stand(last, organisation)
    assert _history(fair, organisation) == History(False, None, ())


@pytest.mark.parametrize("change", ["cancelled", "later", "refused", "same"])
def test_what_decided_nothing_before_this_fair_does_not_count(fair: Fair, change: str) -> None:
    organisation, past = make_organisation(), _past_fair(40)
    state = ApplicationState.WAITING_LIST
    if change == "cancelled":
        Fair.objects.filter(pk=past.pk).update(state=FairState.CANCELLED)
    elif change == "later":
        past = make_fair(first_day=fair.first_day + timedelta(days=1))
    elif change == "refused":
        state = ApplicationState.REFUSED
    make_application(fair if change == "same" else past, organisation, state=state)
    assert _history(fair, organisation) == History(True, None, ())


def test_whoever_held_a_booth_and_was_not_seen_did_not_come(
    fair: Fair, gate: set[tuple[int, int]]
) -> None:
    past = _past_fair(40)
    came, sold, missing = make_organisation(), make_organisation(), make_organisation()
    _stand(past, came)
    stand = _stand(past, sold)
    _stand(past, missing)
    assert _history(fair, missing).no_shows == ()  # nobody was looked for
    gate.add((past.pk, came.pk))
    assert _history(fair, missing).no_shows == ()  # most were not seen: it says nothing
    DailyTakings.objects.create(application=stand, day=past.first_day, amount=1)
    assert [_history(fair, each).no_shows for each in (came, sold, missing)] == [(), (), (past,)]


def test_a_fair_that_still_runs_and_a_stand_given_back_accuse_nobody(
    fair: Fair, gate: set[tuple[int, int]]
) -> None:
    running, past = _past_fair(1, state=FairState.RUNNING), _past_fair(40)
    for each in (running, past):
        came = make_organisation()
        _stand(each, came)
        gate.add((each.pk, came.pk))
    missing = make_organisation()
    _stand(running, missing)
    given_back = _stand(past, missing)
    Assignment.objects.filter(application=given_back).update(released_at=timezone.now())
    assert _history(fair, missing).no_shows == ()


@pytest.mark.parametrize(
    ("stands", "seen", "known"), [(0, 0, False), (4, 0, False), (4, 1, False), (4, 2, True)]
)
def test_presence_is_known_where_most_stands_were_seen(stands: int, seen: int, known: bool) -> None:
    assert is_presence_known(stands=stands, seen=seen) is known


def test_a_priority_takes_the_best_certificate_that_holds_on_the_last_day(fair: Fair) -> None:
    organisation = make_organisation(actor_type=ActorType.FARM)
    products = [make_product(organisation, stars=stars) for stars in (3, 0, 0)]
    five = make_certification(products[1], stars=5, valid_until=fair.end - timedelta(days=1))
    withdrawn = timezone.localdate()
    make_certification(products[2], stars=5, withdrawn_on=withdrawn)
    application = make_application(fair, organisation, products=products)
    parts = _parts(fair, application)
    assert parts == [("stars", 30), ("kind", 15), ("first_time", 6)]
    five.valid_until = fair.end
    five.save()
    assert _parts(fair, application)[0] == ("stars", 50)


def _parts(fair: Fair, application: Application) -> list[tuple[str, int]]:
    application.refresh_from_db()
    return priorities_of(fair, [application], USUAL, today=timezone.localdate())[0].parts


def test_reviewers_points_count_once_it_is_decided(fair: Fair) -> None:
    application = make_application(fair)
    criteria = [Criterion.objects.create(fair=fair, name=str(n), weight=n) for n in (1, 3)]
    for criterion, points in zip(criteria, (10, 6), strict=True):
        CriterionScore.objects.create(
            application=application, criterion=criterion, reviewer=make_user(), points=points
        )
    assert facts.averages_of([application.pk]) == {application.pk: Decimal(7)}
    assert "score" not in dict(_parts(fair, application))
    Application.objects.update(state=ApplicationState.ELIGIBLE)
    assert dict(_parts(fair, application))["score"] == 14


@pytest.mark.parametrize("count", [1, 3])
def test_priorities_cost_the_same_for_one_and_three(
    fair: Fair, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    past = _past_fair(40)
    for _each in range(count):
        application = make_application(fair)
        DailyTakings.objects.create(
            application=_stand(past, application.organisation), day=past.first_day, amount=1
        )
    rows = list(judged_in(fair))
    with django_assert_num_queries(7):
        priorities_of(fair, rows, USUAL, today=timezone.localdate())


def test_facts_are_words_with_a_reason(fair: Fair) -> None:
    past = _past_fair(40, short_title="Tuần hàng Tết")
    organisation = make_organisation(place=make_place(), tax_code="")
    product = make_product(organisation, stars=0, name="Miến")
    make_certification(product, valid_until=fair.first_day)
    application = make_application(fair, organisation, products=[product])
    history = History(True, past, (past,))
    products = list(products_of(application, fair.end))
    with translation.override("en"):
        found = facts_of(fair, organisation, products, history)
    said = [(each.word, each.tone) for each in found]
    assert said == [
        ("Certificate", "bad"),
        ("Papers missing", "wait"),
        ("Did not come", "bad"),
        ("First time", "info"),
        ("Lost out last time", "info"),
    ]
    day = f"{fair.first_day:%d/%m/%Y}"
    assert found[0].why == f"The certificate of “Miến” ends on {day}, before the last day."
    assert f"“Tuần hàng Tết” ({past.first_day:%m/%Y})" in found[2].why
