"""Doormen of a fair's applications, floor plan and allocation."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from booths import actions, queries, rendering
from booths.allocation import encode_canonical
from booths.forms.moves import StartForm
from booths.models import AllocationRun, Application, FloorPlan
from booths.queries.compare import answered_runs_of
from booths.queries.protocol import published_run_of
from booths.states import IN_RUN, ApplicationState, RunState
from booths.views.moves import again_context, by_hand_context
from core.errors import DomainError
from fairs.models import Fair
from fairs.queries import fair_for, public_fairs
from fairs.rules import can_organise
from fairs.states import BOOTHS_SHOWN, OVER, FairState

PAGE = 50


@login_required
def floor_plan(request: HttpRequest, code: str) -> HttpResponse:
    """The hall: drawn, and the same as a list."""
    fair = fair_for(request.user, code)
    plan = queries.plan_of(fair)
    chosen = request.GET.get("booth", "")
    booth = _booth(plan, chosen)
    context = {
        "section": "fairs",
        "tab": "floor_plan",
        "fair": fair,
        "plan": plan,
        "booth": booth,
        "size": rendering.size_of(booth) if booth else "",
        "can_draw": can_organise(request.user, fair) and fair.state not in OVER,
    }
    if _wants_part(request):
        return render(request, "booths/booth_facts.html", context)
    if plan:
        context |= {
            "drawing": rendering.draw_plan(plan, chosen={chosen}),
            "rows": [(each, rendering.size_of(each)) for each in plan.booths.all()],
            "demand": queries.demand_of(fair, plan),
            "zones": queries.zones_of(plan),
        }
    return render(request, "booths/floor_plan.html", context)


def _booth(plan: FloorPlan | None, code: str) -> Any:
    return next((each for each in plan.booths.all() if each.code == code), None) if plan else None


def _wants_part(request: HttpRequest) -> bool:
    """Whether <floor-plan> asks for a booth's facts alone."""
    return request.headers.get("X-Part") == "booth"


@login_required
def allocation(request: HttpRequest, code: str) -> HttpResponse:
    """Where the allocation stands: nothing yet, being computed, proposed or published."""
    fair = fair_for(request.user, code)
    return _allocation(request, fair, queries.latest_run(fair))


@login_required
def allocation_run(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """One run, however old."""
    fair = fair_for(request.user, code)
    return _allocation(request, fair, queries.run_of(fair, number))


def _allocation(request: HttpRequest, fair: Fair, run: AllocationRun | None) -> HttpResponse:
    organiser = can_organise(request.user, fair)
    counts = queries.count_by_state(fair)
    allocating = fair.state == FairState.ALLOCATING
    can_publish = allocating or fair.state == FairState.PUBLISHED
    runs = list(queries.runs_of(fair))
    context: dict[str, Any] = {
        "section": "fairs",
        "tab": "allocation",
        "fair": fair,
        "run": run,
        "runs": runs,
        "answered": sum(each.answer is not None for each in runs),
        "eligible": sum(counts[state] for state in IN_RUN),
        "submitted": counts[ApplicationState.SUBMITTED],
        "allocating": allocating,
        "can_start": organiser and allocating,
        "can_publish": organiser and can_publish and run and run.state == RunState.PROPOSED,
        "can_move": organiser and can_publish and run and run.state == RunState.PROPOSED,
        "can_organise": organiser,
    }
    if organiser and allocating and not _wants_part(request):
        context |= again_context(fair, runs)
    if run and run.answer:
        context |= _shown_context(request, fair, run)
        if _wants_part(request):
            return render(request, "booths/holder_facts.html", context)
    elif run and run.job and organiser and run.state == RunState.COMPUTING:
        context |= {
            "cancel_url": reverse("job_cancel", args=[run.job.token]),
            "retry_url": reverse("job_retry", args=[run.job.token]),
        }
    return render(request, "booths/allocation.html", context)


def _show(
    fair: Fair, run: AllocationRun, applications: dict[str, Application] | None = None
) -> rendering.ShownRun:
    applications = applications or {each.code: each for each in queries.applications_in(fair)}
    return rendering.show_run(run, applications=applications, quotas=queries.quotas_of(fair))


def _shown_context(request: HttpRequest, fair: Fair, run: AllocationRun) -> dict[str, Any]:
    applications = {each.code: each for each in queries.applications_in(fair)}
    shown = _show(fair, run, applications)
    plan = queries.plan_of_run(run)
    code = request.GET.get("booth", "")
    holder = next((each for each in shown.placed if code in each.booths), None)
    chosen = set(holder.booths) if holder else {code}
    return {
        "shown": shown,
        "drawing": rendering.draw_plan(
            plan, holders=shown.holders, chosen=chosen, pinned=shown.pinned
        ),
        "legend": sorted(
            {each.application.group for each in shown.placed}, key=lambda group: group.order
        ),
        "booth_holders": [(each, shown.holders.get(each.code)) for each in plan.booths.all()],
        "booth": _booth(plan, code),
        "holder": holder,
        "priority": rendering.priority_in_words(holder.application) if holder else "",
        **({} if _wants_part(request) else by_hand_context(fair, run, applications)),
    }


@login_required
@require_POST
def allocation_start(request: HttpRequest, code: str) -> HttpResponse:
    """Ask for a run."""
    fair = fair_for(request.user, code)
    assert request.user.is_authenticated
    form = StartForm(request.POST, runs=answered_runs_of(fair))
    if not form.is_valid():
        [sentence, *_others] = [str(each) for errors in form.errors.values() for each in errors]
        raise DomainError("allocation.keep_unknown", sentence)
    actions.start_allocation(fair=fair, actor=request.user, **form.keeping)
    return redirect("allocation", code)


@login_required
@require_POST
def allocation_publish(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Give out the booths as the run proposes."""
    fair = fair_for(request.user, code)
    assert request.user.is_authenticated
    actions.publish_allocation(run=queries.run_of(fair, number), actor=request.user)
    return redirect("allocation", code)


@login_required
def allocation_file(request: HttpRequest, code: str, number: int, name: str) -> HttpResponse:
    """What a run was made from (`instance`) or what came out (`answer`), byte for byte."""
    fair = fair_for(request.user, code)
    run = queries.run_of(fair, number)
    contents = {"instance": run.instance.encode()}
    if run.answer:
        contents["answer"] = encode_canonical(run.answer)
    if name not in contents:
        raise Http404
    response = HttpResponse(contents[name], content_type="application/json")
    filename = f"{fair.code}-{number}-{name}.json"
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response


@require_safe
def public_booths(request: HttpRequest, code: str) -> HttpResponse:
    """Who is in which booth with which products, for everybody, once that is published."""
    fair = public_fairs().filter(state__in=BOOTHS_SHOWN).get(code=code)
    plan = queries.published_plan_of(fair)
    participants = queries.participants_of(fair)
    chosen, search = request.GET.get("booth", ""), request.GET.get("q", "")
    holder = next((each for each in participants if chosen in each.placement.booths), None)
    context: dict[str, Any] = {
        "section": "fairs",
        "fair": fair,
        "booth": _booth(plan, chosen),
        "holder": holder,
        "is_unknown": bool(chosen) and _booth(plan, chosen) is None,
    }
    if _wants_part(request):
        return render(request, "booths/public_holder.html", context)
    holders = {
        booth: each.placement.application
        for each in participants
        for booth in each.placement.booths
    }
    on = set(holder.placement.booths) if holder else {chosen}
    context |= {
        "participants": participants,
        "search": search,
        "found": [each for each in participants if each.fits(search)],
        "has_protocol": published_run_of(fair) is not None,
        "legend": sorted({each.group for each in holders.values()}, key=lambda group: group.order),
        "drawing": plan and rendering.draw_plan(plan, holders=holders, chosen=on),
    }
    return render(request, "booths/public_booths.html", context)
