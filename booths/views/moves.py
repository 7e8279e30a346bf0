"""Doormen of a proposal that is changed by hand, and of asking for another one."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.rules import SignedIn
from booths import queries, rendering
from booths.actions.moves import move_stand, take_back_move
from booths.allocation import read_instance
from booths.allocation.fitting import Refusal
from booths.allocation.moves import Board, Codes, Effect
from booths.forms.moves import MoveForm, StartForm
from booths.models import AllocationRun, Application
from booths.queries.compare import kept_by, stale_inputs_of
from booths.queries.pins import broken_pins_of
from booths.rendering.compare import show_inputs, show_rest
from booths.rendering.moves import (
    broken_pin_in_words,
    refusal_in_words,
    show_effect,
    show_moves,
    stand_of,
)
from booths.states import RunState
from core.errors import DomainError, NotAllowed, StaleState
from fairs.models import Fair
from fairs.queries import organised_fair_for

Weighed = tuple[Codes, Effect] | Refusal


def quota_names(fair: Fair) -> dict[str, str]:
    """The shown names of the fair's quotas by their names in an instance."""
    return {f"{each.trait}={each.value}": each.shown_name for each in queries.quotas_of(fair)}


def again_context(fair: Fair, runs: list[AllocationRun]) -> dict[str, Any]:
    """What an organiser needs to ask for a run: what is kept, and which pins cannot be."""
    broken = broken_pins_of(fair)
    quotas = quota_names(fair) if broken else {}
    return {
        "start_form": StartForm(runs=[run for run in runs if run.answer]),
        "broken_pins": [
            (each.application, broken_pin_in_words(each, quotas=quotas)) for each in broken
        ],
    }


def by_hand_context(
    fair: Fair, run: AllocationRun, applications: Mapping[str, Application]
) -> dict[str, Any]:
    """What became of a run's inputs, of the earlier plan it kept, and what was moved by hand."""
    names = {code: str(each.organisation) for code, each in applications.items()}
    stale = stale_inputs_of(run, fair) if run.state == RunState.PROPOSED else None
    return {
        "stale": show_inputs(stale, applications) if stale else [],
        "stale_rest": show_rest(stale) if stale else [],
        "is_stale": bool(stale),
        "kept": kept_by(run),
        "moves": show_moves(run.moves, names=names),
    }


@login_required
def allocation_move(request: SignedIn, code: str, number: int) -> HttpResponse:
    """Where one stand of the proposal could go and what that would change; then the move."""
    fair = organised_fair_for(request.user, code)
    run = queries.run_of(fair, number)
    if run.state != RunState.PROPOSED:
        return _to_newest(request, fair, run)
    form = MoveForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = move_stand(
                run=run,
                application=form.cleaned_data["application"],
                booths=form.booths,
                reason=form.cleaned_data["reason"],
                actor=request.user,
            )
        except NotAllowed:
            raise
        except StaleState:
            return _to_newest(request, fair, run)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            said = _("Moved. This is run %(number)d; run %(before)d is kept as it was.")
            messages.success(request, said % {"number": made.number, "before": run.number})
            return redirect("allocation_run", code, made.number)
    return _move_page(request, fair, run, form)


def _to_newest(request: HttpRequest, fair: Fair, run: AllocationRun) -> HttpResponseRedirect:
    """The second of two who move: the same move, shown on what the first has made of the plan."""
    asked = request.POST if request.method == "POST" else request.GET
    newest = fair.runs.filter(state=RunState.PROPOSED).first()
    if newest is None:
        messages.warning(request, _("There is no proposal any more. Nothing was moved."))
        return redirect("allocation_run", fair.code, run.number)
    told = _(
        "Run %(newest)d has taken the place of run %(number)d in the meantime. Nothing of yours "
        "is moved yet: this is what it would change now."
    )
    messages.warning(request, told % {"newest": newest.number, "number": run.number})
    kept = {name: asked[name] for name in ("application", "to", "reason") if asked.get(name)}
    if "to" in asked and not asked["to"]:
        kept["out"] = "1"
    address = reverse("allocation_move", args=[fair.code, newest.number])
    return HttpResponseRedirect(f"{address}?{urlencode(kept)}")


def _move_page(
    request: HttpRequest, fair: Fair, run: AllocationRun, form: MoveForm
) -> HttpResponse:
    assert run.answer is not None  # constraint run_proposal_has_answer
    board = Board(read_instance(run.instance), run.answer["assignments"])
    rows = {each.code: each for each in queries.applications_in(fair) if each.code in board.known}
    words = {
        "names": {code: str(each.organisation) for code, each in rows.items()},
        "quotas": quota_names(fair),
    }
    asked = request.POST if form.is_bound else request.GET
    moved = rows.get(asked.get("application", ""))
    context: dict[str, Any] = {
        "section": "fairs",
        "tab": "allocation",
        "fair": fair,
        "run": run,
        "moved": moved,
        "form": form,
    }
    part = request.headers.get("X-Part", "")
    if moved is None:
        context["rows"] = sorted(rows.values(), key=lambda row: str(row.organisation))
        context["held"] = {code: stand_of(held) for code, held in board.held.items()}
        return render(request, "booths/run_move.html", context)
    weighed = board.weigh_all(moved.code)
    if part == "effects":
        return JsonResponse(_effects(board, moved, weighed, words))
    context |= _choice(asked, board, moved, weighed, words)
    if not form.is_bound:
        context["form"] = MoveForm(initial={**context["chosen"], "reason": asked.get("reason")})
    if part == "booth":
        return render(request, "booths/run_move_effect.html", context)
    context |= _places(board, moved, weighed, words)
    context["drawing"] = _drawing(run, rows, board, moved, context)
    return render(request, "booths/run_move.html", context, status=422 if form.errors else 200)


def _effects(
    board: Board, moved: Application, weighed: dict[str, Weighed], words: dict[str, Any]
) -> dict[str, Any]:
    """For the script that drags: what to say over each booth, and whether it may go there."""
    said = {}
    for booth, found in weighed.items():
        if isinstance(found, Refusal):
            said[booth] = {"ok": False, "note": refusal_in_words(found, **words)}
        else:
            shown = show_effect(found[1], names=words["names"])
            said[booth] = {"ok": True, "note": f"{shown.stand}: {shown.note}"}
    return {
        "name": str(moved.organisation),
        "stand": stand_of(board.held.get(moved.code, ())),
        "booths": said,
    }


def _choice(
    asked: Mapping[str, Any],
    board: Board,
    moved: Application,
    weighed: dict[str, Weighed],
    words: dict[str, Any],
) -> dict[str, Any]:
    """The place that was chosen: booths by name, the best with one booth, or none at all."""
    found: Effect | Refusal | None = None
    target: tuple[str, ...] = ()
    if asked.get("to"):
        target = tuple(asked["to"].split())
        found = board.weigh(moved.code, target)
    elif asked.get("booth") in weighed:
        best = weighed[asked["booth"]]
        target, found = ((asked["booth"],), best) if isinstance(best, Refusal) else best
    elif asked.get("out") or "to" in asked:
        found = board.weigh(moved.code, None)
    effect = show_effect(found, names=words["names"]) if isinstance(found, Effect) else None
    return {
        "stand": stand_of(board.held.get(moved.code, ())),
        "target": stand_of(target),
        "target_codes": target,
        "effect": effect,
        "refusal": refusal_in_words(found, **words) if isinstance(found, Refusal) else "",
        "chosen": {"application": moved.code, "to": " ".join(effect.codes) if effect else ""},
    }


def _places(
    board: Board, moved: Application, weighed: dict[str, Weighed], words: dict[str, Any]
) -> dict[str, Any]:
    """All places that fit, best first, and all booths that do not, by reason."""
    places = {found[0]: found[1] for found in weighed.values() if not isinstance(found, Refusal)}
    shown = [show_effect(effect, names=words["names"]) for effect in places.values()]
    closed: dict[str, list[str]] = {}
    for booth, found in weighed.items():
        if isinstance(found, Refusal) and found.code != "here":
            closed.setdefault(refusal_in_words(found, **words), []).append(booth)
    is_placed = isinstance(board.weigh(moved.code, None), Effect)
    return {
        "places": sorted(shown, key=lambda each: -each.points),
        "closed": [(", ".join(booths), sentence) for sentence, booths in closed.items()],
        "can_take_out": is_placed,
    }


def _drawing(
    run: AllocationRun,
    rows: Mapping[str, Application],
    board: Board,
    moved: Application,
    context: Mapping[str, Any],
) -> Any:
    holders = {booth: rows[code] for code, booths in board.held.items() for booth in booths}
    open_booths = {code for place in context["places"] for code in place.codes}
    own = board.held.get(moved.code, ())
    plan = queries.plan_of_run(run)
    marks = {
        booth.code: "can" if booth.code in open_booths else "cannot"
        for booth in plan.booths.all()
        if booth.code not in own
    }
    chosen = context["target_codes"] or own
    return rendering.draw_plan(plan, holders=holders, chosen=chosen, marks=marks)


@login_required
@require_POST
def allocation_move_back(request: SignedIn, code: str, number: int) -> HttpResponse:
    """Take the last move back: the plan before it is proposed again."""
    fair = organised_fair_for(request.user, code)
    made = take_back_move(run=queries.run_of(fair, number), actor=request.user)
    messages.success(request, _("Taken back. This is run %(number)d.") % {"number": made.number})
    return redirect("allocation_run", code, made.number)
