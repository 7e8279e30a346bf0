"""Doormen of the floor plan as a list: all that can be drawn can be filled in as well."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.rules import SignedIn
from booths.actions.floor_plan import InvalidPlan, save_floor_plan
from booths.floor import (
    Correction,
    Plan,
    align_booths,
    copy_booths,
    edit_booths,
    final_pairs,
    make_row,
    move_booths,
    new_codes,
    recode_booths,
    remove_booths,
    rotate_booths,
    write_plan,
)
from booths.floor.geometry import in_order
from booths.forms.floor_plan import (
    AlignForm,
    BareForm,
    BoothForm,
    FeatureForm,
    HallForm,
    MoveForm,
    PairForm,
    RenumberForm,
    RowForm,
    SetForm,
    ZoneForm,
)
from booths.queries.floor_plan import current_floor, groups_by_code, holders_of
from booths.rendering.floor_rows import booth_lines, correction_lines, feature_lines
from booths.rendering.floor_words import problem_in_words
from booths.views.floor_editor import changes_since, saved_text, shell
from core.errors import DomainError, NotAllowed, StaleState
from core.text import clean
from fairs.models import Fair
from fairs.queries import organised_fair_for
from fairs.states import OVER

DEEDS: dict[str, type[Any]] = {
    "set": SetForm,
    "move": MoveForm,
    "copy": MoveForm,
    "align": AlignForm,
    "rotate": BareForm,
    "renumber": RenumberForm,
    "remove": BareForm,
    "pair": PairForm,
}


def save_or_tell(
    request: SignedIn, fair: Fair, form: Any, make: Callable[[Plan], Plan]
) -> dict[str, Any] | None:
    """Save what `make` makes of the current plan; else what the page has to say about it.

    A form filled in on an older version is not saved: the changes of others are told, and the
    form, with all that was typed, then stands on the newest version.
    """
    version, floor = current_floor(fair)
    base = form.cleaned_data["base"]
    if base != version:
        return _stale(fair, form, base)
    try:
        plan = save_floor_plan(
            fair=fair, base=base, document=write_plan(make(floor)), actor=request.user
        )
    except StaleState:
        return _stale(fair, form, base)
    except InvalidPlan as error:
        for problem in error.problems:
            form.add_error(None, problem_in_words(problem))
    except NotAllowed:
        raise
    except DomainError as error:
        form.add_error(None, str(error))
    else:
        messages.success(request, saved_text(plan.version))
        return None
    return {}


def _stale(fair: Fair, form: Any, base: int) -> dict[str, Any]:
    form.data = form.data.copy()
    form.data[form.add_prefix("base")] = current_floor(fair)[0]
    return {"is_stale": True, "changes": changes_since(fair, base)}


@login_required
def floor_plan_list(request: SignedIn, code: str) -> HttpResponse:
    """All booths in a table; what is ticked can be changed, moved, numbered or taken away."""
    fair = organised_fair_for(request.user, code)
    floor = current_floor(fair)[1]
    chosen = [clean(each) for each in request.POST.getlist("booth")]
    deed, _dash, confirmed = request.POST.get("do", "").partition("-")
    found: dict[str, Any] = {}
    bound = None
    if request.method == "POST":
        if deed not in DEEDS:
            raise DomainError("floor_plan.deed", _("It is not known what to do with the booths."))
        bound = DEEDS[deed](request.POST, floor=floor, prefix=deed)
        done = _do(request, fair, deed, bound, chosen, is_confirmed=bool(confirmed))
        if done is None:
            return redirect("floor_plan_list", code)
        found = done
    return _list_page(request, fair, deed, bound, chosen, found)


def _do(
    request: SignedIn, fair: Fair, deed: str, form: Any, chosen: list[str], *, is_confirmed: bool
) -> dict[str, Any] | None:
    if not form.is_valid():
        return {}
    if deed != "pair" and not chosen:
        form.add_error(None, _("Tick the booths first."))
        return {}
    if deed == "renumber" and not is_confirmed:
        _version, floor = current_floor(fair)
        booths = [booth for booth in floor.booths if booth.code in chosen]
        return {"preview": list(new_codes(booths, form.numbering()).items())}
    return save_or_tell(request, fair, form, lambda floor: _changed(floor, deed, form, chosen))


def _changed(floor: Plan, deed: str, form: Any, chosen: list[str]) -> Plan:
    if deed == "set":
        return edit_booths(floor, chosen, form.values())
    if deed == "move":
        return move_booths(floor, chosen, *form.way())
    if deed == "copy":
        return copy_booths(floor, chosen, *form.way())
    if deed == "align":
        return align_booths(floor, chosen, form.cleaned_data["edge"])
    if deed == "rotate":
        return rotate_booths(floor, chosen)
    if deed == "renumber":
        booths = [booth for booth in floor.booths if booth.code in chosen]
        return recode_booths(floor, new_codes(booths, form.numbering()))
    if deed == "pair":
        return _corrected(floor, **{name: form.cleaned_data[name] for name in PAIR})
    return remove_booths(floor, chosen)


PAIR = ("first", "second", "kind")


def _corrected(floor: Plan, first: str, second: str, kind: str) -> Plan:
    pair = in_order(first, second)
    kept = tuple(each for each in floor.corrections if (each.first, each.second) != pair)
    added = () if kind == "derived" else (Correction(*pair, kind),)
    return replace(floor, corrections=kept + added)


def _list_page(
    request: SignedIn,
    fair: Fair,
    deed: str,
    bound: Any,
    chosen: list[str],
    found: dict[str, Any],
) -> HttpResponse:
    version, floor = current_floor(fair)
    initial = {"base": version}
    pairs = final_pairs(floor)
    panels = {
        name: bound if name == deed else form(floor=floor, initial=initial, prefix=name)
        for name, form in DEEDS.items()
    }
    context = {
        **shell(fair),
        "version": version,
        "floor": floor,
        "rows": booth_lines(floor, groups_by_code(), holders_of(fair)),
        "features": feature_lines(floor),
        "corrections": correction_lines(floor),
        "chosen": set(chosen),
        "panels": panels,
        "deed": deed,
        "form": bound,
        "joins": sum(pairs.values()),
        "neighbours": len(pairs),
        "is_over": fair.state in OVER,
        **found,
    }
    status = 409 if found.get("is_stale") else 422 if bound is not None and bound.errors else 200
    return render(request, "booths/floor_plan_list.html", context, status=status)


@login_required
def floor_plan_row(request: SignedIn, code: str) -> HttpResponse:
    """Add a row of booths, or several."""
    fair = organised_fair_for(request.user, code)
    version, floor = current_floor(fair)
    if not floor.zones:
        messages.info(request, _("Add a zone first: every booth lies in one."))
        return redirect("floor_plan_part", code, "zone", "new")
    initial = {"base": version, "letters": floor.zones[-1].code, "zone": floor.zones[-1].code}
    if request.method != "POST":
        return _form_page(request, fair, RowForm(floor=floor, initial=initial), ROW_TITLE)
    form = RowForm(request.POST, floor=floor)
    found: dict[str, Any] | None = {}
    if form.is_valid():
        row = make_row(form.spec())
        found = save_or_tell(
            request, fair, form, lambda floor: replace(floor, booths=(*floor.booths, *row))
        )
    if found is None:
        return redirect("floor_plan_list", code)
    return _form_page(request, fair, form, ROW_TITLE, found)


ROW_TITLE = gettext_lazy("Add a row of booths")


@dataclass(frozen=True)
class Part:
    """A kind of thing on the plan: its form, and where the plan keeps it."""

    form: type[Any]
    title: Any
    name: str = ""
    is_counted: bool = False

    def key_of(self, thing: Any, place: int) -> str:
        return str(place) if self.is_counted else thing.code

    def made(self, form: Any) -> Any:
        return getattr(form, self.form.__name__.removesuffix("Form").lower())()


PARTS = {
    "booth": Part(BoothForm, gettext_lazy("Booth"), "booths"),
    "zone": Part(ZoneForm, gettext_lazy("Zone"), "zones"),
    "feature": Part(FeatureForm, gettext_lazy("In the hall"), "features", is_counted=True),
    "hall": Part(HallForm, gettext_lazy("The hall")),
}


@login_required
def floor_plan_part(request: SignedIn, code: str, kind: str, key: str) -> HttpResponse:
    """One booth, zone or other thing, a `new` one, or the hall itself (`hall/size`)."""
    fair = organised_fair_for(request.user, code)
    version, floor = current_floor(fair)
    part = PARTS.get(kind)
    if part is None:
        raise Http404
    is_new = key == "new" and bool(part.name)
    thing = None if is_new else _thing(floor, part, key)
    if kind == "booth" and is_new and not floor.zones:
        messages.info(request, _("Add a zone first: every booth lies in one."))
        return redirect("floor_plan_part", code, "zone", "new")
    if request.method != "POST":
        initial = part.form.initial_of(thing) if thing else {}
        form = part.form(floor=floor, initial={**initial, "base": version})
        return _form_page(request, fair, form, part.title, thing=thing, can_remove=bool(part.name))
    if "remove" in request.POST and part.name and not is_new:
        return _remove(request, fair, part, key)
    form = part.form(request.POST, floor=floor)
    found: dict[str, Any] | None = {}
    if form.is_valid():
        found = save_or_tell(request, fair, form, _rewriter(part, key, form))
    if found is None:
        return redirect("floor_plan_list", code)
    return _form_page(
        request, fair, form, part.title, found, thing=thing, can_remove=bool(part.name)
    )


def _remove(request: SignedIn, fair: Fair, part: Part, key: str) -> HttpResponse:
    """Take one thing away; what keeps it there is said above the list."""
    form = BareForm(request.POST, floor=Plan(1, 1))
    if form.is_valid():
        found = save_or_tell(request, fair, form, lambda floor: _without(floor, part, key))
        if found:
            messages.error(request, _("Somebody else has saved the floor plan in the meantime."))
    for error in form.non_field_errors():
        messages.error(request, str(error))
    return redirect("floor_plan_list", fair.code)


def _without(floor: Plan, part: Part, key: str) -> Plan:
    if part.name == "booths":
        return remove_booths(floor, [key])
    things = getattr(floor, part.name)
    left = (thing for place, thing in enumerate(things) if part.key_of(thing, place) != key)
    return _with(floor, part, tuple(left))


def _thing(floor: Plan, part: Part, key: str) -> Any:
    if not part.name:
        return floor
    for place, thing in enumerate(getattr(floor, part.name)):
        if part.key_of(thing, place) == key:
            return thing
    raise Http404


def _with(floor: Plan, part: Part, things: tuple[Any, ...]) -> Plan:
    changed: dict[str, Any] = {part.name: things}
    return replace(floor, **changed)


def _rewriter(part: Part, key: str, form: Any) -> Callable[[Plan], Plan]:
    """How the form changes the plan: a thing is rewritten, added or taken away."""

    def rewrite(floor: Plan) -> Plan:
        if not part.name:
            return replace(floor, **form.values())
        things = getattr(floor, part.name)
        if key == "new":
            return _with(floor, part, (*things, part.made(form)))
        new = part.made(form)
        rewritten = tuple(
            new if part.key_of(thing, place) == key else thing for place, thing in enumerate(things)
        )
        floor = _with(floor, part, rewritten)
        if part.name == "zones" and new.code != key:
            booths = (replace(b, zone=new.code) if b.zone == key else b for b in floor.booths)
            return replace(floor, booths=tuple(booths))
        if part.name == "booths" and new.code != key:
            renamed = replace(floor, booths=things)
            renamed = recode_booths(renamed, {key: new.code})
            return replace(renamed, booths=rewritten)
        return floor

    return rewrite


def _form_page(
    request: SignedIn,
    fair: Fair,
    form: forms.Form,
    title: Any,
    found: dict[str, Any] | None = None,
    **facts: Any,
) -> HttpResponse:
    found = found or {}
    status = 409 if found.get("is_stale") else 422 if form.is_bound and form.errors else 200
    context = {
        **shell(fair),
        "form": form,
        "title": title,
        "is_over": fair.state in OVER,
        **found,
        **facts,
    }
    return render(request, "booths/floor_plan_form.html", context, status=status)
