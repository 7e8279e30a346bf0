"""Where an application is fixed, and what is ruled out for it."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from booths.actions.pins import Pins
from core.text import clean


class CodesField(forms.CharField):
    """Codes of booths in a row, after commas, blanks or a plus between two of them."""

    def clean(self, value: Any) -> Any:
        words = re.split(r"[\s,;]+", clean(super().clean(value)))
        return tuple(word for word in words if word not in ("", "+"))


class PinsForm(forms.Form):
    """Pins with those that were read before them."""

    use_required_attribute = False
    pinned = CodesField(
        label=_("Fixed in"),
        max_length=200,
        required=False,
        help_text=_("The booths it must get, such as A1, A2. Empty: any that fit."),
    )
    forbidden = CodesField(
        label=_("Ruled out"),
        max_length=1000,
        required=False,
        help_text=_("Booths it may not get. Empty: none."),
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("Stays in the record; the producer does not see it."),
        error_messages={"required": _("Say why: it stands in the record.")},
    )
    seen_pinned = CodesField(required=False, widget=forms.HiddenInput)
    seen_forbidden = CodesField(required=False, widget=forms.HiddenInput)

    def clean_reason(self) -> str:
        return clean(self.cleaned_data["reason"])

    @property
    def pins(self) -> Pins:
        """What is to be."""
        return Pins(self.cleaned_data["pinned"], self.cleaned_data["forbidden"])

    @property
    def seen(self) -> Pins:
        """What was when the form was read."""
        return Pins(self.cleaned_data["seen_pinned"], self.cleaned_data["seen_forbidden"])


def initial_of(pins: Pins, *, reason: str = "") -> dict[str, str]:
    """The form's values for these pins."""
    pinned, forbidden = ", ".join(pins.pinned), ", ".join(pins.forbidden)
    return {
        "pinned": pinned,
        "forbidden": forbidden,
        "seen_pinned": pinned,
        "seen_forbidden": forbidden,
        "reason": reason,
    }
