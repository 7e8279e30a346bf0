"""Memoranda signed by all are sealed, and nobody waits for a seal in silence."""

from celery import shared_task
from django.conf import settings
from django.core import mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext_noop, ngettext

from accounts.models import User
from core import audit, jobs, storage
from core.locks import lock_row
from fairs.models import Fair
from mou import queries
from mou.models import Memorandum, Rendition
from mou.queries.sealing import TOLD
from mou.rendering import seal_original
from mou.sealing import QUEUE
from mou.states import MEMORANDUM, MemorandumState
from mou.tasks.afterwards import after_seal

MEDIA_TYPE = "application/pdf"


@jobs.kind("mou.seal", title=gettext_noop("Sealing the PDF"), queue=QUEUE, seconds=60)
def seal_memorandum(run: jobs.Run, *, memorandum: int) -> None:
    """Render and seal one signed memorandum, once; a second run is refused."""
    row = Memorandum.objects.select_related("fair", "wording").get(pk=memorandum)
    run.report(0, 2, gettext_noop("Drawing and sealing the PDF"))
    original = seal_original(row)
    run.report(1, 2, gettext_noop("Keeping the sealed PDF"))
    name = storage.write_file(original.pdf, media_type=MEDIA_TYPE)
    with run.publishing():
        file = storage.keep_file(name, content=original.pdf, media_type=MEDIA_TYPE)
        frozen_now = timezone.now()
        Rendition.objects.create(
            memorandum=row,
            revision=row.revision,
            kind=Rendition.Kind.SEALED,
            file=file,
            sha256=file.sha256,
            pages=original.pages,
            certificate_sha256=original.certificate_sha256,
            timestamped_at=original.timestamped_at,
            created_at=frozen_now,
        )
        MEMORANDUM.move(row, MemorandumState.SEALED, sealed_at=frozen_now)
        audit.record(
            stream=row.fair.stream,
            actor=None,
            verb="mou.sealed",
            subject=row.code,
            file_sha256=file.sha256,
            certificate_sha256=original.certificate_sha256,
            is_timestamped=original.timestamped_at is not None,
        )
        if row.replaces:
            _end_replaced(row.replaces, by=row)
        after_seal(row)


def _end_replaced(memorandum: Memorandum, *, by: Memorandum) -> None:
    """What was replaced is no longer in force from the moment the new one is sealed."""
    old = lock_row(memorandum)
    if not MEMORANDUM.allows(old.state, MemorandumState.TERMINATED):
        return
    MEMORANDUM.move(
        old,
        MemorandumState.TERMINATED,
        ended_on=timezone.localdate(),
        state_reason=f"Thay thế bằng {by.shown_number}",
    )
    audit.record(
        stream=old.fair.stream, actor=None, verb="mou.replaced", subject=old.code, by=by.code
    )


@shared_task(name="mou.watch_seals")
def watch_seals() -> None:
    """Ask again for every seal that was given up, and tell the organisers of those that are late.

    There is no upper age: a memorandum that three people signed is sealed in the end.
    """
    for row in queries.unsealed_memoranda():
        if not queries.rests(row):
            ask_for_seal(row)
    for row in queries.late_seals():
        with transaction.atomic():
            tell_of_late_seals.ask(
                key=row.fair.code + ":" + _first_late(row.fair),
                stream=row.fair.stream,
                actor=None,
                fair=row.fair.pk,
            )


@transaction.atomic
def ask_for_seal(row: Memorandum) -> None:
    """Ask for the seal of a memorandum signed by all; one that is at work or done stays."""
    job = seal_memorandum.ask(
        key=f"{row.code}:{row.revision}", stream=row.fair.stream, actor=None, memorandum=row.pk
    )
    Memorandum.objects.filter(pk=row.pk).update(job=job)


@jobs.kind(
    "mou.tell_of_late_seals",
    title=gettext_noop("Telling the organisers of a late seal"),
    queue="mail",
)
def tell_of_late_seals(run: jobs.Run, *, fair: int) -> None:
    """Write to the organisers, once for each memorandum that has waited ten minutes."""
    where = Fair.objects.get(pk=fair)
    late = list(queries.late_seals(where))
    letters = [_letter(person, where, late) for person in queries.organisers_to_tell(where)]
    with run.publishing():
        for row in late:
            audit.record(stream=where.stream, actor=None, verb=TOLD, subject=row.code)
        # Last, and inside: what is not sent is not noted, and is tried again.
        if late and letters:
            mail.get_connection().send_messages(letters)


def _first_late(fair: Fair) -> str:
    """Names the letter: until it is sent, the oldest late memorandum stays the same."""
    first = queries.late_seals(fair).first()
    return first.code if first else ""


def _letter(person: User, fair: Fair, late: list[Memorandum]) -> mail.EmailMessage:
    with translation.override(person.language or settings.LANGUAGE_CODE):
        count = len(late)
        subject = ngettext(
            "%(count)s signed memorandum still waits for its seal",
            "%(count)s signed memoranda still wait for their seal",
            count,
        )
        context = {"fair": fair, "late": late, "site": settings.SITE_URL}
        body = render_to_string("mou/late_seals.txt", context)
        return mail.EmailMessage(subject % {"count": count}, body, to=[str(person.email)])
