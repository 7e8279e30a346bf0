"""Doormen of asking for a memorandum at a booth, and of the cards that lead there."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.rules import SignedIn
from booths.queries import placements_of
from core import qr
from core.errors import DomainError, NotAllowed
from fairs.queries import organised_fair_for
from mou import actions
from mou.forms.asking import AskForm
from mou.queries.asking import application_at, booth_address, distributors_of
from mou.queries.readiness import certified_on


@login_required
def memorandum_ask(request: SignedIn) -> HttpResponse:
    """A distributor at a producer's booth writes what it wants; the desk does the rest."""
    distributors = list(distributors_of(request.user))
    if not distributors:
        raise NotAllowed(
            "memorandum.not_theirs", _("Only who acts for a distributor may ask for a memorandum.")
        )
    application = application_at(request.GET.get("fair", ""), request.GET.get("booth", ""))
    products = list(application.products.order_by("name"))
    certified = certified_on([each.pk for each in products], timezone.localdate())
    form = AskForm(
        request.POST if request.method == "POST" else None,
        products=products,
        distributors=distributors,
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.ask_for_memorandum(
                application=application,
                distributor=form.distributor,
                lines=form.lines,
                actor=request.user,
            )
        except NotAllowed:
            raise
        except DomainError as error:
            form.mistakes.append(str(error))
        else:
            messages.success(
                request, _("The desk has your draft. Go there with the producer to sign it.")
            )
            return redirect("my_home")
    context = {
        "application": application,
        "form": form,
        "booth": request.GET["booth"],
        "rows": [(line, certified.get(line.product.pk)) for line in form.line_forms],
    }
    status = 422 if form.has_errors else 200
    return render(request, "mou/memorandum_ask.html", context, status=status)


@login_required
def booth_cards(request: SignedIn, code: str) -> HttpResponse:
    """A card with a QR for every booth that somebody has, to be printed and put up there."""
    fair = organised_fair_for(request.user, code)
    cards = []
    for placement in placements_of(fair):
        modules = qr.matrix(booth_address(fair, placement.booths[0]))
        cards.append((placement, qr.path(modules), qr.view_box(modules), len(modules) + 8))
    context = {"section": "fairs", "tab": "memoranda", "fair": fair, "cards": cards}
    return render(request, "mou/booth_cards.html", context)
