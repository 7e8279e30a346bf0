"""What an organiser fills in about a fair."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.text import clean
from fairs.states import FairState


class MoveForm(forms.Form):
    """The next state, the reason where one is asked for, and that the warnings were read."""

    to = forms.ChoiceField(choices=FairState.choices)
    reason = forms.CharField(label=_("Reason"), max_length=300, required=False)
    confirmed = forms.BooleanField(required=False)

    def clean_reason(self) -> str:
        return clean(self.cleaned_data["reason"])
