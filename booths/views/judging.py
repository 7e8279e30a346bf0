"""Doormen of what applications are judged by: criteria, the formula, and both for everybody."""

from hashlib import sha256
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.rules import SignedIn
from booths.actions import judging as actions
from booths.allocation import encode_canonical
from booths.forms.review import CriteriaForm, FormulaForm
from booths.models import Criterion
from booths.priority import Formula
from booths.queries import latest_run
from booths.queries.facts import judged_in, priorities_of, rules_of
from booths.queries.review import criteria_of, has_scores
from booths.rendering.review import formula_in_words
from booths.rendering.words import sum_in_words
from booths.rules import BEFORE_BOOTHS
from core.errors import DomainError, StaleState
from core.text import vietnamese_key
from fairs.models import Fair
from fairs.queries import fair_for, organised_fair_for, public_fairs
from fairs.rules import can_organise
from registry.models import Place

# How many rows for criteria are in sight before more are asked for.
ROWS = 3


@login_required
def review_criteria(request: SignedIn, code: str) -> HttpResponse:
    """What reviewers give points for; organisers change it until the first points."""
    fair = _fair(request, code)
    _formula, version = rules_of(fair)
    if request.method != "POST":
        form = CriteriaForm(initial=[_initial(each) for each in criteria_of(fair)])
        return _criteria_page(request, fair, form, version)
    form = CriteriaForm(request.POST)
    seen = _seen(request)
    if not form.is_valid():
        return _criteria_page(request, fair, form, seen, status=422)
    try:
        actions.set_criteria(fair=fair, seen=seen, criteria=form.contents, actor=request.user)
    except StaleState as error:
        return _criteria_page(request, fair, form, version, status=409, refused=str(error))
    except DomainError as error:
        return _criteria_page(request, fair, form, seen, status=409, refused=str(error))
    messages.success(request, _("The criteria are saved and public."))
    return redirect("review_criteria", code)


def _fair(request: SignedIn, code: str) -> Fair:
    """The fair, for those who may look at it or, of what they send, change it."""
    find = organised_fair_for if request.method == "POST" else fair_for
    return find(request.user, code)


def _initial(criterion: Criterion) -> dict[str, Any]:
    return {name: getattr(criterion, name) for name in ("name", "name_en", "weight")}


def _seen(request: HttpRequest) -> int:
    said = request.POST.get("version", "")
    return int(said) if said.isdecimal() and len(said) < 10 else -1


def _criteria_page(
    request: SignedIn,
    fair: Fair,
    form: Any,
    version: int,
    *,
    status: int = 200,
    refused: str = "",
) -> HttpResponse:
    is_scored = has_scores(fair)
    is_open = fair.state in BEFORE_BOOTHS
    context = {
        **_shell(fair),
        "form": form,
        "shown": max(sum(bool(row["name"].value()) for row in form) + 1, ROWS),
        "version": version,
        "criteria": criteria_of(fair),
        "refused": refused,
        "locked": actions.CRITERIA_SCORED if is_scored else "",
        "is_open": is_open,
        "can_change": can_organise(request.user, fair) and is_open and not is_scored,
    }
    return render(request, "booths/review_criteria.html", context, status=status)


@login_required
def priority_formula(request: SignedIn, code: str) -> HttpResponse:
    """What priorities are made of; a change is shown before it is saved (`step` is `save`)."""
    fair = _fair(request, code)
    formula, version = rules_of(fair)
    if request.method != "POST":
        return _formula_page(request, fair, FormulaForm(formula=formula), version, formula)
    form = FormulaForm(request.POST, formula=formula)
    seen = _seen(request)
    if not form.is_valid():
        return _formula_page(request, fair, form, seen, formula, status=422)
    was_read = request.POST.get("seal") == _seal(form.formula)
    if request.POST.get("step") != "save" or not was_read:
        return _formula_page(request, fair, form, seen, formula, preview=form.formula)
    try:
        changes = actions.set_formula(
            fair=fair, seen=seen, formula=form.formula, actor=request.user
        )
    except DomainError as error:
        form.add_error(None, str(error))
        seen = version if isinstance(error, StaleState) else seen
        return _formula_page(request, fair, form, seen, formula, status=409)
    said = ngettext(
        "The formula is saved; %(count)d priority has changed.",
        "The formula is saved; %(count)d priorities have changed.",
        len(changes),
    )
    messages.success(request, said % {"count": len(changes)})
    return redirect("priority_formula", code)


def _seal(formula: Formula) -> str:
    return sha256(encode_canonical(formula.plain())).hexdigest()


def _formula_page(
    request: SignedIn,
    fair: Fair,
    form: FormulaForm,
    version: int,
    stored: Formula,
    *,
    preview: Formula | None = None,
    status: int = 200,
) -> HttpResponse:
    is_open = fair.state in BEFORE_BOOTHS
    context = {
        **_shell(fair),
        "form": form,
        "version": version,
        "worth": formula_in_words(stored, _names(stored)),
        "is_open": is_open,
        "has_runs": latest_run(fair) is not None,
        "can_change": can_organise(request.user, fair) and is_open,
    }
    if preview:
        found = priorities_of(fair, list(judged_in(fair)), preview, today=timezone.localdate())
        changed = [each for each in found if each.is_changed]
        context |= {
            "is_preview": True,
            "seal": _seal(preview),
            "total": len(found),
            "changed": [
                (each, sum_in_words(each.application, each.points, each.parts))
                for each in sorted(changed, key=lambda each: (-each.points, each.application.code))
            ],
        }
    return render(request, "booths/priority_formula.html", context, status=status)


def _names(formula: Formula) -> list[str]:
    places = Place.objects.filter(code__in=formula.places) if formula.places else ()
    return sorted((place.name for place in places), key=vietnamese_key)


@require_safe
def public_criteria(request: HttpRequest, code: str) -> HttpResponse:
    """How the fair's applications are judged, for everybody."""
    fair = public_fairs().get(code=code)
    formula, _version = rules_of(fair)
    context = {
        "section": "fairs",
        "fair": fair,
        "criteria": criteria_of(fair),
        "worth": formula_in_words(formula, _names(formula)),
    }
    return render(request, "booths/public_criteria.html", context)


def _shell(fair: Fair) -> dict[str, Any]:
    return {"section": "fairs", "tab": "applications", "fair": fair}
