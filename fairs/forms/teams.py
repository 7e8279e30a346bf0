"""What is filled in about organising teams and performance crews."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fairs.forms.editing import LineField


class SquadForm(forms.Form):
    """A name; `seen` is the one that the page showed, empty for a new team or crew."""

    name = LineField(label=_("Name"))
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, limit: int, seen: str = "") -> None:
        super().__init__(data, initial={"name": seen, "seen": seen})
        self.fields["name"] = LineField(label=_("Name"), max_length=limit)
