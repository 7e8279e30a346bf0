"""What is filled in at the desk, at the signing table and on the verify page."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.text import clean
from mou.actions import Line
from mou.models import Item
from mou.paper.verdict import MAX_BYTES, TOO_LARGE
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


class SignatureForm(forms.Form):
    """What the signing table sends. Nothing is ever ticked beforehand."""

    strokes = forms.CharField()
    device_at = forms.IntegerField(min_value=0, max_value=10**13)

    def clean_device_at(self) -> datetime:
        """The tablet's clock: milliseconds since 1970 as an aware moment."""
        return datetime.fromtimestamp(self.cleaned_data["device_at"] / 1000, tz=UTC)


class DeclineForm(forms.Form):
    """Why a signer says no."""

    reason = forms.CharField(label=_("Reason"), max_length=300, required=False)

    def clean_reason(self) -> str:
        return clean(self.cleaned_data["reason"])


class CodeForm(forms.Form):
    """A memorandum's code, as it is printed."""

    code = forms.CharField(label=_("Code on the paper"), max_length=40)


class FileForm(forms.Form):
    """A PDF that somebody wants to be sure of."""

    file = forms.FileField(label=_("PDF file"))

    def clean_file(self) -> UploadedFile:
        """Refuse by its size, before any of it is read into memory."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MAX_BYTES:
            raise forms.ValidationError(TOO_LARGE, params={"megabytes": MAX_BYTES // 1024**2})
        return file
