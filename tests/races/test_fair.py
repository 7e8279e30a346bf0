"""Several people at one fair press the same thing at the same instant."""

import json
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
from django.db import connection

from accounts.actions import make_sign_in_link, spend_sign_in_link
from accounts.models import User
from booths.actions import publish_allocation, start_allocation
from booths.models import AllocationRun, Assignment, BoothDay
from booths.states import RunState
from core import audit
from core.errors import DomainError
from core.jobs import Job
from fairs.models import Fair
from fairs.states import FairState
from mou.actions import freeze_memorandum, open_session, sign_memorandum
from mou.models import Memorandum, Register, Signature, SignerRole
from mou.states import MemorandumState
from tests import builders
from tests.booths.scenes import compute_run, make_allocating_fair
from tests.races.conftest import AtOnce

DRAWN = json.dumps([[[20 + 4 * step, 100, 0.5, 16 * step] for step in range(40)]])


def _words(answers: list[Any]) -> list[str]:
    """The code of each error, the type of everything else."""
    return sorted(
        answer.code if isinstance(answer, DomainError) else type(answer).__name__
        for answer in answers
    )


def test_a_run_published_by_two_is_published_once(at_once: AtOnce) -> None:
    run = compute_run(make_allocating_fair())
    people = [builders.make_organiser() for _each in range(2)]
    answers = at_once([partial(publish_allocation, run=_fresh(run), actor=who) for who in people])
    assert sorted(type(answer).__name__ for answer in answers) == ["AllocationRun", "StaleState"]
    assert Assignment.objects.filter(released_at__isnull=True).count() == 3
    assert BoothDay.objects.filter(released_at__isnull=True).count() == 3 * run.fair.days
    assert audit.AuditEvent.objects.filter(verb="booths.allocation_published").count() == 1
    assert list(audit.find_breaks()) == []


def _fresh(run: AllocationRun) -> AllocationRun:
    return AllocationRun.objects.select_related("fair").get(pk=run.pk)


def test_two_proposals_published_at_once_leave_one_in_force(at_once: AtOnce) -> None:
    fair = make_allocating_fair()
    first = compute_run(fair)
    second = compute_run(fair)
    # As it was before the second came: both were there to be published.
    AllocationRun.objects.filter(pk=first.pk).update(state=RunState.PROPOSED)
    actor = builders.make_organiser()
    answers = at_once(
        [partial(publish_allocation, run=_fresh(run), actor=actor) for run in (first, second)]
    )
    assert [type(answer) for answer in answers] == [AllocationRun, AllocationRun]
    assert AllocationRun.objects.filter(state=RunState.PUBLISHED).count() == 1
    assert Assignment.objects.filter(released_at__isnull=True).count() == 3
    assert BoothDay.objects.filter(released_at__isnull=True).count() == 3 * fair.days


def test_allocation_started_by_ten_is_one_run(at_once: AtOnce) -> None:
    fair, actor = make_allocating_fair(), builders.make_organiser()
    Fair.objects.update(seed="")
    rows = [Fair.objects.get(pk=fair.pk) for _person in range(10)]
    runs = at_once([partial(start_allocation, fair=row, actor=actor) for row in rows])
    assert runs == [AllocationRun.objects.get()] * 10
    assert Job.objects.count() == 1
    assert audit.AuditEvent.objects.filter(verb="booths.seed_drawn").count() == 1


@pytest.fixture
def ready(transactional_db: None) -> Memorandum:
    """A frozen memorandum, its fair's organiser in `created_by`."""
    fair = builders.make_fair(FairState.RUNNING)
    memorandum = builders.make_memorandum(fair, created_by=builders.make_organiser(fair))
    return freeze_memorandum(memorandum=memorandum, actor=None)


def _organiser(memorandum: Memorandum) -> User:
    assert memorandum.created_by is not None
    return memorandum.created_by


def _sign(token: str, actor: User) -> Signature:
    return sign_memorandum(
        token=token,
        strokes=DRAWN,
        has_consented=True,
        device_at=datetime(2026, 12, 2, tzinfo=UTC),
        actor=actor,
    )


def test_a_role_signed_on_two_tablets_is_signed_once(at_once: AtOnce, ready: Memorandum) -> None:
    actor = _organiser(ready)
    token = open_session(memorandum=ready, role="party_a", actor=actor)
    assert _words(at_once([partial(_sign, token, actor)] * 2)) == [
        "Signature",
        "signing.session_over",
    ]
    assert Signature.objects.count() == 1


def test_of_two_turns_begun_at_once_one_can_be_signed(at_once: AtOnce, ready: Memorandum) -> None:
    actor = _organiser(ready)
    rows = [Memorandum.objects.get(pk=ready.pk) for _tablet in range(2)]
    tokens = at_once(
        [partial(open_session, memorandum=row, role="party_a", actor=actor) for row in rows]
    )
    assert _words(at_once([partial(_sign, token, actor) for token in tokens])) == [
        "Signature",
        "signing.session_over",
    ]
    assert Signature.objects.count() == 1


def test_the_last_signature_sent_many_times_asks_for_one_seal(
    at_once: AtOnce, ready: Memorandum
) -> None:
    actor = _organiser(ready)
    for role in (SignerRole.PARTY_A, SignerRole.PARTY_B):
        _sign(open_session(memorandum=ready, role=role, actor=actor), actor)
    token = open_session(memorandum=ready, role=SignerRole.WITNESS, actor=actor)
    answers = at_once([partial(_sign, token, actor)] * 50)
    assert _words(answers) == ["Signature"] + ["signing.session_over"] * 49
    ready.refresh_from_db()
    assert (ready.state, ready.job) == (MemorandumState.SIGNED, Job.objects.get())
    assert audit.AuditEvent.objects.filter(verb="mou.all_signed").count() == 1


def test_twenty_frozen_at_once_are_numbered_without_gap_or_double(at_once: AtOnce) -> None:
    fair = builders.make_fair(FairState.RUNNING)
    product, distributor = builders.make_product(), builders.make_distributor()
    drafts = [
        builders.make_memorandum(
            fair, producer=product.producer, distributor=distributor, products=[product]
        )
        for _each in range(20)
    ]
    frozen = at_once([partial(freeze_memorandum, memorandum=row, actor=None) for row in drafts])
    assert sorted(row.number for row in frozen) == list(range(1, 21))
    assert Register.objects.get().last_number == 20
    assert list(audit.find_breaks()) == []


def test_one_memorandum_frozen_by_many_takes_one_number(at_once: AtOnce) -> None:
    draft = builders.make_memorandum()
    rows = [Memorandum.objects.get(pk=draft.pk) for _person in range(6)]
    answers = at_once([partial(freeze_memorandum, memorandum=row, actor=None) for row in rows])
    assert _words(answers) == ["Memorandum"] + ["state.illegal"] * 5
    assert Register.objects.get().last_number == 1


def test_a_sign_in_link_followed_ten_times_lets_in_once(at_once: AtOnce) -> None:
    link = make_sign_in_link(user=builders.make_user(), actor=None)
    token = link.rstrip("/").rpartition("/")[2]
    answers = at_once([partial(spend_sign_in_link, token=token)] * 10)
    assert _words(answers) == ["User"] + ["link.used"] * 9


def _give(run: AllocationRun, code: str) -> BoothDay:
    """Give out the first booth as a careless program would: look whether it is free, then write."""
    application = builders.make_application(run.fair, code=code, state="placed", products=[])
    assignment = Assignment.objects.create(application=application, run=run)
    booth = run.plan.booths.get(code="A1")
    return BoothDay.objects.create(assignment=assignment, booth=booth, day=run.fair.first_day)


GUARD = "booth_day_given_once"


def test_a_booth_is_given_to_one_whoever_asks(at_once: AtOnce) -> None:
    run = compute_run(make_allocating_fair())
    answers = at_once([partial(_give, run, f"X-{number}") for number in range(5)])
    assert _words(answers) == ["BoothDay"] + ["IntegrityError"] * 4
    assert BoothDay.objects.count() == 1


def test_without_the_constraint_a_booth_is_given_to_all(at_once: AtOnce) -> None:
    run = compute_run(make_allocating_fair())
    constraint = next(each for each in BoothDay._meta.constraints if each.name == GUARD)
    with connection.schema_editor() as editor:
        editor.remove_constraint(BoothDay, constraint)
    try:
        at_once([partial(_give, run, f"X-{number}") for number in range(5)])
        assert BoothDay.objects.filter(released_at__isnull=True).count() == 5
    finally:
        BoothDay.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(BoothDay, constraint)
