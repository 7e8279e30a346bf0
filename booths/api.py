"""Programs read and change floor plans, applications and runs here, and read who is where.

Lists come in pages; every change names by If-Match what it has seen: 428 without it, 412 if
it is stale. So nothing is done twice, and no answer holds a phone number, a note or a token.
"""

import json
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from ninja.responses import NinjaJSONEncoder

from accounts.models import Scope
from accounts.rules import SignedIn, caller, fair_of_token
from booths import queries
from booths.actions import programs
from booths.actions.apply import begin_application
from booths.allocation import encode_canonical
from booths.floor import write_plan
from booths.models import AllocationRun, Application, FloorPlan
from booths.queries.apply import my_application
from booths.queries.floor_plan import current_floor, floor_of, floor_version, versions_of
from booths.queries.stands import Participant, Placement, placements_for
from booths.rules import can_enter_for_others
from booths.schemas import (
    ApplicationChange,
    ApplicationFilters,
    ApplicationIn,
    ApplicationOut,
    ApplicationPage,
    AssignmentPage,
    Paging,
    PlanIn,
    PlanOut,
    PlanVersionPage,
    RunOut,
    RunPage,
    SendIn,
)
from booths.states import ApplicationState
from core.errors import DomainError, NotAllowed
from core.text import clean
from fairs.models import Fair
from fairs.queries import fair_for, public_fairs
from fairs.states import BOOTHS_SHOWN
from registry.models import Organisation

router = Router(tags=["booths"])


def _fair(request: SignedIn, code: str, scope: str) -> Fair:
    """The fair, if its desk is the caller's and so is the token."""
    user = caller(request, scope)
    only = fair_of_token(request)
    if only and only != code:
        raise NotAllowed("token.fair", _("This token is for another fair."))
    return fair_for(user, code)


def _json(out: Schema, etag: str, status: int = 200) -> HttpResponse:
    # As ninja writes what is not tagged: the same thing reads the same in a list and alone.
    body = "" if status == 304 else json.dumps(out.model_dump(), cls=NinjaJSONEncoder)
    response = HttpResponse(body, status=status, content_type="application/json")
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _tagged(request: HttpRequest, out: Schema, etag: str) -> HttpResponse:
    """The answer with its ETag; 304 without it if the caller has it already."""
    seen = [tag.strip() for tag in request.headers.get("If-None-Match", "").split(",")]
    return _json(out, etag, 304 if etag in seen else 200)


def _if_match(request: HttpRequest) -> str:
    return request.headers.get("If-Match", "")


@router.get("/fairs/{code}/floor-plan", response=PlanOut)
def read_floor_plan(request: SignedIn, code: str) -> HttpResponse:
    """The current floor plan and its ETag; version 0 and an empty hall before the first."""
    fair = _fair(request, code, Scope.BOOTHS_READ)
    version, floor = current_floor(fair)
    out = PlanOut(version=version, plan=write_plan(floor))
    return _tagged(request, out, programs.plan_etag(version))


@router.put("/fairs/{code}/floor-plan", response=PlanOut)
def replace_floor_plan(request: SignedIn, code: str, body: PlanIn) -> HttpResponse:
    """Save a plan (format 1) as the next version. Needs If-Match."""
    fair = _fair(request, code, Scope.BOOTHS_WRITE)
    plan = programs.replace_plan(
        fair=fair, if_match=_if_match(request), document=body.plan, actor=request.user
    )
    out = PlanOut(version=plan.version, plan=write_plan(current_floor(fair)[1]))
    return _json(out, programs.plan_etag(plan.version))


@router.get("/fairs/{code}/floor-plans", response=PlanVersionPage)
def list_floor_plans(request: SignedIn, code: str, paging: Query[Paging]) -> dict[str, Any]:
    """All versions, newest first."""
    found = versions_of(_fair(request, code, Scope.BOOTHS_READ))
    return {"count": found.count(), "items": [_version(each) for each in paging.cut(found)]}


def _version(plan: Any) -> dict[str, Any]:
    names = ("version", "is_current", "width", "height", "saved_at")
    return {name: getattr(plan, name) for name in names} | {"booths": plan.booth_count}


@router.get("/fairs/{code}/floor-plans/{int:version}", response=PlanOut)
def read_floor_plan_version(request: SignedIn, code: str, version: int) -> HttpResponse:
    """One version, however old; it never changes."""
    plan: FloorPlan = floor_version(_fair(request, code, Scope.BOOTHS_READ), version)
    out = PlanOut(version=version, plan=write_plan(floor_of(plan)))
    return _tagged(request, out, programs.plan_etag(version))


@router.get("/fairs/{code}/assignments", response=AssignmentPage, auth=None)
def list_assignments(request: HttpRequest, code: str, paging: Query[Paging]) -> dict[str, Any]:  # noqa: ARG001
    """Who is in which booth with what, for everybody, once that is published."""
    fair = public_fairs().filter(state__in=BOOTHS_SHOWN).get(code=code)
    participants = queries.participants_of(fair)
    return {
        "count": len(participants),
        "items": [_assignment(each) for each in paging.cut(participants)],
    }


def _assignment(participant: Participant) -> dict[str, Any]:
    placement = participant.placement
    return {
        "booths": list(placement.booths),
        "group": placement.application.group.code,
        "households": [_household(each) for each in participant.households],
    }


def _household(household: Any) -> dict[str, Any]:
    return {
        "organisation": household.organisation.code,
        "name": household.organisation.name,
        "place": household.organisation.place.name,
        "days": list(household.days),
        "products": sorted(product.code for product in household.products),
    }


@router.get("/fairs/{code}/applications", response=ApplicationPage)
def list_applications(
    request: SignedIn, code: str, filters: Query[ApplicationFilters]
) -> dict[str, Any]:
    """The fair's applications as at its desk, by priority; `state` asks for one state."""
    fair = _fair(request, code, Scope.BOOTHS_READ)
    if filters.state and filters.state not in ApplicationState.values:
        raise DomainError("application.state_unknown", _("There is no such state."))
    found = queries.applications_of(fair, state=filters.state)
    page = found[filters.offset : filters.offset + filters.limit]
    shown = placements_for(page.prefetch_related("products"))
    return {"count": found.count(), "items": [_application(each) for each in shown]}


def _application(placement: Placement) -> dict[str, Any]:
    row = placement.application
    names = ("code", "state", "booths_wanted", "kind", "power_kw", "water", "cold", "cooking")
    return {
        **{name: getattr(row, name) for name in (*names, "wishes", "priority", "submitted_at")},
        "fair": row.fair.code,
        "organisation": row.organisation.code,
        "name": row.organisation.name,
        "group": row.group.code,
        "products": sorted(product.code for product in row.products.all()),
        "booths": list(placement.booths),
        "shared": [_household(each) for each in placement.shared],
    }


def _find(request: SignedIn, fair: Fair, application: str) -> Application:
    """One of the desk's, or a draft that the caller has entered."""
    try:
        found = my_application(request.user, application)
    except ObjectDoesNotExist:
        return queries.application_of(fair, application)
    if found.fair_id != fair.pk:
        raise Application.DoesNotExist
    return found


def _told(row: Application, status: int = 200) -> HttpResponse:
    placement = queries.placement_of(row)
    out = ApplicationOut(**_application(placement))
    return _json(out, programs.etag_of(placement.application), status)


@router.get("/fairs/{code}/applications/{application}", response=ApplicationOut)
def read_application(request: SignedIn, code: str, application: str) -> HttpResponse:
    """One application and its ETag."""
    fair = _fair(request, code, Scope.BOOTHS_READ)
    placement = queries.placement_of(_find(request, fair, application))
    out = ApplicationOut(**_application(placement))
    return _tagged(request, out, programs.etag_of(placement.application))


@router.post("/fairs/{code}/applications", response={200: ApplicationOut, 201: ApplicationOut})
def create_application(request: SignedIn, code: str, body: ApplicationIn) -> HttpResponse:
    """Begin a draft for a producer; asked again, 200 with what was begun."""
    fair = _fair(request, code, Scope.BOOTHS_WRITE)
    if not can_enter_for_others(request.user, fair):
        raise NotAllowed(
            "apply.not_officer", _("Only organisers and commune officers apply for others.")
        )
    organisation = Organisation.objects.filter(code=clean(body.organisation)).first()
    if organisation is None:
        raise DomainError("apply.organisation_unknown", _("There is no such organisation."))
    held = Application.objects.filter(fair=fair, organisation=organisation)
    before = held.exclude(state=ApplicationState.WITHDRAWN).exists()
    row = begin_application(fair=fair, organisation=organisation, actor=request.user)
    return _told(row, 200 if before else 201)


@router.patch("/fairs/{code}/applications/{application}", response=ApplicationOut)
def change_application(
    request: SignedIn, code: str, application: str, body: ApplicationChange
) -> HttpResponse:
    """Change what was entered by the caller, until it is decided on. Needs If-Match."""
    fair = _fair(request, code, Scope.BOOTHS_WRITE)
    said = body.model_dump(exclude_none=True)
    row = programs.change_application(
        application=_find(request, fair, application),
        if_match=_if_match(request),
        products=said.get("products"),
        wishes=said.get("wishes"),
        needs={name: said[name] for name in programs.NEEDS if name in said},
        actor=request.user,
    )
    return _told(row)


@router.post("/fairs/{code}/applications/{application}/submit", response=ApplicationOut)
def send_application(request: SignedIn, code: str, application: str, body: SendIn) -> HttpResponse:
    """Send the caller's draft in, with the paper that the consent is on. Needs If-Match."""
    fair = _fair(request, code, Scope.BOOTHS_WRITE)
    row = programs.send_application(
        application=_find(request, fair, application),
        if_match=_if_match(request),
        note=clean(body.note),
        actor=request.user,
    )
    return _told(row)


@router.get("/fairs/{code}/runs", response=RunPage)
def list_runs(request: SignedIn, code: str, paging: Query[Paging]) -> HttpResponse:
    """The fair's runs, newest first, and the ETag that a start names."""
    fair = _fair(request, code, Scope.BOOTHS_READ)
    found = queries.runs_of(fair).select_related("plan", "job")
    out = RunPage(count=found.count(), items=[_run(each) for each in paging.cut(found)])
    return _json(out, programs.runs_etag(fair))


def _run(run: AllocationRun) -> RunOut:
    answer, job = run.answer or {}, run.job
    return RunOut(
        number=run.number,
        state=run.state,
        plan_version=run.plan.version,
        created_at=run.created_at,
        published_at=run.published_at,
        instance_sha256=run.instance_sha256,
        status=answer.get("status"),
        score=answer.get("score"),
        bound=answer.get("bound"),
        done=job.done if job else None,
        total=job.total if job else None,
    )


@router.post("/fairs/{code}/runs", response={201: RunOut})
def start_run(request: SignedIn, code: str) -> HttpResponse:
    """Allocate the booths. Needs If-Match with the ETag of the runs."""
    fair = _fair(request, code, Scope.BOOTHS_WRITE)
    run = programs.start_run(fair=fair, if_match=_if_match(request), actor=request.user)
    return _json(_run(run), programs.runs_etag(fair), 201)


@router.get("/fairs/{code}/runs/{int:number}", response=RunOut)
def read_run(request: SignedIn, code: str, number: int) -> RunOut:
    """One run."""
    return _run(queries.run_of(_fair(request, code, Scope.BOOTHS_READ), number))


@router.get("/fairs/{code}/runs/{int:number}/{name}")
def read_run_file(request: SignedIn, code: str, number: int, name: str) -> HttpResponse:
    """What the run was made from (`instance`) or what came out (`answer`), byte for byte."""
    run = queries.run_of(_fair(request, code, Scope.BOOTHS_READ), number)
    contents = {"instance": run.instance.encode()}
    if run.answer:
        contents["answer"] = encode_canonical(run.answer)
    if name not in contents:
        raise AllocationRun.DoesNotExist
    return HttpResponse(contents[name], content_type="application/json")
