"""Figures that several people enter: whoever comes second is told, and nothing is lost."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from core.errors import StaleState
from core.vietnam import shown_number

Key = TypeVar("Key")
Value = TypeVar("Value")
LONGEST = 15


@dataclass(frozen=True)
class Said(Generic[Value]):
    """A figure as somebody read it, and as it is to be from now on; None is "not said"."""

    was: Value | None
    now: Value | None


def settle(
    stored: Mapping[Key, Value], said: Mapping[Key, Said[Value]]
) -> dict[Key, tuple[Value | None, Value | None]]:
    """What has to be written: the figure before and after, where they differ.

    Raises StaleState `figures.changed_meanwhile` if one is no longer what was read, unless
    both say the same.
    """
    changes = {}
    for key, each in said.items():
        before = stored.get(key)
        if before == each.now:
            continue
        if before != each.was:
            raise StaleState(
                "figures.changed_meanwhile",
                _("Somebody else has entered these figures in the meantime."),
            )
        changes[key] = (before, each.now)
    return changes


@dataclass(frozen=True)
class FigureRow:
    """A field, with the name and the value of what stood there when the page was made."""

    field: BoundField
    was_name: str
    was: str


class FiguresForm(forms.Form):
    """Whole numbers, none of them needed, each sent with what stood there before.

    What is not sent stays as it is. Of two who change the same figure the second is told at
    the field, keeps what was typed, and replaces the first one's only by saving again.
    """

    use_required_attribute = False

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        fields: Mapping[str, forms.Field],
        stored: Mapping[str, int],
    ) -> None:
        self.stored = {name: stored.get(name) for name in fields}
        self.sent = {name: data[name] for name in fields if name in data} if data else {}
        self.was = self.stored | {
            name: _number((data or {}).get(f"was-{name}", "")) for name in self.sent
        }
        filled = None if data is None else {**self.stored, **self.sent}
        super().__init__(filled, initial=self.stored)
        self.fields |= fields

    def clean(self) -> dict[str, Any]:
        for name in self.sent:
            if name in self.cleaned_data and self._is_stale(name, self.cleaned_data[name]):
                self.add_error(name, self._meanwhile(name))
                self.was[name] = self.stored[name]
        return self.cleaned_data

    def _is_stale(self, name: str, now: int | None) -> bool:
        return now != self.was[name] and self.stored[name] not in (self.was[name], now)

    def _meanwhile(self, name: str) -> str:
        value = self.stored[name]
        if value is None:
            return gettext("This was emptied in the meantime. Save again to enter yours.")
        text = gettext("%(value)s was entered in the meantime. Save again to put yours instead.")
        return text % {"value": shown_number(value, get_language() or "vi")}

    @property
    def said(self) -> dict[str, Said[int]]:
        """What was changed, by the names of the fields."""
        found = {name: Said(self.was[name], self.cleaned_data[name]) for name in self.sent}
        return {name: each for name, each in found.items() if each.was != each.now}

    def row(self, name: str) -> FigureRow:
        was = self.was[name]
        return FigureRow(self[name], f"was-{name}", "" if was is None else str(was))

    @property
    def rows(self) -> list[FigureRow]:
        return [self.row(name) for name in self.fields]


def _number(text: str) -> int | None:
    is_number = text.isascii() and text.isdecimal() and len(text) <= LONGEST
    return int(text) if is_number else None
