"""Stands that become free are passed on: offers are made, end, and are told of."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from celery import shared_task
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from booths.models import Application, Assignment, Booth, BoothDay, BoothOffer
from booths.queries.waiting import (
    Stand,
    address_of,
    hall_of,
    overdue_offers,
    refused_by,
    waiters_of,
    waiting_list_of,
)
from booths.rules import answer_due, fair_days, opening_of, passes_on
from booths.states import OFFER, WAITING, OfferState
from booths.tasks.letters import send_offer_letter
from core import audit, jobs
from core.errors import DomainError
from core.locks import lock_row, lock_rows
from fairs.models import Fair
from fairs.rules import GRACE
from fairs.states import FairState

VERBS = {
    OfferState.ACCEPTED: "booths.offer_accepted",
    OfferState.DECLINED: "booths.offer_declined",
    OfferState.EXPIRED: "booths.offer_expired",
    OfferState.WITHDRAWN: "booths.offer_withdrawn",
}


@jobs.kind("booths.pass_on", title=gettext_noop("Passing on free stands"))
def pass_on_stands(run: jobs.Run, *, fair: int) -> None:
    """End the fair's offers that nobody answered, and offer what is free to the next in order."""
    run.report(0, 1, gettext_noop("Looking who is next for which stand"))
    with run.publishing():
        row = lock_row(Fair.objects.get(pk=fair))
        now = timezone.now()
        for offer in lock_rows(overdue_offers(now - GRACE).filter(application__fair=row)):
            end_offer(offer, OfferState.EXPIRED, now=now, actor=None, keeps_waiting=False)
        if passes_on(row, now) and not waiting_list_of(row).stopped_at:
            _offer_what_is_free(row, now)


def _offer_what_is_free(fair: Fair, now: datetime) -> None:
    waiters = [each for each in waiters_of(fair) if each.is_free]
    asking = [each.application for each in waiters]
    hall = hall_of(fair, asking) if asking else None
    if hall is None:
        return
    refused = refused_by(asking)
    for waiter in waiters:
        if not hall.free:
            return
        application = waiter.application
        stand = _best(hall.stands_for(application), refused[application.pk])
        if stand:
            hold_stand(application, stand, now=now, actor=None)
            hall = hall.after(application, stand)


def _best(stands: dict[Stand, int], refused: set[frozenset[str]]) -> Stand | None:
    """None where the run itself would rather have left the booths empty."""
    wanted = (each for each, gain in stands.items() if gain > 0)
    return next((each for each in wanted if frozenset(each) not in refused), None)


def hold_stand(
    application: Application, stand: Sequence[str], *, now: datetime, actor: Any, reason: str = ""
) -> BoothOffer:
    """Hold the booths for the application and tell it; the fair is locked by the caller.

    Raises DomainError `offer.taken`, `offer.open_already`.
    """
    fair = application.fair
    hours = waiting_list_of(fair).hours
    try:
        with transaction.atomic():
            offer = BoothOffer.objects.create(
                application=application,
                booths=list(stand),
                made_at=now,
                made_by=actor,
                reason=reason,
                expires_at=answer_due(now, hours=hours, opening=opening_of(fair)),
            )
    except IntegrityError as error:
        raise DomainError(
            "offer.open_already",
            _("This application has an open offer already. Withdraw it first."),
        ) from error
    take_booths(fair, stand, offer=offer, now=now)
    audit.record(
        stream=fair.stream,
        actor=actor,
        verb="booths.offer_made",
        subject=application.code,
        booths=list(stand),
        until=offer.expires_at.isoformat(),
        reason=reason,
    )
    tell_of(offer)
    return offer


def take_booths(
    fair: Fair,
    stand: Sequence[str],
    *,
    now: datetime,
    offer: BoothOffer | None = None,
    assignment: Assignment | None = None,
) -> None:
    """Hold the booths for every day of the fair that is not over. Raises DomainError `offer.taken`.

    Whatever the caller has looked at before, it is the table's constraint that says no.
    """
    booths = Booth.objects.filter(plan__fair=fair, plan__is_current=True, code__in=stand)
    try:
        with transaction.atomic():
            BoothDay.objects.bulk_create(
                BoothDay(offer=offer, assignment=assignment, booth=booth, day=day)
                for booth in booths
                for day in fair_days(fair, timezone.localdate(now))
            )
    except IntegrityError as error:
        raise taken(stand) from error


def taken(stand: Sequence[str]) -> DomainError:
    """What the slower of two is told."""
    return DomainError(
        "offer.taken",
        _("%(booths)s is no longer free: somebody else was faster. Nothing was changed."),
        booths=" + ".join(stand),
    )


def end_offer(
    offer: BoothOffer,
    to: OfferState,
    *,
    now: datetime,
    actor: Any,
    note: str = "",
    keeps_waiting: bool = True,
    assignment: Assignment | None = None,
) -> None:
    """Move the offer to its end; unless it became an assignment, its booths are free again."""
    OFFER.move(
        offer,
        to,
        ended_at=now,
        ended_by=actor,
        end_note=note,
        keeps_waiting=keeps_waiting,
        assignment=assignment,
    )
    held = BoothDay.objects.filter(offer=offer, released_at__isnull=True)
    if assignment:
        held.update(assignment=assignment)
    else:
        held.update(released_at=now)
    fair = offer.application.fair
    audit.record(
        stream=fair.stream,
        actor=actor,
        verb=VERBS[to],
        subject=offer.application.code,
        booths=offer.booths,
        note=note,
        keeps_waiting=keeps_waiting,
        # Nobody who has signed in, and not the system either: whoever holds the link.
        by_link=actor is None and to in (OfferState.ACCEPTED, OfferState.DECLINED),
    )
    if to != OfferState.DECLINED:
        tell_of(offer)


def end_open_offers(fair: Fair, *, now: datetime, actor: Any, note: str) -> None:
    """Withdraw whatever is on offer at the fair, because its booths are given out anew."""
    rows = BoothOffer.objects.filter(application__fair=fair, state=OfferState.OPEN)
    for offer in lock_rows(rows.select_related("application__fair")):
        end_offer(offer, OfferState.WITHDRAWN, now=now, actor=actor, note=note)


def ask_to_pass_on(fair: Fair, because: audit.AuditEvent) -> None:
    """Let a worker look who is next, because of what has just been recorded."""
    key = f"{fair.code}:{because.number}"
    pass_on_stands.ask(key=key, stream=fair.stream, actor=None, fair=fair.pk)


@shared_task(name="booths.watch_offers")
def watch_offers() -> None:
    """Ask for what is due: offers whose time is over at once, every waiting list once an hour.

    The hourly look finds what nobody announced, such as booths added to a floor plan.
    """
    now = timezone.now()
    wanted = [
        (offer.application.fair, f"over:{offer.pk}")
        for offer in overdue_offers(now - GRACE).select_related("application__fair")
    ]
    waits = Application.objects.filter(fair=OuterRef("pk"), state__in=WAITING)
    hour = f"{now:%Y-%m-%dT%H}"
    fairs = Fair.objects.filter(Exists(waits), state=FairState.PUBLISHED)
    wanted += [(fair, hour) for fair in fairs if passes_on(fair, now)]
    with transaction.atomic():
        for fair, occasion in wanted:
            pass_on_stands.ask(
                key=f"{fair.code}:{occasion}", stream=fair.stream, actor=None, fair=fair.pk
            )


def tell_of(offer: BoothOffer) -> None:
    """Ask for the letter that says how the offer stands, if there is an address to write to."""
    application = offer.application
    address = address_of(application.organisation)
    if not address:
        return
    offer.letter_job = send_offer_letter.ask(
        key=f"{offer.pk}:{offer.state}",
        stream=application.fair.stream,
        actor=None,
        offer=offer.pk,
        address=address,
    )
    offer.save(update_fields=["letter_job"])
