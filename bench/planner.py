"""A plan of many fairs: all its conflicts, and its year page. `python -m bench.planner`.

Fairs over five years at 60 venues, ten teams, crews and producers, in a database of the bench's
own. Conflicts are found over all five years at once; the year view is asked for in process, by
somebody who sees all, each of the five years in turn. `seconds` are wall-clock medians.
"""

import shutil
import statistics
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from random import Random

from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench.site import FOLDER, keep_figures  # sets Django up: before everything of ours
from booths.models import Application
from booths.states import ApplicationState
from fairs.models import Crew, Fair, FairKind, Hall, Plan, Session, SessionKind, Stage, Team, Venue
from fairs.queries import find_conflicts, schedule_between
from fairs.states import FairState
from registry.models import ActorType, Organisation, Place, PlaceKind, ProductGroup, Region

SIZES = (100, 400, 1600)
YEARS = 5
VENUES = 60
TEAMS = 10
CREWS = 40
PRODUCERS = 1000
ACCEPTED = 10
ROUNDS = 20
DAY = timedelta(days=1)
# The mark that the year page has to meet at 400 fairs.
CONFLICT_SECONDS, PAGE_SECONDS, PAGE_QUERIES = 1.0, 0.4, 25


def make_plan(size: int, first_year: int) -> None:
    """`size` fairs of five days over `YEARS` years, the same at every run."""
    draw = Random(size)
    plans = [Plan.objects.create(year=first_year + n, title=f"Kế hoạch {n}") for n in range(YEARS)]
    venues = Venue.objects.bulk_create(
        Venue(code=f"dia-diem-{n}", name=f"Địa điểm {n}", short_name=f"Địa điểm {n}")
        for n in range(VENUES)
    )
    halls = Hall.objects.bulk_create(Hall(venue=venue, name="Sảnh A") for venue in venues[::2])
    teams = Team.objects.bulk_create(Team(name=f"Tổ {n}") for n in range(TEAMS))
    crews = Crew.objects.bulk_create(Crew(name=f"Đoàn {n}") for n in range(CREWS))
    hall_of = {hall.venue_id: hall for hall in halls}
    fairs = []
    for number in range(size):
        first = date(first_year, 1, 1) + draw.randrange(YEARS * 365) * DAY
        venue = draw.choice(venues)
        fairs.append(
            Fair(
                code=f"hoi-cho-{number}",
                kind=draw.choice(FairKind.values),
                title=f"Hội chợ số {number}",
                short_title=f"Hội chợ {number}",
                register_code=f"H{number}",
                plan=plans[first.year - first_year],
                venue=venue,
                hall=hall_of.get(venue.pk),
                team=draw.choice(teams),
                first_day=first,
                last_day=first + 4 * DAY,
                state=draw.choice([FairState.DRAFT, FairState.ANNOUNCED, FairState.REGISTERING]),
            )
        )
    Fair.objects.bulk_create(fairs)
    make_programmes(draw, fairs, crews)
    make_applications(draw, fairs)


def make_programmes(draw: Random, fairs: list[Fair], crews: list[Crew]) -> None:
    """Four performances of two hours at each fair."""
    stages = Stage.objects.bulk_create(Stage(fair=fair, name="Sân khấu") for fair in fairs)
    sessions = []
    for stage in stages:
        for number in range(4):
            day = datetime.combine(stage.fair.first_day + number * DAY, datetime.min.time())
            start = timezone.make_aware(day) + timedelta(hours=draw.choice((9, 15, 19)))
            sessions.append(
                Session(
                    fair=stage.fair,
                    stage=stage,
                    kind=SessionKind.PERFORMANCE,
                    title=f"Tiết mục {number}",
                    starts_at=start,
                    ends_at=start + timedelta(hours=2),
                    crew=draw.choice(crews),
                )
            )
    Session.objects.bulk_create(sessions)


def make_applications(draw: Random, fairs: list[Fair]) -> None:
    """Producers accepted at every fair, some of them at several."""
    group = ProductGroup.objects.create(
        scheme=2023, code="food", name_vi="Thực phẩm", name_en="Food", valid_from=date(2023, 2, 24)
    )
    place = Place.objects.create(
        code="HN", name="Hà Nội", kind=PlaceKind.CITY, region=Region.RED_RIVER_DELTA
    )
    producers = Organisation.objects.bulk_create(
        Organisation(
            code=f"CT-{n:04}",
            name=f"Hợp tác xã {n}",
            actor_type=ActorType.COOPERATIVE,
            is_producer=True,
            place=place,
        )
        for n in range(PRODUCERS)
    )
    Application.objects.bulk_create(
        Application(fair=fair, organisation=producer, group=group, state=ApplicationState.ELIGIBLE)
        for fair in fairs
        for producer in draw.sample(producers, ACCEPTED)
    )


def measure(deed: Callable[[], object], rounds: int = ROUNDS) -> list[float]:
    """Seconds of each round; one before them warms up."""
    taken = []
    for number in range(rounds + 1):
        start = time.perf_counter()
        deed()
        if number:
            taken.append(time.perf_counter() - start)
    return taken


def measure_size(size: int) -> dict[str, float]:
    """All conflicts and the year page of a plan of `size` fairs, rolled back afterwards."""
    today = timezone.localdate()
    first_year = today.year + 1
    with transaction.atomic():
        make_plan(size, first_year)
        boss = get_user_model().objects.create_superuser("to-chuc@chophien.example", None)
        span = (date(first_year, 1, 1), date(first_year + YEARS, 12, 31))
        found = find_conflicts(schedule_between(*span), today)
        seconds = measure(lambda: find_conflicts(schedule_between(*span), today), 5)
        client = Client(headers={"host": "127.0.0.1"})
        client.force_login(boss)
        asked = iter(range(10**6))

        def ask() -> None:
            answer = client.get(f"/desk/plans/{first_year + next(asked) % YEARS}/")
            if answer.status_code != 200:
                raise SystemExit(f"the year page answered {answer.status_code}")

        pages = measure(ask)
        with CaptureQueriesContext(connection) as queries:
            ask()
        transaction.set_rollback(True)
    return {
        "fairs": size,
        "conflicts": len(found),
        "conflict seconds": statistics.median(seconds),
        "page seconds": statistics.median(pages),
        "page p95": statistics.quantiles(pages, n=20, method="inclusive")[-1],
        "page queries": len(queries),
    }


def main() -> None:
    """Measure every size, show how it grows, and fail if the marks of 400 fairs are missed."""
    try:
        call_command("migrate", verbosity=0)
        figures = [measure_size(size) for size in SIZES]
    finally:
        shutil.rmtree(FOLDER, ignore_errors=True)
    for figure in figures:
        work = figure["fairs"] + figure["conflicts"]
        each = figure["conflict seconds"] / work * 1e6
        shown = " ".join(f"{name}={round(value, 4)}" for name, value in figure.items())
        print(f"{shown} microseconds per fair and conflict={each:.0f}")
    keep_figures("planner", {"figures": figures})
    marked = figures[SIZES.index(400)]
    if (
        marked["conflict seconds"] > CONFLICT_SECONDS
        or marked["page p95"] > PAGE_SECONDS
        or marked["page queries"] > PAGE_QUERIES
    ):
        raise SystemExit("400 fairs: slower than the mark")


if __name__ == "__main__":
    main()
