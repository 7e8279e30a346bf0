"""Vietnamese đồng: whole numbers, no decimals anywhere."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from core.text import clean
from core.vietnam import shown_number

LARGEST_AMOUNT = 10**15 - 1
"""In đồng. Fifteen digits survive a spreadsheet, a JavaScript number and a 64-bit column."""

WHOLE_AMOUNT = re.compile(r"[0-9]+|[1-9][0-9]{0,2}(?:([., ])[0-9]{3})(?:\1[0-9]{3})*")
UNIT = re.compile(r"\s*(?:đồng|đ|₫|vnđ|vnd)$|^(?:₫|vnđ|vnd)\s*", re.IGNORECASE)


def shown_money(vnd: int, language: str = "vi") -> str:
    """Return "1.250.000 ₫" in Vietnamese and "VND 1,250,000" in any other language.

    The space is a no-break space: an amount never breaks over two lines.
    """
    number = shown_number(vnd, language)
    return f"{number}\N{NO-BREAK SPACE}₫" if language.startswith("vi") else f"VND\u00a0{number}"


def parse_money(text: str) -> int:
    """Return the đồng in "1.250.000", "1250000", "1,250,000" or "1 250 000", unit or not.

    A dot or a comma only ever groups thousands: "1.5" is refused, not guessed at.

    Raises DomainError `money.format` or `money.too_large`.
    """
    digits = UNIT.sub("", clean(text), count=1)
    if not WHOLE_AMOUNT.fullmatch(digits):
        raise DomainError(
            "money.format",
            _("Enter a whole amount in đồng, such as 1.250.000."),
        )
    bare = re.sub(r"[., ]", "", digits).lstrip("0")
    if len(bare) > len(str(LARGEST_AMOUNT)):
        raise DomainError("money.too_large", _("This amount is too large."))
    return int(bare or "0")


class MoneyField(forms.IntegerField):
    """An amount in đồng, typed with or without dots or commas; gives an int or None.

    Django's own localised number field refuses "1.250.000" unless every form asks for it.
    """

    widget = forms.TextInput

    def to_python(self, value: object) -> int | None:
        if value in self.empty_values:
            return None
        if isinstance(value, int):
            return value
        try:
            return parse_money(str(value))
        except DomainError as error:
            raise ValidationError(str(error), code=error.code) from error

    def prepare_value(self, value: object) -> object:
        """Group a stored amount in the reader's language; what a person typed stays as it is."""
        return shown_number(value, get_language() or "vi") if isinstance(value, int) else value

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "inputmode": "numeric", "autocomplete": "off"}
