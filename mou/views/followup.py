"""Doormen of what became of memoranda: the page of one tap, and the desk's lists."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.rules import SignedIn, can_use_desk
from core.errors import DomainError, NotAllowed, StaleState
from fairs.queries import fairs_of
from fairs.rules import can_organise
from mou import actions, queries
from mou.forms import FollowUpForm
from mou.forms.followup import initial_of
from mou.models import Answer, FollowUp
from mou.states import GENUINE

PAGE = 50
WAYS = (
    ("due", gettext_lazy("Due")),
    ("overdue", gettext_lazy("Overdue")),
    ("answered", gettext_lazy("Answered")),
    ("later", gettext_lazy("Later")),
    ("", gettext_lazy("All")),
)


def follow_up(request: HttpRequest, token: str) -> HttpResponse:
    """One side says what became of a memorandum: one tap, the rest if they like."""
    row = queries.follow_up_with(token)
    response = _ask(request, row, "mou/follow_up.html", on_behalf=False)
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "strict-origin"
    return response


@login_required
def follow_up_enter(request: SignedIn, number: int) -> HttpResponse:
    """An organiser writes down what a party said on the telephone."""
    _require_desk(request)
    row = queries.desk_follow_ups(request.user).get(pk=number)
    if not can_organise(request.user, row.memorandum.fair):
        raise NotAllowed("fair.not_organiser", _("Only an organiser of this fair may do this."))
    return _ask(request, row, "mou/follow_up_enter.html", on_behalf=True)


def _ask(request: HttpRequest, row: FollowUp, template: str, *, on_behalf: bool) -> HttpResponse:
    form = FollowUpForm(request.POST if request.method == "POST" else None, initial=initial_of(row))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                actions.answer_follow_up(
                    follow_up=row,
                    version=form.cleaned_data["version"],
                    answer=form.cleaned_data["answer"],
                    details=form.details,
                    actor=request.user if request.user.is_authenticated else None,
                    on_behalf=on_behalf,
                )
            except StaleState as error:
                row.refresh_from_db()
                typed = {**initial_of(row), **form.cleaned_data, "version": row.version}
                if form.details is None:
                    typed = {**initial_of(row), "answer": form.cleaned_data["answer"]}
                form, status = FollowUpForm(initial=typed), 409
                messages.error(request, str(error))
            except DomainError as error:
                form.add_error(None, str(error))
                status = 409
            else:
                messages.success(request, _("Thank you. Your answer is kept."))
                return redirect(_after(row, on_behalf=on_behalf))
    context = {
        "section": "memoranda",
        "follow_up": row,
        "memorandum": row.memorandum,
        "party": queries.party_of(row),
        "form": form,
        "answers": Answer,
        "typed": form["answer"].value(),
        "is_open": row.is_open(timezone.localdate()) and row.memorandum.state in GENUINE,
    }
    return render(request, template, context, status=status)


def _after(row: FollowUp, *, on_behalf: bool) -> str:
    return reverse("follow_up_list") if on_behalf else reverse("follow_up", args=[row.token])


def _require_desk(request: SignedIn) -> None:
    if not can_use_desk(request.user):
        raise NotAllowed("desk.not_allowed", _("Only the people of the desk see this page."))


@login_required
def follow_up_list(request: SignedIn) -> HttpResponse:
    """Every question: due, overdue, answered; by fair and distributor."""
    _require_desk(request)
    chosen = {name: request.GET.get(name, "") for name in ("way", "fair", "distributor")}
    if "way" not in request.GET:
        chosen["way"] = "due"
    found = queries.desk_follow_ups(request.user, **chosen)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "section": "memoranda",
        "page": page,
        "rows": [(row, queries.party_of(row), _can_enter(request, row)) for row in page],
        "chosen": chosen,
        "ways": WAYS,
        "fairs": fairs_of(request.user).filter(memoranda__follow_ups__isnull=False).distinct(),
        "distributors": queries.asked_distributors(request.user),
        "tabs": _tabs("follow_up_list"),
    }
    return render(request, "mou/follow_up_list.html", context)


def _can_enter(request: SignedIn, row: FollowUp) -> bool:
    return row.is_open(timezone.localdate()) and can_organise(request.user, row.memorandum.fair)


@login_required
def follow_up_calls(request: SignedIn) -> HttpResponse:
    """Those without e-mail, to be asked by telephone; made to be printed."""
    _require_desk(request)
    found = queries.to_be_called(request.user)
    rows = [(row, party, _can_enter(request, row)) for row, party in found]
    context = {"section": "memoranda", "rows": rows, "tabs": _tabs("follow_up_calls")}
    return render(request, "mou/follow_up_calls.html", context)


@login_required
def follow_up_outcomes(request: SignedIn) -> HttpResponse:
    """How many memoranda became contracts, by distributor and by fair."""
    _require_desk(request)
    by_distributor, by_fair = queries.outcomes(request.user)
    context = {
        "section": "memoranda",
        "groups": [
            (_("By distributor"), _("Distributor"), by_distributor),
            (_("By fair"), _("Fair"), by_fair),
        ],
        "tabs": _tabs("follow_up_outcomes"),
    }
    return render(request, "mou/follow_up_outcomes.html", context)


def _tabs(current: str) -> list[dict[str, object]]:
    names = (
        ("follow_up_list", _("Questions")),
        ("follow_up_calls", _("To be telephoned")),
        ("follow_up_outcomes", _("What came of it")),
    )
    return [
        {"url": reverse(name), "label": label, "current": name == current} for name, label in names
    ]
