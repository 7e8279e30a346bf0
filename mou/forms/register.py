"""What narrows the register."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.text import clean
from fairs.models import Fair
from fairs.queries import fairs_of
from mou.queries import Filter, party_provinces
from mou.states import MemorandumState
from registry.models import ActorType, ProductGroup

ALL = ("", _("All"))


class RegisterForm(forms.Form):
    """Every field may stay empty."""

    fair: "forms.ModelChoiceField[Fair]" = forms.ModelChoiceField(
        None, to_field_name="code", required=False, empty_label=_("All"), label=_("Fair")
    )
    year = forms.IntegerField(label=_("Year"), min_value=2000, max_value=2200, required=False)
    state = forms.ChoiceField(
        label=_("State"), choices=[ALL, *MemorandumState.choices], required=False
    )
    province = forms.ChoiceField(label=_("Province or city of a party"), required=False)
    group = forms.ChoiceField(label=_("Product group"), required=False)
    kind = forms.ChoiceField(
        label=_("Kind of party"), choices=[ALL, *ActorType.choices], required=False
    )
    party = forms.CharField(label=_("Name of a party"), max_length=120, required=False)
    first = forms.DateField(label=_("Signed from"), required=False)
    last = forms.DateField(label=_("Signed until"), required=False)

    def __init__(self, data: Any, *, actor: Any) -> None:
        super().__init__(data)
        shown: Any = self.fields
        shown["fair"].queryset = fairs_of(actor).order_by("-first_day")
        shown["province"].choices = [ALL, *((name, name) for name in party_provinces())]
        groups = ProductGroup.objects.filter(successor=None)
        shown["group"].choices = [ALL, *((group.code, group.name) for group in groups)]

    def clean_party(self) -> str:
        return clean(self.cleaned_data["party"])

    def clean(self) -> dict[str, Any]:
        first, last = self.cleaned_data.get("first"), self.cleaned_data.get("last")
        if first and last and last < first:
            self.add_error("last", _("The last day is before the first."))
        return self.cleaned_data

    def filter(self) -> Filter:
        """What was chosen; a field that is wrong narrows nothing."""
        self.is_valid()
        return Filter(**self.cleaned_data)

    def chosen(self) -> list[tuple[str, str]]:
        """Label and value of what narrows the register, as papers say it."""
        return [
            (str(self.fields[name].label), self._shown(name, value))
            for name, value in self.cleaned_data.items()
            if value and name in self.fields
        ]

    def _shown(self, name: str, value: Any) -> str:
        field = self.fields[name]
        if isinstance(field, forms.DateField):
            return f"{value:%d/%m/%Y}"
        if type(field) is forms.ChoiceField:
            return str(dict(field.choices)[value])  # type: ignore[arg-type]
        return str(value)
