"""Writes: the papers of a fair are uploaded, replaced, ticked off."""

from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core import audit, storage
from core.errors import DomainError, NotAllowed, StaleState
from core.locks import lock_row
from core.papers import media_type_of, name_for
from fairs.models import ChecklistItem, ChecklistTick, Document, Fair
from fairs.rules import can_organise


@dataclass(frozen=True)
class Paper:
    """An uploaded paper: what it is called, and its file."""

    title: str
    number: str
    valid_until: date | None
    file_name: str
    content: bytes


def upload_document(
    *,
    fair: Fair,
    paper: Paper,
    actor: User | None,
    item: ChecklistItem | None = None,
    replaces: Document | None = None,
) -> Document:
    """Keep a paper, as the next version of the one it replaces, which stays as it was.

    A line of the checklist has one paper at a time: the next one for it must replace it.

    Raises NotAllowed, StaleState `paper.replaced` if that one is no longer the newest, and
    DomainError of `media_type_of` or `paper.other_fair`.
    """
    _require_organiser(fair, actor)
    media_type = media_type_of(paper.content)
    # Before the transaction: a crash leaves a file without a row, never a row without its file.
    name = storage.write_file(paper.content, media_type=media_type)
    with transaction.atomic(durable=True):
        row = lock_row(fair)
        _require_newest(row, item, replaces)
        document = Document.objects.create(
            fair=row,
            item=item,
            title=paper.title,
            number=paper.number,
            file=storage.keep_file(name, content=paper.content, media_type=media_type),
            file_name=name_for(paper.file_name, media_type),
            valid_until=paper.valid_until,
            version=replaces.version + 1 if replaces else 1,
            replaces=replaces,
            uploaded_by=actor,
        )
        audit.record(
            stream=row.stream,
            actor=actor,
            verb="fairs.paper_uploaded",
            subject=f"document:{document.pk}",
            item=item.pk if item else None,
            version=document.version,
            replaces=replaces.pk if replaces else None,
            sha256=document.file.sha256,
        )
    return document


@transaction.atomic(durable=True)
def tick_item(*, fair: Fair, item: ChecklistItem, note: str, actor: User | None) -> ChecklistTick:
    """Say that the fair has what needs no document, or why it needs none.

    Raises NotAllowed, DomainError `paper.note_missing` or `paper.not_asked`, StaleState
    `paper.ticked`.
    """
    _require_organiser(fair, actor)
    row = lock_row(fair)
    if item.rule.basis != row.legal_basis or item.retired_at:
        raise DomainError("paper.not_asked", _("This is not on the fair's checklist."))
    if item.needs_document and not note:
        raise DomainError("paper.note_missing", _("Say why this fair does not need the document."))
    try:
        with transaction.atomic():
            tick = ChecklistTick.objects.create(fair=row, item=item, note=note, ticked_by=actor)
    except IntegrityError as error:
        raise StaleState("paper.ticked", _("Somebody has ticked this off already.")) from error
    _record(row, actor, "fairs.paper_ticked", item, note=note)
    return tick


@transaction.atomic(durable=True)
def untick_item(*, fair: Fair, item: ChecklistItem, actor: User | None) -> None:
    """Take a tick back. Raises NotAllowed, StaleState `paper.not_ticked`."""
    _require_organiser(fair, actor)
    row = lock_row(fair)
    ticks = ChecklistTick.objects.filter(fair=row, item=item)
    note = ticks.values_list("note", flat=True).first()
    if note is None:
        raise StaleState("paper.not_ticked", _("This is not ticked off any more."))
    ticks.delete()
    _record(row, actor, "fairs.paper_unticked", item, note=note)


def _require_organiser(fair: Fair, actor: User | None) -> None:
    if actor is not None and not can_organise(actor, fair):
        raise NotAllowed("fair.not_organiser", _("Only an organiser of this fair may do this."))


def _require_newest(fair: Fair, item: ChecklistItem | None, replaces: Document | None) -> None:
    if replaces and replaces.fair_id != fair.pk:
        raise DomainError("paper.other_fair", _("This paper belongs to another fair."))
    taken = Document.objects.filter(fair=fair, replaced_by__isnull=True)
    seen = replaces.pk if replaces else 0
    is_old = replaces and not taken.filter(pk=seen).exists()
    if is_old or (item and taken.filter(item=item).exclude(pk=seen).exists()):
        raise StaleState(
            "paper.replaced",
            _("Somebody else has uploaded this paper in the meantime. Look at theirs first."),
        )


def _record(
    fair: Fair, actor: User | None, verb: str, item: ChecklistItem, **facts: object
) -> None:
    audit.record(stream=fair.stream, actor=actor, verb=verb, subject=f"item:{item.pk}", **facts)
