"""Doormen of the legal bases: what each asks for, and all that is due."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.forms import BooleanField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.rules import SignedIn
from core.errors import DomainError, StaleState
from fairs import queries
from fairs.actions import legal as actions
from fairs.forms.legal import ItemForm, RuleForm, values_of
from fairs.models import ChecklistItem, LegalRule
from fairs.queries.legal import item_of, retired_item_of, rule_for, rules_for
from fairs.rules import can_plan
from fairs.states import OVER

PAGE = 50


@login_required
def deadlines(request: SignedIn) -> HttpResponse:
    """All that is due for the fairs the reader may see, overdue first."""
    today = timezone.localdate()
    fairs = queries.fairs_of(request.user).exclude(state__in=OVER).filter(last_day__gte=today)
    page = Paginator(queries.deadlines_of(list(fairs), today), PAGE).get_page(
        request.GET.get("page")
    )
    return render(request, "fairs/deadline_list.html", {"section": "plan", "page": page})


@login_required
def legal_rules(request: SignedIn) -> HttpResponse:
    """What each basis asks for."""
    context = {"rules": rules_for(request.user), "can_change": can_plan(request.user)}
    return render(request, "fairs/legal_rules.html", {"section": "plan", **context})


@login_required
def legal_rule(request: SignedIn, basis: str) -> HttpResponse:
    """Change a rule: its source, whether it needs a decision, when fairs are registered."""
    rule = rule_for(request.user, basis)
    actions.require_keeper(request.user)
    if request.method != "POST":
        initial = {**values_of(rule, RuleForm), "version": rule.version}
        return _show(request, RuleForm(initial=initial), rule)
    form = RuleForm(request.POST)
    if not form.is_valid():
        return _show(request, form, rule, status=422)
    return _save(
        request,
        form,
        rule,
        rule,
        lambda: actions.change_rule(
            rule=rule, version=form.seen, content=form.content(), actor=request.user
        ),
    )


@login_required
def legal_item_add(request: SignedIn, basis: str) -> HttpResponse:
    """Put a line on a checklist."""
    rule = rule_for(request.user, basis)
    actions.require_keeper(request.user)
    if request.method != "POST":
        return _show(request, ItemForm(initial={"needs_document": True}), rule, is_item=True)
    form = ItemForm(request.POST)
    if not form.is_valid():
        return _show(request, form, rule, status=422, is_item=True)
    return _save(
        request,
        form,
        rule,
        None,
        lambda: actions.add_item(rule=rule, content=form.content(), actor=request.user),
    )


@login_required
def legal_item(request: SignedIn, basis: str, number: int) -> HttpResponse:
    """Change a line of a checklist."""
    rule = rule_for(request.user, basis)
    actions.require_keeper(request.user)
    item = item_of(rule, number)
    if request.method != "POST":
        initial = {**values_of(item, ItemForm), "version": rule.version}
        return _show(request, ItemForm(initial=initial), rule, item=item, is_item=True)
    form = ItemForm(request.POST)
    if not form.is_valid():
        return _show(request, form, rule, status=422, item=item, is_item=True)
    return _save(
        request,
        form,
        rule,
        item,
        lambda: actions.change_item(
            item=item, version=form.seen, content=form.content(), actor=request.user
        ),
    )


@login_required
@require_POST
def legal_item_move(request: SignedIn, basis: str, number: int) -> HttpResponse:
    """One place up or down."""
    item = item_of(rule_for(request.user, basis), number)
    step = -1 if request.POST.get("to") == "up" else 1
    actions.reorder_item(item=item, step=step, actor=request.user)
    return redirect("legal_rules")


@login_required
@require_POST
def legal_item_retire(request: SignedIn, basis: str, number: int) -> HttpResponse:
    """Ask for it no longer."""
    item = item_of(rule_for(request.user, basis), number)
    actions.retire_item(item=item, actor=request.user)
    messages.success(request, _("Recorded."))
    return redirect("legal_rules")


@login_required
@require_POST
def legal_item_restore(request: SignedIn, basis: str, number: int) -> HttpResponse:
    """Ask for it again."""
    item = retired_item_of(rule_for(request.user, basis), number)
    actions.restore_item(item=item, actor=request.user)
    messages.success(request, _("“%(title)s” is asked for again.") % {"title": item})
    return redirect("legal_rules")


def _save(
    request: SignedIn,
    form: RuleForm | ItemForm,
    rule: LegalRule,
    row: LegalRule | ChecklistItem | None,
    write: Callable[[], object],
) -> HttpResponse:
    """Write it; the second of two who save sees what the first one wrote, and keeps their own."""
    is_item = isinstance(form, ItemForm)
    item = row if isinstance(row, ChecklistItem) else None
    try:
        write()
    except StaleState:
        assert row
        row.refresh_from_db()
        rule.refresh_from_db()
        both = _differences(form, row)
        data = request.POST.copy()
        data["version"] = str(rule.version)
        form = type(form)(data)
        return _show(request, form, rule, status=409, item=item, is_item=is_item, both=both)
    except DomainError as error:
        form.add_error(None, str(error))
        return _show(request, form, rule, status=409, item=item, is_item=is_item)
    messages.success(request, _("Saved."))
    return redirect("legal_rules")


def _differences(
    form: RuleForm | ItemForm, row: LegalRule | ChecklistItem
) -> list[tuple[str, str, str]]:
    """Where what was typed is not what is stored: the field, the one, the other."""
    stored = values_of(row, type(form))
    return [
        (
            str(form.fields[name].label),
            _shown(form, name, mine),
            _shown(form, name, stored[name]),
        )
        for name, mine in form.cleaned_data.items()
        if name in stored and mine != stored[name]
    ]


def _shown(form: RuleForm | ItemForm, name: str, value: Any) -> str:
    if isinstance(form.fields[name], BooleanField):
        return _("Yes") if value else _("No")
    return "–" if value in (None, "") else str(value)


def _show(
    request: HttpRequest,
    form: RuleForm | ItemForm,
    rule: LegalRule,
    *,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    return render(
        request,
        "fairs/legal_form.html",
        {"section": "plan", "form": form, "rule": rule, **context},
        status=status,
    )
