"""Reads: organisations with what they bring."""

from datetime import date

from django.db.models import Count, Exists, F, OuterRef, QuerySet

from core.text import fold
from registry.models import Certification, Organisation, Place, Product


def organisations(*, search: str = "", role: str = "") -> QuerySet[Organisation]:
    """Organisations with their number of products; `role` is `producer`, `distributor` or empty.

    The search ignores accents and reads đ as d.
    """
    found = Organisation.objects.select_related("place").annotate(product_count=Count("products"))
    if role in {"producer", "distributor"}:
        found = found.filter(**{f"is_{role}": True})
    for word in fold(search).split():
        found = found.filter(search__contains=word)
    return found.order_by("code")


def organisation_of(code: str) -> Organisation:
    """One organisation with its place. Raises Organisation.DoesNotExist."""
    return Organisation.objects.select_related("place", "craft_village").get(code=code)


def province_of(place: Place) -> Place:
    """The province or city at the top of the tree; select `place__parent__parent` beforehand."""
    while place.parent:
        place = place.parent
    return place


def with_certificate(products: QuerySet[Product], day: date) -> QuerySet[Product]:
    """Products with `stars`, `decision` and `valid_until` of the newest certification, and
    `is_certified`: whether the mark may be used on `day`."""
    newest = Certification.objects.filter(product=OuterRef("pk")).order_by("-decision_date")
    valid = newest.filter(
        stars__gte=3, decision_date__lte=day, valid_until__gte=day, withdrawn_on__isnull=True
    )
    return products.annotate(
        stars=newest.values("stars")[:1],
        decision=newest.values("decision_number")[:1],
        valid_until=newest.values("valid_until")[:1],
        is_certified=Exists(valid),
    ).order_by(F("stars").desc(nulls_last=True), "name")
