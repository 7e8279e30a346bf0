"""Writes: a fair is held on other days."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core import audit
from core.errors import DomainError, NotAllowed, StaleState
from core.locks import lock_row
from core.vietnam import shown_date
from fairs.actions.programme import shift_sessions
from fairs.models import Fair
from fairs.rules import can_organise
from fairs.states import MOVABLE

# Nobody plans further ahead.
FURTHEST = timedelta(days=5 * 366)


@transaction.atomic(durable=True)
def shift_fair(*, fair: Fair, first_day: date, version: int, actor: User | None) -> Fair:
    """Let the fair, as long as before, begin on `first_day`; its programme moves along.

    When applications close stays as it was announced. Raises NotAllowed, DomainError
    `fair.not_shiftable` or `fair.day_out_of_reach`, and StaleState `fair.edited_meanwhile` when
    `version` is not the stored one.
    """
    if actor is not None and not can_organise(actor, fair):
        raise NotAllowed("fair.not_organiser", _("Only an organiser of this fair may do this."))
    row = lock_row(fair)
    if row.version != version:
        raise StaleState(
            "fair.edited_meanwhile", _("Somebody else has saved this fair in the meantime.")
        )
    check_shift(row, first_day)
    delta = first_day - row.first_day
    if not delta:
        return row
    old = [row.first_day.isoformat(), row.end.isoformat()]
    Fair.objects.filter(pk=row.pk, version=version).update(
        first_day=first_day, last_day=row.end + delta, version=version + 1
    )
    sessions = shift_sessions(row, delta)
    row.refresh_from_db()
    audit.record(
        stream=row.stream,
        actor=actor,
        verb="fairs.shifted",
        subject=row.code,
        before=old,
        after=[row.first_day.isoformat(), row.end.isoformat()],
        sessions=sessions,
    )
    return row


def check_shift(fair: Fair, first_day: date) -> None:
    """Raise DomainError `fair.not_shiftable` or `fair.day_out_of_reach` if this cannot be."""
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
