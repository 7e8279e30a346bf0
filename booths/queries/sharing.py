"""Reads: which household has a shared booth on which day of the fair."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from booths.models import Application, Partner, SharedDay
from booths.rules import acts_for
from booths.states import ApplicationState
from core import vietnam
from core.errors import DomainError
from core.text import clean
from fairs.models import Fair
from fairs.queries.notices import Pairs, tells_who_took_part
from registry.models import Organisation, Product


@dataclass(frozen=True)
class Household:
    """Who has a shared booth on which days, with what; `partner` is None for the applicant."""

    organisation: Organisation
    days: tuple[date, ...]
    products: tuple[Product, ...]
    partner: Partner | None = None


def with_partners(
    applications: QuerySet[Application], products: QuerySet[Product] | None = None
) -> QuerySet[Application]:
    """The applications, each with what `shared_by` asks for; `products` say how to read those."""
    brought = Product.objects.select_related("group") if products is None else products
    partners = (
        Partner.objects.filter(ended_at__isnull=True, confirmed_at__isnull=False)
        .select_related("organisation__place")
        .prefetch_related(Prefetch("days", _live_days()), Prefetch("products", brought))
    )
    return applications.prefetch_related(Prefetch("partners", partners))


def _live_days() -> QuerySet[SharedDay]:
    return SharedDay.objects.filter(released_at__isnull=True)


def shared_by(application: Application) -> tuple[Household, ...]:
    """The households that share the booth, the applicant first; nobody where it is not shared.

    The application comes from `with_partners`, with its fair.
    """
    days = days_of(application.fair)
    partners = [
        Household(
            partner.organisation,
            tuple(days[each.day - 1] for each in partner.days.all() if each.day <= len(days)),
            tuple(partner.products.all()),
            partner,
        )
        for partner in application.partners.all()
    ]
    partners = [each for each in partners if each.days]
    if not partners:
        return ()
    taken = {day for each in partners for day in each.days}
    own = tuple(day for day in days if day not in taken)
    applicant = Household(application.organisation, own, tuple(application.products.all()))
    return (applicant, *partners)


def days_of(fair: Fair) -> list[date]:
    """All days of the fair."""
    return [fair.first_day + timedelta(days=number) for number in range(fair.days)]


def days_held(user: Any, application: Application) -> set[date]:
    """The days on which the booth is that of a household that `user` acts for."""
    row = with_partners(Application.objects.select_related("fair", "organisation")).get(
        pk=application.pk
    )
    households = shared_by(row)
    if not households:
        return set(days_of(row.fair)) if acts_for(user, row) else set()
    own = set(user.representations.values_list("organisation", flat=True))
    return {day for each in households if each.organisation.pk in own for day in each.days}


def open_partners(application: Application) -> list[Partner]:
    """Those with whom the booth is or is to be shared, confirmed or not, with their days."""
    partners = Partner.objects.filter(application=application, ended_at__isnull=True)
    return list(
        partners.select_related("organisation__place").prefetch_related(
            Prefetch("days", _live_days()), "products"
        )
    )


def left_by(application: Application) -> list[Partner]:
    """The households that had agreed to share the booth and do so no longer."""
    left = Partner.objects.filter(
        application=application, ended_at__isnull=False, confirmed_at__isnull=False
    )
    return list(left.select_related("organisation"))


def partner_by_token(token: str) -> Partner:
    """Whom a partner's link is for, with the application. Raises Partner.DoesNotExist."""
    partners = Partner.objects.select_related(
        "organisation__place", "application__fair__venue", "application__organisation__place"
    )
    return partners.prefetch_related(Prefetch("days", _live_days()), "products").get(token=token)


def own_partnerships(user: Any) -> list[Partner]:
    """The shared booths of the households that `user` acts for, newest fair first."""
    own = Partner.objects.filter(
        organisation__representatives__user=user, ended_at__isnull=True
    ).exclude(application__state=ApplicationState.WITHDRAWN)
    return list(
        own.select_related("organisation", "application__fair__venue", "application__organisation")
        .prefetch_related(Prefetch("days", _live_days()))
        .order_by("-application__fair__first_day", "pk")
    )


def busy_days(fair: Fair, organisation: Organisation, *, besides: Application) -> set[int]:
    """The days of the fair, counted from 1, on which the household has another shared booth."""
    days = _live_days().filter(fair=fair, organisation=organisation, is_confirmed=True)
    return set(days.exclude(application=besides).values_list("day", flat=True))


def find_partners(contact: str) -> tuple[list[Organisation], str]:
    """Producers by tax code, phone number or e-mail address, exactly, at most two.

    Beside them the contact as it is kept: empty for a tax code, which is a public one.
    """
    typed = clean(contact)
    producers = Organisation.objects.filter(is_producer=True).order_by("pk")
    if "@" in typed:
        return list(producers.filter(email__iexact=typed)[:2]), typed.lower()
    try:
        return list(producers.filter(tax_code=vietnam.tax_code(typed))[:2] if typed else []), ""
    except DomainError:
        pass
    try:
        number = vietnam.phone(typed)
    except DomainError:
        return [], ""
    return list(producers.filter(phone=number)[:2]), vietnam.shown_phone(number)


def shares_at(fair: Fair, organisation: Organisation) -> Partner | None:
    """The booth of somebody else that the household has agreed to share at the fair."""
    partners = Partner.objects.filter(
        application__fair=fair,
        organisation=organisation,
        ended_at__isnull=True,
        confirmed_at__isnull=False,
    )
    return partners.select_related("application__organisation").first()


def household_of_days(applications: Collection[int]) -> dict[tuple[int, date], int]:
    """Whose each shared day is: organisation by application and date, partners' days alone."""
    days = _live_days().filter(application__in=applications, is_confirmed=True)
    return {
        (each.application_id, each.fair.first_day + timedelta(days=each.day - 1)): (
            each.organisation_id
        )
        for each in days.select_related("fair")
    }


@tells_who_took_part
def find_sharing(fairs: Collection[int]) -> Pairs:
    """Who shared a booth that was given out at these fairs. One query."""
    live = Q(application__assignments__isnull=False) & Q(
        application__assignments__released_at__isnull=True
    )
    partners = Partner.objects.filter(
        live, application__fair__in=fairs, ended_at__isnull=True, confirmed_at__isnull=False
    )
    return partners.order_by().values_list("application__fair", "organisation")
