"""Reads: wordings with how often they are used, and where two versions differ."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from mou.models import Wording
from mou.states import FROZEN

# Frozen, or frozen once: what it says may stand on a signed paper.
USED = Q(memoranda__state__in=FROZEN) | Q(memoranda__number__isnull=False)


def wordings() -> QuerySet[Wording]:
    """All of them, newest first, with `used`: the number of memoranda frozen with each."""
    counted = Wording.objects.annotate(used=Count("memoranda", filter=USED, distinct=True))
    return counted.select_related("copied_from").order_by("code", "-version")


def wording_of(code: str, version: int) -> Wording:
    """One version, with `used`. Raises Wording.DoesNotExist."""
    return wordings().get(code=code, version=version)


def is_used(wording: Wording) -> bool:
    """Whether a memorandum was ever frozen with it, so that it must stay as it is."""
    used = Q(state__in=FROZEN) | Q(number__isnull=False)
    return wording.memoranda.filter(used).exists()


@dataclass(frozen=True)
class Change:
    """A part of the text that two versions have differently: words kept, taken out, put in."""

    label: str
    vi: list[tuple[str, str]]
    en: list[tuple[str, str]]


def changes_between(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    """The parts that differ, in the order of the text; each word with "kept", "out" or "in"."""
    before, after = dict(_parts(old)), dict(_parts(new))
    labels = list(dict.fromkeys([*before, *after]))
    nothing = {"vi": "", "en": ""}
    found = []
    for label in labels:
        first, second = before.get(label, nothing), after.get(label, nothing)
        if first != second:
            words = [_words(first[language], second[language]) for language in ("vi", "en")]
            found.append(Change(label, *words))
    return found


def _parts(content: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, str]]]:
    yield _("Heading of the paper"), content["title"]
    yield _("Subject"), content["subject"]
    yield _("Legal bases"), _joined(content["bases"])
    yield _("Opening sentence"), content["opening"]
    yield _("Agreement"), content["agreement"]
    for number, article in enumerate(content["articles"], start=1):
        label = _("Article %(number)s") % {"number": number}
        yield label, _joined([article["title"], *article["clauses"]])
    yield _("Consent of the parties"), _joined(content["consent"]["party"])
    yield _("Consent of the witness"), _joined(content["consent"]["witness"])


def _joined(texts: list[Mapping[str, str]]) -> dict[str, str]:
    return {language: "\n".join(text[language] for text in texts) for language in ("vi", "en")}


def _words(old: str, new: str) -> list[tuple[str, str]]:
    before, after = old.split(), new.split()
    pieces = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(("kept", " ".join(before[i1:i2])))
            continue
        if i2 > i1:
            pieces.append(("out", " ".join(before[i1:i2])))
        if j2 > j1:
            pieces.append(("in", " ".join(after[j1:j2])))
    return pieces
