"""The register on paper: A4 landscape, with what it was asked for and what proves it."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core import pdf
from core.pdf import Paper
from mou.paper.canonical import canonical

TEMPLATE = "pdf/register.html"
STYLESHEET = "css/pdf-register.css"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One number of the register."""

    number: str
    party_a: str
    party_b: str
    products: str
    signed: str
    until: str
    state: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterPaper:
    """A register as plain text in one language; `totals` are groups of label and figure."""

    title: str
    organiser: str
    filter: str
    as_of: datetime
    shown_as_of: str
    language: str
    headings: tuple[str, ...]
    entries: Sequence[Entry]
    totals: Sequence[tuple[str, Sequence[tuple[str, str]]]]
    roots: Sequence[str]


def register_pdf(register: RegisterPaper) -> Paper:
    """Draw it; the same register always gives the same bytes. Raises `core.pdf.PdfError`."""
    said = canonical(register)
    return pdf.render(
        TEMPLATE,
        {
            "title": register.title,
            "organiser": register.organiser,
            "filter": register.filter,
            "as_of": register.shown_as_of,
            "headings": list(register.headings),
            "rows": [cells_of(entry) for entry in register.entries],
            "totals": [
                {"label": label, "figures": [list(figure) for figure in figures]}
                for label, figures in register.totals
            ],
            "roots": list(register.roots),
        },
        stylesheets=[STYLESHEET],
        title=register.title,
        language=register.language,
        identifier=hashlib.sha256(said).digest()[:16],
        created=register.as_of,
        variant=None,
    )


def cells_of(entry: Entry) -> list[str]:
    """The entry's cells in the order of the headings."""
    return [
        entry.number,
        entry.party_a,
        entry.party_b,
        entry.products,
        entry.signed,
        entry.until,
        entry.state,
        entry.code,
    ]
