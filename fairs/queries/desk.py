"""Reads: fairs through the gate, plans with their lanes and figures, jobs."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import DESK
from accounts.rules import has_office_role
from core.errors import NotAllowed
from core.jobs import Job
from fairs.models import Fair, FairKind, Measure, Pavilion, Plan, Venue
from fairs.rules import can_organise
from fairs.states import PUBLIC, FairState
from registry.models import Certification


def fairs_of(actor: Any) -> QuerySet[Fair]:
    """The fairs that `actor` may see at the desk."""
    fairs = Fair.objects.select_related("venue", "plan")
    if not actor.is_authenticated:
        return fairs.none()
    if has_office_role(actor, DESK):
        return fairs
    return fairs.filter(code__in=[code for _role, code in actor.roles])


def fair_for(actor: Any, code: str) -> Fair:
    """The fair, if `actor` may see it, with `has_pavilions` for its tabs.

    Raises Fair.DoesNotExist for a stranger.
    """
    has_pavilions = Exists(Pavilion.objects.filter(fair=OuterRef("pk")))
    return fairs_of(actor).annotate(has_pavilions=has_pavilions).get(code=code)


def organised_fair_for(actor: Any, code: str) -> Fair:
    """The fair, if `actor` may change it. Raises NotAllowed for a teammate without the right."""
    fair = fair_for(actor, code)
    if not can_organise(actor, fair):
        raise NotAllowed("fair.not_organiser", _("Only an organiser of this fair may do this."))
    return fair


def running_fairs(actor: Any, *, today: date | None = None) -> list[Fair]:
    """What the rail shows: the actor's fairs that are open or being prepared, next first."""
    day = today or timezone.localdate()
    wanted = fairs_of(actor).filter(Q(last_day__gte=day) | Q(first_day__gte=day))
    return list(wanted.exclude(state=FairState.CANCELLED).order_by("first_day")[:5])


def job_for(actor: Any, token: str) -> Job:
    """The job, if it was asked for by `actor` or belongs to a fair that `actor` may see.

    Raises Job.DoesNotExist for anybody else.
    """
    job = Job.objects.get(token=token)
    if job.requested_by_id == actor.pk:
        return job
    _kind, _colon, code = job.stream.partition(":")
    if not fairs_of(actor).filter(code=code).exists():
        raise Job.DoesNotExist
    return job


def can_change_job(actor: Any, job: Job) -> bool:
    """Cancel and retry it: whoever asked for it, and the organisers of its fair."""
    fair = Fair.objects.filter(code=job.stream.partition(":")[2]).first()
    return job.requested_by_id == actor.pk or (fair is not None and can_organise(actor, fair))


def changeable_job_for(actor: Any, token: str) -> Job:
    """The job, if `actor` may cancel or retry it. Raises NotAllowed for a mere reader."""
    job = job_for(actor, token)
    if not can_change_job(actor, job):
        raise NotAllowed("job.not_organiser", _("Only an organiser of this fair may do this."))
    return job


@dataclass(frozen=True)
class Bar:
    """One fair in a lane: where it begins and how long it is, in days of the year from 0."""

    fair: Fair
    start: int
    length: int


@dataclass(frozen=True)
class Lane:
    """One venue's year; `venue` is None for fairs whose place is not known."""

    venue: Venue | None
    bars: tuple[Bar, ...]


def plan_for(actor: Any, year: int) -> Plan:
    """The plan of that year, for whoever works at a desk. Raises Plan.DoesNotExist."""
    if not has_office_role(actor, DESK) and not fairs_of(actor).filter(plan__year=year).exists():
        raise Plan.DoesNotExist
    return Plan.objects.prefetch_related("targets").get(year=year)


def plan_years(actor: Any) -> list[int]:
    """The years that have a plan the actor may see, newest first."""
    if has_office_role(actor, DESK):
        return list(Plan.objects.values_list("year", flat=True))
    return sorted(set(fairs_of(actor).values_list("plan__year", flat=True)), reverse=True)


def lanes_of(year: int, fairs: list[Fair]) -> list[Lane]:
    """The year's fairs in one lane per venue, the venue that begins first at the top."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    lanes: dict[Venue | None, list[Bar]] = defaultdict(list)
    for fair in fairs:
        start, end = max(fair.first_day, first), min(fair.end, last)
        if start <= end:
            lanes[fair.venue].append(Bar(fair, (start - first).days, (end - start).days + 1))
    return [Lane(venue, tuple(bars)) for venue, bars in lanes.items()]


@dataclass(frozen=True)
class Figure:
    """A measure of a plan: what was reached and, where one is set, the target.

    `name` is that of the target, `kinds` are the same figure for each kind of fair that has a
    target or was held.
    """

    name: str
    label: str
    actual: int
    target: int | None
    kinds: tuple["Figure", ...] = ()


Count = Callable[[int], int]
COUNTS: dict[str, Count] = {}


def counts(measure: str) -> Callable[[Count], Count]:
    """Register the decorated function of a year as what counts `measure`.

    Apps to the right of this one own most of what a plan is measured by.
    """

    def register(count: Count) -> Count:
        COUNTS[measure] = count
        return count

    return register


@counts(Measure.FAIRS)
def count_fairs(year: int) -> int:
    """The year's fairs that are announced and not cancelled."""
    return _counted_fairs(year).count()


def _counted_fairs(year: int) -> QuerySet[Fair]:
    wanted = Fair.objects.filter(plan__year=year, state__in=PUBLIC)
    return wanted.exclude(state=FairState.CANCELLED)


@counts(Measure.PRODUCTS)
def count_assessed_products(year: int) -> int:
    """The products that a decision of that year gave stars."""
    given = Certification.objects.filter(decision_date__year=year)
    return given.order_by().values("product").distinct().count()


def figures_of(plan: Plan) -> list[Figure]:
    """The plan's measures, each with its target if it has one; fairs also by their kind."""
    targets = {target.name: target.value for target in plan.targets.all()}
    return [
        Figure(
            measure.value,
            str(measure.label),
            COUNTS[measure](plan.year),
            targets.get(measure),
            _figures_by_kind(plan, targets) if measure == Measure.FAIRS else (),
        )
        for measure in Measure
        if measure in COUNTS
    ]


def _figures_by_kind(plan: Plan, targets: Mapping[str, int]) -> tuple[Figure, ...]:
    held = Counter(_counted_fairs(plan.year).order_by().values_list("kind", flat=True))
    names = {kind: f"{Measure.FAIRS}-{kind}" for kind in FairKind}
    return tuple(
        Figure(name, str(kind.label), held[kind], targets.get(name))
        for kind, name in names.items()
        if kind in held or name in targets
    )
