"""Doormen of the ceremonies at the desk."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.models import Device
from accounts.rules import SignedIn
from core import codes, qr
from core.errors import DomainError, NotAllowed, StaleState
from fairs.models import Fair
from fairs.queries import fair_for, organised_fair_for
from fairs.rules import can_organise
from mou import actions, queries
from mou.forms import (
    MOST_AT_ONCE,
    CeremonyForm,
    DeviceForm,
    StationForm,
    ceremony_differences,
    ceremony_values,
)
from mou.models import Ceremony, Memorandum

PAGE = 50
SYMBOL = 60  # millimetres, a tablet's camera reads it across a table


@login_required
def ceremony_list(request: SignedIn, code: str) -> HttpResponse:
    """The fair's signing ceremonies."""
    fair = fair_for(request.user, code)
    page = Paginator(queries.ceremonies_of(fair), PAGE).get_page(request.GET.get("page"))
    context = {**_shell(fair), "page": page, "can_organise": can_organise(request.user, fair)}
    return render(request, "mou/ceremony_list.html", context)


@login_required
def ceremony_new(request: SignedIn, code: str) -> HttpResponse:
    """Plan a ceremony."""
    fair = organised_fair_for(request.user, code)
    initial = {"place": fair.venue.name if fair.venue else "", "stations": _("Table 1")}
    form = CeremonyForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        ceremony = actions.create_ceremony(fair=fair, content=form.content, actor=request.user)
        messages.success(request, _("The ceremony is planned. Put memoranda into it now."))
        return redirect("ceremony_page", ceremony.code)
    return _form_page(request, fair, form)


@login_required
def ceremony_edit(request: SignedIn, code: str) -> HttpResponse:
    """Change what is said of a ceremony; whoever saves second sees what the first one saved."""
    ceremony = queries.organised_ceremony_for(request.user, code)
    form = CeremonyForm(request.POST or None, initial=ceremony_values(ceremony))
    if request.method != "POST" or not form.is_valid():
        return _form_page(request, ceremony.fair, form, ceremony)
    try:
        actions.edit_ceremony(
            ceremony=ceremony,
            version=form.cleaned_data["version"] or 0,
            content=form.content,
            actor=request.user,
        )
    except NotAllowed:
        raise
    except StaleState:
        return _stale_page(request, form, queries.ceremony_for(request.user, code))
    except DomainError as error:
        form.add_error(None, str(error))
        return _form_page(request, ceremony.fair, form, ceremony)
    messages.success(request, _("Saved."))
    return redirect("ceremony_page", code)


@login_required
def ceremony_page(request: SignedIn, code: str) -> HttpResponse:
    """One ceremony: how far it is, its tables and tablets, its line, what may still join."""
    ceremony = queries.ceremony_for(request.user, code)
    line = queries.line_of(ceremony)
    table = request.GET.get("table", "")
    if table.isascii() and table.isdecimal() and len(table) < 5:
        line = line.filter(station__number=int(table))
    may_change = can_organise(request.user, ceremony.fair) and ceremony.closed_at is None
    context = {
        **_shell(ceremony.fair),
        "ceremony": ceremony,
        "counts": queries.counts_of(ceremony),
        "tables": queries.tables_of(ceremony),
        "packets": queries.waiting_packets(ceremony),
        "table": table,
        "page": Paginator(line, PAGE).get_page(request.GET.get("page")),
        "can_organise": can_organise(request.user, ceremony.fair),
        "may_change": may_change,
        "free": queries.assignable(ceremony.fair)[:MOST_AT_ONCE] if may_change else [],
        "station_form": StationForm(ceremony=ceremony),
        "device_form": DeviceForm(ceremony=ceremony),
        "wall_url": settings.SITE_URL + reverse("wall", args=[ceremony.wall_token]),
    }
    return render(request, "mou/ceremony_page.html", context)


@login_required
@require_POST
def ceremony_close(request: SignedIn, code: str) -> HttpResponse:
    """End the ceremony."""
    ceremony = queries.organised_ceremony_for(request.user, code)
    actions.close_ceremony(ceremony=ceremony, actor=request.user)
    messages.success(request, _("The ceremony is closed. Its tablets open nothing more."))
    return redirect("ceremony_page", code)


@login_required
@require_POST
def ceremony_assign(request: SignedIn, code: str) -> HttpResponse:
    """Put the ticked memoranda at the end of the line."""
    ceremony = queries.organised_ceremony_for(request.user, code)
    form = StationForm(request.POST, ceremony=ceremony)
    chosen = request.POST.getlist("memorandum")
    if not form.is_valid() or not 1 <= len(chosen) <= MOST_AT_ONCE:
        raise DomainError("ceremony.nothing_chosen", _("Tick at least one memorandum."))
    count = actions.assign_memoranda(
        ceremony=ceremony,
        memoranda=[codes.normalise(each)[:16] for each in chosen],
        station=form.cleaned_data["station"],
        actor=request.user,
    )
    text = ngettext(
        "%(count)d memorandum is in the line.", "%(count)d memoranda are in the line.", count
    )
    messages.success(request, text % {"count": count})
    return redirect("ceremony_page", code)


@login_required
@require_POST
def ceremony_turn(request: SignedIn, code: str, memorandum: str) -> HttpResponse:
    """One place up or down, out of the line, or to another table."""
    ceremony = queries.organised_ceremony_for(request.user, code)
    row = _in_line(ceremony, memorandum)
    to = request.POST.get("to", "")
    if to in ("up", "down"):
        actions.move_turn(memorandum=row, is_up=to == "up", actor=request.user)
    elif to == "out":
        actions.release_memorandum(memorandum=row, actor=request.user)
        messages.success(request, _("It is out of this ceremony."))
    else:
        form = StationForm(request.POST, ceremony=ceremony)
        if not form.is_valid() or not form.cleaned_data["station"]:
            raise DomainError("ceremony.no_such_table", _("This table is not known."))
        actions.change_station(
            memorandum=row, station=form.cleaned_data["station"], actor=request.user
        )
    return redirect(f"{reverse('ceremony_page', args=[code])}#m-{row.code}")


@login_required
def ceremony_slips(request: SignedIn, code: str) -> HttpResponse:
    """A4 sheets to be cut: one slip for each memorandum, whose QR opens it on a tablet."""
    ceremony = queries.ceremony_for(request.user, code)
    slips = [
        (row, codes.shown(row.code), _symbol(reverse("table", args=[row.code]), row.shown_number))
        for row in queries.line_of(ceremony)
    ]
    context = {**_shell(ceremony.fair), "ceremony": ceremony, "slips": slips}
    return render(request, "mou/ceremony_slips.html", context)


@login_required
@require_POST
def device_invite(request: SignedIn, code: str) -> HttpResponse:
    """Make a one-time link for a tablet, and show it as a QR."""
    ceremony = queries.organised_ceremony_for(request.user, code)
    form = DeviceForm(request.POST, ceremony=ceremony)
    if not form.is_valid():
        raise DomainError("device.incomplete", _("Name the tablet, and say for which table."))
    token = actions.invite_device(actor=request.user, **form.cleaned_data)
    return redirect("device_invitation", code, token)


@login_required
def device_invitation(request: SignedIn, code: str, token: str) -> HttpResponse:
    """The QR that the tablet reads, once and within 15 minutes."""
    ceremony = queries.organised_ceremony_for(request.user, code)
    device, station = actions.invitation(token)
    path = reverse("table_enrol", args=[token])
    context = {
        **_shell(ceremony.fair),
        "ceremony": ceremony,
        "device": device,
        "station": station,
        "address": settings.SITE_URL + path,
        "symbol": _symbol(path, _("Enrol this tablet")),
        "size": SYMBOL,
    }
    response = render(request, "mou/device_invitation.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response


@login_required
@require_POST
def device_revoke(request: SignedIn, code: str, number: int) -> HttpResponse:
    """Send a tablet away."""
    ceremony = queries.organised_ceremony_for(request.user, code)
    device = Device.objects.get(pk=number, scope__startswith=f"station:{ceremony.code}/")
    actions.revoke_device(ceremony=ceremony, device=device, actor=request.user)
    messages.success(request, _("The tablet is sent away: it opens and signs nothing more."))
    return redirect("ceremony_page", code)


def _shell(fair: Fair) -> dict[str, Any]:
    return {"section": "fairs", "tab": "ceremonies", "fair": fair}


def _in_line(ceremony: Ceremony, code: str) -> Memorandum:
    found = ceremony.memoranda.select_related("ceremony__fair", "fair")
    return found.get(code=codes.normalise(code)[:16])


def _symbol(path: str, spoken: str) -> dict[str, str]:
    modules = qr.matrix(settings.SITE_URL + path)
    return {"path": qr.path(modules), "box": qr.view_box(modules), "spoken": spoken}


def _form_page(
    request: HttpRequest,
    fair: Fair,
    form: CeremonyForm,
    ceremony: Ceremony | None = None,
    *,
    status: int = 0,
    **facts: Any,
) -> HttpResponse:
    context = {**_shell(fair), "form": form, "ceremony": ceremony, **facts}
    status = status or (422 if form.errors else 200)
    return render(request, "mou/ceremony_form.html", context, status=status)


def _stale_page(request: HttpRequest, form: CeremonyForm, ceremony: Ceremony) -> HttpResponse:
    """What both have written; saved once more, one's own is kept."""
    differences = ceremony_differences(form, ceremony)
    again = CeremonyForm({**request.POST.dict(), "version": str(ceremony.version)})
    again.is_valid()
    return _form_page(request, ceremony.fair, again, ceremony, status=409, differences=differences)
