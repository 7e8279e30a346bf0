"""Writes: a fair is held on other days."""

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from accounts.models import User
from core import audit
from core.errors import DomainError, NotAllowed, StaleState
from core.locks import lock_row
from core.vietnam import shown_date
from fairs.actions.pavilions import move_deadlines
from fairs.actions.programme import shift_sessions
from fairs.models import Fair, Session
from fairs.queries.moved import along_with, closing_after
from fairs.rules import MOST_DAYS, can_organise
from fairs.states import MOVABLE

# Nobody plans further ahead.
FURTHEST = timedelta(days=5 * 366)


@transaction.atomic(durable=True)
def shift_fair(
    *, fair: Fair, first_day: date, version: int, actor: User | None, last_day: date | None = None
) -> Fair:
    """Hold the fair from `first_day` to `last_day`; without it, it is as long as before.

    Its programme and the deadlines of its guest provinces move along with the first day, as
    `along_with` has it, and its closing of applications as `closing_after` has it. Raises
    NotAllowed, DomainError of `check_shift`, and StaleState `fair.edited_meanwhile` when
    `version` is not the stored one.
    """
    if actor is not None and not can_organise(actor, fair):
        raise NotAllowed("fair.not_organiser", _("Only an organiser of this fair may do this."))
    row = lock_row(fair)
    if row.version != version:
        raise StaleState(
            "fair.edited_meanwhile", _("Somebody else has saved this fair in the meantime.")
        )
    last_day = check_shift(row, first_day, last_day)
    if (first_day, last_day) == (row.first_day, row.end):
        return row
    old = [row.first_day.isoformat(), row.end.isoformat()]
    now = timezone.now()
    along = along_with(row, first_day, now)
    sessions = shift_sessions(row, first_day - row.first_day)
    deadlines = move_deadlines(along)
    Fair.objects.filter(pk=row.pk, version=version).update(
        first_day=first_day,
        last_day=last_day,
        applications_close_at=closing_after(row, first_day, now),
        version=version + 1,
    )
    row.refresh_from_db()
    audit.record(
        stream=row.stream,
        actor=actor,
        verb="fairs.shifted",
        subject=row.code,
        before=old,
        after=[row.first_day.isoformat(), row.end.isoformat()],
        sessions=sessions,
        deadlines=deadlines,
    )
    return row


def check_shift(fair: Fair, first_day: date, last_day: date | None = None) -> date:
    """The last day that the fair would have.

    Raises DomainError `fair.not_shiftable`, `fair.day_out_of_reach`, `fair.days_not_ordered`,
    `fair.too_long` or `fair.sessions_left_out`.
    """
    if fair.state not in MOVABLE:
        raise DomainError(
            "fair.not_shiftable",
            _("The fair is “%(state)s”: its booths are given out by the day, so its days stay."),
            state=str(fair.get_state_display()),
        )
    today = timezone.localdate()
    if not today <= first_day <= today + FURTHEST:
        raise DomainError(
            "fair.day_out_of_reach",
            _("Choose a first day from %(first)s to %(last)s."),
            first=shown_date(today),
            last=shown_date(today + FURTHEST),
        )
    delta = first_day - fair.first_day
    if last_day is None:
        return fair.end + delta
    if last_day < first_day:
        raise DomainError("fair.days_not_ordered", _("The last day is before the first."))
    if (last_day - first_day).days >= MOST_DAYS:
        raise DomainError("fair.too_long", _("A fair lasts a year at most."))
    end = timezone.make_aware(datetime.combine(last_day + timedelta(days=1) - delta, time.min))
    left_out = Session.objects.filter(fair=fair, starts_at__gte=end).count()
    if left_out:
        raise DomainError(
            "fair.sessions_left_out",
            ngettext_lazy(
                "%(number)s session of the programme is after this last day. Move it first.",
                "%(number)s sessions of the programme are after this last day. Move them first.",
                "number",
            ),
            number=left_out,
        )
    return last_day
