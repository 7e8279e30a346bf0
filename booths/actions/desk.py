"""Writes: booths are allocated and given out, takings written down."""

import secrets
from collections.abc import Mapping
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts.models import User
from booths import queries, tasks
from booths.allocation import InstanceError, read_instance
from booths.models import (
    AllocationRun,
    Application,
    Assignment,
    Booth,
    BoothDay,
    DailyTakings,
    SeedDraw,
)
from booths.queries.compare import stale_inputs_of
from booths.queries.pins import broken_pins_of
from booths.queries.sharing import days_held, days_of
from booths.rendering.moves import broken_pin_in_words
from booths.rules import days_to_say
from booths.states import APPLICATION, IN_RUN, RUN, ApplicationState, RunState
from booths.tasks.offers import ask_to_pass_on, end_open_offers
from booths.tasks.papers import ask_for_protocol
from core import audit
from core.errors import DomainError, NotAllowed
from core.figures import Said, settle
from core.locks import lock_row, lock_rows
from fairs.models import Fair
from fairs.rules import can_organise, check_figures
from fairs.states import FAIR, FairState

GIVEN_ANEW = gettext_noop("The booths of the fair are given out anew.")


@transaction.atomic(durable=True)
def start_allocation(
    *, fair: Fair, actor: User, stability: int = 0, previous: AllocationRun | None = None
) -> AllocationRun:
    """Snapshot the applications and ask for a run; while one is being computed, return that.

    A fair without a lottery seed is given one first, on the record, before anything is solved.
    `stability` is what it is worth, in points, that a stand stays where `previous` has it.

    Raises NotAllowed, DomainError `allocation.not_now`, `allocation.no_applications`,
    `floor_plan.none`, `seed.not_revealed` (one was committed to), `allocation.pins` (places fixed
    by hand that cannot be kept; names them all), `allocation.instance` (the snapshot contradicts
    itself otherwise; names the place).
    """
    _require_organiser(actor, fair)
    row = lock_row(fair)
    if row.state != FairState.ALLOCATING:
        raise DomainError(
            "allocation.not_now",
            _("Booths are allocated while the fair is in the state “Allocating booths”."),
        )
    computing = _computing(row)
    if computing:
        return computing
    if not row.seed:
        _draw_seed(row, actor)
    _require_pins(row)
    keeping: dict[str, Any] = {}
    if stability and previous and previous.answer:
        keeping = {"stability": stability, "previous": previous.answer["assignments"]}
    run = _create_run(row, _require_instance(row, **keeping), actor)
    audit.record(
        stream=row.stream,
        actor=actor,
        verb="booths.allocation_started",
        subject=f"{row.code}:{run.number}",
        seed=row.seed,
        instance_sha256=run.instance_sha256,
        **({"stability": stability, "keeps": previous.number} if keeping and previous else {}),
    )
    run.job = tasks.allocate.ask(
        key=f"{row.code}:{run.number}", stream=row.stream, actor=actor, allocation=run.pk
    )
    run.save(update_fields=["job"])
    return run


def _create_run(fair: Fair, instance: str, actor: User) -> AllocationRun:
    newest = AllocationRun.objects.filter(fair=fair).first()
    return AllocationRun.objects.create(
        fair=fair,
        plan=fair.floor_plans.get(is_current=True),
        number=newest.number + 1 if newest else 1,
        instance=instance,
        instance_sha256=sha256(instance.encode()).hexdigest(),
        started_by=actor,
    )


def _computing(fair: Fair) -> AllocationRun | None:
    """The run that is under way; those whose job has ended without an answer are given up."""
    runs = AllocationRun.objects.filter(fair=fair, state=RunState.COMPUTING)
    for run in runs.select_related("job"):
        if run.job and run.job.is_open:
            return run
        RUN.move(run, RunState.ABANDONED)
    return None


def _require_organiser(actor: User, fair: Fair) -> None:
    if not can_organise(actor, fair):
        raise NotAllowed("fair.not_organiser", _("Only an organiser of this fair may do this."))


def _draw_seed(fair: Fair, actor: User) -> None:
    if SeedDraw.objects.filter(fair=fair).exists():
        raise DomainError(
            "seed.not_revealed",
            _("A seed was committed to. Reveal it first, then allocate the booths."),
        )
    drawn = secrets.token_hex(8).upper()
    fair.seed = "-".join(drawn[start : start + 4] for start in range(0, len(drawn), 4))
    fair.save(update_fields=["seed"])
    audit.record(
        stream=fair.stream,
        actor=actor,
        verb="booths.seed_drawn",
        subject=fair.code,
        seed=fair.seed,
    )


def _require_pins(fair: Fair) -> None:
    broken = broken_pins_of(fair)
    if broken:
        quotas = {f"{each.trait}={each.value}": each.shown_name for each in queries.quotas_of(fair)}
        raise DomainError(
            "allocation.pins",
            _("Some places fixed by hand cannot be kept. %(pins)s"),
            pins=" ".join(broken_pin_in_words(each, quotas=quotas) for each in broken[:10]),
        )


def _require_instance(fair: Fair, **keeping: Any) -> str:
    text = queries.snapshot_of(fair, **keeping)
    try:
        instance = read_instance(text)
    except InstanceError as error:
        raise DomainError(
            "allocation.instance", _("The booths cannot be allocated: %(place)s"), place=str(error)
        ) from error
    if not instance.applications:
        raise DomainError(
            "allocation.no_applications",
            _("No application is eligible yet. Review the applications first."),
        )
    return text


@transaction.atomic(durable=True)
def publish_allocation(*, run: AllocationRun, actor: User) -> AllocationRun:
    """Give out the booths as proposed, for every day of the fair, and tell by the states.

    What an earlier published run gave out is released. All or nothing.

    Raises NotAllowed, DomainError `allocation.not_now`, `allocation.changed` (applications, plan
    or quotas are no longer those of the run), StaleState (published before, or superseded).
    """
    _require_organiser(actor, run.fair)
    fair = lock_row(run.fair)
    row = lock_row(run)
    applications = lock_rows(Application.objects.filter(fair=fair, state__in=IN_RUN))
    if fair.state not in (FairState.ALLOCATING, FairState.PUBLISHED):
        raise DomainError("allocation.not_now", _("The booths of this fair can no longer change."))
    if row.state == RunState.PROPOSED:
        _require_unchanged(row, fair)
        _supersede_published(fair, actor)
    RUN.move(row, RunState.PUBLISHED, published_at=timezone.now())
    assert row.answer is not None  # constraint run_proposal_has_answer
    _give_out(row, fair, applications, row.answer["assignments"])
    if fair.state == FairState.ALLOCATING:
        FAIR.move(fair, FairState.PUBLISHED)
    event = audit.record(
        stream=fair.stream,
        actor=actor,
        verb="booths.allocation_published",
        subject=f"{fair.code}:{row.number}",
        instance_sha256=row.instance_sha256,
        placed=len(row.answer["assignments"]),
        waiting=len(row.answer["unplaced"]),
    )
    ask_to_pass_on(fair, event)
    ask_for_protocol(fair, event)
    return row


def _require_unchanged(run: AllocationRun, fair: Fair) -> None:
    stale = stale_inputs_of(run, fair)
    if stale is None:
        return
    changed = stale.applications
    if not changed:
        raise DomainError(
            "allocation.changed",
            _(
                "The floor plan, the quotas or the seed have changed since this run was computed. "
                "Nothing was published. Allocate again."
            ),
        )
    raise DomainError(
        "allocation.changed",
        _(
            "Applications have changed since this run was computed: %(codes)s. "
            "Nothing was published. Allocate again."
        ),
        codes=", ".join(changed[:5]) + (", …" if len(changed) > 5 else ""),
    )


def _supersede_published(fair: Fair, actor: User) -> None:
    """Every application that holds booths is in the run, so all that is held is given anew."""
    for older in lock_rows(AllocationRun.objects.filter(fair=fair, state=RunState.PUBLISHED)):
        RUN.move(older, RunState.SUPERSEDED)
    now = timezone.now()
    live = Assignment.objects.filter(application__fair=fair, released_at__isnull=True)
    BoothDay.objects.filter(assignment__in=live, released_at__isnull=True).update(released_at=now)
    live.update(released_at=now)
    end_open_offers(fair, now=now, actor=actor, note=GIVEN_ANEW)


def _give_out(
    run: AllocationRun, fair: Fair, applications: list[Application], given: dict[str, list[str]]
) -> None:
    for application in applications:
        placed = application.code in given
        after = ApplicationState.PLACED if placed else ApplicationState.WAITING_LIST
        if application.state != after:
            APPLICATION.move(application, after)
    assignments = Assignment.objects.bulk_create(
        Assignment(application=application, run=run)
        for application in applications
        if application.code in given
    )
    # Of the plan as it is now: a version in which booths were merely moved has the same codes.
    plan = fair.floor_plans.get(is_current=True)
    booths = {booth.code: booth for booth in Booth.objects.filter(plan=plan)}
    days = [fair.first_day + timedelta(days=number) for number in range(fair.days)]
    BoothDay.objects.bulk_create(
        BoothDay(assignment=assignment, booth=booths[code], day=day)
        for assignment in assignments
        for code in given[assignment.application.code]
        for day in days
    )


@transaction.atomic(durable=True)
def record_takings(
    *, application: Application, takings: Mapping[date, Said[int]], actor: User
) -> int:
    """Write down what a stand took on which day, in VND; return how many days changed.

    A producer does so for their own stand until two days after the fair, of a shared one for the
    days of their own household; an organiser until the fair is reported.

    Raises NotAllowed, DomainError of `check_figures`, `takings.no_stand`, `takings.too_late`,
    StaleState `figures.changed_meanwhile`.
    """
    is_organiser = can_organise(actor, application.fair)
    own = days_held(actor, application)
    others = set(days_of(application.fair)) - own
    if not is_organiser and (not own or others.intersection(takings)):
        raise NotAllowed(
            "takings.not_yours",
            _("Only who has the stand on that day and the organisers enter what it took."),
        )
    fair, row = lock_row(application.fair), lock_row(application)
    today = timezone.localdate()
    check_figures(fair, takings.keys(), today)
    said = DailyTakings.objects.filter(application=row)
    stored = dict(said.values_list("day", "amount"))
    has_stand = row.assignments.filter(released_at__isnull=True).exists()
    if not has_stand and not (is_organiser and stored):
        raise DomainError("takings.no_stand", _("This application has no stand at the fair."))
    if not is_organiser and not set(days_to_say(fair, today)).issuperset(takings):
        raise DomainError(
            "takings.too_late",
            _("Takings are entered until two days after the fair. Please call the organisers."),
        )
    changes = settle(stored, takings)
    for day, (_before, after) in changes.items():
        if after is None:
            said.filter(day=day).delete()
        else:
            values = {"amount": after, "entered_by": actor}
            said.update_or_create(application=row, day=day, defaults=values)
    if changes:
        audit.record(
            stream=fair.stream,
            actor=actor,
            verb="booths.takings_recorded",
            subject=row.code,
            changes={day.isoformat(): list(change) for day, change in changes.items()},
        )
    return len(changes)
