"""Writes: a notice is sent, what failed is tried again, and who wants none says so."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core import audit
from core.errors import DomainError, NotAllowed, StaleState
from core.locks import lock_row
from fairs import tasks
from fairs.models import Delivery, Fair, Notice
from fairs.queries.notices import Audience, next_number, reached
from fairs.rules import can_organise, check_announceable
from fairs.states import DeliveryState
from registry.models import Organisation


@dataclass(frozen=True, kw_only=True)
class NoticeContent:
    """What is said, and to whom."""

    subject: str
    body: str
    audience: Audience


@transaction.atomic(durable=True)
def send_notice(*, fair: Fair, number: int, content: NoticeContent, actor: User) -> Notice:
    """Make the fair's notice `number`, and ask for its letters to be sent.

    Whom it goes to is decided now: by e-mail, on paper, or not at all. Sending the same once
    more under the same number, as a button pressed twice does, gives the notice that is there.

    Raises NotAllowed, DomainError of `check_announceable`, `notice.nobody`, and StaleState
    `notice.meanwhile` when another notice has been sent since `number` was the next.
    """
    row = _lock(fair, actor)
    sent = row.notices.filter(number=number).first()
    if sent and _is_same(sent, content, actor):
        return sent
    if number != next_number(row):
        raise StaleState(
            "notice.meanwhile",
            _(
                "Another notice of this fair was sent in the meantime. Look at it in the list; "
                "yours is kept here and not sent yet."
            ),
        )
    organisations = list(reached(content.audience))
    if not organisations:
        raise DomainError("notice.nobody", _("No producer fits this choice."))
    notice = Notice.objects.create(
        fair=row,
        number=number,
        subject=content.subject,
        body=content.body,
        audience=content.audience.facts(),
        sent_by=actor,
    )
    states = _deliver(notice, organisations)
    audit.record(
        stream=row.stream,
        actor=actor,
        verb="fairs.notice_asked",
        subject=_subject(notice),
        audience=notice.audience,
        **states,
    )
    if DeliveryState.WAITING in states:
        _ask(notice, actor)
    return notice


@transaction.atomic(durable=True)
def retry_notice(*, notice: Notice, actor: User) -> None:
    """Let the letters that failed wait again, and ask for them to be sent.

    Raises NotAllowed, DomainError of `check_announceable`, `notice.at_work`,
    `notice.none_failed`.
    """
    _lock(notice.fair, actor)
    row = lock_row(notice)
    if row.job and row.job.is_open:
        raise DomainError("notice.at_work", _("This notice is still being sent."))
    failed = row.deliveries.filter(state=DeliveryState.FAILED)
    count = failed.update(state=DeliveryState.WAITING, error="", sent_at=None)
    if not count:
        raise DomainError("notice.none_failed", _("No e-mail of this notice has failed."))
    audit.record(
        stream=row.fair.stream,
        actor=actor,
        verb="fairs.notice_retried",
        subject=_subject(row),
        failed=count,
    )
    _ask(row, actor)


@transaction.atomic(durable=True)
def unsubscribe(*, organisation: Organisation) -> None:
    """Send this organisation no more notices. Whoever has its link may ask; twice is once."""
    row = lock_row(organisation)
    if row.unsubscribed_at is None:
        _set_unsubscribed(row, is_leaving=True)


@transaction.atomic(durable=True)
def subscribe_again(*, organisation: Organisation) -> None:
    """Send it notices again, from the next one on."""
    row = lock_row(organisation)
    if row.unsubscribed_at is not None:
        _set_unsubscribed(row, is_leaving=False)


def _set_unsubscribed(organisation: Organisation, *, is_leaving: bool) -> None:
    organisation.unsubscribed_at = timezone.now() if is_leaving else None
    organisation.save(update_fields=["unsubscribed_at"])
    audit.record(
        stream=audit.OFFICE,
        actor=None,
        verb="fairs.unsubscribed" if is_leaving else "fairs.subscribed_again",
        subject=organisation.code,
    )


def _lock(fair: Fair, actor: User) -> Fair:
    if not can_organise(actor, fair):
        raise NotAllowed("fair.not_organiser", _("Only an organiser of this fair may do this."))
    row = lock_row(fair)
    check_announceable(row)
    return row


def _is_same(sent: Notice, content: NoticeContent, actor: User) -> bool:
    return (sent.sent_by_id, sent.subject, sent.body, sent.audience) == (
        actor.pk,
        content.subject,
        content.body,
        content.audience.facts(),
    )


def _deliver(notice: Notice, organisations: Iterable[Organisation]) -> Counter[str]:
    """Lay down which way the notice goes to each; how many go which way."""
    deliveries = [
        Delivery(
            notice=notice,
            organisation=organisation,
            email=organisation.email,
            state=_way_to(organisation),
        )
        for organisation in organisations
    ]
    Delivery.objects.bulk_create(deliveries)
    return Counter(delivery.state for delivery in deliveries)


def _way_to(organisation: Organisation) -> DeliveryState:
    if organisation.unsubscribed_at:
        return DeliveryState.UNSUBSCRIBED
    return DeliveryState.WAITING if organisation.email else DeliveryState.ON_PAPER


def _ask(notice: Notice, actor: User) -> None:
    """A job that is done cannot be asked for again, so each round is a job of its own."""
    key = f"{_subject(notice)}:{notice.job_id or 0}"
    notice.job = tasks.send_notice.ask(
        key=key, stream=notice.fair.stream, actor=actor, notice=notice.pk
    )
    notice.save(update_fields=["job"])


def _subject(notice: Notice) -> str:
    return f"{notice.fair.code}:{notice.number}"
