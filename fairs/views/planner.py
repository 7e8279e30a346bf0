"""Doormen of the planner: the year, a month, a week, the list, and a fair's other days."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from accounts.rules import SignedIn
from core.errors import DomainError
from core.vietnam import shown_dates
from fairs import actions, queries, rendering
from fairs.forms import ConfirmShiftForm, ShiftForm
from fairs.models import Fair, FairKind
from fairs.queries import Planner, Span
from fairs.queries.moved import along_with, closing_after, say_closing
from fairs.rules import can_plan

WEEK = timedelta(days=7)
PAGE = 50


@dataclass(frozen=True)
class Turn:
    """A link to the period before or after, None for where there is no plan."""

    label: str
    url: str


@login_required
def plan_year(request: SignedIn, year: int) -> HttpResponse:
    """One year: figures against targets, lanes by venue, conflicts, what is due."""
    today = timezone.localdate()
    planner = _planner(request, year)
    lanes = queries.lanes_of(year, planner.held)
    return render(
        request,
        "fairs/plan_year.html",
        {
            **_context(request, planner, "year"),
            "figures": queries.figures_of(planner.plan),
            "drawing": rendering.draw_year(year, lanes, today, planner.clashing),
            "deadlines": queries.deadlines_of(planner.held, today),
        },
    )


@login_required
def plan_list(request: SignedIn, year: int) -> HttpResponse:
    """All fairs of the year as a plain table."""
    return render(
        request, "fairs/plan_list.html", _context(request, _planner(request, year), "list")
    )


@login_required
def plan_month(request: SignedIn, year: int, month: int) -> HttpResponse:
    """One month, Monday first, with lunar dates and holidays."""
    try:
        span = rendering.month_grid(year, month)
    except ValueError as error:
        raise Http404 from error
    planner = _planner(request, year, span)
    weeks = rendering.draw_weeks(
        span,
        planner.held,
        today=timezone.localdate(),
        holidays=queries.holidays_during(span),
        month=month,
    )
    first = date(year, month, 1)
    return render(
        request,
        "fairs/plan_month.html",
        {
            **_context(request, planner, "month", first),
            "weeks": weeks,
            "period": _("Month %(month)s, %(year)s") % {"month": month, "year": year},
        },
    )


@login_required
def plan_week(request: SignedIn, year: int, week: int) -> HttpResponse:
    """One week (ISO) with its fairs and their sessions."""
    try:
        first = date.fromisocalendar(year, week, 1)
    except ValueError as error:
        raise Http404 from error
    span = Span(first, first + timedelta(days=6))
    planner = _planner(request, year, span)
    weeks = rendering.draw_weeks(
        span,
        planner.held,
        today=timezone.localdate(),
        holidays=queries.holidays_during(span),
        sessions=queries.sessions_during(planner.held, span),
    )
    return render(
        request,
        "fairs/plan_week.html",
        {
            **_context(request, planner, "week", first),
            "weeks": weeks,
            "period": _("Week %(week)s: %(days)s")
            % {"week": week, "days": shown_dates(span.first, span.last)},
        },
    )


def _planner(request: SignedIn, year: int, span: Span | None = None) -> Planner:
    return queries.planner_for(
        request.user,
        year,
        today=timezone.localdate(),
        span=span,
        venue=request.GET.get("venue", ""),
        kind=request.GET.get("kind", ""),
    )


def _context(
    request: SignedIn, planner: Planner, view: str, first: date | None = None
) -> dict[str, Any]:
    """What all views of a plan need; `first` is the first day of the month or week shown."""
    years = queries.plan_years(request.user)
    return {
        "section": "plan",
        "plan": planner.plan,
        "planner": planner,
        "page": Paginator(planner.fairs, PAGE).get_page(request.GET.get("page")),
        "years": years,
        "view": view,
        "views": _views(request, planner.plan.year, view, first),
        "turns": _turns(request, planner.plan.year, view, first, years),
        "kinds": FairKind.choices,
        "can_plan": can_plan(request.user),
    }


def _address(request: HttpRequest, name: str, *parts: int) -> str:
    """The page with the filters of this one."""
    kept = request.GET.copy()
    for key in [key for key in kept if key not in ("venue", "kind")]:
        del kept[key]
    query = kept.urlencode()
    return reverse(name, args=parts) + (f"?{query}" if query else "")


def _views(request: HttpRequest, year: int, view: str, first: date | None) -> list[dict[str, Any]]:
    """The tabs; month and week lead to the period shown, to today, or to the year's beginning."""
    today = timezone.localdate()
    if first and view == "week":
        day = max(first, date(year, 1, 1))
    else:
        day = first or (today if today.year == year else date(year, 1, 7))
    week_year, week, _weekday = day.isocalendar()
    addresses = {
        "year": (_("Year"), "plan_year", (year,)),
        "month": (_("Month"), "plan_month", (year, day.month)),
        "week": (_("Week"), "plan_week", (week_year, week)),
        "list": (pgettext("view", "List"), "plan_list", (year,)),
    }
    return [
        {"label": label, "url": _address(request, name, *parts), "current": key == view}
        for key, (label, name, parts) in addresses.items()
    ]


def _turns(
    request: HttpRequest, year: int, view: str, first: date | None, years: list[int]
) -> dict[str, Turn]:
    """To the month or week before and after, where there is a plan."""
    turns: dict[str, Turn] = {}
    if first is None:
        return turns
    target: tuple[int, ...]
    for key, sign in (("before", -1), ("after", 1)):
        if view == "month":
            months = year * 12 + first.month - 1 + sign
            target = (months // 12, months % 12 + 1)
            label = f"{target[1]:02}/{target[0]}"
        else:
            day = first + sign * WEEK
            target = day.isocalendar()[:2]
            label = shown_dates(day, day + timedelta(days=6))
        if target[0] in years:
            name = f"plan_{view}"
            turns[key] = Turn(label, _address(request, name, *target))
    return turns


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def fair_shift(request: SignedIn, code: str) -> HttpResponse:
    """Choose other days, see what they would conflict with, confirm."""
    if request.method == "POST":
        return _shift(request, code)
    fair = queries.organised_fair_for(request.user, code)
    form = ShiftForm(request.GET if "first_day" in request.GET else None)
    return _show_shift(request, fair.code, form)


def _shift(request: SignedIn, code: str) -> HttpResponse:
    fair = queries.fair_for(request.user, code)
    form = ConfirmShiftForm(request.POST)
    if not form.is_valid():
        return _show_shift(request, code, form, status=422)
    along = _along(fair, form.cleaned_data["first_day"])
    actions.shift_fair(fair=fair, actor=request.user, **form.cleaned_data)
    messages.success(request, " ".join([_("The fair has new days."), *along]))
    return redirect("fair_overview", code)


def _along(fair: Fair, first_day: date) -> list[str]:
    """What moves along with the fair and what stays, in sentences."""
    now = timezone.now()
    closing = say_closing(fair, closing_after(fair, first_day, now))
    return [*along_with(fair, first_day, now).sentences, *closing]


def _show_shift(request: SignedIn, code: str, form: ShiftForm, status: int = 200) -> HttpResponse:
    fair = queries.organised_fair_for(request.user, code)
    context: dict[str, Any] = {
        "section": "fairs",
        "tab": "overview",
        "fair": fair,
        "form": form,
        "can_shift": queries.can_shift(request.user, fair),
    }
    if form.is_bound and form.is_valid():
        first_day, last_day = form.cleaned_data["first_day"], form.cleaned_data["last_day"]
        try:
            days = Span(first_day, actions.check_shift(fair, first_day, last_day))
        except DomainError as error:
            form.add_error("last_day" if last_day else "first_day", str(error))
        else:
            context["chosen"] = days
            context["conflicts"] = queries.conflicts_after_shift(
                request.user, fair, days, timezone.localdate()
            )
            context["along"] = _along(fair, first_day)
    return render(request, "fairs/fair_shift.html", context, status=status)
