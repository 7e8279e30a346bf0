"""What the writes of memoranda have in common: who may, and the row of the audit trail."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core import audit
from core.errors import DomainError, NotAllowed
from fairs.models import Fair
from fairs.rules import can_organise
from fairs.states import FairState
from mou.events import EVENTS
from mou.models import Memorandum
from mou.tasks.webhooks import announce

__all__ = ["EVENTS", "note_download", "record", "require_organiser"]


def require_organiser(actor: User | None, fair: Fair) -> None:
    """Raise NotAllowed, or DomainError `memorandum.fair_cancelled`."""
    if fair.state == FairState.CANCELLED:
        raise DomainError("memorandum.fair_cancelled", _("This fair is cancelled."))
    if actor is not None and not can_organise(actor, fair):
        raise NotAllowed("fair.not_organiser", _("Only an organiser of this fair may do this."))


def record(row: Memorandum, actor: User | None, verb: str, **facts: object) -> None:
    """Add to the audit trail of the memorandum's fair, and tell the programs that listen.

    `verb` is one of `EVENTS`.
    """
    audit.record(stream=row.fair.stream, actor=actor, verb=verb, subject=row.code, **facts)
    announce(row, verb)


@transaction.atomic(durable=True)
def note_download(*, memorandum: Memorandum, actor: User) -> None:
    """Write down that somebody took the sealed original."""
    record(memorandum, actor, "mou.downloaded")
