"""What is filled in where households share a booth."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from booths.forms.apply import ConsentForm, ProductsForm, StepForm
from core.vietnam import shown_date


class PartnerForm(StepForm):
    """By what the other household is found."""

    contact = forms.CharField(
        label=_("Tax code, phone number or e-mail address of the other household"),
        max_length=120,
        help_text=_("As the organiser knows them. They are asked to agree on their own phone."),
        error_messages={"required": _("Enter their tax code, phone number or e-mail address.")},
    )


class DaysForm(StepForm):
    """Whose the booth is, one field a day; `households` are keys with names.

    A key is OWN or a partner's token: its code would tell whose a phone number is.
    """

    OWN = "own"

    def __init__(
        self,
        *args: Any,
        days: Sequence[date],
        households: Sequence[tuple[str, str]],
        **manners: Any,
    ) -> None:
        super().__init__(*args, **manners)
        for number, day in enumerate(days, 1):
            self.fields[f"day_{number}"] = forms.ChoiceField(
                label=shown_date(day),
                choices=list(households),
                widget=forms.RadioSelect,
                error_messages={
                    name: _("Say which household has the booth on %(day)s.")
                    % {"day": shown_date(day)}
                    for name in ("required", "invalid_choice")
                },
            )

    @property
    def households(self) -> dict[int, str]:
        """Whose each day of the fair is, counted from 1, by its key."""
        return {
            int(name.removeprefix("day_")): key
            for name, key in self.cleaned_data.items()
            if name.startswith("day_")
        }


class SharingForm(ConsentForm, ProductsForm):
    """A household agrees: what it brings, on the days that it read."""

    on_paper = _("The household agreed on paper, which I have seen")
    days = forms.CharField(widget=forms.HiddenInput, required=False, max_length=200)

    @property
    def seen_days(self) -> set[int]:
        """The days that stood on the page."""
        return {int(day) for day in self.cleaned_data["days"].split() if day.isdecimal()}
