"""Doormen of the programme: the timetable, its sessions and stages."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.rules import SignedIn
from core.errors import DomainError, NotAllowed, StaleState, told_on
from fairs import actions, queries
from fairs.forms import (
    MoveSessionForm,
    SessionForm,
    StageForm,
    VersionForm,
    differences,
    merged_data,
    moved_data,
    session_values,
)
from fairs.models import Fair, Session, Stage
from fairs.queries.session_proposals import proposals_for
from fairs.rendering.programme import draw_timetable, moves_of
from fairs.rules import can_organise
from fairs.states import OVER


@login_required
def programme(request: SignedIn, code: str) -> HttpResponse:
    """One day of the programme: as a timetable and as a list, with what clashes."""
    fair = queries.fair_for(request.user, code)
    stages = list(queries.stages_of(fair))
    sessions = list(queries.sessions_of(fair))
    days = queries.programme_days(fair, sessions)
    day = _chosen_day(request, days)
    conflicts = proposals_for(fair, sessions, stages)
    clashing = {each.pk for one, _move in conflicts for each in (one.first, one.second) if each}
    can_change = can_organise(request.user, fair) and fair.state not in OVER
    bounds = queries.bounds_of(fair)
    on_day = [each for each in sessions if day in queries.days_of(each)]
    return render(
        request,
        "fairs/programme.html",
        {
            **_shell(fair),
            "stages": stages,
            "sessions": sessions,
            "days": days,
            "day": day,
            "drawing": draw_timetable(day, stages, on_day),
            "rows": [moves_of(each, stages, bounds) for each in on_day],
            "conflicts": conflicts,
            "clashing": clashing,
            "can_change": can_change,
        },
    )


@login_required
def programme_sheet(request: SignedIn, code: str) -> HttpResponse:
    """The whole programme as a sheet of paper."""
    fair = queries.fair_for(request.user, code)
    sessions = list(queries.sessions_of(fair))
    days = [
        (day, [each for each in sessions if day in queries.days_of(each)])
        for day in queries.programme_days(fair, sessions)
    ]
    paper = "a3" if request.GET.get("paper") == "a3" else "a4"
    context = {**_shell(fair), "days": days, "paper": paper}
    return render(request, "fairs/programme_sheet.html", context)


@login_required
def session_add(request: SignedIn, code: str) -> HttpResponse:
    """Put a session on a stage."""
    fair = queries.organised_fair_for(request.user, code)
    if not fair.stages.exists():
        return redirect("stage_list", code)
    if request.method != "POST":
        return _session_page(request, SessionForm(fair=fair, initial=_first_values(request, fair)))
    form = SessionForm(request.POST, fair=fair)
    if not form.is_search and form.is_valid():
        with told_on(form):
            session = actions.add_session(fair=fair, content=form.content(), actor=request.user)
            messages.success(request, _("Recorded."))
            return _to_session(session, "session")
    return _session_page(request, form)


@login_required
def session_edit(request: SignedIn, code: str, number: int) -> HttpResponse:
    """Rewrite a session; whoever saves second sees what the first one changed."""
    fair = queries.organised_fair_for(request.user, code)
    if request.method != "POST":
        session = queries.session_of(fair, number)
        form = SessionForm(fair=fair, initial=session_values(session))
        return _session_page(request, form, session)
    form = SessionForm(request.POST, fair=fair)
    stored = queries.sessions_of(fair).filter(pk=number).first()
    if stored is None:
        return _stale_page(request, form, None)
    if not form.is_search and form.is_valid():
        try:
            session = actions.change_session(
                session=stored,
                version=form.cleaned_data["version"] or 0,
                content=form.content(),
                actor=request.user,
            )
        except NotAllowed:
            raise
        except StaleState:
            stored = queries.sessions_of(fair).filter(pk=number).first()
            return _stale_page(request, form, stored)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Recorded."))
            return _to_session(session, "session")
    return _session_page(request, form, stored)


@login_required
@require_POST
def session_move(request: SignedIn, code: str, number: int) -> HttpResponse:
    """Let a session begin at another time or be on another stage."""
    fair = queries.organised_fair_for(request.user, code)
    session = queries.session_of(fair, number)
    form = MoveSessionForm(request.POST, fair=fair)
    if not form.is_valid():
        raise DomainError("session.move_invalid", _("This time or stage is not known."))
    try:
        session = actions.move_session(session=session, actor=request.user, **form.cleaned_data)
    except StaleState:
        session = queries.session_of(fair, number)
        data = moved_data(session, form.cleaned_data)
        return _stale_page(request, SessionForm(data, fair=fair), session)
    return _to_session(session, "block" if request.POST.get("from") == "timetable" else "session")


@login_required
@require_POST
def session_delete(request: SignedIn, code: str, number: int) -> HttpResponse:
    """Take a session out of the programme."""
    fair = queries.organised_fair_for(request.user, code)
    session = queries.session_of(fair, number)
    form = VersionForm(request.POST)
    version = form.cleaned_data["version"] if form.is_valid() else 0
    try:
        actions.delete_session(session=session, version=version, actor=request.user)
    except StaleState as error:
        messages.error(request, str(error))
        return redirect("session_edit", code, number)
    messages.success(request, _("The session is taken out of the programme."))
    return redirect(_address(fair, timezone.localtime(session.starts_at).date()))


@login_required
def stage_list(request: SignedIn, code: str) -> HttpResponse:
    """The fair's stages, and a new one."""
    fair = queries.organised_fair_for(request.user, code)
    form = StageForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with told_on(form):
            actions.add_stage(fair=fair, actor=request.user, **form.cleaned_data)
            messages.success(request, _("Recorded."))
            return redirect("stage_list", code)
    return _stage_page(request, fair, form)


@login_required
def stage_edit(request: SignedIn, code: str, number: int) -> HttpResponse:
    """Another name for a stage."""
    fair = queries.organised_fair_for(request.user, code)
    stage = fair.stages.get(pk=number)
    names = {"name": stage.name, "name_en": stage.name_en}
    form = StageForm(request.POST or None, initial=names)
    if request.method == "POST" and form.is_valid():
        with told_on(form):
            actions.rename_stage(stage=stage, actor=request.user, **form.cleaned_data)
            messages.success(request, _("Recorded."))
            return redirect("stage_list", code)
    return _stage_page(request, fair, form, stage)


@login_required
@require_POST
def stage_move(request: SignedIn, code: str, number: int) -> HttpResponse:
    """One place up or down."""
    stage = queries.organised_fair_for(request.user, code).stages.get(pk=number)
    actions.reorder_stage(stage=stage, is_up=request.POST.get("to") == "up", actor=request.user)
    return redirect("stage_list", code)


@login_required
@require_POST
def stage_delete(request: SignedIn, code: str, number: int) -> HttpResponse:
    """Take away an empty stage."""
    stage = queries.organised_fair_for(request.user, code).stages.get(pk=number)
    actions.delete_stage(stage=stage, actor=request.user)
    messages.success(request, _("The stage is taken away."))
    return redirect("stage_list", code)


def _shell(fair: Fair) -> dict[str, Any]:
    return {"section": "fairs", "tab": "programme", "fair": fair}


def _chosen_day(request: HttpRequest, days: list[date]) -> date:
    """The day asked for, today or the first one."""
    for wanted in (request.GET.get("day", ""), timezone.localdate().isoformat()):
        for day in days:
            if day.isoformat() == wanted:
                return day
    return days[0]


def _first_values(request: HttpRequest, fair: Fair) -> dict[str, Any]:
    """A new session begins at nine on the day that was looked at."""
    day = _chosen_day(request, queries.programme_days(fair, []))
    return {"starts_at": f"{day}T09:00", "ends_at": f"{day}T10:00"}


def _session_page(
    request: HttpRequest,
    form: SessionForm,
    session: Session | None = None,
    *,
    status: int | None = None,
    **facts: Any,
) -> HttpResponse:
    if form.is_search:
        form.errors.clear()  # nothing is saved yet, so nothing is wrong yet
    context = {
        **_shell(form.fair),
        "form": form,
        "session": session,
        "crews": queries.crew_names(),
        **facts,
    }
    status = status or (422 if form.errors else 200)
    return render(request, "fairs/programme_session.html", context, status=status)


def _stale_page(request: HttpRequest, form: SessionForm, stored: Session | None) -> HttpResponse:
    """Both versions side by side; what was answered stands in the form and may be saved over."""
    if stored is None:
        return _session_page(request, form, status=409, is_gone=True)
    merged = SessionForm(merged_data(form.data, stored), fair=form.fair)
    facts = {
        "is_stale": True,
        "differences": differences(merged, stored),
        "change": queries.last_change_of(stored),
    }
    return _session_page(request, merged, stored, status=409, **facts)


def _stage_page(
    request: HttpRequest, fair: Fair, form: StageForm, stage: Stage | None = None
) -> HttpResponse:
    context = {
        **_shell(fair),
        "form": form,
        "stage": stage,
        "stages": queries.stages_of(fair),
        "is_over": fair.state in OVER,
    }
    status = 422 if form.errors else 200
    return render(request, "fairs/programme_stages.html", context, status=status)


def _address(fair: Fair, day: date) -> str:
    return f"{reverse('programme', args=[fair.code])}?day={day}"


def _to_session(session: Session, part: str) -> HttpResponseRedirect:
    day = timezone.localtime(session.starts_at).date()
    return HttpResponseRedirect(f"{_address(session.fair, day)}#{part}-{session.pk}")
