"""Doormen of the ceremony in which a fair's seed is fixed."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.rules import SignedIn
from booths.actions.seed import BEGINNINGS, DRAWING, commit_seed, draw_seed_on_stage, reveal_seed
from booths.forms.seed import NumbersForm
from booths.queries.protocol import seed_draw_of
from booths.rendering.protocol import show_seed
from booths.rules import are_applications_over
from fairs.models import Fair
from fairs.queries import fair_for, organised_fair_for
from fairs.rules import can_organise


@login_required
def seed_ceremony(request: SignedIn, code: str) -> HttpResponse:
    """How the seed is or will be fixed; an organiser types in what was drawn on stage."""
    if request.method != "POST":
        return _page(request, fair_for(request.user, code), NumbersForm(), status=200)
    fair = organised_fair_for(request.user, code)
    form = NumbersForm(request.POST)
    if not form.is_valid():
        return _page(request, fair, form, status=422)
    draw_seed_on_stage(fair=fair, numbers=form.cleaned_data["numbers"], actor=request.user)
    messages.success(request, _("The seed is drawn and fixed."))
    return redirect("seed_ceremony", code)


def _page(request: HttpRequest, fair: Fair, form: NumbersForm, *, status: int) -> HttpResponse:
    draw = seed_draw_of(fair)
    over = are_applications_over(fair, timezone.now())
    organiser = can_organise(request.user, fair)
    unfixed = not draw and not fair.seed
    context = {
        "section": "fairs",
        "tab": "allocation",
        "fair": fair,
        "draw": draw,
        "protocol": {"ceremony": show_seed(draw)},
        "form": form,
        "over": over,
        "unfixed": unfixed,
        "can_commit": organiser and unfixed and not over and fair.state in BEGINNINGS,
        "can_draw": organiser and unfixed and over and fair.state in DRAWING,
        "can_reveal": organiser and draw and not draw.is_open and over and fair.state in DRAWING,
        "public_address": request.build_absolute_uri(reverse("public_protocol", args=[fair.code])),
    }
    return render(request, "booths/seed_ceremony.html", context, status=status)


@login_required
@require_POST
def seed_commit(request: SignedIn, code: str) -> HttpResponse:
    """Publish the hash of a seed that nobody is shown yet."""
    commit_seed(fair=organised_fair_for(request.user, code), actor=request.user)
    messages.success(
        request, _("The hash is published; the seed stays hidden until it is revealed.")
    )
    return redirect("seed_ceremony", code)


@login_required
@require_POST
def seed_reveal(request: SignedIn, code: str) -> HttpResponse:
    """Say what the seed is."""
    reveal_seed(fair=organised_fair_for(request.user, code), actor=request.user)
    messages.success(request, _("The seed is revealed and fixed."))
    return redirect("seed_ceremony", code)
