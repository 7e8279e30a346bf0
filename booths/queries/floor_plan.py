"""Reads of the floor plan as a document, its versions, and who holds its booths."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from booths.floor import Booth, Feature, Picture, Plan, Zone, derive_pairs
from booths.floor.geometry import corrections_between, in_order
from booths.floor.plan import FEATURE_KINDS
from booths.models import BoothDay, BoothPair, FloorPlan, PlanPicture
from booths.queries.desk import plans
from fairs.models import Fair
from registry.models import Organisation, ProductGroup


def groups_by_code() -> dict[str, ProductGroup]:
    """The product groups that a booth may take, in their order; of two schemes the newer counts."""
    return {group.code: group for group in ProductGroup.objects.order_by("scheme", "order")}


def floor_of(row: FloorPlan) -> Plan:
    """A plan that was read with everything on it, as a document.

    What was corrected by hand is what the stored pairs have more or less than follows from the
    places.
    """
    booths = tuple(
        Booth(
            x=booth.x,
            y=booth.y,
            width=booth.width,
            height=booth.height,
            code=booth.code,
            zone=booth.zone.code,
            power_kw=float(booth.power_kw),
            water=booth.water,
            cold=booth.cold,
            cooking=booth.cooking,
            groups=tuple(sorted(group.code for group in booth.groups.all())),
        )
        for booth in row.booths.all()
    )
    pairs = BoothPair.objects.filter(plan=row).values_list("first__code", "second__code", "is_join")
    stored = {in_order(first, second): is_join for first, second, is_join in pairs}
    features = tuple(_feature(feature) for feature in row.features)
    return Plan(
        width=row.width,
        height=row.height,
        outline=tuple((x, y) for x, y in row.outline),
        features=features,
        zones=tuple(
            Zone(
                code=zone.code,
                name_vi=zone.name_vi,
                name_en=zone.name_en,
                group=zone.group.code if zone.group else None,
                x=zone.x,
                y=zone.y,
            )
            for zone in row.zones.all()
        ),
        booths=booths,
        corrections=corrections_between(derive_pairs(booths, features), stored),
        picture=_picture(row),
    )


def _feature(stored: dict[str, Any]) -> Feature:
    lengths = {name: int(stored.get(name, 0)) for name in ("x", "y", "width", "height")}
    return Feature(
        **lengths,
        kind=stored["kind"] if stored.get("kind") in FEATURE_KINDS else "other",
        name_vi=stored.get("name_vi", ""),
        name_en=stored.get("name_en", ""),
    )


def _picture(row: FloorPlan) -> Picture | None:
    if row.picture is None or row.picture_box is None:
        return None
    return Picture(**row.picture_box, number=row.picture.number)


def current_floor(fair: Fair) -> tuple[int, Plan]:
    """The version of the fair's plan and its document; 0 and an empty hall before the first."""
    row = plans().select_related("picture").filter(fair=fair, is_current=True).first()
    return (row.version, floor_of(row)) if row else (0, EMPTY)


# What somebody begins with: a hall of 60 × 40 m.
EMPTY = Plan(width=600, height=400)


def floor_version(fair: Fair, version: int) -> FloorPlan:
    """One version with everything on it. Raises FloorPlan.DoesNotExist."""
    return plans().select_related("picture", "saved_by").get(fair=fair, version=version)


def versions_of(fair: Fair) -> QuerySet[FloorPlan]:
    """All versions, newest first, each with `booth_count`."""
    rows = FloorPlan.objects.filter(fair=fair).select_related("saved_by")
    return rows.annotate(booth_count=Count("booths")).order_by("-version")


def pictures_of(fair: Fair) -> QuerySet[PlanPicture]:
    """The pictures that were brought to lie under the fair's plan."""
    return PlanPicture.objects.filter(fair=fair).select_related("file")


@dataclass(frozen=True)
class Holder:
    """Who holds a booth of the fair, whichever version it was given out on."""

    code: str
    organisation: Organisation


def holders_of(fair: Fair) -> dict[str, Holder]:
    """Who holds which booth now, or has it on offer, by its code."""
    days = held_days(fair).select_related(
        "booth", "assignment__application__organisation", "offer__application__organisation"
    )
    return {day.booth.code: Holder(day.booth.code, day.application.organisation) for day in days}


def held_days(fair: Fair) -> QuerySet[BoothDay]:
    """Every day of every booth of the fair that somebody holds or is offered."""
    ours = Q(assignment__application__fair=fair) | Q(offer__application__fair=fair)
    return BoothDay.objects.filter(ours, released_at__isnull=True)
