"""Writes: what programs ask for under an idempotency key, each once."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from inspect import unwrap
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.errors import DomainError, StaleState
from core.locks import lock_row
from mou.actions.drawing import draw_up_memorandum, freeze_memorandum
from mou.actions.records import record, require_organiser
from mou.models import KEY_LIFE, ApiRequest, Memorandum
from mou.states import MemorandumState

LONGEST_KEY = 80


@dataclass(frozen=True)
class Told:
    """An answer to a program; `again` if it was given before."""

    status: int
    body: str
    etag: str
    again: bool = False


@transaction.atomic(durable=True)
def answer_once(*, actor: User, key: str, request_sha256: str, work: Callable[[], Told]) -> Told:
    """Do `work` and keep its answer, or tell the answer that was kept under `key`.

    The row of the key and the change are one transaction: of two that come at the same instant
    the second waits for the first and gets its answer; if `work` raises, nothing is kept.
    Raises DomainError `request.key_missing` and `request.key_reused`.
    """
    if not 0 < len(key) <= LONGEST_KEY or not key.isascii() or not key.isprintable():
        raise DomainError(
            "request.key_missing",
            _("Send an Idempotency-Key of 1 to %(length)s plain characters."),
            length=LONGEST_KEY,
        )
    who = f"user:{actor.pk}"
    ApiRequest.objects.filter(who=who, created_at__lt=timezone.now() - KEY_LIFE).delete()
    row, is_new = ApiRequest.objects.get_or_create(
        who=who, key=key, defaults={"request_sha256": request_sha256, "status": 0, "body": ""}
    )
    if is_new:
        told = work()
        ApiRequest.objects.filter(pk=row.pk).update(
            status=told.status, body=told.body, etag=told.etag
        )
        return told
    if row.request_sha256 != request_sha256:
        raise DomainError(
            "request.key_reused", _("This Idempotency-Key was used for something else.")
        )
    return Told(row.status, row.body, row.etag, again=True)


# The same actions as the desk's, inside the transaction of `answer_once`.
draw_up: Callable[..., Memorandum] = unwrap(draw_up_memorandum)
freeze: Callable[..., Memorandum] = unwrap(freeze_memorandum)


def etag_of(row: Memorandum) -> str:
    """Changes with the revision, the state and the frozen content."""
    said = f"{row.revision}|{row.state}|{row.content_sha256}|{row.sealed_at}"
    return f'"{row.revision}-{hashlib.sha256(said.encode()).hexdigest()[:16]}"'


def lock_matching(row: Memorandum, if_match: str) -> Memorandum:
    """Lock the memorandum if it is still as the caller saw it.

    Raises DomainError `request.match_missing`, StaleState `request.match_failed`.
    """
    if not if_match:
        raise DomainError(
            "request.match_missing", _("Send If-Match with the ETag that you have seen.")
        )
    locked = lock_row(row)
    if etag_of(locked) not in [tag.strip() for tag in if_match.split(",")]:
        raise StaleState(
            "request.match_failed",
            _("Somebody else has changed this memorandum. Read it again, then try again."),
        )
    return locked


def edit_terms(*, row: Memorandum, changes: Mapping[str, Any], actor: User) -> Memorandum:
    """Change place, witness, witness_position, expires_on of a draft that the caller has locked.

    Raises NotAllowed, StaleState `memorandum.not_draft`, DomainError `memorandum.expired`.
    """
    require_organiser(actor, row.fair)
    if row.state != MemorandumState.DRAFT:
        raise StaleState(
            "memorandum.not_draft", _("This memorandum is no longer a draft: look at it again.")
        )
    expires: date | None = changes.get("expires_on")
    if expires is not None and expires <= timezone.localdate():
        raise DomainError("memorandum.expired", _("The last day must be in the future."))
    changed = sorted(name for name, value in changes.items() if getattr(row, name) != value)
    if changed:
        for name in changed:
            setattr(row, name, changes[name])
        row.revision += 1
        row.save(update_fields=[*changed, "revision"])
        record(row, actor, "mou.edited", revision=row.revision, fields=changed)
    return row


@transaction.atomic(durable=True)
def edit_terms_matching(
    *, memorandum: Memorandum, if_match: str, changes: Mapping[str, Any], actor: User
) -> Memorandum:
    """`edit_terms` of a memorandum that is still as the caller saw it."""
    return edit_terms(row=lock_matching(memorandum, if_match), changes=changes, actor=actor)
