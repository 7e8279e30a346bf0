"""Programs read fairs here."""

from datetime import date

from django.http import HttpRequest
from ninja import Router, Schema

from fairs import queries
from fairs.models import Fair

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
