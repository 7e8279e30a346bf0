"""Reads: whose turn it is at the table."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import codes
from mou.models import Memorandum, Signature, SignerRole, SigningSession
from mou.rules import roles_that_may_sign

SESSION_OVER = _("This turn is over. Begin it again at the table.")


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


def has_signed_already(memorandum: Memorandum, role: str) -> str:
    """Who has signed in this role, and when, as a sentence; empty if nobody has."""
    live = memorandum.signatures.filter(superseded_at__isnull=True, revision=memorandum.revision)
    signature = live.filter(role=role).first()
    if signature is None:
        return ""
    return gettext("%(signer)s has signed already, at %(time)s.") % {
        "signer": signature.signer,
        "time": f"{timezone.localtime(signature.signed_at):%H:%M:%S}",
    }


def why_over(memorandum: Memorandum, token: str) -> str:
    """Why the turn of this token is over: signed, begun anew at another table, or too old."""
    session = memorandum.sessions.filter(token_hash=codes.token_hash(token)).first()
    if session is None:
        return str(SESSION_OVER)
    if told := has_signed_already(memorandum, session.role):
        return told
    newer = memorandum.sessions.filter(pk__gt=session.pk).order_by("-pk").first()
    if newer is None:
        return str(SESSION_OVER)
    return gettext("This turn is over: %(role)s was called to sign at %(time)s.") % {
        "role": newer.get_role_display(),
        "time": f"{timezone.localtime(newer.opened_at):%H:%M:%S}",
    }
