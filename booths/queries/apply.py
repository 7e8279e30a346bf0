"""Reads: what somebody who applies has and may choose."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import Role
from booths.models import Application, FloorPlan
from booths.states import ApplicationState
from core.text import fold
from fairs.models import Fair
from registry.models import Certification, Organisation, Product

FOUND = 20
"""How many producers a search at the desk shows."""
Wishes = list[list[str]]


@dataclass(frozen=True)
class Offered:
    """A product of the applicant with its newest certification, seen from the fair's last day.

    `state` is `valid`, `expired`, `withdrawn`, `weak` (under three stars) or `none`.
    """

    product: Product
    certification: Certification | None
    state: str

    @property
    def can_be_chosen(self) -> bool:
        """A withdrawn mark bars a product; without a valid one it is shown without the mark."""
        return self.state != "withdrawn"


def offered_products(organisation: Organisation, day: date) -> list[Offered]:
    """The organisation's products, each with the state of its certificate on `day`."""
    products = organisation.products.select_related("group__successor")
    return [
        _offered(product, list(product.certifications.all()), day)
        for product in products.prefetch_related("certifications")
    ]


def _offered(product: Product, certifications: list[Certification], day: date) -> Offered:
    valid = next((each for each in certifications if each.is_valid_on(day)), None)
    newest = valid or next(iter(certifications), None)
    if newest is None:
        return Offered(product, None, "none")
    if valid:
        return Offered(product, valid, "valid")
    if newest.withdrawn_on:
        return Offered(product, newest, "withdrawn")
    return Offered(product, newest, "weak" if newest.valid_until >= day else "expired")


def open_applications() -> QuerySet[Application]:
    """Applications with what their pages show, those withdrawn too."""
    return Application.objects.select_related("fair__venue", "organisation", "group")


def my_application(user: Any, code: str) -> Application:
    """An application of an organisation that `user` acts for, or that they entered at the desk.

    Raises Application.DoesNotExist.
    """
    own = Q(organisation__representatives__user=user)
    roles = (Role.ORGANISER, Role.COMMUNE_OFFICER)
    fairs = [fair for role, fair in user.roles if role in roles]
    entered = Q(created_by=user)
    if not (user.is_superuser or "" in fairs):
        entered &= Q(fair__code__in=fairs)
    return open_applications().filter(own | entered).distinct().get(code=code)


def application_by_token(token: str) -> Application:
    """The application that a link leads to. Raises Application.DoesNotExist."""
    return open_applications().get(token=token)


@dataclass(frozen=True)
class Applicant:
    """A producer with the application it has at the fair, if any."""

    organisation: Organisation
    application: Application | None


def applicants_of(user: Any, fair: Fair) -> list[Applicant]:
    """The producers that `user` acts for."""
    own = Organisation.objects.filter(representatives__user=user, is_producer=True)
    return _with_applications(own, fair)


def find_applicants(fair: Fair, search: str) -> list[Applicant]:
    """Producers by words of their name or code, accents ignored; none without a word."""
    words = fold(search).split()
    if not words:
        return []
    found = Organisation.objects.filter(is_producer=True)
    for word in words:
        found = found.filter(search__contains=word)
    return _with_applications(found, fair, most=FOUND)


def _with_applications(
    organisations: QuerySet[Organisation], fair: Fair, most: int | None = None
) -> list[Applicant]:
    rows = list(organisations.select_related("place").order_by("name", "pk")[:most])
    applications = Application.objects.filter(fair=fair, organisation__in=rows)
    live = applications.exclude(state=ApplicationState.WITHDRAWN)
    held = {application.organisation_id: application for application in live}
    return [Applicant(row, held.get(row.pk)) for row in rows]


def wishes_known(plan: FloorPlan | None) -> Wishes:
    """Everything on a prefetched plan that can be wished for: zones first, then booths."""
    if plan is None:
        return []
    booths = list(plan.booths.all())
    zones = dict.fromkeys(booth.zone.code for booth in booths)
    return [["zone", code] for code in sorted(zones)] + [["booth", booth.code] for booth in booths]
