"""What is filled in to draw up a memorandum or to change a draft."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from core.money import MoneyField
from core.text import clean
from core.vietnam import phone, shown_date, shown_phone, tax_code
from mou.actions import Line, Particulars
from mou.models import Item, Wording
from mou.quantities import parse_quantity, require_worth, typed_quantity, value_of
from mou.queries import expires_after
from mou.queries.drafts import FIGURES as DEFAULTS
from mou.queries.drafts import usable_wordings
from registry.models import Organisation, Product

MONTHS = 12
MOST_LINES = 30
DEAREST = 10**12
LARGEST = 2**31 - 1
AUTHORITY = re.compile(r"số (?P<number>.+) ngày (?P<day>\d{2}/\d{2}/\d{4})")
DAY = {"inputmode": "numeric", "placeholder": "dd/mm/yyyy"}
# The figures of the articles, with the most that each may be.
FIGURES = {
    "notice_days": (_("Notice of changes (days)"), 365),
    "answer_days": (_("Answer on samples (days)"), 365),
    "listing_days": (_("Listing after that (days)"), 365),
    "confidential_months": (_("Confidentiality (months)"), 120),
    "end_notice_days": (_("Notice of termination (days)"), 365),
}


def default_expiry() -> date:
    return expires_after(timezone.localdate(), MONTHS)


class LineField(forms.CharField):
    """One line of text, cleaned."""

    def to_python(self, value: Any) -> str:
        return clean(super().to_python(value) or "")


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
    """The wording, the witness, the place, the last day and the figures of the articles."""

    revision = forms.IntegerField(
        min_value=1, max_value=LARGEST, required=False, widget=forms.HiddenInput
    )
    wording = forms.ModelChoiceField(Wording.objects.none(), empty_label=None, label=_("Wording"))
    place = LineField(label=_("Place of signing"), max_length=80)
    witness = LineField(
        label=_("Witness"),
        max_length=120,
        required=False,
        help_text=_("Needed before the memorandum is frozen."),
    )
    witness_position = LineField(label=_("Witness's position"), max_length=120, required=False)
    expires_on = forms.DateField(label=_("In effect until"), widget=forms.DateInput(attrs=DAY))

    def __init__(
        self, data: Any = None, *, initial: Mapping[str, Any], also: Wording | None
    ) -> None:
        first = {"expires_on": default_expiry(), **DEFAULTS, **initial}
        super().__init__(data, initial=first)
        self.fields["wording"].queryset = usable_wordings(also)  # type: ignore[attr-defined]
        for name, (label, most) in FIGURES.items():
            self.fields[name] = forms.IntegerField(
                label=label, min_value=1, max_value=most, required=True
            )

    def clean_expires_on(self) -> date:
        day: date = self.cleaned_data["expires_on"]
        if day <= timezone.localdate():
            raise forms.ValidationError(_("The last day must be in the future."))
        return day

    @property
    def values(self) -> dict[str, Any]:
        """What a valid form says, as the actions take it."""
        said = {name: v for name, v in self.cleaned_data.items() if name not in FIGURES}
        said.pop("revision")
        return {**said, "figures": {name: self.cleaned_data[name] for name in FIGURES}}

    @property
    def figures(self) -> list[forms.BoundField]:
        return [self[name] for name in FIGURES]


class PartyForm(forms.Form):
    """A party's particulars as the paper will say them, with the authority to sign."""

    representative = LineField(label=_("Represented by"), max_length=120)
    position = LineField(label=_("Position"), max_length=80)
    capacity = forms.ChoiceField(
        label=_("Signs as"),
        choices=[
            ("legal", _("Legal representative")),
            ("authorised", _("Authorised by a paper")),
        ],
        widget=forms.RadioSelect,
    )
    authority_number = LineField(
        label=_("Number of the authorisation"), max_length=60, required=False
    )
    authority_date = forms.DateField(
        label=_("Date of the authorisation"),
        required=False,
        widget=forms.DateInput(attrs=DAY),
    )
    address = LineField(label=_("Address"), max_length=400)
    province = LineField(label=_("Province or city"), max_length=80, required=False)
    tax_code = LineField(label=_("Tax code"), max_length=14, required=False)
    phone = LineField(label=_("Phone"), max_length=20, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    account = LineField(label=_("Account and bank"), max_length=120, required=False)

    def clean_phone(self) -> str:
        typed = str(self.cleaned_data["phone"])
        if not typed:
            return ""
        try:
            return phone(typed)
        except DomainError as error:
            raise forms.ValidationError(str(error)) from error

    def clean(self) -> None:
        said = self.cleaned_data
        if said.get("capacity") != "authorised":
            return
        day = said.get("authority_date")
        if not said.get("authority_number"):
            self.add_error("authority_number", _("Give the number of the paper that authorises."))
        if day is None and "authority_date" not in self.errors:
            self.add_error("authority_date", _("Give the date of the paper that authorises."))
        elif day and day > timezone.localdate():
            self.add_error("authority_date", _("The date lies in the future."))

    @property
    def particulars(self) -> Particulars:
        """What a valid form says."""
        said = dict(self.cleaned_data)
        number, day = said.pop("authority_number"), said.pop("authority_date")
        is_authorised = said.pop("capacity") == "authorised"
        paper = f"số {number} ngày {shown_date(day)}" if is_authorised else ""
        return Particulars(**said, authority=paper)

    @property
    def warning(self) -> str:
        """What is odd about the tax code of a valid form; it is kept as it was typed."""
        typed = self.cleaned_data["tax_code"]
        try:
            if typed:
                tax_code(typed)
        except DomainError as error:
            return str(error)
        return ""


def initial_of_party(said: Particulars) -> dict[str, Any]:
    """A party's particulars as the form's first values."""
    values: dict[str, Any] = {**asdict(said), "capacity": "legal"}
    paper = values.pop("authority")
    if paper:
        found = AUTHORITY.fullmatch(paper)
        values |= {
            "capacity": "authorised",
            "authority_number": found["number"] if found else paper,
            "authority_date": found["day"] if found else None,
        }
    values["phone"] = shown_phone(said.phone) if said.phone else ""
    return values


class QuantityField(forms.Field):
    """A quantity as the reader's language writes it, see `parse_quantity`; gives None for nothing.

    Django's own decimal field takes 1e3, and 1.200 for 1,2 in whatever language.
    """

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def to_python(self, value: Any) -> Decimal | None:
        if value in self.empty_values:
            return None
        if isinstance(value, Decimal):
            return value
        try:
            return parse_quantity(str(value), get_language() or "vi")
        except DomainError as error:
            raise forms.ValidationError(str(error), code=error.code) from error

    def prepare_value(self, value: Any) -> Any:
        """Write a stored quantity for the reader; what a person typed stays as it is."""
        if isinstance(value, Decimal):
            return typed_quantity(value, get_language() or "vi")
        return value


class LineForm(forms.Form):
    """One product of party A: how much of what unit, each what; nothing if it is left out."""

    quantity = QuantityField(label=_("Quantity"), required=False)
    unit = LineField(label=_("Unit"), max_length=20, required=False)
    period = forms.ChoiceField(label=_("Period"), choices=Item.Period.choices)
    price = MoneyField(
        label=_("Reference price (VND)"), min_value=0, max_value=DEAREST, required=False
    )

    def __init__(
        self, data: Any = None, *, product: Product, initial: Mapping[str, Any] | None = None
    ) -> None:
        first = {"unit": product.unit, "price": product.reference_price, **(initial or {})}
        super().__init__(data, prefix=product.code, initial=first)
        self.product = product

    def clean(self) -> None:
        said = self.cleaned_data
        if not said.get("quantity") or "price" not in said:
            return
        price = self.product.reference_price if said["price"] is None else said["price"]
        try:
            require_worth(said["quantity"], price)
        except DomainError as error:
            self.add_error("quantity", forms.ValidationError(str(error), code=error.code))

    @property
    def is_filled(self) -> bool:
        """Whether something stands in the quantity, right or wrong."""
        return bool(str(self["quantity"].value() or "").strip())

    @property
    def amounts(self) -> tuple[str, Decimal, int] | None:
        """Period, quantity and price, where they can be read."""
        read: list[Any] = []
        for name in ("period", "quantity", "price"):
            try:
                read.append(self.fields[name].clean(self[name].value()))
            except forms.ValidationError:
                return None
        period, quantity, price = read
        if not quantity:
            return None
        return period, quantity, self.product.reference_price if price is None else price

    @property
    def value(self) -> int | None:
        """In VND, what is wanted each period."""
        return value_of(*self.amounts[1:]) if self.amounts else None


def line_forms(
    products: Iterable[Product],
    data: Any = None,
    lines: Mapping[int, Mapping[str, Any]] | None = None,
) -> list[LineForm]:
    """A form for each product; `lines` are first values by the product's key.

    A product that the sent page did not show is as if it was left out.
    """
    first = lines or {}
    return [
        LineForm(_sent(product, data), product=product, initial=first.get(product.pk))
        for product in products
    ]


def _sent(product: Product, data: Any) -> Any:
    if data is None or f"{product.code}-quantity" in data:
        return data
    return {f"{product.code}-period": Item.Period.MONTH}


def lines_of(forms_: Iterable[LineForm]) -> list[Line]:
    """The lines that were filled in; call it on valid forms."""
    return [
        Line(
            form.product,
            form.cleaned_data["quantity"],
            form.cleaned_data["period"],
            form.cleaned_data["unit"],
            form.cleaned_data["price"],
        )
        for form in forms_
        if form.cleaned_data["quantity"]
    ]
