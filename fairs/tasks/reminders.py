"""Every day people are told of what is due."""

import logging
from collections import defaultdict
from collections.abc import Iterable
from contextlib import closing
from datetime import date
from smtplib import SMTPException

from celery import shared_task
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop, override

from accounts.models import Grant, Role, User
from core import audit, jobs
from core.locks import lock_row
from fairs.models import Fair, Reminder
from fairs.queries import Deadline, deadlines_of
from fairs.queries.deadlines import stage_of
from fairs.states import OVER

log = logging.getLogger(__name__)

# Nobody wants a letter at midnight.
FIRST_HOUR = 7


@shared_task(name="fairs.ask_reminders")
def ask_reminders() -> None:
    """Ask for today's reminders once it is morning; that they were asked for before is no harm."""
    now = timezone.localtime()
    if now.hour < FIRST_HOUR:
        return
    day = now.date().isoformat()
    with transaction.atomic():
        send_reminders.ask(key=day, stream=audit.OFFICE, actor=None, day=day)


@jobs.kind("fairs.remind", title=gettext_noop("Reminding of deadlines"), queue="mail", seconds=600)
def send_reminders(run: jobs.Run, *, day: str) -> None:
    """One letter for each organiser of each fair that has a deadline at a new stage.

    At most once: that a stage is told is written before the letters go out. Of the two mishaps
    the lost letter is the smaller one, for the desk shows the deadline all the while and the
    next stage tells it again; a letter that comes anew with every attempt is soon thrown away
    unread. Only where the mail server took none of a fair's letters, and said so, is the row
    taken back, and the job is tried again.
    """
    today = date.fromisoformat(day)
    wanted = Fair.objects.exclude(state__in=OVER).filter(last_day__gte=today)
    due: dict[Fair, list[Deadline]] = defaultdict(list)
    for deadline in deadlines_of(list(wanted.select_related("venue")), today):
        if deadline.is_duty and stage_of(deadline.days_left) is not None:
            due[deadline.fair].append(deadline)
    organisers = _organisers()
    failed: Exception | None = None
    for done, (fair, deadlines) in enumerate(due.items(), start=1):
        people = organisers[""] | organisers[fair.code]
        try:
            _remind(fair, deadlines, people.values())
        except (SMTPException, OSError) as error:
            log.warning("%s: no reminder was sent (%s)", fair.code, error)
            failed = error
        run.report(done, len(due), gettext_noop("Writing to the organisers"))
    if failed:
        raise failed
    with run.publishing():
        pass


def _organisers() -> dict[str, dict[int, User]]:
    """Those who can be written to, by the fair they organise, "" for all fairs."""
    grants = Grant.objects.filter(role=Role.ORGANISER, user__is_active=True)
    found: dict[str, dict[int, User]] = defaultdict(dict)
    for grant in grants.exclude(user__email=None).exclude(user__email="").select_related("user"):
        found[grant.fair_code][grant.user_id] = grant.user
    return found


def _remind(fair: Fair, deadlines: list[Deadline], people: Iterable[User]) -> None:
    """Raises what the mail server answered if it took none of the letters."""
    everybody = list(people)
    new = _claim(fair, deadlines) if everybody else []
    if not new:
        return
    failures = _send([deadline for deadline, _reminder in new], fair, everybody)
    if len(failures) == len(everybody):
        Reminder.objects.filter(pk__in=[reminder.pk for _deadline, reminder in new]).delete()
        raise failures[0]
    for error in failures:
        log.warning("%s: one reminder was not sent (%s)", fair.code, error)


def _send(deadlines: list[Deadline], fair: Fair, people: list[User]) -> list[Exception]:
    """Write to everybody; what went wrong, once for each who gets no letter."""
    failures: list[Exception] = []
    with closing(get_connection()) as connection:
        for person in people:
            try:
                connection.open()
                connection.send_messages([_letter(fair, deadlines, person)])
            except (SMTPException, OSError) as error:
                failures.append(error)
    return failures


@transaction.atomic(durable=True)
def _claim(fair: Fair, deadlines: list[Deadline]) -> list[tuple[Deadline, Reminder]]:
    """Those deadlines whose stage nobody has told yet, now written down as told.

    The fair's lock puts two workers in order; should there be none, the table's constraint lets
    only one of them through.
    """
    row = lock_row(fair)
    known = set(Reminder.objects.filter(fair=row).values_list("deadline", "due", "days_before"))
    new = []
    for deadline in deadlines:
        stage = stage_of(deadline.days_left)
        if stage is None or (deadline.key, deadline.day, stage) in known:
            continue
        reminder = Reminder.objects.create(
            fair=row, deadline=deadline.key, due=deadline.day, days_before=stage
        )
        new.append((deadline, reminder))
    return new


def _letter(fair: Fair, deadlines: list[Deadline], person: User) -> EmailMessage:
    """The letter in the reader's language."""
    with override(person.language):
        context = {
            "fair": fair,
            "person": person,
            "deadlines": deadlines,
            "address": settings.SITE_URL + reverse("papers", args=[fair.code]),
        }
        subject = render_to_string("fairs/email/reminder_subject.txt", context)
        text = render_to_string("fairs/email/reminder.txt", context)
        return EmailMessage(" ".join(subject.split()), text, to=[person.email or ""])
