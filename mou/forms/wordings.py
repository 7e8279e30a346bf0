"""The text of a memorandum as a form: Vietnamese and English side by side, a line a clause."""

import copy
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.pdf import missing_glyphs
from core.text import clean, clean_lines
from mou.forms.drawing import LARGEST, LineField
from mou.models import Wording
from mou.paper.wording import BLANKS

MOST_ARTICLES = 20
LONGEST = 4_000
MARKUP = re.compile(r"<\s*[a-zA-Z/!?]|&#?\w+;|\{%|\{#")
BRACES = re.compile(r"\{\{\s*(.*?)\s*\}\}")
TORN = re.compile(r"\{\{|\}\}")


@dataclass(frozen=True)
class Part:
    """A piece of the text: where it stands, what it is called, whether each line is a clause."""

    name: str
    label: str
    has_lines: bool = False


class WordingForm(forms.Form):
    """All that may be written in a wording; the rest (state, motto, labels) stays."""

    edition = forms.IntegerField(min_value=1, max_value=LARGEST, widget=forms.HiddenInput)
    name = LineField(label=gettext_lazy("Name of the wording"), max_length=120, required=False)

    def __init__(self, data: Any = None, *, wording: Wording) -> None:
        self.content = wording.content
        initial = {"edition": wording.edition, "name": wording.title, **_values(wording.content)}
        super().__init__(data, initial=initial)
        for part in self.parts:
            for language in ("vi", "en"):
                self.fields[f"{part.name}_{language}"] = self._field(part, language)

    @property
    def parts(self) -> list[Part]:
        return list(_parts(self.content))

    def _field(self, part: Part, language: str) -> forms.CharField:
        tongue = _("Vietnamese") if language == "vi" else _("English")
        rows = 4 if part.has_lines else 2
        return forms.CharField(
            label=f"{part.label} – {tongue}",
            max_length=LONGEST,
            required=not part.name.startswith("article"),
            widget=forms.Textarea(attrs={"rows": rows, "lang": language}),
        )

    @property
    def groups(self) -> list[tuple[Part, forms.BoundField, forms.BoundField]]:
        """Each part with its two fields."""
        return [(part, self[f"{part.name}_vi"], self[f"{part.name}_en"]) for part in self.parts]

    def clean(self) -> None:
        for part in self.parts:
            for language in ("vi", "en"):
                self._clean_text(part, f"{part.name}_{language}")
            self._match(part)
        self._check_articles()

    def _clean_text(self, part: Part, name: str) -> None:
        if name not in self.cleaned_data:
            return
        text = self.cleaned_data[name]
        lines = [line for line in clean_lines(text).split("\n") if line]
        lines = lines if part.has_lines else [clean(text)]
        if not any(lines) and self.fields[name].required:
            self.add_error(name, forms.Field.default_error_messages["required"])
            return
        for number, line in enumerate(lines, start=1):
            problem = _problem(line)
            if problem:
                where = _("line %(number)s: ") % {"number": number} if len(lines) > 1 else ""
                self.add_error(name, where + problem)
                return
        shown = [BRACES.sub(r"{{ \1 }}", line) for line in lines]
        self.cleaned_data[name] = shown if part.has_lines else shown[0]

    def _match(self, part: Part) -> None:
        """As many clauses in one language as in the other."""
        said = [self.cleaned_data.get(f"{part.name}_{language}") for language in ("vi", "en")]
        if not part.has_lines or None in said:
            return
        counts = {"vi": len(said[0] or []), "en": len(said[1] or [])}
        if counts["vi"] != counts["en"]:
            self.add_error(
                f"{part.name}_en",
                _("%(vi)s lines in Vietnamese but %(en)s in English: one line is one clause.")
                % counts,
            )

    def _check_articles(self) -> None:
        """An article is whole or empty, and the table of products stays."""
        ended = 0
        for number in range(1, _article_count(self.content) + 1):
            names = _article_names(number)
            said = [self.cleaned_data.get(name) for name in names]
            if None in said:
                ended = 0
                continue
            if not any(said):
                has_table = _has_table(self.content, number)
                if has_table:
                    self.add_error(names[0], _("The article with the products cannot be left out."))
                ended = ended or number
                continue
            for name, text in zip(names, said, strict=True):
                if not text:
                    self.add_error(name, _("An article has a title and a text in both languages."))
            if ended:
                self.add_error(
                    names[0],
                    _("Article %(number)s is empty: articles are numbered without a gap.")
                    % {"number": ended},
                )

    @property
    def text(self) -> dict[str, Any]:
        """The content that a valid form says."""
        said, content = self.cleaned_data, copy.deepcopy(dict(self.content))
        for name in ("title", "subject", "opening", "agreement"):
            content[name] = {language: said[f"{name}_{language}"] for language in ("vi", "en")}
        content["bases"] = _paired(said, "bases")
        for who in ("party", "witness"):
            content["consent"][who] = _paired(said, f"consent_{who}")
        content["articles"] = [
            {
                "title": {key: said[f"article_{number}_title_{key}"] for key in ("vi", "en")},
                "clauses": _paired(said, f"article_{number}_clauses"),
                **({"products": True} if _has_table(self.content, number) else {}),
            }
            for number in range(1, _article_count(self.content) + 1)
            if said[f"article_{number}_title_vi"]
        ]
        return content


def _parts(content: Mapping[str, Any]) -> Iterator[Part]:
    yield Part("title", _("Heading of the paper"))
    yield Part("subject", _("Subject"))
    yield Part("bases", _("Legal bases"), has_lines=True)
    yield Part("opening", _("Opening sentence"))
    yield Part("agreement", _("Agreement"))
    for number in range(1, _article_count(content) + 1):
        article = _("Article %(number)s") % {"number": number}
        yield Part(f"article_{number}_title", _("%(article)s, title") % {"article": article})
        yield Part(
            f"article_{number}_clauses",
            _("%(article)s, clauses") % {"article": article},
            has_lines=True,
        )
    yield Part("consent_party", _("Consent of the parties"), has_lines=True)
    yield Part("consent_witness", _("Consent of the witness"), has_lines=True)


def _article_count(content: Mapping[str, Any]) -> int:
    """Those there are and one to be added."""
    return min(len(content["articles"]) + 1, MOST_ARTICLES)


def _article_names(number: int) -> list[str]:
    return [
        f"article_{number}_{piece}_{language}"
        for piece in ("title", "clauses")
        for language in ("vi", "en")
    ]


def _has_table(content: Mapping[str, Any], number: int) -> bool:
    articles = content["articles"]
    return number <= len(articles) and bool(articles[number - 1].get("products"))


def _values(content: Mapping[str, Any]) -> dict[str, str]:
    texts: dict[str, Any] = {
        **{name: content[name] for name in ("title", "subject", "opening", "agreement")},
        "bases": content["bases"],
        **{f"consent_{who}": content["consent"][who] for who in ("party", "witness")},
    }
    for number, article in enumerate(content["articles"], start=1):
        texts[f"article_{number}_title"] = article["title"]
        texts[f"article_{number}_clauses"] = article["clauses"]
    return {
        f"{name}_{language}": "\n".join(line[language] for line in text)
        if isinstance(text, list)
        else text[language]
        for name, text in texts.items()
        for language in ("vi", "en")
    }


def _paired(said: Mapping[str, Any], name: str) -> list[dict[str, str]]:
    pairs = zip(said[f"{name}_vi"], said[f"{name}_en"], strict=True)
    return [{"vi": vi, "en": en} for vi, en in pairs]


def _problem(line: str) -> str:
    """What is wrong with one line, in a sentence that names the place in it."""
    known = ", ".join(sorted(BLANKS))
    for blank in BRACES.finditer(line):
        if blank[1] not in BLANKS:
            said = {"blank": blank[0], "known": known}
            return _("“%(blank)s” is no blank that can be filled. Known are: %(known)s.") % said
    if TORN.search(BRACES.sub("", line)):
        return _("A blank begins with {{ and ends with }}: one of the two is missing.")
    found = MARKUP.search(line)
    if found:
        rest = line[found.start() : found.start() + 20]
        return _("“%(markup)s” looks like markup: write plain text.") % {"markup": rest}
    missing = missing_glyphs(line)
    if missing:
        return _("These letters cannot be printed: %(letters)s") % {
            "letters": " ".join(sorted(missing))
        }
    return ""
