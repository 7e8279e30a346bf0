"""Reads: memoranda through the gate, what the verify page may say, what the register counts."""

from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import codes
from core.errors import NotAllowed
from fairs.models import Measure
from fairs.queries import counts, fairs_of
from mou.models import Memorandum, Party, Rendition, Signature, SignerRole, SigningSession
from mou.paper.apart import judge_apart
from mou.paper.verdict import Verdict, judge
from mou.rules import can_operate, roles_that_may_sign
from mou.states import GENUINE, MemorandumState


def _with_particulars(memoranda: QuerySet[Memorandum]) -> QuerySet[Memorandum]:
    live = Signature.objects.filter(superseded_at__isnull=True)
    return memoranda.select_related("fair", "fair__venue", "wording", "job").prefetch_related(
        "parties", "items", Prefetch("signatures", live, to_attr="live_signatures"), "renditions"
    )


def memoranda_of(actor: Any) -> QuerySet[Memorandum]:
    """The memoranda of the fairs that `actor` may see, and those of their own organisations."""
    if not actor.is_authenticated:
        return Memorandum.objects.none()
    own = Party.objects.filter(organisation__representatives__user=actor).values("memorandum")
    seen = Q(fair__in=fairs_of(actor).values("pk")) | Q(pk__in=own)
    return _with_particulars(Memorandum.objects.filter(seen))


def memorandum_for(actor: Any, code: str) -> Memorandum:
    """The memorandum, if `actor` may see it. Raises Memorandum.DoesNotExist for a stranger."""
    return memoranda_of(actor).get(code=codes.normalise(code))


def operated_memorandum_for(actor: Any, code: str) -> Memorandum:
    """The memorandum, if `actor` may run its table. Raises NotAllowed for a mere reader."""
    memorandum = memorandum_for(actor, code)
    if not can_operate(actor, memorandum):
        raise NotAllowed("fair.not_organiser", _("Only an organiser of this fair may do this."))
    return memorandum


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


def sealed_rendition(memorandum: Memorandum) -> Rendition | None:
    """The sealed original of the present revision."""
    return (
        Rendition.objects.select_related("file")
        .filter(memorandum=memorandum, revision=memorandum.revision)
        .first()
    )


def genuine_memorandum(code: str) -> Memorandum | None:
    """What the public may read about the memorandum with this code, or None.

    A malformed code costs the same look-up as an unknown one.
    """
    found = _with_particulars(Memorandum.objects.filter(code=codes.normalise(code)[:16]))
    return found.filter(
        Q(state__in=[*GENUINE, MemorandumState.SIGNED])
        | Q(state=MemorandumState.VOID, sealed_at__isnull=False)
    ).first()


def known_certificates() -> frozenset[str]:
    """The fingerprints of every certificate that a memorandum was ever sealed with."""
    return frozenset(Rendition.objects.values_list("certificate_sha256", flat=True).distinct())


def verdict_on(pdf: bytes) -> tuple[Verdict, Memorandum | None]:
    """Judge a file that somebody brought; with the memorandum if it is an original of ours.

    A file that the register does not know is opened in a process of its own. Raises
    VerdictError for a file that is too large, and while too many are being judged.
    """
    rendition = (
        Rendition.objects.select_related("memorandum", "memorandum__fair")
        .filter(sha256=sha256(pdf).hexdigest())
        .first()
    )
    if rendition is None:
        return judge_apart(pdf, pinned=known_certificates()), None
    return judge(pdf, known=lambda _sha256: True, pinned=frozenset()), rendition.memorandum


@counts(Measure.MEMORANDA)
def count_signed(year: int) -> int:
    """Memoranda sealed at the fairs of that year's plan, void ones left out."""
    return Memorandum.objects.filter(fair__plan__year=year, state__in=GENUINE).count()


def expires_after(day: date, months: int) -> date:
    """The day `months` after `day`; the last of the month where that month is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in range(day.day, 27, -1):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    return date(year, month + 1, day.day)
