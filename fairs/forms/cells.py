"""What stands in a cell, turned into what a form takes; what is not known is left as it is."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any

from django.conf import settings
from django.utils.translation import override

from core.text import fold
from fairs.models import Attendance, FairKind, LegalBasis
from fairs.queries.editing import Choices
from registry.models import Region

EXCEL_DAY_ZERO = date(1899, 12, 30)

Reader = Callable[[str, Choices], Any]


def _label_reader(labels: Sequence[tuple[str, Any]]) -> Reader:
    """Reads a choice by its label in either language, or by its stored value."""

    @cache
    def known() -> dict[str, str]:
        found = {fold(value): value for value, _label in labels}
        for language, _name in settings.LANGUAGES:
            with override(language):
                found |= {fold(str(label)): value for value, label in labels}
        return found

    def read(cell: str, _choices: Choices) -> str:
        return known().get(fold(cell), cell)

    return read


_region = _label_reader(Region.choices)


def _regions(cell: str, choices: Choices) -> list[str]:
    parts = [part.strip() for part in cell.replace(",", ";").split(";")]
    return [_region(part, choices) for part in parts if part]


def _venue(cell: str, choices: Choices) -> str:
    return choices.venue_names.get(fold(cell), cell)


def read_hall(cell: str, venue: str, choices: Choices) -> str:
    """A hall by its name, within the venue of this code if there is one."""
    found = [
        key
        for key, hall in choices.halls.items()
        if fold(hall.name) == fold(cell) and venue in ("", hall.venue.code)
    ]
    return found[0] if len(found) == 1 else cell


def _team(cell: str, choices: Choices) -> str:
    found = [key for key, team in choices.teams.items() if fold(team.name) == fold(cell)]
    return found[0] if found else cell


def _day(cell: str, _choices: Choices) -> str:
    """A day; a five-digit number is Excel's count of days in a cell that was not formatted."""
    if len(cell) == 5 and cell.isdecimal():
        return (EXCEL_DAY_ZERO + timedelta(days=int(cell))).isoformat()
    return cell


def _moment(cell: str, choices: Choices) -> str:
    """A moment; a mere day means its end."""
    day = _day(cell, choices)
    return f"{day} 23:59" if day and ":" not in day else day


def _hour(cell: str, _choices: Choices) -> str:
    """A time of day; a number below 1 is Excel's part of a day in a cell that was not formatted."""
    if cell.startswith("0.") and cell[2:].isdecimal():
        minutes = round(float(cell) * 24 * 60)
        return f"{minutes // 60:02}:{minutes % 60:02}"
    return cell


READERS: dict[str, Reader] = {
    "attendance": _label_reader(Attendance.choices),
    "opens": _hour,
    "closes": _hour,
    "kind": _label_reader(FairKind.choices),
    "legal_basis": _label_reader(LegalBasis.choices),
    "regions": _regions,
    "venue": _venue,
    "team": _team,
    "first_day": _day,
    "last_day": _day,
    "applications_close_at": _moment,
}


def read_cell(name: str, cell: str, choices: Choices) -> Any:
    """The cell of a column as the field's form value."""
    return READERS[name](cell, choices) if name in READERS else cell
