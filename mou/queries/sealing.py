"""Reads: which signed memoranda still wait for their seal, and whom to tell."""

from datetime import timedelta

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from accounts.models import Role, User
from core.audit import AuditEvent
from core.jobs import State
from fairs.models import Fair
from mou.models import Memorandum, SignerRole
from mou.states import MemorandumState

LATE = timedelta(minutes=10)
TOLD = "mou.seal_late"

# How long a seal that was given up rests before it is asked for again: a quarter of its age.
LEAST_REST, MOST_REST = timedelta(minutes=1), timedelta(minutes=15)


def unsealed_memoranda() -> QuerySet[Memorandum]:
    """Signed by all three on the table, however long ago, and not sealed; the oldest first."""
    live = Count("signatures", filter=Q(signatures__superseded_at__isnull=True))
    signed = Memorandum.objects.filter(state=MemorandumState.SIGNED).annotate(live=live)
    return (
        signed.filter(live=len(SignerRole))
        .select_related("fair", "job")
        .order_by("signed_at", "pk")
    )


def rests(memorandum: Memorandum) -> bool:
    """Whether its seal is at work, or was given up so lately that it is not asked for yet."""
    job = memorandum.job
    if job is None or memorandum.signed_at is None:
        return False
    if job.state not in (State.FAILED, State.CANCELLED):
        return True
    now = timezone.now()
    rest = min(max((now - memorandum.signed_at) / 4, LEAST_REST), MOST_REST)
    return job.finished_at is not None and now - job.finished_at < rest


def late_seals(fair: Fair | None = None) -> QuerySet[Memorandum]:
    """Those that have waited ten minutes and nobody was told of, at this fair or anywhere."""
    told = AuditEvent.objects.filter(verb=TOLD).values("subject")
    late = unsealed_memoranda().filter(signed_at__lte=timezone.now() - LATE)
    late = late.exclude(code__in=told)
    return late if fair is None else late.filter(fair=fair)


def organisers_to_tell(fair: Fair) -> QuerySet[User]:
    """The fair's organisers and the office's, those that have an address."""
    granted = Q(grants__role=Role.ORGANISER, grants__fair_code__in=["", fair.code])
    return User.objects.filter(granted, is_active=True, email__gt="").distinct().order_by("pk")
