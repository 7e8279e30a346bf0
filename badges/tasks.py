"""What the worker does for badges."""

from django.utils.translation import gettext_noop

from badges.models import BadgeSheet
from badges.rendering import sheet_pdf
from core import audit, jobs, storage

MEDIA_TYPE = "application/pdf"


@jobs.kind("badges.print", title=gettext_noop("Printing badges"), queue="pdf", seconds=120)
def print_badges(run: jobs.Run, *, sheet: int) -> None:
    """Draw one print's PDF, once; the same print always gives the same file."""
    row = BadgeSheet.objects.select_related("fair").get(pk=sheet)
    run.report(0, row.count, gettext_noop("Drawing the badges"))
    paper = sheet_pdf(row)
    run.report(row.count, row.count, gettext_noop("Keeping the PDF"))
    name = storage.write_file(paper.content, media_type=MEDIA_TYPE)
    with run.publishing():
        row.file = storage.keep_file(name, content=paper.content, media_type=MEDIA_TYPE)
        row.pages = paper.pages
        row.save(update_fields=["file", "pages"])
        audit.record(
            stream=row.fair.stream,
            actor=None,
            verb="badges.printed",
            subject=f"{row.fair.code}:{row.number}",
            badges=row.count,
            pages=row.pages,
            content_sha256=row.content_sha256,
            file_sha256=row.file.sha256,
        )
