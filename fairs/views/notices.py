"""Doormen of the notices: writing one, watching it go out, and the link that ends them."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from accounts.rules import SignedIn
from core.errors import DomainError, NotAllowed, StaleState
from fairs import queries
from fairs.actions import notices as actions
from fairs.forms.notices import NoticeForm
from fairs.models import Fair, Notice
from fairs.queries import notices as reads
from fairs.rendering.notice import mail_to, shown_content
from fairs.rules import can_organise, check_announceable
from fairs.states import DeliveryState
from registry.models import Organisation

PAGE = 50


@login_required
def notice_list(request: SignedIn, code: str) -> HttpResponse:
    """What was sent about this fair, and how far each notice got."""
    fair = queries.fair_for(request.user, code)
    page = Paginator(reads.notices_of(fair), PAGE).get_page(request.GET.get("page"))
    context = {**_shell(request, fair), "page": page, "refusal": _refusal(fair)}
    return render(request, "fairs/notice_list.html", context)


@login_required
def notice_new(request: SignedIn, code: str) -> HttpResponse:
    """Write a notice (`step` count or edit), read it as somebody will (preview), and send it."""
    fair = queries.organised_fair_for(request.user, code)
    if request.method != "POST":
        if _refusal(fair):
            return redirect("notice_list", code)  # which says why
        return _form_page(request, NoticeForm(fair=fair), fair)
    step = request.POST.get("step", "preview")
    form = NoticeForm(request.POST, fair=fair)
    is_valid = form.is_valid()
    if step in ("count", "edit"):
        keeps = {"who", *form.offers} if step == "count" else {}
        for name in [name for name in form.errors if name not in keeps]:
            del form.errors[name]  # nothing is sent yet, so nothing is wrong yet
        return _form_page(request, form, fair, status=200)
    if not is_valid:
        return _form_page(request, form, fair)
    if step == "send":
        return _send(request, form, fair)
    return _preview_page(request, form, fair)


def _send(request: SignedIn, form: NoticeForm, fair: Fair) -> HttpResponse:
    number = form.cleaned_data["number"]
    try:
        notice = actions.send_notice(
            fair=fair, number=number, content=form.content, actor=request.user
        )
    except NotAllowed:
        raise
    except DomainError as error:
        if isinstance(error, StaleState):
            data = request.POST.copy()
            data["number"] = str(reads.next_number(fair))
            form = NoticeForm(data, fair=fair)
        form.add_error(None, str(error))
        return _form_page(request, form, fair, status=409)
    messages.success(request, _("Notice %(number)s is on its way.") % {"number": notice.number})
    return redirect("notice_page", fair.code, notice.number)


@login_required
def notice_page(request: SignedIn, code: str, number: int) -> HttpResponse:
    """One notice: its text, its letters, and which of them failed."""
    fair = queries.fair_for(request.user, code)
    notice = reads.notice_of(fair, number)
    state = request.GET.get("state", "")
    state = state if state in DeliveryState.values else ""
    page = Paginator(reads.deliveries_of(notice, state), PAGE).get_page(request.GET.get("page"))
    context = {
        **_shell(request, fair),
        "notice": notice,
        "page": page,
        "state": state,
        "states": DeliveryState,
        "refusal": _refusal(fair),
    }
    return render(request, "fairs/notice_page.html", context)


@login_required
@require_POST
def notice_retry(request: SignedIn, code: str, number: int) -> HttpResponse:
    """Send what failed once more."""
    fair = queries.organised_fair_for(request.user, code)
    notice = reads.notice_of(fair, number)
    actions.retry_notice(notice=notice, actor=request.user)
    messages.success(request, _("The e-mails that failed are sent again."))
    return redirect("notice_page", code, number)


@login_required
def notice_paper(request: SignedIn, code: str, number: int) -> HttpResponse:
    """Sheets of A4: whom to call or visit, and the text to hand over."""
    fair = queries.organised_fair_for(request.user, code)
    notice = reads.notice_of(fair, number)
    has_failed = request.GET.get("failed") == "1"
    calls = reads.calls_of(notice, has_failed=has_failed)
    context = {**_shell(request, fair), "notice": notice, "calls": calls, "has_failed": has_failed}
    return render(request, "fairs/notice_paper.html", context)


# RFC 8058: the mail provider presses for its reader, without a cookie and so without our token.
# The signed link is what allows it, and all that it allows.
@csrf_exempt
@never_cache
def unsubscribe(request: HttpRequest, signed: str) -> HttpResponse:
    """Ask whether to send no more notices (a link preview must not decide), then do it."""
    try:
        organisation = reads.organisation_behind(signed)
    except Organisation.DoesNotExist:
        return render(request, "fairs/notice_link_unknown.html", status=404)
    if request.method == "POST":
        is_back = "again" in request.POST
        change = actions.subscribe_again if is_back else actions.unsubscribe
        change(organisation=organisation)
        organisation.refresh_from_db()
    context = {"organisation": organisation, "is_done": request.method == "POST"}
    response = render(request, "fairs/notice_unsubscribe.html", context)
    response["Referrer-Policy"] = "strict-origin"  # the link is this organisation's alone
    return response


def _shell(request: SignedIn, fair: Fair) -> dict[str, Any]:
    return {
        "section": "fairs",
        "tab": "notices",
        "fair": fair,
        "can_organise": can_organise(request.user, fair),
    }


def _refusal(fair: Fair) -> str:
    """Why nothing can be sent about the fair now; empty if it can."""
    try:
        check_announceable(fair)
    except DomainError as error:
        return str(error)
    return ""


def _form_page(
    request: SignedIn, form: NoticeForm, fair: Fair, *, status: int | None = None
) -> HttpResponse:
    is_counted = form.is_bound and form.audience.is_chosen
    context = {
        **_shell(request, fair),
        "form": form,
        "reach": reads.reach_of(form.audience) if is_counted else None,
    }
    status = status or (422 if form.errors else 200)
    return render(request, "fairs/notice_form.html", context, status=status)


def _preview_page(request: SignedIn, form: NoticeForm, fair: Fair) -> HttpResponse:
    """The very mail that one of them will read."""
    content = form.content
    reach = reads.reach_of(content.audience)
    if not reach.matched:
        form.add_error("who", _("No producer fits this choice."))
        return _form_page(request, form, fair)
    notice = Notice(fair=fair, subject=content.subject, body=content.body)
    readers = reads.readers_of(content.audience)
    wanted = request.POST.get("reader", "")
    reader = next((each for each in readers if each.code == wanted), next(iter(readers), None))
    context = {
        **_shell(request, fair),
        "form": form,
        "notice": notice,
        "reach": reach,
        "readers": readers,
        "reader": reader,
        "send_label": _send_label(reach),
    }
    if reader:
        context["mail"] = mail_to(reader, reader.email, notice=notice)
        context["html"] = shown_content(reader, notice)
    return render(request, "fairs/notice_preview.html", context)


def _send_label(reach: reads.Reach) -> str:
    if not reach.by_email:
        return _("Make the printed list")
    label = ngettext("Send %(count)s e-mail", "Send %(count)s e-mails", reach.by_email)
    return label % {"count": reach.by_email}
