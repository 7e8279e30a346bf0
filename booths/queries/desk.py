"""Reads: applications, the floor plan, what a run is made from, who has which booths."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from booths.allocation import encode_canonical
from booths.models import (
    AllocationRun,
    Application,
    Booth,
    BoothDay,
    BoothPair,
    FloorPlan,
    Quota,
    Zone,
)
from booths.states import IN_RUN, LIVE, ApplicationState, RunState
from core.audit import AuditEvent
from core.errors import DomainError
from core.text import fold
from fairs.models import Fair
from registry.models import Product, ProductGroup
from registry.queries import province_of, with_certificate

SORTS = {
    "priority": ("-priority", "code"),
    "booths": ("-booths_wanted", "-priority", "code"),
    "submitted": ("submitted_at", "code"),
    "name": ("organisation__search", "code"),
}
ANYBODY = Q()
WEIGHTS = {"place": 100, "wish": 10, "apart": 30, "quota": 1000}


def published_plan_of(fair: Fair) -> FloorPlan | None:
    """The plan that the booths are held on, or else the one they were given out on.

    A version saved later takes over what is held; before anything is published it is the current.
    """
    held = BoothDay.objects.filter(
        assignment__application__fair=fair, released_at__isnull=True
    ).values("booth__plan")
    given = plans().filter(runs__fair=fair, runs__state=RunState.PUBLISHED)
    return plans().filter(pk__in=held).first() or given.first() or plan_of(fair)


def applications_of(
    fair: Fair, *, search: str = "", state: str = "", group: str = "", sort: str = ""
) -> QuerySet[Application]:
    """The fair's applications, a producer's drafts apart.

    Each has `lacks_certificate`: whether a product shown may not use the mark on the last day.
    The search ignores accents; an unknown sort is the one by priority.
    """
    partners = Q(
        partnerships__application=OuterRef("pk"),
        partnerships__ended_at__isnull=True,
        partnerships__confirmed_at__isnull=False,
    )
    shown = Product.objects.filter(Q(applications=OuterRef("pk")) | partners)
    uncertified = with_certificate(shown, fair.end).filter(is_certified=False)  # type: ignore[misc]
    found = (
        Application.objects.filter(fair=fair)
        .exclude(state=ApplicationState.DRAFT)
        .select_related("organisation__place__parent__parent", "group")
        .annotate(lacks_certificate=Exists(uncertified))
    )
    if state:
        found = found.filter(state=state)
    if group:
        found = found.filter(group__code=group)
    for word in fold(search).split():
        found = found.filter(Q(organisation__search__contains=word) | Q(code__icontains=word))
    return found.order_by(*SORTS.get(sort, SORTS["priority"]))


def application_of(fair: Fair, code: str) -> Application:
    """One application, in any state but draft. Raises Application.DoesNotExist."""
    return applications_of(fair).select_related("organisation__craft_village").get(code=code)


def products_of(application: Application, day: date) -> QuerySet[Product]:
    """The products an application brings, each with its certificate as it stands on `day`."""
    return with_certificate(application.products.select_related("group"), day)


def refusal_of(application: Application) -> AuditEvent | None:
    """Who refused the application, when and why, if it is refused."""
    if application.state != ApplicationState.REFUSED:
        return None
    events = AuditEvent.objects.filter(
        subject=application.code, verb="booths.application_refused", stream=application.fair.stream
    )
    return events.select_related("actor").last()


def count_by_state(fair: Fair) -> Counter[str]:
    """How many of the fair's applications are in each state."""
    states = Application.objects.filter(fair=fair).order_by().values_list("state", flat=True)
    return Counter(states)


def applications_in(fair: Fair) -> QuerySet[Application]:
    """All of the fair's applications with the names that a run is shown with."""
    return Application.objects.filter(fair=fair).select_related("organisation__place", "group")


def quotas_of(fair: Fair) -> QuerySet[Quota]:
    """The fair's quotas."""
    return Quota.objects.filter(fair=fair)


@dataclass(frozen=True)
class ZoneSummary:
    """A zone with what its booths offer."""

    zone: Zone
    booths: int
    power_kw: Decimal
    water: int
    cold: int
    cooking: int


def zones_of(plan: FloorPlan) -> list[ZoneSummary]:
    """The zones of a prefetched plan, each with what its booths offer."""
    summaries = []
    for zone in plan.zones.all():
        booths = [booth for booth in plan.booths.all() if booth.zone_id == zone.pk]
        summaries.append(
            ZoneSummary(
                zone,
                len(booths),
                sum((booth.power_kw for booth in booths), Decimal()),
                sum(booth.water for booth in booths),
                sum(booth.cold for booth in booths),
                sum(booth.cooking for booth in booths),
            )
        )
    return summaries


@dataclass(frozen=True)
class Demand:
    """Booths wanted by a group's live applications, and booths that take the group."""

    group: ProductGroup
    wanted: int
    there: int


def demand_of(fair: Fair, plan: FloorPlan | None) -> list[Demand]:
    """Demand against supply, group by group; a booth that takes two groups counts in both."""
    live = Application.objects.filter(fair=fair, state__in=LIVE).order_by()
    wanted = dict(live.values_list("group").annotate(Sum("booths_wanted")))
    there: Counter[int] = Counter()
    everybody = 0
    for booth in plan.booths.all() if plan else []:
        taken = [group.pk for group in booth.groups.all()]
        there.update(taken)
        everybody += not taken
    groups = ProductGroup.objects.filter(pk__in={*wanted, *there})
    return [Demand(group, wanted.get(group.pk, 0), there[group.pk] + everybody) for group in groups]


def plan_of(fair: Fair) -> FloorPlan | None:
    """The current floor plan with everything on it, or None."""
    return plans().filter(fair=fair, is_current=True).first()


def plan_of_run(run: AllocationRun) -> FloorPlan:
    """The plan as it was when the run was computed, with everything on it."""
    return plans().get(pk=run.plan_id)


def plans() -> QuerySet[FloorPlan]:
    """Floor plans, each with everything on it."""
    booths = Booth.objects.select_related("zone__group").prefetch_related("groups")
    zones = Prefetch("zones", queryset=Zone.objects.select_related("group"))
    return FloorPlan.objects.prefetch_related(zones, Prefetch("booths", queryset=booths))


def runs_of(fair: Fair) -> QuerySet[AllocationRun]:
    """The fair's runs, newest first, without the bulk of what they were made from."""
    return AllocationRun.objects.filter(fair=fair).select_related("started_by").defer("instance")


def run_of(fair: Fair, number: int) -> AllocationRun:
    """One run of the fair. Raises AllocationRun.DoesNotExist."""
    runs = AllocationRun.objects.select_related("job", "started_by")
    return runs.get(fair=fair, number=number)


def latest_run(fair: Fair) -> AllocationRun | None:
    """The run that the allocation page is about: the newest that was not abandoned."""
    runs = AllocationRun.objects.filter(fair=fair).exclude(state=RunState.ABANDONED)
    return runs.select_related("job", "started_by").first()


def snapshot_of(
    fair: Fair,
    *,
    only: Q = ANYBODY,
    stability: int = 0,
    previous: Mapping[str, Sequence[str]] | None = None,
) -> str:
    """What a run is made from, as canonical JSON text: the instance format, version 1.

    `stability` is what it is worth that an application keeps its `previous` booths, by code.

    An application's `id` is its code, its traits are `actor` (kind of organisation), `group`
    and `province` (code); a quota's `name` is `trait=value`. A wish for something that is no
    longer on the plan is left out. Equal rows give equal text. `only` leaves out applications.

    Raises DomainError `floor_plan.none`.
    """
    plan = plan_of(fair)
    if plan is None:
        raise DomainError("floor_plan.none", _("This fair has no floor plan yet."))
    booths = list(plan.booths.all())
    known = {("booth", booth.code) for booth in booths}
    known |= {("zone", booth.zone.code) for booth in booths}
    joins, neighbours = _pairs(plan)
    applications = (
        Application.objects.filter(only, fair=fair, state__in=IN_RUN)
        .select_related("organisation__place__parent__parent", "group")
        .order_by("code")
    )
    document = {
        "version": 1,
        "seed": fair.seed,
        "booths": [_booth(booth) for booth in booths],
        "joins": joins,
        "neighbours": neighbours,
        "applications": [
            application_in(application, known, (previous or {}).get(application.code))
            for application in applications
        ],
        "quotas": [_quota(quota) for quota in quotas_of(fair).order_by("trait", "value")],
        "weights": {**WEIGHTS, "stability": stability} if stability else WEIGHTS,
    }
    return encode_canonical(document).decode()


def _booth(booth: Booth) -> dict[str, Any]:
    return {
        "code": booth.code,
        "zone": booth.zone.code,
        "power_kw": float(booth.power_kw),
        "water": booth.water,
        "cold": booth.cold,
        "cooking": booth.cooking,
        "groups": sorted(group.code for group in booth.groups.all()),
    }


def _pairs(plan: FloorPlan) -> Iterator[list[list[str]]]:
    """The pairs that can be joined, then those that are only neighbours."""
    pairs = BoothPair.objects.filter(plan=plan).order_by("first__order", "second__order")
    codes = list(pairs.values_list("first__code", "second__code", "is_join"))
    for wanted in (True, False):
        yield [[first, second] for first, second, is_join in codes if is_join is wanted]


def _quota(quota: Quota) -> dict[str, Any]:
    return {
        "name": f"{quota.trait}={quota.value}",
        "trait": quota.trait,
        "value": quota.value,
        "min": quota.minimum,
        "max": quota.maximum,
    }


def application_in(
    application: Application, known: Collection[tuple[str, str]], previous: Sequence[str] | None
) -> dict[str, Any]:
    """An application in an instance; what is not on the plan is no wish and rules nothing out."""
    barred = [code for code in application.forbidden if ("booth", code) in known]
    return {
        "id": application.code,
        "booths": application.booths_wanted,
        "group": application.group.code,
        "power_kw": float(application.power_kw),
        "water": application.water,
        "cold": application.cold,
        "cooking": application.cooking,
        "priority": application.priority,
        "wishes": [list(wish) for wish in application.wishes if tuple(wish) in known],
        "kind": application.kind or None,
        "traits": traits_of(application),
        "pinned": application.pinned,
        **({"forbidden": barred} if barred else {}),
        **({"previous": list(previous)} if previous else {}),
    }


def traits_of(application: Application) -> dict[str, str]:
    """What quotas go by; select the group and `organisation__place__parent__parent` beforehand."""
    return {
        "actor": application.organisation.actor_type,
        "group": application.group.code,
        "province": province_of(application.organisation.place).code,
    }
