"""What a reviewer fills in, and a producer in the evening."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from booths.states import ApplicationState
from core.figures import FiguresForm, Said
from core.money import MoneyField
from core.text import clean
from core.vietnam import shown_date


class ReviewForm(forms.Form):
    """The decision on one or more applications, and the reason of a refusal."""

    to = forms.ChoiceField(
        choices=[
            (state.value, state.label)
            for state in (ApplicationState.ELIGIBLE, ApplicationState.REFUSED)
        ]
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        required=False,
        help_text=_("The producer reads this."),
    )

    def clean_reason(self) -> str:
        return clean(self.cleaned_data["reason"])

    def decision(self) -> dict[str, Any]:
        """The keywords of `actions.review_applications`."""
        return {"to": self.cleaned_data["to"], "reason": self.cleaned_data["reason"]}


class TakingsForm(FiguresForm):
    """What one stand took, one field a day."""

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        days: Iterable[date],
        stored: Mapping[date, int],
    ) -> None:
        fields = {
            day.isoformat(): MoneyField(
                label=_("Takings of %(day)s") % {"day": shown_date(day)}, required=False
            )
            for day in days
        }
        kept = {day.isoformat(): amount for day, amount in stored.items()}
        super().__init__(data, fields=fields, stored=kept)

    @property
    def takings(self) -> dict[date, Said[int]]:
        """The keyword of `actions.record_takings`."""
        return {date.fromisoformat(name): each for name, each in self.said.items()}
