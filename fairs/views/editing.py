"""Doormen of a fair's form: adding, copying, editing, and two who save at once."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.rules import SignedIn
from core.errors import DomainError, StaleState
from core.vietnam import shown_date
from fairs import queries
from fairs.actions.editing import create_fair, edit_fair, require_planner
from fairs.actions.plans import WEEK, copied_values
from fairs.forms.clashes import Difference
from fairs.forms.editing import FairForm, initial_of, initial_of_kind, label_of
from fairs.forms.venues import PREFILLED, asked_place
from fairs.models import Fair, FairKind, Plan
from fairs.queries.editing import EDITED, Facts, bookings_of, choices_for_editing, facts_of
from fairs.queries.moved import along_with
from registry.models import Region


@login_required
def fair_new(request: SignedIn, year: int) -> HttpResponse:
    """Add a fair to the plan: first its kind, then the form; `from` names a fair to copy."""
    plan = queries.plan_for(request.user, year)
    require_planner(request.user)
    source = _source(request)
    if request.method == "POST":
        return _add(request, plan, source)
    kind = request.GET.get("kind", "")
    if source:
        values = copied_values(source, moved_by=WEEK)
        initial = {**initial_of(values), "register_code": "", "code": ""}
    elif kind in FairKind:
        initial = {**initial_of_kind(kind, plan), **asked_place(request.GET)}
    else:
        return render(
            request,
            "fairs/fair_form_kind.html",
            {
                "section": "plan",
                "plan": plan,
                "kinds": FairKind,
                "asked": {name: request.GET[name] for name in PREFILLED if name in request.GET},
            },
        )
    form = FairForm(choices=choices_for_editing(), initial=initial)
    return _show(request, form, plan=plan, source=source)


def _source(request: SignedIn) -> Fair | None:
    code = request.GET.get("from")
    return queries.fair_for(request.user, code) if code else None


def _add(request: SignedIn, plan: Plan, source: Fair | None) -> HttpResponse:
    form = FairForm(request.POST, choices=choices_for_editing())
    if not form.is_valid():
        return _show(request, form, plan=plan, source=source, status=422)
    try:
        fair = create_fair(
            code=form.new_code, values=form.values, actor=request.user, copied_from=source
        )
    except DomainError as error:
        form.add_error(None, str(error))
        return _show(request, form, plan=plan, source=source, status=409)
    messages.success(request, _("The fair stands in the plan as a draft."))
    _tell_left_out(request, form)
    _warn(request, fair)
    return redirect(fair.desk_url)


@login_required
def fair_edit(request: SignedIn, code: str) -> HttpResponse:
    """Change what is said about a fair."""
    fair = queries.organised_fair_for(request.user, code)
    choices = choices_for_editing()
    fair = choices.fairs[fair.code]
    if request.method != "POST":
        initial = {**initial_of(fair), "version": fair.version, "seen": facts_of(fair)}
        return _show(request, FairForm(choices=choices, fair=fair, initial=initial), fair=fair)
    form = FairForm(request.POST, choices=choices, fair=fair)
    if not form.is_valid():
        return _show(request, form, fair=fair, status=422)
    along = along_with(fair, form.values["first_day"], timezone.now())
    try:
        edit_fair(
            fair=fair,
            version=form.cleaned_data["version"] or 0,
            values=form.values,
            actor=request.user,
        )
    except StaleState:
        return _show_both(request, form)
    except DomainError as error:
        form.add_error(None, str(error))
        return _show(request, form, fair=fair, status=409)
    messages.success(request, " ".join([_("Saved."), *along.sentences]))
    _tell_left_out(request, form)
    _warn(request, fair)
    return redirect(fair.desk_url)


def _show_both(request: SignedIn, typed: FairForm) -> HttpResponse:
    """The second of two who saved: both changes in one form, and where they differ.

    What only the other changed is taken over; of what both changed, the form keeps one's own.
    """
    choices = choices_for_editing()
    assert typed.fair
    fair = choices.fairs[typed.fair.code]
    seen, mine, theirs = _seen(typed), typed.facts, facts_of(fair)
    stored, kept = initial_of(fair), initial_of(typed.cleaned_data)
    initial: dict[str, Any] = {"version": fair.version, "seen": theirs}
    both: list[Difference] = []
    taken: list[Difference] = []
    for name in EDITED:
        untouched = name in seen and mine[name] == seen[name]
        initial[name] = stored[name] if untouched else kept[name]
        if theirs[name] not in (mine[name], seen.get(name)):
            difference = Difference(
                label=label_of(name),
                theirs=_shown(name, theirs[name], stored),
                mine=_shown(name, mine[name], kept),
            )
            (taken if untouched else both).append(difference)
    form = FairForm(choices=choices, fair=fair, initial=initial)
    return _show(request, form, fair=fair, status=409, differences=both, taken=taken)


def _seen(form: FairForm) -> Facts:
    seen = form.cleaned_data["seen"]
    return seen if isinstance(seen, dict) else {}


def _shown(name: str, fact: Any, values: Mapping[str, Any]) -> str:
    """A field's value as people read it."""
    field = Fair._meta.get_field(name)
    value = values[name]
    if name == "regions":
        return ", ".join(str(Region(region).label) for region in value)
    if name == "applications_close_at":
        return f"{timezone.localtime(value):%H:%M %d/%m/%Y}" if value else ""
    if isinstance(value, date):
        return shown_date(value)
    if choices := getattr(field, "choices", None):
        return str(dict(choices).get(fact, fact))
    return str(fact)


def _tell_left_out(request: HttpRequest, form: FairForm) -> None:
    """Say what was not kept because the fair is now of another kind."""
    if form.left_out:
        messages.info(
            request,
            _("A fair of this kind does not have this, so it is left out: %(fields)s.")
            % {"fields": ", ".join(form.left_out)},
        )


def _warn(request: HttpRequest, fair: Fair) -> None:
    """Say who else has the place on these days; a cancelled fair leaves it free."""
    fair.refresh_from_db()
    for other in bookings_of(fair):
        messages.warning(
            request,
            _("“%(fair)s” is at the same place from %(first)s to %(last)s.")
            % {
                "fair": other.short_title,
                "first": shown_date(other.first_day),
                "last": shown_date(other.end),
            },
        )


def _show(
    request: HttpRequest, form: FairForm, *, status: int = 200, **context: Any
) -> HttpResponse:
    section = "fairs" if "fair" in context else "plan"
    return render(
        request,
        "fairs/fair_form.html",
        {"section": section, "form": form, **context},
        status=status,
    )
