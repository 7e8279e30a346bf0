"""Doormen of the memoranda at the desk."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.rules import SignedIn, can_use_desk
from core import codes
from core.storage import open_file
from fairs.queries import fair_for
from fairs.rules import can_organise
from mou import actions, queries
from mou.forms.reasons import seen_revision
from mou.queries.drafts import totals_of
from mou.queries.readiness import points_of
from mou.rules import can_download, can_operate
from mou.sealing import is_development
from mou.states import MemorandumState

PAGE = 50


@login_required
def memorandum_list(request: SignedIn) -> HttpResponse:
    """Every memorandum the reader may see."""
    page = Paginator(queries.memoranda_of(request.user), PAGE).get_page(request.GET.get("page"))
    context = {"section": "memoranda", "page": page, "can_use_desk": can_use_desk(request.user)}
    return render(request, "mou/memorandum_list.html", context)


@login_required
def fair_memoranda(request: SignedIn, code: str) -> HttpResponse:
    """The memoranda of one fair."""
    fair = fair_for(request.user, code)
    found = queries.memoranda_of(request.user).filter(fair=fair)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "section": "fairs",
        "tab": "memoranda",
        "fair": fair,
        "page": page,
        "can_organise": can_organise(request.user, fair),
        "is_development_key": settings.SEAL_KEY_IS_DEVELOPMENT,
    }
    return render(request, "mou/fair_memoranda.html", context)


@login_required
def memorandum_page(request: SignedIn, code: str) -> HttpResponse:
    """One memorandum: its state, what comes next, who signed, its PDF."""
    memorandum = queries.memorandum_for(request.user, code)
    rendition = queries.sealed_rendition(memorandum)
    points = points_of(memorandum) if memorandum.state == MemorandumState.DRAFT else []
    return render(
        request,
        "mou/memorandum_page.html",
        {
            "section": "memoranda",
            "memorandum": memorandum,
            "turns": queries.turns_of(memorandum),
            "may_sign": queries.may_sign(memorandum),
            "rendition": rendition,
            "is_development_key": rendition and is_development(rendition.certificate_sha256),
            "related": queries.related_of(memorandum, is_public=False),
            "scan": queries.paper_rendition(memorandum),
            "shown_code": codes.shown(memorandum.code),
            "can_operate": can_operate(request.user, memorandum),
            "points": points,
            "is_ready": not any(point.is_blocking for point in points),
            "totals": totals_of(memorandum),
            "can_download": can_download(request.user, memorandum),
        },
    )


@login_required
@require_POST
def memorandum_freeze(request: SignedIn, code: str) -> HttpResponse:
    """Give it a number and freeze what it says."""
    memorandum = queries.operated_memorandum_for(request.user, code)
    actions.freeze_memorandum(
        memorandum=memorandum, actor=request.user, revision=seen_revision(request)
    )
    messages.success(request, _("The content is frozen and has its number. It can be signed now."))
    return redirect("memorandum_page", code)


@login_required
def memorandum_file(request: SignedIn, code: str) -> HttpResponseBase:
    """The sealed PDF, byte for byte."""
    memorandum = queries.memorandum_for(request.user, code)
    rendition = queries.sealed_rendition(memorandum)
    if rendition is None or not can_download(request.user, memorandum):
        raise Http404
    actions.note_download(memorandum=memorandum, actor=request.user)
    name = f"bien-ban-ghi-nho-{memorandum.number:02}-{memorandum.year}.pdf"
    response = FileResponse(
        open_file(rendition.file), content_type="application/pdf", filename=name
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response
