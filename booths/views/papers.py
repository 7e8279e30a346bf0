"""Doormen of what is printed before a fair opens."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.rules import SignedIn
from booths.queries import published_plan_of
from booths.queries.papers import PavilionGaps, pavilion_gaps, stands_in, utilities_of
from booths.rendering.paper_sheets import gap_sheets, utility_sheets
from booths.rendering.papers import PAPERS, draw_gaps, draw_paper, show_gaps, show_utilities
from booths.views.figures import XLSX
from core.errors import DomainError
from core.sheet.writing import write_workbook
from fairs.models import Fair
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
        "gaps": show_gaps(gaps) if (gaps := pavilion_gaps(fair)) else None,
        "utilities": show_utilities(utilities_of(plan, stands)) if plan else None,
    }
    return render(request, "booths/booth_papers.html", context)


@login_required
@require_safe
def booth_paper(request: SignedIn, code: str, name: str) -> HttpResponse:
    """One paper as a PDF."""
    fair = fair_for(request.user, code)
    plan = published_plan_of(fair)
    if name == "pavilions":
        return _pdf(draw_gaps(fair, _gaps(fair)), name, fair)
    if name not in PAPERS or plan is None:
        raise Http404
    stands = stands_in(fair, plan)
    if name == "signs" and not stands:
        raise DomainError(
            "papers.no_stands", _("Nobody has a booth yet: there is no sign to print.")
        )
    return _pdf(draw_paper(name, fair, plan, stands), name, fair)


def _gaps(fair: Fair) -> list[PavilionGaps]:
    gaps = pavilion_gaps(fair)
    if not gaps:
        raise DomainError("papers.no_pavilions", _("No province is a guest of this fair yet."))
    return gaps


def _pdf(content: bytes, name: str, fair: Fair) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{name}-{fair.code}.pdf"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


@login_required
@require_safe
def booth_paper_sheet(request: SignedIn, code: str, name: str) -> HttpResponse:
    """The utilities or the gaps of the pavilions as an Excel file."""
    fair = fair_for(request.user, code)
    if name == "pavilions":
        sheets = gap_sheets(fair, _gaps(fair))
    elif name == "utilities" and (plan := published_plan_of(fair)):
        sheets = utility_sheets(fair, plan, stands_in(fair, plan))
    else:
        raise Http404
    headers = {
        "Content-Disposition": f'attachment; filename="{name}-{fair.code}.xlsx"',
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(write_workbook(*sheets), content_type=XLSX, headers=headers)
