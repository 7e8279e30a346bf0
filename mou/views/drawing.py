"""Doormen of drawing up: new drafts, copies, changes, and going back to a draft."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.rules import SignedIn
from core.errors import DomainError, NotAllowed, StaleState
from fairs.models import Fair
from fairs.queries import organised_fair_for
from mou import actions, queries
from mou.forms import Draft, PartiesForm, ReasonForm, first_values, first_values_of
from mou.models import Memorandum, SignerRole
from mou.queries.drafts import past_between, products_for_drawing
from mou.states import SIGNABLE, MemorandumState
from registry.models import Organisation

PLACE = "Hà Nội"


@login_required
def memorandum_create(request: SignedIn, code: str) -> HttpResponse:
    """Draw up a memorandum: first the parties, then all of it; `from` names one to copy."""
    fair = organised_fair_for(request.user, code)
    source = _source(request)
    context = {"section": "fairs", "tab": "memoranda", "fair": fair, "source": source}
    if source:
        producer, distributor = _organisations(source)
        first = first_values_of(source, is_copy=True)
    else:
        chosen = bool(request.GET.get("producer") or request.GET.get("distributor"))
        parties = PartiesForm(request.GET if chosen else None)
        if not parties.is_valid():
            return render(request, "mou/memorandum_parties.html", {**context, "form": parties})
        producer, distributor = (parties.cleaned_data[n] for n in ("producer", "distributor"))
        first = first_values(
            producer=producer,
            distributor=distributor,
            terms={"witness": fair.organiser[:120], "place": PLACE},
        )
        seen = queries.memoranda_of(request.user)
        context["past"] = past_between(seen, producer, distributor)
    posted = request.POST if request.method == "POST" else None
    products = list(products_for_drawing(producer))
    draft = Draft(posted, products=products, first=first)
    context |= {"draft": draft, "producer": producer, "distributor": distributor}
    if posted is None or draft.is_search or not draft.is_valid():
        return _show(request, context)
    try:
        memorandum = actions.draw_up_memorandum(
            fair=fair,
            producer=producer,
            distributor=distributor,
            actor=request.user,
            copied_from=source,
            **draft.values,
        )
    except NotAllowed:
        raise
    except DomainError as error:
        draft.mistakes.append(str(error))
        return _show(request, context, status=409)
    return _saved(request, draft, memorandum)


def _source(request: SignedIn) -> Memorandum | None:
    code = request.GET.get("from")
    return queries.memorandum_for(request.user, code) if code else None


def _organisations(memorandum: Memorandum) -> tuple[Organisation, Organisation]:
    parties = {
        party.side: party.organisation
        for party in memorandum.parties.select_related("organisation__place")
    }
    return parties[SignerRole.PARTY_A], parties[SignerRole.PARTY_B]


@login_required
def memorandum_edit(request: SignedIn, code: str) -> HttpResponse:
    """Change a draft; whoever saves second sees what the first one changed."""
    memorandum = queries.operated_memorandum_for(request.user, code)
    if memorandum.state != MemorandumState.DRAFT:
        messages.info(request, _("It is frozen: reopen it before you change it."))
        return redirect("memorandum_page", code)
    producer, distributor = _organisations(memorandum)
    posted = request.POST if request.method == "POST" else None
    draft = Draft(
        posted,
        products=list(products_for_drawing(producer)),
        first=first_values_of(memorandum),
        memorandum=memorandum,
    )
    context = {
        "section": "memoranda",
        "fair": memorandum.fair,
        "memorandum": memorandum,
        "draft": draft,
        "producer": producer,
        "distributor": distributor,
    }
    if posted is None or draft.is_search or not draft.is_valid():
        return _show(request, context)
    try:
        memorandum = actions.edit_memorandum(
            memorandum=memorandum,
            revision=draft.terms.cleaned_data["revision"] or 0,
            actor=request.user,
            **draft.values,
        )
    except NotAllowed:
        raise
    except StaleState:
        return _show_both(request, context)
    except DomainError as error:
        draft.mistakes.append(str(error))
        return _show(request, context, status=409)
    return _saved(request, draft, memorandum)


def _show_both(request: SignedIn, context: dict[str, Any]) -> HttpResponse:
    """Both versions: what was typed stands in the form and may be saved over the other."""
    stored = queries.operated_memorandum_for(request.user, context["memorandum"].code)
    draft: Draft = context["draft"]
    differences = draft.differences(stored)
    typed = request.POST.copy()
    typed["revision"] = str(stored.revision)
    draft.terms.data = typed
    context |= {"is_stale": True, "differences": differences, "memorandum": stored}
    return _show(request, context, status=409)


def _saved(request: HttpRequest, draft: Draft, memorandum: Memorandum) -> HttpResponse:
    messages.success(request, _("The draft is saved."))
    for warning in draft.warnings:
        messages.warning(request, warning)
    return redirect("memorandum_page", memorandum.code)


def _show(request: HttpRequest, context: dict[str, Any], *, status: int = 0) -> HttpResponse:
    draft: Draft = context["draft"]
    if draft.is_search:
        for form in draft.all_forms:
            form.errors.clear()  # nothing is saved yet, so nothing is wrong yet
    status = status or (422 if draft.has_errors else 200)
    return render(request, "mou/memorandum_form.html", context, status=status)


@login_required
def memorandum_reopen(request: SignedIn, code: str) -> HttpResponse:
    """Let a frozen memorandum be changed: its signatures no longer count."""
    memorandum = queries.operated_memorandum_for(request.user, code)
    if memorandum.state not in SIGNABLE:
        messages.error(request, _("Only a memorandum that waits for signatures can be reopened."))
        return redirect("memorandum_page", code)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.reopen_memorandum(memorandum=memorandum, actor=request.user, **form.cleaned_data)
        messages.success(request, _("It is a draft again and keeps its number."))
        return redirect("memorandum_page", code)
    return _ask_why(request, memorandum, form, "reopen")


@login_required
def memorandum_discard(request: SignedIn, code: str) -> HttpResponse:
    """Give up a draft."""
    memorandum = queries.operated_memorandum_for(request.user, code)
    if memorandum.state != MemorandumState.DRAFT:
        messages.error(request, _("Only a draft can be given up here."))
        return redirect("memorandum_page", code)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        fair: Fair = memorandum.fair
        is_gone = actions.discard_memorandum(
            memorandum=memorandum, actor=request.user, **form.cleaned_data
        )
        if is_gone:
            messages.success(request, _("The draft is deleted."))
            return redirect("fair_memoranda", fair.code)
        messages.success(request, _("The draft is void; its number stays used."))
        return redirect("memorandum_page", code)
    return _ask_why(request, memorandum, form, "discard")


def _ask_why(
    request: HttpRequest, memorandum: Memorandum, form: ReasonForm, what: str
) -> HttpResponse:
    context = {
        "section": "memoranda",
        "memorandum": memorandum,
        "form": form,
        "what": what,
        "signed": len(memorandum.live_signatures),  # type: ignore[attr-defined]
    }
    status = 422 if form.errors else 200
    return render(request, "mou/memorandum_reason.html", context, status=status)
