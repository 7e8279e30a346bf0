"""Doormen of the evidence for one memorandum."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.rules import SignedIn
from core.errors import NotAllowed
from fairs.rules import can_see_fair
from mou import queries
from mou.models import Memorandum, SignerRole
from mou.paper.evidence import evidence_json, evidence_pdf
from mou.states import MemorandumState


@login_required
def memorandum_evidence(request: SignedIn, code: str) -> HttpResponse:
    """The evidence sheet, made now from what is kept."""
    memorandum = _memorandum(request, code)
    choices = [*SignerRole.choices, *MemorandumState.choices]
    paper = evidence_pdf(
        queries.evidence_of(memorandum),
        language=get_language() or settings.LANGUAGE_CODE,
        labels={value: str(label) for value, label in choices},
    )
    return _attachment(memorandum, paper.content, "application/pdf", "pdf")


@login_required
def memorandum_evidence_json(request: SignedIn, code: str) -> HttpResponse:
    """The same for programs, with every hash."""
    memorandum = _memorandum(request, code)
    content = evidence_json(queries.evidence_of(memorandum))
    return _attachment(memorandum, content, "application/json", "json")


def _memorandum(request: SignedIn, code: str) -> Memorandum:
    memorandum = queries.memorandum_for(request.user, code)
    if not can_see_fair(request.user, memorandum.fair):
        raise NotAllowed("desk.only", _("This page is for the office's people."))
    if memorandum.number is None:
        raise Http404
    return memorandum


def _attachment(row: Memorandum, content: bytes, media_type: str, suffix: str) -> HttpResponse:
    name = f"chung-cu-{row.number:02}-{row.year}.{suffix}"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(content, content_type=media_type, headers=headers)
