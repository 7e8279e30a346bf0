"""Writes: what became of a memorandum, as one side or, for it, an organiser says."""

from dataclasses import asdict, dataclass

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.errors import DomainError, NotAllowed, StaleState
from fairs.rules import can_organise
from mou.actions.records import record
from mou.models import Answer, FollowUp
from mou.states import GENUINE


@dataclass(frozen=True)
class Details:
    """What may be added to an answer; `value` in đồng."""

    contract_number: str = ""
    volume: str = ""
    value: int | None = None
    problem: str = ""


@transaction.atomic(durable=True)
def answer_follow_up(
    *,
    follow_up: FollowUp,
    version: int,
    answer: str,
    details: Details | None,
    actor: User | None,
    on_behalf: bool = False,
) -> FollowUp:
    """Keep an answer, or its correction; without `details` those given before stay.

    Whoever holds the link may answer; `on_behalf` is an organiser who has asked by telephone.
    Raises NotAllowed, DomainError `follow_up.closed`, StaleState `follow_up.stale` if somebody
    else has answered since `version`.
    """
    memorandum = follow_up.memorandum
    if on_behalf and not can_organise(actor, memorandum.fair):
        raise NotAllowed("fair.not_organiser", _("Only an organiser of this fair may do this."))
    if memorandum.state not in GENUINE or not follow_up.is_open(timezone.localdate()):
        raise DomainError("follow_up.closed", _("This question can no longer be answered here."))
    changed = FollowUp.objects.filter(pk=follow_up.pk, version=version).update(
        has_contract=answer == Answer.CONTRACT,
        has_problem=answer == Answer.PROBLEM,
        answered_at=timezone.now(),
        answered_by=actor,
        version=F("version") + 1,
        **(asdict(details) if details else {}),
    )
    if not changed:
        raise StaleState(
            "follow_up.stale",
            _("Somebody else answered this in the meantime. Compare, then save again."),
        )
    record(
        memorandum,
        actor,
        "mou.follow_up_answered",
        side=follow_up.side,
        months=follow_up.months,
        answer=str(answer),
        on_behalf=on_behalf,
    )
    follow_up.refresh_from_db()
    return follow_up
