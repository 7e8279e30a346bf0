"""The program of the child process: a workbook on standard input, its rows as JSON on output.

The arguments are the folded names of sheets that are read beside the first one.

Whatever goes wrong ends it with a number; the parent tells the user.
"""

import io
import json
import re
import resource
import sys
from datetime import date, datetime, time, timedelta
from typing import Any

from python_calamine import CalamineWorkbook

from core.text import fold

from .reading import MOST_ROWS, SECONDS, TOO_MANY_ROWS

MEMORY = 1024 * 1024 * 1024
MOST_COLUMNS = 100
LIKE_A_GROUP = re.compile(r"-?[0-9]+\.[0-9]{3}")
HALF_A_MINUTE = timedelta(seconds=30)


def main(wanted: list[str]) -> int:
    """Read one workbook, write the names and the rows of its first sheet and of those wanted."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
    found: list[tuple[str, list[list[str]]]] = []
    for number, name in enumerate(workbook.sheet_names):
        if number and fold(name) not in wanted:
            continue
        sheet = workbook.get_sheet_by_index(number)
        if sheet.end and sheet.end[0] >= MOST_ROWS:
            return TOO_MANY_ROWS
        rows = sheet.to_python(skip_empty_area=False)
        found.append((name, [[_text(cell) for cell in row[:MOST_COLUMNS]] for row in rows]))
    json.dump(found, sys.stdout)
    return 0


def _text(cell: Any) -> str:
    if isinstance(cell, datetime):
        # Excel counts in fractions of days: 10:30 may come as 10:29:59.999.
        near = cell + HALF_A_MINUTE
        return f"{near:%Y-%m-%d}" if near.time() < time(0, 1) else f"{near:%Y-%m-%d %H:%M}"
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float):
        return _number(cell)
    return str(cell)


def _number(cell: float) -> str:
    """A whole number, or its decimals with a point that no language takes for a group's: 1.1250."""
    if cell.is_integer():
        return str(int(cell))
    # Excel counts with fifteen digits: what it shows as 0.3 may be stored as 0.30000000000000004.
    text = f"{cell:.15g}"
    return f"{text}0" if LIKE_A_GROUP.fullmatch(text) else text


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
