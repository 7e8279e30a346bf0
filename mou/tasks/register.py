"""What each day wants of the register: what has run out ends, checkpoints are made."""

import base64

from celery import shared_task
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from core import audit, jobs
from core.audit import AuditStream
from core.locks import lock_rows
from fairs.models import Fair
from mou.models import Checkpoint, Memorandum
from mou.paper.checkpoint import sign
from mou.queries import next_statement
from mou.sealing import seal_key
from mou.states import IN_FORCE, MEMORANDUM, MemorandumState


@jobs.kind("mou.expire", title=gettext_noop("Ending what has run out"))
def expire_memoranda(run: jobs.Run, *, day: str) -> None:
    """Memoranda whose last day was before `day` are expired."""
    found = Memorandum.objects.filter(state__in=IN_FORCE, expires_on__lt=day)
    with run.publishing():
        for row in lock_rows(found.select_related("fair")):
            MEMORANDUM.move(row, MemorandumState.EXPIRED, ended_on=row.expires_on)
            audit.record(stream=row.fair.stream, actor=None, verb="mou.expired", subject=row.code)


@jobs.kind("mou.checkpoint", title=gettext_noop("Making a checkpoint of the register"))
def make_checkpoint(run: jobs.Run, *, fair: int) -> None:
    """State and sign what a fair's register holds now, if that is more than the last time."""
    row = Fair.objects.get(pk=fair)
    key = seal_key()
    with run.publishing():
        chain = next(iter(lock_rows(AuditStream.objects.filter(name=row.stream))), None)
        frozen_now = timezone.now()
        statement = chain and next_statement(
            row, length=chain.length, head=chain.head, moment=frozen_now
        )
        if not statement:
            return
        Checkpoint.objects.create(
            fair=row,
            number=statement.number,
            size=statement.size,
            root=statement.root,
            head=statement.head,
            length=statement.length,
            signature=base64.b64encode(sign(statement, key)).decode(),
            created_at=frozen_now,
        )
        audit.record(
            stream=row.stream,
            actor=None,
            verb="mou.checkpoint_made",
            subject=row.code,
            number=statement.number,
            size=statement.size,
            root=statement.root,
            certificate_sha256=key.fingerprint,
        )


def ask_checkpoint(fair: Fair, *, occasion: str) -> jobs.Job:
    """Ask for a checkpoint, inside the caller's transaction; once for each occasion."""
    return make_checkpoint.ask(
        key=f"{fair.code}:{occasion}", stream=fair.stream, actor=None, fair=fair.pk
    )


@shared_task(name="mou.daily")
def ask_daily() -> None:
    """Ask for what each day wants of the register; asking again on the same day is nothing."""
    today = timezone.localdate().isoformat()
    with transaction.atomic():
        expire_memoranda.ask(key=today, stream=audit.OFFICE, actor=None, day=today)
        for fair in Fair.objects.filter(memoranda__number__isnull=False).distinct():
            ask_checkpoint(fair, occasion=today)
