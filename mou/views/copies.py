"""Doormen of the parties' copies: the link, the download, the desk's slip."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.rules import SignedIn
from core import qr
from core.errors import DomainError
from core.storage import open_file
from mou import actions, queries
from mou.models import SIDES


def copy(request: HttpRequest, token: str) -> HttpResponse:
    """A party's link: the facts, and a button that fetches the PDF."""
    context: dict[str, Any] = {"section": "verify", "token": token}
    try:
        party = queries.copy_of(token)
        memorandum = party.memorandum
        original = queries.original_of(memorandum)
        context |= {"party": party, "memorandum": memorandum, "original": original}
        response = render(request, "mou/copy.html", context)
    except DomainError as error:
        response = render(request, "mou/copy.html", {**context, "error": error}, status=410)
    _keep_quiet(response)
    return response


@require_POST
def copy_file(request: HttpRequest, token: str) -> HttpResponseBase:
    """The sealed PDF, byte for byte. A POST, for the preview of a chat must fetch nothing."""
    try:
        party = queries.copy_of(token)
        actor = request.user if request.user.is_authenticated else None
        original = actions.download_copy(party=party, actor=actor)
    except DomainError:
        return redirect("copy", token)
    number, year = party.memorandum.number or 0, party.memorandum.year
    response = FileResponse(
        open_file(original.file),
        as_attachment=True,
        content_type="application/pdf",
        filename=f"bien-ban-ghi-nho-{number:02}-{year}.pdf",
    )
    _keep_quiet(response)
    return response


def _keep_quiet(response: HttpResponseBase) -> None:
    """The address is a key: no index, no cache and no other site may learn it."""
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Referrer-Policy"] = "strict-origin"


@login_required
@require_POST
def copy_send(request: SignedIn, code: str, side: str) -> HttpResponse:
    """Send one side a new link by e-mail."""
    memorandum = queries.operated_memorandum_for(request.user, code)
    _require_side(side)
    actions.send_copy_again(memorandum=memorandum, side=side, actor=request.user)
    messages.success(request, _("A new link is on its way."))
    return redirect("memorandum_page", code)


@login_required
@require_POST
def copy_slip(request: SignedIn, code: str, side: str) -> HttpResponse:
    """A slip with the QR of a new link, for a party without e-mail; made to be printed."""
    memorandum = queries.operated_memorandum_for(request.user, code)
    _require_side(side)
    party = actions.print_copy_slip(memorandum=memorandum, side=side, actor=request.user)
    party.memorandum = memorandum
    address = queries.copy_address(party)
    modules = qr.matrix(address)
    context = {
        "section": "memoranda",
        "memorandum": memorandum,
        "party": party,
        "address": address,
        "until": queries.copy_ends(),
        "qr": qr.path(modules),
        "view_box": qr.view_box(modules),
    }
    response = render(request, "mou/copy_slip.html", context)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _require_side(side: str) -> None:
    if side not in SIDES:
        raise Http404
