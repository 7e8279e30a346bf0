"""Reads: whose turn it is at the table."""

from dataclasses import dataclass

from django.utils import timezone

from core import codes
from mou.models import Memorandum, Signature, SignerRole, SigningSession
from mou.rules import roles_that_may_sign


@dataclass(frozen=True)
class Turn:
    """One signer at the table: who, for whom, and whether they have signed."""

    role: str
    label: str
    name: str
    position: str
    organisation: str
    signature: Signature | None


def turns_of(memorandum: Memorandum) -> list[Turn]:
    """A, B and the witness, as they stand."""
    by_role = {signature.role: signature for signature in memorandum.live_signatures}  # type: ignore[attr-defined]
    parties = {party.side: party for party in memorandum.parties.all()}
    turns = []
    for role in SignerRole:
        party = parties.get(role)
        turns.append(
            Turn(
                role=role,
                label=str(role.label),
                name=party.representative if party else memorandum.witness,
                position=party.position if party else memorandum.witness_position,
                organisation=party.name if party else memorandum.fair.organiser,
                signature=by_role.get(role),
            )
        )
    return turns


def may_sign(memorandum: Memorandum) -> tuple[str, ...]:
    """Whose turn it is, as the memorandum was read."""
    return roles_that_may_sign(
        memorandum,
        {signature.role for signature in memorandum.live_signatures},  # type: ignore[attr-defined]
    )


def open_session_of(memorandum: Memorandum, token: str) -> SigningSession | None:
    """The signer's turn that this token opens, if it is not over."""
    return memorandum.sessions.filter(
        token_hash=codes.token_hash(token),
        revision=memorandum.revision,
        spent_at__isnull=True,
        expires_at__gt=timezone.now(),
    ).first()
