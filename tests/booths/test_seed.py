"""The seed of the lot: committed to and revealed, or drawn on stage, and then never changed."""

import hashlib
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from booths.actions import publish_allocation, start_allocation
from booths.actions.seed import commit_seed, draw_seed_on_stage, reveal_seed
from booths.allocation.lottery import combine_numbers
from booths.models import SeedDraw
from core.audit import AuditEvent
from core.errors import DomainError, NotAllowed
from core.tasks import run_job
from fairs.models import Fair
from fairs.states import FairState
from tests.booths.scenes import compute_run, make_allocating_fair
from tests.builders import make_fair, make_organiser, make_user

pytestmark = pytest.mark.django_db


def _open_fair() -> Fair:
    """Applications close tomorrow."""
    closes = timezone.now() + timedelta(days=1)
    return make_fair(FairState.REGISTERING, seed="", applications_close_at=closes)


def _close(fair: Fair, *, seconds_ago: int = 61, state: str = FairState.REGISTERING) -> None:
    closes = timezone.now() - timedelta(seconds=seconds_ago)
    Fair.objects.filter(pk=fair.pk).update(applications_close_at=closes, state=state)
    fair.refresh_from_db()


def _allocating_fair() -> Fair:
    fair = make_allocating_fair(applications=2)
    Fair.objects.filter(pk=fair.pk).update(seed="")
    fair.refresh_from_db()
    return fair


def _refused(error: pytest.ExceptionInfo[DomainError]) -> str:
    return error.value.code


def _seed(fair: Fair) -> str:
    return Fair.objects.get(pk=fair.pk).seed


def test_a_seed_is_hidden_until_it_is_revealed_and_then_fits_its_hash(client: Client) -> None:
    fair, organiser = _open_fair(), make_organiser()
    draw = commit_seed(fair=fair, actor=organiser)
    public = f"/f/{fair.code}/protocol/"
    client.force_login(organiser)
    for address in (public, f"/desk/fairs/{fair.code}/allocation/seed/"):
        page = client.get(address).text
        assert draw.commitment in page
        assert draw.secret not in page
    assert draw.secret not in str(AuditEvent.objects.values_list("facts"))
    assert _seed(fair) == ""
    _close(fair)
    reveal_seed(fair=fair, actor=organiser)
    assert hashlib.sha256(_seed(fair).encode()).hexdigest() == draw.commitment
    page = client.get(public).text
    assert (draw.commitment in page, _seed(fair) in page) == (True, True)
    events = AuditEvent.objects.filter(stream=fair.stream, verb__startswith="booths.seed")
    assert [(event.verb, event.facts) for event in events] == [
        ("booths.seed_committed", {"commitment": draw.commitment}),
        ("booths.seed_revealed", {"seed": _seed(fair), "commitment": draw.commitment}),
    ]


@pytest.mark.parametrize("seconds_ago", [-30, 0, 55])
def test_nothing_is_revealed_or_drawn_while_an_application_may_come_in(seconds_ago: int) -> None:
    committed, other = _open_fair(), _open_fair()
    commit_seed(fair=committed, actor=make_organiser())
    for fair in (committed, other):
        _close(fair, seconds_ago=seconds_ago)
    with pytest.raises(DomainError) as error:
        reveal_seed(fair=committed, actor=make_organiser())
    assert _refused(error) == "seed.too_early"
    with pytest.raises(DomainError) as error:
        draw_seed_on_stage(fair=other, numbers=[1, 2, 3], actor=make_organiser())
    assert _refused(error) == "seed.too_early"
    assert (_seed(committed), _seed(other)) == ("", "")
    assert not SeedDraw.objects.filter(revealed_at__isnull=False).exists()


def test_a_commitment_after_applications_closed_is_refused() -> None:
    fair = _open_fair()
    for state in (FairState.REGISTERING, FairState.ALLOCATING):
        _close(fair, state=state)
        with pytest.raises(DomainError) as error:
            commit_seed(fair=fair, actor=make_organiser())
        assert _refused(error) == "seed.too_late"
    assert not SeedDraw.objects.exists()


def test_a_seed_is_committed_to_once() -> None:
    fair = _open_fair()
    first = commit_seed(fair=fair, actor=make_organiser())
    with pytest.raises(DomainError) as error:
        commit_seed(fair=fair, actor=make_organiser())
    assert _refused(error) == "seed.fixed"
    _close(fair)
    with pytest.raises(DomainError) as error:
        draw_seed_on_stage(fair=fair, numbers=[1, 2, 3], actor=make_organiser())
    assert _refused(error) == "seed.fixed"
    assert SeedDraw.objects.get().secret == first.secret


def test_what_was_exchanged_meanwhile_is_not_revealed() -> None:
    fair = _open_fair()
    commit_seed(fair=fair, actor=make_organiser())
    SeedDraw.objects.update(secret="0" * 32)
    _close(fair)
    with pytest.raises(DomainError) as error:
        reveal_seed(fair=fair, actor=make_organiser())
    assert (_refused(error), _seed(fair)) == ("seed.broken", "")


def test_without_a_commitment_there_is_nothing_to_reveal() -> None:
    fair = _open_fair()
    _close(fair)
    with pytest.raises(DomainError) as error:
        reveal_seed(fair=fair, actor=make_organiser())
    assert _refused(error) == "seed.not_committed"


def test_booths_are_not_allocated_before_the_seed_is_revealed() -> None:
    fair = _allocating_fair()
    Fair.objects.filter(pk=fair.pk).update(state=FairState.REGISTERING)
    draw = commit_seed(fair=fair, actor=make_organiser())
    Fair.objects.filter(pk=fair.pk).update(state=FairState.ALLOCATING)
    with pytest.raises(DomainError) as error:
        start_allocation(fair=fair, actor=make_organiser())
    assert (_refused(error), _seed(fair)) == ("seed.not_revealed", "")
    reveal_seed(fair=fair, actor=make_organiser())
    run = start_allocation(fair=fair, actor=make_organiser())
    assert f'"seed":"{draw.secret}"' in run.instance


def test_numbers_called_out_make_the_seed_as_it_is_written_down(client: Client) -> None:
    fair = _allocating_fair()
    client.force_login(make_organiser())
    address = f"/desk/fairs/{fair.code}/allocation/seed/"
    answer = client.post(address, {"numbers": "6, 1\n04;17"})
    assert (answer.status_code, answer.headers["Location"]) == (302, address)
    seed = hashlib.sha256(f"{fair.code}|6,1,4,17".encode()).hexdigest()
    assert _seed(fair) == seed == combine_numbers(fair.code, [6, 1, 4, 17])
    draw = SeedDraw.objects.get(fair=fair)
    assert (draw.inputs, draw.secret, draw.is_open) == ([6, 1, 4, 17], seed, True)
    event = AuditEvent.objects.get(verb="booths.seed_drawn_on_stage")
    assert event.facts == {"seed": seed, "numbers": [6, 1, 4, 17]}
    run = compute_run(fair)
    publish_allocation(run=run, actor=make_organiser())
    page = client.get(f"/f/{fair.code}/protocol/", {"language": "en"}).text
    assert f"{fair.code}|6,1,4,17" in page
    assert "0 applications of this run were sent after the seed was known." in page


@pytest.mark.parametrize(
    ("typed", "complaint"),
    [
        ("1 2", "Type in 3 to 100 numbers; these are 2."),
        ("1 hai 3", "“hai” is not a whole number of at most nine digits."),
        ("1 -2 3", "“-2” is not a whole number of at most nine digits."),
        ("1 1.5 3", "“1.5” is not a whole number of at most nine digits."),
        ("1 ٣ 3", "“٣” is not a whole number of at most nine digits."),
        ("1 1234567890 3", "“1234567890” is not a whole number of at most nine digits."),
        ("1 " * 101, "Type in 3 to 100 numbers; these are 101."),
        ("", "This field is required."),
    ],
)
def test_numbers_that_are_none_are_named_and_nothing_is_drawn(
    client: Client, typed: str, complaint: str
) -> None:
    fair = _allocating_fair()
    client.force_login(make_organiser())
    address = f"/desk/fairs/{fair.code}/allocation/seed/?language=en"
    client.get(address)
    page = client.post(address, {"numbers": typed})
    assert page.status_code == 422
    assert complaint in page.text
    assert typed.strip() in page.text
    assert (_seed(fair), SeedDraw.objects.count()) == ("", 0)


def test_once_booths_are_published_no_ceremony_changes_the_seed() -> None:
    fair, organiser = _allocating_fair(), make_organiser()
    run = start_allocation(fair=fair, actor=organiser)
    run_job(run.job_id)
    run.refresh_from_db()
    publish_allocation(run=run, actor=organiser)
    seed = _seed(fair)
    for act in (commit_seed, reveal_seed):
        with pytest.raises(DomainError):
            act(fair=fair, actor=organiser)
    with pytest.raises(DomainError) as error:
        draw_seed_on_stage(fair=fair, numbers=[1, 2, 3], actor=organiser)
    assert _refused(error) == "seed.fixed"
    assert (_seed(fair), SeedDraw.objects.count()) == (seed, 0)


def test_only_an_organiser_of_the_fair_holds_the_ceremony() -> None:
    fair = _open_fair()
    for actor in (make_user(), make_user(role="reviewer", fair=fair)):
        for act in (commit_seed, reveal_seed):
            with pytest.raises(NotAllowed):
                act(fair=fair, actor=actor)
        with pytest.raises(NotAllowed):
            draw_seed_on_stage(fair=fair, numbers=[1, 2, 3], actor=actor)
    assert not SeedDraw.objects.exists()


@pytest.mark.parametrize(
    "values",
    [
        {"method": "committed"},
        {"method": "on_stage"},
        {"method": "on_stage", "commitment": "0" * 64, "revealed_at": timezone.now()},
        {"method": "guessed", "revealed_at": timezone.now()},
    ],
)
def test_the_database_keeps_no_half_ceremony(values: dict[str, object]) -> None:
    fair = _open_fair()
    with pytest.raises(IntegrityError), transaction.atomic():
        SeedDraw.objects.create(fair=fair, secret="0", **values)
