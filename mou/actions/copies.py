"""Writes: a party fetches its copy, the desk sends a new link."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.errors import DomainError, NotAllowed
from core.locks import lock_row
from fairs.rules import can_organise
from mou import tasks
from mou.actions.records import record
from mou.models import Memorandum, Party, Rendition
from mou.queries import original_of


@transaction.atomic(durable=True)
def send_copy_again(*, memorandum: Memorandum, side: str, actor: User) -> Party:
    """Send one side a new link. Raises NotAllowed, DomainError `copy.not_sealed`."""
    _require(memorandum, actor)
    party = lock_row(memorandum.parties.get(side=side))
    tasks.ask_for_copy(party, row=memorandum, actor=actor)
    record(memorandum, actor, "mou.copy_asked", side=side, by="mail")
    return party


@transaction.atomic(durable=True)
def print_copy_slip(*, memorandum: Memorandum, side: str, actor: User) -> Party:
    """Write down that a slip with a link was made. Raises as `send_copy_again`."""
    _require(memorandum, actor)
    record(memorandum, actor, "mou.copy_asked", side=side, by="slip")
    return memorandum.parties.get(side=side)


def _require(memorandum: Memorandum, actor: User) -> None:
    if not can_organise(actor, memorandum.fair):
        raise NotAllowed("fair.not_organiser", _("Only an organiser of this fair may do this."))
    if original_of(memorandum) is None:
        raise DomainError("copy.not_sealed", _("There is no sealed PDF yet."))


@transaction.atomic(durable=True)
def download_copy(*, party: Party, actor: User | None) -> Rendition:
    """The sealed PDF for one side, with a row of who fetched it.

    Raises DomainError `copy.not_sealed`: before the seal, and once it is void, there is nothing.
    """
    rendition = original_of(party.memorandum)
    if rendition is None:
        raise DomainError("copy.not_sealed", _("There is no sealed PDF yet."))
    record(party.memorandum, actor, "mou.downloaded", side=party.side, file_sha256=rendition.sha256)
    return rendition
