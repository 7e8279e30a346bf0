"""Programs read plans, venues, fairs and their programmes here."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import Field, Query, Router, Schema

from accounts.rules import SignedIn, can_use_desk
from core.errors import NotAllowed
from fairs import queries
from fairs.models import Fair, FairKind, Hall, Plan, Session, Target, Venue
from fairs.rendering import public_data
from fairs.states import FairState
from registry.models import Region

router = Router(tags=["fairs"])
office = Router(tags=["planning"])

MOST = 500
Limit = Annotated[int, Query(ge=1, le=MOST, description="How many at most.")]
Offset = Annotated[int, Query(ge=0, le=1_000_000, description="How many to leave out first.")]


class FairOut(Schema):
    """What anyone may know of a fair."""

    code: str = Field(description="Names the fair in every address.")
    kind: str
    title: str
    title_en: str
    first_day: date
    last_day: date | None = Field(description="None where only the first day is known.")
    state: str
    venue: str | None

    @staticmethod
    def resolve_venue(fair: Fair) -> str | None:
        return fair.venue.name if fair.venue else None


class PlaceOut(Schema):
    """A province or city, or what lies in it."""

    code: str
    name: str


class FairDetailOut(FairOut):
    """A fair with all that its public page says of it; the programme has its own address."""

    short_title: str
    description: str
    description_en: str
    attendance: str
    regions: list[str]
    opens: time | None
    closes: time | None
    hall: str | None
    address: str
    places: list[PlaceOut] = Field(description="Where it is held: the province first.")
    latitude: Decimal | None
    longitude: Decimal | None
    channel: str
    channel_url: str
    organiser: str
    co_organiser: str
    applications_close_at: datetime | None
    page: str = Field(description="The address of the public page.")

    @staticmethod
    def resolve_hall(fair: Fair) -> str | None:
        return fair.hall.name if fair.hall else None

    @staticmethod
    def resolve_address(fair: Fair) -> str:
        return fair.venue.address if fair.venue else ""

    @staticmethod
    def resolve_places(fair: Fair) -> list[Any]:
        return queries.places_of(fair)

    @staticmethod
    def resolve_latitude(fair: Fair) -> Decimal | None:
        return fair.venue.latitude if fair.venue else None

    @staticmethod
    def resolve_longitude(fair: Fair) -> Decimal | None:
        return fair.venue.longitude if fair.venue else None

    @staticmethod
    def resolve_page(fair: Fair) -> str:
        return public_data.absolute(fair.public_url)


class FairFilter(Schema):
    """What is not given is not asked."""

    year: int | None = Field(None, ge=1900, le=2200, description="A year with a day of the fair.")
    kind: FairKind | None = None
    region: Region | None = Field(None, description="What it is about, or where it is held.")
    state: FairState | None = Field(None, description="Drafts are nobody's business.")


@router.get("/fairs", response=list[FairOut], auth=None)
def list_fairs(
    request: HttpRequest,  # noqa: ARG001
    response: HttpResponse,
    wanted: Query[FairFilter],
    limit: Limit = 100,
    offset: Offset = 0,
) -> list[Fair]:
    """Public fairs, by their first day; the header X-Total-Count says how many fit."""
    fairs = queries.public_fairs()
    if wanted.state:
        fairs = fairs.filter(state=wanted.state)
    found = queries.find_fairs(fairs, kind=wanted.kind or "", region=wanted.region or "")
    if wanted.year:
        found = [each for each in found if each.first_day.year <= wanted.year <= each.end.year]
    response.headers["X-Total-Count"] = str(len(found))
    return found[offset : offset + limit]


@router.get("/fairs/{code}", response=FairDetailOut, auth=None)
def read_fair(request: HttpRequest, code: str) -> Fair:  # noqa: ARG001
    """One public fair."""
    return queries.public_fairs().get(code=code)


class SessionOut(Schema):
    """An item of a fair's programme; producers and products by their codes."""

    kind: str
    title: str
    title_en: str
    description: str
    description_en: str
    stage: str
    starts_at: datetime
    ends_at: datetime
    crew: str | None
    province: str | None
    livestream_url: str
    producers: list[str]
    products: list[str]

    @staticmethod
    def resolve_stage(session: Session) -> str:
        return session.stage.name

    @staticmethod
    def resolve_crew(session: Session) -> str | None:
        return session.crew.name if session.crew else None

    @staticmethod
    def resolve_province(session: Session) -> str | None:
        return session.place.name if session.place else None

    @staticmethod
    def resolve_producers(session: Session) -> list[str]:
        return sorted(producer.code for producer in session.producers.all())

    @staticmethod
    def resolve_products(session: Session) -> list[str]:
        return sorted(product.code for product in session.products.all())


@router.get("/fairs/{code}/sessions", response=list[SessionOut], auth=None)
def list_sessions(request: HttpRequest, code: str) -> list[Session]:  # noqa: ARG001
    """The programme of a public fair, earliest first."""
    return list(queries.public_sessions(code))


class TargetOut(Schema):
    """What a plan is to reach in one measure; of fairs also by kind (empty: all of them)."""

    measure: str
    kind: str
    value: int


class PlanOut(Schema):
    """The plan of a year."""

    year: int
    title: str
    title_en: str
    decision_number: str
    decision_date: date | None
    approved_at: datetime | None
    targets: list[TargetOut]

    @staticmethod
    def resolve_targets(plan: Plan) -> list[Target]:
        return sorted(plan.targets.all(), key=lambda target: target.name)


class FigureOut(Schema):
    """What was reached in one measure, and the target if there is one."""

    name: str = Field(description="The measure; of fairs also measure-kind.")
    actual: int
    target: int | None


class PlanDetailOut(PlanOut):
    """The plan with what is reached so far."""

    figures: list[FigureOut]

    @staticmethod
    def resolve_figures(plan: Plan) -> list[queries.Figure]:
        figures = queries.figures_of(plan)
        return [each for figure in figures for each in (figure, *figure.kinds)]


@office.get("/plans", response=list[PlanOut])
def list_plans(request: SignedIn, limit: Limit = 100, offset: Offset = 0) -> list[Plan]:
    """The plans of the years that the caller may see at the desk, newest first."""
    years = queries.plan_years(request.user)[offset : offset + limit]
    return list(Plan.objects.filter(year__in=years).prefetch_related("targets"))


@office.get("/plans/{year}", response=PlanDetailOut)
def read_plan(request: SignedIn, year: int) -> Plan:
    """One plan with its targets and what is reached, for those who see it at the desk."""
    return queries.plan_for(request.user, year)


class HallOut(Schema):
    """A part of a venue that is hired by itself."""

    name: str
    area_m2: int | None
    power_kw: int | None
    water_points: int | None
    move_in_days: int
    move_out_days: int
    move_in_from: time | None
    move_out_until: time | None


class VenueOut(Schema):
    """Where fairs are held."""

    code: str
    name: str
    short_name: str
    address: str
    place: PlaceOut | None
    is_online: bool
    latitude: Decimal | None
    longitude: Decimal | None


class VenueDetailOut(VenueOut):
    """A venue with its halls."""

    halls: list[HallOut]

    @staticmethod
    def resolve_halls(venue: Venue) -> list[Hall]:
        return list(venue.halls.all())


def _require_desk(request: SignedIn) -> None:
    if not can_use_desk(request.user):
        raise NotAllowed("desk.only", _("This page is for the office's people."))


@office.get("/venues", response=list[VenueOut])
def list_venues(
    request: SignedIn, response: HttpResponse, limit: Limit = 100, offset: Offset = 0
) -> list[Venue]:
    """Venues by name, for the desk; the header X-Total-Count says how many there are."""
    _require_desk(request)
    venues = Venue.objects.select_related("place").order_by("name", "pk")
    response.headers["X-Total-Count"] = str(venues.count())
    return list(venues[offset : offset + limit])


@office.get("/venues/{code}", response=VenueDetailOut)
def read_venue(request: SignedIn, code: str) -> Venue:
    """One venue with its halls, for the desk."""
    _require_desk(request)
    return Venue.objects.select_related("place").prefetch_related("halls").get(code=code)
