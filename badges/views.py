"""Doormen of the badges at the desk, and of the page that a badge's QR leads to."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.rules import SignedIn
from badges import actions, queries
from badges.forms import PrintForm
from badges.models import Badge
from badges.rules import can_print, is_in_force
from core import codes
from core.errors import DomainError
from core.storage import open_file
from fairs.queries import fair_for

PAGE = 50


@login_required
def badge_list(request: SignedIn, code: str) -> HttpResponse:
    """Who has a badge, and the prints there are."""
    fair = fair_for(request.user, code)
    badges, sheets = queries.badges_of(fair), list(queries.sheets_of(fair))
    search = request.GET.get("q", "")
    page = Paginator(queries.search_badges(badges, search), PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "badges/badge_list.html",
        {
            "section": "fairs",
            "tab": "badges",
            "fair": fair,
            "figures": queries.figures_of(badges),
            "has_badges": bool(badges),
            "is_published": queries.is_published(fair),
            "can_print": can_print(request.user, fair),
            "printing": sheets[0] if sheets and not sheets[0].file else None,
            "prints": [sheet for sheet in sheets if sheet.file],
            "search": search,
            "page": page,
        },
    )


@login_required
@require_POST
def badge_print(request: SignedIn, code: str) -> HttpResponse:
    """Ask for a print."""
    fair = fair_for(request.user, code)
    form = PrintForm(request.POST)
    if not form.is_valid():
        raise DomainError("badges.scope_unknown", _("It is not known which badges to print."))
    actions.print_badges(fair=fair, actor=request.user, **form.cleaned_data)
    return redirect("badge_list", code)


@login_required
@require_POST
def badge_revoke(request: SignedIn, code: str, badge: str) -> HttpResponse:
    """End one badge."""
    fair = fair_for(request.user, code)
    row = get_object_or_404(Badge.objects.select_related("fair"), fair=fair, code=badge)
    actions.revoke_badge(badge=row, actor=request.user)
    messages.success(request, _("Badge %(code)s is revoked.") % {"code": codes.shown(row.code)})
    return redirect("badge_list", code)


@login_required
def badge_sheet(request: SignedIn, code: str, number: int) -> HttpResponseBase:
    """One print's PDF, byte for byte."""
    fair = fair_for(request.user, code)
    sheet = queries.sheets_of(fair).get(number=number)
    if sheet.file is None:
        raise Http404
    response = FileResponse(
        open_file(sheet.file),
        content_type="application/pdf",
        filename=f"the-{fair.code}-{sheet.number}.pdf",
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response


def badge_public(request: HttpRequest, token: str) -> HttpResponse:
    """Whether a badge is valid and for what; never whose it is."""
    badge = queries.find_badge(token)
    context = {
        "badge": badge,
        "is_in_force": badge is not None and is_in_force(badge, timezone.localdate()),
        "shown_code": codes.shown(badge.code) if badge else "",
    }
    return render(request, "badges/badge_public.html", context, status=200 if badge else 404)
