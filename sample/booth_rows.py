"""Rows of one fair's booths: floor plan, pairs, quotas, applications."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from decimal import Decimal

from django.utils import timezone

from booths.models import Application, Booth, BoothPair, FloorPlan, Quota, Zone
from booths.states import ApplicationState
from fairs.models import Fair
from registry.models import Organisation, Product, ProductGroup
from sample.hanoi import HanoiSample
from sample.records import ApplicationRecord, FairRecord, FloorPlanRecord

Groups = Mapping[str, ProductGroup]


def load_booths(sample: HanoiSample, fair: Fair, *, prefix: str = "DK") -> None:
    """Write the fair's floor plan, quotas and eligible applications, coded `prefix`-001 and on."""
    groups = {group.code: group for group in ProductGroup.objects.filter(scheme=2023)}
    _load_floor_plan(sample.floor_plan, fair, groups)
    Quota.objects.bulk_create(
        Quota(
            fair=fair,
            name=record.label,
            name_en=record.label_en,
            trait=record.trait,
            value=record.value,
            minimum=record.minimum,
            maximum=record.maximum,
        )
        for record in sample.quotas
    )
    _load_applications(sample, fair, groups, prefix=prefix)


def _load_floor_plan(record: FloorPlanRecord, fair: Fair, groups: Groups) -> None:
    plan = FloorPlan.objects.create(
        fair=fair,
        width=record.width,
        height=record.height,
        features=[
            {
                "kind": feature.kind,
                "x": feature.x,
                "y": feature.y,
                "width": feature.width,
                "height": feature.height,
                "name_vi": feature.label,
                "name_en": feature.label_en,
            }
            for feature in record.features
        ],
    )
    zones = _load_zones(record, plan, groups)
    booths = Booth.objects.bulk_create(
        Booth(
            plan=plan,
            zone=zones[booth.zone],
            code=booth.code,
            order=order,
            x=booth.x,
            y=booth.y,
            width=booth.width,
            height=booth.height,
            power_kw=Decimal(str(booth.power_kw)),
            water=booth.water,
            cold=booth.cold,
            cooking=booth.cooking,
        )
        for order, booth in enumerate(record.booths, start=1)
    )
    takes = Booth.groups.through
    takes.objects.bulk_create(
        takes(booth=booth, productgroup=groups[group])
        for booth, drawn in zip(booths, record.booths, strict=True)
        for group in drawn.groups
    )
    _load_pairs(record, plan, {booth.code: booth for booth in booths})


def _load_zones(record: FloorPlanRecord, plan: FloorPlan, groups: Groups) -> dict[str, Zone]:
    zones = Zone.objects.bulk_create(
        Zone(
            plan=plan,
            code=zone.code,
            group=groups[zone.groups[0]],
            name_vi=zone.label,
            name_en=zone.label_en,
            x=zone.x,
            y=zone.y,
        )
        for zone in record.zones
    )
    return {zone.code: zone for zone in zones}


def _load_pairs(record: FloorPlanRecord, plan: FloorPlan, booths: Mapping[str, Booth]) -> None:
    pairs = [(pair, True) for pair in record.joins] + [(pair, False) for pair in record.neighbours]
    BoothPair.objects.bulk_create(
        BoothPair(plan=plan, first=first, second=second, is_join=is_join)
        for codes, is_join in pairs
        for first, second in [sorted((booths[code] for code in codes), key=lambda each: each.pk)]
    )


def _load_applications(sample: HanoiSample, fair: Fair, groups: Groups, *, prefix: str) -> None:
    records = sample.applications
    wanted = {code for record in records for code in record.products}
    products = Product.objects.in_bulk(wanted, field_name="code")
    producers = {record.producer for record in records}
    organisations = Organisation.objects.in_bulk(producers, field_name="code")
    trades = {kind.code: kind.name for kind in sample.kinds}
    moments = _moments(sample.fairs[-1], len(records))
    applications = Application.objects.bulk_create(
        Application(
            code=record.code.replace("DK", prefix),
            fair=fair,
            organisation=organisations[record.producer],
            state=ApplicationState.ELIGIBLE,
            booths_wanted=record.booths,
            group=groups[record.group],
            kind=trades[record.kind],
            power_kw=Decimal(str(record.power_kw)),
            water=record.water,
            cold=record.cold,
            cooking=record.cooking,
            wishes=[list(wish) for wish in record.wishes],
            priority=record.priority,
            priority_parts=[[part.code, part.points] for part in record.priority_parts],
            submitted_at=moment,
        )
        for record, moment in zip(records, moments, strict=True)
    )
    _load_products_brought(applications, records, products)


def _load_products_brought(
    applications: Sequence[Application],
    records: Sequence[ApplicationRecord],
    products: Mapping[str, Product],
) -> None:
    brings = Application.products.through
    brings.objects.bulk_create(
        brings(application=application, product=products[code])
        for application, record in zip(applications, records, strict=True)
        for code in record.products
    )


def _moments(fair: FairRecord, number: int) -> list[datetime]:
    """When `number` applications came in, evenly spread over the days they could."""
    assert fair.applications_from is not None
    assert fair.applications_until is not None
    opened = timezone.make_aware(datetime.combine(fair.applications_from, time(8)))
    closed = timezone.make_aware(datetime.combine(fair.applications_until, time(17)))
    step = (closed - opened) / number
    return [(opened + step * place).replace(microsecond=0) for place in range(1, number + 1)]
