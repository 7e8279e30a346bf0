"""Writes: the annual plan, its targets and approval, last year's fairs once more."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core import audit
from core.errors import DomainError, StaleState
from core.locks import lock_row
from fairs.actions.editing import Values, require_planner, rewrite_fair, write_fair
from fairs.models import Fair, Plan, Target
from fairs.queries.editing import code_for_year, codes_in_use, default_last_day, take_code
from fairs.rules import check_targets
from fairs.states import FairState

YEAR = timedelta(weeks=52)
WEEK = timedelta(weeks=1)


@transaction.atomic(durable=True)
def create_plan(*, year: int, title: str, title_en: str, actor: User | None) -> Plan:
    """Begin the plan of a year, with the targets of the year before.

    Raises NotAllowed, DomainError `plan.exists`.
    """
    require_planner(actor)
    try:
        with transaction.atomic():
            plan = Plan.objects.create(year=year, title=title, title_en=title_en)
    except IntegrityError as error:
        raise DomainError("plan.exists", _("There is a plan for this year already.")) from error
    targets = _targets(Target.objects.filter(plan__year=year - 1))
    _write_targets(plan, targets)
    audit.record(
        stream=audit.OFFICE,
        actor=actor,
        verb="plans.created",
        subject=str(year),
        title=title,
        targets=targets,
    )
    return plan


@transaction.atomic(durable=True)
def set_targets(*, plan: Plan, targets: Mapping[str, int | None], actor: User | None) -> None:
    """Write what the plan is to reach, by the names of `Target.name`; None is no target.

    Raises NotAllowed, StaleState `plan.approved`, DomainError of `check_targets`.
    """
    require_planner(actor)
    _rewrite_targets(lock_row(plan), targets, actor)


def _rewrite_targets(row: Plan, targets: Mapping[str, int | None], actor: User | None) -> None:
    """`set_targets` inside the caller's transaction, the plan locked."""
    before = _targets(row.targets.all())
    after = {name: value for name, value in targets.items() if value is not None}
    if before == after:
        return
    if row.approved_at:
        raise StaleState(
            "plan.approved",
            _("This plan is approved: withdraw the approval before you change its targets."),
        )
    check_targets(after)
    _write_targets(row, after)
    audit.record(
        stream=audit.OFFICE,
        actor=actor,
        verb="plans.targets_set",
        subject=str(row.year),
        before=before,
        after=after,
    )


def _targets(targets: Iterable[Target]) -> dict[str, int]:
    return {target.name: target.value for target in targets}


def _write_targets(plan: Plan, targets: Mapping[str, int]) -> None:
    Target.objects.filter(plan=plan).delete()
    named = {name: name.partition("-") for name in targets}
    Target.objects.bulk_create(
        Target(plan=plan, measure=measure, kind=kind, value=targets[name])
        for name, (measure, _dash, kind) in named.items()
    )


@transaction.atomic(durable=True)
def approve_plan(
    *, plan: Plan, decision_number: str, decision_date: date, actor: User | None
) -> Plan:
    """Record the decision by which the plan was approved.

    Raises NotAllowed, StaleState `plan.approved_already`, DomainError `plan.decision_missing`.
    """
    require_planner(actor)
    row = lock_row(plan)
    if row.approved_at:
        raise StaleState("plan.approved_already", _("This plan is approved already."))
    if not decision_number:
        raise DomainError("plan.decision_missing", _("A plan is approved by a decision's number."))
    row.decision_number, row.decision_date = decision_number, decision_date
    row.approved_at = timezone.now()
    row.save(update_fields=["decision_number", "decision_date", "approved_at"])
    audit.record(
        stream=audit.OFFICE,
        actor=actor,
        verb="plans.approved",
        subject=str(row.year),
        decision_number=decision_number,
        decision_date=decision_date.isoformat(),
    )
    return row


@transaction.atomic(durable=True)
def reopen_plan(*, plan: Plan, reason: str, actor: User | None) -> Plan:
    """Withdraw the approval, so that the targets can be changed and approved anew.

    Raises NotAllowed, StaleState `plan.not_approved`, DomainError `plan.reason_missing`.
    """
    require_planner(actor)
    row = lock_row(plan)
    if not row.approved_at:
        raise StaleState("plan.not_approved", _("This plan is not approved."))
    if not reason:
        raise DomainError("plan.reason_missing", _("Say why the approval is withdrawn."))
    before = row.decision_number
    row.approved_at = None
    row.save(update_fields=["approved_at"])
    audit.record(
        stream=audit.OFFICE,
        actor=actor,
        verb="plans.reopened",
        subject=str(row.year),
        decision_number=before,
        reason=reason,
    )
    return row


@transaction.atomic(durable=True)
def copy_last_year(*, plan: Plan, actor: User | None) -> list[Fair]:
    """Take over the fairs of the year before as drafts, on the same weekdays; return the new ones.

    What is copied already is left alone, and so are cancelled fairs. Raises NotAllowed.
    """
    require_planner(actor)
    row = lock_row(plan)
    copied = Fair.objects.filter(plan=row, copied_from__isnull=False).values("copied_from")
    sources = Fair.objects.filter(plan__year=row.year - 1).exclude(pk__in=copied)
    codes, register_codes = codes_in_use()
    fairs = []
    for source in sources.exclude(state=FairState.CANCELLED).select_related(
        "venue", "hall__venue", "team"
    ):
        values = copied_values(source, moved_by=_year_for(source.first_day))
        values["register_code"] = take_code(values["register_code"], register_codes, limit=16)
        code = take_code(code_for_year(source.code, row.year), codes, limit=60)
        fairs.append(
            write_fair(code=code, values={**values, "plan": row}, actor=actor, copied_from=source)
        )
    return fairs


@dataclass(frozen=True)
class Planned:
    """One fair of an import: its fields, and the fair it changes as of a version, if any."""

    code: str
    values: Values
    fair: Fair | None = None
    version: int = 0


@dataclass(frozen=True)
class Aims:
    """The targets of an import, by the names of `Target.name`, over those that were seen."""

    seen: Mapping[str, int]
    wanted: Mapping[str, int]


@transaction.atomic(durable=True)
def import_plan(
    *, plan: Plan, planned: Sequence[Planned], actor: User | None, aims: Aims | None = None
) -> None:
    """Write the fairs and, where `aims` are given, the targets: all of it or, if one fails, none.

    Raises NotAllowed, StaleState `fair.edited_meanwhile`, `plan.targets_changed` or
    `plan.approved`, DomainError `fair.code_taken` or of `check_targets`.
    """
    require_planner(actor)
    row = lock_row(plan)
    if aims:
        if _targets(row.targets.all()) != aims.seen:
            raise StaleState(
                "plan.targets_changed", _("Somebody else has set the targets in the meantime.")
            )
        _rewrite_targets(row, aims.wanted, actor)
    for item in planned:
        if item.fair:
            rewrite_fair(fair=item.fair, version=item.version, values=item.values, actor=actor)
        else:
            write_fair(code=item.code, values=item.values, actor=actor)
    audit.record(
        stream=audit.OFFICE,
        actor=actor,
        verb="plans.imported",
        subject=str(row.year),
        fairs=[item.code for item in planned],
    )


def _year_for(first_day: date) -> timedelta:
    """52 weeks keep the weekday; early in January it takes 53 to reach the next year."""
    return YEAR if (first_day + YEAR).year > first_day.year else YEAR + WEEK


def copied_values(source: Fair, *, moved_by: timedelta) -> dict[str, Any]:
    """The fields of `EDITED` for a copy whose days are moved; a decision is not copied.

    Where the copy is of another year, so are the years in its names.
    """
    first_day = source.first_day + moved_by
    years = (source.first_day.year, first_day.year)
    last_day = source.last_day or default_last_day(source.kind, source.first_day)
    closes = source.applications_close_at
    return {
        "kind": source.kind,
        "title": _renamed(source.title, *years),
        "title_en": _renamed(source.title_en, *years),
        "short_title": _renamed(source.short_title, *years),
        "register_code": _register_code(source.register_code, *years),
        "venue": source.venue,
        "hall": source.hall,
        "team": source.team,
        "first_day": first_day,
        "last_day": last_day + moved_by,
        "attendance": source.attendance,
        "opens": source.opens,
        "closes": source.closes,
        "channel": source.channel,
        "channel_url": source.channel_url,
        "host": source.host,
        "host_stand": source.host_stand,
        "delegation_size": source.delegation_size,
        "regions": source.regions,
        "legal_basis": source.legal_basis,
        "decision_number": "",
        "applications_close_at": closes + moved_by if closes else None,
        "organiser": source.organiser,
        "co_organiser": source.co_organiser,
        "description": source.description,
        "description_en": source.description_en,
    }


def _renamed(text: str, old: int, new: int) -> str:
    return re.sub(rf"(?<!\d){old}(?!\d)", str(new), text)


def _register_code(code: str, old: int, new: int) -> str:
    """TT26 becomes TT27."""
    return re.sub(rf"(?<!\d){old % 100:02}$", f"{new % 100:02}", _renamed(code, old, new))
