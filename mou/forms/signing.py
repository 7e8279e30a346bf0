"""What is filled in at the signing table."""

from datetime import UTC, datetime

from django import forms
from django.utils.translation import gettext_lazy as _

from core.text import clean


class SignatureForm(forms.Form):
    """What the signing table sends. Nothing is ever ticked beforehand."""

    strokes = forms.CharField()
    device_at = forms.IntegerField(min_value=0, max_value=10**13)
    read_seconds = forms.IntegerField(min_value=0, max_value=10**6, required=False)

    def clean_device_at(self) -> datetime:
        """The tablet's clock: milliseconds since 1970 as an aware moment."""
        return datetime.fromtimestamp(self.cleaned_data["device_at"] / 1000, tz=UTC)


class DeclineForm(forms.Form):
    """Why a signer says no."""

    reason = forms.CharField(label=_("Reason"), max_length=300, required=False)

    def clean_reason(self) -> str:
        return clean(self.cleaned_data["reason"])


class OneTimeCodeForm(forms.Form):
    """The six digits that were sent to the signer."""

    digits = forms.RegexField(
        r"^\d{6}$",
        label=_("Code of six digits"),
        max_length=6,
        error_messages={"invalid": _("The code has six digits.")},
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "off", "pattern": "[0-9]{6}"}
        ),
    )
