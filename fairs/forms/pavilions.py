"""What is filled in about guest provinces, and what a province fills in itself."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core import vietnam
from core.errors import DomainError
from fairs.actions.pavilions import PavilionContent
from fairs.forms.clashes import Difference
from fairs.forms.editing import LineField
from fairs.forms.programme import MomentField
from fairs.models import Pavilion
from fairs.queries.pavilions import BoothLine, Facts, Lines, facts_of, lines_of
from registry.models import Place

MOST_BOOTHS = 99
PARTS = ("name", "products", "phone")


class PhoneField(LineField):
    """One phone number or nothing, kept in E.164."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"type": "tel", "inputmode": "tel"})
        super().__init__(max_length=30, required=False, widget=widget, **options)

    def clean(self, value: Any) -> str:
        typed = str(super().clean(value))
        try:
            return vietnam.phone(typed) if typed else ""
        except DomainError as error:
            raise forms.ValidationError(str(error)) from error


class SeenField(forms.CharField):
    """JSON that the page brought along to say what it showed; anything else is taken as {}."""

    widget = forms.HiddenInput

    def clean(self, value: Any) -> dict[str, Any]:
        try:
            seen = json.loads(value or "")
        except (ValueError, RecursionError):
            return {}
        return seen if isinstance(seen, dict) else {}


class PavilionForm(forms.Form):
    """What an organiser says about a pavilion; the province only when it is new."""

    place = forms.ModelChoiceField(Place.objects.none(), label=_("Province"))
    booth_count = forms.IntegerField(label=_("Booths"), min_value=1, max_value=MOST_BOOTHS)
    fill_in_until = MomentField(
        label=_("To be filled in until"),
        help_text=_("After this moment the province's page can only be read."),
    )
    contact = LineField(label=_("Contact"), max_length=120, required=False)
    email = forms.EmailField(label=_("E-mail"), max_length=254, required=False)
    phone = PhoneField(label=_("Phone"))
    seen = SeenField(required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        places: QuerySet[Place] | None = None,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=dict(initial or {}))
        if places is None:
            del self.fields["place"]
        else:
            self.fields["place"].queryset = places  # type: ignore[attr-defined]

    def content(self) -> PavilionContent:
        """What a valid form says."""
        names = ("booth_count", "fill_in_until", "contact", "email", "phone")
        return PavilionContent(**{name: self.cleaned_data[name] for name in names})


class RemovalForm(forms.Form):
    """Why a province is no guest any more."""

    reason = LineField(label=_("Reason"), max_length=300)


def pavilion_values(pavilion: Pavilion) -> dict[str, Any]:
    """The pavilion as the form's initial values, `seen` included."""
    facts = facts_of(pavilion)
    return {**facts, "phone": pavilion.shown_phone, "seen": json.dumps(facts)}


def merged_values(form: PavilionForm, stored: Pavilion) -> tuple[dict[str, Any], list[Difference]]:
    """What whoever saves second wants upon what the first has stored, and where they differ.

    A field that only the first changed is the first's; otherwise it is as the second wrote it.
    """
    wanted = Pavilion(**vars(form.content()))
    seen: Facts = form.cleaned_data["seen"]
    mine, theirs = facts_of(wanted), facts_of(stored)
    values, shown = pavilion_values(stored), pavilion_values(wanted)
    both = []
    for name in theirs:
        if name in seen and mine[name] == seen[name]:
            continue
        if mine[name] != theirs[name]:
            label = str(form.fields[name].label)
            both.append(Difference(label, theirs=str(values[name]), mine=str(shown[name])))
        values[name] = shown[name]
    return values, both


class BoothsForm(forms.Form):
    """A province's booths, three fields each, and `seen`: what the page showed at first.

    There is a row for every booth of the pavilion, and one for whatever was written beyond.
    With `lines` it shows these instead of what is stored; the button `remove` empties one.
    """

    seen = SeenField(required=False)

    def __init__(self, data: Any = None, *, pavilion: Pavilion, lines: Lines | None = None) -> None:
        stored = lines_of(pavilion)
        shown = stored if lines is None else lines
        if data is not None:
            data = data.copy()
            for part in PARTS:
                data.pop(f"{part}_{data.get('remove', '')}", None)
        super().__init__(data, initial={**_values(shown), "seen": json.dumps(stored)})
        self.count = pavilion.booth_count
        beyond = [n for n in range(self.count + 1, MOST_BOOTHS + 1) if self._is_written(n, shown)]
        self.numbers = [*range(1, self.count + 1), *beyond]
        for number in self.numbers:
            self.fields |= _row_fields(number)

    def _is_written(self, number: int, shown: Lines) -> bool:
        if not self.is_bound:
            return number in shown
        return any(str(self.data.get(f"{part}_{number}", "")).strip() for part in PARTS)

    def clean(self) -> None:
        for number in self.numbers:
            if any(self._typed(number, part) for part in PARTS):
                for part in ("name", "products"):
                    if not self._typed(number, part):
                        required = forms.Field.default_error_messages["required"]
                        self.add_error(f"{part}_{number}", required)

    def _typed(self, number: int, part: str) -> bool:
        name = f"{part}_{number}"
        return bool(self.cleaned_data.get(name)) or name in self.errors

    @property
    def lines(self) -> Lines:
        """What a valid form says."""
        lines = {
            number: BoothLine(*(self.cleaned_data[f"{part}_{number}"] for part in PARTS))
            for number in self.numbers
        }
        return {number: line for number, line in lines.items() if line.name}

    @property
    def seen_lines(self) -> Lines:
        """What the page showed when it was opened."""
        seen: dict[str, Any] = self.cleaned_data["seen"]
        return {
            int(number): BoothLine(*line)
            for number, line in seen.items()
            if number.isdecimal() and len(number) < 4 and _is_line(line)
        }

    def rows(self) -> Iterator["BoothRow"]:
        """The booths one by one; open are those with something to do, and the first free one."""
        has_free = False
        for number in self.numbers:
            fields = [self[f"{part}_{number}"] for part in PARTS]
            is_free = not any(field.value() for field in fields)
            has_errors = any(field.errors for field in fields)
            is_beyond = number > self.count
            is_first_free = is_free and not has_free
            has_free = has_free or is_free
            yield BoothRow(
                number,
                fields,
                is_free=is_free,
                is_beyond=is_beyond,
                is_open=has_errors or is_beyond or is_first_free,
            )


@dataclass(frozen=True)
class BoothRow:
    """One booth of the form: its three fields, and how its row is shown."""

    number: int
    fields: list[forms.BoundField]
    is_free: bool
    is_beyond: bool
    is_open: bool

    @property
    def name(self) -> str:
        """Who is written there so far."""
        return str(self.fields[0].value() or "")


def _row_fields(number: int) -> dict[str, forms.Field]:
    return {
        f"name_{number}": LineField(label=_("Name of the unit"), max_length=200, required=False),
        f"products_{number}": LineField(
            label=_("Products"),
            max_length=300,
            required=False,
            widget=forms.Textarea(attrs={"rows": 2}),
        ),
        f"phone_{number}": PhoneField(label=_("Phone")),
    }


def _values(lines: Lines) -> dict[str, str]:
    """The lines as the fields' initial values."""
    return {
        f"{part}_{number}": vietnam.shown_phone(text) if part == "phone" and text else text
        for number, line in lines.items()
        for part, text in line._asdict().items()
    }


def _is_line(line: Any) -> bool:
    return isinstance(line, list) and len(line) == 3 and all(isinstance(text, str) for text in line)
