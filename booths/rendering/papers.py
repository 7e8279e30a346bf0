"""The booth list, the utilities and the door signs of a fair, as plain values and on A4."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext, gettext_noop, override

from booths.allocation import encode_canonical
from booths.models import FloorPlan
from booths.queries import Participant
from booths.queries.papers import PavilionGaps, Stand, ZoneUtilities, utilities_of
from booths.rendering.words import offers_of, size_of
from core import pdf, qr
from core.vietnam import shown_dates, shown_days, shown_number
from fairs.models import Fair
from registry.models import Product

# How many products a door sign names, and how its words grow: so many letters at most.
PRODUCTS = 8
SIZES = {"code": (4, 9, 16), "name": (18, 40, 80)}


def show_utilities(zones: Sequence[ZoneUtilities]) -> dict[str, Any]:
    """The totals of each zone and of the whole hall, with every stand's needs."""
    return {
        "zones": [
            {
                **_totals([each]),
                "name": str(each.zone),
                "stands": [_needs(stand) for stand in each.stands],
            }
            for each in zones
        ],
        "total": _totals(zones),
    }


def _totals(zones: Sequence[ZoneUtilities]) -> dict[str, Any]:
    needed = sum((each.power_needed for each in zones), Decimal())
    there = sum((each.power_there for each in zones), Decimal())
    return {
        "booths": sum(each.booths for each in zones),
        "given": sum(each.given for each in zones),
        "power_needed": _kilowatts(needed),
        "power_there": _kilowatts(there),
        "is_short": needed > there,
        "water_needed": sum(each.water_needed for each in zones),
        "water_there": sum(each.water_there for each in zones),
        "cold_needed": sum(each.cold_needed for each in zones),
        "cold_there": sum(each.cold_there for each in zones),
        "cooking": sum(each.cooking_needed for each in zones),
    }


def _kilowatts(power: Decimal) -> str:
    return shown_number(power.quantize(Decimal("0.1")), get_language() or "vi")


def _needs(stand: Stand) -> dict[str, Any]:
    application = stand.participant.placement.application
    return {
        "stand": _codes(stand),
        "name": stand.participant.placement.names,
        "needs": ", ".join(map(str, offers_of(application))),
    }


def _codes(stand: Stand) -> str:
    return " + ".join(booth.code for booth in stand.booths)


def show_gaps(gaps: Sequence[PavilionGaps]) -> dict[str, Any]:
    """Which booths of which guest province are free still, and whom to call."""
    pavilions = [
        {
            "province": str(each.pavilion),
            "booths": each.pavilion.booth_count,
            "filled": each.filled,
            "free_count": len(each.free),
            "free": _numbers(each.free),
            "until": _moment(each.pavilion.fill_in_until),
            "sent": _moment(each.pavilion.submitted_at),
            "contact": each.pavilion.contact,
            "phone": each.pavilion.shown_phone,
        }
        for each in gaps
    ]
    return {
        "pavilions": pavilions,
        "total": {
            "booths": sum(each.pavilion.booth_count for each in gaps),
            "filled": sum(each.filled for each in gaps),
            "free_count": sum(len(each.free) for each in gaps),
        },
        "made": _moment(timezone.now()),
    }


def _numbers(numbers: Sequence[int]) -> str:
    """Such as "2, 5–7"."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def _moment(moment: datetime | None) -> str:
    return f"{timezone.localtime(moment):%H:%M %d/%m/%Y}" if moment else ""


def draw_gaps(fair: Fair, gaps: Sequence[PavilionGaps]) -> bytes:
    """The gaps of the pavilions as a PDF. Raises PdfError."""
    title = gettext_noop("Pavilion gaps")
    content = {**_head(fair), **show_gaps(gaps)}
    return _draw("pdf/pavilion_gaps.html", "css/pdf-booth-papers.css", title, content)


def show_booths(plan: FloorPlan, stands: Sequence[Stand]) -> list[dict[str, Any]]:
    """Every booth of the plan with who is in it."""
    holders = {booth.pk: stand.participant for stand in stands for booth in stand.booths}
    rows = []
    for booth in plan.booths.all():
        holder = holders.get(booth.pk)
        placement = holder.placement if holder else None
        rows.append(
            {
                "code": booth.code,
                "zone": str(booth.zone),
                "size": size_of(booth),
                "households": _households(holder) if holder else [],
                "group": str(placement.application.group) if placement else "",
                "offers": ", ".join(map(str, offers_of(booth))),
            }
        )
    return rows


def _households(participant: Participant) -> list[dict[str, str]]:
    """Each household in the stand; its days only where it shares the stand."""
    is_shared = bool(participant.placement.shared)
    return [
        {
            "name": each.organisation.name,
            "place": str(each.organisation.place),
            "days": shown_days(each.days) if is_shared else "",
        }
        for each in participant.households
    ]


def show_signs(fair: Fair, stands: Sequence[Stand]) -> list[dict[str, Any]]:
    """What stands on each door sign; its address is of the stand on the public page."""
    signs = []
    for stand in stands:
        households = stand.participant.households
        products = [product for each in households for product in each.products]
        name = stand.participant.placement.organisation.name
        codes = _codes(stand)
        signs.append(
            {
                "code": codes,
                "code_size": _size("code", codes),
                "households": _households(stand.participant),
                "name_size": _size("name", name),
                "is_shared": len(households) > 1,
                "products": [
                    {"name": str(product), "stars": _stars(product)}
                    for product in products[:PRODUCTS]
                ],
                "more": max(0, len(products) - PRODUCTS),
                "address": address_of(fair, stand),
            }
        )
    return signs


def address_of(fair: Fair, stand: Stand) -> str:
    """The public page of the fair's participants, opened at the stand."""
    page = reverse("public_booths", args=[fair.code])
    return f"{settings.SITE_URL}{page}?booth={stand.booths[0].code}"


def _size(what: str, text: str) -> str:
    """Large, medium, small or tiny, by the number of letters."""
    sizes = zip(SIZES[what], ("large", "medium", "small"), strict=True)
    return next((size for most, size in sizes if len(text) <= most), "tiny")


def _stars(product: Product) -> str:
    certified = getattr(product, "is_certified", False)
    return "★" * int(getattr(product, "stars", 0) or 0) if certified else ""


def content_of(name: str, fair: Fair, plan: FloorPlan, stands: Sequence[Stand]) -> dict[str, Any]:
    """What stands on one of PAPERS, as plain values in the language of now."""
    _template, _stylesheet, _title, contents = PAPERS[name]
    return {**_head(fair), "version": plan.version, **contents(fair, plan, stands)}


def _head(fair: Fair) -> dict[str, Any]:
    return {
        "fair": str(fair),
        "days": shown_dates(fair.first_day, fair.end),
        "created": fair.first_day.isoformat(),
    }


def draw_paper(name: str, content: dict[str, Any], *, language: str) -> bytes:
    """One of PAPERS as a PDF; the same content always gives the same bytes. Raises PdfError."""
    template, stylesheet, title, _contents = PAPERS[name]
    with override(language):
        return _draw(template, stylesheet, title, content)


def _draw(template: str, stylesheet: str, title: str, content: dict[str, Any]) -> bytes:
    return pdf.render(
        template,
        {**content, "signs": [_with_code(sign) for sign in content.get("signs", ())]},
        stylesheets=[stylesheet],
        title=f"{content['fair']} – {gettext(title)}",
        language=get_language() or "vi",
        identifier=sha256(encode_canonical(content)).digest()[:16],
        created=datetime.fromisoformat(content["created"]).replace(tzinfo=UTC),
    ).content


def _with_code(sign: dict[str, Any]) -> dict[str, Any]:
    modules = qr.matrix(sign["address"])
    return {**sign, "qr": qr.path(modules), "qr_box": qr.view_box(modules)}


def _list(_fair: Fair, plan: FloorPlan, stands: Sequence[Stand]) -> dict[str, Any]:
    return {"booths": show_booths(plan, stands)}


def _utilities(_fair: Fair, plan: FloorPlan, stands: Sequence[Stand]) -> dict[str, Any]:
    return show_utilities(utilities_of(plan, list(stands)))


def _signs(fair: Fair, _plan: FloorPlan, stands: Sequence[Stand]) -> dict[str, Any]:
    return {"signs": show_signs(fair, stands)}


Contents = Callable[[Fair, FloorPlan, Sequence[Stand]], dict[str, Any]]
PAPERS: dict[str, tuple[str, str, str, Contents]] = {
    "booths": (
        "pdf/booth_list.html",
        "css/pdf-booth-papers.css",
        gettext_noop("Booth list"),
        _list,
    ),
    "utilities": (
        "pdf/utilities.html",
        "css/pdf-booth-papers.css",
        gettext_noop("Utilities"),
        _utilities,
    ),
    "signs": ("pdf/door_signs.html", "css/pdf-door-signs.css", gettext_noop("Door signs"), _signs),
}
