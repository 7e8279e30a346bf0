"""Writes: stands on offer are answered and withdrawn, and the waiting list is steered."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from booths.models import Application, Assignment, BoothOffer, WaitingList
from booths.models.offer import MOST_HOURS
from booths.queries.waiting import waiters_of, waiting_list_of
from booths.rendering.offers import end_in_words
from booths.rules import acts_for
from booths.states import APPLICATION, ApplicationState, OfferState
from booths.tasks.offers import ask_to_pass_on, end_offer
from booths.tasks.papers import ask_for_protocol
from core import audit
from core.errors import DomainError, NotAllowed, StaleState
from core.locks import lock_row, lock_rows
from fairs.models import Fair
from fairs.rules import can_organise, is_in_time
from fairs.states import OVER


@transaction.atomic(durable=True)
def answer_offer(
    *,
    offer: BoothOffer,
    accepts: bool,
    actor: User | None,
    keeps_waiting: bool = True,
    note: str = "",
) -> BoothOffer:
    """Take the stand, or leave it to the next; of two phones that answer one is told.

    `actor` None is whoever holds the link. An organiser who was told by telephone says by whom in
    `note`. Raises NotAllowed, DomainError `offer.note_missing`, StaleState `offer.ended`.
    """
    application = offer.application
    if actor is not None and not acts_for(actor, application):
        _require_organiser(application.fair, actor)
        if not note:
            raise DomainError("offer.note_missing", _("Say who told you so, and when."))
    row = _require_open(offer)
    now = timezone.now()
    if accepts:
        assignment = Assignment.objects.create(application=row.application)
        APPLICATION.move(row.application, ApplicationState.PLACED)
        end_offer(row, OfferState.ACCEPTED, now=now, actor=actor, note=note, assignment=assignment)
    else:
        end_offer(
            row,
            OfferState.DECLINED,
            now=now,
            actor=actor,
            note=note,
            keeps_waiting=keeps_waiting,
        )
    fair = row.application.fair
    newest = audit.AuditEvent.objects.filter(stream=fair.stream).latest("number")
    ask_to_pass_on(fair, newest)
    if accepts:
        ask_for_protocol(fair, newest)
    return row


def _require_open(offer: BoothOffer) -> BoothOffer:
    """The offer with its fair locked, if it can be answered now. Raises StaleState `offer.ended`.

    Whoever waits for the lock reads what the other phone has written.
    """
    fair = lock_row(offer.application.fair)
    rows = BoothOffer.objects.filter(pk=offer.pk).select_related("application__organisation")
    row = lock_rows(rows)[0]
    row.application.fair = fair
    if row.state != OfferState.OPEN:
        raise StaleState("offer.ended", end_in_words(row))
    if fair.state in OVER:
        raise StaleState("offer.ended", _("The fair is over or cancelled, and with it this offer."))
    if not is_in_time(timezone.now(), row.expires_at):
        row.state = OfferState.EXPIRED
        raise StaleState("offer.ended", end_in_words(row))
    return row


@transaction.atomic(durable=True)
def withdraw_offer(*, offer: BoothOffer, reason: str, actor: User) -> BoothOffer:
    """Take an offer back before it is answered; the application keeps its place in the order.

    The same stand is then free for the next, so this stops nothing by itself: stop the list
    first where the stand must stay empty.

    Raises NotAllowed, DomainError `offer.reason_missing`, StaleState `offer.ended`.
    """
    _require_organiser(offer.application.fair, actor)
    _require_reason(reason)
    fair = lock_row(offer.application.fair)
    rows = BoothOffer.objects.filter(pk=offer.pk).select_related("application__organisation")
    row = lock_rows(rows)[0]
    row.application.fair = fair
    if row.state != OfferState.OPEN:
        raise StaleState("offer.ended", end_in_words(row))
    end_offer(row, OfferState.WITHDRAWN, now=timezone.now(), actor=actor, note=reason)
    return row


@transaction.atomic(durable=True)
def note_call(*, offer: BoothOffer, actor: User) -> BoothOffer:
    """Write down that somebody without e-mail was told by telephone.

    Raises NotAllowed, StaleState `offer.ended`.
    """
    _require_organiser(offer.application.fair, actor)
    row = _require_open(offer)
    row.called_at, row.called_by = timezone.now(), actor
    row.save(update_fields=["called_at", "called_by"])
    _record(row.application, actor, "booths.offer_called", booths=row.booths)
    return row


@transaction.atomic(durable=True)
def wait_again(*, application: Application, actor: User | None) -> Application:
    """Let an application that was passed over stand in the order again, at its old place.

    `actor` None is whoever holds the link of its last offer. Raises NotAllowed, StaleState
    `waiting.not_passed_over`.
    """
    if actor is not None and not acts_for(actor, application):
        _require_organiser(application.fair, actor)
    fair = lock_row(application.fair)
    waiter = next((each for each in waiters_of(fair) if each.application == application), None)
    if waiter is None or waiter.place is not None:
        raise StaleState(
            "waiting.not_passed_over",
            _("This application stands in the order already, or waits no more."),
        )
    application.offers.filter(keeps_waiting=False).update(keeps_waiting=True)
    waiter.application.fair = fair
    event = _record(waiter.application, actor, "booths.waits_again")
    ask_to_pass_on(fair, event)
    return waiter.application


@transaction.atomic(durable=True)
def set_waiting_hours(*, fair: Fair, hours: int, actor: User) -> WaitingList:
    """Say how many hours an offer made from now on can be answered.

    Raises NotAllowed, DomainError `waiting.hours`.
    """
    _require_organiser(fair, actor)
    if not 1 <= hours <= MOST_HOURS:
        raise DomainError(
            "waiting.hours", _("An offer can be answered for 1 to %(most)s hours."), most=MOST_HOURS
        )
    row = _list_of(lock_row(fair))
    if row.hours != hours:
        before, row.hours = row.hours, hours
        row.save()
        _record_list(row, actor, "booths.waiting_hours_set", before=before, hours=hours)
    return row


@transaction.atomic(durable=True)
def stop_waiting_list(*, fair: Fair, reason: str, actor: User) -> WaitingList:
    """Make no more offers by itself; those that are open can still be answered.

    Raises NotAllowed, DomainError `offer.reason_missing`, StaleState `waiting.stopped_already`.
    """
    _require_organiser(fair, actor)
    _require_reason(reason)
    row = _list_of(lock_row(fair))
    if row.stopped_at:
        raise StaleState("waiting.stopped_already", _("The waiting list is stopped already."))
    row.stopped_at, row.stopped_by, row.stop_reason = timezone.now(), actor, reason
    row.save()
    _record_list(row, actor, "booths.waiting_list_stopped", reason=reason)
    return row


@transaction.atomic(durable=True)
def resume_waiting_list(*, fair: Fair, actor: User) -> WaitingList:
    """Pass on free stands again, those that became free meanwhile too.

    Raises NotAllowed, StaleState `waiting.runs_already`.
    """
    _require_organiser(fair, actor)
    row = _list_of(lock_row(fair))
    if not row.stopped_at:
        raise StaleState("waiting.runs_already", _("The waiting list is not stopped."))
    row.stopped_at, row.stopped_by, row.stop_reason = None, None, ""
    row.save()
    event = _record_list(row, actor, "booths.waiting_list_resumed")
    ask_to_pass_on(row.fair, event)
    return row


def _list_of(fair: Fair) -> WaitingList:
    row = waiting_list_of(fair)
    row.fair = fair
    return row


def _require_organiser(fair: Fair, actor: User) -> None:
    if not can_organise(actor, fair):
        raise NotAllowed("fair.not_organiser", _("Only an organiser of this fair may do this."))


def _require_reason(reason: str) -> None:
    if not reason:
        raise DomainError("offer.reason_missing", _("Say why. Those concerned read it."))


def _record(
    application: Application, actor: User | None, verb: str, **facts: object
) -> audit.AuditEvent:
    stream = application.fair.stream
    return audit.record(stream=stream, actor=actor, verb=verb, subject=application.code, **facts)


def _record_list(row: WaitingList, actor: User, verb: str, **facts: object) -> audit.AuditEvent:
    fair = row.fair
    return audit.record(stream=fair.stream, actor=actor, verb=verb, subject=fair.code, **facts)
