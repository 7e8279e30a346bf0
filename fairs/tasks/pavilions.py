"""Guest provinces are sent their links."""

from smtplib import SMTPRecipientsRefused

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from core import audit, jobs
from core.errors import DomainError
from fairs.models import Pavilion
from fairs.queries.pavilions import LINK_JOB, subject_of
from fairs.rendering.pavilions import letter_of


@jobs.kind(LINK_JOB, title=gettext_noop("Sending a guest province its link"), queue="mail")
def send_pavilion_link(run: jobs.Run, *, pavilion: int) -> None:
    """Send the pavilion's link of now to its address of now."""
    row = Pavilion.objects.select_related("fair", "place").filter(pk=pavilion).first()
    if row is None or not row.email:
        raise DomainError("fair.pavilion_no_email", _("There is no e-mail address to write to."))
    run.report(0, 1, gettext_noop("Handing the e-mail to the mail server"))
    try:
        letter_of(row).send()
    except SMTPRecipientsRefused as error:
        raise DomainError(
            "fair.pavilion_email_refused", _("The mail server does not take this e-mail address.")
        ) from error
    with run.publishing(gettext_noop("The mail server has taken the e-mail.")):
        audit.record(
            stream=row.fair.stream,
            actor=None,
            verb="fairs.pavilion_link_sent",
            subject=subject_of(row),
        )
