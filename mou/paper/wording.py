"""The text of the articles as data: Vietnamese and English side by side, with named blanks."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from mou.paper.canonical import canonical

STANDARD = Path(__file__).resolve().parent.parent / "wordings" / "ocop-2026.json"

#: The only names that a wording may leave blank; anything else in braces is refused.
BLANKS = frozenset(
    {
        "answer_days",
        "confidential_months",
        "date",
        "end_notice_days",
        "event",
        "expires_on",
        "host",
        "listing_days",
        "notice_days",
        "party",
        "venue",
    }
)

_BLANK = re.compile(r"\{\{ ([a-z_]+) \}\}")


class WordingError(DomainError):
    """A wording that cannot be printed; code `wording.malformed`, fact `problem`."""


def standard_wording() -> dict[str, Any]:
    """Return a fresh copy of the wording that the product comes with (2026, OCOP products)."""
    wording: dict[str, Any] = json.loads(_standard_text())
    return wording


def wording_sha256(wording: Mapping[str, Any]) -> str:
    """Return the hexadecimal hash that tells one version of a wording from another."""
    return hashlib.sha256(b"mou-wording/1\0" + canonical(wording)).hexdigest()


def check_wording(wording: Mapping[str, Any]) -> None:
    """Raise WordingError unless the wording has the parts of the standard one and known blanks."""
    problem = next(_problems(wording), None)
    if problem:
        raise WordingError(
            "wording.malformed", _("This wording cannot be used: %(problem)s."), problem=problem
        )


def fill(text: str, values: Mapping[str, str]) -> str:
    """Put values into the blanks of a text in one pass, so that a value is never itself read.

    Raises KeyError for a blank without a value.
    """
    return _BLANK.sub(lambda blank: values[blank[1]], text)


def fill_all(wording: Mapping[str, Any], values: Mapping[str, str]) -> dict[str, Any]:
    """Return a copy of a wording, or of a group of it, with every blank filled.

    A value is looked up as `name` and, for a text in English, first as `name.en`.
    """
    english = {**values, **{name[:-3]: values[name] for name in values if name.endswith(".en")}}
    return {
        key: _filled(part, english if key == "en" else values, values)
        for key, part in wording.items()
    }


def _filled(part: object, own: Mapping[str, str], values: Mapping[str, str]) -> object:
    if isinstance(part, str):
        return fill(part, own)
    if isinstance(part, Mapping):
        return fill_all(part, values)
    if isinstance(part, list | tuple):
        return [_filled(item, own, values) for item in part]
    return part


@cache
def _standard_text() -> str:
    return STANDARD.read_text(encoding="utf-8")


def _problems(wording: Mapping[str, Any]) -> Iterator[str]:
    """Say what is wrong: the shape is that of the standard wording, articles are free in number."""
    yield from _differences(wording, json.loads(_standard_text()), "wording")
    for text in _texts(wording):
        for blank in re.findall(r"\{\{.*?\}\}|\{\{|\}\}", text):
            found = _BLANK.fullmatch(blank)
            if not found or found[1] not in BLANKS:
                yield f"unknown blank {blank}"


def _differences(part: object, pattern: object, where: str) -> Iterator[str]:
    if isinstance(pattern, Mapping):
        if not isinstance(part, Mapping):
            yield f"{where} is no group"
            return
        for key in pattern.keys() - part.keys() - {"products"}:
            yield f"{where}.{key} is missing"
        for key in part.keys() & pattern.keys():
            yield from _differences(part[key], pattern[key], f"{where}.{key}")
    elif isinstance(pattern, list):
        if not isinstance(part, list) or not part:
            yield f"{where} is no list"
            return
        for index, item in enumerate(part):
            yield from _differences(item, pattern[0], f"{where}.{index + 1}")
    elif type(part) is not type(pattern) or part == "":
        yield f"{where} is no text"


def _texts(part: object) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, Mapping):
        for item in part.values():
            yield from _texts(item)
    elif isinstance(part, list):
        for item in part:
            yield from _texts(item)
