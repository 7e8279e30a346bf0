"""Rows of when and where: plans with their targets, venues, fairs."""

from collections import Counter
from datetime import date, datetime, time

from django.utils import timezone

from core.text import slug
from fairs.models import (
    Attendance,
    ChecklistItem,
    ChecklistTick,
    Fair,
    FairKind,
    LegalBasis,
    Measure,
    Plan,
    Target,
    Venue,
)
from fairs.states import FairState
from registry.models import Place
from sample.hanoi import HanoiSample
from sample.records import FairRecord, PlanRecord

# What the records call a measure, and the kind of fair it counts; a year's fairs are of two kinds.
MEASURES = {
    "trade_weeks": (Measure.FAIRS, FairKind.TRADE_WEEK),
    "regional_culture_events": (Measure.FAIRS, FairKind.REGIONAL_CULTURE),
    "memoranda_signed": (Measure.MEMORANDA, ""),
    "products_assessed": (Measure.PRODUCTS, ""),
}
# Of the checklist of the fair to come, what the office has and needs no document for here.
TICKED = "Có trong hồ sơ giấy (mẫu)"
OPEN_ITEMS = 1
NEAR_FAIR_DECISION = "45/KH-UBND (mẫu)"
NEAR_FAIR_DESCRIPTION = (
    "Năm ngày tư vấn, giới thiệu và bán sản phẩm OCOP của Hà Nội: 92 gian hàng trong bảy khu, "
    "nghệ nhân làng nghề trình diễn, các chủ thể ký biên bản ghi nhớ với đơn vị phân phối. "
    "Dữ liệu mẫu: mọi đơn vị và mọi người ở đây đều không có thật."
)
NEAR_FAIR_DESCRIPTION_EN = (
    "Five days of advice on, display and sale of Hanoi's OCOP products: 92 booths in seven zones, "
    "artisans at work, producers signing memoranda with distributors. "
    "A sample: none of these organisations and people is real."
)


def load_programme(sample: HanoiSample) -> Fair:
    """Write plans and fairs; the near one, which is returned, has no booths yet."""
    for record in sample.plans:
        _load_plan(record)
    for fair in sample.fairs[:-1]:
        load_fair(fair, state=FairState.REPORTED)
    coming = load_fair(sample.fairs[-1], state=FairState.ALLOCATING)
    _tick_checklist(coming)
    return coming


def _tick_checklist(fair: Fair) -> None:
    """All but the last lines of the fair's checklist are there."""
    items = list(ChecklistItem.objects.filter(rule__basis=fair.legal_basis, retired_at=None))
    ChecklistTick.objects.bulk_create(
        ChecklistTick(fair=fair, item=item, note=TICKED) for item in items[:-OPEN_ITEMS]
    )


def load_fair(record: FairRecord, *, state: str) -> Fair:
    """Write one fair, with its venue where that is new."""
    is_coming = state not in (FairState.CLOSED, FairState.REPORTED)
    plan, _created = Plan.objects.get_or_create(
        year=record.first_day.year, defaults={"title": str(record.first_day.year)}
    )
    return Fair.objects.create(
        code=record.slug,
        kind=record.kind,
        title=record.title,
        title_en=record.title_en,
        short_title=record.short_title,
        register_code=record.register_code,
        description=NEAR_FAIR_DESCRIPTION if is_coming else "",
        description_en=NEAR_FAIR_DESCRIPTION_EN if is_coming else "",
        plan=plan,
        venue=_load_venue(record),
        first_day=record.first_day,
        last_day=record.last_day,
        state=state,
        attendance=Attendance.ONLINE if record.kind == FairKind.ONLINE else Attendance.ON_SITE,
        legal_basis=LegalBasis.CITY_PROGRAMME,
        decision_number=NEAR_FAIR_DECISION if is_coming else "",
        organiser=record.organiser,
        co_organiser=record.co_organiser,
        regions=list(record.regions),
        applications_close_at=_end_of(record.applications_until),
        seed=record.seed,
    )


def _load_plan(record: PlanRecord) -> None:
    plan, _created = Plan.objects.get_or_create(
        year=record.year, defaults={"title": record.title, "title_en": record.title_en}
    )
    targets: Counter[tuple[str, str]] = Counter()
    for figure in record.figures:
        if figure.target is not None:
            measure, kind = MEASURES[figure.measure]
            # All fairs together, and those of the kind.
            targets.update(dict.fromkeys({(measure, ""), (measure, kind)}, figure.target))
    Target.objects.bulk_create(
        Target(plan=plan, measure=measure, kind=kind, value=value)
        for (measure, kind), value in targets.items()
    )


def _load_venue(record: FairRecord) -> Venue | None:
    if not record.venue:
        return None
    is_online = record.kind == FairKind.ONLINE
    venue, _created = Venue.objects.get_or_create(
        code=slug(record.venue),
        defaults={
            "name": record.venue,
            "short_name": record.venue_short,
            "place": None if is_online else Place.objects.get(code=record.place),
            "is_online": is_online,
        },
    )
    return venue


def _end_of(day: date | None) -> datetime | None:
    return timezone.make_aware(datetime.combine(day, time(23, 59))) if day else None
