"""What is filled in to draw up a memorandum."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.text import clean
from mou.actions import Line
from mou.models import Item
from mou.queries import expires_after
from registry.models import Organisation, Product

MONTHS = 12
GROUPING = re.compile(r"(?<=\d)[.,\s](?=\d{3}(?!\d))")
MOST_LINES = 30


def _default_expiry() -> date:
    return expires_after(timezone.localdate(), MONTHS)


class PartiesForm(forms.Form):
    """Step one: who with whom."""

    producer = forms.ModelChoiceField(
        Organisation.objects.filter(is_producer=True),
        to_field_name="code",
        empty_label=_("Choose…"),
        label=_("Party A (producer)"),
    )
    distributor = forms.ModelChoiceField(
        Organisation.objects.filter(is_distributor=True),
        to_field_name="code",
        empty_label=_("Choose…"),
        label=_("Party B (distributor)"),
    )


class TermsForm(forms.Form):
    """Step two: the witness, the place, the last day."""

    place = forms.CharField(label=_("Place of signing"), max_length=80)
    witness = forms.CharField(label=_("Witness"), max_length=120)
    witness_position = forms.CharField(label=_("Witness's position"), max_length=120)
    expires_on = forms.DateField(label=_("In effect until"), initial=_default_expiry)

    def clean(self) -> dict[str, Any]:
        for name in ("place", "witness", "witness_position"):
            if name in self.cleaned_data:
                self.cleaned_data[name] = clean(self.cleaned_data[name])
        return self.cleaned_data

    def clean_expires_on(self) -> date:
        day: date = self.cleaned_data["expires_on"]
        if day <= timezone.localdate():
            raise forms.ValidationError(_("The last day must be in the future."))
        return day


class QuantityField(forms.IntegerField):
    """A whole number, typed with or without the grouping of either language: 1.200, 1,200, 1200."""

    widget = forms.TextInput(attrs={"inputmode": "numeric"})

    def to_python(self, value: Any) -> int | None:
        plain = GROUPING.sub("", value) if isinstance(value, str) else value
        number: int | None = super().to_python(plain)
        return number


class LineForm(forms.Form):
    """One product of party A: how much, and each what; nothing if it is left out."""

    quantity = QuantityField(label=_("Quantity"), min_value=1, max_value=10_000_000, required=False)
    period = forms.ChoiceField(label=_("Period"), choices=Item.Period.choices)

    def __init__(self, data: Any = None, *, product: Product) -> None:
        super().__init__(data, prefix=product.code)
        self.product = product


def line_forms(products: Iterable[Product], data: Any = None) -> list[LineForm]:
    """A form for each product."""
    return [LineForm(data, product=product) for product in products]


def lines_of(forms_: Iterable[LineForm]) -> list[Line]:
    """The lines that were filled in; call it on valid forms."""
    return [
        Line(form.product, form.cleaned_data["quantity"], form.cleaned_data["period"])
        for form in forms_
        if form.cleaned_data["quantity"]
    ]
