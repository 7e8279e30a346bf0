"""Doormen of the floor plan as an Excel file: uploaded, looked at, and only then saved."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.rules import SignedIn
from booths.actions.floor_plan import save_floor_plan
from booths.floor import write_plan
from booths.forms.floor_sheet import Table, UploadForm, judge_table, read_table, sheet_of
from booths.queries.floor_plan import current_floor, floor_of, floor_version, groups_by_code
from booths.views.floor_editor import saved_text, shell
from core.errors import DomainError, NotAllowed
from core.sheet.reading import MOST_BYTES, read_rows
from core.sheet.writing import write_workbook
from fairs.models import Fair
from fairs.queries import fair_for, organised_fair_for

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SALT = "booths.floor-plan-import"
HALF_A_DAY = 12 * 3600


@login_required
def floor_plan_sheet(request: SignedIn, code: str, version: int) -> HttpResponse:
    """A version's booths as a table that can be filled in and uploaded again."""
    fair = fair_for(request.user, code)
    floor = floor_of(floor_version(fair, version))
    sheet = sheet_of(floor, groups_by_code(), title=str(fair), actor=request.user.name)
    return _workbook(sheet, f"so-do-{fair.code}-{version}.xlsx")


@login_required
def floor_plan_template(request: SignedIn, code: str) -> HttpResponse:
    """The current booths, or an empty table, to be filled in."""
    fair = organised_fair_for(request.user, code)
    floor = current_floor(fair)[1]
    sheet = sheet_of(floor, groups_by_code(), title=str(fair), actor=request.user.name)
    return _workbook(sheet, f"gian-hang-{fair.code}.xlsx")


def _workbook(sheet: Any, filename: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{filename}"'}
    return HttpResponse(write_workbook(sheet), content_type=XLSX, headers=headers)


@login_required
def floor_plan_import(request: SignedIn, code: str) -> HttpResponse:
    """Upload a list of booths, and see what it would change."""
    fair = organised_fair_for(request.user, code)
    if request.method != "POST":
        return _upload_page(request, fair, UploadForm())
    form = UploadForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            # One byte more than may be: enough to see that it is too large.
            table = read_table(read_rows(form.cleaned_data["file"].read(MOST_BYTES + 1)))
        except DomainError as error:
            form.add_error("file", str(error))
        else:
            return _preview(request, fair, table)
    return _upload_page(request, fair, form, status=422)


@login_required
@require_POST
def floor_plan_import_confirm(request: SignedIn, code: str) -> HttpResponse:
    """Save what the preview showed, if the plan is still the one it was made for."""
    fair = organised_fair_for(request.user, code)
    try:
        sent = signing.loads(request.POST.get("rows", ""), salt=SALT, max_age=HALF_A_DAY)
    except signing.BadSignature as error:
        raise _ended() from error
    if (sent["fair"], sent["user"]) != (fair.pk, request.user.pk):
        raise _ended()
    table: Table = [(number, cells) for number, cells in sent["table"]]
    version, floor = current_floor(fair)
    reading = judge_table(table, floor=floor, groups=groups_by_code())
    if version != sent["base"] or reading.counted["error"]:
        messages.error(
            request, _("The plan has changed in the meantime. Please look at the rows once more.")
        )
        return _preview(request, fair, table, status=409)
    try:
        plan = save_floor_plan(
            fair=fair, base=version, document=write_plan(reading.plan), actor=request.user
        )
    except NotAllowed:
        raise
    except DomainError as error:
        messages.error(request, str(error))
        return _preview(request, fair, table, status=409)
    messages.success(request, saved_text(plan.version))
    return redirect("floor_plan_list", code)


def _ended() -> DomainError:
    return DomainError(
        "floor_plan.import_ended", _("This preview is no longer valid. Upload the file once more.")
    )


def _upload_page(
    request: SignedIn, fair: Fair, form: UploadForm, *, status: int = 200
) -> HttpResponse:
    context = {**shell(fair), "form": form}
    return render(request, "booths/floor_plan_import.html", context, status=status)


def _preview(request: SignedIn, fair: Fair, table: Table, *, status: int = 200) -> HttpResponse:
    """What each row would do. The rows travel in the page, signed: nobody keeps them here."""
    version, floor = current_floor(fair)
    reading = judge_table(table, floor=floor, groups=groups_by_code())
    sent = {"fair": fair.pk, "user": request.user.pk, "base": version, "table": table}
    counted = reading.counted
    context = {
        **shell(fair),
        "rows": reading.rows,
        "counted": counted,
        "changes": counted["new"] + counted["changed"],
        "sent": signing.dumps(sent, salt=SALT, compress=True),
    }
    return render(request, "booths/floor_plan_preview.html", context, status=status)
