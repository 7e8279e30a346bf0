"""Doormen of what is printed before a fair opens."""

from hashlib import sha256
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from accounts.rules import SignedIn
from booths.actions.papers import make_paper
from booths.allocation import encode_canonical
from booths.models import BoothPaper
from booths.queries import published_plan_of
from booths.queries.papers import (
    PavilionGaps,
    papers_of,
    pavilion_gaps,
    stands_in,
    utilities_of,
)
from booths.rendering.paper_sheets import gap_sheets, utility_sheets
from booths.rendering.papers import PAPERS, content_of, draw_gaps, show_gaps, show_utilities
from booths.views.figures import XLSX
from core.errors import DomainError
from core.sheet.writing import write_workbook
from core.storage import open_file
from fairs.models import Fair
from fairs.queries import fair_for
from fairs.rules import can_organise

NOT_READY = 202  # accepted, and not yet done: what is asked for is still being made


@login_required
@require_safe
def booth_papers(request: SignedIn, code: str) -> HttpResponse:
    """What each zone needs, and the papers to print."""
    return _show_papers(request, fair_for(request.user, code))


def _show_papers(request: SignedIn, fair: Fair, *, missing: str = "") -> HttpResponse:
    plan = published_plan_of(fair)
    stands = stands_in(fair, plan) if plan else []
    asked = papers_of(fair, get_language() or "vi")
    papers: list[dict[str, Any]] = []
    for name in PAPERS if plan else ():
        if plan and (stands or name != BoothPaper.Name.SIGNS):
            content = content_of(name, fair, plan, stands)
            papers.append(_state(name, asked.get(name, []), content))
    context = {
        "section": "fairs",
        "tab": "floor_plan",
        "fair": fair,
        "plan": plan,
        "stands": stands,
        "gaps": show_gaps(gaps) if (gaps := pavilion_gaps(fair)) else None,
        "papers": papers,
        "missing": missing,
        "can_organise": can_organise(request.user, fair),
        "utilities": show_utilities(utilities_of(plan, stands)) if plan else None,
    }
    status = NOT_READY if missing else 200
    return render(request, "booths/booth_papers.html", context, status=status)


def _state(name: str, rows: list[BoothPaper], content: dict[str, Any]) -> dict[str, Any]:
    """How a paper stands: the newest that is drawn, whether it is of today, what is being done."""
    digest = sha256(encode_canonical(content)).hexdigest()
    drawn = next((each for each in rows if each.file), None)
    newest = rows[0] if rows else None
    return {
        "name": name,
        "title": BoothPaper.Name(name).label,
        "drawn": drawn,
        "is_current": drawn is not None and drawn.content_sha256 == digest,
        "job": newest.job if newest and not newest.file else None,
    }


@login_required
@require_POST
def booth_paper_make(request: SignedIn, code: str, name: str) -> HttpResponse:
    """Ask for a paper as the booths are now."""
    fair = fair_for(request.user, code)
    make_paper(fair=fair, name=name, language=get_language() or "vi", actor=request.user)
    return redirect("booth_papers", code)


@login_required
@require_safe
def booth_paper(request: SignedIn, code: str, name: str) -> HttpResponseBase:
    """The newest PDF of a paper; where there is none, the page that says so."""
    fair = fair_for(request.user, code)
    if name == "pavilions":
        return _gaps_pdf(fair)
    if name not in PAPERS or published_plan_of(fair) is None:
        raise Http404
    rows = papers_of(fair, get_language() or "vi").get(name, [])
    file = next((each.file for each in rows if each.file), None)
    if file is None:
        return _show_papers(request, fair, missing=name)
    response = FileResponse(
        open_file(file), content_type="application/pdf", filename=f"{name}-{fair.code}.pdf"
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _gaps(fair: Fair) -> list[PavilionGaps]:
    gaps = pavilion_gaps(fair)
    if not gaps:
        raise DomainError("papers.no_pavilions", _("No province is a guest of this fair yet."))
    return gaps


def _gaps_pdf(fair: Fair) -> HttpResponse:
    """One page for a fair's few provinces: drawn at once, for it changes with every line."""
    response = HttpResponse(draw_gaps(fair, _gaps(fair)), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="pavilions-{fair.code}.pdf"'
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
