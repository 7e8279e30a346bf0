"""A print's plain values, and the paper that is drawn from them and nothing else."""

import json
from collections.abc import Sequence
from datetime import date
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.urls import reverse

from badges.models import Badge, BadgeSheet
from badges.sheet import A4_EIGHT, Block, Position, deal, fit, marks
from core import codes, pdf, qr
from core.vietnam import shown_dates
from fairs.models import Fair

TEMPLATE = "pdf/badges.html"
STYLESHEET = "css/pdf-badges.css"

# The blocks of static/css/pdf-badges.css.
NAME = Block(width=80, height=19, sizes=(30, 26, 22, 18, 15, 12, 10, 8))
ORGANISATION = Block(width=51, height=12.6, sizes=(12, 11, 10, 9, 8, 7, 6))
BOOTHS = Block(width=51, height=9.5, sizes=(22, 18, 15, 12, 10, 8))

# As the Vietnamese paper says it, with the English word in small beside it.
ROLES = {
    "producer": ("CHỦ THỂ OCOP", "Producer"),
    "distributor": ("ĐƠN VỊ PHÂN PHỐI", "Distributor"),
    "organiser": ("BAN TỔ CHỨC", "Organiser"),
}


def address_of(token: str) -> str:
    """The address in a badge's QR: a page that says whether the badge is valid."""
    return f"{settings.SITE_URL}{reverse('badge_public', args=[token])}"


def entry_of(badge: Badge, fair: Fair) -> dict[str, str]:
    """What stands on one badge; organisers belong to the body that holds the fair."""
    return {
        "code": badge.code,
        "token": badge.token,
        "person": badge.person,
        "organisation": badge.organisation.name if badge.organisation else fair.organiser,
        "role": badge.role,
        "booths": badge.booths,
    }


def content_of(fair: Fair, entries: Sequence[dict[str, str]]) -> dict[str, Any]:
    """Everything a print is made from, as plain values that JSON can hold."""
    return {
        "fair": fair.short_title,
        "first_day": fair.first_day.isoformat(),
        "last_day": fair.end.isoformat(),
        "badges": list(entries),
    }


def content_sha256(content: dict[str, Any]) -> str:
    """The SHA-256 of the content as canonical JSON, in lower-case hexadecimal."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def sheet_pdf(sheet: BadgeSheet) -> pdf.Paper:
    """Draw all badges of a print as one PDF; the same print always gives the same bytes.

    Raises PdfError, for instance for a letter that the bundled font lacks.
    """
    content = sheet.content
    return pdf.render(
        TEMPLATE,
        sheet_context(content),
        stylesheets=[STYLESHEET],
        title=f"Thẻ · {content['fair']} · {sheet.number}",
        language="vi",
        identifier=bytes.fromhex(sheet.content_sha256)[:16],
        created=sheet.created_at,
        variant=None,
    )


def sheet_context(content: dict[str, Any]) -> dict[str, Any]:
    """Plain values for the template: sheets of badges with their positions in mm."""
    days = shown_dates(
        date.fromisoformat(content["first_day"]), date.fromisoformat(content["last_day"])
    )
    return {
        "fair": content["fair"],
        "days": days,
        "page": {"width": A4_EIGHT.page_width, "height": A4_EIGHT.page_height},
        "size": {"width": A4_EIGHT.width, "height": A4_EIGHT.height},
        "marks": [
            {"x1": line.x1, "y1": line.y1, "x2": line.x2, "y2": line.y2} for line in marks(A4_EIGHT)
        ],
        "sheets": [
            [_drawn(position, entry) for position, entry in sheet]
            for sheet in deal(A4_EIGHT, content["badges"])
        ],
    }


def _drawn(position: Position, entry: dict[str, str]) -> dict[str, Any]:
    modules = qr.matrix(address_of(entry["token"]))
    word, word_en = ROLES[entry["role"]]
    return {
        "x": position.x,
        "y": position.y,
        "role": entry["role"],
        "word": word,
        "word_en": word_en,
        "person": entry["person"],
        "person_size": fit(entry["person"], NAME),
        "organisation": entry["organisation"],
        "organisation_size": fit(entry["organisation"], ORGANISATION),
        "booths": entry["booths"],
        "booths_size": fit(entry["booths"], BOOTHS),
        "code": codes.shown(entry["code"]),
        "qr": qr.path(modules),
        "qr_box": qr.view_box(modules, quiet=0),
    }
