"""What a visitor looks for."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fairs.models import FairKind
from registry.models import Region

MONTH = re.compile("[0-9]{4}-(0[1-9]|1[0-2])")


class SearchForm(forms.Form):
    """Every field may stay empty; what is not known is left out, and `unknown` says so."""

    q = forms.CharField(label=_("Search"), max_length=200, required=False)
    region = forms.ChoiceField(
        label=_("Region"), choices=[("", _("All")), *Region.choices], required=False
    )
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[("", _("All")), *FairKind.choices], required=False
    )
    month = forms.ChoiceField(label=_("Month"), required=False)
    place = forms.ChoiceField(label=_("Place"), required=False)

    def __init__(
        self, data: Mapping[str, Any], *, months: set[str], places: dict[str, str]
    ) -> None:
        super().__init__(data, auto_id="find_%s")
        typed = data.get("month", "")
        # A month without a fair is well asked, and answered "nothing".
        shown = sorted({*months, typed} if MONTH.fullmatch(typed) else months, reverse=True)
        months_field, places_field = self.fields["month"], self.fields["place"]
        assert isinstance(months_field, forms.ChoiceField)
        assert isinstance(places_field, forms.ChoiceField)
        everything = [("", _("All"))]
        months_field.choices = everything + [(each, f"{each[5:]}/{each[:4]}") for each in shown]
        places_field.choices = everything + list(places.items())

    @property
    def wanted(self) -> dict[str, str]:
        """What was asked and is known."""
        known = {name: self.cleaned_data.get(name, "") for name in self.fields}
        return {"search": known.pop("q"), **known}

    @property
    def chosen(self) -> list[str]:
        """The same in words."""
        said = []
        for name, value in self.cleaned_data.items():
            field: Any = self.fields[name]
            word = value if name == "q" else dict(field.choices)[value]
            if value:
                said.append(f"{field.label}: {word}")
        return said

    @property
    def unknown(self) -> list[str]:
        """A sentence for each thing asked that is not known."""
        return [
            gettext("“%(value)s” is not known here as “%(field)s”, so it was left out.")
            % {"value": str(self.data.get(name))[:60], "field": self.fields[name].label}
            for name in self.errors
        ]
