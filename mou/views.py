"""Doormen of the memoranda at the desk, and of one's own page."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.rules import SignedIn
from booths.queries import due_takings, producer_applications
from core import codes
from core.storage import open_file
from fairs.queries import fair_for, organised_fair_for
from fairs.rules import can_organise
from mou import actions, queries
from mou.forms import (
    CodeForm,
    DeclineForm,
    FileForm,
    PartiesForm,
    SignatureForm,
    TermsForm,
    line_forms,
    lines_of,
)
from mou.rendering import consent_statements, memorandum_text
from mou.rules import can_download, can_operate
from registry.queries import with_certificate

PAGE = 50


@login_required
def memorandum_list(request: SignedIn) -> HttpResponse:
    """Every memorandum the reader may see."""
    page = Paginator(queries.memoranda_of(request.user), PAGE).get_page(request.GET.get("page"))
    return render(request, "mou/memorandum_list.html", {"section": "memoranda", "page": page})


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
    }
    return render(request, "mou/fair_memoranda.html", context)


@login_required
def memorandum_create(request: SignedIn, code: str) -> HttpResponse:
    """Draw up a memorandum: first the parties, then the products and the terms."""
    fair = organised_fair_for(request.user, code)
    context = {"section": "fairs", "tab": "memoranda", "fair": fair}
    chosen = bool(request.GET.get("producer") or request.GET.get("distributor"))
    parties = PartiesForm(request.GET if chosen else None)
    if not parties.is_valid():
        return render(request, "mou/memorandum_parties.html", {**context, "form": parties})
    producer, distributor = parties.cleaned_data["producer"], parties.cleaned_data["distributor"]
    products = list(with_certificate(producer.products.all(), timezone.localdate()))
    posted = request.POST if request.method == "POST" else None
    initial = {"witness": fair.organiser, "place": "Hà Nội"}
    terms, lines = TermsForm(posted, initial=initial), line_forms(products, posted)
    if posted is not None and all([terms.is_valid(), *(line.is_valid() for line in lines)]):
        if lines_of(lines):
            memorandum = actions.draw_up_memorandum(
                fair=fair,
                producer=producer,
                distributor=distributor,
                lines=lines_of(lines),
                actor=request.user,
                **terms.cleaned_data,
            )
            return redirect("memorandum_page", memorandum.code)
        terms.add_error(None, _("Put at least one product in first."))
    context |= {"form": terms, "lines": lines, "producer": producer, "distributor": distributor}
    return render(request, "mou/memorandum_create.html", context, status=422 if posted else 200)


@login_required
def memorandum_page(request: SignedIn, code: str) -> HttpResponse:
    """One memorandum: its state, what comes next, who signed, its PDF."""
    memorandum = queries.memorandum_for(request.user, code)
    return render(
        request,
        "mou/memorandum_page.html",
        {
            "section": "memoranda",
            "memorandum": memorandum,
            "turns": queries.turns_of(memorandum),
            "may_sign": queries.may_sign(memorandum),
            "rendition": queries.sealed_rendition(memorandum),
            "shown_code": codes.shown(memorandum.code),
            "can_operate": can_operate(request.user, memorandum),
            "can_download": can_download(request.user, memorandum),
        },
    )


@login_required
@require_POST
def memorandum_freeze(request: SignedIn, code: str) -> HttpResponse:
    """Give it a number and freeze what it says."""
    memorandum = queries.operated_memorandum_for(request.user, code)
    actions.freeze_memorandum(memorandum=memorandum, actor=request.user)
    messages.success(request, _("The content is frozen and has its number. It can be signed now."))
    return redirect("memorandum_page", code)


@login_required
def memorandum_file(request: SignedIn, code: str) -> HttpResponseBase:
    """The sealed PDF, byte for byte."""
    memorandum = queries.memorandum_for(request.user, code)
    rendition = queries.sealed_rendition(memorandum)
    if rendition is None or not can_download(request.user, memorandum):
        raise Http404
    name = f"bien-ban-ghi-nho-{memorandum.number:02}-{memorandum.year}.pdf"
    response = FileResponse(
        open_file(rendition.file), content_type="application/pdf", filename=name
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response


@login_required
def my_home(request: SignedIn) -> HttpResponse:
    """What a producer or distributor has here: today's takings, applications, memoranda."""
    placements = producer_applications(request.user)
    return render(
        request,
        "mou/my_home.html",
        {
            "due": due_takings(placements, timezone.localdate()),
            "placements": placements,
            "memoranda": queries.memoranda_of(request.user),
        },
    )


@login_required
def table(request: SignedIn, code: str) -> HttpResponse:
    """The signing table of one memorandum: whose turn it is."""
    memorandum = queries.operated_memorandum_for(request.user, code)
    context = {
        "memorandum": memorandum,
        "turns": queries.turns_of(memorandum),
        "may_sign": queries.may_sign(memorandum),
        "text": memorandum_text(memorandum),
    }
    return _never_stored(render(request, "mou/table.html", context))


@login_required
@require_POST
def table_open(request: SignedIn, code: str) -> HttpResponse:
    """Begin one signer's turn."""
    memorandum = queries.operated_memorandum_for(request.user, code)
    role = request.POST.get("role", "")
    token = actions.open_session(memorandum=memorandum, role=role, actor=request.user)
    return redirect("table_turn", memorandum.code, token)


@login_required
def table_turn(request: SignedIn, code: str, token: str) -> HttpResponse:
    """One signer reads, consents and signs. The address works once."""
    memorandum = queries.operated_memorandum_for(request.user, code)
    session = queries.open_session_of(memorandum, token)
    if session is None:
        messages.error(request, _("This turn is over. Begin it again at the table."))
        return redirect("table", code)
    statements = consent_statements(memorandum, session.role)
    form = SignatureForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        ticked = set(request.POST.getlist("consent"))
        actions.sign_memorandum(
            token=token,
            actor=request.user,
            has_consented=ticked == {str(number) for number in range(len(statements))},
            **form.cleaned_data,
        )
        messages.success(request, _("Signed."))
        return redirect("table", code)
    turns = queries.turns_of(memorandum)
    context = {
        "memorandum": memorandum,
        "turns": turns,
        "turn": next(turn for turn in turns if turn.role == session.role),
        "session_role": session.role,
        "token": token,
        "statements": statements,
        "form": form,
        "decline_form": DeclineForm(),
        "text": memorandum_text(memorandum),
    }
    return _never_stored(render(request, "mou/table_turn.html", context))


@login_required
@require_POST
def table_decline(request: SignedIn, code: str, token: str) -> HttpResponse:
    """A signer says no."""
    memorandum = queries.operated_memorandum_for(request.user, code)
    form = DeclineForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    actions.decline_memorandum(token=token, reason=reason, actor=request.user)
    messages.success(request, _("Recorded."))
    return redirect("memorandum_page", memorandum.code)


def _never_stored(response: HttpResponse) -> HttpResponse:
    """Nothing of one signer may be found by the next, not even with the back button."""
    response.headers["Cache-Control"] = "no-store"
    return response


def verify(request: HttpRequest) -> HttpResponse:
    """Is this paper genuine? By its code, or by the file itself."""
    code_form = CodeForm(request.GET if "code" in request.GET else None)
    if code_form.is_valid():
        # A stroke between the groups is no part of the code, and would be one of the address.
        code = codes.normalise(code_form.cleaned_data["code"]).replace("/", "")
        return redirect("verify_code", code[:16] or "-")
    is_sent = request.method == "POST"
    file_form = FileForm(request.POST, request.FILES) if is_sent else FileForm()
    context: dict[str, Any] = {"section": "verify", "code_form": code_form, "file_form": file_form}
    if is_sent and file_form.is_valid():
        verdict, memorandum = queries.verdict_on(file_form.cleaned_data["file"].read())
        context |= {"verdict": verdict, "memorandum": memorandum}
    return render(request, "mou/verify.html", context)


def verify_code(request: HttpRequest, code: str) -> HttpResponse:
    """What anyone may know of the memorandum with this code, and nothing more."""
    memorandum = queries.genuine_memorandum(code)
    context = {
        "section": "verify",
        "memorandum": memorandum,
        "rendition": queries.sealed_rendition(memorandum) if memorandum else None,
        "code": codes.shown(codes.normalise(code)[:16]),
    }
    response = render(request, "mou/verify_code.html", context, status=200 if memorandum else 404)
    response.headers["X-Robots-Tag"] = "noindex"
    return response
