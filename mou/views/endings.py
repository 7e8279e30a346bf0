"""Doormen of what happens to a memorandum after its signing: amended, replaced, ended, voided."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.rules import SignedIn
from core.errors import DomainError
from core.storage import open_file
from mou import actions, queries
from mou.forms import ReasonForm, TerminationForm
from mou.models import Memorandum
from mou.states import IN_FORCE, MEMORANDUM, MemorandumState


@login_required
def memorandum_ending(request: SignedIn, code: str) -> HttpResponse:
    """Everything that can still be done with a numbered memorandum."""
    memorandum = queries.operated_memorandum_for(request.user, code)
    return _show(request, memorandum, TerminationForm(), ReasonForm())


def _show(
    request: SignedIn,
    memorandum: Memorandum,
    termination: TerminationForm,
    reason: ReasonForm,
) -> HttpResponse:
    wrong = termination.errors or reason.errors
    context = {
        "section": "memoranda",
        "memorandum": memorandum,
        "termination": termination,
        "reason": reason,
        "is_in_force": memorandum.state in IN_FORCE and not memorandum.is_over,
        "can_terminate": MEMORANDUM.allows(memorandum.state, MemorandumState.TERMINATED),
        "can_void": MEMORANDUM.allows(memorandum.state, MemorandumState.VOID)
        and memorandum.number is not None,
        "asked_it": memorandum.void_asked_by == request.user,
    }
    return render(request, "mou/memorandum_ending.html", context, status=422 if wrong else 200)


@login_required
@require_POST
def memorandum_annex(request: SignedIn, code: str) -> HttpResponse:
    """Begin an annex."""
    memorandum = queries.operated_memorandum_for(request.user, code)
    annex = actions.draw_up_annex(memorandum=memorandum, actor=request.user)
    messages.success(request, _("The annex is drawn up. Change what it says, then freeze it."))
    return redirect("memorandum_page", annex.code)


@login_required
@require_POST
def memorandum_replace(request: SignedIn, code: str) -> HttpResponse:
    """Begin a replacement."""
    memorandum = queries.operated_memorandum_for(request.user, code)
    new = actions.draw_up_replacement(memorandum=memorandum, actor=request.user)
    messages.success(
        request, _("The replacement is drawn up; the old one ends when the new one is sealed.")
    )
    return redirect("memorandum_page", new.code)


@login_required
@require_POST
def memorandum_terminate(request: SignedIn, code: str) -> HttpResponse:
    """Say that one side has ended it."""
    memorandum = queries.operated_memorandum_for(request.user, code)
    form = TerminationForm(request.POST, request.FILES)
    if not form.is_valid():
        return _show(request, memorandum, form, ReasonForm())
    notice = form.cleaned_data["notice"]
    try:
        actions.terminate_memorandum(
            memorandum=memorandum,
            ended_on=form.cleaned_data["ended_on"],
            reason=form.cleaned_data["reason"],
            notice=notice.read() if notice else None,
            actor=request.user,
        )
    except DomainError as error:
        if error.code != "memorandum.ended_wrongly":
            raise
        form.add_error("ended_on", str(error))
        return _show(request, memorandum, form, ReasonForm())
    messages.success(request, _("Terminated. The verify page says so from now on."))
    return redirect("memorandum_page", code)


@login_required
@require_POST
def memorandum_void(request: SignedIn, code: str) -> HttpResponse:
    """Ask to void it, agree to that, or not."""
    memorandum = queries.operated_memorandum_for(request.user, code)
    match request.POST.get("answer"):
        case "agree":
            actions.agree_void(memorandum=memorandum, actor=request.user)
            messages.success(request, _("Void. Its number stays in the register."))
        case "refuse":
            actions.refuse_void(memorandum=memorandum, actor=request.user)
            messages.success(request, _("It is not voided."))
        case _asked:
            form = ReasonForm(request.POST)
            if not form.is_valid():
                return _show(request, memorandum, TerminationForm(), form)
            reason = form.cleaned_data["reason"]
            actions.ask_void(memorandum=memorandum, reason=reason, actor=request.user)
            messages.success(request, _("Asked. It is void once a second organiser agrees."))
    return redirect("memorandum_ending", code)


@login_required
def memorandum_notice(request: SignedIn, code: str) -> HttpResponseBase:
    """The notice by which it was ended, for the desk."""
    memorandum = queries.operated_memorandum_for(request.user, code)
    if memorandum.ending_document is None:
        raise Http404
    response = FileResponse(
        open_file(memorandum.ending_document),
        as_attachment=True,
        content_type="application/pdf",
        filename=f"thong-bao-cham-dut-{memorandum.number:02}-{memorandum.year}.pdf",
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response
