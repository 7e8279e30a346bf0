"""Reads: what still keeps a draft from being frozen, and what is worth a second look."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from core.pdf import missing_glyphs
from core.vietnam import shown_date, tax_code
from mou.models import Item, Memorandum, Party, SignerRole
from registry.models import Certification

PREFIXES = {SignerRole.PARTY_A: "a", SignerRole.PARTY_B: "b"}
# What a party must say of itself, with what is said where it is missing.
NEEDED = {
    "representative": _("%(side)s: say who signs."),
    "position": _("%(side)s: say in what position the representative signs."),
    "address": _("%(side)s: the address is missing."),
}
PRINTED = (
    *("address", "province", "tax_code", "phone"),
    *("representative", "position", "authority", "account"),
)


@dataclass(frozen=True)
class Point:
    """One thing about a draft; `anchor` is the field of its form where it is put right."""

    code: str
    message: str | Promise
    anchor: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    is_blocking: bool = True

    def __str__(self) -> str:
        return str(self.message) % self.facts if self.facts else str(self.message)

    @property
    def error(self) -> DomainError:
        """The point as what freezing says."""
        return DomainError(self.code, self.message, **self.facts)


def certified_on(products: Iterable[int], day: date) -> dict[int, Certification]:
    """For each of these products that may use the mark on `day`: the newest valid certification."""
    valid = Certification.objects.filter(
        product__in=products, stars__gte=3, decision_date__lte=day, valid_until__gte=day
    ).exclude(withdrawn_on__lte=day)
    return {each.product_id: each for each in valid.order_by("decision_date", "pk")}


def signing_day_of(row: Memorandum) -> date:
    """The day of its ceremony, or today; never a day that is over."""
    today = timezone.localdate()
    if row.ceremony is None:
        return today
    return max(today, timezone.localtime(row.ceremony.starts_at).date())


def with_draft(memoranda: QuerySet[Memorandum]) -> QuerySet[Memorandum]:
    """With all that `points_of_all` reads."""
    return memoranda.select_related("fair", "wording", "ceremony").prefetch_related(
        "parties", "items"
    )


def points_of(row: Memorandum) -> list[Point]:
    """What is to be said about one draft, what keeps it from being frozen first."""
    return points_of_all([row])[row.pk]


def points_of_all(rows: Iterable[Memorandum]) -> dict[int, list[Point]]:
    """The points of several drafts by primary key, for one look at the certifications a day."""
    rows = list(rows)
    products: dict[date, set[int]] = {}
    for row in rows:
        products.setdefault(signing_day_of(row), set()).update(
            item.product_id for item in row.items.all()
        )
    certified = {day: certified_on(wanted, day) for day, wanted in products.items()}
    return {
        row.pk: sorted(
            _points(row, certified[signing_day_of(row)]), key=lambda p: not p.is_blocking
        )
        for row in rows
    }


def _points(row: Memorandum, certified: Mapping[int, Certification]) -> Iterator[Point]:
    items = list(row.items.all())
    if not items:
        yield Point("memorandum.no_products", _("Put at least one product in first."), "find")
    for item in items:
        yield from _item_points(item, certified.get(item.product_id), signing_day_of(row))
    for party in row.parties.all():
        yield from _party_points(party)
    yield from _term_points(row)


def _item_points(item: Item, certification: Certification | None, day: date) -> Iterator[Point]:
    anchor = "products"
    facts = {"product": item.name, "day": shown_date(day)}
    if item.stars and certification is None:
        message = _("%(product)s: its certification is not valid on %(day)s. Save the draft again.")
        yield Point("memorandum.certification_ended", message, anchor, facts)
    elif certification is None:
        message = _("%(product)s has no valid certification: it is printed without stars.")
        yield Point("memorandum.not_certified", message, anchor, facts, is_blocking=False)
    elif (item.stars, item.decision) != (certification.stars, certification.decision_number):
        message = _("%(product)s has been certified anew. Save the draft again to take it over.")
        yield Point("memorandum.certified_anew", message, anchor, facts)
    yield from _unprintable(anchor, item.name, item.unit, item.decision)


def _party_points(party: Party) -> Iterator[Point]:
    prefix, side = PREFIXES[SignerRole(party.side)], {"side": party.get_side_display()}
    for name, message in NEEDED.items():
        if not getattr(party, name):
            yield Point("memorandum.incomplete", message, f"id_{prefix}-{name}", side)
    yield from _unprintable(prefix, party.name)
    for name in PRINTED:
        field_name = "authority_number" if name == "authority" else name
        yield from _unprintable(f"id_{prefix}-{field_name}", getattr(party, name))
    if party.tax_code:
        try:
            tax_code(party.tax_code)
        except DomainError as error:
            facts = {**side, "problem": str(error)}
            message = _("%(side)s: %(problem)s")
            anchor = f"id_{prefix}-tax_code"
            yield Point("memorandum.tax_code", message, anchor, facts, is_blocking=False)


def _term_points(row: Memorandum) -> Iterator[Point]:
    if not row.place:
        yield Point("memorandum.incomplete", _("Say where it is signed."), "id_place")
    for name in ("witness", "witness_position"):
        if not getattr(row, name):
            message = _("Say who is the witness, and in what position.")
            yield Point("memorandum.incomplete", message, f"id_{name}")
    if row.expires_on is None or row.expires_on <= signing_day_of(row):
        message = _("The last day must come after the day of signing.")
        yield Point("memorandum.expired", message, "id_expires_on")
    for name in ("place", "witness", "witness_position"):
        yield from _unprintable(f"id_{name}", getattr(row, name))


def _unprintable(anchor: str, *texts: str) -> Iterator[Point]:
    missing = missing_glyphs("".join(texts))
    if missing:
        message = _("These letters cannot be printed: %(letters)s")
        facts = {"letters": " ".join(sorted(missing))}
        yield Point("memorandum.unprintable", message, anchor, facts)


def standard_order(rows: QuerySet[Memorandum]) -> QuerySet[Memorandum]:
    """In the order in which numbers are given out: by turn in the ceremony, then by age."""
    return rows.order_by(F("turn").asc(nulls_last=True), "pk")
