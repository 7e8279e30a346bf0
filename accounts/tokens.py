"""Pages: the tokens with which programs act for the reader."""

from datetime import timedelta

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.actions import make_api_token, revoke_api_token
from accounts.models import ApiToken, Role, Scope
from accounts.rules import SignedIn, can_use_desk, has_role
from core.errors import DomainError, NotAllowed
from core.text import clean


class TokenForm(forms.Form):
    """What a new token is for."""

    label = forms.CharField(
        label=gettext_lazy("Program"),
        max_length=80,
        help_text=gettext_lazy("So that you know it again."),
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("It may"), choices=Scope.choices, widget=forms.CheckboxSelectMultiple
    )
    fair_code = forms.CharField(
        label=gettext_lazy("Only at the fair with this code"), max_length=60, required=False
    )
    days = forms.TypedChoiceField(
        label=gettext_lazy("Works for"),
        coerce=int,
        choices=[
            (30, gettext_lazy("30 days")),
            (90, gettext_lazy("90 days")),
            (365, gettext_lazy("one year")),
        ],
    )

    def clean_label(self) -> str:
        return clean(self.cleaned_data["label"])


@login_required
def token_list(request: SignedIn) -> HttpResponse:
    """One's own tokens. A new one is shown once, in the answer to the form that asked for it."""
    if not can_use_desk(request.user):
        raise NotAllowed("desk.not_allowed", _("Only the people of the desk see this page."))
    form = TokenForm(request.POST if request.method == "POST" else None)
    token, status = "", 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            said = form.cleaned_data
            try:
                token = make_api_token(
                    user=request.user,
                    label=said["label"],
                    scopes=said["scopes"],
                    fair_code=said["fair_code"],
                    life=timedelta(days=said["days"]),
                )
                form, status = TokenForm(), 200
            except DomainError as error:
                form.add_error("fair_code", str(error))
    context = {"section": "", "form": form, "token": token}
    context["is_organiser"] = has_role(request.user, [Role.ORGANISER])
    context["tokens"] = list(ApiToken.objects.filter(user=request.user))
    response = render(request, "accounts/token_list.html", context, status=status)
    response.headers["Cache-Control"] = "private, no-store"
    return response


@login_required
@require_POST
def token_revoke(request: SignedIn, number: int) -> HttpResponse:
    """End one of one's own tokens."""
    token = ApiToken.objects.select_related("user").get(pk=number, user=request.user)
    revoke_api_token(token=token, actor=request.user)
    messages.success(request, _("The token does not work any more."))
    return redirect("token_list")
