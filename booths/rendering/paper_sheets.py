"""The utilities of a fair and the gaps in its pavilions, as tables for Excel."""

from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from booths.models import FloorPlan
from booths.queries.papers import PavilionGaps, Stand, utilities_of
from booths.rendering.papers import show_gaps
from core.sheet.writing import Cell, Heading, Sheet
from core.vietnam import shown_dates
from fairs.models import Fair


def gap_sheets(fair: Fair, gaps: Sequence[PavilionGaps]) -> tuple[Sheet, ...]:
    """One row a pavilion: which of its booths are free, until when, whom to call."""
    shown = show_gaps(gaps)
    rows: list[list[Cell]] = [
        [
            each["province"],
            each["booths"],
            each["filled"],
            each["free_count"],
            each["free"],
            timezone.make_naive(gap.pavilion.fill_in_until),
            each["sent"],
            gap.pavilion.contact,
            gap.pavilion.shown_phone,
        ]
        for each, gap in zip(shown["pavilions"], gaps, strict=True)
    ]
    total = shown["total"]
    last: list[Cell] = [_("Total"), total["booths"], total["filled"], total["free_count"]]
    return (
        Sheet(
            name=_("Pavilion gaps"),
            lines=_lines(fair),
            headings=(
                Heading(_("Province"), 20),
                Heading(_("Booths"), 10),
                Heading(_("Booths filled in"), 12),
                Heading(_("Still free"), 12),
                Heading(_("Numbers still free"), 24),
                Heading(_("To be filled in until"), 18),
                Heading(_("Sent in"), 18),
                Heading(_("Contact"), 24),
                Heading(_("Phone"), 16),
            ),
            rows=[*rows, last],
        ),
    )


def utility_sheets(fair: Fair, plan: FloorPlan, stands: Sequence[Stand]) -> tuple[Sheet, ...]:
    """Each zone's needs beside what its booths have; power in kW, the rest in connections."""
    zones = utilities_of(plan, list(stands))
    figures = [
        (
            each.booths,
            each.given,
            each.power_needed,
            each.power_there,
            each.water_needed,
            each.water_there,
            each.cold_needed,
            each.cold_there,
            each.cooking_needed,
        )
        for each in zones
    ]
    rows: list[list[Cell]] = [
        [str(each.zone), *row] for each, row in zip(zones, figures, strict=True)
    ]
    sums: list[Cell] = [sum(column) for column in zip(*figures, strict=True)]
    each_stand: list[list[Cell]] = [
        [
            str(zone.zone),
            " + ".join(booth.code for booth in stand.booths),
            stand.participant.placement.names,
            application.power_kw,
            *(_("yes") if flag else None for flag in _flags(stand)),
        ]
        for zone in zones
        for stand in zone.stands
        for application in [stand.participant.placement.application]
    ]
    return (
        Sheet(_("By zone"), _lines(fair), _zone_headings(), [*rows, [_("Total"), *sums]]),
        Sheet(_("By stand"), _lines(fair), _stand_headings(), each_stand),
    )


def _flags(stand: Stand) -> tuple[bool, bool, bool]:
    application = stand.participant.placement.application
    return application.water, application.cold, application.cooking


def _lines(fair: Fair) -> tuple[str, ...]:
    made = _("As of %(moment)s") % {"moment": f"{timezone.localtime():%H:%M %d/%m/%Y}"}
    return (fair.shown_title, shown_dates(fair.first_day, fair.end), made, "")


def _zone_headings() -> tuple[Heading, ...]:
    return (
        Heading(_("Zone"), 28),
        Heading(_("Booths"), 10),
        Heading(_("Booths given"), 12),
        Heading(_("Power needed (kW)"), 14),
        Heading(_("Power there (kW)"), 14),
        Heading(_("Water needed"), 12),
        Heading(_("Water there"), 12),
        Heading(_("Cold storage needed"), 14),
        Heading(_("Cold storage there"), 14),
        Heading(_("Stands that cook"), 12),
    )


def _stand_headings() -> tuple[Heading, ...]:
    return (
        Heading(_("Zone"), 28),
        Heading(_("Booths"), 12),
        Heading(_("Participant"), 36),
        Heading(_("Power needed (kW)"), 14),
        Heading(_("Water"), 10),
        Heading(_("Cold storage"), 12),
        Heading(_("cooking"), 10),
    )
