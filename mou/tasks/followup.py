"""The questions after 3, 6 and 12 months: planned with the seal, sent on their day, reminded of."""

import logging
from datetime import date, timedelta
from smtplib import SMTPException

from celery import shared_task
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import F
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext_noop

from core import jobs
from mou.models import MONTHS, SIDES, FollowUp, Memorandum
from mou.queries import contact_of, expires_after
from mou.rules import STAGES, stage_due
from mou.states import GENUINE

log = logging.getLogger(__name__)

# When the last of the three questions closes, in months after the signing.
LAST_MONTH = 18


def plan_follow_ups(row: Memorandum) -> None:
    """Write the questions of both sides, counted from the day of the signing. Twice is once."""
    signed = timezone.localdate(row.signed_at or row.sealed_at or timezone.now())
    closing = (*MONTHS[1:], LAST_MONTH)
    FollowUp.objects.bulk_create(
        (
            FollowUp(
                memorandum=row,
                side=side,
                months=months,
                due_on=expires_after(signed, months),
                closes_on=expires_after(signed, closes),
            )
            for side in SIDES
            for months, closes in zip(MONTHS, closing, strict=True)
        ),
        ignore_conflicts=True,
    )


@shared_task(name="mou.ask_follow_ups")
def ask_follow_ups() -> None:
    """Ask for today's round. Beat rings many times a day; the day's key makes it one job."""
    today = timezone.localdate()
    with transaction.atomic():
        follow_up_round.ask(key=today.isoformat(), stream="office", actor=None, day=str(today))


@jobs.kind("mou.follow_up_round", title=gettext_noop("Asking what became of memoranda"))
def follow_up_round(run: jobs.Run, *, day: str) -> None:
    """Ask for a message for every question that is due and every reminder that is."""
    today = date.fromisoformat(day)
    waiting = FollowUp.objects.filter(
        answered_at__isnull=True,
        due_on__lte=today,
        closes_on__gt=today,
        reminders__lt=len(STAGES),
        memorandum__state__in=GENUINE,
    ).select_related("memorandum__fair")
    due = [
        (row, row.reminders)
        for row in waiting
        if stage_due(row, today) and contact_of(row.memorandum, row.side).email
    ]
    run.report(0, len(due), gettext_noop("Asking what became of memoranda"))
    with run.publishing():
        for row, stage in due:
            send_follow_up.ask(
                key=f"{row.pk}:{stage}:{day}",
                stream=row.memorandum.fair.stream,
                actor=None,
                follow_up=row.pk,
                stage=stage,
            )


@jobs.kind("mou.follow_up", title=gettext_noop("Sending a question"), queue="mail", seconds=60)
def send_follow_up(run: jobs.Run, *, follow_up: int, stage: int) -> None:
    """Send the question (stage 0) or a reminder to one side, at most once.

    The stage is taken before the message leaves: a worker that dies in between has sent nothing
    twice. If the mail server refuses it, the stage is given back and the job tries again.
    """
    row = FollowUp.objects.select_related("memorandum__fair").get(pk=follow_up)
    contact = contact_of(row.memorandum, row.side)
    mine = FollowUp.objects.filter(
        pk=row.pk,
        reminders=stage,
        answered_at__isnull=True,
        closes_on__gt=timezone.localdate(),
        memorandum__state__in=GENUINE,
    )
    if contact.email and mine.update(reminders=stage + 1, reminded_at=timezone.now()):
        try:
            _send(row, contact.email, contact.name, contact.language, is_reminder=stage > 0)
        except (SMTPException, OSError):
            FollowUp.objects.filter(pk=row.pk, reminders=stage + 1).update(
                reminders=F("reminders") - 1, reminded_at=row.reminded_at
            )
            raise
    with run.publishing():
        pass


def _send(row: FollowUp, email: str, name: str, language: str, *, is_reminder: bool) -> None:
    context = {"follow_up": row, "memorandum": row.memorandum, "name": name}
    context |= {"is_reminder": is_reminder, "until": _last_day(row)}
    with translation.override(language):
        subject = render_to_string("mou/email/follow_up_subject.txt", context).strip()
        message = render_to_string("mou/email/follow_up_message.txt", context)
    send_mail(subject, message, None, [email])


def _last_day(row: FollowUp) -> date | None:
    return row.closes_on - timedelta(days=1) if row.closes_on else None
