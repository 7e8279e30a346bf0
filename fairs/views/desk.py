"""Doormen of the desk: its home, the fairs, their jobs."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.rules import SignedIn, can_use_desk
from core import jobs
from core.errors import DomainError
from core.text import fold
from fairs import actions, queries
from fairs.forms import MoveForm
from fairs.models import Fair
from fairs.rules import can_organise, can_plan
from fairs.states import FAIR, FairState

PAGE = 50


@login_required
def desk_home(request: SignedIn) -> HttpResponse:
    """To this year's plan, or the newest there is; those without a desk to their own page."""
    if not can_use_desk(request.user):
        return redirect("my_home")
    years = queries.plan_years(request.user)
    this_year = timezone.localdate().year
    if this_year in years:
        return redirect("plan_year", this_year)
    if years:
        return redirect("plan_year", years[0])
    return redirect("plan_new" if can_plan(request.user) else "fair_list")


@login_required
def fair_list(request: SignedIn) -> HttpResponse:
    """All fairs the reader may see, newest first; those without a desk to their own page."""
    if not can_use_desk(request.user):
        return redirect("my_home")
    fairs = queries.fairs_of(request.user).order_by("-first_day")
    wanted = fold(request.GET.get("q", ""))
    found = [fair for fair in fairs if wanted in fold(f"{fair.title} {fair.title_en}")]
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    return render(request, "fairs/fair_list.html", {"section": "fairs", "page": page})


@login_required
def fair_overview(request: SignedIn, code: str) -> HttpResponse:
    """Where the fair stands and what comes next."""
    fair = queries.fair_for(request.user, code)
    today = timezone.localdate()
    following = queries.moves_of(fair, today)
    return render(
        request,
        "fairs/fair_overview.html",
        {
            "section": "fairs",
            "tab": "overview",
            "fair": fair,
            "can_organise": can_organise(request.user, fair),
            "can_plan": can_plan(request.user),
            "can_shift": queries.can_shift(request.user, fair),
            "following": following,
            "can_move": any(not move.refusal for move in following),
            "can_cancel": FAIR.allows(fair.state, FairState.CANCELLED),
            "form": MoveForm(),
            "deadlines": queries.deadlines_of([fair], today),
        },
    )


@login_required
@require_POST
def fair_move(request: SignedIn, code: str) -> HttpResponse:
    """Move the fair to its next state; what speaks against it is shown first."""
    fair = queries.fair_for(request.user, code)
    form = MoveForm(request.POST)
    if not form.is_valid():
        raise DomainError("fair.move_invalid", _("This state is not known."))
    if not form.cleaned_data["confirmed"] and (move := _doubtful_move(request, fair, form)):
        context = {"section": "fairs", "tab": "overview", "fair": fair, "move": move}
        return render(request, "fairs/fair_move.html", context)
    actions.move_fair(
        fair=fair,
        to=form.cleaned_data["to"],
        reason=form.cleaned_data["reason"],
        actor=request.user,
    )
    messages.success(request, _("Recorded."))
    return redirect("fair_overview", code)


def _doubtful_move(request: SignedIn, fair: Fair, form: MoveForm) -> queries.Move | None:
    """The move, if there is something to be known before it is made."""
    if not can_organise(request.user, fair):
        return None
    for move in queries.moves_of(fair, timezone.localdate()):
        if move.state == form.cleaned_data["to"] and move.warnings and not move.refusal:
            return move
    return None


def _back(request: HttpRequest) -> HttpResponse:
    """To the page that the button stood on."""
    address = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(address, allowed_hosts={request.get_host()})
    return redirect(address if ours else "desk_home")


@login_required
def job(request: SignedIn, token: str) -> HttpResponse:
    """The fragment that shows a job; the page is loaded anew once the job has ended."""
    row = queries.job_for(request.user, token)
    context = {"job": row, "can_change": queries.can_change_job(request.user, row)}
    response = render(request, "parts/job.html", context)
    if not row.is_open:
        response.headers["HX-Refresh"] = "true"
    return response


@login_required
@require_POST
def job_cancel(request: SignedIn, token: str) -> HttpResponse:
    """Stop a job."""
    jobs.cancel_job(queries.changeable_job_for(request.user, token))
    return _back(request)


@login_required
@require_POST
def job_retry(request: SignedIn, token: str) -> HttpResponse:
    """Let a failed or cancelled job wait again."""
    jobs.retry_job(queries.changeable_job_for(request.user, token))
    return _back(request)
