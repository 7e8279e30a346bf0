"""Doormen of what a fair brought, at its desk."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.rules import SignedIn
from booths import queries, rendering
from booths.actions import record_takings
from booths.forms import TakingsForm
from core.errors import told_on
from core.sheet.writing import write_workbook
from fairs.queries import (
    fair_for,
    livestream_total,
    livestreams_of,
    organised_fair_for,
    sales_at,
    visitors_of,
)
from fairs.rules import are_figures_final, can_organise, days_so_far

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@login_required
def fair_figures(request: SignedIn, code: str) -> HttpResponse:
    """Visitors and takings day by day; organisers see every stand."""
    fair = fair_for(request.user, code)
    stands = queries.stands_of(fair)
    today = timezone.localdate()
    days = queries.day_figures(fair, stands, visitors_of(fair), today)
    is_organiser = can_organise(request.user, fair)
    # Those who may not see what one stand took see no sum that tells it either.
    shown = [day for day in days if is_organiser or day.said >= queries.FEWEST]
    sold = livestream_total(fair)
    context: dict[str, Any] = {
        "section": "fairs",
        "tab": "figures",
        "fair": fair,
        "days": [(day, day in shown) for day in days],
        "stands": stands,
        "visitors": sum(day.visitors or 0 for day in days),
        "takings": sum(day.takings for day in shown),
        "is_partial": len(shown) < sum(bool(day.said) for day in days),
        "fewest": queries.FEWEST,
        "sold": sold,
        "shows_sold": is_organiser or sold.producers >= queries.FEWEST,
        "is_organiser": is_organiser,
        "is_final": are_figures_final(fair),
        "today": today,
    }
    if is_organiser:
        context |= _context_of_stands(stands, [day.day for day in days])
        context["livestreams"] = livestreams_of(fair)
    return render(request, "booths/figures.html", context)


def _context_of_stands(stands: list[queries.Stand], days: list[Any]) -> dict[str, Any]:
    latest = days[-1:]
    return {
        "rows": [(stand, stand.cells(days)) for stand in stands],
        "silent": [stand for stand in stands if stand.placement.booths and stand.missing(latest)],
        "shares": [
            (_("Zone"), queries.shares_of(stands, rendering.zone_name)),
            (_("Product group"), queries.shares_of(stands, rendering.group_name)),
        ],
    }


@login_required
def fair_takings(request: SignedIn, code: str, application: str) -> HttpResponse:
    """One stand's takings with who said what; an organiser enters them on its behalf."""
    fair = organised_fair_for(request.user, code)
    placement = queries.stand_at(fair, application)
    row = placement.application
    said = queries.takings_of(row)
    form = TakingsForm(
        request.POST if request.method == "POST" else None,
        days=[] if are_figures_final(fair) else days_so_far(fair, timezone.localdate()),
        stored={day: each.amount for day, each in said.items()},
    )
    if request.method == "POST" and form.is_valid():
        with told_on(form):
            record_takings(application=row, takings=form.takings, actor=request.user)
            messages.success(request, _("Saved."))
            return redirect("fair_figures", code)
    context = {
        "section": "fairs",
        "tab": "figures",
        "fair": fair,
        "placement": placement,
        "application": row,
        "form": form,
        "said": list(said.values()),
        "total": sum(each.amount for each in said.values()),
    }
    return render(request, "booths/takings.html", context, status=422 if form.errors else 200)


@login_required
def figures_export(request: SignedIn, code: str) -> HttpResponse:
    """Everything as an Excel file: days, stands, livestreams."""
    fair = organised_fair_for(request.user, code)
    stands = queries.stands_of(fair)
    days = queries.day_figures(fair, stands, visitors_of(fair), timezone.localdate())
    sheets = rendering.figure_sheets(fair, days, stands, sales_at(fair), actor=request.user.name)
    headers = {"Content-Disposition": f'attachment; filename="so-lieu-{fair.code}.xlsx"'}
    return HttpResponse(write_workbook(*sheets), content_type=XLSX, headers=headers)
