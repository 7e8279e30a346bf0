"""Doormen of those who apply: on their phone, from a link, and at the desk for others."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.rules import SignedIn
from booths import queries, rendering
from booths.actions import apply as actions
from booths.actions.own import CHANGEABLE
from booths.forms.apply import (
    NeedsForm,
    ProductsForm,
    SendForm,
    StepForm,
    WishesForm,
    stored_values,
)
from booths.models import Application, Partner
from booths.queries.apply import (
    Applicant,
    applicants_of,
    application_by_token,
    find_applicants,
    my_application,
    offered_products,
    wishes_known,
)
from booths.queries.sharing import left_by, open_partners
from booths.queries.waiting import waiter_of
from booths.rendering.apply import certificate_in_words, consent_text, receipt_of
from booths.rendering.sharing import partner_days
from booths.rules import acts_for, can_enter_for_others, takes_applications
from booths.states import APPLICATION, ApplicationState
from core.errors import DomainError, NotAllowed, StaleState
from core.text import clean
from core.vietnam import shown_days
from fairs.models import Fair
from fairs.queries import fair_for, public_fairs
from fairs.states import OVER, FairState

STEPS = ("products", "booths", "wishes", "send")
# Where an error of an action is shown.
FIELDS = {
    "apply.products_missing": "products",
    "apply.product_unknown": "products",
    "apply.product_barred": "products",
    "apply.booths_number": "booths_wanted",
    "apply.power": "power_kw",
    "apply.note_missing": "note",
}


@login_required
def apply(request: SignedIn, code: str) -> HttpResponse:
    """Begin an application, or go on with it: for which of one's organisations."""
    fair = public_fairs().get(code=code)
    applicants = applicants_of(request.user, fair)
    error, status = "", 200
    if request.method == "POST":
        try:
            return _begin(request, fair, applicants)
        except NotAllowed:
            raise
        except DomainError as refused:
            error, status = str(refused), 409
    context = {
        "section": "fairs",
        "fair": fair,
        "applicants": applicants,
        "is_open": takes_applications(fair, timezone.now()),
        "error": error,
    }
    return render(request, "booths/apply.html", context, status=status)


def _begin(request: SignedIn, fair: Fair, applicants: list[Applicant]) -> HttpResponse:
    if not takes_applications(fair, timezone.now()):
        raise DomainError("apply.closed", _("Applications for this fair are closed."))
    wanted = clean(request.POST.get("organisation", ""))
    found = (each for each in applicants if each.organisation.code == wanted)
    applicant = next(found, None)
    if applicant is None:
        raise DomainError("apply.organisation_unknown", _("Choose for which unit you apply."))
    application = actions.begin_application(
        fair=fair, organisation=applicant.organisation, actor=request.user
    )
    if applicant.application:
        messages.info(request, _("This unit has an application already. Here it is."))
        return redirect("my_application", application.code)
    return redirect("my_application_step", application.code, STEPS[0])


@login_required
def application_enter(request: SignedIn, code: str) -> HttpResponse:
    """At the desk: begin an application for a producer who does not apply by phone."""
    fair = fair_for(request.user, code)
    if not can_enter_for_others(request.user, fair):
        raise NotAllowed(
            "apply.not_officer", _("Only organisers and commune officers apply for others.")
        )
    search = request.GET.get("q", "")
    applicants = find_applicants(fair, search)
    error, status = "", 200
    if request.method == "POST":
        wanted = clean(request.POST.get("organisation", ""))
        applicants = [
            each for each in find_applicants(fair, wanted) if each.organisation.code == wanted
        ]
        try:
            return _begin(request, fair, applicants)
        except NotAllowed:
            raise
        except DomainError as refused:
            error, status, search = str(refused), 409, wanted
    context = {
        "section": "fairs",
        "tab": "applications",
        "fair": fair,
        "search": search,
        "applicants": applicants,
        "is_open": takes_applications(fair, timezone.now()),
        "error": error,
    }
    return render(request, "booths/application_enter.html", context, status=status)


@require_safe
def application_link(request: HttpRequest, token: str) -> HttpResponse:
    """The link of an application: after signing in, the draft or the receipt."""
    try:
        application = application_by_token(token)
    except ObjectDoesNotExist:
        return render(request, "booths/apply_link_ended.html", status=404)
    is_over = application.fair.state in OVER
    if is_over or application.state == ApplicationState.WITHDRAWN:
        context = {"application": application}
        return render(request, "booths/apply_link_ended.html", context, status=410)
    if application.state == ApplicationState.DRAFT:
        return redirect("my_application_step", application.code, STEPS[0])
    return redirect("my_application", application.code)


@login_required
@require_safe
def my_application_page(request: SignedIn, application: str) -> HttpResponse:
    """What was asked for, with its number: the receipt."""
    row = my_application(request.user, application)
    return _show_receipt(request, row)


def _show_receipt(request: SignedIn, row: Application, error: str = "") -> HttpResponse:
    over = (*OVER, FairState.RUNNING)
    is_open = takes_applications(row.fair, timezone.now())
    context = {
        "application": row,
        "fair": row.fair,
        "receipt": receipt_of(row),
        "products": row.products.all(),
        "offers": rendering.offers_of(row),
        "wishes": rendering.wishes_in_words(row.wishes),
        "sharing": _sharing(row),
        "left_by": left_by(row),
        "booths": queries.booth_codes_of(row),
        "waiter": waiter_of(row),
        "refusal": queries.refusal_of(row),
        "priority": rendering.priority_in_words(row) if row.priority_parts else "",
        "is_open": is_open,
        "can_change": is_open and row.state in CHANGEABLE,
        "can_withdraw": row.fair.state not in over
        and APPLICATION.allows(row.state, ApplicationState.WITHDRAWN),
        "error": error,
    }
    return render(request, "booths/my_application.html", context, status=422 if error else 200)


def _sharing(row: Application) -> list[tuple[Partner, str]]:
    """Who shares the booth, each with their days in words."""
    return [(each, shown_days(partner_days(each, row.fair))) for each in open_partners(row)]


@login_required
@require_POST
def my_application_withdraw(request: SignedIn, application: str) -> HttpResponse:
    """Take it back, once that is confirmed."""
    row = my_application(request.user, application)
    if request.POST.get("confirm") != "yes":
        return _show_receipt(request, row, _("Tick that you mean it; nothing was withdrawn."))
    actions.withdraw_application(application=row, actor=request.user)
    messages.success(request, _("The application is withdrawn."))
    return redirect("my_application", row.code)


@login_required
def my_application_step(request: SignedIn, application: str, step: str) -> HttpResponse:
    """One of the four steps; saved when it is sent, on whichever phone."""
    row = my_application(request.user, application)
    if step not in STEPS:
        raise Http404
    if step == STEPS[-1] and row.state != ApplicationState.DRAFT:
        return redirect("my_application", row.code)
    if request.method != "POST":
        return _show_step(request, row, step, _form(request, row, step), seen=row.version)
    form = _form(request, row, step, request.POST)
    if not form.is_valid():
        seen = form.cleaned_data.get("version") or 0
        return _show_step(request, row, step, form, seen=seen, status=422)
    try:
        SAVES[step](row, form, request)
    except NotAllowed:
        raise
    except StaleState as error:
        row = my_application(request.user, application)
        form.add_error(None, str(error))
        return _show_step(request, row, step, form, seen=row.version, status=409, is_stale=True)
    except DomainError as error:
        form.add_error(FIELDS.get(error.code), str(error))
        return _show_step(request, row, step, form, seen=form.seen, status=409)
    return _go_on(request, row, step)


def _go_on(request: SignedIn, row: Application, step: str) -> HttpResponse:
    if "share" in request.POST:
        return redirect("my_application_sharing", row.code)
    if "later" in request.POST:
        messages.success(request, _("Saved. You can go on here or on another phone."))
        return redirect("my_application", row.code)
    if step == "wishes" and "add" in request.POST:
        return redirect(reverse("my_application_step", args=[row.code, step]) + "#answers")
    if step == STEPS[-1]:
        messages.success(request, _("The application has arrived. Thank you!"))
        return redirect("my_application", row.code)
    following = STEPS[STEPS.index(step) + 1]
    if following == STEPS[-1] and row.state == ApplicationState.SUBMITTED:
        messages.success(request, _("The change is saved; the application remains sent."))
        return redirect("my_application", row.code)
    return redirect("my_application_step", row.code, following)


def _form(request: SignedIn, row: Application, step: str, data: Any = None) -> StepForm:
    manners: dict[str, Any] = {"initial": stored_values(row)}
    if step == "products":
        offered = offered_products(row.organisation, row.fair.end)
        return ProductsForm(data, offered=offered, **manners)
    if step == "booths":
        return NeedsForm(data, **manners)
    if step == "wishes":
        known = wishes_known(queries.plan_of(row.fair))
        return WishesForm(data, known=known, kept=row.wishes, **manners)
    return SendForm(data, is_own=acts_for(request.user, row), **manners)


def _save_products(row: Application, form: Any, request: SignedIn) -> None:
    codes = form.cleaned_data["products"]
    actions.choose_products(application=row, seen=form.seen, codes=codes, actor=request.user)


def _save_needs(row: Application, form: Any, request: SignedIn) -> None:
    actions.state_needs(application=row, seen=form.seen, needs=form.needs, actor=request.user)


def _save_wishes(row: Application, form: Any, request: SignedIn) -> None:
    actions.choose_wishes(application=row, seen=form.seen, wishes=form.wishes, actor=request.user)


def _send(row: Application, form: Any, request: SignedIn) -> None:
    said = {name: form.cleaned_data[name] for name in ("consent", "note") if name in form.fields}
    actions.submit_application(application=row, seen=form.seen, actor=request.user, **said)


SAVES: dict[str, Callable[[Application, Any, SignedIn], None]] = {
    "products": _save_products,
    "booths": _save_needs,
    "wishes": _save_wishes,
    "send": _send,
}


def _show_step(
    request: SignedIn, row: Application, step: str, form: StepForm, *, seen: int, **facts: Any
) -> HttpResponse:
    status = facts.pop("status", 200)
    number = STEPS.index(step)
    context: dict[str, Any] = {
        "application": row,
        "fair": row.fair,
        "form": form,
        "seen": seen,
        "step": number + 1,
        "total": len(STEPS),
        "left": len(STEPS) - number - 1,
        "before": STEPS[number - 1] if number else "",
        "can_change": takes_applications(row.fair, timezone.now()) and row.state in CHANGEABLE,
        "products": row.products.all(),
        "offers": rendering.offers_of(row),
        "wishes": rendering.wishes_in_words(row.wishes),
        "sharing": _sharing(row),
        **facts,
    }
    if step == "products":
        context["choices"] = _product_choices(row, form)
    elif step == "wishes":
        context |= _drawing(request, row)
        if request.headers.get("X-Part") == "booth":
            return render(request, "booths/apply_booth.html", context)
    elif step == "send":
        context["consent"] = consent_text(row.fair)
    return render(request, f"booths/apply_{step}.html", context, status=status)


def _product_choices(row: Application, form: StepForm) -> list[dict[str, Any]]:
    chosen = set(form["products"].value() or [])
    return [
        {
            "offered": each,
            "words": certificate_in_words(each, row.fair),
            "is_on": each.product.code in chosen,
        }
        for each in offered_products(row.organisation, row.fair.end)
    ]


def _drawing(request: SignedIn, row: Application) -> dict[str, Any]:
    plan = queries.plan_of(row.fair)
    code = request.GET.get("booth", "")
    if plan is None:
        return {"drawing": None}
    booth = next((each for each in plan.booths.all() if each.code == code), None)
    wished = {name for kind, name in row.wishes if kind == "booth"}
    return {
        "drawing": rendering.draw_plan(plan, chosen=wished | ({code} if booth else set())),
        "booth": booth,
        "size": rendering.size_of(booth) if booth else "",
        "booth_offers": rendering.offers_of(booth) if booth else [],
        "groups": [group.name for group in booth.groups.all()] if booth else [],
    }
