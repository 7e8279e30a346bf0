"""Notices are sent.

A letter is sent at most once without being asked again. Nobody can hand a letter to a mail
server and note it in a database in one step, so a worker killed between the two leaves one
letter of which nobody knows whether it went. Sending that again by itself might send it twice,
and forgetting it would lose it; so it is neither: before a letter is handed over its row is
marked as begun (`sent_at`, by compare-and-set), afterwards as sent. A row that was begun and
has no end is shown as failed, in words that say so, and a person decides whether to try again.
"""

from contextlib import suppress
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from core import audit, jobs
from core.errors import DomainError
from core.text import clean
from fairs.models import Delivery, Notice
from fairs.queries.notices import notice_of
from fairs.rendering.notice import mail_to
from fairs.states import DeliveryState

INTERRUPTED = gettext_noop("Sending was interrupted: this e-mail may have arrived or not.")
# Mail servers end a connection after so many letters; ours ends before, between two of them.
LETTERS_A_CONNECTION = 50


@jobs.kind(
    "fairs.send_notice", title=gettext_noop("Sending the notice"), queue="mail", seconds=3600
)
def send_notice(run: jobs.Run, *, notice: int) -> None:
    """Send whatever of the notice still waits, one letter after the other.

    Raises DomainError `mail.no_server`; what was not sent then waits on.
    """
    row = Notice.objects.select_related("fair").get(pk=notice)
    waiting = row.deliveries.filter(state=DeliveryState.WAITING)
    waiting.filter(sent_at__isnull=False).update(state=DeliveryState.FAILED, error=INTERRUPTED)
    deliveries = list(waiting.select_related("organisation"))
    connection = get_connection()
    try:
        for done, delivery in enumerate(deliveries):
            run.report(done, len(deliveries), gettext_noop("Sending e-mails one by one"))
            if done % LETTERS_A_CONNECTION == 0:
                _close(connection)
            _open(connection)
            _send(delivery, row, connection)
    finally:
        _close(connection)
    run.report(len(deliveries), len(deliveries))
    with run.publishing():
        counted = notice_of(row.fair, row.number)
        audit.record(
            stream=row.fair.stream,
            actor=None,
            verb="fairs.notice_sent",
            subject=f"{row.fair.code}:{row.number}",
            **{state: getattr(counted, f"{state}_count") for state in DeliveryState.values},
        )


def _send(delivery: Delivery, notice: Notice, connection: BaseEmailBackend) -> None:
    """Send one letter, unless somebody else did or the organisation wants none any more."""
    waiting = Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.WAITING, sent_at=None)
    delivery.organisation.refresh_from_db(fields=["unsubscribed_at"])
    if delivery.organisation.unsubscribed_at:
        waiting.update(state=DeliveryState.UNSUBSCRIBED)
        return
    begun = timezone.now()
    if not waiting.update(sent_at=begun):
        return
    ours = Delivery.objects.filter(pk=delivery.pk, sent_at=begun)
    try:
        mail = mail_to(
            delivery.organisation,
            delivery.email,
            notice=notice,
            key=f"notice-{notice.pk}-{delivery.pk}",
            connection=connection,
        )
        mail.send()
    except (SMTPException, OSError, ValueError) as error:
        ours.update(state=DeliveryState.FAILED, error=_reason(error), sent_at=None)
        _close(connection)
    else:
        ours.update(state=DeliveryState.SENT, error="")


def _open(connection: BaseEmailBackend) -> None:
    try:
        connection.open()
    except (SMTPException, OSError) as error:
        raise DomainError(
            "mail.no_server",
            _("The mail server cannot be reached. What was not sent waits; try again later."),
        ) from error


def _close(connection: BaseEmailBackend) -> None:
    with suppress(SMTPException, OSError):
        connection.close()


def _reason(error: Exception) -> str:
    """Why an address did not get its letter, as short as the column and as the server said it."""
    said: bytes | str = str(error) or type(error).__name__
    code = ""
    if isinstance(error, SMTPRecipientsRefused):
        number, said = next(iter(error.recipients.values()))
        code = str(number)
    elif isinstance(error, SMTPResponseException):
        code, said = str(error.smtp_code), error.smtp_error
    text = said.decode(errors="replace") if isinstance(said, bytes) else said
    return clean(f"{code} {text}")[:200]
