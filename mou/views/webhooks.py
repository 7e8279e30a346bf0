"""Doormen of the addresses that are told what happened."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import Role
from accounts.rules import SignedIn, has_role
from core.errors import DomainError, NotAllowed
from mou import actions, queries
from mou.forms import WebhookForm
from mou.models import Webhook


@login_required
def webhook_list(request: SignedIn) -> HttpResponse:
    """The addresses one decides about, and a form for another."""
    _require_organiser(request)
    if request.method != "POST":
        return _show(request, WebhookForm(actor=request.user))
    form = WebhookForm(request.POST, actor=request.user)
    if not form.is_valid():
        return _show(request, form, status=422)
    said = form.cleaned_data
    try:
        added = actions.add_webhook(url=said["url"], fair=said["fair"], actor=request.user)
    except DomainError as error:
        form.add_error("url", str(error))
        return _show(request, form, status=422)
    return _show(request, WebhookForm(actor=request.user), secret_of=added)


def _show(
    request: SignedIn, form: WebhookForm, *, secret_of: Webhook | None = None, status: int = 200
) -> HttpResponse:
    """A secret is shown once, in the answer to the press that made it."""
    context = {
        "section": "memoranda",
        "form": form,
        "webhooks": list(queries.webhooks_of(request.user)),
        "secret_of": secret_of,
    }
    response = render(request, "mou/webhook_list.html", context, status=status)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _require_organiser(request: SignedIn) -> None:
    if not has_role(request.user, [Role.ORGANISER]):
        raise NotAllowed("webhook.not_allowed", _("Only organisers decide who is told."))


def _webhook(request: SignedIn, number: int) -> Webhook:
    _require_organiser(request)
    return queries.webhooks_of(request.user).get(pk=number)


@login_required
@require_POST
def webhook_rotate(request: SignedIn, number: int) -> HttpResponse:
    """Sign with a new secret from now on."""
    row = actions.rotate_secret(webhook=_webhook(request, number), actor=request.user)
    return _show(request, WebhookForm(actor=request.user), secret_of=row)


@login_required
@require_POST
def webhook_test(request: SignedIn, number: int) -> HttpResponse:
    """Send a test message."""
    actions.try_webhook(webhook=_webhook(request, number), actor=request.user)
    messages.success(request, _("A test message is on its way."))
    return redirect("webhook_list")


@login_required
@require_POST
def webhook_remove(request: SignedIn, number: int) -> HttpResponse:
    """Tell that address nothing any more."""
    actions.remove_webhook(webhook=_webhook(request, number), actor=request.user)
    messages.success(request, _("This address is told nothing any more."))
    return redirect("webhook_list")
