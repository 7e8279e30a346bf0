"""Doormen of two runs beside each other."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.rules import SignedIn
from booths import queries, rendering
from booths.models import AllocationRun
from booths.queries.compare import Comparison, answered_runs_of, compare_runs, default_previous
from booths.rendering.compare import (
    comparison_sheets,
    show_changes,
    show_figures,
    show_inputs,
    show_rest,
)
from booths.views.figures import XLSX
from core.sheet.writing import write_workbook
from fairs.models import Fair
from fairs.queries import fair_for


@login_required
@require_safe
def allocation_compare(request: SignedIn, code: str) -> HttpResponse:
    """What differs between two runs: inputs, figures, stands, and where on the plan."""
    fair = fair_for(request.user, code)
    runs = answered_runs_of(fair)
    context: dict[str, Any] = {"section": "fairs", "tab": "allocation", "fair": fair, "runs": runs}
    comparison = _comparison(request, fair, runs)
    if comparison:
        context |= _compared(fair, comparison)
    return render(request, "booths/run_compare.html", context)


def _comparison(request: HttpRequest, fair: Fair, runs: list[AllocationRun]) -> Comparison | None:
    """The two asked for, the earlier first; else the newest and what it is most like to replace."""
    if len(runs) < 2:
        return None
    known = {str(run.number): run.number for run in runs}
    asked = [request.GET.get(name, "") for name in ("first", "second")]
    if any(asked):
        if not set(asked) <= known.keys():
            raise Http404
        first, second = sorted(known[each] for each in asked)
    else:
        earlier = default_previous(runs[1:])
        assert earlier
        first, second = earlier.number, runs[0].number
    return compare_runs(fair, first, second)


def _compared(fair: Fair, comparison: Comparison) -> dict[str, Any]:
    comparison.second.fair = fair
    applications = {each.code: each for each in queries.applications_in(fair)}
    shown = rendering.show_run(
        comparison.second, applications=applications, quotas=queries.quotas_of(fair)
    )
    changes = show_changes(comparison, shown, applications)
    booths = {code for change in comparison.changes for code in change.after or ()}
    left = {code for change in comparison.changes for code in change.before or ()}
    return {
        "comparison": comparison,
        "first": comparison.first,
        "second": comparison.second,
        "changes": changes,
        "inputs": show_inputs(comparison.inputs, applications),
        "rest": show_rest(comparison.inputs),
        "figures": show_figures(comparison),
        "stands": len(shown.placed),
        "drawing": rendering.draw_plan(
            queries.plan_of_run(comparison.second),
            holders=shown.holders,
            marks=dict.fromkeys(left - booths, "left") | dict.fromkeys(booths, "changed"),
        ),
    }


@login_required
@require_safe
def allocation_compare_sheet(request: SignedIn, code: str) -> HttpResponse:
    """The same as an Excel file."""
    fair = fair_for(request.user, code)
    comparison = _comparison(request, fair, answered_runs_of(fair))
    if comparison is None:
        raise Http404
    shown = _compared(fair, comparison)
    sheets = comparison_sheets(
        comparison, shown["changes"], shown["inputs"], actor=request.user.name
    )
    name = f"{fair.code}-{comparison.first.number}-{comparison.second.number}.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(write_workbook(*sheets), content_type=XLSX, headers=headers)
