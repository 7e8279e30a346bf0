"""Writes: what a fair brought, as its organisers count it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core import audit
from core.errors import DomainError, NotAllowed
from core.figures import Said, settle
from core.locks import lock_row
from fairs.models import Fair, FairDay, LivestreamSale, Session, SessionKind
from fairs.queries.programme import subject_of
from fairs.rules import can_organise, check_figures


@dataclass(frozen=True)
class Sale:
    """What one product sold in one livestream: orders, and takings in VND."""

    orders: int
    takings: int


def _require_organiser(actor: User, fair: Fair) -> None:
    if not can_organise(actor, fair):
        raise NotAllowed("fair.not_organiser", _("Only an organiser of this fair may do this."))


@transaction.atomic(durable=True)
def count_visitors(*, fair: Fair, visitors: Mapping[date, Said[int]], actor: User) -> int:
    """Write down how many visitors came on which day; return how many days changed.

    Raises NotAllowed, DomainError of `check_figures`, StaleState `figures.changed_meanwhile`.
    """
    _require_organiser(actor, fair)
    row = lock_row(fair)
    check_figures(row, visitors.keys(), timezone.localdate())
    days = FairDay.objects.filter(fair=row)
    changes = settle(dict(days.values_list("day", "visitors")), visitors)
    for day, (_before, after) in changes.items():
        if after is None:
            days.filter(day=day).delete()
        else:
            days.update_or_create(
                fair=row, day=day, defaults={"visitors": after, "entered_by": actor}
            )
    if changes:
        audit.record(
            stream=row.stream,
            actor=actor,
            verb="fairs.visitors_counted",
            subject=row.code,
            changes={day.isoformat(): list(change) for day, change in changes.items()},
        )
    return len(changes)


@transaction.atomic(durable=True)
def record_sales(*, session: Session, sales: Mapping[int, Said[Sale]], actor: User) -> int:
    """Write down what a livestream sold, product by product (by their keys).

    Return how many products changed. Raises NotAllowed, DomainError of `check_figures`,
    `sales.not_a_livestream`, `sales.too_early`, `sales.product` (not one of the session's),
    `sales.takings_without_orders`, StaleState `figures.changed_meanwhile`.
    """
    _require_organiser(actor, session.fair)
    fair, row = lock_row(session.fair), lock_row(session)
    check_figures(fair, (), timezone.localdate())
    sold = LivestreamSale.objects.filter(session=row)
    stored = {each.product_id: Sale(each.orders, each.takings) for each in sold}
    known = {*row.products.values_list("pk", flat=True), *stored}
    _check_sales(row, sales, known)
    changes = settle(stored, sales)
    for product, (_before, after) in changes.items():
        if after is None:
            sold.filter(product=product).delete()
        else:
            values = {"orders": after.orders, "takings": after.takings, "entered_by": actor}
            sold.update_or_create(session=row, product_id=product, defaults=values)
    if changes:
        audit.record(
            stream=fair.stream,
            actor=actor,
            verb="fairs.sales_recorded",
            subject=subject_of(row),
            changes={
                str(product): [each and [each.orders, each.takings] for each in change]
                for product, change in changes.items()
            },
        )
    return len(changes)


def _check_sales(session: Session, sales: Mapping[int, Said[Sale]], known: set[int]) -> None:
    if session.kind != SessionKind.LIVESTREAM:
        raise DomainError("sales.not_a_livestream", _("This session is not a livestream."))
    if sales and session.starts_at > timezone.now():
        raise DomainError("sales.too_early", _("This livestream has not begun yet."))
    for product, each in sales.items():
        if product not in known:
            raise DomainError("sales.product", _("This product is not part of the livestream."))
        if each.now and each.now.takings and not each.now.orders:
            raise DomainError(
                "sales.takings_without_orders", _("There are takings, so there were orders.")
            )
