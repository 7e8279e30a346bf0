"""What is filled in about an annual plan."""

import re
from datetime import date
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from fairs.forms.editing import LineField
from fairs.models import FairKind, Measure, Plan
from fairs.rules import check_targets

FIRST_YEAR, LAST_YEAR = 2018, 2100
MOST = 100_000_000
GROUPING = re.compile(r"(?<=\d)[.,\s](?=\d{3}(?!\d))")


class PlanForm(forms.Form):
    """A new plan: its year and title, and whether last year's fairs are taken over."""

    year = forms.IntegerField(label=_("Year"), min_value=FIRST_YEAR, max_value=LAST_YEAR)
    title = LineField(label=_("Title"), max_length=200)
    title_en = LineField(label=_("Title (English)"), max_length=200, required=False)
    copy = forms.BooleanField(
        label=_("Take over last year's fairs as drafts, on the same weekdays"), required=False
    )

    def clean_year(self) -> int:
        year: int = self.cleaned_data["year"]
        if Plan.objects.filter(year=year).exists():
            raise forms.ValidationError(_("There is a plan for this year already."))
        return year


class CountField(forms.IntegerField):
    """A whole number, typed with or without the grouping of either language: 1.200, 1,200, 1200."""

    widget = forms.TextInput(attrs={"inputmode": "numeric"})

    def to_python(self, value: Any) -> int | None:
        plain = GROUPING.sub("", value) if isinstance(value, str) else value
        number: int | None = super().to_python(plain)
        return number


class TargetsForm(forms.Form):
    """What the plan is to reach; nothing where there is no target. Named as `Target.name`."""

    def __init__(self, data: Any = None, *, targets: dict[str, int] | None = None) -> None:
        super().__init__(data, initial=targets)
        labels: dict[str, Any] = {measure.value: capfirst(measure.label) for measure in Measure}
        labels |= {f"{Measure.FAIRS}-{kind.value}": kind.label for kind in FairKind}
        for name, label in labels.items():
            self.fields[name] = CountField(label=label, min_value=0, max_value=MOST, required=False)

    def clean(self) -> dict[str, Any]:
        said = {name: value for name, value in self.cleaned_data.items() if value is not None}
        try:
            check_targets(said)
        except DomainError as error:
            self.add_error(Measure.FAIRS.value, str(error))
        return self.cleaned_data

    @property
    def of_measures(self) -> list[BoundField]:
        return [self[measure.value] for measure in Measure]

    @property
    def of_kinds(self) -> list[BoundField]:
        return [self[f"{Measure.FAIRS}-{kind.value}"] for kind in FairKind]


class ApprovalForm(forms.Form):
    """The decision by which a plan was approved."""

    decision_number = LineField(label=_("Decision number"), max_length=60)
    decision_date = forms.DateField(
        label=_("Decision date"),
        widget=forms.DateInput(attrs={"inputmode": "numeric", "placeholder": "dd/mm/yyyy"}),
    )

    def clean_decision_date(self) -> date:
        day: date = self.cleaned_data["decision_date"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("The decision's date lies in the future."))
        return day


class ReopenForm(forms.Form):
    """Why an approval is withdrawn."""

    reason = LineField(label=_("Reason"), max_length=300)


class UploadForm(forms.Form):
    """A workbook with the fairs of a plan."""

    file = forms.FileField(
        label=_("Excel file (.xlsx or .xls)"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls"}),
    )
