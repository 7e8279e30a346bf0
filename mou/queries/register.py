"""Reads: the register of numbered memoranda, filtered, and what it adds up to."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from core.text import fold
from fairs.models import Fair
from fairs.queries import fairs_of
from mou.models import Checkpoint, Item, Memorandum, Party
from mou.quantities import LINE_VALUE, quantity_of
from mou.states import IN_FORCE, MemorandumState
from registry.models import ActorType, ProductGroup

# What was agreed and not taken back: these values and quantities are added up.
AGREED = (*IN_FORCE, MemorandumState.EXPIRED)


@dataclass(frozen=True, kw_only=True)
class Filter:
    """Which numbers of the register are meant; what is empty does not narrow it."""

    fair: Fair | None = None
    year: int | None = None
    state: str = ""
    province: str = ""
    group: str = ""
    kind: str = ""
    party: str = ""
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True)
class Share:
    """How many memoranda have something in common."""

    label: str
    count: int


@dataclass(frozen=True)
class Quantity:
    """So much of one unit in one period, in so many lines."""

    unit: str
    period: str
    quantity: Decimal


@dataclass(frozen=True)
class Value:
    """What the lines of one period are worth in VND at their reference prices."""

    period: str
    value: int


@dataclass(frozen=True)
class Totals:
    """The register counted; a memorandum of two provinces, groups or kinds counts in both.

    Values and quantities are of memoranda that are agreed and not ended; annexes are left out,
    for they say anew what their memorandum says.
    """

    count: int
    by_state: list[Share]
    by_fair: list[Share]
    by_province: list[Share]
    by_group: list[Share]
    by_kind: list[Share]
    values: list[Value]
    quantities: list[Quantity]


def register_rows(actor: Any, wanted: Filter) -> QuerySet[Memorandum]:
    """The numbered memoranda of the fairs that `actor` may see, in the order of their numbers."""
    found = Memorandum.objects.filter(number__isnull=False, fair__in=fairs_of(actor).values("pk"))
    exact = {"fair": wanted.fair, "year": wanted.year, "state": wanted.state}
    found = found.filter(**{name: value for name, value in exact.items() if value})
    if wanted.first:
        found = found.filter(signed_at__date__gte=wanted.first)
    if wanted.last:
        found = found.filter(signed_at__date__lte=wanted.last)
    parties = _parties(wanted)
    if parties is not None:
        found = found.filter(pk__in=parties.values("memorandum"))
    if wanted.group:
        same = Q(product__group__code=wanted.group) | Q(
            product__group__successor__code=wanted.group
        )
        found = found.filter(pk__in=Item.objects.filter(same).values("memorandum"))
    return found.order_by("-fair__first_day", "fair", "year", "number")


def _parties(wanted: Filter) -> QuerySet[Party] | None:
    """One party must fit all that is asked of parties."""
    if not (wanted.province or wanted.kind or wanted.party):
        return None
    found = Party.objects.all()
    if wanted.province:
        found = found.filter(province=wanted.province)
    if wanted.kind:
        found = found.filter(kind=wanted.kind)
    for word in fold(wanted.party).split():
        # The registry's folded name, or the name as it was signed.
        found = found.filter(Q(organisation__search__contains=word) | Q(name__icontains=word))
    return found


def party_provinces() -> list[str]:
    """The provinces that parties of numbered memoranda come from."""
    named = Party.objects.filter(memorandum__number__isnull=False).exclude(province="")
    return sorted(named.values_list("province", flat=True).distinct())


def totals_of(rows: QuerySet[Memorandum]) -> Totals:
    """What these rows add up to."""
    rows = rows.order_by()
    chosen = rows.values("pk")
    parties = Party.objects.filter(memorandum__in=chosen).order_by()
    items = Item.objects.filter(memorandum__in=chosen).order_by()
    by_state = _shares(rows, "state", dict(MemorandumState.choices))
    agreed = items.filter(memorandum__state__in=AGREED, memorandum__annex_of__isnull=True)
    return Totals(
        count=sum(share.count for share in by_state),
        by_state=by_state,
        by_fair=_shares(rows, "fair__title", {}),
        by_province=_shares(parties.exclude(province=""), "province", {}, "memorandum"),
        by_group=_by_group(items),
        by_kind=_shares(parties, "kind", dict(ActorType.choices), "memorandum"),
        values=_values(agreed),
        quantities=_quantities(agreed),
    )


def _shares(
    rows: QuerySet[Any], field: str, labels: dict[Any, Any], counted: str = "pk"
) -> list[Share]:
    found = rows.values_list(field).annotate(count=Count(counted, distinct=True))
    return [
        Share(str(labels.get(value, value)), count)
        for value, count in found.order_by("-count", field)
    ]


def _by_group(items: QuerySet[Item]) -> list[Share]:
    """By the groups of the scheme in force."""
    current = Coalesce("product__group__successor", "product__group")
    found = items.values_list(current).annotate(count=Count("memorandum", distinct=True))
    counts = dict(found)
    groups = ProductGroup.objects.filter(pk__in=counts)
    return sorted(
        (Share(group.name, counts[group.pk]) for group in groups),
        key=lambda share: (-share.count, share.label),
    )


def _values(items: QuerySet[Item]) -> list[Value]:
    found = dict(items.values_list("period").annotate(value=Sum(LINE_VALUE)))
    return [Value(str(period.label), found[period]) for period in Item.Period if found.get(period)]


def _quantities(items: QuerySet[Item]) -> list[Quantity]:
    found = items.values_list("unit", "period").annotate(total=Sum("quantity_thousandths"))
    labels = dict(Item.Period.choices)
    return [
        Quantity(unit, str(labels[period]), quantity_of(total))
        for unit, period, total in found.order_by("unit", "period")
    ]


def root_lines(rows: QuerySet[Memorandum]) -> list[str]:
    """For each fair in the register: its newest checkpoint and Merkle root, as papers print it."""
    newest = Checkpoint.objects.filter(fair=OuterRef("pk")).order_by("-number")
    fairs = Fair.objects.filter(pk__in=rows.order_by().values("fair")).order_by("first_day", "pk")
    found = fairs.annotate(
        checkpoint=Subquery(newest.values("number")[:1]),
        size=Subquery(newest.values("size")[:1]),
        root=Subquery(newest.values("root")[:1]),
    ).values_list("register_code", "checkpoint", "size", "root")
    return [
        _("%(code)s: checkpoint %(number)s over %(size)s sealed files, Merkle root %(root)s")
        % {"code": code, "number": number, "size": size, "root": root}
        if number
        else _("%(code)s: no checkpoint yet") % {"code": code}
        for code, number, size, root in found
    ]
