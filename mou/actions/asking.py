"""Writes: a distributor asks for a memorandum at a producer's booth."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from booths.models import Application
from core.errors import DomainError, NotAllowed
from core.locks import lock_row
from mou.actions.drawing import Line, write_draft
from mou.models import Memorandum
from mou.queries.asking import ASKABLE
from mou.queries.memoranda import expires_after
from mou.rules import can_act_for
from mou.states import MemorandumState
from registry.models import Organisation
from registry.queries import province_of

MONTHS = 12


@transaction.atomic(durable=True)
def ask_for_memorandum(
    *, application: Application, distributor: Organisation, lines: Sequence[Line], actor: User
) -> Memorandum:
    """Draw up a draft with the producer whose booth it is, for the desk to check and freeze.

    Raises NotAllowed `memorandum.not_theirs`, DomainError `memorandum.no_products`,
    `memorandum.fair_not_open`, `memorandum.asked_already`, and those of drawing up.
    """
    if not distributor.is_distributor or not can_act_for(actor, distributor):
        raise NotAllowed(
            "memorandum.not_theirs", _("Only who acts for a distributor may ask for a memorandum.")
        )
    fair, producer = application.fair, application.organisation
    if fair.state not in ASKABLE:
        raise DomainError(
            "memorandum.fair_not_open",
            _("Memoranda can be asked for from when the booths are published to the fair's end."),
        )
    if not lines:
        raise DomainError("memorandum.no_products", _("Put at least one product in first."))
    lock_row(distributor)
    waiting = Memorandum.objects.filter(fair=fair, state=MemorandumState.DRAFT)
    waiting = waiting.filter(parties__organisation=producer)
    if waiting.filter(pk__in=distributor.parties.values("memorandum")).exists():
        raise DomainError(
            "memorandum.asked_already",
            _("The desk has a draft between these two already. Go there to change it."),
        )
    stands_in = fair.venue.place if fair.venue else None
    place = province_of(stands_in).name if stands_in else ""
    return write_draft(
        fair=fair,
        producer=producer,
        distributor=distributor,
        lines=lines,
        place=place,
        witness="",
        witness_position="",
        expires_on=expires_after(timezone.localdate(), MONTHS),
        actor=actor,
        verb="mou.asked_for",
        facts={"application": application.code},
    )
