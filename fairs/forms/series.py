"""What an organiser fills in about fairs that belong together."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import DomainError
from core.vietnam import shown_date
from fairs.actions.series import Base, SeriesContent, base_values
from fairs.forms.editing import (
    DAY,
    HourField,
    LineField,
    LinkField,
    check_hours,
    label_of,
)
from fairs.models import FairKind, Series
from fairs.queries.editing import DEFAULTS, Choices
from fairs.queries.series import PLACES, exceptions_of, rule_of, weekday_name
from fairs.recurrence import MOST_APART, Recurrence, Step, days_of_rule
from fairs.recurrence import MOST_DAYS as MOST_TIMES

MOST_LEFT_OUT = 4000
FIELD_OF = {
    "recurrence.no_weekday": "weekdays",
    "recurrence.no_end": "until",
    "recurrence.two_ends": "times",
    "recurrence.end_first": "until",
    "recurrence.too_many": "until",
    "recurrence.not_its_day": "exceptions",
}


class DaysField(forms.CharField):
    """Several days, between them commas, semicolons or white space."""

    widget = forms.Textarea(attrs={"rows": 2, **DAY})

    def to_python(self, value: Any) -> list[date]:  # type: ignore[override]
        words = [word for word in re.split(r"[\s,;]+", super().to_python(value) or "") if word]
        days = []
        for word in words:
            try:
                day = forms.DateField().to_python(word)
            except forms.ValidationError as error:
                raise forms.ValidationError(
                    _("“%(word)s” is no day. Write dd/mm/yyyy."), params={"word": word[:20]}
                ) from error
            days += [day] if day else []
        return sorted(set(days))

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(map(shown_date, value)) if isinstance(value, list) else value


class NamesForm(forms.Form):
    """What a series is called."""

    title = LineField(
        label=gettext_lazy("Title"),
        max_length=250,
        help_text=gettext_lazy("Of the whole series; each fair has its day or place behind it."),
    )
    title_en = LineField(label=gettext_lazy("Title (English)"), max_length=250, required=False)


class EditForm(NamesForm):
    """A series that stands already, as of a version."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class PlannedForm(forms.Form):
    """A form that knows the plans, venues and teams there are."""

    def __init__(self, *args: Any, choices: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        self.choices = choices


class RuleForm(PlannedForm):
    """On which days; once it is valid, `rule` is its text and `days` what it gives."""

    first_day = forms.DateField(label=gettext_lazy("From"), widget=forms.DateInput(attrs=DAY))
    every = forms.IntegerField(
        label=gettext_lazy("Every"), min_value=1, max_value=MOST_APART, initial=1
    )
    step = forms.ChoiceField(label=gettext_lazy("Weeks or months"), choices=Step.choices)
    weekdays = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Days of the week"),
        coerce=int,
        error_messages={"required": gettext_lazy("Choose at least one day of the week.")},
        widget=forms.CheckboxSelectMultiple,
    )
    place = forms.TypedChoiceField(
        label=gettext_lazy("Which one of the month"),
        coerce=int,
        empty_value=None,
        required=False,
        choices=[(number, capfirst(name)) for number, name in PLACES.items()],
        help_text=gettext_lazy("Counts for months only."),
    )
    until = forms.DateField(
        label=gettext_lazy("Until"), widget=forms.DateInput(attrs=DAY), required=False
    )
    times = forms.IntegerField(
        label=gettext_lazy("Or this many times"),
        min_value=1,
        max_value=MOST_TIMES,
        required=False,
    )
    exceptions = DaysField(
        label=gettext_lazy("Days left out"),
        max_length=MOST_LEFT_OUT,
        required=False,
        help_text=gettext_lazy("Days on which nothing is held, separated by commas."),
    )
    rule: str
    days: list[date]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        names = [(number, capfirst(weekday_name(number))) for number in range(7)]
        self.fields["weekdays"].choices = names  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        parts = ("first_day", "every", "step", "weekdays", "place", "until", "times", "exceptions")
        if not any(self.has_error(name) for name in parts):
            try:
                self._find_days()
            except DomainError as error:
                usual = "exceptions" if data["exceptions"] else "until"
                self.add_error(FIELD_OF.get(error.code, usual), str(error))
        return data

    def _find_days(self) -> None:
        data = self.cleaned_data
        self.rule = Recurrence(
            first_day=data["first_day"],
            step=Step(data["step"]),
            weekdays=tuple(data["weekdays"]),
            every=data["every"],
            place=data["place"] or 1,
            until=data["until"],
            times=data["times"],
        ).text
        self.days = days_of_rule(data["first_day"], self.rule, data["exceptions"])
        if missing := missing_plans(self.days, self.choices):
            self.add_error("until", missing)

    @property
    def seal(self) -> str:
        """What was shown in a preview, so that nothing else is confirmed by it."""
        left_out = ",".join(day.isoformat() for day in self.cleaned_data["exceptions"])
        return f"{self.cleaned_data['first_day'].isoformat()}|{self.rule}|{left_out}"

    def content(self, *, kind: str) -> SeriesContent:
        """What a valid form says of a series of this kind."""
        data = self.cleaned_data
        return SeriesContent(
            title=data["title"],
            title_en=data["title_en"],
            kind=kind,
            first_day=data["first_day"],
            rule=self.rule,
            exceptions=data["exceptions"],
        )


def missing_plans(days: Sequence[date], choices: Choices) -> list[str]:
    """A sentence for each year of these days that has no plan."""
    years = sorted({day.year for day in days} - choices.plans.keys())
    return [_("There is no plan for %(year)s yet.") % {"year": year} for year in years]


class CommonForm(NamesForm, PlannedForm):
    """What all fairs of a new series have in common; the names leave room for a day."""

    kind = FairKind.TRADE_WEEK
    short_title = LineField(label=gettext_lazy("Short title"), max_length=40)
    register_code = LineField(
        label=gettext_lazy("Code in the register"),
        max_length=10,
        help_text=gettext_lazy("Each fair has its day or a number behind it."),
    )
    venue = forms.ChoiceField(required=False)
    team = forms.ChoiceField(required=False)
    opens = HourField()
    closes = HourField()
    channel = LineField(max_length=120, required=False)
    channel_url = LinkField()
    organiser = LineField(max_length=200, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("venue", "team", "opens", "closes", "channel", "channel_url", "organiser"):
            self.fields[name].label = label_of(name)
        offer_places(self, self.choices)
        teams = [(key, str(team)) for key, team in self.choices.teams.items()]
        self.fields["team"].choices = [("", "–"), *teams]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        super().clean()
        check_hours(self)
        return self.cleaned_data

    @property
    def base(self) -> Base:
        """What all its fairs begin with."""
        data = self.cleaned_data
        same = ("opens", "closes", "channel", "channel_url", "organiser")
        return Base(
            values=base_values(
                self.kind,
                **{name: data[name] for name in same},
                venue=self.choices.venues.get(data.get("venue", "")),
                team=self.choices.teams.get(data["team"]),
            ),
            short_title=data["short_title"],
            register_code=data["register_code"],
        )


def offer_places(form: forms.Form, choices: Choices) -> None:
    """Let a form choose a venue."""
    venues = [(key, str(venue)) for key, venue in choices.venues.items()]
    form.fields["venue"].choices = [("", "–"), *venues]  # type: ignore[attr-defined]


class RecurringForm(RuleForm, CommonForm):
    """A new series of online events by a rule."""

    kind = FairKind.ONLINE


class RuleEditForm(RuleForm, EditForm):
    """Another rule for a series."""


class PlacesForm(CommonForm):
    """A new series of trade weeks, whose places and days are chosen one by one."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        del self.fields["venue"]

    def content(self) -> SeriesContent:
        """What a valid form says of the series."""
        data = self.cleaned_data
        return SeriesContent(title=data["title"], title_en=data["title_en"], kind=self.kind)


class LeaveOutForm(forms.Form):
    """A day on which nothing is held, and why."""

    day = forms.DateField()
    reason = LineField(label=gettext_lazy("Reason"), max_length=300, required=False)


def initial_of_rule(series: Series) -> dict[str, Any]:
    """The fields of `RuleEditForm`, as they show a series; of `EditForm` if it has no rule."""
    names = {"title": series.title, "title_en": series.title_en, "version": series.version}
    rule = rule_of(series)
    if rule is None:
        return names
    parts = {name: getattr(rule, name) for name in ("first_day", "every", "step", "place")}
    return {
        **names,
        **parts,
        "weekdays": list(rule.weekdays),
        "until": rule.until,
        "times": rule.times,
        "exceptions": exceptions_of(series),
    }


def initial_of_series(kind: str) -> dict[str, Any]:
    """What a new series begins with."""
    defaults = DEFAULTS[FairKind(kind)]
    return {"opens": defaults.opens, "closes": defaults.closes}
