"""Doormen of the signing table: one memorandum, one signer after the other."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.errors import DomainError, NotAllowed, StaleState
from mou import actions, queries
from mou.forms import (
    DeclineForm,
    OneTimeCodeForm,
    SignatureForm,
)
from mou.models import SigningSession
from mou.rendering import consent_statements, memorandum_text
from mou.rules import needs_code
from mou.views.tables import AtTable, at_table


@at_table
def table(request: HttpRequest, here: AtTable) -> HttpResponse:
    """The signing table of one memorandum: whose turn it is."""
    context = {
        **_shell(here),
        "may_sign": queries.may_sign(here.memorandum),
        "text": memorandum_text(here.memorandum),
    }
    return render(request, "mou/table.html", context)


@require_POST
@at_table
def table_open(request: HttpRequest, here: AtTable) -> HttpResponse:
    """Begin one signer's turn."""
    token = actions.open_session(
        memorandum=here.memorandum,
        role=request.POST.get("role", ""),
        actor=here.actor,
        device=here.device,
    )
    return redirect("table_turn", here.memorandum.code, token)


@at_table
def table_turn(request: HttpRequest, here: AtTable, token: str) -> HttpResponse:
    """One signer reads, consents and signs. The address works once."""
    session = queries.open_session_of(here.memorandum, token)
    if session is None:
        return _over_page(request, here, queries.why_over(here.memorandum, token))
    if needs_code(here.memorandum, session.role) and session.code_passed_at is None:
        return _turn_page(request, here, session, token, code_form=OneTimeCodeForm())
    statements = consent_statements(here.memorandum, session.role)
    form = SignatureForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        ticked = set(request.POST.getlist("consent"))
        try:
            actions.sign_memorandum(
                token=token,
                actor=here.actor,
                device=here.device,
                has_consented=ticked == {str(number) for number in range(len(statements))},
                **form.cleaned_data,
            )
        except StaleState as error:
            return _over_page(request, here, str(error))
        messages.success(request, _("Signed."))
        return redirect("table", here.memorandum.code)
    return _turn_page(request, here, session, token, form=form, statements=statements)


@require_POST
@at_table
def table_code(request: HttpRequest, here: AtTable, token: str) -> HttpResponse:
    """Send the signer a one-time code, or take the one they typed."""
    if "digits" not in request.POST:
        try:
            actions.send_code(token=token, actor=here.actor, device=here.device)
        except StaleState as error:
            return _over_page(request, here, str(error))
        messages.success(request, _("The code is on its way."))
        return redirect("table_turn", here.memorandum.code, token)
    form = OneTimeCodeForm(request.POST)
    try:
        if form.is_valid():
            actions.check_code(
                token=token,
                digits=form.cleaned_data["digits"],
                actor=here.actor,
                device=here.device,
            )
            return redirect("table_turn", here.memorandum.code, token)
    except NotAllowed:
        raise
    except StaleState as error:
        return _over_page(request, here, str(error))
    except DomainError as error:
        form.add_error("digits", str(error))
    session = queries.open_session_of(here.memorandum, token)
    if session is None:
        return _over_page(request, here, queries.why_over(here.memorandum, token))
    return _turn_page(request, here, session, token, code_form=form, status=422)


@require_POST
@at_table
def table_decline(request: HttpRequest, here: AtTable, token: str) -> HttpResponse:
    """A signer says no."""
    form = DeclineForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    try:
        actions.decline_memorandum(token=token, reason=reason, actor=here.actor, device=here.device)
    except StaleState as error:
        return _over_page(request, here, str(error))
    messages.success(request, _("Recorded."))
    if here.device:
        return redirect("table_station")
    return redirect("memorandum_page", here.memorandum.code)


def _over_page(request: HttpRequest, here: AtTable, told: str) -> HttpResponse:
    """A turn is used once. Whoever comes again is told why, and sees nothing of who had it."""
    context = {"memorandum": here.memorandum, "device": here.device, "told": told}
    return render(request, "mou/table_over.html", context, status=409)


def _shell(here: AtTable) -> dict[str, Any]:
    return {
        "memorandum": here.memorandum,
        "turns": queries.turns_of(here.memorandum),
        "device": here.device,
    }


def _turn_page(
    request: HttpRequest,
    here: AtTable,
    session: SigningSession,
    token: str,
    *,
    status: int = 200,
    **facts: Any,
) -> HttpResponse:
    shell = _shell(here)
    context = {
        **shell,
        "turn": next(turn for turn in shell["turns"] if turn.role == session.role),
        "session": session,
        "session_role": session.role,
        "token": token,
        "decline_form": DeclineForm(),
        "text": memorandum_text(here.memorandum),
        **facts,
    }
    return render(request, "mou/table_turn.html", context, status=status)
