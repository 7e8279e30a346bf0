"""What templates need beyond Django: icons, state words, and dates, numbers and money as said here.

The formats themselves live in `core.vietnam` and `core.money`; this is only their door for pages.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from django import template
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from core import codes, money, vietnam

register = template.Library()

SPRITE = "vendor/lucide-static@1.62.0/sprite.svg"

# One table for all apps, so that the same word never has two colours: the tone and the icon of a
# state, by its value. "ok" is settled well, "wait" asks somebody to act, "info" is under way,
# "bad" is wrong, and what is simply over is grey.
STATE_TONES: dict[str, tuple[str, str]] = {
    "abandoned": ("bad", "circle-x"),
    "accepted": ("ok", "circle-check"),
    "allocating": ("info", "layout-grid"),
    "announced": ("info", "calendar"),
    "cancelled": ("", "ban"),
    "closed": ("", "lock"),
    "computing": ("info", "play"),
    "declined": ("bad", "circle-x"),
    "done": ("ok", "circle-check"),
    "draft": ("", "pencil"),
    "eligible": ("info", "check"),
    "expired": ("bad", "triangle-alert"),
    "failed": ("bad", "triangle-alert"),
    "on_paper": ("info", "printer"),
    "open": ("wait", "clock"),
    "placed": ("ok", "store"),
    "proposed": ("wait", "clock"),
    "published": ("ok", "circle-check"),
    "ready": ("wait", "pen-line"),
    "refused": ("bad", "circle-x"),
    "registering": ("wait", "lock-open"),
    "reported": ("", "file-text"),
    "revoked": ("bad", "ban"),
    "running": ("info", "play"),
    "paper": ("ok", "file-pen-line"),
    "sealed": ("ok", "shield-check"),
    "sent": ("ok", "circle-check"),
    "signed": ("info", "lock"),
    "signing": ("info", "pen-line"),
    "submitted": ("wait", "send"),
    "superseded": ("", "undo-2"),
    "terminated": ("", "ban"),
    "unsubscribed": ("", "ban"),
    "valid": ("ok", "circle-check"),
    "void": ("bad", "ban"),
    "waiting": ("wait", "clock"),
    "waiting_list": ("wait", "clock"),
    "withdrawn": ("", "undo-2"),
}


@cache
def sprite_icons() -> frozenset[str]:
    """The ids in the vendored sprite; empty where static files are served by somebody else."""
    path = finders.find(SPRITE)
    if not isinstance(path, str):
        return frozenset()
    sprite = Path(path).read_text(encoding="utf-8")
    return frozenset(re.findall(r'<symbol id="([^"]+)"', sprite))


@register.simple_tag
def icon(name: str) -> SafeString:
    """A Lucide icon, hidden from screen readers: it always stands next to words.

    Raises TemplateSyntaxError for an icon that the sprite lacks.
    """
    known = sprite_icons()
    if known and name not in known:
        raise template.TemplateSyntaxError(f"static/{SPRITE} has no icon “{name}”")
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        static(SPRITE),
        name,
    )


@register.simple_tag
def state_tag(thing: Any, field: str = "state") -> SafeString:
    """The word, colour and icon of a model's state field."""
    tone, icon_name = STATE_TONES.get(getattr(thing, field), ("", ""))
    context = {
        "word": getattr(thing, f"get_{field}_display")(),
        "tone": tone,
        "icon": icon_name,
    }
    return SafeString(render_to_string("parts/tag.html", context).strip())


@register.simple_block_tag
def fold(content: str, *, chosen: Iterable[str] = (), is_open: bool = False) -> SafeString:
    """A long search form, on a phone behind a line that says what is `chosen`.

    Without JavaScript. On wide screens it lies open and there is no such line.
    """
    context = {"content": content, "chosen": list(chosen), "is_open": is_open}
    return SafeString(render_to_string("parts/fold.html", context))


@register.filter(expects_localtime=True)
def shown_date(date: datetime.date | None) -> str:
    """A day as dd/mm/yyyy; nothing for None."""
    return "" if date is None else vietnam.shown_date(date)


@register.simple_tag
def shown_dates(first: datetime.date, last: datetime.date) -> str:
    """A span of days without what both ends share: 02–06/12/2026."""
    return vietnam.shown_dates(first, last)


@register.filter
def shown_days(days: Iterable[datetime.date]) -> str:
    """The days as ranges: "02–03/12/2026, 05/12/2026"."""
    return vietnam.shown_days(days)


@register.filter(expects_localtime=True)
def lunar(date: datetime.date | vietnam.LunarDate | None) -> str:
    """The same day in the lunar calendar, in short; nothing for None."""
    if date is None:
        return ""
    found = date if isinstance(date, vietnam.LunarDate) else vietnam.lunar(date)
    return found.shown_short(get_language() or "vi")


@register.filter
def shown_code(code: str) -> str:
    """A human code in groups of four."""
    return codes.shown(code)


@register.filter
def shown_number(number: int | Decimal | None) -> str:
    """A number with the grouping of the page's language; nothing for None."""
    return "" if number is None else vietnam.shown_number(number, get_language() or "vi")


@register.filter
def shown_money(amount: int | None) -> str:
    """An amount in đồng with its sign; nothing for None."""
    return "" if amount is None else money.shown_money(amount, get_language() or "vi")


@register.simple_tag
def lunar_dates(first: datetime.date, last: datetime.date) -> str:
    """A span of days in the lunar calendar, in the page's language: 24–28 tháng Mười."""
    return vietnam.lunar_dates(first, last, get_language() or "vi")
