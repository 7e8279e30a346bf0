"""How much a line of a memorandum is about: up to three decimals, never a float.

Tables hold whole thousandths, so that every sum is exact on every database; people, papers and
programs see decimals without needless zeros: 1200, 1.5.

What a line is worth is quantity × reference price in whole đồng, half a đồng upwards. Each line
is rounded by itself and totals add up rounded lines: what stands on a page adds up by hand.
"""

import re
from decimal import Decimal

from django.db.models import Expression, F
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from core.money import LARGEST_AMOUNT
from core.text import clean
from core.vietnam import shown_number

DECIMALS = 3
UNIT = 10**DECIMALS
LARGEST = 10_000_000
MINUSES = "-\N{MINUS SIGN}\N{EN DASH}"
# Not grouped, or grouped by one mark throughout; then by another mark what is less than one.
TYPED = re.compile(
    r"(?P<whole>[0-9]+|[1-9][0-9]{0,2}(?P<group>[., ])[0-9]{3}(?:(?P=group)[0-9]{3})*)"
    r"(?:(?!(?P=group))[.,](?P<part>[0-9]+))?"
)
# One mark and three digits: it groups thousands in one language and begins decimals in another.
TWO_READINGS = re.compile(r"(?P<whole>[1-9][0-9]{0,2})(?P<mark>[.,])(?P<part>[0-9]{3})")
PLAIN = re.compile(r"[0-9]+(?:\.[0-9]+)?")

LINE_VALUE: Expression = (
    F("quantity_thousandths") / UNIT * F("reference_price")
    + (F("quantity_thousandths") % UNIT * F("reference_price") + UNIT // 2) / UNIT
)
"""`value_of` for the database: whole numbers only, and thousandths times money never overflow."""


def value_of(quantity: Decimal, reference_price: int) -> int:
    """Return what a line is worth in đồng, rounded half up; of a quantity that a table can hold."""
    return (int(quantity * UNIT) * reference_price + UNIT // 2) // UNIT


def require_worth(quantity: Decimal, reference_price: int) -> None:
    """Refuse what no table can hold, or what a sum of many such lines could not hold.

    Raises DomainError `quantity.value_too_large` and what `thousandths` raises.
    """
    if thousandths(quantity) * reference_price > LARGEST_AMOUNT * UNIT:
        raise DomainError(
            "quantity.value_too_large",
            _("The value of this line is too large: check the quantity and the price."),
        )


def thousandths(quantity: Decimal) -> int:
    """Return a quantity as tables hold it.

    Raises DomainError `quantity.format` for what is no number, `quantity.not_positive`,
    `quantity.too_large` above ten million, `quantity.decimals` beyond the third.
    """
    _sign, digits, exponent = quantity.as_tuple()
    if not isinstance(exponent, int):
        raise _unreadable()
    if quantity <= 0:
        raise _not_positive()
    if quantity > LARGEST:
        most = shown_number(LARGEST, get_language() or "vi")
        raise DomainError("quantity.too_large", _("A quantity is at most %(most)s."), most=most)
    # By its digits: arithmetic would round what is longer than its context.
    if exponent < -DECIMALS and any(digits[max(0, len(digits) + exponent + DECIMALS) :]):
        raise DomainError("quantity.decimals", _("A quantity has at most three decimals."))
    return int(quantity * UNIT)


def quantity_of(found: int) -> Decimal:
    """Return thousandths as a quantity without needless zeros: 1200 and 1.5, never 1.500."""
    return Decimal(found) / UNIT


def parse_quantity(text: str, language: str) -> Decimal:
    """Return the quantity that somebody who reads `language` typed.

    A lone mark before three digits is read as the language has it: "1.125" groups thousands in
    Vietnamese and begins decimals in English; "1,200" is refused there where it would begin
    them, because nobody writes 1,2 so. Any other text has one reading: "1200", "1.200.000",
    "1 200,5" and, in both languages, "1.5" and "1,5".

    Raises DomainError `quantity.format`, `quantity.two_readings` and what `thousandths` raises.
    """
    typed = clean(text)
    if typed[:1] in tuple(MINUSES) and TYPED.fullmatch(typed[1:]):
        raise _not_positive()
    doubtful, found = TWO_READINGS.fullmatch(typed), TYPED.fullmatch(typed)
    if doubtful:
        whole, part = _lone_mark(doubtful, language)
    elif found:
        whole, part = re.sub("[., ]", "", found["whole"]), found["part"] or ""
    else:
        raise _unreadable(language)
    return quantity_of(thousandths(Decimal(f"{whole}.{part}")))


def _lone_mark(found: re.Match[str], language: str) -> tuple[str, str]:
    whole, mark, part = found.groups()
    if mark != ("," if language.startswith("vi") else "."):
        return whole + part, ""
    if part.endswith("0"):
        raise DomainError(
            "quantity.two_readings",
            _("“%(typed)s” can be read in two ways: write %(many)s or %(few)s."),
            typed=found[0],
            many=whole + part,
            few=f"{whole}{mark}{part.rstrip('0')}".rstrip(mark),
        )
    return whole, part


def read_quantity(said: object) -> Decimal:
    """Return the quantity that a program sent: a JSON number, or plain digits with a point as text.

    Raises DomainError `quantity.format` and what `thousandths` raises.
    """
    if isinstance(said, float):
        # What JSON calls a number comes as a binary fraction. Its shortest spelling is what was
        # sent, as long as that had fifteen digits; a quantity has eleven.
        said = Decimal(repr(said))
    is_number = isinstance(said, int | Decimal) and not isinstance(said, bool)
    if not is_number and not (isinstance(said, str) and PLAIN.fullmatch(said)):
        raise _unreadable("en")
    return quantity_of(thousandths(Decimal(said)))  # type: ignore[arg-type]


def typed_quantity(quantity: Decimal, language: str) -> str:
    """Return a quantity as it stands in a field, where digits are not grouped: "1200", "1,5"."""
    return f"{quantity:f}".replace(".", "," if language.startswith("vi") else ".")


def _not_positive() -> DomainError:
    return DomainError("quantity.not_positive", _("A quantity is more than 0."))


def _unreadable(language: str = "") -> DomainError:
    example = shown_number(Decimal("1.5"), language or get_language() or "vi")
    return DomainError(
        "quantity.format",
        _("Write a number such as 1200 or %(example)s, with at most three decimals."),
        example=example,
    )
