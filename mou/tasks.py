"""What the worker does for memoranda."""

from django.utils import timezone
from django.utils.translation import gettext_noop

from core import audit, jobs, storage
from mou.models import Memorandum, Rendition
from mou.rendering import seal_original
from mou.states import MEMORANDUM, MemorandumState

MEDIA_TYPE = "application/pdf"


@jobs.kind("mou.seal", title=gettext_noop("Sealing the PDF"), queue="pdf", seconds=60)
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
        )
