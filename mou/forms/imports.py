"""The drafts of a ceremony read from a workbook: what each row says, before anything is written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.sheet.reading import find_heads
from core.sheet.writing import Heading, Sheet
from core.text import clean, fold
from core.vietnam import shown_number
from fairs.models import Fair
from mou.actions import Line
from mou.actions.imports import MOST_ROWS, Pair, too_many_rows
from mou.actions.wordings import standing_wording
from mou.forms.drawing import DAY, MOST_LINES, LineField, LineForm, default_expiry
from mou.models import Ceremony, Item, Wording
from mou.queries.drafts import usable_wordings
from mou.queries.imports import Register, open_pairs, registered
from registry.models import Organisation

# The columns in their order: what stands above them, and their widths in characters.
COLUMNS: dict[str, tuple[str | Promise, int]] = {
    "producer": (gettext_lazy("Producer (code or tax code)"), 22),
    "distributor": (gettext_lazy("Distributor (code or tax code)"), 22),
    "product": (gettext_lazy("Product (code or name)"), 36),
    "quantity": (gettext_lazy("Quantity"), 12),
    "unit": (gettext_lazy("Unit"), 10),
    "period": (gettext_lazy("Period"), 12),
    "price": (gettext_lazy("Reference price (VND)"), 16),
}
NEEDED = ("producer", "distributor", "product", "quantity")
ALIASES = {
    "ben a": "producer",
    "chu the": "producer",
    "ma chu the": "producer",
    "ben b": "distributor",
    "nha phan phoi": "distributor",
    "ma nha phan phoi": "distributor",
    "san pham": "product",
    "ma san pham": "product",
    "so luong": "quantity",
    "san luong": "quantity",
    "don vi tinh": "unit",
    "dvt": "unit",
    "ky": "period",
    "gia": "price",
    "don gia": "price",
    "gia tham chieu": "price",
}
NUMBERING = "STT"
SAMPLE = gettext_lazy("sample")

Table = list[tuple[int, dict[str, str]]]


class ImportForm(forms.Form):
    """The workbook, and what all its memoranda have in common."""

    file = forms.FileField(
        label=gettext_lazy("Excel file (.xlsx or .xls)"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls"}),
    )
    ceremony = forms.ModelChoiceField(
        Ceremony.objects.none(),
        to_field_name="code",
        required=False,
        empty_label=gettext_lazy("None"),
        label=gettext_lazy("Signing ceremony"),
        help_text=gettext_lazy(
            "The memoranda get the next turns of it, and its place and witness if these stay empty."
        ),
    )
    wording = forms.ModelChoiceField(
        Wording.objects.none(), empty_label=None, label=gettext_lazy("Wording")
    )
    place = LineField(label=gettext_lazy("Place of signing"), max_length=80, required=False)
    witness = LineField(label=gettext_lazy("Witness"), max_length=120, required=False)
    witness_position = LineField(
        label=gettext_lazy("Witness's position"), max_length=120, required=False
    )
    expires_on = forms.DateField(
        label=gettext_lazy("In effect until"),
        widget=forms.DateInput(attrs=DAY),
        initial=default_expiry,
    )

    def __init__(self, data: Any = None, files: Any = None, *, fair: Fair) -> None:
        super().__init__(data, files, initial={"wording": standing_wording()})
        fields: dict[str, Any] = self.fields
        fields["ceremony"].queryset = fair.ceremonies.filter(closed_at__isnull=True)
        fields["wording"].queryset = usable_wordings()

    def clean(self) -> None:
        ceremony = self.cleaned_data.get("ceremony")
        for name in ("place", "witness", "witness_position"):
            if ceremony and not self.cleaned_data.get(name):
                self.cleaned_data[name] = getattr(ceremony, name)
        if not self.cleaned_data.get("place") and "place" not in self.errors:
            self.add_error("place", forms.Field.default_error_messages["required"])
        day = self.cleaned_data.get("expires_on")
        if day and day <= timezone.localdate():
            self.add_error("expires_on", _("The last day must be in the future."))


@dataclass
class Row:
    """One row of the file: the pair it belongs to, its line, and what is wrong with it."""

    number: int
    cells: dict[str, str]
    producer: Organisation | None = None
    distributor: Organisation | None = None
    line: Line | None = None
    errors: list[str] = field(default_factory=list)

    @property
    def key(self) -> tuple[int, int]:
        assert self.producer
        assert self.distributor
        return self.producer.pk, self.distributor.pk


def read_table(rows: list[list[str]]) -> Table:
    """The rows below the heads: the number in the sheet, and the cells by column.

    Raises DomainError `sheet.no_heads`, `sheet.empty` or `memorandum.too_many_rows`.
    """
    found = find_heads(rows, _heads(), NEEDED)
    if found is None:
        raise DomainError(
            "memorandum.no_heads",
            gettext_lazy(
                "No table was found: the first rows must name the columns “%(producer)s”, "
                "“%(distributor)s”, “%(product)s” and “%(quantity)s”."
            ),
            **{name: COLUMNS[name][0] for name in NEEDED},
        )
    head, names = found
    table: Table = []
    for number, row in enumerate(rows[head:], start=head + 1):
        cells = {n: clean(cell) for cell, n in zip(row, names, strict=False) if n and clean(cell)}
        if cells and fold(cells.get("number", "")) not in _samples() and set(cells) != {"number"}:
            table.append((number, cells))
    if not table:
        raise DomainError("sheet.empty", gettext_lazy("There is no row below the heads."))
    if len(table) > MOST_ROWS:
        raise too_many_rows()
    return table


@cache
def _heads() -> dict[str, str]:
    found = {**ALIASES, fold(NUMBERING): "number", "no": "number"}
    for language, _name in settings.LANGUAGES:
        with override(language):
            found |= {fold(str(label)): name for name, (label, _width) in COLUMNS.items()}
    return found


@cache
def _samples() -> frozenset[str]:
    found = set()
    for language, _name in settings.LANGUAGES:
        with override(language):
            found.add(fold(str(SAMPLE)))
    return frozenset(found)


def judge_rows(table: Table, *, fair: Fair) -> list[Row]:
    """What each row says and what is wrong with it; nothing is written."""
    known = registered(
        cells.get(name, "") for _number, cells in table for name in ("producer", "distributor")
    )
    taken = open_pairs(fair)
    rows = [Row(number, cells) for number, cells in table]
    for row in rows:
        _find_parties(row, known)
        _find_line(row, known)
        if row.producer and row.distributor and row.key in taken:
            row.errors.append(
                _("These two have a memorandum at this fair already: %(code)s.")
                % {"code": taken[row.key]}
            )
    _refuse_doubles(rows)
    return rows


def _find_parties(row: Row, known: Register) -> None:
    for name, wrong in (
        ("producer", _("“%(typed)s” is no producer.")),
        ("distributor", _("“%(typed)s” is no distributor.")),
    ):
        typed = {"typed": row.cells.get(name, "")}
        if not typed["typed"]:
            row.errors.append(_("%(column)s is missing.") % {"column": COLUMNS[name][0]})
            continue
        found = known.organisation(typed["typed"])
        if found is None:
            row.errors.append(_("No organisation has the code or tax code “%(typed)s”.") % typed)
        elif not getattr(found, f"is_{name}"):
            row.errors.append(wrong % typed)
        else:
            setattr(row, name, found)
    if row.producer and row.producer == row.distributor:
        row.errors.append(_("The two parties are the same organisation."))


def _find_line(row: Row, known: Register) -> None:
    typed = row.cells.get("product", "")
    if not typed:
        row.errors.append(_("%(column)s is missing.") % {"column": COLUMNS["product"][0]})
    if not row.producer or not typed:
        return
    said = {"producer": row.producer.name, "product": typed}
    found = known.products(row.producer, typed)
    if len(found) != 1:
        text = (
            _("%(producer)s has several products “%(product)s”: write the code.")
            if found
            else _("%(producer)s has no product “%(product)s”.")
        )
        row.errors.append(text % said)
        return
    form = LineForm(_line_data(row.cells, found[0].code), product=found[0])
    form.fields["quantity"].required = True
    if not form.is_valid():
        row.errors += [
            f"{form.fields[name].label}: {error}"
            for name, errors in form.errors.items()
            for error in errors
        ]
        return
    said_line = form.cleaned_data
    row.line = Line(
        found[0], said_line["quantity"], said_line["period"], said_line["unit"], said_line["price"]
    )


def _line_data(cells: Mapping[str, str], prefix: str) -> dict[str, str]:
    data = {f"{prefix}-{name}": cells.get(name, "") for name in ("quantity", "unit", "price")}
    typed = fold(cells.get("period", ""))
    return {**data, f"{prefix}-period": _periods().get(typed, typed or Item.Period.MONTH)}


@cache
def _periods() -> dict[str, str]:
    found = {"thang": "month", "vu": "season", "nam": "year"}
    for language, _name in settings.LANGUAGES:
        with override(language):
            for value, label in Item.Period.choices:
                found |= {value: value, fold(str(label)): value}
    return found


def _refuse_doubles(rows: list[Row]) -> None:
    """One product once in each memorandum, and not too many of them."""
    seen: dict[tuple[int, int, int], int] = {}
    counts: dict[tuple[int, int], int] = {}
    for row in rows:
        if not row.line or not row.producer or not row.distributor:
            continue
        key = (*row.key, row.line.product.pk)
        if key in seen:
            row.errors.append(
                _("Row %(number)s names the same product for the same two.") % {"number": seen[key]}
            )
        seen.setdefault(key, row.number)
        counts[row.key] = counts.get(row.key, 0) + 1
        if counts[row.key] == MOST_LINES + 1:
            row.errors.append(
                _("A memorandum holds at most %(most)s products.") % {"most": MOST_LINES}
            )


def pairs_of(rows: list[Row]) -> list[Pair]:
    """The memoranda that rows without mistakes make, in the order of their first rows."""
    grouped: dict[tuple[int, int], list[Row]] = {}
    for row in rows:
        grouped.setdefault(row.key, []).append(row)
    return [
        Pair(group[0].producer, group[0].distributor, [row.line for row in group if row.line])
        for group in grouped.values()
        if group[0].producer and group[0].distributor
    ]


def template_of(fair: Fair) -> Sheet:
    """An empty table to fill in, with a sample row, which the import leaves out, and notes."""
    sample = (str(SAMPLE), "HN-0001", "0312687879", _("Glass noodles"), 500, "kg")
    row = (*sample, str(Item.Period.MONTH.label), 85_000)
    notes = (
        _("One row is one product of one memorandum. Rows of the same two make one memorandum."),
        _("Organisations are named by their code or their tax code, products by code or name."),
        _("A quantity may have up to three decimals, such as %(example)s.")
        % {"example": shown_number(Decimal("1.5"), get_language() or "vi")},
        _("An empty unit or price is that of the product; an empty period is a month."),
        _("The row marked “sample” is left out. A file has at most 500 rows."),
        _("Nothing is written before you have seen what it would make and confirmed it."),
    )
    return _sheet(fair, [row], (), notes=notes)


def errors_sheet(fair: Fair, rows: list[Row]) -> Sheet:
    """The rows as they were sent, each with what is wrong with it."""
    written = [
        (row.number, *(row.cells.get(name, "") for name in COLUMNS), "; ".join(row.errors))
        for row in rows
    ]
    return _sheet(fair, written, (Heading(_("Mistakes"), 60),))


def _sheet(fair: Fair, rows: Any, more: tuple[Heading, ...], **facts: Any) -> Sheet:
    periods = tuple(str(label) for label in Item.Period.labels)
    headings = (
        Heading(label=str(label), width=width, choices=periods if name == "period" else ())
        for name, (label, width) in COLUMNS.items()
    )
    return Sheet(
        name=_("Memoranda"),
        lines=(_("Memoranda to be signed"), fair.short_title, ""),
        headings=(Heading(NUMBERING, 6), *headings, *more),
        rows=rows,
        lists_name=_("Lists"),
        notes_name=_("Notes"),
        **facts,
    )
