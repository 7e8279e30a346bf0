"""What an organiser fills in about the waiting list and about single stands."""

from collections.abc import Collection, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from booths.models.offer import MOST_HOURS
from core.text import clean

LONGEST = 300


class HoursForm(forms.Form):
    """How long an offer can be answered."""

    hours = forms.IntegerField(
        label=_("Hours to answer"),
        min_value=1,
        max_value=MOST_HOURS,
        help_text=_(
            "Within 48 hours of the opening it is 4 hours at most. Nobody has to answer between "
            "21:00 and 8:00."
        ),
    )


class ReasonForm(forms.Form):
    """Why; those concerned read it."""

    reason = forms.CharField(
        label=_("Reason"), max_length=LONGEST, help_text=_("The producer reads this.")
    )

    def clean_reason(self) -> str:
        return clean(self.cleaned_data["reason"])


class StopForm(ReasonForm):
    """Why the list stands still; only the desk reads it."""

    reason = forms.CharField(label=_("Reason"), max_length=LONGEST)


class NoteForm(forms.Form):
    """Who said what on the telephone."""

    note = forms.CharField(label=_("Who said so, and when"), max_length=LONGEST, required=False)

    def clean_note(self) -> str:
        return clean(self.cleaned_data["note"])


class ReleaseForm(ReasonForm):
    """Why a stand is taken back, and what becomes of the application."""

    after = forms.ChoiceField(
        label=_("What becomes of the application"),
        widget=forms.RadioSelect,
        choices=[
            ("withdrawn", _("It is withdrawn: the producer does not come.")),
            ("waits", _("It waits for another stand, at its place in the order.")),
        ],
    )

    @property
    def waits(self) -> bool:
        return bool(self.cleaned_data["after"] == "waits")


class StandForm(ReasonForm):
    """One of the free stands that fit, and why this application gets it."""

    stand = forms.ChoiceField(label=_("Free stand that fits"))

    def __init__(
        self, data: Mapping[str, Any] | None, *, stands: Collection[Collection[str]]
    ) -> None:
        super().__init__(data)
        known = [(",".join(stand), " + ".join(stand)) for stand in stands]
        field = self.fields["stand"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = known

    @property
    def booths(self) -> list[str]:
        return str(self.cleaned_data["stand"]).split(",")
