"""Doormen of a fair's papers: its checklist, and the documents for it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.rules import SignedIn
from core.errors import DomainError, StaleState
from core.storage import open_file
from core.vietnam import shown_date
from fairs import queries
from fairs.actions import papers as actions
from fairs.forms.papers import PaperForm, TickForm
from fairs.models import ChecklistItem, Document, Fair
from fairs.queries.legal import (
    checklist_of,
    documents_of,
    expires_early,
    papers_of,
    rule_book,
    versions_before,
)
from fairs.rules import can_organise, registration_days


@login_required
def papers(request: SignedIn, code: str) -> HttpResponse:
    """What the fair's legal basis asks for, and what of it is there."""
    fair = queries.fair_for(request.user, code)
    today = timezone.localdate()
    book, held = rule_book(), papers_of([fair])[fair.pk]
    entries = checklist_of(fair, book, held, today)
    older = versions_before(documents_of(fair))
    shown = {entry.document.pk for entry in entries if entry.document}
    rule = book.rule_of(fair)
    return render(
        request,
        "fairs/papers.html",
        {
            **_shell(fair),
            "rule": rule,
            "window": registration_days(fair, rule),
            "rows": [
                (entry, older[entry.document.pk] if entry.document else []) for entry in entries
            ],
            "open_count": sum(entry.is_open for entry in entries),
            "others": [
                (document, expires_early(document, fair), older[document.pk])
                for document in held.documents
                if document.pk not in shown
            ],
            "can_organise": can_organise(request.user, fair),
        },
    )


@login_required
def paper_add(request: SignedIn, code: str) -> HttpResponse:
    """Upload a paper: `item` names a line of the checklist, `replaces` an older version."""
    fair = queries.organised_fair_for(request.user, code)
    if request.method != "POST":
        return _show_upload(request, fair, PaperForm(fair=fair, initial=_initial(request, fair)))
    form = PaperForm(request.POST, request.FILES, fair=fair)
    if not form.is_valid():
        return _show_upload(request, fair, form, status=422)
    replaces: Document | None = form.cleaned_data["replaces"]
    item = replaces.item if replaces else form.cleaned_data["item"]
    try:
        document = actions.upload_document(
            fair=fair, paper=form.paper(), actor=request.user, item=item, replaces=replaces
        )
    except StaleState as error:
        return _show_newer(request, fair, item, replaces, error)
    except DomainError as error:
        form.add_error("file", str(error))
        return _show_upload(request, fair, form, status=422)
    messages.success(request, _("“%(title)s” is kept.") % {"title": document.title})
    if document.valid_until and expires_early(document, fair):
        text = _("It is valid until %(day)s only, and the fair's last day is %(last)s.")
        days = {"day": shown_date(document.valid_until), "last": shown_date(fair.end)}
        messages.warning(request, text % days)
    return redirect("papers", code)


def _initial(request: SignedIn, fair: Fair) -> dict[str, Any]:
    """What the address says: a line of the checklist, or the paper to be replaced."""
    asked = PaperForm(request.GET, fair=fair)
    asked.is_valid()
    replaces = asked.cleaned_data.get("replaces")
    item = asked.cleaned_data.get("item")
    if item and not replaces:
        replaces = _newest(fair, item, None)
    initial: dict[str, Any] = {"item": item, "replaces": replaces}
    if replaces:
        initial |= {"title": replaces.title, "number": replaces.number}
    elif item:
        initial["title"] = item.title
    return initial


def _newest(fair: Fair, item: ChecklistItem | None, before: Document | None) -> Document | None:
    """The paper that stands now for the line, or where `before` stood."""
    if item:
        return Document.objects.filter(fair=fair, item=item, replaced_by__isnull=True).first()
    while before and (after := Document.objects.filter(replaces=before).first()):
        before = after
    return before


def _show_newer(
    request: SignedIn,
    fair: Fair,
    item: ChecklistItem | None,
    replaces: Document | None,
    error: DomainError,
) -> HttpResponse:
    """Of two who upload at once the second sees the other's, and may replace it."""
    newest = _newest(fair, item, replaces)
    data = request.POST.copy()
    data["replaces"] = str(newest.pk) if newest else ""
    form = PaperForm(data, request.FILES, fair=fair)
    form.is_valid()
    form.add_error("file", _("Choose the file once more if yours is to replace it."))
    return _show_upload(request, fair, form, status=409, newest=newest, stale=error)


def _show_upload(
    request: SignedIn, fair: Fair, form: PaperForm, *, status: int = 200, **context: Any
) -> HttpResponse:
    return render(
        request,
        "fairs/paper_form.html",
        {**_shell(fair), "form": form, "before": _before(form), **context},
        status=status,
    )


def _before(form: PaperForm) -> Document | None:
    """The version that the paper will replace."""
    if form.is_bound:
        found: Document | None = form.cleaned_data.get("replaces")
        return found
    return form.initial.get("replaces")


@login_required
def paper_file(request: SignedIn, code: str, number: int) -> HttpResponseBase:
    """A paper as it was uploaded; never shown inside a page of ours."""
    fair = queries.fair_for(request.user, code)
    document = documents_of(fair).get(pk=number)
    response = FileResponse(
        open_file(document.file),
        as_attachment=True,
        content_type=document.file.media_type,
        filename=document.file_name,
    )
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@login_required
def paper_tick(request: SignedIn, code: str, number: int) -> HttpResponse:
    """Tick a line off: that the fair has it, or why it does not need it."""
    fair = queries.organised_fair_for(request.user, code)
    item = _item_of(fair, number)
    form = TickForm(request.POST if request.method == "POST" else None, item=item)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                actions.tick_item(
                    fair=fair, item=item, note=form.cleaned_data["note"], actor=request.user
                )
            except StaleState:
                raise
            except DomainError as error:
                form.add_error("note", str(error))
            else:
                messages.success(request, _("Recorded."))
                return redirect("papers", code)
    context = {**_shell(fair), "form": form, "item": item}
    return render(request, "fairs/paper_tick.html", context, status=status)


@login_required
@require_POST
def paper_untick(request: SignedIn, code: str, number: int) -> HttpResponse:
    """Take a tick back."""
    fair = queries.organised_fair_for(request.user, code)
    actions.untick_item(fair=fair, item=_item_of(fair, number), actor=request.user)
    messages.success(request, _("Recorded."))
    return redirect("papers", code)


def _item_of(fair: Fair, number: int) -> ChecklistItem:
    items = ChecklistItem.objects.select_related("rule")
    return items.get(pk=number, rule__basis=fair.legal_basis)


def _shell(fair: Fair) -> dict[str, Any]:
    return {"section": "fairs", "tab": "papers", "fair": fair}
