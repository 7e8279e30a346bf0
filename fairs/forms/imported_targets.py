"""The targets of a plan read from a workbook's second sheet: what each row would change."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override
from xlsxwriter.utility import xl_rowcol_to_cell

from core.errors import DomainError
from core.sheet.reading import HEAD_WITHIN, Rows
from core.text import clean, fold
from fairs.forms.plans import TargetsForm
from fairs.forms.sheets import target_labels
from fairs.models import FairKind, Measure, Plan

# A sheet of the export, and its two columns that are read.
SHEET, MEASURE, TARGET = gettext_noop("Targets"), gettext_noop("Measure"), gettext_noop("Target")


@dataclass(frozen=True)
class Table:
    """The cells of a sheet of targets: for each row its number, the measure, and the target."""

    sheet: str
    column: int
    rows: list[tuple[int, str, str]]


@dataclass
class Row:
    """One target: where it stands, what it is for, what it was and would be; None is no target."""

    cell: str
    label: str
    name: str = ""
    before: int | None = None
    after: int | None = None
    errors: list[str] = field(default_factory=list)

    @property
    def status(self) -> str:
        """One of "error", "changed", "unchanged"."""
        if self.errors:
            return "error"
        return "unchanged" if self.before == self.after else "changed"


@cache
def _said(text: str) -> frozenset[str]:
    """A word of the interface in every language, folded."""
    found = set()
    for language, _name in settings.LANGUAGES:
        with override(language):
            found.add(fold(_(text)))
    return frozenset(found)


def sheet_names() -> frozenset[str]:
    """What the sheet of targets may be called, folded."""
    return _said(SHEET)


@cache
def _names() -> dict[str, str]:
    """The names of `Target.name` by what stands in the sheet; a kind of fair also by itself."""
    found: dict[str, str] = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            found |= {fold(str(kind.label)): f"{Measure.FAIRS}-{kind}" for kind in FairKind}
            found |= {fold(label): name for name, label in target_labels().items()}
    return found


def read_targets(sheet: str, rows: Rows) -> Table:
    """The rows below the heads that name a measure or a target.

    Raises DomainError `sheet.no_targets` where the two columns are not named.
    """
    for number, row in enumerate(rows[:HEAD_WITHIN], start=1):
        cells = [fold(cell) for cell in row]
        measure = next((at for at, cell in enumerate(cells) if cell in _said(MEASURE)), None)
        target = next((at for at, cell in enumerate(cells) if cell in _said(TARGET)), None)
        if measure is not None and target is not None:
            below = [
                (at, clean(row[measure]), clean(row[target]))
                for at, row in enumerate(rows[number:], start=number + 1)
            ]
            return Table(sheet, target, [row for row in below if row[1] or row[2]])
    raise DomainError(
        "sheet.no_targets",
        _("The sheet “%(sheet)s” must name the columns “%(measure)s” and “%(target)s”."),
        sheet=sheet,
        measure=_(MEASURE),
        target=_(TARGET),
    )


def judge_targets(table: Table, *, plan: Plan, seen: Mapping[str, int]) -> list[Row]:
    """What each row would change in the plan, whose targets are `seen`; nothing is written.

    A target that no row is for stays as it is; a row of something else that has no target, such
    as a total or who made the table, is left out.
    """
    rows: list[Row] = []
    said: dict[str, str] = {}
    for number, label, text in table.rows:
        name = _names().get(fold(label), "")
        if not name and not text:
            continue
        row = Row(xl_rowcol_to_cell(number - 1, table.column), label, name, seen.get(name))
        rows.append(row)
        if not name:
            row.errors.append(_("No plan has a target for “%(label)s”.") % {"label": label})
        elif name in said:
            row.errors.append(_("This target stands in the sheet twice."))
        else:
            said[name] = text
    _judge(rows, said, seen)
    if plan.approved_at:
        for row in rows:
            if row.status == "changed":
                row.errors.append(
                    _(
                        "This plan is approved, so its targets stay. Withdraw the approval "
                        "first, or delete this sheet from the file."
                    )
                )
    return rows


def _judge(rows: list[Row], said: Mapping[str, str], seen: Mapping[str, int]) -> None:
    form = TargetsForm({**{name: str(value) for name, value in seen.items()}, **said})
    form.is_valid()
    for row in rows:
        row.after = form.cleaned_data.get(row.name, row.before)
    for name, errors in form.errors.items():
        # The kinds may ask for too much where the sum of all fairs is not in the sheet.
        own = [row for row in rows if row.name == name] or rows[-1:]
        for row in own[:1]:
            row.errors += [str(error) for error in errors]


def targets_after(rows: list[Row], seen: Mapping[str, int]) -> dict[str, int]:
    """All targets of the plan, should the rows be written."""
    wanted: dict[str, int | None] = {**seen, **{row.name: row.after for row in rows}}
    return {name: value for name, value in wanted.items() if value is not None}
