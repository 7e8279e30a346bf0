"""Doormen of the annual plan: beginning, targets, approval, last year's fairs, Excel."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override
from django.views.decorators.http import require_POST

from accounts.rules import SignedIn
from core.errors import DomainError, StaleState
from core.sheet.reading import MOST_BYTES
from core.sheet.writing import Sheet, write_workbook
from fairs import queries
from fairs.actions.editing import require_planner
from fairs.actions.plans import (
    Aims,
    Planned,
    approve_plan,
    copy_last_year,
    create_plan,
    import_plan,
    reopen_plan,
    set_targets,
)
from fairs.forms.imported_plan import Upload, judge_upload, read_upload, upload_of
from fairs.forms.imports import Row
from fairs.forms.plans import ApprovalForm, PlanForm, ReopenForm, TargetsForm, UploadForm
from fairs.forms.sheets import sheet_of, targets_sheet, template_of
from fairs.models import Fair, Plan
from fairs.queries.editing import choices_for_editing

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SALT = "fairs.plan-import"
HALF_A_DAY = 12 * 3600


def _plan(request: SignedIn, year: int) -> Plan:
    """The plan, for who may change it."""
    plan = queries.plan_for(request.user, year)
    require_planner(request.user)
    return plan


@login_required
def plan_new(request: SignedIn) -> HttpResponse:
    """Begin the plan of another year."""
    require_planner(request.user)
    if request.method != "POST":
        years = queries.plan_years(request.user)
        year = years[0] + 1 if years else timezone.localdate().year
        initial: dict[str, Any] = {"year": year, "copy": bool(years)}
        for name, language in (("title", "vi"), ("title_en", "en")):
            with override(language):
                initial[name] = _("Plan of fairs in %(year)s") % {"year": year}
        return _show_new(request, PlanForm(initial=initial))
    form = PlanForm(request.POST)
    if not form.is_valid():
        return _show_new(request, form, status=422)
    wanted = dict(form.cleaned_data)
    is_copy = wanted.pop("copy")
    plan = create_plan(**wanted, actor=request.user)
    messages.success(request, _("The plan is begun."))
    if is_copy:
        _copy(request, plan)
    return redirect("plan_year", plan.year)


def _show_new(request: SignedIn, form: PlanForm, *, status: int = 200) -> HttpResponse:
    context = {"section": "plan", "form": form}
    return render(request, "fairs/plan_new.html", context, status=status)


@login_required
def plan_edit(request: SignedIn, year: int) -> HttpResponse:
    """Targets, approval, and what else is done to a whole plan."""
    plan = _plan(request, year)
    if request.method != "POST":
        return _show_edit(request, plan)
    form = TargetsForm(request.POST)
    if not form.is_valid():
        return _show_edit(request, plan, status=422, targets=form)
    set_targets(plan=plan, targets=form.cleaned_data, actor=request.user)
    messages.success(request, _("Saved."))
    return redirect("plan_year", year)


@login_required
@require_POST
def plan_approve(request: SignedIn, year: int) -> HttpResponse:
    """Record the decision that approved the plan."""
    plan = _plan(request, year)
    form = ApprovalForm(request.POST)
    if not form.is_valid():
        return _show_edit(request, plan, status=422, approval=form)
    approve_plan(plan=plan, **form.cleaned_data, actor=request.user)
    messages.success(request, _("The plan is approved."))
    return redirect("plan_year", year)


@login_required
@require_POST
def plan_reopen(request: SignedIn, year: int) -> HttpResponse:
    """Withdraw the approval."""
    plan = _plan(request, year)
    form = ReopenForm(request.POST)
    if not form.is_valid():
        return _show_edit(request, plan, status=422, reopening=form)
    reopen_plan(plan=plan, **form.cleaned_data, actor=request.user)
    messages.success(request, _("The approval is withdrawn."))
    return redirect("plan_edit", year)


@login_required
@require_POST
def plan_copy(request: SignedIn, year: int) -> HttpResponse:
    """Take over last year's fairs."""
    _copy(request, _plan(request, year))
    return redirect("plan_year", year)


def _copy(request: SignedIn, plan: Plan) -> None:
    count = len(copy_last_year(plan=plan, actor=request.user))
    if not count:
        messages.info(request, _("There was nothing to take over from last year."))
        return
    text = ngettext(
        "%(count)s fair was taken over as a draft.",
        "%(count)s fairs were taken over as drafts.",
        count,
    )
    messages.success(request, text % {"count": count})


def _show_edit(request: SignedIn, plan: Plan, *, status: int = 200, **forms: Any) -> HttpResponse:
    """The page with all its forms; one that was filled in wrongly is given."""
    targets = {target.name: target.value for target in plan.targets.all()}
    approval = {"decision_number": plan.decision_number, "decision_date": plan.decision_date}
    context = {
        "targets": TargetsForm(targets=targets),
        "approval": ApprovalForm(initial=approval),
        "reopening": ReopenForm(),
        **forms,
    }
    wrong = next(iter(forms.values()), None)
    context |= {
        "section": "plan",
        "plan": plan,
        "form": wrong,
        "figures": queries.figures_of(plan),
        "last_year": plan.year - 1,
        "has_last_year": Fair.objects.filter(plan__year=plan.year - 1).exists(),
    }
    return render(request, "fairs/plan_edit.html", context, status=status)


@login_required
def plan_export(request: SignedIn, year: int) -> HttpResponse:
    """The plan's fairs as an Excel file, and on a second sheet its targets and what is reached."""
    plan = queries.plan_for(request.user, year)
    fairs = queries.fairs_of(request.user).filter(plan=plan).select_related("hall", "team")
    sheet = sheet_of(plan, list(fairs), choices_for_editing(), actor=request.user.name)
    targets = targets_sheet(plan, queries.figures_of(plan), actor=request.user.name)
    return _workbook(f"ke-hoach-{year}.xlsx", sheet, targets)


@login_required
def plan_template(request: SignedIn, year: int) -> HttpResponse:
    """An empty table to fill in, with a sample row and notes, and the plan's targets."""
    plan = _plan(request, year)
    sheet = template_of(plan, choices_for_editing(), actor=request.user.name)
    targets = targets_sheet(plan, queries.figures_of(plan), actor=request.user.name)
    return _workbook(f"mau-ke-hoach-{year}.xlsx", sheet, targets)


def _workbook(filename: str, *sheets: Sheet) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{filename}"'}
    return HttpResponse(write_workbook(*sheets), content_type=XLSX, headers=headers)


@login_required
def plan_import(request: SignedIn, year: int) -> HttpResponse:
    """Upload a workbook, and see what it would change."""
    plan = _plan(request, year)
    if request.method != "POST":
        return _show_upload(request, plan, UploadForm())
    form = UploadForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            # One byte more than may be: enough to see that it is too large.
            upload = read_upload(file.read(MOST_BYTES + 1))
        except DomainError as error:
            form.add_error("file", str(error))
        else:
            return _show_preview(request, plan, upload)
    return _show_upload(request, plan, form, status=422)


@login_required
@require_POST
def plan_import_confirm(request: SignedIn, year: int) -> HttpResponse:
    """Write what the preview showed: all of it or nothing."""
    plan = _plan(request, year)
    try:
        sent = signing.loads(request.POST.get("rows", ""), salt=SALT, max_age=HALF_A_DAY)
    except signing.BadSignature as error:
        raise _ended() from error
    if (sent["year"], sent["user"]) != (year, request.user.pk):
        raise _ended()
    upload = upload_of(sent["upload"])
    preview = judge_upload(upload, plan=plan, choices=choices_for_editing())
    is_as_seen = (preview.versions, preview.seen) == (sent["versions"], sent["targets"])
    if preview.mistakes or not is_as_seen:
        messages.error(
            request, _("The plan has changed in the meantime. Please look at the rows once more.")
        )
        return _show_preview(request, plan, upload, status=409)
    aims = Aims(preview.seen, preview.targets_after) if preview.changed_targets else None
    planned = [_planned(row) for row in preview.wanted]
    try:
        import_plan(plan=plan, planned=planned, aims=aims, actor=request.user)
    except StaleState as error:
        messages.error(request, str(error))
        return _show_preview(request, plan, upload, status=409)
    _say_written(request, fairs=len(planned), targets=preview.changed_targets)
    return redirect("plan_year", year)


def _say_written(request: SignedIn, *, fairs: int, targets: int) -> None:
    if fairs or not targets:
        text = ngettext("%(count)s fair was written.", "%(count)s fairs were written.", fairs)
        messages.success(request, text % {"count": fairs})
    if targets:
        text = ngettext("%(count)s target was set.", "%(count)s targets were set.", targets)
        messages.success(request, text % {"count": targets})


def _ended() -> DomainError:
    return DomainError(
        "plan.import_ended", _("This preview is no longer valid. Upload the file once more.")
    )


def _planned(row: Row) -> Planned:
    version = row.fair.version if row.fair else 0
    return Planned(code=row.code, values=row.values, fair=row.fair, version=version)


def _show_upload(
    request: SignedIn, plan: Plan, form: UploadForm, *, status: int = 200
) -> HttpResponse:
    context = {"section": "plan", "plan": plan, "form": form}
    return render(request, "fairs/plan_import.html", context, status=status)


def _show_preview(
    request: SignedIn, plan: Plan, upload: Upload, *, status: int = 200
) -> HttpResponse:
    """What each row would do. The rows travel in the page, signed: nobody keeps them here."""
    preview = judge_upload(upload, plan=plan, choices=choices_for_editing())
    sent = {
        "year": plan.year,
        "user": request.user.pk,
        "upload": upload.plain(),
        "versions": preview.versions,
        "targets": preview.seen,
    }
    context = {
        "section": "plan",
        "plan": plan,
        "rows": preview.rows,
        "targets": preview.targets,
        "sheet": upload.targets.sheet if upload.targets else "",
        "counted": preview.counted,
        "mistakes": preview.mistakes,
        "changes": len(preview.wanted),
        "changed_targets": preview.changed_targets,
        "sent": signing.dumps(sent, salt=SALT, compress=True),
    }
    return render(request, "fairs/plan_preview.html", context, status=status)
