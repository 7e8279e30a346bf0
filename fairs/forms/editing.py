"""What an organiser fills in about a fair, on the page or in a row of a workbook."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from core.text import clean, clean_lines, slug
from fairs.models import Attendance, Fair, FairKind, LegalBasis, Plan
from fairs.queries.editing import (
    DEFAULTS,
    EDITED,
    Choices,
    Facts,
    changes_between,
    default_last_day,
    facts_of,
    fields_not_of,
)
from fairs.rules import MOST_DAYS, check_change
from fairs.states import MOVABLE, OVER, FairState
from registry.models import Region

DAY = {"inputmode": "numeric", "placeholder": "dd/mm/yyyy"}
MOST_OF_US = 1000
# By themselves the two words are read as the fair's first day and the end of applications.
HOURS = {"opens": _("Opens at"), "closes": _("Closes at")}


def label_of(name: str) -> str:
    """What a field of a fair is called."""
    if name in HOURS:
        return str(HOURS[name])
    return str(capfirst(Fair._meta.get_field(name).verbose_name))  # type: ignore[union-attr]


class LineField(forms.CharField):
    """One line, cleaned before it is measured."""

    def to_python(self, value: Any) -> str:
        return clean(super().to_python(value) or "")


class LinesField(forms.CharField):
    """Several lines."""

    widget = forms.Textarea(attrs={"rows": 5})

    def to_python(self, value: Any) -> str:
        return clean_lines(super().to_python(value) or "")


class HourField(forms.TimeField):
    """A time of day, to the minute."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
        formats = ["%H:%M", "%H:%M:%S"]
        super().__init__(widget=widget, input_formats=formats, required=False, **options)


class LinkField(forms.URLField):
    """A whole link, encrypted on its way."""

    default_error_messages = {"invalid": _("Write the whole link; it begins with https://.")}

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=300, required=False, assume_scheme="https", **options)

    def clean(self, value: Any) -> str:
        link = str(super().clean(value))
        if link and not link.startswith("https://"):
            raise forms.ValidationError(self.error_messages["invalid"])
        return link


def check_hours(form: forms.Form) -> None:
    """Add what is wrong with the opening hours of a form that has `opens` and `closes`."""
    opens, closes = (form.cleaned_data.get(name) for name in ("opens", "closes"))
    if form.has_error("opens") or form.has_error("closes"):
        return
    if (opens is None) != (closes is None):
        empty = "opens" if opens is None else "closes"
        form.add_error(empty, _("Say both when it opens and when it closes, or neither."))
    elif opens is not None and closes is not None and closes <= opens:
        form.add_error("closes", _("It closes before it opens."))


def _text(limit: int, *, required: bool = False, **options: Any) -> LineField:
    return LineField(max_length=limit, required=required, **options)


class FairForm(forms.Form):
    """A fair, new without `fair`; with `plan` it must open in the year of that plan.

    It has the fields of its kind; what is sent for other kinds is left out (`left_out`).
    Once it is valid, `values` holds what the actions take, `new_code` the code of a new fair.
    """

    kind = forms.ChoiceField(choices=FairKind.choices)
    title = _text(300, required=True)
    title_en = _text(300)
    short_title = _text(60, required=True)
    code = _text(
        60, help_text=_("Stands in the address of its pages. Left empty, it is made of the title.")
    )
    register_code = _text(
        16,
        required=True,
        help_text=_("Ends the number of each memorandum signed here, e.g. TT26."),
    )
    first_day = forms.DateField(widget=forms.DateInput(attrs=DAY))
    last_day = forms.DateField(widget=forms.DateInput(attrs=DAY), required=False)
    attendance = forms.ChoiceField(choices=Attendance.choices, required=False)
    opens = HourField()
    closes = HourField()
    channel = _text(120, help_text=_("Where the livestream is shown, e.g. the name of a page."))
    channel_url = LinkField()
    host = _text(200, required=True, help_text=_("Whose fair it is that we go to."))
    host_stand = _text(60)
    delegation_size = forms.IntegerField(
        min_value=1,
        max_value=MOST_OF_US,
        required=False,
        help_text=_("How many of us go."),
    )
    venue = forms.ChoiceField(required=False)
    hall = forms.ChoiceField(required=False)
    team = forms.ChoiceField(required=False)
    regions = forms.MultipleChoiceField(
        choices=Region.choices, widget=forms.CheckboxSelectMultiple, required=False
    )
    legal_basis = forms.ChoiceField(choices=LegalBasis.choices)
    decision_number = _text(60)
    applications_close_at = forms.DateTimeField(
        required=False, widget=forms.DateTimeInput(attrs={"placeholder": "17:00 dd/mm/yyyy"})
    )
    organiser = _text(200)
    co_organiser = _text(200)
    description = LinesField(required=False)
    description_en = LinesField(required=False)
    # What stood here when the page was opened, to tell one's own changes from another's.
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, required=False)
    seen = forms.JSONField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        choices: Choices,
        fair: Fair | None = None,
        plan: Plan | None = None,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=dict(initial or {}))
        self.choices, self.fair, self.plan = choices, fair, plan
        self.own_kind = self._shown_kind()
        for name in (*EDITED, "code"):
            self.fields[name].label = label_of(name)
        self._offer("venue", [(key, str(venue)) for key, venue in choices.venues.items()])
        self._offer(
            "hall", [(key, f"{hall.venue} – {hall}") for key, hall in choices.halls.items()]
        )
        self._offer("team", [(key, str(team)) for key, team in choices.teams.items()])
        self.fields["last_day"].help_text = _("Left empty, it follows from the kind.")
        if fair:
            del self.fields["code"]
        for name in fields_not_of(self.own_kind):
            del self.fields[name]
        if self.own_kind == FairKind.ONLINE:
            online = [each for each in Attendance.choices if each[0] != Attendance.ON_SITE]
            self.fields["attendance"].widget.choices = online

    def _shown_kind(self) -> FairKind:
        """The kind whose fields the form has."""
        known = self.fair.kind if self.fair else FairKind.TRADE_WEEK
        wanted = (self.data if self.is_bound else self.initial).get("kind", "")
        return FairKind(wanted if wanted in FairKind else known)

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "–"), *choices]

    @property
    def values(self) -> dict[str, Any]:
        """The edited fields and the plan, as a fair holds them."""
        values = {name: self.cleaned_data[name] for name in EDITED}
        return {**values, "plan": self.choices.plans[values["first_day"].year]}

    @property
    def facts(self) -> Facts:
        """The edited fields as plain values."""
        return facts_of(self.cleaned_data)

    @property
    def new_code(self) -> str:
        """The code of a new fair."""
        code: str = self.cleaned_data["code"]
        return code

    @property
    def kind_label(self) -> str:
        """What the kind is called whose fields the form has."""
        return str(self.own_kind.label)

    @property
    def left_out(self) -> list[str]:
        """The labels of fields that were filled in, and that a fair of this kind does not have."""
        blanks = fields_not_of(self.own_kind)
        sent = {name: self.data.get(name) for name in blanks}
        return [label_of(name) for name, value in sent.items() if value and value != blanks[name]]

    def clean_attendance(self) -> str:
        """What is said nowhere, or what cannot be of an online event, is as usual for the kind."""
        said: str = self.cleaned_data["attendance"]
        is_usual = not said or (self.own_kind == FairKind.ONLINE and said == Attendance.ON_SITE)
        return DEFAULTS[self.own_kind].attendance if is_usual else said

    def clean_first_day(self) -> date:
        day: date = self.cleaned_data["first_day"]
        if self.plan and day.year != self.plan.year:
            raise forms.ValidationError(
                _("This is the plan of %(year)s; the fair opens in another year."),
                params={"year": str(self.plan.year)},
            )
        if day.year not in self.choices.plans:
            raise forms.ValidationError(
                _("There is no plan for %(year)s yet."), params={"year": str(day.year)}
            )
        return day

    def clean_register_code(self) -> str:
        code: str = self.cleaned_data["register_code"]
        owner = self.choices.owners.get(code.casefold())
        if owner and (self.fair is None or owner.pk != self.fair.pk):
            raise forms.ValidationError(
                _("This code belongs to “%(fair)s”. Choose another one."),
                params={"fair": owner.short_title},
            )
        return code

    def clean_applications_close_at(self) -> datetime | None:
        moment: datetime | None = self.cleaned_data["applications_close_at"]
        known = self.fair.applications_close_at if self.fair else None
        # The page shows no seconds; a moment that was left alone keeps its own.
        return known if known and moment == known.replace(second=0, microsecond=0) else moment

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        data.update(fields_not_of(self.own_kind))
        check_hours(self)
        self._clean_channel()
        if "regions" in data:
            data["regions"] = sorted(data["regions"])
        if "code" in self.fields:
            self._clean_code()
        self._clean_place()
        if data.get("kind") and data.get("first_day") and "last_day" in data:
            self._clean_days(data["first_day"], data["last_day"])
        if data.get("kind") == FairKind.REGIONAL_CULTURE and not data.get("regions", True):
            self.add_error("regions", _("Choose the regions that the fair is about."))
        self._clean_basis()
        if self.fair and not self.errors:
            self._clean_fixed(self.fair)
        return data

    def _clean_channel(self) -> None:
        data = self.cleaned_data
        if data.get("attendance") != Attendance.ON_SITE:
            return
        for name in ("channel", "channel_url"):
            if data.get(name):
                self.add_error(
                    name, _("A fair that is on site only has no livestream: change the attendance.")
                )

    def _clean_code(self) -> None:
        data = self.cleaned_data
        if "code" not in data or "title" not in data:
            return
        wanted = data["code"] or data["title"]
        data["code"] = slug(wanted)
        if not data["code"]:
            self.add_error("code", _("Write a code of letters and digits, such as tuan-hang-2027."))
        elif data["code"] in self.choices.fairs:
            self.add_error("code", _("Another fair has this code. Choose another one."))

    def _clean_place(self) -> None:
        data = self.cleaned_data
        if not {"venue", "hall", "team"} <= data.keys():
            return
        data["venue"] = self.choices.venues.get(data["venue"])
        data["hall"] = hall = self.choices.halls.get(data["hall"])
        data["team"] = self.choices.teams.get(data["team"])
        if hall and data["venue"] is None:
            data["venue"] = self.choices.venues[hall.venue.code]
        if hall and hall.venue != data["venue"]:
            self.add_error("hall", _("This hall belongs to another venue."))

    def _clean_days(self, first: date, last: date | None) -> None:
        data = self.cleaned_data
        if last is None and not (self.fair and self.fair.state in OVER):
            last = data["last_day"] = default_last_day(data["kind"], first)
        if last and last < first:
            self.add_error("last_day", _("The last day is before the first."))
        elif last and (last - first).days >= MOST_DAYS:
            self.add_error("last_day", _("A fair lasts a year at most."))
        closes = data.get("applications_close_at")
        if closes and timezone.localdate(closes) > first:
            self.add_error(
                "applications_close_at", _("Applications must close before the fair opens.")
            )

    def _clean_basis(self) -> None:
        data = self.cleaned_data
        state = self.fair.state if self.fair else FairState.DRAFT
        is_announced = state != FairState.DRAFT and state in MOVABLE
        by_programme = data.get("legal_basis") == LegalBasis.CITY_PROGRAMME
        if is_announced and by_programme and data.get("decision_number") == "":
            self.add_error(
                "decision_number",
                _("A fair of the city programme is announced by a decision: give its number."),
            )

    def _clean_fixed(self, fair: Fair) -> None:
        changed = set(changes_between(facts_of(fair), self.facts))
        try:
            check_change(fair, changed)
        except DomainError as error:
            self.add_error(error.facts["field"], str(error))


def initial_of(values: Fair | Mapping[str, Any]) -> dict[str, Any]:
    """The fields of the form, as they show these values."""
    if isinstance(values, Fair):
        values = {name: getattr(values, name) for name in EDITED}
    venue, hall, team = values["venue"], values["hall"], values["team"]
    return {
        **{name: values[name] for name in EDITED},
        "venue": venue.code if venue else "",
        "hall": str(hall.pk) if hall else "",
        "team": str(team.pk) if team else "",
    }


def initial_of_kind(kind: str, plan: Plan) -> dict[str, Any]:
    """What a new fair of the kind begins with."""
    defaults = DEFAULTS[FairKind(kind)]
    return {
        "kind": kind,
        "attendance": defaults.attendance,
        "opens": defaults.opens,
        "closes": defaults.closes,
        "legal_basis": defaults.legal_basis,
        "decision_number": plan.decision_number
        if defaults.legal_basis == LegalBasis.CITY_PROGRAMME
        else "",
        "venue": "",
        "hall": "",
        "team": "",
    }
