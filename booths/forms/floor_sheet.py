"""The booths of a plan as a table: written for Excel, and read from it before anything is saved."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from booths.floor import Booth, Plan, PlanError, Zone, compare_plans, read_plan, write_plan
from booths.floor.document import MOST_BOOTHS
from booths.queries.floor_plan import EMPTY
from booths.rendering.floor_words import changes_in_words, problem_in_words
from core.errors import DomainError
from core.sheet.reading import find_heads
from core.sheet.writing import Cell, Heading, Sheet
from core.text import clean, fold
from registry.models import ProductGroup

Groups = Mapping[str, ProductGroup]
Table = list[tuple[int, dict[str, str]]]

COLUMNS = {
    "code": gettext_lazy("Booth"),
    "zone": gettext_lazy("Zone"),
    "x": gettext_lazy("From the left (m)"),
    "y": gettext_lazy("From the top (m)"),
    "width": gettext_lazy("Width (m)"),
    "height": gettext_lazy("Depth (m)"),
    "power_kw": gettext_lazy("Power (kW)"),
    "water": gettext_lazy("Water"),
    "cold": gettext_lazy("Cold storage"),
    "cooking": gettext_lazy("Cooking"),
    "groups": gettext_lazy("Product groups"),
}
# Heads that offices write by themselves, folded.
ALIASES = {
    **dict.fromkeys(("gian", "ma gian", "ma gian hang", "so gian", "ma"), "code"),
    **dict.fromkeys(("ma khu", "khu vuc"), "zone"),
    **dict.fromkeys(("x", "trai", "cach trai"), "x"),
    **dict.fromkeys(("y", "tren", "cach tren"), "y"),
    **dict.fromkeys(("rong", "chieu rong", "ngang"), "width"),
    **dict.fromkeys(("sau", "chieu sau", "dai", "chieu dai"), "height"),
    **dict.fromkeys(("dien", "cong suat", "kw"), "power_kw"),
    **dict.fromkeys(("nuoc", "cap nuoc"), "water"),
    **dict.fromkeys(("lanh", "bao quan lanh", "kho lanh"), "cold"),
    **dict.fromkeys(("nau", "nau an", "che bien"), "cooking"),
    **dict.fromkeys(("nhom", "nhom san pham"), "groups"),
}
NEEDED = ("code", "x", "y")
LENGTHS = ("x", "y", "width", "height")
TRUTHS = ("water", "cold", "cooking")
YES = {"x", "co", "yes", "1", "true", "v"}
NO = {"khong", "no", "0", "false", "-", "–"}
NUMBER = re.compile(r"-?\d{1,6}(?:[.,]\d{1,6})?")
GROWTH = 20  # what is left free at the walls of a hall that is made for a first list


class UploadForm(forms.Form):
    """A workbook with booths."""

    file = forms.FileField(
        label=gettext_lazy("Excel file (.xlsx or .xls)"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls"}),
    )


@dataclass
class Row:
    """One row of the file: what its booth would be, and what is wrong with it."""

    number: int
    cells: dict[str, str]
    code: str
    status: str = "new"
    changes: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Reading:
    """What a file would make of the plan."""

    plan: Plan
    rows: list[Row]

    @property
    def counted(self) -> dict[str, int]:
        found = dict.fromkeys(("new", "changed", "unchanged", "error"), 0)
        for row in self.rows:
            found[row.status] += 1
        return found


def read_table(rows: list[list[str]]) -> Table:
    """The rows below the heads: the number in the sheet, and the cells by field.

    Raises DomainError `sheet.no_heads`, `sheet.empty` or `sheet.too_long`.
    """
    found = find_heads(rows, _heads(), NEEDED)
    if found is None:
        raise DomainError(
            "sheet.no_heads",
            gettext_lazy(
                "No table was found: the first rows must name the columns, at least "
                "“%(booth)s”, “%(x)s” and “%(y)s”."
            ),
            x=str(COLUMNS["x"]),
            y=str(COLUMNS["y"]),
            booth=str(COLUMNS["code"]),
        )
    head, names = found
    table = [
        (number, {n: clean(c) for c, n in zip(row, names, strict=False) if n and clean(c)})
        for number, row in enumerate(rows[head:], start=head + 1)
    ]
    table = [(number, cells) for number, cells in table if cells]
    if not table:
        raise DomainError("sheet.empty", gettext_lazy("There is no row below the heads."))
    if len(table) > MOST_BOOTHS:
        raise DomainError("sheet.too_long", gettext_lazy("At most 2,000 booths can be drawn."))
    return table


@cache
def _heads() -> dict[str, str]:
    found = dict(ALIASES)
    for language, _name in settings.LANGUAGES:
        with override(language):
            found |= {fold(str(label)): name for name, label in COLUMNS.items()}
    return found


def judge_table(table: Table, *, floor: Plan, groups: Groups) -> Reading:
    """What the rows would make of `floor`: a known code changes its booth, another one adds one.

    An empty cell leaves a known booth as it is. Zones that are not there yet are made; where
    there is no plan yet, the hall is made large enough.
    """
    before = {booth.code: booth for booth in floor.booths}
    made: dict[str, Booth] = {}
    rows = []
    for number, cells in table:
        row = Row(number, cells, cells.get("code", ""))
        rows.append(row)
        booth = _booth(row, before.get(row.code), floor, groups)
        if not row.code:
            row.errors.append(_("The code is missing."))
        elif row.code in made:
            row.errors.append(_("Another row has this code too."))
        if booth and not row.errors:
            made[row.code] = booth
    plan = _plan(floor, made)
    _judge_whole(plan, rows, groups)
    for row in rows:
        if row.errors:
            row.status = "error"
        elif row.code in before:
            changes = compare_plans(
                Plan(1, 1, booths=(before[row.code],)), Plan(1, 1, booths=(made[row.code],))
            )
            row.changes = changes_in_words(changes)
            row.status = "changed" if changes else "unchanged"
    return Reading(plan, rows)


def _plan(floor: Plan, made: Mapping[str, Booth]) -> Plan:
    kept = tuple(made.get(booth.code, booth) for booth in floor.booths)
    known = {booth.code for booth in floor.booths}
    booths = kept + tuple(booth for code, booth in made.items() if code not in known)
    zones = {zone.code for zone in floor.zones}
    missing = dict.fromkeys(b.zone for b in booths if b.zone not in zones)
    added = tuple(
        Zone(code, f"Khu {code}", f"Zone {code}", None, GROWTH, GROWTH) for code in missing
    )
    plan = replace(floor, booths=booths, zones=floor.zones + added)
    if floor != EMPTY:
        return plan
    return replace(
        plan,
        width=max([floor.width, *(booth.right + GROWTH for booth in booths)]),
        height=max([floor.height, *(booth.bottom + GROWTH for booth in booths)]),
    )


def _booth(row: Row, known: Booth | None, floor: Plan, groups: Groups) -> Booth | None:
    """The booth that a row describes; what is wrong goes to the row."""
    values: dict[str, Any] = {"zone": row.cells.get("zone") or _first_zone(known, floor)}
    for name in (*LENGTHS, "power_kw", *TRUTHS, "groups"):
        cell = row.cells.get(name, "")
        if not cell and known:
            values[name] = getattr(known, name)
            continue
        try:
            values[name] = _value(name, cell, groups)
        except ValueError as error:
            row.errors.append(f"{COLUMNS[name]}: {error}")
    return None if row.errors else Booth(code=row.code, **values)


def _first_zone(known: Booth | None, floor: Plan) -> str:
    if known:
        return known.zone
    return floor.zones[0].code if floor.zones else "A"


def _value(name: str, cell: str, groups: Groups) -> Any:
    """What a cell says. Raises ValueError with a sentence."""
    if name in TRUTHS:
        if not cell or fold(cell) in NO:
            return False
        if fold(cell) not in YES:
            raise ValueError(_("“%(cell)s” is neither yes nor no.") % {"cell": cell[:40]})
        return True
    if name == "groups":
        return tuple(sorted({_group(part, groups) for part in cell.split(";") if clean(part)}))
    if not cell:
        if name in ("x", "y"):
            raise ValueError(_("A new booth needs its place."))
        return 0.0 if name == "power_kw" else 30
    number = NUMBER.fullmatch(fold(cell).removesuffix("kw").removesuffix("m").strip())
    if number is None:
        raise ValueError(_("“%(cell)s” is no number.") % {"cell": cell[:40]})
    read = float(number[0].replace(",", "."))
    return round(read, 1) if name == "power_kw" else round(read * 10)


def _group(part: str, groups: Groups) -> str:
    wanted = fold(part)
    for code, group in groups.items():
        if wanted in (fold(code), fold(group.name_vi), fold(group.name_en)):
            return code
    raise ValueError(_("There is no product group “%(group)s”.") % {"group": clean(part)[:40]})


def _judge_whole(plan: Plan, rows: list[Row], groups: Groups) -> None:
    """Put what is wrong with the whole plan at the rows whose booths it is about."""
    try:
        read_plan(write_plan(replace(plan, picture=None)), groups=groups)
    except PlanError as error:
        at = {row.code: row for row in rows if not row.errors}
        for problem in error.problems:
            place = re.match(r"booths\[(\d+)\]", problem.place)
            code = plan.booths[int(place[1])].code if place else ""
            other = str(problem.facts.get("named", ""))
            row = at.get(code) or at.get(other) or rows[0]
            row.errors.append(problem_in_words(problem))


def sheet_of(floor: Plan, groups: Groups, *, title: str, actor: str) -> Sheet:
    """The booths as a table that can be read back."""
    now = timezone.localtime()
    made = _("Made by %(name)s at %(moment)s") % {"name": actor, "moment": f"{now:%H:%M %d/%m/%Y}"}
    widths = {"groups": 50, "code": 12, "zone": 10}
    yes = str(_("yes"))
    offered = {name: (yes, str(_("no"))) for name in TRUTHS}
    return Sheet(
        name=str(_("Booths")),
        lines=(title, made, ""),
        headings=tuple(
            Heading(str(label), widths.get(name, 13), offered.get(name, ()))
            for name, label in COLUMNS.items()
        ),
        rows=[_cells(booth, groups, yes) for booth in floor.booths],
        lists_name=str(_("Lists")),
        notes_name=str(_("Notes")),
        notes=(
            _("One row is one booth. A row with a known code changes that booth."),
            _("Lengths are metres from the upper left corner of the hall; 3 × 3 m if left empty."),
            _("Several product groups are separated by semicolons; none means any."),
            _("Booths that are not in the table stay on the plan."),
        ),
    )


def _cells(booth: Booth, groups: Groups, yes: str) -> list[Cell]:
    lengths: list[Cell] = [_metres(getattr(booth, name)) for name in LENGTHS]
    return [
        booth.code,
        booth.zone,
        *lengths,
        int(booth.power_kw) if booth.power_kw.is_integer() else str(booth.power_kw),
        *(yes if getattr(booth, name) else None for name in TRUTHS),
        "; ".join(groups[code].name for code in booth.groups),
    ]


def _metres(length: int) -> int | str:
    return str(length / 10) if length % 10 else length // 10
