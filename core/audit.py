"""The append-only, hash-chained record of who did what.

Each stream (one per fair, `office` for the rest) is a chain: an event's hash covers
its own facts and the hash before it, so a changed, deleted or inserted row breaks the
chain at that place and `manage.py verify_audit` names it. Triggers in the database
refuse UPDATE and DELETE. Facts hold codes and hashes, never a person's particulars,
so erasing a person never breaks a chain.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.locks import lock_rows

OFFICE = "office"
GENESIS = "0" * 64


class AuditStream(models.Model):
    """The head of one chain; locking it is what puts two writers in order."""

    name = models.CharField(max_length=80, unique=True)
    length = models.PositiveBigIntegerField(default=0)
    head = models.CharField(max_length=64, default=GENESIS)

    class Meta:
        app_label = "core"

    def __str__(self) -> str:
        return f"{self.name} ({self.length})"


class AuditEvent(models.Model):
    """One thing that happened. Rows are only ever inserted."""

    stream = models.CharField(max_length=80)
    number = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    verb = models.CharField(max_length=80)
    subject = models.CharField(max_length=120)
    facts = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        app_label = "core"
        ordering = ["stream", "number"]
        verbose_name = _("audit event")
        verbose_name_plural = _("audit events")
        constraints = [
            models.UniqueConstraint(fields=["stream", "number"], name="audit_event_number"),
        ]
        indexes = [models.Index(fields=["subject"], name="audit_event_subject")]

    def __str__(self) -> str:
        return f"{self.stream} {self.number} {self.verb}"


@dataclass(frozen=True)
class Break:
    """Where a chain is broken: the first row that does not hold, and why."""

    stream: str
    number: int
    reason: str


def record(*, stream: str, actor: Any, verb: str, subject: str, **facts: Any) -> AuditEvent:
    """Append one event to `stream`, inside the caller's transaction.

    `actor` is a user or None for the system itself; `facts` are plain JSON values.
    """
    AuditStream.objects.get_or_create(name=stream)
    head = lock_rows(AuditStream.objects.filter(name=stream))[0]
    event = AuditEvent(
        stream=stream,
        number=head.length + 1,
        at=timezone.now(),
        actor=actor,
        verb=verb,
        subject=subject,
        facts=facts,
        previous_hash=head.head,
    )
    event.hash = event_hash(event)
    event.save(force_insert=True)
    AuditStream.objects.filter(pk=head.pk).update(length=event.number, head=event.hash)
    return event


HASHED = ("stream", "number", "at", "actor_id", "verb", "subject", "facts", "previous_hash")
# One for all: making it anew for each event is most of the time that a long chain takes.
ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def event_hash(event: AuditEvent) -> str:
    """SHA-256 over the event as canonical JSON, the hash before it included."""
    return _hash(*(getattr(event, name) for name in HASHED))


def _hash(*facts: Any) -> str:
    """Of an event's fields in the order of `HASHED`."""
    content = dict(zip(HASHED, facts, strict=True))
    content["at"], content["actor"] = _instant(content["at"]), content.pop("actor_id")
    return hashlib.sha256(b"cho-phien-audit/1\0" + ENCODER.encode(content).encode()).hexdigest()


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


Check = Callable[[], Iterator[str]]
CHECKS: list[Check] = []


def checks(find: Check) -> Check:
    """Register what else must agree with the chains: it yields a sentence for what does not."""
    CHECKS.append(find)
    return find


def find_breaks() -> Iterator[Break]:
    """The first break of every broken chain."""
    heads = {head.name: head for head in AuditStream.objects.all()}
    written = AuditEvent.objects.values_list("stream", flat=True).order_by("stream").distinct()
    for stream in sorted({*heads, *written}):
        found = _first_break(stream, heads.get(stream))
        if found:
            yield found


def _first_break(stream: str, head: AuditStream | None) -> Break | None:
    previous, number = GENESIS, 0
    length, last = (head.length, head.head) if head else (0, GENESIS)
    events = AuditEvent.objects.filter(stream=stream, number__lte=length).order_by("number")
    for facts in events.values_list(*HASHED, "hash").iterator():
        hashed, at, before, own = facts[:-1], facts[1], facts[-2], facts[-1]
        if at == 0:
            return Break(stream, at, "inserted")
        if at > number + 1:
            break
        if before != previous or own != _hash(*hashed):
            return Break(stream, at, "changed")
        previous, number = own, at
    if number < length:
        return Break(stream, number + 1, "missing")
    if previous != last:
        return Break(stream, number, "changed")
    beyond = _first_beyond(stream, length)
    return Break(stream, beyond, "inserted") if beyond else None


def _first_beyond(stream: str, length: int) -> int | None:
    """The first event that no head covers; what was recorded while we read is none."""
    later = AuditEvent.objects.filter(stream=stream, number__gt=length).order_by("number")
    numbers = list(later.values_list("number", flat=True))
    # After the events, so that each of them that is true has moved the head before.
    head = AuditStream.objects.filter(name=stream).first()
    return next((number for number in numbers if not head or number > head.length), None)
