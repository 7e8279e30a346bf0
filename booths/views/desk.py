"""Doormen of a fair's applications, floor plan and allocation."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from booths import actions, queries, rendering
from booths.allocation import encode_canonical
from booths.forms import ReviewForm
from booths.models import AllocationRun, Application, FloorPlan
from booths.queries.protocol import published_run_of
from booths.rules import can_enter_for_others, can_review, takes_applications
from booths.states import APPLICATION, IN_RUN, LIVE, ApplicationState, RunState
from core.errors import DomainError
from core.text import clean
from fairs.models import Fair
from fairs.queries import fair_for, public_fairs
from fairs.rules import can_organise
from fairs.states import BOOTHS_SHOWN, OVER, FairState

PAGE = 50


@login_required
def application_list(request: HttpRequest, code: str) -> HttpResponse:
    """Who asks for booths, filtered and sorted; reviewers accept several at once."""
    fair = fair_for(request.user, code)
    wanted = {name: request.GET.get(name, "") for name in ("state", "group", "sort")}
    search = request.GET.get("q", "")
    found = queries.applications_of(fair, search=search, **wanted)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    counts = queries.count_by_state(fair)
    states = [state for state in ApplicationState if state != ApplicationState.DRAFT]
    plan = queries.plan_of(fair)
    demand = queries.demand_of(fair, plan)
    context = {
        "section": "fairs",
        "tab": "applications",
        "fair": fair,
        "page": page,
        "rows": [(each, rendering.offers_of(each)) for each in page],
        "search": search,
        **wanted,
        "states": states,
        "demand": demand,
        "wanted": sum(each.wanted for each in demand),
        "booths": len(plan.booths.all()) if plan else 0,
        "total": sum(counts[state] for state in states),
        "live": sum(counts[state] for state in LIVE),
        "submitted": counts[ApplicationState.SUBMITTED],
        "can_review": can_review(request.user, fair) and counts[ApplicationState.SUBMITTED],
        "can_enter": can_enter_for_others(request.user, fair)
        and takes_applications(fair, timezone.now()),
    }
    return render(request, "booths/application_list.html", context)


@login_required
def application_page(request: HttpRequest, code: str, application: str) -> HttpResponse:
    """One application: what is asked, why it comes first, what came of it."""
    fair = fair_for(request.user, code)
    row = queries.application_of(fair, application)
    run = _published_run(fair, row)
    shown = _show(fair, run) if run else None
    reviewer = can_review(request.user, fair)
    placement = queries.placement_of(row)
    context = {
        "section": "fairs",
        "tab": "applications",
        "fair": fair,
        "application": row,
        "priority": rendering.priority_in_words(row),
        "offers": rendering.offers_of(row),
        "wishes": rendering.wishes_in_words(row.wishes),
        "products": queries.products_of(row, fair.end),
        "refusal": queries.refusal_of(row),
        "run": run,
        "booths": placement.booths,
        "placement": placement,
        "unplaced": _row_of(shown.unplaced if shown else (), row),
        "form": ReviewForm(),
        "can_accept": reviewer and APPLICATION.allows(row.state, ApplicationState.ELIGIBLE),
        "can_refuse": reviewer and APPLICATION.allows(row.state, ApplicationState.REFUSED),
    }
    return render(request, "booths/application_page.html", context)


def _published_run(fair: Fair, application: Application) -> AllocationRun | None:
    """The run that decided on the application, if one has."""
    if application.state not in (ApplicationState.PLACED, ApplicationState.WAITING_LIST):
        return None
    run = queries.runs_of(fair).filter(state=RunState.PUBLISHED).first()
    return run if run and _is_in(run, application) else None


def _is_in(run: AllocationRun, application: Application) -> bool:
    assert run.answer is not None
    return application.code in {**run.answer["assignments"], **run.answer["unplaced"]}


def _row_of(rows: Any, application: Application) -> Any:
    return next((each for each in rows if each.application.pk == application.pk), None)


@login_required
@require_POST
def application_review(request: HttpRequest, code: str) -> HttpResponse:
    """Accept or refuse the applications that were ticked."""
    fair = fair_for(request.user, code)
    assert request.user.is_authenticated
    form = ReviewForm(request.POST)
    if not form.is_valid():
        raise DomainError("review.invalid", _("This decision is not known."))
    codes = {clean(code) for code in request.POST.getlist("application")}
    count = actions.review_applications(
        fair=fair, codes=codes, actor=request.user, **form.decision()
    )
    messages.success(
        request,
        ngettext("%(count)d application decided.", "%(count)d applications decided.", count)
        % {"count": count},
    )
    if len(codes) == 1 and "single" in request.POST:
        return redirect("application_page", code, codes.pop())
    return redirect("application_list", code)


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
    context: dict[str, Any] = {
        "section": "fairs",
        "tab": "allocation",
        "fair": fair,
        "run": run,
        "runs": queries.runs_of(fair),
        "eligible": sum(counts[state] for state in IN_RUN),
        "submitted": counts[ApplicationState.SUBMITTED],
        "allocating": allocating,
        "can_start": organiser and allocating,
        "can_publish": organiser and can_publish and run and run.state == RunState.PROPOSED,
        "can_organise": organiser,
    }
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


def _show(fair: Fair, run: AllocationRun) -> rendering.ShownRun:
    applications = {each.code: each for each in queries.applications_in(fair)}
    return rendering.show_run(run, applications=applications, quotas=queries.quotas_of(fair))


def _shown_context(request: HttpRequest, fair: Fair, run: AllocationRun) -> dict[str, Any]:
    shown = _show(fair, run)
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
    }


@login_required
@require_POST
def allocation_start(request: HttpRequest, code: str) -> HttpResponse:
    """Ask for a run."""
    fair = fair_for(request.user, code)
    assert request.user.is_authenticated
    actions.start_allocation(fair=fair, actor=request.user)
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
