"""Doormen of the waiting list at the desk: its order, its offers, and stands given by hand."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.rules import SignedIn
from booths import queries, rendering
from booths.actions import stands as stand_actions
from booths.actions import waiting as actions
from booths.forms.waiting import HoursForm, NoteForm, ReasonForm, ReleaseForm, StandForm, StopForm
from booths.models import Application
from booths.queries.waiting import (
    hall_of,
    offers_at,
    open_offer_of,
    to_be_called,
    waiters_of,
    waiting_list_of,
)
from booths.rendering.offers import note_in_words, offer_link
from booths.rules import passes_on
from booths.states import WAITING, OfferState
from core.errors import DomainError, NotAllowed, StaleState
from core.text import clean
from core.vietnam import shown_phone
from fairs.models import Fair
from fairs.queries import fair_for, organised_fair_for
from fairs.rules import can_organise
from fairs.states import FairState

SHOWN = 100


@login_required
@require_safe
def waiting_list(request: SignedIn, code: str) -> HttpResponse:
    """Who waits in which order, what is on offer, who has to be called, and what came before."""
    return _show_list(request, fair_for(request.user, code))


def _show_list(request: SignedIn, fair: Fair, status: int = 200, **forms: Any) -> HttpResponse:
    row = waiting_list_of(fair)
    waiters = waiters_of(fair)
    hall = hall_of(fair, [])
    context = {
        "section": "fairs",
        "tab": "waiting",
        "fair": fair,
        "list": row,
        "waiters": [(each, rendering.offers_of(each.application)) for each in waiters],
        "in_order": sum(each.place is not None for each in waiters),
        "free": hall.free if hall else [],
        "open": sum(each.offer is not None for each in waiters),
        "calls": [
            (each, shown_phone(each.application.organisation.phone), offer_link(each))
            for each in to_be_called(fair)
        ],
        "history": [
            (each, note_in_words(each))
            for each in offers_at(fair).exclude(state=OfferState.OPEN)[:SHOWN]
        ],
        "is_passing_on": passes_on(fair, timezone.now()) and not row.stopped_at,
        "is_published": fair.state in (FairState.PUBLISHED, FairState.RUNNING),
        "can_organise": can_organise(request.user, fair),
        "hours_form": forms.get("hours_form") or HoursForm(initial={"hours": row.hours}),
        "stop_form": forms.get("stop_form") or StopForm(),
    }
    return render(request, "booths/waiting_list.html", context, status=status)


@login_required
@require_POST
def waiting_settings(request: SignedIn, code: str) -> HttpResponse:
    """Set the hours, stop the list for a reason, or let it go on."""
    fair = organised_fair_for(request.user, code)
    asked = request.POST.get("do")
    if asked == "resume":
        actions.resume_waiting_list(fair=fair, actor=request.user)
        messages.success(request, _("Free stands are passed on again."))
    elif asked == "stop":
        form = StopForm(request.POST)
        if not form.is_valid():
            return _show_list(request, fair, 422, stop_form=form)
        reason = form.cleaned_data["reason"]
        actions.stop_waiting_list(fair=fair, reason=reason, actor=request.user)
        messages.success(request, _("The waiting list is stopped."))
    else:
        hours = HoursForm(request.POST)
        if not hours.is_valid():
            return _show_list(request, fair, 422, hours_form=hours)
        actions.set_waiting_hours(fair=fair, hours=hours.cleaned_data["hours"], actor=request.user)
        messages.success(request, _("Saved. It counts for offers made from now on."))
    return redirect("waiting_list", code)


def _application(fair: Fair, code: str) -> Application:
    row = queries.application_of(fair, code)
    row.fair = fair
    return row


@login_required
def waiting_stand(request: SignedIn, code: str, application: str) -> HttpResponse:
    """Offer a free stand to one application out of turn, or give it at once, for a reason."""
    fair = organised_fair_for(request.user, code)
    row = _application(fair, application)
    if request.method != "POST":
        return _show_stands(request, row)
    reason = ReasonForm(request.POST)
    booths = [each for each in clean(request.POST.get("stand", "")).split(",") if each]
    if not reason.is_valid() or not booths:
        return _show_stands(request, row, status=422)
    asked = {"application": row, "booths": booths, **reason.cleaned_data, "actor": request.user}
    try:
        if request.POST.get("act") == "give":
            stand_actions.give_stand(**asked)
            done = _("%(booths)s is given to %(name)s.")
        else:
            stand_actions.offer_stand(**asked)
            done = _("%(booths)s is offered to %(name)s.")
    except NotAllowed:
        raise
    except DomainError as error:
        return _show_stands(request, row, status=409, error=str(error))
    messages.success(request, done % {"booths": " + ".join(booths), "name": str(row.organisation)})
    return redirect("waiting_list", code)


def _show_stands(
    request: SignedIn, row: Application, *, status: int = 200, error: str = ""
) -> HttpResponse:
    fair = row.fair
    hall = hall_of(fair, [row]) if row.state in WAITING else None
    stands = list(hall.stands_for(row)) if hall else []
    form = StandForm(request.POST or None, stands=stands)
    if status == 422:
        form.is_valid()
    context = {
        "section": "fairs",
        "tab": "waiting",
        "fair": fair,
        "application": row,
        "needs": rendering.offers_of(row),
        "wishes": rendering.wishes_in_words(row.wishes),
        "stands": stands,
        "offer": open_offer_of(row),
        "form": form,
        "error": error,
        "can_offer": passes_on(fair, timezone.now()),
    }
    return render(request, "booths/waiting_stand.html", context, status=status)


@login_required
@require_POST
def waiting_answer(request: SignedIn, code: str, application: str) -> HttpResponse:
    """What the desk does with an application's open offer, or with one that was passed over."""
    fair = organised_fair_for(request.user, code)
    row = _application(fair, application)
    asked = request.POST.get("act", "")
    if asked == "again":
        actions.wait_again(application=row, actor=request.user)
        messages.success(request, _("The application stands in the order again."))
        return redirect("waiting_list", code)
    offer = open_offer_of(row)
    if offer is None:
        raise StaleState("offer.ended", _("This application has no open offer any more."))
    offer.application = row
    form = NoteForm(request.POST)
    form.is_valid()
    note = form.cleaned_data.get("note", "")
    if asked == "call":
        actions.note_call(offer=offer, actor=request.user)
        done = _("Noted: the producer was called.")
    elif asked == "withdraw":
        actions.withdraw_offer(offer=offer, reason=note, actor=request.user)
        done = _("The offer is withdrawn.")
    elif asked in ("accept", "decline"):
        actions.answer_offer(offer=offer, accepts=asked == "accept", actor=request.user, note=note)
        done = _("The answer is written down.")
    else:
        raise DomainError("offer.answer_unknown", _("This answer is not known."))
    messages.success(request, done)
    return redirect("waiting_list", code)


@login_required
def stand_release(request: SignedIn, code: str, application: str) -> HttpResponse:
    """Take a stand back for a reason."""
    fair = organised_fair_for(request.user, code)
    row = _application(fair, application)
    form = ReleaseForm(request.POST or None)
    error, status = "", 200
    if request.method == "POST" and form.is_valid():
        try:
            stand_actions.release_stand(
                application=row,
                reason=form.cleaned_data["reason"],
                waits=form.waits,
                actor=request.user,
            )
        except NotAllowed:
            raise
        except DomainError as refused:
            error, status = str(refused), 409
        else:
            messages.success(request, _("The stand is free again."))
            return redirect("application_page", code, application)
    elif request.method == "POST":
        status = 422
    context = {
        "section": "fairs",
        "tab": "applications",
        "fair": fair,
        "application": row,
        "booths": queries.booth_codes_of(row),
        "form": form,
        "error": error,
    }
    return render(request, "booths/stand_release.html", context, status=status)
