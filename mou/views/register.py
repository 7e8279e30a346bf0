"""Doormen of the register and of its public checkpoints."""

import base64
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.rules import SignedIn, can_use_desk
from core import codes
from core.errors import DomainError, NotAllowed
from core.sheet.writing import Heading, Sheet, write_workbook
from core.vietnam import shown_number
from fairs.models import Fair
from fairs.queries import fair_for
from mou import queries
from mou.forms import RegisterForm
from mou.models import Checkpoint, Memorandum
from mou.paper.register import Entry, RegisterPaper, cells_of, register_pdf
from mou.queries.register import Share

PAGE = 50
# More pages than a binder holds; the workbook takes them all.
MOST_ON_PAPER = 1_000
WIDTHS = (20, 36, 36, 48, 12, 14, 26, 18)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@login_required
def register(request: SignedIn, code: str = "") -> HttpResponse:
    """The numbers that were given out, narrowed as the reader likes, and what they add up to."""
    fair = fair_for(request.user, code) if code else None
    form, rows = _asked(request, fair)
    page = Paginator(_with_lines(rows), PAGE).get_page(request.GET.get("page"))
    if fair:
        del form.fields["fair"]
    chosen = [f"{label}: {value}" for label, value in form.chosen()]
    query = request.GET.copy()
    query.pop("page", None)
    if fair:
        query["fair"] = fair.code
    context = {
        "section": "fairs" if fair else "memoranda",
        "tab": "memoranda",
        "shell": "fairs/fair.html" if fair else "desk.html",
        "fair": fair,
        "form": form,
        "chosen": chosen,
        "is_open": bool(form.errors or (chosen and not page.object_list)),
        "page": page,
        "headings": _headings()[:-1],
        "totals": _totals(rows),
        "roots": queries.root_lines(rows),
        "as_of": timezone.now(),
        "query": query.urlencode(),
    }
    return render(request, "mou/register.html", context, status=200 if form.is_valid() else 422)


@login_required
def register_workbook(request: SignedIn) -> HttpResponse:
    """The register as an Excel file."""
    form, rows = _asked(request, None)
    printed = _printed(form, rows, timezone.now())
    sheet = Sheet(
        name=_("Register"),
        lines=(printed.title, printed.filter, printed.shown_as_of, *printed.roots),
        headings=tuple(
            Heading(label, width) for label, width in zip(printed.headings, WIDTHS, strict=True)
        ),
        rows=[cells_of(entry) for entry in printed.entries],
        lists_name=_("Lists"),
        notes_name=_("Totals"),
        notes=tuple(
            line
            for label, figures in printed.totals
            for line in (label, *(f"    {name}: {figure}" for name, figure in figures))
        ),
    )
    return _attachment(write_workbook(sheet), XLSX, _filename("xlsx"))


@login_required
def register_paper(request: SignedIn) -> HttpResponse:
    """The register as a PDF."""
    form, rows = _asked(request, None)
    count = rows.count()
    if count > MOST_ON_PAPER:
        raise DomainError(
            "register.too_long",
            _("%(count)s numbers are too many for one PDF: choose less, or take the Excel file."),
            count=count,
        )
    paper = register_pdf(_printed(form, rows, timezone.now()))
    return _attachment(paper.content, "application/pdf", _filename("pdf"))


def _asked(request: SignedIn, fair: Fair | None) -> tuple[RegisterForm, QuerySet[Memorandum]]:
    if not can_use_desk(request.user):
        raise NotAllowed("desk.only", _("This page is for the office's people."))
    data = request.GET.copy()
    if fair:
        data["fair"] = fair.code
    form = RegisterForm(data, actor=request.user)
    return form, queries.register_rows(request.user, form.filter())


def _with_lines(rows: QuerySet[Memorandum]) -> QuerySet[Memorandum]:
    return rows.select_related("fair", "annex_of__fair").prefetch_related("parties", "items")


def _headings() -> tuple[str, ...]:
    return (
        _("Number"),
        _("Party A (producer)"),
        _("Party B (distributor)"),
        _("Products"),
        _("Signed"),
        _("In effect until"),
        _("State"),
        _("Code"),
    )


def _printed(form: RegisterForm, rows: QuerySet[Memorandum], moment: datetime) -> RegisterPaper:
    language = get_language() or settings.LANGUAGE_CODE
    chosen = "; ".join(f"{label}: {value}" for label, value in form.chosen())
    local = timezone.localtime(moment)
    entries = [_entry(row) for row in _with_lines(rows)]
    organisers = list(dict.fromkeys(row.fair.organiser for row in rows.select_related("fair")))
    return RegisterPaper(
        title=_("Register of memoranda"),
        organiser=", ".join(organisers),
        filter=_("Chosen: %(filter)s") % {"filter": chosen or _("everything")},
        as_of=moment,
        shown_as_of=_("As of %(moment)s") % {"moment": f"{local:%H:%M:%S %d/%m/%Y %z}"},
        language=language,
        headings=_headings(),
        entries=entries,
        totals=_totals(rows),
        roots=queries.root_lines(rows),
    )


def _entry(row: Memorandum) -> Entry:
    party_a, party_b = row.parties.all()
    annex = row.annex_of
    note = _("Annex of %(number)s") % {"number": annex.shown_number} if annex else ""
    state = row.get_state_display()
    return Entry(
        number=f"{row.shown_number} ({note})" if note else row.shown_number,
        party_a=party_a.name,
        party_b=party_b.name,
        products=", ".join(item.name for item in row.items.all()),
        signed=f"{timezone.localtime(row.signed_at):%d/%m/%Y}" if row.signed_at else "–",
        until=f"{row.expires_on:%d/%m/%Y}" if row.expires_on else "–",
        state=f"{state}: {row.said_reason}" if row.said_reason else state,
        code=codes.shown(row.code),
    )


def _totals(rows: QuerySet[Memorandum]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Each kind of total with label and figure, as the reader's language groups digits."""
    totals = queries.totals_of(rows)
    language = get_language() or settings.LANGUAGE_CODE

    def shown(number: int | Decimal) -> str:
        return shown_number(number, language)

    def shares(found: list[Share]) -> list[tuple[str, str]]:
        return [(share.label, shown(share.count)) for share in found]

    found = [
        (_("Memoranda by state"), [(_("All"), shown(totals.count)), *shares(totals.by_state)]),
        (_("By fair"), shares(totals.by_fair)),
        (_("By province or city of the parties"), shares(totals.by_province)),
        (_("By product group"), shares(totals.by_group)),
        (_("By kind of party"), shares(totals.by_kind)),
        (_("Value (VND)"), [(value.period, shown(value.value)) for value in totals.values]),
        (
            _("Quantities"),
            [(f"{each.unit} {each.period}", shown(each.quantity)) for each in totals.quantities],
        ),
    ]
    return [(label, figures) for label, figures in found if figures]


def _filename(suffix: str) -> str:
    return f"so-dang-ky-bien-ban-{timezone.localdate():%Y-%m-%d}.{suffix}"


def _attachment(content: bytes, media_type: str, name: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type=media_type,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "private, no-store",
        },
    )


def verify_log(request: HttpRequest) -> HttpResponse:
    """The checkpoints of every register, for anybody to keep."""
    page = Paginator(queries.checkpoints(), PAGE).get_page(request.GET.get("page"))
    return render(request, "mou/verify_log.html", {"section": "verify", "page": page})


def checkpoint_statement(_request: HttpRequest, code: str, number: int) -> HttpResponse:
    """What a checkpoint states, in the one spelling that is signed."""
    text = queries.statement_of(_checkpoint(code, number)).text
    return _download(text, "application/json", f"{code}-{number}.json")


def checkpoint_signature(_request: HttpRequest, code: str, number: int) -> HttpResponse:
    """The signature of a checkpoint: a detached CMS in DER."""
    signature = base64.b64decode(_checkpoint(code, number).signature)
    return _download(signature, "application/pkcs7-signature", f"{code}-{number}.p7s")


def _checkpoint(code: str, number: int) -> Checkpoint:
    return queries.checkpoints().get(fair__code=code, number=number)


def _download(content: bytes, media_type: str, name: str) -> HttpResponse:
    headers: dict[str, Any] = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=media_type, headers=headers)
