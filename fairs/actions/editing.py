"""Writes: a fair is planned, and what is said about it changes."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core import audit
from core.errors import DomainError, NotAllowed, StaleState
from core.locks import lock_row
from fairs.actions.pavilions import move_deadlines
from fairs.actions.programme import begin_conference, shift_sessions
from fairs.models import Fair, FairKind
from fairs.queries.editing import changes_between, facts_of
from fairs.queries.moved import along_with
from fairs.rules import can_organise, can_plan, check_change

Values = Mapping[str, Any]


def require_planner(actor: User | None) -> None:
    """Raise NotAllowed unless `actor` (None is the system) may change the annual plan."""
    if actor is not None and not can_plan(actor):
        raise NotAllowed(
            "plan.not_planner", _("Only organisers of the whole office may change the plan.")
        )


@transaction.atomic(durable=True)
def create_fair(
    *, code: str, values: Values, actor: User | None, copied_from: Fair | None = None
) -> Fair:
    """Put a draft into the plan; `values` are the fields of `EDITED` and the `plan`.

    A conference comes with the stage and the sessions that every conference has.

    Raises NotAllowed, DomainError `fair.code_taken`.
    """
    require_planner(actor)
    return write_fair(code=code, values=values, actor=actor, copied_from=copied_from)


@transaction.atomic(durable=True)
def edit_fair(*, fair: Fair, version: int, values: Values, actor: User | None) -> Fair:
    """Write `values` (the fields of `EDITED` and the `plan`) over the fair as of `version`.

    Its programme and the deadlines of its guest provinces move along with its first day.

    Raises NotAllowed, DomainError of `check_change` or `fair.code_taken`, and StaleState
    `fair.edited_meanwhile` when somebody else has saved since.
    """
    if actor is not None and not can_organise(actor, fair):
        raise NotAllowed("fair.not_organiser", _("Only an organiser of this fair may do this."))
    return rewrite_fair(fair=fair, version=version, values=values, actor=actor)


def write_fair(
    *, code: str, values: Values, actor: User | None, copied_from: Fair | None = None
) -> Fair:
    """`create_fair` inside the caller's transaction, after its check of rights."""
    fair = Fair(code=code, created_by=actor, copied_from=copied_from, **values)
    try:
        with transaction.atomic():
            fair.save(force_insert=True)
    except IntegrityError as error:
        raise _code_taken() from error
    audit.record(
        stream=fair.stream,
        actor=actor,
        verb="fairs.created",
        subject=fair.code,
        plan=fair.plan.year,
        copied_from=copied_from.code if copied_from else "",
        after=facts_of(fair),
    )
    if fair.kind == FairKind.CONFERENCE:
        begin_conference(fair, actor)
    return fair


def rewrite_fair(*, fair: Fair, version: int, values: Values, actor: User | None) -> Fair:
    """`edit_fair` inside the caller's transaction, after its check of rights."""
    row = lock_row(fair)
    if row.version != version:
        raise StaleState(
            "fair.edited_meanwhile", _("Somebody else has saved this fair in the meantime.")
        )
    changes = changes_between(facts_of(row), facts_of(values))
    if not changes:
        return row
    check_change(row, set(changes))
    try:
        with transaction.atomic():
            Fair.objects.filter(pk=row.pk, version=version).update(version=version + 1, **values)
    except IntegrityError as error:
        raise _code_taken() from error
    sessions = shift_sessions(row, values["first_day"] - row.first_day)
    deadlines = move_deadlines(along_with(row, values["first_day"], timezone.now()))
    audit.record(
        stream=row.stream,
        actor=actor,
        verb="fairs.edited",
        subject=row.code,
        changes=changes,
        sessions=sessions,
        deadlines=deadlines,
    )
    row.refresh_from_db()
    return row


def _code_taken() -> DomainError:
    return DomainError("fair.code_taken", _("Another fair has this code. Choose another one."))
