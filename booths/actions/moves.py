"""Writes: stands of a proposal are moved by hand, each move a run of its own."""

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from booths.allocation import encode_canonical, read_instance
from booths.allocation.fitting import Refusal
from booths.allocation.moves import Board, Effect
from booths.allocation.score import count_quota, list_violations, score_assignments
from booths.models import AllocationRun
from booths.queries import applications_in, quotas_of
from booths.rendering.moves import plain_shifts, refusal_in_words
from booths.states import RUN, RunState
from core import audit
from core.errors import DomainError, NotAllowed, StaleState
from core.locks import lock_row, lock_rows
from fairs.models import Fair
from fairs.rules import can_organise
from fairs.states import FairState


@transaction.atomic(durable=True)
def move_stand(
    *,
    run: AllocationRun,
    application: str,
    booths: Collection[str] | None,
    reason: str,
    actor: User,
) -> AllocationRun:
    """Give `booths` to the application of that code, or take its own (None), and return a new run.

    The new run has the inputs and the bound of `run`, its answer with the move and the score
    recomputed, and every move since the computed plan. `run` stays as it is, superseded.

    Raises NotAllowed, DomainError `allocation.not_now`, `moves.reason_missing`, `moves.unknown`,
    `moves.refused` (by the solver's own rules), StaleState `moves.superseded`.
    """
    fair, row = _open(run, actor)
    if not reason:
        raise DomainError("moves.reason_missing", _("Say why: it stands in the public protocol."))
    assert row.answer is not None  # constraint run_proposal_has_answer
    board = Board(read_instance(row.instance), row.answer["assignments"])
    effect = _weigh(fair, board, application, booths)
    number = _next_number(fair)
    move = {
        "application": application,
        "shifts": plain_shifts(effect.shifts),
        "gain": asdict(effect.gain),
        "reason": reason,
        "by": actor.name,
        "at": timezone.now().isoformat(timespec="seconds"),
    }
    answer = _answer_after(row, board, effect, move, number)
    made = _propose(
        fair, row, number, answer=answer, adjusted_from=row, moves=[*row.moves, move], actor=actor
    )
    audit.record(
        stream=fair.stream,
        actor=actor,
        verb="booths.stand_moved",
        subject=f"{fair.code}:{number}",
        from_run=row.number,
        application=application,
        shifts=move["shifts"],
        score=answer["score"],
        score_before=row.answer["score"],
        answer_sha256=_digest(answer),
        reason=reason,
    )
    return made


@transaction.atomic(durable=True)
def take_back_move(*, run: AllocationRun, actor: User) -> AllocationRun:
    """Propose once more, as a new run, the plan that `run`'s last move was made on.

    Raises NotAllowed, DomainError `allocation.not_now`, `moves.none`, StaleState
    `moves.superseded`.
    """
    fair, row = _open(run, actor)
    before = row.adjusted_from
    if before is None:
        raise DomainError("moves.none", _("Nothing was moved by hand in this run."))
    assert before.answer is not None
    number = _next_number(fair)
    made = _propose(
        fair,
        row,
        number,
        answer=before.answer,
        adjusted_from=before.adjusted_from,
        moves=before.moves,
        actor=actor,
    )
    audit.record(
        stream=fair.stream,
        actor=actor,
        verb="booths.move_taken_back",
        subject=f"{fair.code}:{number}",
        from_run=row.number,
        application=row.moves[-1]["application"],
        score=before.answer["score"],
        answer_sha256=_digest(before.answer),
    )
    return made


def _open(run: AllocationRun, actor: User) -> tuple[Fair, AllocationRun]:
    """The fair and its proposal, locked; of two who move stands at once the second is told."""
    if not can_organise(actor, run.fair):
        raise NotAllowed("fair.not_organiser", _("Only an organiser of this fair may do this."))
    fair, row = lock_row(run.fair), lock_row(run)
    if fair.state not in (FairState.ALLOCATING, FairState.PUBLISHED):
        raise DomainError("allocation.not_now", _("The booths of this fair can no longer change."))
    if row.state != RunState.PROPOSED:
        raise StaleState(
            "moves.superseded",
            _("Run %(number)s is no longer the proposal: nothing of it is moved any more."),
            number=row.number,
        )
    return fair, row


def _weigh(fair: Fair, board: Board, application: str, booths: Collection[str] | None) -> Effect:
    if application not in board.known:
        raise DomainError("moves.unknown", _("This application takes no part in the run."))
    effect = board.weigh(application, booths)
    if isinstance(effect, Refusal):
        raise DomainError("moves.refused", _("Nothing is moved. %(why)s"), why=_words(fair, effect))
    return effect


def _next_number(fair: Fair) -> int:
    newest = AllocationRun.objects.filter(fair=fair).order_by("-number").first()
    return newest.number + 1 if newest else 1


def _propose(
    fair: Fair, row: AllocationRun, number: int, *, actor: User, **facts: Any
) -> AllocationRun:
    for older in lock_rows(AllocationRun.objects.filter(fair=fair, state=RunState.PROPOSED)):
        RUN.move(older, RunState.SUPERSEDED)
    return AllocationRun.objects.create(
        fair=fair,
        plan_id=row.plan_id,
        number=number,
        state=RunState.PROPOSED,
        instance=row.instance,
        instance_sha256=row.instance_sha256,
        started_by=actor,
        **facts,
    )


def _answer_after(
    row: AllocationRun, board: Board, effect: Effect, move: Mapping[str, Any], number: int
) -> dict[str, Any]:
    """The answer with the move in it. The score is of the definition, not the sum of gains."""
    assert row.answer is not None
    instance, assignments = board.instance, board.after(effect)
    score = score_assignments(instance, assignments)
    assert score == row.answer["score"] + effect.gain.total
    assert not list_violations(instance, assignments)
    adjusted = row.answer.get("adjusted") or {
        "run": row.number,
        "score": row.answer["score"],
        "moves": [],
    }
    told = {name: value for name, value in move.items() if name != "by"}
    quotas = []
    for quota in instance.quotas:
        booths = count_quota(instance, quota, assignments)
        short = max(0, quota.minimum - booths)
        quotas.append({"name": quota.name, "booths": booths, "short": short})
    answer = {
        **row.answer,
        "status": "optimal" if score == row.answer["bound"] else "feasible",
        "score": score,
        "assignments": assignments,
        "unplaced": _unplaced_after(row, board, assignments, adjusted["run"], number),
        "quotas": quotas,
        "adjusted": {**adjusted, "moves": [*adjusted["moves"], told]},
    }
    return dict(json.loads(encode_canonical(answer)))


def _unplaced_after(
    row: AllocationRun,
    board: Board,
    assignments: Mapping[str, Any],
    computed: int,
    number: int,
) -> dict[str, Any]:
    """Why the others got nothing: in the computed run as it was found there, or moved out since."""
    assert row.answer is not None
    reasons = {}
    for name in sorted(board.known.keys() - assignments.keys()):
        if name in row.answer["unplaced"]:
            found = row.answer["unplaced"][name]
            if found["reason"] in ("outbid", "worse_overall", "quota_full"):
                found = {**found, "facts": {**found["facts"], "in_run": computed}}
            reasons[name] = found
        else:
            facts = {"run": number, "booths": list(board.held[name])}
            reasons[name] = {"reason": "moved_out", "facts": facts}
    return reasons


def _words(fair: Fair, refusal: Refusal) -> str:
    names = {each.code: str(each.organisation) for each in applications_in(fair)}
    quotas = {f"{each.trait}={each.value}": each.shown_name for each in quotas_of(fair)}
    return refusal_in_words(refusal, names=names, quotas=quotas)


def _digest(answer: Mapping[str, Any]) -> str:
    return sha256(encode_canonical(answer)).hexdigest()
