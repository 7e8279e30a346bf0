"""Reads: what the register can prove of itself, and where it cannot."""

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core import audit
from core.audit import AuditEvent
from fairs.models import Fair
from mou.models import Checkpoint, Memorandum, Register, Rendition
from mou.paper.checkpoint import Statement, signer_of
from mou.paper.merkle import inclusion_proof, root

SEALED = "mou.sealed"
ON_PAPER = "mou.paper_attached"
# What gives a memorandum its original: a sealed file, or the scan of what was signed by hand.
ORIGINALS = (SEALED, ON_PAPER)
FROZEN = "mou.frozen"
MADE = "mou.checkpoint_made"


@dataclass(frozen=True)
class Inclusion:
    """Where an original stands in a checkpoint's tree, and the hashes that lead to its root."""

    checkpoint: Checkpoint
    index: int
    proof: tuple[str, ...]


def statement_of(checkpoint: Checkpoint) -> Statement:
    """What the checkpoint's signature is given over."""
    return Statement(
        log=checkpoint.fair.code,
        number=checkpoint.number,
        size=checkpoint.size,
        root=checkpoint.root,
        head=checkpoint.head,
        length=checkpoint.length,
        made_at=checkpoint.created_at,
    )


def next_statement(fair: Fair, *, length: int, head: str, moment: datetime) -> Statement | None:
    """The fair's next checkpoint over its chain as far as `length`; None if nothing is new.

    The event that recorded the last checkpoint is nothing new.
    """
    last = latest_checkpoint(fair)
    if length <= (last.length + 1 if last else 0):
        return None
    leaves = [bytes.fromhex(leaf) for _number, leaf in _leaves(fair.stream, length)]
    return Statement(
        log=fair.code,
        number=last.number + 1 if last else 1,
        size=len(leaves),
        root=root(leaves).hex(),
        head=head,
        length=length,
        made_at=moment,
    )


def _leaves(stream: str, length: int) -> list[tuple[int, str]]:
    """The sha256 of the originals in the order in which the chain heard of them.

    Later ones come after, never between, so every checkpoint is the beginning of the next.
    """
    events = AuditEvent.objects.filter(stream=stream, verb__in=ORIGINALS, number__lte=length)
    found = events.order_by("number").values_list("number", "facts__file_sha256")
    return list(found)


def checkpoints() -> QuerySet[Checkpoint]:
    """Every checkpoint, the newest first."""
    return Checkpoint.objects.select_related("fair").order_by("-created_at", "-pk")


def latest_checkpoint(fair: Fair) -> Checkpoint | None:
    """The newest checkpoint of the fair's register."""
    return Checkpoint.objects.filter(fair=fair).order_by("-number").first()


def inclusion_of(memorandum: Memorandum, rendition: Rendition) -> Inclusion | None:
    """The proof that the newest checkpoint covers this original; None if none does yet."""
    checkpoint = latest_checkpoint(memorandum.fair)
    if checkpoint is None:
        return None
    leaves = [leaf for _number, leaf in _leaves(memorandum.fair.stream, checkpoint.length)]
    if rendition.sha256 not in leaves:
        return None
    index = leaves.index(rendition.sha256)
    proof = inclusion_proof([bytes.fromhex(leaf) for leaf in leaves], index)
    return Inclusion(checkpoint, index, tuple(each.hex() for each in proof))


@audit.checks
def broken_checkpoints() -> Iterator[str]:
    """The first checkpoint of each fair that chain, sealed files or signature speak against."""
    stored: dict[Fair, dict[int, Checkpoint]] = {}
    for checkpoint in Checkpoint.objects.select_related("fair"):
        stored.setdefault(checkpoint.fair, {})[checkpoint.number] = checkpoint
    for fair in Fair.objects.filter(memoranda__number__isnull=False).distinct().order_by("pk"):
        wrong = _first_wrong(fair, stored.get(fair, {}))
        if wrong:
            number, reason = wrong
            yield _("%(fair)s: checkpoint %(number)s %(reason)s") % {
                "fair": fair.code,
                "number": number,
                "reason": reason,
            }


def _first_wrong(fair: Fair, stored: dict[int, Checkpoint]) -> tuple[int, str] | None:
    """Its number and what is wrong with it; the chain says which there must be, and whose."""
    events = AuditEvent.objects.filter(stream=fair.stream)
    made = events.filter(verb=MADE).values_list("facts__number", "facts__certificate_sha256")
    signers = dict(made)
    ends = [checkpoint.length for checkpoint in stored.values()]
    heads = dict(events.filter(number__in=ends).values_list("number", "hash"))
    leaves = _leaves(fair.stream, max(ends, default=0))
    for number in range(1, max([*signers, *stored], default=0) + 1):
        checkpoint = stored.get(number)
        if checkpoint is None:
            return number, _("is missing")
        if number not in signers:
            return number, _("was inserted")
        if heads.get(checkpoint.length) != checkpoint.head:
            return number, _("does not fit the chain")
        covered = [bytes.fromhex(leaf) for at, leaf in leaves if at <= checkpoint.length]
        if (len(covered), root(covered).hex()) != (checkpoint.size, checkpoint.root):
            return number, _("does not fit the sealed files")
        signature = base64.b64decode(checkpoint.signature)
        if signer_of(statement_of(checkpoint), signature) != signers[number]:
            return number, _("has a signature that does not fit")
    return None


@audit.checks
def broken_registers() -> Iterator[str]:
    """The first number of each register that is missing, or given out by nobody."""
    for register in Register.objects.select_related("fair").order_by("fair", "year"):
        rows = Memorandum.objects.filter(fair=register.fair, year=register.year)
        numbers = list(
            rows.exclude(number=None).order_by("number").values_list("number", flat=True)
        )
        if numbers != list(range(1, register.last_number + 1)):
            wrong = next(
                (at for at, number in enumerate(numbers, start=1) if at != number),
                min(len(numbers), register.last_number) + 1,
            )
            yield _("%(register)s: number %(number)s is missing or was inserted") % {
                "register": f"{register.fair.code} {register.year}",
                "number": wrong,
            }


@audit.checks
def broken_memoranda() -> Iterator[str]:
    """Frozen content and originals that are not what the chain heard of."""
    heard: dict[str, set[str]] = {}
    events = AuditEvent.objects.filter(verb__in=[*ORIGINALS, FROZEN]).values_list(
        "subject", "facts__file_sha256", "facts__content_sha256"
    )
    for subject, *hashes in events:
        heard.setdefault(subject, set()).update(hashes)
    frozen = Memorandum.objects.exclude(content_sha256="").exclude(state="draft")
    rows = frozen.order_by("fair", "year", "number").values_list(
        "code", "content", "content_sha256"
    )
    for code, content, sha256 in rows.iterator():
        made = hashlib.sha256(b"mou-content/1\0" + content.encode()).hexdigest()
        if made != sha256 or sha256 not in heard.get(code, ()):
            yield _("%(code)s: the content was changed") % {"code": code}
            break
    files = Rendition.objects.filter(
        kind__in=[Rendition.Kind.SEALED, Rendition.Kind.PAPER]
    ).order_by("pk")
    for code, sha256 in files.values_list("memorandum__code", "sha256").iterator():
        if sha256 not in heard.get(code, ()):
            yield _("%(code)s: the original was changed") % {"code": code}
            break
    kept = set(files.values_list("sha256", flat=True))
    lost = AuditEvent.objects.filter(verb__in=ORIGINALS).order_by("stream", "number")
    for code, sha256 in lost.values_list("subject", "facts__file_sha256"):
        if sha256 not in kept:
            yield _("%(code)s: the original is missing") % {"code": code}
            break
