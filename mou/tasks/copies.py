"""Both sides get a link to the sealed PDF by e-mail."""

from datetime import datetime
from smtplib import SMTPException

from django.core.mail import send_mail
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext_noop

from core import jobs
from mou.models import SIDES, Memorandum, Party
from mou.queries import contact_of, copy_address, copy_ends, original_of


def ask_for_copy(party: Party, *, row: Memorandum, actor: object) -> None:
    """Ask for one side's message; asking again before it has gone out sends no second one.

    The minute is in the key, so that a job which found no address does not stand in the way of
    one that is asked for once the address is there.
    """
    last = party.copy_sent_at.isoformat() if party.copy_sent_at else "first"
    minute = f"{timezone.now():%Y%m%dT%H%M}" if actor else ""
    send_copy.ask(
        key=f"{row.code}:{row.revision}:{party.side}:{last}:{minute}",
        stream=row.fair.stream,
        actor=actor,
        memorandum=row.pk,
        side=party.side,
        after=last,
    )


def ask_for_copies(row: Memorandum) -> None:
    """Ask for the first messages to both sides."""
    for party in Party.objects.filter(memorandum=row, side__in=SIDES, copy_sent_at__isnull=True):
        ask_for_copy(party, row=row, actor=None)


@jobs.kind("mou.copy", title=gettext_noop("Sending the link to the PDF"), queue="mail", seconds=60)
def send_copy(run: jobs.Run, *, memorandum: int, side: str, after: str) -> None:
    """Send one side a fresh link, once for each time it was asked for.

    The party's `copy_sent_at` is moved on from `after` before the message leaves and put back if
    the mail server refuses it.
    """
    row = Memorandum.objects.select_related("fair").get(pk=memorandum)
    party = Party.objects.get(memorandum=row, side=side)
    party.memorandum = row
    contact = contact_of(row, side)
    before = None if after == "first" else datetime.fromisoformat(after)
    unsent = Q(copy_sent_at__isnull=True) if before is None else Q(copy_sent_at=before)
    same = Party.objects.filter(unsent, pk=party.pk)
    now = timezone.now()
    message = ""
    if not contact.email:
        message = gettext_noop("There is no e-mail address: print the slip with the QR code.")
    elif original_of(row) and same.update(copy_sent_at=now):
        try:
            _send(party, contact.email, contact.name, contact.language)
        except (SMTPException, OSError):
            Party.objects.filter(pk=party.pk, copy_sent_at=now).update(copy_sent_at=before)
            raise
    with run.publishing(message):
        pass


def _send(party: Party, email: str, name: str, language: str) -> None:
    context = {"party": party, "memorandum": party.memorandum, "name": name}
    context |= {"address": copy_address(party), "until": copy_ends()}
    with translation.override(language):
        subject = render_to_string("mou/email/copy_subject.txt", context).strip()
        message = render_to_string("mou/email/copy_message.txt", context)
    send_mail(subject, message, None, [email])
