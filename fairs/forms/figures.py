"""What is filled in about a day: visitors, sales, takings."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.figures import FigureRow, FiguresForm, Said
from core.money import MoneyField
from core.vietnam import shown_date
from fairs.actions.figures import Sale
from fairs.forms.plans import CountField
from fairs.models import LivestreamSale
from registry.models import Product

MOST_VISITORS = 10_000_000
MOST_ORDERS = 10_000_000


class VisitorsForm(FiguresForm):
    """How many visitors came, day by day."""

    def __init__(
        self, data: Mapping[str, Any] | None, *, days: Iterable[date], stored: Mapping[date, int]
    ) -> None:
        fields = {
            day.isoformat(): CountField(
                label=shown_date(day), min_value=0, max_value=MOST_VISITORS, required=False
            )
            for day in days
        }
        kept = {day.isoformat(): count for day, count in stored.items()}
        super().__init__(data, fields=fields, stored=kept)

    @property
    def visitors(self) -> dict[date, Said[int]]:
        """The keyword of `actions.count_visitors`."""
        return {date.fromisoformat(name): each for name, each in self.said.items()}


@dataclass(frozen=True)
class SaleRow:
    """One product of a livestream with its two fields, and who filled them in last."""

    product: Product
    orders: FigureRow
    takings: FigureRow
    sale: LivestreamSale | None


class SalesForm(FiguresForm):
    """Orders and takings of each product of a livestream: both or neither."""

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        products: Iterable[Product],
        sales: Mapping[int, LivestreamSale],
    ) -> None:
        self.products, self.sales = list(products), sales
        fields: dict[str, forms.Field] = {}
        for product in self.products:
            named = {"product": product.name}
            fields[f"{product.pk}-orders"] = CountField(
                label=gettext("Orders: %(product)s") % named,
                min_value=0,
                max_value=MOST_ORDERS,
                required=False,
            )
            fields[f"{product.pk}-takings"] = MoneyField(
                label=gettext("Takings: %(product)s") % named, required=False
            )
        stored = {f"{key}-orders": sale.orders for key, sale in sales.items()} | {
            f"{key}-takings": sale.takings for key, sale in sales.items()
        }
        super().__init__(data, fields=fields, stored=stored)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for product in self.products:
            orders, takings = f"{product.pk}-orders", f"{product.pk}-takings"
            if orders in self.errors or takings in self.errors:
                continue
            if cleaned[takings] and not cleaned[orders]:
                self.add_error(orders, _("There are takings, so there were orders."))
            elif cleaned[orders] is not None and cleaned[takings] is None:
                self.add_error(takings, _("Say also what these orders brought, or 0."))
            elif cleaned[orders] is None and cleaned[takings] is not None:
                self.add_error(orders, _("Say also how many orders there were, or 0."))
        return cleaned

    @property
    def sale_rows(self) -> list[SaleRow]:
        return [
            SaleRow(
                product,
                self.row(f"{product.pk}-orders"),
                self.row(f"{product.pk}-takings"),
                self.sales.get(product.pk),
            )
            for product in self.products
        ]

    @property
    def changed_sales(self) -> dict[int, Said[Sale]]:
        """The keyword `sales` of `actions.record_sales`."""
        said = self.said
        was = self.stored | {name: each.was for name, each in said.items()}
        now = self.stored | {name: each.now for name, each in said.items()}
        keys = {int(name.partition("-")[0]) for name in said}
        return {key: Said(_sale(was, key), _sale(now, key)) for key in keys}


def _sale(values: Mapping[str, int | None], key: int) -> Sale | None:
    orders, takings = values[f"{key}-orders"], values[f"{key}-takings"]
    return None if orders is None or takings is None else Sale(orders, takings)
