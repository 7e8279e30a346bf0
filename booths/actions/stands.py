"""Writes: an organiser gives, offers and takes back single stands by hand."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from booths.models import Application, Assignment, BoothDay, BoothOffer
from booths.queries.waiting import are_taken, hall_of, open_offer_of
from booths.rules import passes_on
from booths.states import APPLICATION, WAITING, ApplicationState, OfferState
from booths.tasks.offers import ask_to_pass_on, end_offer, hold_stand, take_booths, taken
from booths.tasks.papers import ask_for_protocol
from core import audit
from core.errors import DomainError, NotAllowed
from core.locks import lock_row, lock_rows
from fairs.models import Fair
from fairs.rules import can_organise
from fairs.states import FairState


@transaction.atomic(durable=True)
def offer_stand(
    *, application: Application, booths: Sequence[str], reason: str, actor: User
) -> BoothOffer:
    """Offer these free booths to an application that is not next in the order.

    Raises what `_take_by_hand` does, DomainError `offer.too_late`, `offer.open_already`.
    """
    row = _take_by_hand(application, booths, reason, actor)
    now = timezone.now()
    if not passes_on(row.fair, now):
        raise DomainError(
            "offer.too_late",
            _("Stands are offered only from the publication until the fair opens."),
        )
    return hold_stand(row, booths, now=now, actor=actor, reason=reason)


@transaction.atomic(durable=True)
def give_stand(
    *, application: Application, booths: Sequence[str], reason: str, actor: User
) -> Assignment:
    """Give these free booths to an approved application at once, without asking for an answer.

    An offer that it has is withdrawn. Raises what `_take_by_hand` does.
    """
    row = _take_by_hand(application, booths, reason, actor)
    now = timezone.now()
    if offer := open_offer_of(row):
        offer.application = row
        end_offer(offer, OfferState.WITHDRAWN, now=now, actor=actor, note=reason)
    APPLICATION.move(row, ApplicationState.PLACED)
    assignment = Assignment.objects.create(application=row)
    take_booths(row.fair, booths, now=now, assignment=assignment)
    event = audit.record(
        stream=row.fair.stream,
        actor=actor,
        verb="booths.stand_given",
        subject=row.code,
        booths=list(booths),
        reason=reason,
    )
    if offer:
        ask_to_pass_on(row.fair, event)
    ask_for_protocol(row.fair, event)
    return assignment


def _take_by_hand(
    application: Application, booths: Sequence[str], reason: str, actor: User
) -> Application:
    """The application, its fair locked, if it may have these booths.

    Raises NotAllowed, DomainError `offer.reason_missing`, `offer.not_published`,
    `offer.not_waiting`, `offer.taken`, `offer.does_not_fit`.
    """
    fair = _lock(application, actor, reason)
    row = lock_row(application)
    row.fair = fair
    if row.state not in WAITING:
        raise DomainError(
            "offer.not_waiting",
            _("Only an approved application without a stand can be given one."),
        )
    if are_taken(fair, booths):
        raise taken(booths)
    hall = hall_of(fair, [row])
    if hall is None or not hall.fits(row, booths):
        raise DomainError(
            "offer.does_not_fit",
            _("%(booths)s is not a stand that fits this application."),
            booths=" + ".join(booths),
        )
    return row


def _lock(application: Application, actor: User, reason: str) -> Fair:
    if not can_organise(actor, application.fair):
        raise NotAllowed("fair.not_organiser", _("Only an organiser of this fair may do this."))
    if not reason:
        raise DomainError("offer.reason_missing", _("Say why. Those concerned read it."))
    fair = lock_row(application.fair)
    if fair.state not in (FairState.PUBLISHED, FairState.RUNNING):
        raise DomainError(
            "offer.not_published",
            _("Single stands are given and taken back once the booths are published."),
        )
    return fair


@transaction.atomic(durable=True)
def release_stand(
    *, application: Application, reason: str, waits: bool, actor: User
) -> Application:
    """Take the stand back from an application; it waits for another, or is withdrawn.

    Who waits on is not offered the same booths again. Raises NotAllowed, DomainError
    `offer.reason_missing`, `offer.not_published`, `stand.none`.
    """
    fair = _lock(application, actor, reason)
    row = lock_row(application)
    row.fair = fair
    live = lock_rows(Assignment.objects.filter(application=row, released_at__isnull=True))
    if not live:
        raise DomainError("stand.none", _("This application holds no stand."))
    now = timezone.now()
    days = BoothDay.objects.filter(assignment__in=live, released_at__isnull=True)
    booths = sorted(set(days.values_list("booth__code", flat=True)))
    days.update(released_at=now)
    Assignment.objects.filter(pk=live[0].pk).update(released_at=now, release_reason=reason)
    after = ApplicationState.WAITING_LIST if waits else ApplicationState.WITHDRAWN
    APPLICATION.move(row, after)
    event = audit.record(
        stream=fair.stream,
        actor=actor,
        verb="booths.stand_released",
        subject=row.code,
        booths=booths,
        reason=reason,
        waits=waits,
    )
    ask_to_pass_on(fair, event)
    ask_for_protocol(fair, event)
    return row
