"""Doormen of the import from Excel: the template, the dry run, the writing, the mistakes."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.rules import SignedIn
from core.errors import DomainError, StaleState
from core.sheet.reading import MOST_BYTES, read_rows
from core.sheet.writing import Sheet, write_workbook
from fairs.models import Fair
from fairs.queries import organised_fair_for
from mou.actions.imports import import_memoranda
from mou.forms.imports import (
    ImportForm,
    Row,
    Table,
    errors_sheet,
    judge_rows,
    pairs_of,
    read_table,
    template_of,
)
from mou.models import Wording

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SALT = "mou.import"
HALF_A_DAY = 12 * 3600
TERMS = ("place", "witness", "witness_position")


@login_required
def memorandum_import(request: SignedIn, code: str) -> HttpResponse:
    """Upload a workbook, and see what it would make."""
    fair = organised_fair_for(request.user, code)
    if request.method != "POST":
        return _show_upload(request, fair, ImportForm(fair=fair))
    form = ImportForm(request.POST, request.FILES, fair=fair)
    if form.is_valid():
        try:
            # One byte more than may be: enough to see that it is too large.
            rows = read_rows(form.cleaned_data["file"].read(MOST_BYTES + 1))
            table = read_table(rows)
        except DomainError as error:
            form.add_error("file", str(error))
        else:
            said = form.cleaned_data
            terms = {
                **{name: said[name] for name in TERMS},
                "expires_on": said["expires_on"].isoformat(),
                "wording": said["wording"].pk,
                "ceremony": said["ceremony"].code if said["ceremony"] else "",
            }
            return _show_preview(request, fair, table, terms)
    return _show_upload(request, fair, form, status=422)


@login_required
@require_POST
def memorandum_import_confirm(request: SignedIn, code: str) -> HttpResponse:
    """Draw up what the preview showed: all of it or nothing."""
    fair = organised_fair_for(request.user, code)
    table, terms = _sent(request, fair)
    rows = judge_rows(table, fair=fair)
    if any(row.errors for row in rows):
        messages.error(request, _("Something has changed in the meantime. Look once more, please."))
        return _show_preview(request, fair, table, terms, status=409)
    ceremony = fair.ceremonies.filter(code=terms["ceremony"]).first()
    try:
        made = import_memoranda(
            fair=fair,
            pairs=pairs_of(rows),
            wording=Wording.objects.get(pk=terms["wording"]),
            ceremony=ceremony,
            expires_on=date.fromisoformat(terms["expires_on"]),
            actor=request.user,
            **{name: terms[name] for name in TERMS},
        )
    except StaleState as error:
        messages.error(request, str(error))
        return _show_preview(request, fair, table, terms, status=409)
    text = ngettext("%(count)s draft is drawn up.", "%(count)s drafts are drawn up.", len(made))
    messages.success(request, text % {"count": len(made)})
    return redirect("fair_drafts", code)


@login_required
def memorandum_import_template(request: SignedIn, code: str) -> HttpResponse:
    """An empty table to fill in, with a sample row and notes."""
    fair = organised_fair_for(request.user, code)
    return _workbook(template_of(fair), f"mau-bien-ban-{fair.code}.xlsx")


@login_required
@require_POST
def memorandum_import_errors(request: SignedIn, code: str) -> HttpResponse:
    """The rows of the preview with their mistakes, as a workbook to be corrected."""
    fair = organised_fair_for(request.user, code)
    table, _terms = _sent(request, fair)
    return _workbook(errors_sheet(fair, judge_rows(table, fair=fair)), f"loi-{fair.code}.xlsx")


def _sent(request: SignedIn, fair: Fair) -> tuple[Table, dict[str, Any]]:
    """The rows and terms that travelled in the page. Raises DomainError when they are not ours."""
    try:
        sent = signing.loads(request.POST.get("rows", ""), salt=SALT, max_age=HALF_A_DAY)
    except signing.BadSignature as error:
        raise _ended() from error
    if (sent["fair"], sent["user"]) != (fair.code, request.user.pk):
        raise _ended()
    return [(number, cells) for number, cells in sent["table"]], sent["terms"]


def _ended() -> DomainError:
    return DomainError(
        "memorandum.import_ended", _("This preview is no longer valid. Upload the file once more.")
    )


def _workbook(sheet: Sheet, filename: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{filename}"'}
    return HttpResponse(write_workbook(sheet), content_type=XLSX, headers=headers)


def _show_upload(
    request: SignedIn, fair: Fair, form: ImportForm, *, status: int = 200
) -> HttpResponse:
    context = {"section": "fairs", "tab": "memoranda", "fair": fair, "form": form}
    return render(request, "mou/memorandum_import.html", context, status=status)


def _show_preview(
    request: SignedIn, fair: Fair, table: Table, terms: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """What each row would make. The rows travel in the page, signed: nobody keeps them here."""
    rows: list[Row] = judge_rows(table, fair=fair)
    wrong = sum(bool(row.errors) for row in rows)
    sent = {"fair": fair.code, "user": request.user.pk, "table": table, "terms": terms}
    context = {
        "section": "fairs",
        "tab": "memoranda",
        "fair": fair,
        "rows": rows,
        "wrong": wrong,
        "made": 0 if wrong else len(pairs_of(rows)),
        "sent": signing.dumps(sent, salt=SALT, compress=True),
    }
    return render(request, "mou/memorandum_import_preview.html", context, status=status)
