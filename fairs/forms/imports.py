"""The fairs of a plan read from a workbook: what each row would do, before anything is written."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from core.errors import DomainError
from core.sheet.reading import find_heads
from core.text import clean, fold, slug
from fairs.forms.cells import read_cell, read_hall
from fairs.forms.editing import FairForm, initial_of, initial_of_kind, label_of
from fairs.forms.sheets import COLUMNS, NUMBERING, SAMPLE
from fairs.models import Fair, FairKind, Plan
from fairs.queries.editing import (
    Choices,
    changes_between,
    code_for_year,
    codes_in_use,
    facts_of,
    take_code,
)

NEEDED = ("title", "first_day")
# Heads that offices write by themselves, folded.
ALIASES = {
    "ma hoi cho": "code",
    "loai hinh": "kind",
    "ten": "title",
    "ten hoi cho": "title",
    "ten su kien": "title",
    "tu ngay": "first_day",
    "ngay bat dau": "first_day",
    "den ngay": "last_day",
    "ngay ket thuc": "last_day",
    "dia diem to chuc": "venue",
    "so quyet dinh": "decision_number",
    "don vi to chuc": "organiser",
    "don vi phoi hop": "co_organiser",
    "han dang ky": "applications_close_at",
}
TOTAL = re.compile(r"tong\b.*|(cong|total|sum)\s*([:\d].*)?")
# Where an empty cell says nothing, since a fair has to have it.
NEEDED_BY_FAIRS = ("kind", "title", "short_title", "register_code", "legal_basis", "first_day")


@dataclass
class Row:
    """One row of the file: which fair it is about, what it would change, what is wrong with it."""

    number: int
    cells: dict[str, str]
    title: str
    code: str = ""
    fair: Fair | None = None
    values: dict[str, Any] = field(default_factory=dict)
    changes: dict[str, list[Any]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    is_left_out: bool = False

    @property
    def status(self) -> str:
        """One of "left_out", "error", "new", "changed", "unchanged"."""
        if self.is_left_out:
            return "left_out"
        if self.errors:
            return "error"
        if self.fair is None:
            return "new"
        return "changed" if self.changes else "unchanged"

    @property
    def changed_labels(self) -> list[str]:
        return [label_of(name) for name in self.changes]


Table = list[tuple[int, dict[str, str]]]


def read_table(rows: list[list[str]]) -> Table:
    """The rows below the heads: the number in the sheet, and the cells by field.

    The heads are found within the first rows, with or without accents, in either language;
    empty rows are dropped. Raises DomainError `sheet.no_heads` or `sheet.empty`.
    """
    found = find_heads(rows, _heads(), NEEDED)
    if found is None:
        raise DomainError(
            "sheet.no_heads",
            gettext_lazy(
                "No table was found: the first rows must name the columns, at least "
                "“%(title)s” and “%(first_day)s”."
            ),
            **{name: label_of(name) for name in NEEDED},
        )
    head, names = found
    table = [
        (number, _named(row, names))
        for number, row in enumerate(rows[head:], start=head + 1)
        if any(clean(cell) for cell in row)
    ]
    if not table:
        raise DomainError("sheet.empty", gettext_lazy("There is no row below the heads."))
    return table


def _named(row: list[str], names: list[str | None]) -> dict[str, str]:
    """The cells of known columns; of two with one head the first that holds something counts."""
    cells: dict[str, str] = {}
    for cell, name in zip(row, names, strict=False):
        if name and not cells.get(name):
            cells[name] = clean(cell)
    return cells


@cache
def _heads() -> dict[str, str]:
    found = {**ALIASES, fold(NUMBERING): "number", "no": "number"}
    for language, _name in settings.LANGUAGES:
        with override(language):
            found |= {fold(label_of(name)): name for name in COLUMNS}
    return found


def judge_rows(table: Table, *, plan: Plan, choices: Choices) -> list[Row]:
    """What each row would do to the plan; nothing is written.

    The sample, the total, and what stands below the total without a day are left out.
    """
    codes, register_codes = codes_in_use()
    register_codes |= {cells.get("register_code", "").casefold() for _number, cells in table}
    rows, is_below = [], False
    for number, cells in table:
        row = Row(number, cells, title=cells.get("title") or next(filter(None, cells.values()), ""))
        rows.append(row)
        is_below = is_below or _is_total(cells)
        row.is_left_out = _is_no_fair(cells) or (is_below and not cells.get("first_day"))
        if not row.is_left_out:
            _find_fair(row, plan, choices, codes)
            _judge(row, plan, choices, register_codes)
    _refuse_doubles(rows)
    return rows


def _is_total(cells: Mapping[str, str]) -> bool:
    return not cells.get("first_day") and any(TOTAL.fullmatch(fold(c)) for c in cells.values())


def _is_no_fair(cells: Mapping[str, str]) -> bool:
    """The sample, or nothing but a number or what stands in unknown columns."""
    is_sample = fold(cells.get("number", "")) in _samples()
    return is_sample or {name for name, cell in cells.items() if cell} <= {"number"}


def _refuse_doubles(rows: list[Row]) -> None:
    """Of two rows with one code, or one code in the register, the second is wrong."""
    seen: dict[tuple[str, str], int] = {}
    for row in rows:
        keys = [("code", row.code)] if row.code else []
        if row.values:
            keys.append(("register_code", row.values["register_code"].casefold()))
        for name, code in keys:
            if (name, code) in seen:
                said = {"number": seen[name, code], "code": code}
                row.errors.append(
                    f"{label_of(name)}: " + _("Row %(number)s has the same code, %(code)s.") % said
                )
            seen.setdefault((name, code), row.number)


@cache
def _samples() -> frozenset[str]:
    found = set()
    for language, _name in settings.LANGUAGES:
        with override(language):
            found.add(fold(str(SAMPLE)))
    return frozenset(found)


def _find_fair(row: Row, plan: Plan, choices: Choices, codes: set[str]) -> None:
    """By its code; without one by the code that its title makes, so that twice is once."""
    written = row.cells.get("code", "")
    candidates = [slug(written)] if written else _codes_of(row.title, plan)
    for code in candidates:
        fair = choices.fairs.get(code)
        if fair and fair.plan_id == plan.pk:
            row.fair, row.code = fair, code
            return
    row.code = next((code for code in candidates if code not in codes), candidates[-1])
    if written and row.code in codes:
        row.errors.append(
            _("The code %(code)s belongs to a fair of %(year)s.")
            % {"code": row.code, "year": choices.fairs[row.code].plan.year}
        )


def _codes_of(title: str, plan: Plan) -> list[str]:
    code = slug(title)
    return [code, slug(code_for_year(code, plan.year))]


def _judge(row: Row, plan: Plan, choices: Choices, register_codes: set[str]) -> None:
    form = FairForm(
        _form_data(row, plan, choices, register_codes), choices=choices, fair=row.fair, plan=plan
    )
    if not form.is_valid():
        row.errors += [
            f"{form.fields[name].label}: {error}"
            for name, errors in form.errors.items()
            for error in errors
        ]
        return
    if form.left_out:
        row.errors.append(
            _("A fair of this kind does not have this: %(fields)s.")
            % {"fields": ", ".join(form.left_out)}
        )
    row.values = form.values
    if row.fair:
        row.changes = changes_between(facts_of(row.fair), form.facts)


def _form_data(row: Row, plan: Plan, choices: Choices, register_codes: set[str]) -> dict[str, Any]:
    """What the row says, over what the fair says or a new one begins with."""
    said = {
        name: read_cell(name, cell, choices) for name, cell in row.cells.items() if name in COLUMNS
    }
    filled = {name: v for name, v in said.items() if v or name not in NEEDED_BY_FAIRS}
    if row.fair:
        kept = {name: _typed(value) for name, value in initial_of(row.fair).items()}
        data = {**kept, **filled}
    else:
        kind = said.get("kind") or FairKind.TRADE_WEEK
        begun = initial_of_kind(kind if kind in FairKind else FairKind.TRADE_WEEK, plan)
        data = {**begun, **filled, "kind": kind}
        data["short_title"] = data.get("short_title") or _short(row.title)
        data["register_code"] = data.get("register_code") or take_code(
            _initials(data["short_title"], plan.year), register_codes, limit=16
        )
    if "hall" in said:
        data["hall"] = read_hall(said["hall"], data.get("venue", ""), choices)
    return {**data, "code": row.code}


def _typed(value: Any) -> Any:
    """A field's value as a browser would send it."""
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, list) else str(value or "")


def _short(title: str) -> str:
    return title if len(title) <= 60 else title[:60].rpartition(" ")[0] or title[:60]


def _initials(text: str, year: int) -> str:
    """The first letters of a title and the year: "Tuần hàng Thanh Trì" of 2027 is THTT27."""
    letters = "".join(word[0] for word in slug(text).split("-") if word)
    return f"{letters[:8].upper()}{year % 100:02}"
