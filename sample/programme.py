"""Plans and fairs: the real ones as the press told them, and one invented fair to come."""

from datetime import date, timedelta
from typing import Any

from sample.names import MARK
from sample.places import HANOI, TWO_LEVELS_FROM
from sample.records import FairRecord, FigureRecord, PlanRecord
from sample.sessions import make_sessions
from sample.sources import read_facts

DAYS_UNTIL_FAIR = 11
DAYS_OF_FAIR = 5
NEAR_FAIR_TITLE = "Tuần hàng tư vấn, giới thiệu và bán sản phẩm OCOP Hà Nội năm {year} (mẫu)"
NEAR_FAIR_TITLE_EN = "Hanoi OCOP week of advice, display and sale {year} (sample)"
PLAN_TITLE = "Kế hoạch xúc tiến thương mại OCOP {year} (mẫu)"
PLAN_TITLE_EN = "OCOP trade promotion plan {year} (sample)"
# Drawn in public after applications closed, as it were; a sample's must be the same each time.
NEAR_FAIR_SEED = "53817-20946"
THANH_TRI_DISTRICT = "020"
THANH_TRI_COMMUNE = "00640"
# What this year's invented plan aims at.
THIS_YEARS_TARGETS = {
    "trade_weeks": 4,
    "regional_culture_events": 2,
    "memoranda_signed": 500,
    "products_assessed": 400,
}


def make_plans(*, today: date) -> tuple[PlanRecord, ...]:
    """Return the plans of 2020, 2021, 2022 and of the near fair's year, oldest first.

    The figures of the first three are those of the facts file: a trade week of 2021 is a figure
    here and not a fair, because no source gives its dates.
    """
    facts = read_facts()
    near_year = (today + timedelta(days=DAYS_UNTIL_FAIR)).year
    in_2020 = facts["report_2018_2020"]["events_2020"]
    in_2021 = facts["year_2021"]
    yearly = facts["targets_2021_2025"]
    assessed = FigureRecord(
        measure="products_assessed",
        target=yearly["products_assessed_each_year_at_least"],
        reached=None,
        source=yearly["source"],
    )
    figures = {
        2020: (
            *_reached(
                facts["report_2018_2020"]["source"],
                regional_culture_events=in_2020["regional_culture_events"],
                memoranda_signed=in_2020["memoranda_signed_at_least"],
            ),
        ),
        2021: (
            *_reached(
                in_2021["source"],
                trade_weeks=in_2021["trade_weeks"]["count"],
                regional_culture_events=in_2021["regional_culture_events"],
            ),
            assessed,
        ),
        2022: (assessed,),
        near_year: tuple(
            FigureRecord(measure=measure, target=target, reached=None, source="")
            for measure, target in THIS_YEARS_TARGETS.items()
        ),
    }
    return tuple(
        PlanRecord(
            year=year,
            title=PLAN_TITLE.format(year=year),
            title_en=PLAN_TITLE_EN.format(year=year),
            figures=lines,
        )
        for year, lines in sorted(figures.items())
    )


def make_fairs(*, today: date) -> tuple[FairRecord, ...]:
    """Return the fairs, oldest first: those of the facts file, then the near one."""
    facts = read_facts()
    coordinator = facts["programme"]["coordinator_vi"]
    past = [_make_past_fair(event, organiser=coordinator) for event in facts["events"]]
    return (
        *sorted(past, key=lambda fair: fair.first_day),
        _make_near_fair(today, organiser=coordinator),
    )


def _reached(source: str, **figures: int) -> tuple[FigureRecord, ...]:
    return tuple(
        FigureRecord(measure=measure, target=None, reached=number, source=source)
        for measure, number in figures.items()
    )


def _make_past_fair(event: dict[str, Any], *, organiser: str) -> FairRecord:
    """Read one event, which has either its first and last day or only the hour it opened."""
    first_day, _, opens = str(event.get("opens") or event["first_day"]).partition(" ")
    last_day = event.get("last_day")
    return FairRecord(
        slug=event["slug"],
        register_code=event["register_code"],
        kind=event["kind"],
        title=event["title_vi"],
        title_en=event["title_en"],
        short_title=event["short_title_vi"],
        first_day=date.fromisoformat(first_day),
        last_day=date.fromisoformat(last_day) if last_day else None,
        opens=opens,
        venue=event.get("venue_vi", ""),
        venue_short=event.get("venue_short_vi", ""),
        organiser=organiser,
        place=event.get("place", HANOI),
        co_organiser=event.get("co_organiser_vi", ""),
        witness=event.get("witness_vi", ""),
        regions=tuple(event.get("regions", ())),
        source=event["source"],
    )


def _make_near_fair(today: date, *, organiser: str) -> FairRecord:
    """Return an invented copy of Thanh Trì's trade week that opens in eleven days."""
    first_day = today + timedelta(days=DAYS_UNTIL_FAIR)
    has_communes_only = first_day >= TWO_LEVELS_FROM
    return FairRecord(
        slug=f"tuan-hang-ocop-{first_day.year}",
        register_code=f"TT{first_day:%y}",
        kind="trade_week",
        title=NEAR_FAIR_TITLE.format(year=first_day.year),
        title_en=NEAR_FAIR_TITLE_EN.format(year=first_day.year),
        short_title=f"Tuần hàng OCOP Thanh Trì {first_day.year}",
        first_day=first_day,
        last_day=first_day + timedelta(days=DAYS_OF_FAIR - 1),
        venue="Trung tâm Văn hóa - Thông tin - Thể thao Thanh Trì",
        venue_short="Thanh Trì",
        organiser=f"{organiser} {MARK}",
        place=THANH_TRI_COMMUNE if has_communes_only else THANH_TRI_DISTRICT,
        co_organiser="UBND xã Thanh Trì (mẫu)"
        if has_communes_only
        else "UBND huyện Thanh Trì (mẫu)",
        witness="Lãnh đạo thành phố Hà Nội",
        applications_from=today - timedelta(days=24),
        applications_until=today - timedelta(days=1),
        seed=NEAR_FAIR_SEED,
        sessions=make_sessions(first_day),
    )
