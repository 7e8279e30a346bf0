"""Doormen of series: the list, a page each, two ways to begin one, and what follows."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.rules import SignedIn
from core.errors import DomainError, NotAllowed, StaleState, told_on
from core.vietnam import shown_date
from fairs import queries
from fairs.actions.editing import require_planner
from fairs.actions.series import (
    SeriesContent,
    add_to_series,
    announce_drafts,
    create_series,
    edit_series,
    leave_out,
)
from fairs.forms.series import (
    EditForm,
    LeaveOutForm,
    PlacesForm,
    RecurringForm,
    RuleEditForm,
    initial_of_rule,
    initial_of_series,
)
from fairs.forms.series_rows import BaseRows, RowSet, with_more_rows
from fairs.models import Plan, Series
from fairs.queries.editing import choices_for_editing
from fairs.queries.series import (
    DayStatus,
    SeriesDay,
    compare_days,
    days_of_series,
    exceptions_of,
    fairs_of_series,
    rule_words,
    series_for,
    series_of,
)
from fairs.rules import can_plan
from fairs.states import FairState


@login_required
def series_list(request: SignedIn, year: int) -> HttpResponse:
    """The series with fairs in the plan of this year."""
    plan = queries.plan_for(request.user, year)
    found = series_of(request.user, year, today=timezone.localdate())
    context = {
        **_shell(request, plan),
        "rows": [(series, rule_words(series)) for series in found],
    }
    return render(request, "fairs/series_list.html", context)


@login_required
def series_page(request: SignedIn, year: int, code: str) -> HttpResponse:
    """One series: its rule, its fairs, and what can be done to it."""
    plan = queries.plan_for(request.user, year)
    return _show_page(request, plan, series_for(request.user, code), LeaveOutForm())


@login_required
def series_new(request: SignedIn, year: int) -> HttpResponse:
    """Begin a series: first which way its days are found, then the form and its preview."""
    plan = _plan(request, year)
    way = request.GET.get("way")
    if way == "rule":
        return _new_by_rule(request, plan)
    if way == "places":
        return _new_by_places(request, plan)
    return render(request, "fairs/series_new.html", _shell(request, plan))


def _new_by_rule(request: SignedIn, plan: Plan) -> HttpResponse:
    choices = choices_for_editing()
    if request.method != "POST":
        initial = initial_of_series(RecurringForm.kind)
        return _show_form(request, plan, RecurringForm(choices=choices, initial=initial))
    form = RecurringForm(request.POST, choices=choices)
    if not form.is_valid():
        return _show_form(request, plan, form, status=422)
    if request.POST.get("confirm") != form.seal:
        days = [SeriesDay(day, DayStatus.NEW) for day in form.days]
        return _show_form(request, plan, form, days=days, seal=form.seal)
    content = form.content(kind=form.kind)
    return _create(request, plan, form, content)


def _new_by_places(request: SignedIn, plan: Plan) -> HttpResponse:
    kind = PlacesForm.kind
    more = {"choices": choices_for_editing(), "kind": kind}
    if request.method != "POST":
        form = PlacesForm(choices=more["choices"], initial=initial_of_series(kind))
        return _show_form(request, plan, form, rows=RowSet(form_kwargs=more))
    form = PlacesForm(request.POST, choices=more["choices"])
    if "more" in request.POST:
        return _show_more(
            request, plan, form, RowSet(with_more_rows(request.POST), form_kwargs=more)
        )
    rows = RowSet(request.POST, form_kwargs=more)
    if not (form.is_valid() & rows.is_valid()):
        return _show_form(request, plan, form, status=422, rows=rows)
    if request.POST.get("confirm") != rows.seal:
        return _show_form(request, plan, form, rows=rows, **_preview(rows))
    return _create(request, plan, form, form.content(), rows)


def _create(
    request: SignedIn,
    plan: Plan,
    form: RecurringForm | PlacesForm,
    content: SeriesContent,
    rows: BaseRows | None = None,
) -> HttpResponse:
    try:
        series = create_series(
            content=content,
            base=form.base,
            entries=rows.entries if rows else (),
            actor=request.user,
        )
    except NotAllowed:
        raise
    except DomainError as error:
        form.add_error(None, str(error))
        return _show_form(request, plan, form, status=409, rows=rows)
    _tell_added(request, series.fairs.count())
    return redirect("series_page", plan.year, series.code)


@login_required
def series_edit(request: SignedIn, year: int, code: str) -> HttpResponse:
    """Another title or rule; its fairs follow after a preview."""
    plan = _plan(request, year)
    series = series_for(request.user, code)
    choices = choices_for_editing()
    if request.method != "POST":
        return _show_form(request, plan, _edit_form(series, choices), series=series)
    form = _edit_form(series, choices, request.POST)
    if not form.is_valid():
        return _show_form(request, plan, form, status=422, series=series)
    content = SeriesContent(
        title=form.cleaned_data["title"],
        title_en=form.cleaned_data["title_en"],
        kind=series.kind,
        first_day=series.first_day,
    )
    if isinstance(form, RuleEditForm):
        content = form.content(kind=series.kind)
        if request.POST.get("confirm") != form.seal:
            days = compare_days(list(fairs_of_series(request.user, series)), form.days)
            return _show_form(request, plan, form, series=series, days=days, seal=form.seal)
    try:
        version = form.cleaned_data["version"]
        edit_series(series=series, version=version, content=content, actor=request.user)
    except StaleState:
        return _show_both(request, plan, series_for(request.user, code))
    except NotAllowed:
        raise
    except DomainError as error:
        form.add_error(None, str(error))
        return _show_form(request, plan, form, status=409, series=series)
    messages.success(request, _("Saved."))
    return redirect("series_page", year, code)


def _edit_form(series: Series, choices: Any, data: Any = None) -> EditForm:
    initial = initial_of_rule(series)
    if series.rule:
        return RuleEditForm(data, choices=choices, initial=initial)
    return EditForm(data, initial=initial)


def _show_both(request: SignedIn, plan: Plan, stored: Series) -> HttpResponse:
    """The second of two who saved: the form keeps their words, beside it stands what is stored."""
    data = request.POST.copy()
    data["version"] = str(stored.version)
    form = _edit_form(stored, choices_for_editing(), data)
    context = {"series": stored, "stored": rule_words(stored), "left_out": exceptions_of(stored)}
    return _show_form(request, plan, form, status=409, **context)


@login_required
def series_add(request: SignedIn, year: int, code: str) -> HttpResponse:
    """Further fairs of a series, row by row."""
    plan = _plan(request, year)
    series = series_for(request.user, code)
    more = {"choices": choices_for_editing(), "kind": series.kind}
    if request.method != "POST":
        return _show_form(request, plan, None, series=series, rows=RowSet(form_kwargs=more))
    if "more" in request.POST:
        rows = RowSet(with_more_rows(request.POST), form_kwargs=more)
        return _show_more(request, plan, None, rows, series=series)
    rows = RowSet(request.POST, form_kwargs=more)
    if not rows.is_valid():
        return _show_form(request, plan, None, status=422, series=series, rows=rows)
    if request.POST.get("confirm") != rows.seal:
        return _show_form(request, plan, None, series=series, rows=rows, **_preview(rows))
    fairs = add_to_series(series=series, entries=rows.entries, actor=request.user)
    _tell_added(request, len(fairs))
    return redirect("series_page", year, code)


@login_required
@require_POST
def series_leave_out(request: SignedIn, year: int, code: str) -> HttpResponse:
    """Hold nothing on a day of the rule."""
    plan = _plan(request, year)
    series = series_for(request.user, code)
    form = LeaveOutForm(request.POST)
    if form.is_valid():
        with told_on(form, "reason"):
            cancelled = leave_out(series=series, actor=request.user, **form.cleaned_data)
            text = _("%(day)s is left out.") % {"day": shown_date(form.cleaned_data["day"])}
            if cancelled:
                text += " " + _("Its fair is cancelled.")
            messages.success(request, text)
            return redirect("series_page", year, code)
    return _show_page(request, plan, series, form, status=422)


@login_required
@require_POST
def series_announce(request: SignedIn, year: int, code: str) -> HttpResponse:
    """Announce the coming drafts."""
    _plan(request, year)
    series = series_for(request.user, code)
    announced, refused = announce_drafts(series=series, actor=request.user)
    text = ngettext(
        "%(count)s fair is announced.", "%(count)s fairs are announced.", len(announced)
    )
    messages.success(request, text % {"count": len(announced)})
    for fair, why in refused.items():
        messages.warning(request, f"{fair.short_title}: {why}")
    return redirect("series_page", year, code)


def _plan(request: SignedIn, year: int) -> Plan:
    """The plan, for who may change it."""
    plan = queries.plan_for(request.user, year)
    require_planner(request.user)
    return plan


def _shell(request: SignedIn, plan: Plan) -> dict[str, Any]:
    return {"section": "plan", "plan": plan, "can_plan": can_plan(request.user)}


def _preview(rows: BaseRows) -> dict[str, Any]:
    """The rows' days as a preview shows them."""
    days = [SeriesDay(each.first_day, DayStatus.NEW, None, each.last_day) for each in rows.entries]
    return {"days": days, "seal": rows.seal}


def _tell_added(request: SignedIn, count: int) -> None:
    text = ngettext(
        "%(count)s fair stands in the plan as a draft.",
        "%(count)s fairs stand in the plan as drafts.",
        count,
    )
    messages.success(request, text % {"count": count})


def _show_page(
    request: SignedIn, plan: Plan, series: Series, form: LeaveOutForm, *, status: int = 200
) -> HttpResponse:
    today = timezone.localdate()
    fairs = list(fairs_of_series(request.user, series))
    held = {fair.series_day for fair in fairs if fair.state == FairState.CANCELLED}
    context = {
        **_shell(request, plan),
        "series": series,
        "rule": rule_words(series),
        "fairs": fairs,
        "exceptions": exceptions_of(series),
        "days": [day for day in days_of_series(series) if day >= today and day not in held],
        "drafts": sum(fair.state == FairState.DRAFT and fair.end >= today for fair in fairs),
        "form": form,
    }
    return render(request, "fairs/series_page.html", context, status=status)


def _show_more(
    request: SignedIn, plan: Plan, form: PlacesForm | None, rows: BaseRows, **context: Any
) -> HttpResponse:
    """The same page with more rows; nothing is judged yet."""
    for each in (form, *rows.forms):
        if each is not None:
            each.full_clean()
            each.errors.clear()
    return _show_form(request, plan, form, rows=rows, judges=False, **context)


def _show_form(
    request: SignedIn, plan: Plan, form: Any, *, status: int = 200, **context: Any
) -> HttpResponse:
    days = context.get("days") or []
    return render(
        request,
        "fairs/series_form.html",
        {
            **_shell(request, plan),
            "form": form,
            "new_days": sum(day.status == DayStatus.NEW for day in days),
            **context,
        },
        status=status,
    )
