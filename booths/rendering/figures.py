"""What a fair brought, as tables for Excel."""

from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from booths.models import DailyTakings
from booths.queries import DayFigures, Stand
from core.sheet.writing import Cell, Heading, Sheet
from core.vietnam import shown_date, shown_dates
from fairs.models import Fair, LivestreamSale


def zone_name(stand: Stand) -> str:
    """The stand's zone, or a dash without one."""
    return str(stand.zone or "–")


def group_name(stand: Stand) -> str:
    """The product group the stand applied with."""
    return str(stand.placement.application.group)


def figure_sheets(
    fair: Fair,
    days: Sequence[DayFigures],
    stands: Sequence[Stand],
    sales: Sequence[LivestreamSale],
    *,
    actor: str,
) -> tuple[Sheet, ...]:
    """Three tables: the days, the stands with a column a day, what livestreams sold."""
    now = timezone.localtime()
    made = _("Made by %(name)s at %(moment)s") % {
        "name": actor,
        "moment": f"{now:%H:%M %d/%m/%Y}",
    }
    lines = (fair.shown_title, shown_dates(fair.first_day, fair.end), made, "")
    return (
        _sheet_of_days(lines, days),
        _sheet_of_stands(lines, days, stands),
        _sheet_of_sales(lines, sales),
    )


def _sheet_of_days(lines: tuple[str, ...], days: Sequence[DayFigures]) -> Sheet:
    rows: list[list[Cell]] = [
        [each.day, each.visitors, each.takings if each.said else None, each.said] for each in days
    ]
    total = [sum(day.visitors or 0 for day in days), sum(day.takings for day in days)]
    return Sheet(
        name=_("By day"),
        lines=lines,
        headings=(
            Heading(_("Day"), 14),
            Heading(_("Visitors"), 14),
            Heading(_("Takings (VND)"), 20),
            Heading(_("Stands that said theirs"), 18),
        ),
        rows=[*rows, [_("Total"), *total, None]],
    )


def _sheet_of_stands(
    lines: tuple[str, ...], days: Sequence[DayFigures], stands: Sequence[Stand]
) -> Sheet:
    dates = [each.day for each in days]
    rows: list[list[Cell]] = [
        [
            ", ".join(stand.placement.booths),
            stand.placement.names,
            stand.placement.application.code,
            zone_name(stand),
            group_name(stand),
            *(_amount(each) for each in stand.cells(dates)),
            stand.total if stand.said else None,
        ]
        for stand in stands
    ]
    sums: list[Cell] = [each.takings for each in days]
    last: list[Cell] = [_("Total"), *[None] * 4, *sums, sum(stand.total for stand in stands)]
    return Sheet(
        name=_("By stand"),
        lines=lines,
        headings=(
            Heading(_("Booths"), 12),
            Heading(_("Producer"), 36),
            Heading(_("Application"), 16),
            Heading(_("Zone"), 16),
            Heading(_("Product group"), 20),
            *(Heading(shown_date(day), 14) for day in dates),
            Heading(_("Total (VND)"), 18),
        ),
        rows=[*rows, last],
    )


def _amount(said: DailyTakings | None) -> int | None:
    return said.amount if said else None


def _sheet_of_sales(lines: tuple[str, ...], sales: Sequence[LivestreamSale]) -> Sheet:
    rows: list[list[Cell]] = [
        [
            sale.session.shown_title,
            timezone.make_naive(sale.session.starts_at),
            sale.product.name,
            sale.product.producer.name,
            sale.orders,
            sale.takings,
        ]
        for sale in sales
    ]
    total = [sum(sale.orders for sale in sales), sum(sale.takings for sale in sales)]
    return Sheet(
        name=_("Livestreams"),
        lines=lines,
        headings=(
            Heading(_("Livestream"), 36),
            Heading(_("Starts"), 17),
            Heading(_("Product"), 30),
            Heading(_("Producer"), 36),
            Heading(_("Orders"), 10),
            Heading(_("Takings (VND)"), 20),
        ),
        rows=[*rows, [_("Total"), None, None, None, *total]],
    )
