"""Writes: the texts that memoranda are made of, edited until they are first used."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core import audit
from core.errors import DomainError, NotAllowed, StaleState
from core.locks import lock_row, lock_rows
from fairs.rules import can_plan
from mou.models import Wording
from mou.paper.wording import check_wording, standard_wording, wording_sha256
from mou.queries.wordings import is_used

STANDARD = "ocop-2026"


def standing_wording() -> Wording:
    """The wording that a memorandum has unless another is chosen: the newest standard one.

    The first time it is written down. Raises DomainError `wording.none` if all are retired.
    """
    if not Wording.objects.filter(code=STANDARD).exists():
        return _standard()
    usable = Wording.objects.filter(retired_at__isnull=True).order_by("-version", "-pk")
    found = usable.filter(code=STANDARD).first() or usable.first()
    if found is None:
        raise DomainError("wording.none", _("Every wording is retired: copy one first."))
    return found


def _standard() -> Wording:
    content = standard_wording()
    values = {"content": content, "sha256": wording_sha256(content)}
    return Wording.objects.get_or_create(code=STANDARD, version=1, defaults=values)[0]


def require_editor(actor: User | None) -> None:
    """Raise NotAllowed unless `actor` (None is the system) may change what memoranda say."""
    if actor is not None and not can_plan(actor):
        raise NotAllowed(
            "wording.not_editor",
            _("Only organisers of the whole office may change the wordings."),
        )


@transaction.atomic(durable=True)
def add_standard_wording(*, actor: User | None) -> Wording:
    """Write down the text that the product comes with, if it is not there yet. NotAllowed."""
    require_editor(actor)
    wording = _standard()
    _record(wording, actor, "wordings.added")
    return wording


@transaction.atomic(durable=True)
def edit_wording(
    *, wording: Wording, edition: int, title: str, content: Mapping[str, Any], actor: User | None
) -> Wording:
    """Write another text over a wording that no memorandum was frozen with, as of `edition`.

    Raises NotAllowed, WordingError, DomainError `wording.used`, StaleState `wording.stale`.
    """
    require_editor(actor)
    row = lock_row(wording)
    if is_used(row):
        raise DomainError(
            "wording.used",
            _("A memorandum is frozen with this wording: copy it and edit the copy."),
        )
    if row.edition != edition:
        raise StaleState(
            "wording.stale", _("Somebody else has changed this wording in the meantime.")
        )
    check_wording(content)
    before = row.sha256
    row.title, row.content, row.edition = title, dict(content), edition + 1
    row.sha256 = wording_sha256(content)
    row.save()
    _record(row, actor, "wordings.edited", before=before)
    return row


@transaction.atomic(durable=True)
def copy_wording(*, wording: Wording, actor: User | None) -> Wording:
    """Begin the next version of a wording with the same text. Raises NotAllowed."""
    require_editor(actor)
    versions = Wording.objects.filter(code=wording.code)
    lock_rows(versions)
    newest = versions.aggregate(newest=Max("version"))["newest"]
    row = Wording.objects.create(
        code=wording.code,
        version=newest + 1,
        title=wording.title,
        content=wording.content,
        sha256=wording.sha256,
        copied_from=wording,
    )
    _record(row, actor, "wordings.copied", copied_from=wording.version)
    return row


@transaction.atomic(durable=True)
def retire_wording(*, wording: Wording, actor: User | None) -> Wording:
    """Let nobody choose a wording any more; what was made with it stays.

    Raises NotAllowed, StaleState `wording.retired_already`.
    """
    require_editor(actor)
    row = lock_row(wording)
    if row.retired_at:
        raise StaleState("wording.retired_already", _("This wording is retired already."))
    row.retired_at = timezone.now()
    row.save(update_fields=["retired_at"])
    _record(row, actor, "wordings.retired")
    return row


def _record(row: Wording, actor: User | None, verb: str, **facts: object) -> None:
    audit.record(
        stream=audit.OFFICE, actor=actor, verb=verb, subject=str(row), sha256=row.sha256, **facts
    )
