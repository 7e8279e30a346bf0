"""Reads: who waits for a stand in which order, what is free, and what was offered to whom."""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Prefetch, Q, QuerySet

from booths.allocation import Instance, parse_instance
from booths.allocation.instance import Application as Asked
from booths.allocation.lottery import draw_number
from booths.allocation.refill import find_stands, is_stand, waiting_key
from booths.models import Application, Assignment, BoothOffer, WaitingList
from booths.queries.desk import snapshot_of
from booths.queries.floor_plan import held_days
from booths.states import WAITING, OfferState
from core.errors import DomainError
from core.jobs import State
from fairs.models import Fair
from fairs.states import FairState
from registry.models import Organisation, Representative

Stand = tuple[str, ...]


def waiting_list_of(fair: Fair) -> WaitingList:
    """How the fair passes on stands; as usual, and not stored, where nobody has said anything."""
    return WaitingList.objects.select_related("stopped_by").filter(fair=fair).first() or (
        WaitingList(fair=fair)
    )


@dataclass(frozen=True)
class Waiter:
    """An application that waits: its number in the order, and the offers it has had.

    `place` is None for one that is passed over because it did not answer.
    """

    application: Application
    lottery: str
    place: int | None
    offer: BoothOffer | None
    ended: tuple[BoothOffer, ...]

    @property
    def is_free(self) -> bool:
        """Whether it can be offered a stand now."""
        return self.place is not None and self.offer is None


def waiters_of(fair: Fair) -> list[Waiter]:
    """Who waits, in the published order: by priority, then by the lottery number of the run.

    Those approved after the run stand among the others. Three queries, however many wait.
    """
    offers = BoothOffer.objects.select_related("made_by", "ended_by", "letter_job", "called_by")
    rows = (
        Application.objects.filter(fair=fair, state__in=WAITING)
        .select_related("organisation__place", "group")
        .prefetch_related(Prefetch("offers", queryset=offers))
    )
    order = sorted(rows, key=lambda row: waiting_key(row.priority, fair.seed, row.code))
    waiters, place = [], 0
    for row in reversed(order):
        row.fair = fair
        had = list(row.offers.all())
        is_passed_over = any(each.state in PASSED and not each.keeps_waiting for each in had)
        place += not is_passed_over
        waiters.append(
            Waiter(
                row,
                draw_number(fair.seed, row.code),
                None if is_passed_over else place,
                next((each for each in had if each.state == OfferState.OPEN), None),
                tuple(each for each in had if each.state != OfferState.OPEN),
            )
        )
    return waiters


PASSED = (OfferState.DECLINED, OfferState.EXPIRED)


def waiter_of(application: Application) -> Waiter | None:
    """The application's place in the order of a published fair; None if it does not wait."""
    fair = application.fair
    if application.state not in WAITING or fair.state != FairState.PUBLISHED:
        return None
    found = waiters_of(fair)
    return next((each for each in found if each.application.pk == application.pk), None)


@dataclass(frozen=True)
class Hall:
    """A fair as the rules of the run see it now.

    `given` says which booths each application holds or has on offer; `taken` are all of these.
    """

    instance: Instance
    given: Mapping[str, Stand]
    taken: frozenset[str]

    def stands_for(self, application: Application) -> dict[Stand, int]:
        """The free stands that fit, best first, each with how much the plan's score rises."""
        asked = self._asked(application)
        if asked is None:
            return {}
        if application.pinned:
            asked = replace(asked, pinned=frozenset(application.pinned))
        return find_stands(self.instance, self.given, self.taken, asked)

    def fits(self, application: Application, booths: Collection[str]) -> bool:
        """Whether these booths could be the application's stand, whoever holds them now."""
        asked = self._asked(application)
        return asked is not None and is_stand(self.instance, self.given, asked, set(booths))

    def _asked(self, application: Application) -> Asked | None:
        known = (each for each in self.instance.applications if each.id == application.code)
        return next(known, None)

    def after(self, application: Application, stand: Stand) -> "Hall":
        """The same with the stand on offer to the application."""
        given = {**self.given, application.code: stand}
        return Hall(self.instance, given, self.taken | frozenset(stand))

    @property
    def free(self) -> list[str]:
        """The codes of the booths that nobody holds, in the order of the plan."""
        return [each.code for each in self.instance.booths if each.code not in self.taken]


def hall_of(fair: Fair, asking: Collection[Application]) -> Hall | None:
    """The current plan with what is held on it, for those who ask for a stand; None without a plan.

    A booth that is held on one day of the fair is taken.
    """
    held: dict[str, list[str]] = defaultdict(list)
    owners = ("assignment__application__code", "offer__application__code")
    days = held_days(fair).order_by("booth__order", "booth__code")
    for booth, _order, assigned, offered in days.values_list(
        "booth__code", "booth__order", *owners
    ).distinct():
        held[assigned or offered].append(booth)
    concerned = {*held, *(application.code for application in asking)}
    try:
        document = json.loads(snapshot_of(fair, only=Q(code__in=concerned)))
    except DomainError:
        return None
    for application in document["applications"]:
        application["pinned"] = None  # a pin may be for booths that are gone; asked for singly
    given = {code: tuple(booths) for code, booths in held.items()}
    taken = frozenset(code for booths in given.values() for code in booths)
    return Hall(parse_instance(document), given, taken)


def are_taken(fair: Fair, booths: Collection[str]) -> bool:
    """Whether somebody holds one of these on a day, or has it on offer."""
    return held_days(fair).filter(booth__code__in=booths).exists()


def refused_by(applications: Collection[Application]) -> dict[int, set[frozenset[str]]]:
    """The stands that these do not get offered again, by the application's key.

    Those they declined or did not answer, and those the organiser took back from them.
    """
    refused: dict[int, set[frozenset[str]]] = defaultdict(set)
    offers = BoothOffer.objects.filter(application__in=applications, state__in=PASSED)
    for application, booths in offers.values_list("application", "booths"):
        refused[application].add(frozenset(booths))
    released = Assignment.objects.filter(application__in=applications).exclude(release_reason="")
    for row in released.prefetch_related("booth_days__booth"):
        codes = frozenset(day.booth.code for day in row.booth_days.all())
        refused[row.application_id].add(codes)
    return refused


def offers_at(fair: Fair) -> QuerySet[BoothOffer]:
    """All offers of the fair, newest first."""
    rows = BoothOffer.objects.filter(application__fair=fair)
    return rows.select_related(
        "application__organisation", "made_by", "ended_by", "letter_job", "called_by"
    )


def to_be_called(fair: Fair) -> list[BoothOffer]:
    """Open offers of which no e-mail tells, and nobody has called yet; the most urgent first."""
    untold = Q(letter_job=None) | Q(letter_job__state=State.FAILED)
    rows = offers_at(fair).filter(untold, state=OfferState.OPEN, called_at=None)
    return list(rows.order_by("expires_at", "pk"))


def offer_with(token: str) -> BoothOffer:
    """The offer of a link. Raises BoothOffer.DoesNotExist."""
    rows = BoothOffer.objects.select_related(
        "application__fair__venue", "application__organisation", "application__group"
    )
    return rows.get(token=token)


def open_offer_of(application: Application) -> BoothOffer | None:
    """What is on offer to the application now."""
    return application.offers.filter(state=OfferState.OPEN).first()


def overdue_offers(before: datetime) -> QuerySet[BoothOffer]:
    """Open offers that could be answered until before the moment."""
    return BoothOffer.objects.filter(state=OfferState.OPEN, expires_at__lt=before)


def address_of(organisation: Organisation) -> str:
    """Its e-mail address, else that of the first person who acts for it, or nothing."""
    if organisation.email:
        return organisation.email
    people = Representative.objects.filter(organisation=organisation).exclude(user__email=None)
    first = people.exclude(user__email="").select_related("user").order_by("pk").first()
    return (first.user.email if first else "") or ""
