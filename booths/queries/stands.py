"""Reads: who has which booths at a fair, and who sees them as their own."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Prefetch, QuerySet

from booths.models import Application, Assignment, BoothDay
from booths.queries.sharing import Household, days_of, shared_by, with_partners
from core.text import fold, vietnamese_key
from fairs.models import Fair
from registry.models import Organisation, Product
from registry.queries import with_certificate


@dataclass(frozen=True)
class Placement:
    """An application with the codes of the booths it holds, in the plan's order.

    `organisation` is the applicant, or the household that shares the booth and is looked at.
    """

    application: Application
    organisation: Organisation
    booths: tuple[str, ...]
    shared: tuple[Household, ...] = ()

    @property
    def organisations(self) -> list[Organisation]:
        """Everybody who has the booth on one of the days, the applicant first."""
        return [each.organisation for each in self.shared] or [self.organisation]

    @property
    def names(self) -> str:
        """Their names."""
        return ", ".join(map(str, self.organisations))

    @property
    def days(self) -> list[date]:
        """The days on which the booth is the organisation's."""
        own = [each.days for each in self.shared if each.organisation == self.organisation]
        return list(own[0]) if own else days_of(self.application.fair)


def placements_of(fair: Fair) -> list[Placement]:
    """Who has which booths at the fair, as published."""
    placed = Application.objects.filter(
        fair=fair, assignments__isnull=False, assignments__released_at__isnull=True
    )
    return _place(placed.order_by("code"))


@dataclass(frozen=True)
class Participant:
    """A placed application with the products it brings, as the public sees them."""

    placement: Placement
    products: tuple[Product, ...]

    @property
    def households(self) -> tuple[Household, ...]:
        """Who is in the booth with what: one, or each of those that share it with its days."""
        here = self.placement
        return here.shared or (Household(here.organisation, tuple(here.days), self.products),)

    def fits(self, search: str) -> bool:
        """Whether every word is in the name, the place, a booth or a product, accents ignored."""
        said = list(self.placement.booths)
        for each in self.households:
            said += [each.organisation.name, each.organisation.place.name]
            said += [product.name for product in each.products]
        known = fold(" ".join(said))
        return all(word in known for word in fold(search).split())


def participants_of(fair: Fair) -> list[Participant]:
    """Who takes part, in Vietnamese order of the names."""
    products = with_certificate(Product.objects.select_related("group"), fair.end)
    placed = Application.objects.filter(
        fair=fair, assignments__isnull=False, assignments__released_at__isnull=True
    )
    brought = Prefetch("products", queryset=products)
    placed = placed.select_related("organisation__place").prefetch_related(brought)
    placements = _place(placed, products)
    return [
        Participant(placement, tuple(placement.application.products.all()))
        for placement in sorted(
            placements, key=lambda each: (vietnamese_key(str(each.organisation)), each.booths)
        )
    ]


def producer_applications(user: Any) -> list[Placement]:
    """The applications of the organisations that `user` acts for, newest first."""
    own = Application.objects.filter(organisation__representatives__user=user)
    return _place(own.select_related("fair__venue").order_by("-fair__first_day", "code"))


def shared_stands(user: Any) -> list[Placement]:
    """The booths that households share for which `user` acts, each as that household's."""
    own = Organisation.objects.filter(representatives__user=user)
    shared = Application.objects.filter(
        partners__organisation__in=own,
        partners__ended_at__isnull=True,
        partners__confirmed_at__isnull=False,
    )
    placements = _place(shared.distinct().order_by("-fair__first_day", "code"))
    keys = set(own.values_list("pk", flat=True)) if placements else set()
    return [
        replace(placement, organisation=household.organisation)
        for placement in placements
        for household in placement.shared
        if household.partner and household.organisation.pk in keys
    ]


def placements_for(applications: QuerySet[Application]) -> list[Placement]:
    """The applications, in their order, with what they hold."""
    return _place(applications)


def placement_of(application: Application) -> Placement:
    """The application with what it holds, as published."""
    return _place(Application.objects.filter(pk=application.pk))[0]


def booth_codes_of(application: Application) -> tuple[str, ...]:
    """The booths the application holds, as published."""
    return placement_of(application).booths


def _place(
    applications: QuerySet[Application], products: QuerySet[Product] | None = None
) -> list[Placement]:
    days = BoothDay.objects.filter(released_at__isnull=True).select_related("booth")
    live = Assignment.objects.filter(released_at__isnull=True).prefetch_related(
        Prefetch("booth_days", queryset=days.order_by("booth__order"))
    )
    found = applications.select_related("organisation", "group", "fair").prefetch_related(
        Prefetch("assignments", queryset=live)
    )
    return [
        Placement(row, row.organisation, _codes(row), shared_by(row))
        for row in with_partners(found, products)
    ]


def _codes(application: Application) -> tuple[str, ...]:
    """Each code once, though it is held on several days; assignments are prefetched."""
    assignments = application.assignments.all()
    days = [day for assignment in assignments for day in assignment.booth_days.all()]
    return tuple(dict.fromkeys(day.booth.code for day in days))
