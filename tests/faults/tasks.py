"""A job that a test can hold in its middle."""

import time
from decimal import Decimal
from pathlib import Path

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from core import jobs, storage
from core.errors import DomainError
from tests.faults.models import Mark


@jobs.kind("tests.mark", title="Test", queue="pdf", seconds=60)
def leave_mark(run: jobs.Run, *, name: str, gate: str) -> None:
    """Make a file, wait while the file `gate` exists, then publish the file and one row."""
    content = f'{{"name": "{name}"}}'.encode()
    stored = storage.write_file(content, media_type="application/json")
    run.report(1, 2, gettext_noop("Waiting for the worker"))
    while Path(gate).exists():
        time.sleep(0.02)
    with run.publishing():
        file = storage.keep_file(stored, content=content, media_type="application/json")
        Mark.objects.create(name=name, attempt=run.attempt, file=file)


@jobs.kind("tests.fail", title="Test")
def fail_always(run: jobs.Run, *, reason: str) -> None:
    """Fail in an unexpected way."""
    raise RuntimeError(reason)


@jobs.kind("tests.refuse", title="Test")
def refuse(run: jobs.Run, *, limit: str) -> None:
    """Refuse for good, in a sentence that Django itself has in Vietnamese."""
    raise DomainError(
        "tests.refused",
        _("Ensure this value is less than or equal to %(limit_value)s."),
        limit_value=Decimal(limit),
    )
