"""Doormen of a shared booth: the applicant names who shares it, and those agree."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.rules import SignedIn
from booths import queries, rendering
from booths.actions import sharing as actions
from booths.forms.apply import StepForm
from booths.forms.sharing import DaysForm, PartnerForm, SharingForm
from booths.models import Application, Partner
from booths.queries.apply import my_application, offered_products
from booths.queries.sharing import days_of, open_partners, partner_by_token
from booths.rendering.apply import certificate_in_words
from booths.rendering.sharing import (
    invitation_of,
    partner_days,
    sharing_consent,
)
from booths.rules import MOST_PARTNERS, can_enter_for_others, represents, takes_applications
from booths.states import ApplicationState
from core.errors import DomainError, NotAllowed, StaleState
from core.text import clean
from core.vietnam import shown_days
from fairs.states import OVER, FairState

FIELDS = {
    "apply.products_missing": "products",
    "apply.product_unknown": "products",
    "apply.product_barred": "products",
    "apply.consent_missing": "consent",
    "apply.note_missing": "note",
}


@login_required
def my_application_sharing(request: SignedIn, application: str) -> HttpResponse:
    """Who shares the booth on which days: found, divided, taken off."""
    row = my_application(request.user, application)
    if request.method != "POST":
        return _show_sharing(request, row)
    if "end" in request.POST:
        return _end_for_applicant(request, row)
    partners = open_partners(row)
    is_days = "divide" in request.POST
    form = _days_form(row, partners, request.POST) if is_days else PartnerForm(request.POST)
    shown = {"days_form" if is_days else "form": form}
    if not form.is_valid():
        return _show_sharing(request, row, status=422, **shown)
    try:
        _save(row, form, request)
    except NotAllowed:
        raise
    except DomainError as error:
        row = my_application(request.user, application)
        field = "contact" if error.code.startswith("sharing.") and not is_days else None
        form.add_error(field, str(error))
        return _show_sharing(request, row, status=409, **shown)
    return redirect("my_application_sharing", row.code)


def _save(row: Application, form: StepForm, request: SignedIn) -> None:
    who: dict[str, Any] = {"application": row, "seen": form.seen, "actor": request.user}
    if isinstance(form, DaysForm):
        codes = {each.token: each.organisation.code for each in open_partners(row)}
        codes[DaysForm.OWN] = row.organisation.code
        # One who left meanwhile has no code, and that is told.
        households = {day: codes.get(key, "") for day, key in form.households.items()}
        actions.divide_days(households=households, **who)
        messages.success(request, _("The days are saved."))
    else:
        partner = actions.name_partner(contact=form.cleaned_data["contact"], **who)
        messages.success(request, _("%(name)s is named. Send them their link.") % {"name": partner})


def _end_for_applicant(request: SignedIn, row: Application) -> HttpResponse:
    token = clean(request.POST["end"])
    partner = next((each for each in open_partners(row) if each.token == token), None)
    if partner is None:
        raise StaleState("sharing.ended", _("This booth is no longer shared."))
    actions.end_sharing(partner=partner, actor=request.user)
    messages.success(request, _("%(name)s is taken off.") % {"name": partner})
    return redirect("my_application_sharing", row.code)


def _days_form(row: Application, partners: list[Partner], data: Any = None) -> DaysForm:
    theirs = {
        f"day_{each.day}": partner.token for partner in partners for each in partner.days.all()
    }
    days = days_of(row.fair)
    own = {f"day_{number}": DaysForm.OWN for number in range(1, len(days) + 1)}
    households = [(DaysForm.OWN, str(row.organisation))]
    households += [(each.token, str(each)) for each in partners]
    return DaysForm(data, days=days, households=households, initial={**own, **theirs})


def _show_sharing(
    request: SignedIn, row: Application, *, status: int = 200, **shown: Any
) -> HttpResponse:
    partners = open_partners(row)
    is_open = takes_applications(row.fair, timezone.now())
    context = {
        "application": row,
        "fair": row.fair,
        "seen": row.version,
        "invitations": [invitation_of(each, row.fair) for each in partners],
        "form": PartnerForm(),
        "days_form": _days_form(row, partners) if partners else None,
        "can_share": is_open and row.state == ApplicationState.DRAFT and row.fair.days > 1,
        "can_add": len(partners) < min(MOST_PARTNERS, row.fair.days - 1),
        "is_one_day": row.fair.days == 1,
        **shown,
    }
    return render(request, "booths/apply_sharing.html", context, status=status)


@login_required
def my_sharing(request: SignedIn, token: str) -> HttpResponse:
    """The page of a household that is asked to share a booth, or shares it."""
    partner = _partner_for(request, token)
    if request.method != "POST":
        return _show_partner(request, partner, _sharing_form(request, partner))
    form = _sharing_form(request, partner, request.POST)
    if not form.is_valid():
        return _show_partner(request, partner, form, status=422)
    said = {name: form.cleaned_data[name] for name in ("consent", "note") if name in form.fields}
    try:
        actions.confirm_sharing(
            partner=partner,
            seen=form.seen_days,
            codes=form.cleaned_data["products"],
            actor=request.user,
            **said,
        )
    except NotAllowed:
        raise
    except DomainError as error:
        form.add_error(FIELDS.get(error.code), str(error))
        return _show_partner(request, partner_by_token(token), form, status=409)
    messages.success(request, _("Agreed. Thank you! The applicant can now send the application."))
    return redirect("my_sharing", token)


def _partner_for(request: SignedIn, token: str) -> Partner:
    partner = partner_by_token(token)
    is_own = represents(request.user, partner.organisation)
    if not is_own and not can_enter_for_others(request.user, partner.application.fair):
        raise NotAllowed("sharing.not_yours", _("This link is for another household. Send it on."))
    return partner


def _sharing_form(request: SignedIn, partner: Partner, data: Any = None) -> SharingForm:
    fair = partner.application.fair
    offered = offered_products(partner.organisation, fair.end)
    chosen = [product.code for product in partner.products.all()]
    return SharingForm(
        data,
        offered=offered,
        is_own=represents(request.user, partner.organisation),
        initial={"products": chosen},
    )


def _show_partner(
    request: SignedIn, partner: Partner, form: SharingForm, *, status: int = 200, error: str = ""
) -> HttpResponse:
    application, fair = partner.application, partner.application.fair
    is_over = partner.ended_at is not None or application.state == ApplicationState.WITHDRAWN
    is_open = takes_applications(fair, timezone.now())
    chosen = set(form["products"].value() or [])
    context = {
        "partner": partner,
        "application": application,
        "fair": fair,
        "days": shown_days(partner_days(partner, fair)),
        "seen_days": " ".join(str(each.day) for each in partner.days.all()),
        "products": partner.products.all(),
        "choices": [
            {
                "offered": each,
                "words": certificate_in_words(each, fair),
                "is_on": each.product.code in chosen,
            }
            for each in offered_products(partner.organisation, fair.end)
        ],
        "offers": rendering.offers_of(application),
        "booths": () if is_over else queries.booth_codes_of(application),
        "consent": sharing_consent(partner, fair),
        "form": form,
        "is_over": is_over,
        "can_confirm": not is_over
        and partner.confirmed_at is None
        and is_open
        and application.state == ApplicationState.DRAFT,
        "can_end": not is_over and fair.state not in (*OVER, FairState.RUNNING),
        "error": error,
    }
    return render(request, "booths/my_sharing.html", context, status=status if not error else 422)


@login_required
@require_POST
def my_sharing_end(request: SignedIn, token: str) -> HttpResponse:
    """The household declines, or shares no longer, once that is confirmed."""
    partner = _partner_for(request, token)
    if request.POST.get("confirm") != "yes":
        sentence = _("Tick that you mean it; nothing was changed.")
        return _show_partner(request, partner, _sharing_form(request, partner), error=sentence)
    actions.end_sharing(partner=partner, actor=request.user)
    messages.success(request, _("You no longer share this booth."))
    return redirect("my_sharing", token)
