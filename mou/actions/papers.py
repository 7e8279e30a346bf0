"""Writes: a memorandum that was printed and signed by hand."""

from datetime import date, datetime, time

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core import storage
from core.errors import DomainError
from core.locks import lock_row
from mou.actions.records import record, require_organiser
from mou.models import Memorandum, Rendition
from mou.paper.scan import Scan, check_scan
from mou.states import MEMORANDUM, MemorandumState
from mou.tasks.followup import plan_follow_ups


def attach_paper(
    *, memorandum: Memorandum, content: bytes, signed_on: date, actor: User
) -> Rendition:
    """Keep the scan of the paper that all three signed by hand; it is in force from now on.

    What was signed on a screen before stays on record and no longer counts. Raises NotAllowed,
    StaleState, DomainError `scan.…` and `paper.day`, `paper.known`.
    """
    require_organiser(actor, memorandum.fair)
    scan = check_scan(content)
    name = storage.write_file(content, media_type=scan.media_type)
    return _attach(memorandum, content, name, scan, signed_on, actor)


@transaction.atomic(durable=True)
def _attach(
    memorandum: Memorandum, content: bytes, name: str, scan: Scan, signed_on: date, actor: User
) -> Rendition:
    row = lock_row(memorandum)
    frozen_now = timezone.now()
    if not timezone.localtime(row.created_at).date() <= signed_on <= timezone.localdate():
        raise DomainError("paper.day", _("It was signed between its drawing up and today."))
    file = storage.keep_file(name, content=content, media_type=scan.media_type)
    if Rendition.objects.filter(sha256=file.sha256).exists():
        raise DomainError("paper.known", _("This file belongs to a memorandum already."))
    row.signatures.filter(superseded_at__isnull=True).update(superseded_at=frozen_now)
    row.sessions.filter(spent_at__isnull=True).update(spent_at=frozen_now)
    rendition = Rendition.objects.create(
        memorandum=row,
        revision=row.revision,
        kind=Rendition.Kind.PAPER,
        file=file,
        sha256=file.sha256,
        pages=scan.pages,
        created_at=frozen_now,
    )
    MEMORANDUM.move(row, MemorandumState.PAPER, signed_at=_moment(signed_on, frozen_now))
    plan_follow_ups(row)
    record(
        row,
        actor,
        "mou.paper_attached",
        content_sha256=row.content_sha256,
        file_sha256=file.sha256,
        signed_on=signed_on.isoformat(),
    )
    return rendition


def _moment(day: date, frozen_now: datetime) -> datetime:
    """Of a day before today nobody noted the hour: noon stands for it."""
    if day == timezone.localtime(frozen_now).date():
        return frozen_now
    return timezone.make_aware(datetime.combine(day, time(12)))
