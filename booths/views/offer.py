"""Doormen of an offer's own page, for whoever holds its link."""

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from booths import queries, rendering
from booths.actions import waiting as actions
from booths.models import BoothOffer
from booths.queries.waiting import offer_with, waiter_of
from booths.rendering.offers import end_in_words, moment_in_words, note_in_words
from booths.states import OfferState
from core.errors import DomainError, StaleState
from fairs.rules import is_in_time
from fairs.states import OVER


def booth_offer(request: HttpRequest, token: str) -> HttpResponse:
    """A stand on offer: until when, and yes or no. Looking at it answers nothing."""
    try:
        offer = offer_with(token)
    except ObjectDoesNotExist:
        return render(request, "booths/apply_link_ended.html", status=404)
    if request.method != "POST":
        return _show(request, offer)
    try:
        _answer(request, offer)
    except StaleState as error:
        return _show(request, offer_with(token), error=str(error), status=409)
    except DomainError as error:
        return _show(request, offer, error=str(error), status=422)
    return redirect("booth_offer", token)


def _answer(request: HttpRequest, offer: BoothOffer) -> None:
    asked = request.POST.get("act", "")
    if asked == "again":
        actions.wait_again(application=offer.application, actor=None)
        messages.success(request, _("You are on the waiting list again."))
        return
    if asked not in ("accept", "decline", "leave"):
        raise DomainError("offer.answer_unknown", _("Press one of the buttons."))
    actions.answer_offer(
        offer=offer, accepts=asked == "accept", keeps_waiting=asked != "leave", actor=None
    )


def _show(
    request: HttpRequest, offer: BoothOffer, *, error: str = "", status: int = 200
) -> HttpResponse:
    application = offer.application
    fair = application.fair
    is_open = offer.state == OfferState.OPEN and fair.state not in OVER
    if is_open and not is_in_time(timezone.now(), offer.expires_at):
        is_open, offer.state = False, OfferState.EXPIRED
    plan = queries.plan_of(fair)
    waiter = None if is_open else waiter_of(application)
    if waiter and waiter.offer == offer:
        waiter = None  # over, and not yet passed on
    context = {
        "offer": offer,
        "application": application,
        "fair": fair,
        "is_open": is_open,
        "until": moment_in_words(offer.expires_at),
        "ended": "" if is_open else end_in_words(offer),
        "note": note_in_words(offer),
        "booths": [
            {"booth": each, "offers": rendering.offers_of(each), "size": rendering.size_of(each)}
            for each in (plan.booths.all() if plan else ())
            if each.code in offer.booths
        ],
        "drawing": rendering.draw_plan(plan, chosen=set(offer.booths)) if plan else None,
        "waiter": waiter,
        "error": error,
    }
    response = render(request, "booths/booth_offer.html", context, status=status)
    response.headers["Cache-Control"] = "private, no-store"
    return response
