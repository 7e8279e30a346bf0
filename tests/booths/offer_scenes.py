"""Stands that are given back, and who is asked next."""

from collections.abc import Iterator
from contextlib import contextmanager

from booths.actions.apply import withdraw_application
from booths.models import Application, BoothDay, BoothOffer
from booths.queries.waiting import waiters_of
from booths.states import OfferState
from core.audit import AuditEvent
from fairs.models import Fair
from tests.booths.scenes import do_jobs
from tests.builders import make_representative
from tests.claims import refused, unchanged

TABLES = (Application, BoothOffer, BoothDay, AuditEvent)


def row_of(code: str) -> Application:
    """The application, as it stands now."""
    return Application.objects.select_related("fair", "organisation").get(code=code)


def give_back(code: str) -> None:
    """The producer gives the stand back, and the worker looks who is next."""
    row = row_of(code)
    withdraw_application(application=row, actor=make_representative(row.organisation))
    do_jobs("booths.pass_on")


def offer_to(code: str) -> BoothOffer:
    """What is on offer to this application."""
    return BoothOffer.objects.select_related("application__fair").get(
        application__code=code, state=OfferState.OPEN
    )


def open_offers() -> list[tuple[str, list[str]]]:
    """Who is asked, and which booths they may have."""
    rows = BoothOffer.objects.filter(state=OfferState.OPEN).order_by("pk")
    return list(rows.values_list("application__code", "booths"))


def order_of(fair: Fair) -> list[tuple[str, int | None]]:
    """Who waits, each with their place."""
    return [(each.application.code, each.place) for each in waiters_of(fair)]


@contextmanager
def refused_at_once(code: str) -> Iterator[None]:
    """Refused with this code, and nobody gains or loses a stand or an offer by it."""
    with unchanged(*TABLES), refused(code):
        yield
