"""Badges are made once, printed from what was frozen, and revoked for good."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Role, User
from badges import actions
from badges.models import Badge, BadgeRole, BadgeSheet
from badges.rendering import content_sha256
from badges.states import BadgeState
from booths.models import AllocationRun
from booths.states import RunState
from core import jobs
from core.audit import AuditEvent
from core.errors import DomainError, NotAllowed, StaleState
from core.storage import StoredFile
from fairs.models import Fair
from fairs.states import FairState
from tests import builders
from tests.badges.conftest import Place
from tests.claims import verbs_of

pytestmark = pytest.mark.django_db


def _work(sheet: BadgeSheet) -> None:
    """What a worker does when the bell rings."""
    assert sheet.job is not None
    run = jobs.claim(sheet.job.pk)
    if run:
        jobs.KINDS[sheet.job.kind].handler(run, **sheet.job.arguments)
    sheet.refresh_from_db()


def _shown(sheet: BadgeSheet) -> list[tuple[str, str, str]]:
    return [(badge["role"], badge["person"], badge["booths"]) for badge in sheet.content["badges"]]


def test_everybody_placed_and_every_organiser_gets_a_badge_in_the_order_of_the_booths(
    fair: Fair, organiser: User, place: Place
) -> None:
    chief = builders.make_organiser(name="Lê Văn An")
    builders.make_organiser(builders.make_fair(), name="Of another fair")
    builders.make_organiser(fair, name="Gone", is_active=False)
    builders.make_user("Viewer", role=Role.VIEWER, fair=fair)
    late = place("A3", organisation=builders.make_organisation(representative="Bùi Thị Ước"))
    place("A1", "A2", organisation=builders.make_organisation(representative="Vũ Văn Định"))

    sheet = actions.print_badges(fair=fair, actor=organiser)

    assert _shown(sheet) == [
        ("producer", "Vũ Văn Định", "A1, A2"),
        ("producer", "Bùi Thị Ước", "A3"),
        ("organiser", organiser.name, ""),
        ("organiser", chief.name, ""),
    ]
    assert (sheet.number, sheet.count, sheet.pages) == (1, 4, 0)
    assert sheet.content_sha256 == content_sha256(sheet.content)
    assert sheet.content["badges"][1]["organisation"] == late.organisation.name
    assert sheet.content["badges"][2]["organisation"] == fair.organiser
    assert sheet.job is not None
    assert sheet.job.key == f"badges.print:{fair.code}:1"
    assert verbs_of(stream=fair.stream) == ["badges.print_asked"]


def test_two_organisers_of_the_same_name_get_two_badges_and_no_more(
    fair: Fair, organiser: User
) -> None:
    builders.make_organiser(fair, name=organiser.name)
    sheets = [actions.print_badges(fair=fair, actor=organiser) for _ in range(2)]
    assert [sheet.count for sheet in sheets] == [2, 2]
    assert Badge.objects.count() == 2


def test_printing_again_keeps_tokens_and_brings_the_booths_up_to_date(
    fair: Fair, organiser: User, place: Place
) -> None:
    application = place("A1")
    first = actions.print_badges(fair=fair, actor=organiser)
    day = application.assignments.get().booth_days.get()
    day.booth = fair.floor_plans.get().booths.get(code="A4")
    day.save(update_fields=["booth"])

    second = actions.print_badges(fair=fair, actor=organiser)

    assert [badge["token"] for badge in second.content["badges"]] == [
        badge["token"] for badge in first.content["badges"]
    ]
    assert [badge["booths"] for badge in second.content["badges"]] == ["A4", ""]
    assert (first.content["badges"][0]["booths"], second.number) == ("A1", 2)


def test_pressing_twice_is_one_print_until_the_first_has_ended(fair: Fair, organiser: User) -> None:
    first = actions.print_badges(fair=fair, actor=organiser)
    assert actions.print_badges(fair=fair, actor=organiser) == first
    assert verbs_of(stream=fair.stream) == ["badges.print_asked"]
    _work(first)
    assert actions.print_badges(fair=fair, actor=organiser).number == 2


def test_print_of_new_ones_has_the_new_and_the_changed_and_refuses_to_be_empty(
    fair: Fair, organiser: User, place: Place
) -> None:
    moved = place("A1", organisation=builders.make_organisation(representative="Moved"))
    place("A2", organisation=builders.make_organisation(representative="Stays"))
    _work(actions.print_badges(fair=fair, actor=organiser))
    with pytest.raises(DomainError) as caught:
        actions.print_badges(fair=fair, actor=organiser, scope="new")
    assert caught.value.code == "badges.nothing_new"

    place("A3", organisation=builders.make_organisation(representative="New"))
    moved.assignments.get().booth_days.update(booth=fair.floor_plans.get().booths.get(code="A4"))
    sheet = actions.print_badges(fair=fair, actor=organiser, scope="new")

    assert _shown(sheet) == [("producer", "New", "A3"), ("producer", "Moved", "A4")]


def test_job_run_twice_makes_one_file_and_one_record(fair: Fair, organiser: User) -> None:
    sheet = actions.print_badges(fair=fair, actor=organiser)
    _work(sheet)
    made = sheet.file
    _work(sheet)

    assert made is not None
    assert (sheet.file, sheet.pages) == (made, 1)
    assert made.read().startswith(b"%PDF-")
    assert StoredFile.objects.count() == 1
    assert verbs_of(stream=fair.stream) == ["badges.print_asked", "badges.printed"]


def test_worker_that_was_overtaken_publishes_nothing(fair: Fair, organiser: User) -> None:
    sheet = actions.print_badges(fair=fair, actor=organiser)
    assert sheet.job is not None
    late = jobs.claim(sheet.job.pk)
    assert late is not None
    jobs.Job.objects.filter(pk=sheet.job.pk).update(attempt=2)
    with pytest.raises(jobs.LeaseLost):
        jobs.KINDS["badges.print"].handler(late, sheet=sheet.pk)
    sheet.refresh_from_db()
    assert sheet.file is None


def test_record_names_no_person(fair: Fair, organiser: User, place: Place) -> None:
    place("A1")
    sheet = actions.print_badges(fair=fair, actor=organiser)
    _work(sheet)
    actions.revoke_badge(badge=Badge.objects.earliest("pk"), actor=organiser)
    events = AuditEvent.objects.filter(stream=fair.stream)
    told = " ".join(f"{event.subject} {event.facts}" for event in events)
    assert len(events) == 3
    assert [badge.person for badge in Badge.objects.all() if badge.person in told] == []
    assert [badge.token for badge in Badge.objects.all() if badge.token in told] == []


def _unpublish(fair: Fair) -> None:
    AllocationRun.objects.filter(fair=fair).update(state=RunState.PROPOSED)


def _end(fair: Fair) -> None:
    Fair.objects.filter(pk=fair.pk).update(state=FairState.CLOSED)


@pytest.mark.parametrize(
    ("spoil", "code"), [(_unpublish, "badges.not_published"), (_end, "badges.fair_over")]
)
def test_print_at_the_wrong_time_is_refused_and_makes_nothing(
    fair: Fair, organiser: User, place: Place, spoil: Any, code: str
) -> None:
    place("A1")
    spoil(fair)
    with pytest.raises(DomainError) as caught:
        actions.print_badges(fair=fair, actor=organiser)
    assert caught.value.code == code
    assert (Badge.objects.count(), BadgeSheet.objects.count()) == (0, 0)


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.VIEWER, Role.COMMUNE_OFFICER, ""])
def test_only_an_organiser_prints_and_revokes(fair: Fair, place: Place, role: str) -> None:
    place("A1")
    badge = builders.make_badge(fair)
    other = (
        builders.make_user(role=role, fair=fair)
        if role
        else builders.make_organiser(builders.make_fair())
    )
    with pytest.raises(NotAllowed):
        actions.print_badges(fair=fair, actor=other)
    with pytest.raises(NotAllowed):
        actions.revoke_badge(badge=badge, actor=other)
    badge.refresh_from_db()
    assert badge.state == BadgeState.VALID
    assert (Badge.objects.count(), BadgeSheet.objects.count(), verbs_of(stream=fair.stream)) == (
        1,
        0,
        [],
    )


def test_revoked_badge_stays_revoked_and_the_next_print_makes_another(
    fair: Fair, organiser: User, place: Place
) -> None:
    place("A1")
    actions.print_badges(fair=fair, actor=organiser)
    lost = Badge.objects.get(role=BadgeRole.PRODUCER)
    actions.revoke_badge(badge=lost, actor=organiser)
    with pytest.raises(StaleState):
        actions.revoke_badge(badge=lost, actor=organiser)

    actions.print_badges(fair=fair, actor=organiser)

    again = Badge.objects.get(role=BadgeRole.PRODUCER, state=BadgeState.VALID)
    assert again.person == lost.person
    assert again.token != lost.token
    assert verbs_of(stream=fair.stream) == [
        "badges.print_asked",
        "badges.revoked",
        "badges.print_asked",
    ]


def test_database_refuses_a_second_valid_badge_of_one_person(fair: Fair) -> None:
    badge = builders.make_badge(fair)
    same = {"organisation": badge.organisation, "person": badge.person}
    builders.make_badge(fair, state=BadgeState.REVOKED, **same)
    with pytest.raises(IntegrityError), transaction.atomic():
        builders.make_badge(fair, **same)
    assert Badge.objects.filter(state=BadgeState.VALID).count() == 1
