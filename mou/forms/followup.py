"""What is filled in when a side says what became of a memorandum."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.money import MoneyField
from core.text import clean
from mou.actions import Details
from mou.models import Answer, FollowUp


class FollowUpForm(forms.Form):
    """The answer, and what may be added to it. One tap sends the answer alone."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    answer = forms.ChoiceField(
        label=_("Was a contract signed?"),
        choices=Answer.choices,
        error_messages={"required": _("Choose one of the three answers.")},
    )
    contract_number = forms.CharField(
        label=_("Number of the contract"), max_length=60, required=False
    )
    volume = forms.CharField(
        label=_("Volume traded"),
        max_length=120,
        required=False,
        help_text=_("For example: 1.200 kg a month"),
    )
    value = MoneyField(label=_("Value traded (đồng)"), min_value=0, required=False)
    problem = forms.CharField(
        label=_("What is the problem?"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    @property
    def details(self) -> Details | None:
        """What was added, if the form sent it; call it on a valid form."""
        if "volume" not in self.data:
            return None
        said = self.cleaned_data
        return Details(said["contract_number"], said["volume"], said["value"], said["problem"])

    def clean(self) -> dict[str, Any]:
        for name in ("contract_number", "volume", "problem"):
            if name in self.cleaned_data:
                self.cleaned_data[name] = clean(self.cleaned_data[name])
        return self.cleaned_data


def initial_of(follow_up: FollowUp) -> dict[str, Any]:
    """What the form shows of an answer given before."""
    names = ("version", "answer", "contract_number", "volume", "value", "problem")
    return {name: getattr(follow_up, name) for name in names}
