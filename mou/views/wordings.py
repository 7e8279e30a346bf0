"""Doormen of the wordings: the list, one version, its edits, copies and previews."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.rules import SignedIn, can_use_desk
from core.errors import DomainError, NotAllowed, StaleState
from fairs.rules import can_plan
from mou.actions import wordings as actions
from mou.forms.wordings import WordingForm
from mou.models import Wording
from mou.paper.preview import preview_pdf, preview_text
from mou.paper.wording import BLANKS
from mou.queries import wordings as queries


def _require_desk(request: SignedIn) -> None:
    if not can_use_desk(request.user):
        raise NotAllowed("desk.only", _("This page is for the office's people."))


def _wording(request: SignedIn, code: str, version: int) -> Wording:
    _require_desk(request)
    return queries.wording_of(code, version)


@login_required
def wording_list(request: SignedIn) -> HttpResponse:
    """Every version of every wording; the standard text is added here if there is none."""
    _require_desk(request)
    if request.method == "POST":
        actions.add_standard_wording(actor=request.user)
        return redirect("wording_list")
    context = {
        "section": "memoranda",
        "wordings": queries.wordings(),
        "can_edit": can_plan(request.user),
    }
    return render(request, "mou/wording_list.html", context)


@login_required
def wording_page(request: SignedIn, code: str, version: int) -> HttpResponse:
    """One version as it reads with the longest data; `with` names a version to compare."""
    wording = _wording(request, code, version)
    others = queries.wordings().filter(code=code).exclude(pk=wording.pk)
    wanted = request.GET.get("with", "")
    other = next((each for each in others if str(each.version) == wanted), None)
    context = {
        "section": "memoranda",
        "wording": wording,
        "others": others,
        "other": other,
        "changes": queries.changes_between(other.content, wording.content) if other else [],
        "text": preview_text(wording.content, timezone.localdate(), verify_url=_verify_url()),
        "can_edit": can_plan(request.user),
    }
    return render(request, "mou/wording_page.html", context)


@login_required
def wording_preview(request: SignedIn, code: str, version: int) -> HttpResponse:
    """The wording on paper with the longest data, marked as a preview."""
    wording = _wording(request, code, version)
    paper = preview_pdf(wording.content, timezone.localtime(), verify_url=_verify_url())
    name = f"xem-truoc-{wording.code}-v{wording.version}.pdf"
    headers = {
        "Content-Disposition": f'inline; filename="{name}"',
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(paper.content, content_type="application/pdf", headers=headers)


def _verify_url() -> str:
    return settings.SITE_URL + reverse("verify")


@login_required
def wording_edit(request: SignedIn, code: str, version: int) -> HttpResponse:
    """Change the text of a version that no memorandum was frozen with."""
    wording = _wording(request, code, version)
    actions.require_editor(request.user)
    if wording.used:  # type: ignore[attr-defined]
        messages.info(
            request, _("A memorandum is frozen with this wording: copy it and edit the copy.")
        )
        return redirect("wording_page", code, version)
    if request.method != "POST":
        return _show(request, wording, WordingForm(wording=wording))
    form = WordingForm(request.POST, wording=wording)
    if not form.is_valid():
        return _show(request, wording, form, status=422)
    try:
        actions.edit_wording(
            wording=wording,
            edition=form.cleaned_data["edition"],
            title=form.cleaned_data["name"],
            content=form.text,
            actor=request.user,
        )
    except StaleState as error:
        stored = queries.wording_of(code, version)
        typed = request.POST.copy()
        typed["edition"] = str(stored.edition)
        changes = queries.changes_between(stored.content, form.text)
        form = WordingForm(typed, wording=stored)
        form.add_error(None, f"{error} " + _("Yours stands here; saving it again replaces theirs."))
        return _show(request, stored, form, status=409, changes=changes)
    except NotAllowed:
        raise
    except DomainError as error:
        form.add_error(None, str(error))
        return _show(request, wording, form, status=409)
    messages.success(request, _("Saved."))
    return redirect("wording_page", code, version)


def _show(
    request: SignedIn, wording: Wording, form: WordingForm, *, status: int = 200, **facts: object
) -> HttpResponse:
    context = {
        "section": "memoranda",
        "wording": wording,
        "form": form,
        "blanks": sorted(BLANKS),
        **facts,
    }
    return render(request, "mou/wording_form.html", context, status=status)


@login_required
@require_POST
def wording_copy(request: SignedIn, code: str, version: int) -> HttpResponse:
    """Begin the next version with the same text."""
    wording = _wording(request, code, version)
    made = actions.copy_wording(wording=wording, actor=request.user)
    messages.success(request, _("The copy can be edited until a memorandum is frozen with it."))
    return redirect("wording_page", made.code, made.version)


@login_required
@require_POST
def wording_retire(request: SignedIn, code: str, version: int) -> HttpResponse:
    """Let nobody choose it any more."""
    wording = _wording(request, code, version)
    actions.retire_wording(wording=wording, actor=request.user)
    messages.success(request, _("The wording is retired."))
    return redirect("wording_page", code, version)
