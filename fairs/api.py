"""Programs read fairs here."""

from datetime import date, datetime

from django.http import HttpRequest
from ninja import Router, Schema

from fairs import queries
from fairs.models import Fair, Session

router = Router(tags=["fairs"])


class FairOut(Schema):
    """What anyone may know of a fair."""

    code: str
    kind: str
    title: str
    title_en: str
    first_day: date
    last_day: date | None
    state: str
    venue: str | None

    @staticmethod
    def resolve_venue(fair: Fair) -> str | None:
        return fair.venue.name if fair.venue else None


@router.get("/fairs", response=list[FairOut], auth=None)
def list_fairs(request: HttpRequest) -> list[Fair]:  # noqa: ARG001
    """All public fairs, by their first day."""
    return list(queries.public_fairs())


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
