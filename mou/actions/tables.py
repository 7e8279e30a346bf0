"""What the writes at a signing table have in common: who may run it, and what losers are told."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Device, User
from core.errors import DomainError, NotAllowed, StaleState
from mou.actions.records import require_organiser
from mou.models import Memorandum
from mou.queries.signing import has_signed_already, why_over
from mou.rules import is_enrolled, serves


def require_table(memorandum: Memorandum, actor: User | None, device: Device | None) -> None:
    """Let in an organiser, or the tablet that one of them enrolled for the memorandum's table.

    Raises NotAllowed, DomainError `memorandum.fair_cancelled`, `ceremony.closed`.
    """
    require_organiser(actor, memorandum.fair)
    if device is None:
        return
    device.refresh_from_db()
    if not is_enrolled(device, timezone.now()) or not serves(device, memorandum.station):
        raise NotAllowed("table.other_device", _("This tablet is not enrolled for this table."))
    if memorandum.ceremony and memorandum.ceremony.closed_at:
        raise DomainError("ceremony.closed", _("This ceremony is closed."))


def not_their_turn(row: Memorandum, role: str) -> StaleState:
    """Why this role cannot sign now; if it has signed, who and when."""
    told = has_signed_already(row, role) or _("It is not this signer's turn.")
    return StaleState("signing.not_their_turn", told)


def session_over(row: Memorandum, token: str) -> StaleState:
    """Why this turn is over."""
    return StaleState("signing.session_over", why_over(row, token))
