"""Doormen of the guest provinces: the organisers' pages, and the province's own."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.rules import SignedIn
from core.errors import DomainError, NotAllowed, StaleState
from fairs import queries
from fairs.actions.pavilions import (
    add_pavilion,
    ask_to_send_pavilion_link,
    change_pavilion,
    fill_in_pavilion,
    remove_pavilion,
    renew_pavilion_link,
)
from fairs.forms import VersionForm
from fairs.forms.pavilions import (
    BoothsForm,
    PavilionForm,
    RemovalForm,
    merged_values,
    pavilion_values,
)
from fairs.models import Fair, Pavilion
from fairs.queries.pavilions import (
    guest_provinces,
    is_open,
    lines_of,
    link_jobs,
    merge_lines,
    pavilion_by_token,
    pavilion_of,
    pavilions_of,
    places_to_invite,
)
from fairs.rendering.pavilions import link_of, slip_of
from fairs.rules import can_organise
from fairs.states import OVER


@login_required
def pavilion_list(request: SignedIn, code: str) -> HttpResponse:
    """The fair's guest provinces, how far each is, and what it performs."""
    fair = queries.fair_for(request.user, code)
    guests = guest_provinces(pavilions_of(fair), queries.sessions_of(fair), link_jobs(fair))
    context = {**_shell(request, fair), "guests": guests}
    return render(request, "fairs/pavilion_list.html", context)


@login_required
def pavilion_add(request: SignedIn, code: str) -> HttpResponse:
    """Invite a province."""
    fair = queries.organised_fair_for(request.user, code)
    form = PavilionForm(request.POST or None, places=places_to_invite(fair))
    if request.method == "POST" and form.is_valid():
        try:
            pavilion = add_pavilion(
                fair=fair,
                place=form.cleaned_data["place"],
                content=form.content(),
                actor=request.user,
            )
        except NotAllowed:
            raise
        except DomainError as error:
            _tell(form, error)
        else:
            messages.success(request, _("Recorded."))
            return redirect("pavilion_page", code, pavilion.pk)
    return _show_form(request, fair, form)


@login_required
def pavilion_page(request: SignedIn, code: str, number: int) -> HttpResponse:
    """One guest province: its booths, its programme, its link."""
    fair = queries.fair_for(request.user, code)
    return _show_page(request, fair, number, RemovalForm())


@login_required
def pavilion_edit(request: SignedIn, code: str, number: int) -> HttpResponse:
    """Change what is said about a pavilion; whoever saves second sees what the first changed."""
    fair = queries.organised_fair_for(request.user, code)
    pavilion = pavilion_of(fair, number)
    if request.method != "POST":
        form = PavilionForm(initial=pavilion_values(pavilion))
        return _show_form(request, fair, form, pavilion)
    form = PavilionForm(request.POST)
    if form.is_valid():
        try:
            change_pavilion(
                pavilion=pavilion,
                seen=form.cleaned_data["seen"],
                content=form.content(),
                actor=request.user,
            )
        except NotAllowed:
            raise
        except StaleState:
            pavilion = pavilion_of(fair, number)
            values, differences = merged_values(form, pavilion)
            form = PavilionForm(initial=values)
            facts = {"is_stale": True, "differences": differences}
            return _show_form(request, fair, form, pavilion, status=409, **facts)
        except DomainError as error:
            _tell(form, error)
        else:
            messages.success(request, _("Recorded."))
            return redirect("pavilion_page", code, number)
    return _show_form(request, fair, form, pavilion)


@login_required
@require_POST
def pavilion_link(request: SignedIn, code: str, number: int) -> HttpResponse:
    """A new link; the old one opens nothing any more."""
    pavilion = pavilion_of(queries.organised_fair_for(request.user, code), number)
    renew_pavilion_link(pavilion=pavilion, version=_version(request), actor=request.user)
    messages.success(request, _("There is a new link; the old one opens nothing any more."))
    return redirect("pavilion_page", code, number)


@login_required
@require_POST
def pavilion_send(request: SignedIn, code: str, number: int) -> HttpResponse:
    """Send the link by e-mail."""
    pavilion = pavilion_of(queries.organised_fair_for(request.user, code), number)
    ask_to_send_pavilion_link(pavilion=pavilion, version=_version(request), actor=request.user)
    return redirect("pavilion_page", code, number)


@login_required
@require_POST
def pavilion_remove(request: SignedIn, code: str, number: int) -> HttpResponse:
    """Take an empty pavilion off the list."""
    fair = queries.organised_fair_for(request.user, code)
    pavilion = pavilion_of(fair, number)
    form = RemovalForm(request.POST)
    if not form.is_valid():
        return _show_page(request, fair, number, form)
    remove_pavilion(pavilion=pavilion, reason=form.cleaned_data["reason"], actor=request.user)
    messages.success(request, _("The province is taken off the list."))
    return redirect("pavilion_list", code)


@login_required
def pavilion_slips(request: SignedIn, code: str) -> HttpResponse:
    """Slips of paper with the links; `province` names the one pavilion that is wanted."""
    fair = queries.organised_fair_for(request.user, code)
    wanted = request.GET.get("province", "")
    guests = [
        guest
        for guest in guest_provinces(pavilions_of(fair), [])
        if wanted in ("", str(guest.pavilion.pk))
    ]
    slips = [slip_of(guest.pavilion) for guest in guests]
    context = {**_shell(request, fair), "slips": slips}
    return _unseen(render(request, "fairs/pavilion_slips.html", context))


def my_pavilion(request: HttpRequest, token: str) -> HttpResponse:
    """A province's own page, for whoever holds its link: who comes to which booth."""
    pavilion = pavilion_by_token(token)
    if request.method != "POST":
        return _show_booths(request, pavilion, BoothsForm(pavilion=pavilion))
    form = BoothsForm(request.POST, pavilion=pavilion)
    if not form.is_valid():
        return _show_booths(request, pavilion, form, status=422)
    is_final = "send" in request.POST
    try:
        fill_in_pavilion(
            pavilion=pavilion,
            seen=form.seen_lines,
            lines=form.lines,
            is_final=is_final,
            actor=request.user if request.user.is_authenticated else None,
        )
    except StaleState:
        return _show_both(request, form, token)
    except DomainError as error:
        form.add_error(None, str(error))
        return _show_booths(request, pavilion_by_token(token), form, status=409)
    messages.success(request, _("Sent in. Thank you!") if is_final else _("Saved."))
    return redirect("my_pavilion", token)


def _show_both(request: HttpRequest, form: BoothsForm, token: str) -> HttpResponse:
    """The second of two phones: both people's booths in one form, not saved yet."""
    pavilion = pavilion_by_token(token)
    merge = merge_lines(
        seen=form.seen_lines,
        mine=form.lines,
        stored=lines_of(pavilion),
        count=pavilion.booth_count,
    )
    form = BoothsForm(pavilion=pavilion, lines=merge.lines)
    return _show_booths(request, pavilion, form, status=409, merge=merge)


def _show_booths(
    request: HttpRequest, pavilion: Pavilion, form: BoothsForm, *, status: int = 200, **facts: Any
) -> HttpResponse:
    context = {
        "pavilion": pavilion,
        "fair": pavilion.fair,
        "form": form,
        "stored": sorted(lines_of(pavilion).items()),
        "is_open": is_open(pavilion, timezone.now()),
        "is_over": pavilion.fair.state in OVER,
        **facts,
    }
    return _unseen(render(request, "fairs/pavilion_mine.html", context, status=status))


def _unseen(response: HttpResponse) -> HttpResponse:
    """No search engine lists it and no browser keeps it: its address is a key."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Cache-Control"] = "no-store"
    return response


def _shell(request: SignedIn, fair: Fair) -> dict[str, Any]:
    can_change = can_organise(request.user, fair) and fair.state not in OVER
    return {"section": "fairs", "tab": "pavilions", "fair": fair, "can_change": can_change}


def _version(request: HttpRequest) -> int:
    form = VersionForm(request.POST)
    return form.cleaned_data["version"] if form.is_valid() else 0


FIELDS = {
    "fair.pavilion_once": "place",
    "fair.pavilion_has_more": "booth_count",
    "fair.pavilion_deadline_past": "fill_in_until",
    "fair.pavilion_deadline_late": "fill_in_until",
}


def _tell(form: PavilionForm, error: DomainError) -> None:
    form.add_error(FIELDS.get(error.code), str(error))


def _show_form(
    request: SignedIn,
    fair: Fair,
    form: PavilionForm,
    pavilion: Pavilion | None = None,
    *,
    status: int | None = None,
    **facts: Any,
) -> HttpResponse:
    context = {**_shell(request, fair), "form": form, "pavilion": pavilion, **facts}
    status = status or (422 if form.errors else 200)
    return render(request, "fairs/pavilion_form.html", context, status=status)


def _show_page(request: SignedIn, fair: Fair, number: int, form: RemovalForm) -> HttpResponse:
    shown = pavilions_of(fair).filter(pk=number)
    guests = guest_provinces(shown, queries.sessions_of(fair), link_jobs(fair))
    if not guests:
        raise Pavilion.DoesNotExist
    context = {**_shell(request, fair), "guest": guests[0], "pavilion": guests[0].pavilion}
    if context["can_change"]:
        context |= {"link": link_of(guests[0].pavilion), "form": form}
    status = 422 if form.errors else 200
    return _unseen(render(request, "fairs/pavilion_page.html", context, status=status))
