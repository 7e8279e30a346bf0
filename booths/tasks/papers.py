"""Papers of the booths are drawn and kept as files."""

from hashlib import sha256

from celery import shared_task
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop, override

from booths.allocation import encode_canonical
from booths.models import AllocationRun, BoothPaper
from booths.rendering.papers import draw_paper
from booths.rendering.protocol import protocol_content, protocol_pdf
from booths.states import RunState
from core import audit, jobs, storage
from fairs.models import Fair
from fairs.states import BOOTHS_SHOWN

MEDIA_TYPE = "application/pdf"


@jobs.kind("booths.draw_paper", title=gettext_noop("Drawing a paper"), queue="pdf", seconds=120)
def draw_booth_paper(run: jobs.Run, *, paper: int) -> None:
    """Draw one paper from the values it was asked for with."""
    row = BoothPaper.objects.select_related("fair").get(pk=paper)
    run.report(0, 1, gettext_noop("Drawing the PDF"))
    content = draw_paper(row.name, row.content, language=row.language)
    name = storage.write_file(content, media_type=MEDIA_TYPE)
    with run.publishing():
        row.file = storage.keep_file(name, content=content, media_type=MEDIA_TYPE)
        row.save(update_fields=["file"])
        audit.record(
            stream=row.fair.stream,
            actor=None,
            verb="booths.paper_drawn",
            subject=f"{row.fair.code}:{row.name}",
            language=row.language,
            content_sha256=row.content_sha256,
            file_sha256=row.file.sha256,
        )


@jobs.kind(
    "booths.draw_protocol", title=gettext_noop("Drawing the protocol"), queue="pdf", seconds=180
)
def draw_protocol(run: jobs.Run, *, allocation: int) -> None:
    """Draw the protocol of a published run in every language, with who holds a booth now."""
    row = AllocationRun.objects.select_related("fair").get(pk=allocation)
    languages = [code for code, _name in settings.LANGUAGES]
    drawn = []
    for done, language in enumerate(languages):
        run.report(done, len(languages), gettext_noop("Drawing the PDF"))
        with override(language):
            content = protocol_content(row)
        pdf = protocol_pdf(row, content, language=language).content
        drawn.append((language, content, pdf, storage.write_file(pdf, media_type=MEDIA_TYPE)))
    with run.publishing():
        for language, content, pdf, name in drawn:
            digest = sha256(encode_canonical(content)).hexdigest()
            file = storage.keep_file(name, content=pdf, media_type=MEDIA_TYPE)
            BoothPaper.objects.update_or_create(
                fair=row.fair,
                name=BoothPaper.Name.PROTOCOL,
                language=language,
                content_sha256=digest,
                defaults={
                    "run": row,
                    "content": content,
                    "file": file,
                    "asked_at": timezone.now(),
                },
            )
            audit.record(
                stream=row.fair.stream,
                actor=None,
                verb="booths.protocol_drawn",
                subject=f"{row.fair.code}:{row.number}",
                language=language,
                content_sha256=digest,
                file_sha256=file.sha256,
            )


def ask_for_protocol(fair: Fair, because: audit.AuditEvent) -> None:
    """Let a worker draw the protocol anew, because who holds a booth has just changed."""
    published = AllocationRun.objects.filter(fair=fair, state=RunState.PUBLISHED)
    for number, key in published.values_list("number", "pk"):
        draw_protocol.ask(
            key=f"{fair.code}:{number}:{because.number}",
            stream=fair.stream,
            actor=None,
            allocation=key,
        )


@shared_task(name="booths.watch_papers")
def watch_papers() -> None:
    """Ask for protocols that nobody has drawn, such as those of fairs from before; hourly again."""
    missing = AllocationRun.objects.filter(
        state=RunState.PUBLISHED, fair__state__in=BOOTHS_SHOWN, papers=None
    )
    hour = f"{timezone.now():%Y-%m-%dT%H}"
    with transaction.atomic():
        for row in missing.select_related("fair").defer("instance", "answer"):
            draw_protocol.ask(
                key=f"{row.fair.code}:{row.number}:{hour}",
                stream=row.fair.stream,
                actor=None,
                allocation=row.pk,
            )
