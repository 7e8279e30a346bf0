"""Doormen of the signing table."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.rules import SignedIn
from mou import actions, queries
from mou.forms import (
    DeclineForm,
    SignatureForm,
)
from mou.rendering import consent_statements, memorandum_text


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
