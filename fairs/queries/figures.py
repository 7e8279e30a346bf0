"""Reads of what a fair brought: its visitors, and what its livestreams sold."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet, Sum

from core.text import vietnamese_key
from fairs.models import Fair, FairDay, LivestreamSale, Measure, Session, SessionKind
from fairs.queries.desk import counts
from fairs.queries.programme import sessions_of
from fairs.states import FairState
from registry.models import Product


@counts(Measure.VISITORS)
def count_visitors(year: int) -> int:
    """The visitors that organisers counted at the fairs of that year's plan."""
    days = FairDay.objects.filter(fair__plan__year=year)
    found = days.exclude(fair__state=FairState.CANCELLED).aggregate(total=Sum("visitors"))
    return found["total"] or 0


def visitors_of(fair: Fair) -> dict[date, int]:
    """How many came on which day, as far as it is counted."""
    return dict(FairDay.objects.filter(fair=fair).values_list("day", "visitors"))


@dataclass(frozen=True)
class SaleTotal:
    """What livestreams sold together: orders, takings in VND, and of how many producers."""

    orders: int
    takings: int
    producers: int


def livestreams_of(fair: Fair) -> QuerySet[Session]:
    """The fair's livestreams, earliest first, each with `orders`, `takings` and `sold`.

    `sold` is the number of products with figures; the sums are None where there are none.
    """
    live = Session.objects.filter(fair=fair, kind=SessionKind.LIVESTREAM).select_related("stage")
    return live.annotate(
        orders=Sum("sales__orders"), takings=Sum("sales__takings"), sold=Count("sales")
    ).order_by("starts_at", "pk")


def livestream_total(fair: Fair) -> SaleTotal:
    """What all of the fair's livestreams sold."""
    found = LivestreamSale.objects.filter(session__fair=fair).aggregate(
        orders=Sum("orders"),
        takings=Sum("takings"),
        producers=Count("product__producer", distinct=True),
    )
    return SaleTotal(found["orders"] or 0, found["takings"] or 0, found["producers"])


def livestream_of(fair: Fair, number: int) -> Session:
    """One livestream of this fair. Raises Session.DoesNotExist."""
    return sessions_of(fair).filter(kind=SessionKind.LIVESTREAM).get(pk=number)


def sales_of(session: Session) -> dict[int, LivestreamSale]:
    """What the livestream sold, by the keys of the products."""
    sold = LivestreamSale.objects.filter(session=session).select_related("entered_by")
    return {each.product_id: each for each in sold}


def products_sold_in(session: Session) -> list[Product]:
    """The livestream's products, and those that were taken off it but have figures."""
    products = Product.objects.filter(Q(sessions=session) | Q(livestream_sales__session=session))
    found = products.select_related("producer").distinct()
    return sorted(found, key=lambda each: (vietnamese_key(each.name), each.pk))


def sales_at(fair: Fair) -> list[LivestreamSale]:
    """Everything that the fair's livestreams sold, in the order of the programme."""
    sold = LivestreamSale.objects.filter(session__fair=fair)
    return list(
        sold.select_related("session", "product__producer", "entered_by").order_by(
            "session__starts_at", "session", "product__name", "pk"
        )
    )
