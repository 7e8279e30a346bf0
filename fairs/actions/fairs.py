"""Writes: a fair moves through its life."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core import audit
from core.errors import DomainError, NotAllowed
from core.locks import lock_row
from fairs.models import Fair, LegalRule
from fairs.rules import can_organise, check_move
from fairs.states import FAIR, FairState


@transaction.atomic(durable=True)
def move_fair(*, fair: Fair, to: str, actor: User | None, reason: str = "") -> Fair:
    """Move the fair to the state `to`; a cancellation needs a reason.

    Raises NotAllowed, DomainError `fair.reason_missing` or one of `check_move`, StaleState.
    """
    return write_move(fair=fair, to=to, actor=actor, reason=reason)


def write_move(*, fair: Fair, to: str, actor: User | None, reason: str = "") -> Fair:
    """`move_fair` inside the caller's transaction."""
    if actor is not None and not can_organise(actor, fair):
        raise NotAllowed("fair.not_organiser", _("Only an organiser of this fair may do this."))
    if to == FairState.CANCELLED and not reason:
        raise DomainError("fair.reason_missing", _("Say why the fair is cancelled."))
    row = lock_row(fair)
    old = row.state
    if FAIR.allows(old, to):
        rule = LegalRule.objects.filter(basis=row.legal_basis).first()
        check_move(row, to, rule, timezone.localdate())
    FAIR.move(row, to, state_reason=reason)
    audit.record(
        stream=row.stream,
        actor=actor,
        verb="fairs.moved",
        subject=row.code,
        before=old,
        after=to,
        reason=reason,
    )
    return row
