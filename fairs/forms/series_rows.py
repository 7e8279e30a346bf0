"""What an organiser fills in about fairs of a series whose days are chosen one by one."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import override

from core.text import slug
from core.vietnam import shown_date
from fairs.actions.series import Entry
from fairs.forms.editing import DAY, MOST_DAYS, label_of
from fairs.forms.series import missing_plans, offer_places
from fairs.models import Attendance, FairKind
from fairs.queries.editing import DEFAULTS, Choices, default_last_day

MOST_ROWS = 40
ROWS, MORE_ROWS = 5, 5


class RowForm(forms.Form):
    """One fair of a series: where and when. A row without a first day and a venue is none."""

    venue = forms.ChoiceField(required=False)
    first_day = forms.DateField(widget=forms.DateInput(attrs=DAY), required=False)
    last_day = forms.DateField(widget=forms.DateInput(attrs=DAY), required=False)
    attendance = forms.ChoiceField(choices=Attendance.choices)

    def __init__(self, *args: Any, choices: Choices, kind: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.choices, self.kind = choices, kind
        for name, field in self.fields.items():
            field.label = label_of(name)
        offer_places(self, choices)
        self.fields["attendance"].initial = DEFAULTS[FairKind(kind)].attendance
        if kind == FairKind.ONLINE:
            online = [each for each in Attendance.choices if each[0] != Attendance.ON_SITE]
            self.fields["attendance"].choices = online  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        first, last, venue = (data.get(name) for name in ("first_day", "last_day", "venue"))
        if self.errors or not (first or last or venue):
            return data
        if first is None:
            self.add_error("first_day", _("Give the first day of this row."))
            return data
        if missing := missing_plans([first], self.choices):
            self.add_error("first_day", missing)
        if data["attendance"] != Attendance.ONLINE and not venue:
            self.add_error("venue", _("Choose the venue, or hold it online."))
        last = data["last_day"] = last or default_last_day(self.kind, first)
        if last < first:
            self.add_error("last_day", _("The last day is before the first."))
        elif (last - first).days >= MOST_DAYS:
            self.add_error("last_day", _("A fair lasts a year at most."))
        return data

    @property
    def is_filled(self) -> bool:
        return bool(self.cleaned_data.get("first_day"))

    @property
    def entry(self) -> Entry:
        """The fair of a valid row."""
        data = self.cleaned_data
        venue = self.choices.venues.get(data["venue"])
        return Entry(
            first_day=data["first_day"],
            last_day=data["last_day"],
            name=self._name("vi"),
            name_en=self._name("en"),
            tail=venue.code if venue else slug(self._name("vi")),
            own={"venue": venue, "hall": None, "attendance": data["attendance"]},
        )

    def _name(self, language: str) -> str:
        """What tells the fair from the others: its day where they recur, or else its place."""
        if self.kind == FairKind.ONLINE:
            return shown_date(self.cleaned_data["first_day"])
        venue = self.choices.venues.get(self.cleaned_data["venue"])
        with override(language):
            return venue.short_name if venue else _("online")


class BaseRows(forms.BaseFormSet):
    """At least one row, and no row twice."""

    def clean(self) -> None:
        if any(self.errors):
            return
        seen = [form.entry for form in self.filled]
        if not seen:
            raise forms.ValidationError(_("Fill in at least one row."))
        places = [(entry.first_day, entry.own["venue"]) for entry in seen]
        if len(set(places)) < len(places):
            raise forms.ValidationError(_("Two rows have the same place and first day."))

    @property
    def filled(self) -> list[RowForm]:
        return [form for form in self.forms if form.is_filled]

    @property
    def entries(self) -> list[Entry]:
        """The fairs of the valid rows, soonest first."""
        return sorted((form.entry for form in self.filled), key=lambda entry: entry.first_day)

    @property
    def seal(self) -> str:
        """What was shown in a preview."""
        rows = (form.cleaned_data for form in self.filled)
        return "|".join(
            f"{row['first_day']}/{row['last_day']}/{row['venue']}/{row['attendance']}"
            for row in rows
        )


RowSet: type[BaseRows] = forms.formset_factory(  # type: ignore[assignment]
    RowForm, formset=BaseRows, extra=ROWS, max_num=MOST_ROWS, absolute_max=MOST_ROWS
)


def with_more_rows(data: Any) -> Any:
    """What was sent, with room for further rows."""
    more = data.copy()
    count = min(read_count(data) + MORE_ROWS, MOST_ROWS)
    more["form-TOTAL_FORMS"] = str(count)
    return more


def read_count(data: Any) -> int:
    """How many rows were sent."""
    count = str(data.get("form-TOTAL_FORMS", ""))
    return int(count) if count.isdecimal() and len(count) < 4 else 0
