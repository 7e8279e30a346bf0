"""Doormen of the venues: their pages, halls, pictures and base plans."""

import re
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from accounts.rules import SignedIn, can_use_desk
from core.errors import DomainError, NotAllowed, StaleState
from core.storage import StoredFile, open_file
from fairs.actions import venues as actions
from fairs.actions.teams import require_office
from fairs.forms.venues import (
    NEW_HALL,
    PDF,
    BasePlanForm,
    FreeDatesForm,
    HallForm,
    PictureForm,
    VenueForm,
    hall_values,
    initial_with,
    merged_values,
    venue_values,
)
from fairs.models import Hall, Venue, VenuePicture
from fairs.queries import venues as queries
from fairs.queries.spans import Span
from fairs.rendering.public_data import geo_address
from fairs.rendering.venues import draw_strip, month_after, twelve_months
from fairs.rules import can_plan

PAGE = 50
PAST = 20
MONTH = re.compile(r"20\d\d-(?:0[1-9]|1[0-2])")
STEP = 6
YEAR = 365 * 24 * 3600
DAY = 24 * 3600


def require_desk(actor: User) -> None:
    """Raise NotAllowed unless `actor` works at a desk."""
    if not can_use_desk(actor):
        raise NotAllowed("desk.only", _("This page is for the office's people."))


@login_required
def venue_list(request: SignedIn) -> HttpResponse:
    """All venues, searched, with what is held there next."""
    require_desk(request.user)
    search = request.GET.get("q", "")
    page = Paginator(queries.find_venues(search), PAGE).get_page(request.GET.get("page"))
    context = {
        "section": "venues",
        "page": page,
        "rows": queries.with_next_fair(request.user, page, timezone.localdate()),
        "search": search,
        "can_change": can_plan(request.user),
    }
    return render(request, "fairs/venue_list.html", context)


@login_required
def venue_page(request: SignedIn, code: str) -> HttpResponse:
    """One venue: what it offers, who has it when, when it is free."""
    require_desk(request.user)
    return _page(request, queries.venue_of(code))


def _page(request: SignedIn, venue: Venue, pictured: PictureForm | None = None) -> HttpResponse:
    today = timezone.localdate()
    bookings = queries.bookings_at(request.user, venue)
    past = [each for each in reversed(bookings) if each.opened.last < today]
    halls = venue.halls.all()
    context = {
        "section": "venues",
        "venue": venue,
        "geo": geo_address(venue),
        "halls": halls,
        "coming": [each for each in bookings if each.opened.last >= today],
        "past": Paginator(past, PAST).get_page(request.GET.get("page")),
        "form": pictured or PictureForm(halls=halls),
        "can_change": can_plan(request.user),
        **_availability(request, venue, bookings, today),
        **_free_dates(request, venue, bookings),
    }
    status = 422 if pictured else 200
    return render(request, "fairs/venue_page.html", context, status=status)


def _availability(
    request: HttpRequest, venue: Venue, bookings: list[queries.Booking], today: date
) -> dict[str, Any]:
    """Twelve months from the one asked for, drawn and as a list."""
    this_month = today.replace(day=1)
    asked = request.GET.get("month", "")
    first = date.fromisoformat(f"{asked}-01") if MONTH.fullmatch(asked) else this_month
    span = twelve_months(first)
    taken = queries.taken_during(bookings, span)
    return {
        "first_month": first,
        "before": month_after(first, -STEP),
        "after": month_after(first, STEP),
        "strip": draw_strip(span, queries.lanes_at(venue, taken), today),
        "taken": taken,
    }


def _free_dates(
    request: HttpRequest, venue: Venue, bookings: list[queries.Booking]
) -> dict[str, Any]:
    form = FreeDatesForm(request.GET.dict(), halls=venue.halls.all())
    asked = {name: request.GET[name] for name in form.fields if name in request.GET}
    if not form.is_valid():
        return {"free_form": form, "asked": asked}
    wanted = form.cleaned_data
    spans = queries.free_dates_at(venue, bookings, **wanted)
    years = queries.planned_years() if can_plan(request.user) else set()
    return {
        "free_form": form,
        "asked": asked,
        "asked_hall": wanted["hall"],
        "offers": [
            (span, _new_fair(venue, wanted["hall"], span) if span.first.year in years else "")
            for span in spans
        ],
    }


def _new_fair(venue: Venue, hall: Hall | None, span: Span) -> str:
    """Where a fair is added with this place and these days filled in."""
    said = {"venue": venue.code, "hall": hall.pk if hall else ""}
    days = {"first_day": span.first.isoformat(), "last_day": span.last.isoformat()}
    return f"{reverse('fair_new', args=[span.first.year])}?{urlencode({**said, **days})}"


@login_required
def venue_new(request: SignedIn) -> HttpResponse:
    """Add a venue."""
    require_office(request.user)
    if request.method != "POST":
        return _venue_form(request, VenueForm())
    form = VenueForm(request.POST)
    if form.is_valid():
        code = form.cleaned_data["code"]
        try:
            actions.create_venue(code=code, values=form.values, actor=request.user)
        except DomainError as error:
            form.add_error("code", str(error))
        else:
            messages.success(request, _("The venue is added. Now enter its halls."))
            return redirect("venue_page", code)
    return _venue_form(request, form)


@login_required
def venue_edit(request: SignedIn, code: str) -> HttpResponse:
    """Change what is said of a venue."""
    require_office(request.user)
    venue = queries.venue_of(code)
    if request.method != "POST":
        initial = initial_with(venue, venue_values(venue))
        return _venue_form(request, VenueForm(venue=venue, initial=initial), venue)
    form = VenueForm(request.POST, venue=venue)
    if form.is_valid():
        version = form.cleaned_data["version"] or 0
        try:
            actions.edit_venue(venue=venue, version=version, values=form.values, actor=request.user)
        except StaleState:
            venue = queries.venue_of(code)
            initial, both, taken = merged_values(form, venue, venue_values(venue))
            form = VenueForm(venue=venue, initial=initial)
            form.both, form.taken = both, taken
            return _venue_form(request, form, venue, status=409)
        messages.success(request, _("Saved."))
        return redirect("venue_page", code)
    return _venue_form(request, form, venue)


def _venue_form(
    request: HttpRequest, form: VenueForm, venue: Venue | None = None, *, status: int = 0
) -> HttpResponse:
    context = {"section": "venues", "form": form, "venue": venue, "is_stale": status == 409}
    status = status or (422 if form.errors else 200)
    return render(request, "fairs/venue_form.html", context, status=status)


@login_required
def hall_new(request: SignedIn, code: str) -> HttpResponse:
    """Add a hall to a venue."""
    require_office(request.user)
    venue = queries.venue_of(code)
    if request.method != "POST":
        return _hall_form(request, HallForm(initial=NEW_HALL), venue)
    form = HallForm(request.POST)
    if form.is_valid():
        try:
            actions.add_hall(venue=venue, values=form.values, actor=request.user)
        except DomainError as error:
            form.add_error("name", str(error))
        else:
            messages.success(request, _("Recorded."))
            return redirect("venue_page", code)
    return _hall_form(request, form, venue)


@login_required
def hall_edit(request: SignedIn, code: str, number: int) -> HttpResponse:
    """Change what is said of a hall."""
    require_office(request.user)
    hall = queries.hall_of(code, number)
    if request.method != "POST":
        return _hall_form(request, HallForm(initial=_initial(hall)), hall.venue, hall)
    form = HallForm(request.POST)
    if form.is_valid():
        version = form.cleaned_data["version"] or 0
        try:
            actions.edit_hall(hall=hall, version=version, values=form.values, actor=request.user)
        except StaleState:
            return _stale_hall(request, form, code, number)
        except DomainError as error:
            form.add_error("name", str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("venue_page", code)
    return _hall_form(request, form, hall.venue, hall)


def _initial(hall: Hall) -> dict[str, Any]:
    return initial_with(hall, hall_values(hall))


def _stale_hall(request: HttpRequest, typed: HallForm, code: str, number: int) -> HttpResponse:
    hall = queries.hall_of(code, number)
    initial, both, taken = merged_values(typed, hall, hall_values(hall))
    form = HallForm(initial=initial)
    form.both, form.taken = both, taken
    return _hall_form(request, form, hall.venue, hall, status=409)


def _hall_form(
    request: HttpRequest,
    form: HallForm,
    venue: Venue,
    hall: Hall | None = None,
    plan_form: BasePlanForm | None = None,
    *,
    status: int = 0,
) -> HttpResponse:
    context = {
        "section": "venues",
        "form": form,
        "venue": venue,
        "hall": hall,
        "is_stale": status == 409,
        "plan_form": plan_form or BasePlanForm(initial={"version": hall.version if hall else 0}),
    }
    wrong = form.errors or (plan_form and plan_form.errors)
    return render(
        request, "fairs/hall_form.html", context, status=status or (422 if wrong else 200)
    )


@login_required
@require_POST
def hall_delete(request: SignedIn, code: str, number: int) -> HttpResponse:
    """Take away a hall that no fair has."""
    require_office(request.user)
    hall = queries.hall_of(code, number)
    try:
        actions.delete_hall(hall=hall, actor=request.user)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("hall_edit", code, number)
    messages.success(request, _("“%(name)s” is taken away.") % {"name": hall})
    return redirect("venue_page", code)


@login_required
@require_safe
def base_plan(request: SignedIn, code: str, number: int) -> HttpResponseBase:
    """A hall's base plan: a picture is shown, a PDF is handed over."""
    require_desk(request.user)
    hall = queries.hall_of(code, number)
    if hall.base_plan is None:
        raise Http404
    return _hand_over(hall.base_plan, f"{code}-{number}", "private, no-cache")


@login_required
@require_POST
def base_plan_set(request: SignedIn, code: str, number: int) -> HttpResponse:
    """Lay down another base plan, or take the one there is away."""
    require_office(request.user)
    hall = queries.hall_of(code, number)
    data = request.POST
    form = BasePlanForm(data, request.FILES)
    if "remove" in data:
        form.fields["file"].required = False
    if not form.is_valid():
        return _hall_form(request, HallForm(initial=_initial(hall)), hall.venue, hall, form)
    try:
        actions.set_base_plan(
            hall=hall,
            version=form.cleaned_data["version"],
            content=b"" if "remove" in data else form.cleaned_data["file"],
            media_type=form.media_type,
            actor=request.user,
        )
    except StaleState:
        messages.error(
            request, _("Somebody else has saved this hall meanwhile. Look at it and try again.")
        )
        return redirect("hall_edit", code, number)
    messages.success(request, _("Saved."))
    return redirect("venue_page", code)


@login_required
@require_POST
def picture_add(request: SignedIn, code: str) -> HttpResponse:
    """Add a picture to the venue."""
    require_office(request.user)
    venue = queries.venue_of(code)
    form = PictureForm(request.POST, request.FILES, halls=venue.halls.all())
    if form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("caption", "hall")}
        try:
            actions.add_picture(
                venue=venue, content=form.cleaned_data["file"], actor=request.user, **said
            )
        except DomainError as error:
            form.add_error("file", str(error))
        else:
            messages.success(request, _("The picture is added."))
            return redirect(f"{reverse('venue_page', args=[code])}#pictures")
    return _page(request, venue, form)


@login_required
@require_safe
def venue_picture(request: SignedIn, code: str, digest: str) -> HttpResponseBase:
    """A picture, for those at a desk."""
    require_desk(request.user)
    return _hand_over(_picture(code, digest).file, digest, f"private, max-age={YEAR}, immutable")


@login_required
@require_POST
def picture_delete(request: SignedIn, code: str, digest: str) -> HttpResponse:
    """Take a picture away."""
    require_office(request.user)
    actions.delete_picture(picture=_picture(code, digest), actor=request.user)
    messages.success(request, _("The picture is deleted."))
    return redirect(f"{reverse('venue_page', args=[code])}#pictures")


def _picture(code: str, digest: str) -> VenuePicture:
    found = VenuePicture.objects.select_related("file", "venue")
    return found.get(venue__code=code, file__sha256=digest)


@require_safe
def public_picture(request: HttpRequest, code: str, digest: str) -> HttpResponseBase:  # noqa: ARG001
    """A picture of a place where public fairs are held, for everybody."""
    picture = queries.public_picture(code, digest)
    return _hand_over(picture.file, digest, f"public, max-age={DAY}")


def _hand_over(file: StoredFile, name: str, cache: str) -> HttpResponseBase:
    """Our own drawings are shown in the page; what was sent as it is, is only handed over."""
    is_pdf = file.media_type == PDF
    response = FileResponse(
        open_file(file),
        as_attachment=is_pdf,
        content_type=file.media_type,
        filename=f"{name}.{'pdf' if is_pdf else 'webp'}",
    )
    response.headers["Cache-Control"] = cache
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
