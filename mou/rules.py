"""Who may draw up, witness, read and download memoranda."""

from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from accounts.models import Device, Role
from accounts.rules import has_office_role
from fairs.models import Fair
from fairs.rules import can_organise, can_see_fair
from mou.models import SIDES, FollowUp, Memorandum, SignerRole, Station
from mou.states import GENUINE, SIGNABLE
from registry.models import Organisation


def can_operate(actor: Any, memorandum: Memorandum) -> bool:
    """Draw it up, freeze it, run the signing table."""
    return can_organise(actor, memorandum.fair)


def can_see_memorandum(actor: Any, memorandum: Memorandum) -> bool:
    """The desk of its fair, and the people of its two parties."""
    return can_see_fair(actor, memorandum.fair) or _is_party(actor, memorandum)


def can_download(actor: Any, memorandum: Memorandum) -> bool:
    """The sealed PDF, by those who may see the memorandum; before the seal there is nothing."""
    return memorandum.state in GENUINE and can_see_memorandum(actor, memorandum)


def can_act_for(actor: Any, organisation: Organisation) -> bool:
    """Its representatives."""
    return organisation.representatives.filter(user=actor).exists()


def can_hook(actor: Any, fair: Fair | None) -> bool:
    """Decide which programs are told: organisers of the fair, or of the office for all fairs."""
    return can_organise(actor, fair) if fair else has_office_role(actor, [Role.ORGANISER])


def _is_party(actor: Any, memorandum: Memorandum) -> bool:
    return memorandum.parties.filter(organisation__representatives__user=actor).exists()


def roles_that_may_sign(memorandum: Memorandum, signed: set[str]) -> tuple[str, ...]:
    """Whose turn it is: A and B in any order, the witness once both have signed."""
    if memorandum.state not in SIGNABLE:
        return ()
    parties = {SignerRole.PARTY_A, SignerRole.PARTY_B}
    if parties <= signed:
        return () if SignerRole.WITNESS in signed else (SignerRole.WITNESS,)
    return tuple(role for role in SignerRole if role in parties and role not in signed)


# Days after the due day on which the question and its two reminders go out.
STAGES = (0, 7, 21)


def stage_due(follow_up: FollowUp, today: date) -> bool:
    """Whether the next message of an unanswered question goes out today.

    One that went out late keeps the next at its distance: nobody gets two on one day.
    """
    stage = follow_up.reminders
    if stage >= len(STAGES) or today < follow_up.due_on + timedelta(days=STAGES[stage]):
        return False
    if follow_up.reminded_at is None:
        return True
    gap = timedelta(days=STAGES[stage] - STAGES[max(stage - 1, 0)])
    return today >= timezone.localdate(follow_up.reminded_at) + gap


def is_enrolled(device: Device, now: datetime) -> bool:
    """Whether the tablet may work: enrolled, not revoked, and its time is not over."""
    return bool(device.enrolled_at and not device.revoked_at and device.expires_at > now)


def serves(device: Device, station: Station | None) -> bool:
    """Whether the tablet was enrolled for this signing table."""
    return bool(station and device.scope == station.scope)


def needs_code(memorandum: Memorandum, role: str) -> bool:
    """Whether this signer types a one-time code: the parties of a ceremony that asks for it.

    The witness is the office's own and stands beside the table.
    """
    return bool(memorandum.ceremony and memorandum.ceremony.needs_code and role in SIDES)
