"""Doormen of the places that an organiser fixes or rules out."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.rules import SignedIn
from booths import queries, rendering
from booths.actions.pins import pins_of, set_pins
from booths.forms.pins import PinsForm, initial_of
from booths.models import Application
from booths.queries.pins import PinDesk, pin_desk_of
from booths.rendering.moves import stand_of
from booths.rules import can_pin
from booths.states import LIVE
from core.errors import DomainError, NotAllowed, StaleState
from fairs.queries import organised_fair_for

SHOWN_PLACES = 60


@login_required
def application_pins(request: SignedIn, code: str, application: str) -> HttpResponse:
    """Fix where an application goes, or rule booths out for it, with a reason."""
    fair = organised_fair_for(request.user, code)
    row = queries.application_of(fair, application)
    if not can_pin(fair) or row.state not in LIVE:
        raise DomainError(
            "pins.not_now",
            _("Places are fixed only for those who take part, until the booths are published."),
        )
    form = PinsForm(
        request.POST if request.method == "POST" else None,
        initial=initial_of(pins_of(row), reason=row.pin_reason),
    )
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            set_pins(
                application=row,
                seen=form.seen,
                pins=form.pins,
                reason=form.cleaned_data["reason"],
                actor=request.user,
            )
        except NotAllowed:
            raise
        except StaleState as error:
            return _stale(request, row, form, error)
        except DomainError as error:
            field = {"pins.pinned_unfit": "pinned", "pins.forbidden_unknown": "forbidden"}
            form.add_error(field.get(error.code), str(error))
        else:
            messages.success(request, _("Saved. It holds from the next run on."))
            return redirect("application_page", code, row.code)
    if form.errors:
        status = 422
    return render(request, "booths/application_pins.html", _context(row, form), status=status)


def _stale(request: SignedIn, row: Application, form: PinsForm, error: StaleState) -> HttpResponse:
    """The second of two: what the first wrote beside one's own, which may be saved over it."""
    row.refresh_from_db()
    stored = initial_of(pins_of(row))
    seen = {name: stored[name] for name in ("seen_pinned", "seen_forbidden")}
    merged = PinsForm({**{name: form.data.get(name, "") for name in form.fields}, **seen})
    merged.is_valid()
    merged.add_error(None, str(error))
    context = {**_context(row, merged), "theirs": pins_of(row), "their_reason": row.pin_reason}
    return render(request, "booths/application_pins.html", context, status=409)


def _context(row: Application, form: PinsForm) -> dict[str, Any]:
    desk: PinDesk = pin_desk_of(row)
    places = desk.places()
    plan = queries.plan_of(row.fair)
    open_booths = {code for place in places for code in place}
    chosen = set(row.pinned or ())
    return {
        "section": "fairs",
        "tab": "applications",
        "fair": row.fair,
        "application": row,
        "offers": rendering.offers_of(row),
        "form": form,
        "places": [stand_of(place) for place in places[:SHOWN_PLACES]],
        "more": max(0, len(places) - SHOWN_PLACES),
        "drawing": plan
        and rendering.draw_plan(
            plan,
            chosen=chosen,
            marks={
                booth.code: "" if booth.code in open_booths else "cannot"
                for booth in plan.booths.all()
            },
        ),
    }
