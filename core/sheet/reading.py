"""Rows of an uploaded .xlsx or .xls file, read where they can do no harm.

A workbook of a few kilobytes may unpack to gigabytes, and one far-off cell makes the parser
ask for a table up to it. So the sizes written in the file are checked first, and a child process
with little memory and time does the reading.
"""

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Collection, Mapping
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from core.text import fold

ROOT = Path(__file__).parents[2]
MOST_BYTES = 5 * 1024 * 1024
MOST_UNPACKED = 50 * 1024 * 1024
MOST_PARTS = 1_000
MOST_ROWS = 2_000
SECONDS = 20
OLD_EXCEL = bytes.fromhex("d0cf11e0a1b11ae1")
TOO_MANY_ROWS = 3
HEAD_WITHIN = 20  # of the first rows, one names the columns

Rows = list[list[str]]


def read_rows(content: bytes) -> Rows:
    """The first sheet's rows, as `read_sheets` gives them."""
    _name, rows = read_sheets(content)[0]
    return rows


def read_sheets(content: bytes, *, beside: Collection[str] = ()) -> list[tuple[str, Rows]]:
    """The first sheet, and after it those whose folded name is in `beside`: name and rows.

    Cells are text; days as yyyy-mm-dd, moments as yyyy-mm-dd hh:mm, numbers with a decimal point
    that cannot be taken for grouping (1.5, 1.1250). Row and column numbers are
    those of the sheet: what is empty is "".

    Raises DomainError `sheet.too_large`, `sheet.not_excel`, `sheet.too_long` or
    `sheet.unreadable`.
    """
    if len(content) > MOST_BYTES:
        raise DomainError("sheet.too_large", _("The file is larger than 5 MB."))
    _check_kind(content)
    try:
        done = subprocess.run(  # noqa: S603 - our own program, fed by its standard input
            [sys.executable, "-m", "core.sheet.child", *beside],
            cwd=ROOT,
            input=content,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise _unreadable() from error
    if done.returncode == TOO_MANY_ROWS:
        raise DomainError("sheet.too_long", _("The sheet has more than 2,000 rows."))
    if done.returncode:
        raise _unreadable()
    return [(name, rows) for name, rows in json.loads(done.stdout)]


def find_heads(
    rows: Rows, heads: Mapping[str, str], needed: Collection[str]
) -> tuple[int, list[str | None]] | None:
    """The row that names the columns, counted from 1, and what each of its columns holds.

    `heads` says what a folded name means; None where no row names all that is `needed`.
    """
    named = ([heads.get(fold(cell)) for cell in row] for row in rows[:HEAD_WITHIN])
    return next((row for row in enumerate(named, 1) if {*needed} <= {*row[1]}), None)


def _check_kind(content: bytes) -> None:
    """An old Excel file, or a zip that says it stays small when unpacked."""
    if content.startswith(OLD_EXCEL):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            sizes = [part.file_size for part in parts.infolist()]
            names = parts.namelist()
    except zipfile.BadZipFile as error:
        raise _not_excel() from error
    if "[Content_Types].xml" not in names:
        raise _not_excel()
    if len(sizes) > MOST_PARTS or sum(sizes) > MOST_UNPACKED:
        raise DomainError("sheet.too_large", _("The file is too large when unpacked."))


def _not_excel() -> DomainError:
    return DomainError("sheet.not_excel", _("This is not an Excel file (.xlsx or .xls)."))


def _unreadable() -> DomainError:
    return DomainError(
        "sheet.unreadable",
        _("The file cannot be read. Open it in Excel, save it anew as .xlsx, and try again."),
    )
