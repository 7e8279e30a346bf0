"""Doormen of what is printed before a fair opens."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.rules import SignedIn
from booths.queries import published_plan_of
from booths.queries.papers import stands_in, utilities_of
from booths.rendering.papers import PAPERS, draw_paper, show_utilities
from core.errors import DomainError
from fairs.queries import fair_for


@login_required
@require_safe
def booth_papers(request: SignedIn, code: str) -> HttpResponse:
    """What each zone needs, and the papers to print."""
    fair = fair_for(request.user, code)
    plan = published_plan_of(fair)
    stands = stands_in(fair, plan) if plan else []
    context = {
        "section": "fairs",
        "tab": "floor_plan",
        "fair": fair,
        "plan": plan,
        "stands": stands,
        "utilities": show_utilities(utilities_of(plan, stands)) if plan else None,
    }
    return render(request, "booths/booth_papers.html", context)


@login_required
@require_safe
def booth_paper(request: SignedIn, code: str, name: str) -> HttpResponse:
    """One paper as a PDF."""
    fair = fair_for(request.user, code)
    plan = published_plan_of(fair)
    if name not in PAPERS or plan is None:
        raise Http404
    stands = stands_in(fair, plan)
    if name == "signs" and not stands:
        raise DomainError(
            "papers.no_stands", _("Nobody has a booth yet: there is no sign to print.")
        )
    response = HttpResponse(draw_paper(name, fair, plan, stands), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{name}-{fair.code}.pdf"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
