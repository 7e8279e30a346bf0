"""Reads: what a draft says, field by field, and what it may be made from."""

from collections.abc import Iterable
from dataclasses import fields
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from core.text import fold
from core.vietnam import shown_date, shown_number
from mou.models import Item, Memorandum, Wording
from mou.paper.content import Terms
from mou.quantities import value_of
from registry.models import Organisation, Product
from registry.queries import with_certificate

PARTICULARS = (
    *("address", "province", "tax_code", "phone", "email"),
    *("representative", "position", "account", "authority"),
)
# The figures of the articles where a memorandum names none.
FIGURES: dict[str, int] = {
    field.name: field.default  # type: ignore[misc]
    for field in fields(Terms)
    if field.name != "expires_on"
}


def facts_of(row: Memorandum) -> dict[str, str]:
    """What a draft says as text, by the name of the field in its form."""
    facts = {
        "place": row.place,
        "witness": row.witness,
        "witness_position": row.witness_position,
        "expires_on": shown_date(row.expires_on) if row.expires_on else "",
        "wording": str(row.wording),
        **{name: str(value) for name, value in {**FIGURES, **row.terms}.items()},
    }
    for party in row.parties.order_by("side"):
        prefix = party.side[-1]
        facts |= {f"{prefix}-{name}": getattr(party, name) for name in PARTICULARS}
    facts["products"] = "; ".join(shown_line(item) for item in row.items.order_by("order"))
    return facts


def shown_line(item: Any) -> str:
    """A line as a sentence: product, quantity, unit, period, price."""
    quantity, price = (shown_number(n, "vi") for n in (item.quantity, item.reference_price))
    return f"{item.name}: {quantity} {item.unit} {Item.Period(item.period).label}, {price} ₫"


def values_by_period(amounts: Iterable[tuple[str, Decimal, int]]) -> dict[str, int]:
    """In VND, what lines of period, quantity and price are worth: months are not years."""
    sums: dict[str, int] = {}
    for period, quantity, price in amounts:
        sums[period] = sums.get(period, 0) + value_of(quantity, price)
    return {period: sums[period] for period in Item.Period.values if period in sums}


def totals_of(row: Memorandum) -> list[tuple[str, int]]:
    """The reference value of a memorandum: each period as people read it, and the sum in VND."""
    sums = values_by_period(
        (item.period, item.quantity, item.reference_price) for item in row.items.all()
    )
    return [(str(Item.Period(period).label), value) for period, value in sums.items()]


def products_for_drawing(producer: Organisation) -> QuerySet[Product]:
    """A producer's products with their certificates as they stand today."""
    return with_certificate(producer.products.all(), timezone.localdate())


def fits(product: Product, search: str) -> bool:
    """Whether every word is in the product's name, accents ignored."""
    return all(word in fold(product.name) for word in fold(search).split())


def usable_wordings(also: Wording | None = None) -> QuerySet[Wording]:
    """Those that are not retired, newest first, and `also` whatever it is."""
    wanted = Q(retired_at__isnull=True) | Q(pk=also.pk if also else None)
    return Wording.objects.filter(wanted).order_by("code", "-version")


def past_between(
    memoranda: QuerySet[Memorandum], producer: Organisation, distributor: Organisation
) -> list[Memorandum]:
    """Of these, the newest few that the two have drawn up with each other before."""
    both = memoranda.filter(parties__side="party_a", parties__organisation=producer)
    return list(
        both.filter(pk__in=distributor.parties.filter(side="party_b").values("memorandum"))[:5]
    )
