"""Letters to applicants, handed to the mail server."""

from collections.abc import Iterator
from contextlib import contextmanager
from smtplib import SMTPRecipientsRefused

from django.core.mail import EmailMessage
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from booths.models import Application, BoothOffer, DecisionMessage
from booths.rendering import apply, offers
from booths.rendering.review import mail_of
from core import audit, jobs
from core.errors import DomainError


@jobs.kind("booths.receipt", title=gettext_noop("Sending a receipt"), queue="mail")
def send_receipt(run: jobs.Run, *, application: int, address: str) -> None:
    """Tell the applicant by e-mail that the application has arrived."""
    rows = Application.objects.select_related("fair", "organisation")
    row = rows.prefetch_related("products").get(pk=application)
    with _handed_over(run, apply.letter_of(row, address)):
        audit.record(
            stream=row.fair.stream, actor=None, verb="booths.receipt_sent", subject=row.code
        )


@jobs.kind("booths.decision", title=gettext_noop("Sending a decision"), queue="mail")
def send_decision(run: jobs.Run, *, message: int) -> None:
    """Tell one applicant by e-mail what was decided, in the words that were previewed."""
    row = DecisionMessage.objects.select_related("application__fair").get(pk=message)
    with _handed_over(run, mail_of(row)):
        audit.record(
            stream=row.application.fair.stream,
            actor=None,
            verb="booths.decision_sent",
            subject=row.application.code,
        )


@jobs.kind("booths.offer_letter", title=gettext_noop("Telling of an offer"), queue="mail")
def send_offer_letter(run: jobs.Run, *, offer: int, address: str) -> None:
    """Write to the applicant how the offer stands now."""
    rows = BoothOffer.objects.select_related("application__fair", "application__organisation")
    row = rows.get(pk=offer)
    with _handed_over(run, offers.letter_of(row, address)):
        audit.record(
            stream=row.application.fair.stream,
            actor=None,
            verb="booths.offer_told",
            subject=row.application.code,
            booths=row.booths,
            state=row.state,
        )


@contextmanager
def _handed_over(run: jobs.Run, letter: EmailMessage) -> Iterator[None]:
    """Hand the letter to the mail server; in the block it is written down that it was taken.

    Raises DomainError `booths.email_refused` where the address itself is at fault.
    """
    run.report(0, 1, gettext_noop("Handing the e-mail to the mail server"))
    try:
        letter.send()
    except SMTPRecipientsRefused as error:
        raise DomainError(
            "booths.email_refused", _("The mail server does not take this e-mail address.")
        ) from error
    with run.publishing(gettext_noop("The mail server has taken the e-mail.")):
        yield
