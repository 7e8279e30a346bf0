"""Memoranda that were signed some time ago."""

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from core.storage import keep_file, write_file
from fairs.models import Fair
from mou.models import Memorandum, Rendition
from mou.states import MemorandumState
from mou.tasks.followup import plan_follow_ups
from tests import builders

_number = count(1)


def make_sealed(fair: Fair | None = None, *, days_ago: int = 0, **fields: Any) -> Memorandum:
    """A sealed memorandum with its questions; its PDF is not made."""
    signed: datetime = timezone.now() - timedelta(days=days_ago)
    values = {
        "state": MemorandumState.SEALED,
        "number": next(_number),
        "year": 2026,
        "content_sha256": "0" * 64,
        "signed_at": signed,
        "sealed_at": signed,
        **fields,
    }
    memorandum = builders.make_memorandum(fair, **values)
    plan_follow_ups(memorandum)
    return memorandum


def make_original(memorandum: Memorandum) -> bytes:
    """A stand-in for its sealed PDF; the bytes."""
    content = b"%PDF-1.7\n" + memorandum.code.encode()
    name = write_file(content, media_type="application/pdf")
    file = keep_file(name, content=content, media_type="application/pdf")
    Rendition.objects.create(
        memorandum=memorandum,
        revision=memorandum.revision,
        kind=Rendition.Kind.SEALED,
        file=file,
        sha256=file.sha256,
        pages=1,
        created_at=timezone.now(),
    )
    return content
