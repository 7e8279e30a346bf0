"""The one spelling of plain values, so that the same content always has the same hash."""

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError

#: Control characters but the line feed, and lone surrogates: no glyph, no place in a paper.
_UNPRINTABLE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


class ContentError(DomainError):
    """A memorandum's content that cannot be frozen or read; codes begin with `content.`."""


def canonical(value: object) -> bytes:
    """Return the one spelling of a value: UTF-8 JSON, sorted keys, no spaces, NFC text.

    Dates are ISO, moments ISO in UTC, decimals plain digits in text. Raises ContentError
    `content.not_plain` for a float or anything else that has more than one spelling, and
    `content.control_character` for text that cannot be printed.
    """
    text = json.dumps(_plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def _plain(value: object) -> object:
    match value:
        case str():
            return _printable(value)
        case None | bool() | int():
            return value
        case Decimal() if value.is_finite():
            # Zero keeps an exponent through normalize(): 0E+3 and 0 are one number.
            return format(value.normalize(), "f") if value else "0"
        case datetime() if value.tzinfo is not None:
            return value.astimezone(UTC).isoformat()
        case date() if not isinstance(value, datetime):
            return value.isoformat()
        case list() | tuple():
            return [_plain(item) for item in value]
        case Mapping() if all(isinstance(key, str) for key in value):
            return {_printable(key): _plain(item) for key, item in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return {
            field.name: _plain(getattr(value, field.name))
            for field in fields(value)
            if not (field.metadata.get("left_out") and getattr(value, field.name) is None)
        }
    raise ContentError(
        "content.not_plain",
        _("A value of the memorandum has no fixed form: %(kind)s."),
        kind=type(value).__name__,
    )


def _printable(text: str) -> str:
    if _UNPRINTABLE.search(text):
        raise ContentError(
            "content.control_character",
            _("A text of the memorandum has a character that cannot be printed."),
        )
    return unicodedata.normalize("NFC", text)
