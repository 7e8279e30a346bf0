"""A table as an .xlsx file: printed on A4 landscape, heads repeated, text never a formula."""

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range_abs
from xlsxwriter.worksheet import Worksheet

A4 = 9
GREEN = "#1F6B4A"
# Rows below the table that have the drop-down lists too.
SPARE_ROWS = 200

Cell = str | int | Decimal | date | datetime | None


@dataclass(frozen=True)
class Heading:
    """A column: what stands above it, how wide it is in characters, what may be chosen in it."""

    label: str
    width: int
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """A table with what stands above it (title, span of time, who and when) and notes beside it."""

    name: str
    lines: tuple[str, ...]
    headings: tuple[Heading, ...]
    rows: Sequence[Sequence[Cell]]
    lists_name: str = ""
    notes_name: str = ""
    notes: tuple[str, ...] = field(default=())


def write_workbook(*sheets: Sheet) -> bytes:
    """The sheets as the bytes of an .xlsx file; `write_string` makes no formula and no link."""
    target = io.BytesIO()
    with Workbook(target, {"in_memory": True}) as workbook:
        pages = [(workbook.add_worksheet(sheet.name), sheet) for sheet in sheets]
        for page, sheet in pages:
            _write_table(workbook, page, sheet)
            _print_setup(page, head=len(sheet.lines))
            if sheet.notes:
                _write_notes(workbook, sheet)
            if sheet.lists_name:
                _write_lists(workbook, page, sheet)
    return target.getvalue()


def _write_table(workbook: Workbook, page: Worksheet, sheet: Sheet) -> None:
    title = workbook.add_format({"bold": True, "font_size": 14})
    head = workbook.add_format(
        {
            "bold": True,
            "font_color": "white",
            "bg_color": GREEN,
            "border": 1,
            "text_wrap": True,
            "valign": "top",
        }
    )
    plain = {"border": 1, "text_wrap": True, "valign": "top"}
    text = workbook.add_format(plain)
    formats: dict[type, Format] = {
        datetime: workbook.add_format({**plain, "num_format": "dd/mm/yyyy hh:mm"}),
        date: workbook.add_format({**plain, "num_format": "dd/mm/yyyy"}),
        int: workbook.add_format({**plain, "num_format": "#,##0"}),
        Decimal: workbook.add_format({**plain, "num_format": "#,##0.0"}),
    }
    for row, line in enumerate(sheet.lines):
        page.write_string(row, 0, line, None if row else title)
    first = len(sheet.lines)
    for column, heading in enumerate(sheet.headings):
        page.set_column(column, column, heading.width)
        page.write_string(first, column, heading.label, head)
    for row, cells in enumerate(sheet.rows, start=first + 1):
        for column, cell in enumerate(cells):
            _write_cell(page, row, column, cell, formats, text)
    page.freeze_panes(first + 1, 0)


def _write_cell(
    page: Worksheet, row: int, column: int, cell: Cell, formats: dict[type, Format], text: Format
) -> None:
    if isinstance(cell, date):
        page.write_datetime(row, column, cell, formats[type(cell)])
    elif isinstance(cell, int):
        page.write_number(row, column, cell, formats[int])
    elif isinstance(cell, Decimal):
        page.write_number(row, column, float(cell), formats[Decimal])
    elif cell:
        page.write_string(row, column, cell, text)
    else:
        page.write_blank(row, column, None, text)


def _print_setup(page: Worksheet, *, head: int) -> None:
    page.set_paper(A4)
    page.set_landscape()
    page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    page.fit_to_pages(1, 0)
    page.repeat_rows(head)
    page.set_footer("&R&P/&N")


def _write_notes(workbook: Workbook, sheet: Sheet) -> None:
    page = workbook.add_worksheet(sheet.notes_name)
    wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})
    page.set_column(0, 0, 100)
    for row, note in enumerate(sheet.notes):
        page.write_string(row, 0, note, wrapped)


def _write_lists(workbook: Workbook, page: Worksheet, sheet: Sheet) -> None:
    """Drop-down lists; a list in the cell itself would end at 255 characters."""
    lists = workbook.add_worksheet(sheet.lists_name)
    lists.hide()
    first = len(sheet.lines) + 1
    last = first + len(sheet.rows) + SPARE_ROWS
    for column, heading in enumerate(sheet.headings):
        for row, choice in enumerate(heading.choices):
            lists.write_string(row, column, choice)
        if heading.choices:
            end = len(heading.choices) - 1
            source = f"='{sheet.lists_name}'!{xl_range_abs(0, column, end, column)}"
            page.data_validation(
                first,
                column,
                last,
                column,
                {"validate": "list", "source": source, "error_type": "warning"},
            )
