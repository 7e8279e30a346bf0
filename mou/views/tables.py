"""Doormen of the tablets: who stands before a signing table, and what is signed there."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from accounts.models import Device, User
from core import codes
from core.errors import DomainError
from mou import actions, queries
from mou.forms import EnrolForm
from mou.models import Memorandum
from mou.queries import Tablet

COOKIE = "table_device"
# What was signed offline may be delivered for so long after the tablet's own time.
GRACE = 7 * 24 * 3600

More = ParamSpec("More")


@dataclass(frozen=True)
class AtTable:
    """A memorandum that lies open, who answers for it, and the tablet, where one is enrolled."""

    memorandum: Memorandum
    actor: User
    device: Device | None


def tablet_at(request: HttpRequest, *, is_delivering: bool = False) -> Tablet | None:
    """The enrolled tablet that asks, if one does."""
    return queries.tablet_of(request.COOKIES.get(COOKIE, ""), is_delivering=is_delivering)


Opened = Callable[Concatenate[HttpRequest, AtTable, More], HttpResponse]


def at_table(view: Opened[More]) -> Callable[Concatenate[HttpRequest, str, More], HttpResponse]:
    """Open the memorandum of the address for its table's tablet, or else for an operator.

    Nothing of what is answered is kept anywhere.
    """

    @wraps(view)
    def guarded(
        request: HttpRequest, code: str, *args: More.args, **kwargs: More.kwargs
    ) -> HttpResponse:
        here = _opened(request, code)
        response = view(request, here, *args, **kwargs) if isinstance(here, AtTable) else here
        response.headers["Cache-Control"] = "no-store"
        return response

    return guarded


def _opened(request: HttpRequest, code: str) -> AtTable | HttpResponse:
    tablet = tablet_at(request)
    if tablet:
        line = queries.line_of(tablet.station.ceremony)
        found = line.filter(code=codes.normalise(code)[:16]).first()
        if found and found.station_id == tablet.station.pk:
            return AtTable(found, tablet.device.enrolled_by, tablet.device)
        if not request.user.is_authenticated:
            return _not_here(request, found)
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    return AtTable(queries.operated_memorandum_for(request.user, code), request.user, None)


def _not_here(request: HttpRequest, found: Memorandum | None) -> HttpResponse:
    if found and found.station:
        text = _("No. %(number)s is signed at another table: %(station)s.")
        facts = {"number": found.shown_number, "station": found.station.name}
        messages.warning(request, text % facts)
    else:
        messages.warning(request, _("No memorandum of this ceremony has this code."))
    return redirect("table_station")


def table_station(request: HttpRequest) -> HttpResponse:
    """What is signed at the table this tablet stands on, in its order; or by the slip's code."""
    tablet = tablet_at(request)
    typed = codes.normalise(request.GET.get("code", "")).replace("/", "")[:16]
    if tablet and typed:
        return redirect("table", typed)
    context: dict[str, Any] = {"tablet": tablet, "ceremony": tablet and tablet.station.ceremony}
    if tablet:
        Device.objects.filter(pk=tablet.device.pk).update(seen_at=timezone.now())
        line = list(queries.line_at(tablet.station))
        context["line"] = [(row, queries.turns_of(row)) for row in line]
    response = render(request, "mou/table_station.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response


@sensitive_variables("cookie", "token")
def table_enrol(request: HttpRequest, token: str) -> HttpResponse:
    """A tablet becomes a signing table, once, by the link that the desk shows as a QR."""
    try:
        device, station = actions.invitation(token)
        if request.method != "POST":
            context = {"device": device, "station": station, "ceremony": station.ceremony}
            return _kept_nowhere(render(request, "mou/table_enrol.html", context))
        form = EnrolForm(request.POST)
        key = form.cleaned_data["public_key"] if form.is_valid() else None
        device, cookie = actions.enrol_device(token=token, public_key=key)
    except DomainError as error:
        refusal = {"error": error}
        return _kept_nowhere(render(request, "mou/table_enrol.html", refusal, status=410))
    response = redirect("table_station")
    response.set_cookie(
        COOKIE,
        cookie,
        max_age=int((device.expires_at - timezone.now()).total_seconds()) + GRACE,
        path="/table/",
        httponly=True,
        samesite="Lax",
        secure=settings.SITE_URL.startswith("https://"),
    )
    return _kept_nowhere(response)


def _kept_nowhere(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-store"
    return response
