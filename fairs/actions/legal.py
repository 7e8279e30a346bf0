"""Writes: what each legal basis asks for. The office's organisers keep it, since laws change."""

from dataclasses import asdict, dataclass

from django.db import IntegrityError, transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core import audit
from core.errors import DomainError, NotAllowed, StaleState
from core.locks import lock_row
from fairs.models import ChecklistItem, LegalRule
from fairs.rules import can_plan


@dataclass(frozen=True)
class RuleContent:
    """What a rule says; the days are counted back from the opening."""

    source: str
    needs_decision: bool
    register_from_days: int | None
    register_until_days: int | None


@dataclass(frozen=True)
class ItemContent:
    """What a line of a checklist says."""

    title: str
    title_en: str
    due_days: int
    needs_document: bool


def require_keeper(actor: User | None) -> None:
    """Raise NotAllowed unless `actor` (None is the system) may change the rules."""
    if actor is not None and not can_plan(actor):
        raise NotAllowed(
            "legal.not_keeper", _("Only organisers of the whole office may change the rules.")
        )


@transaction.atomic(durable=True)
def change_rule(
    *, rule: LegalRule, version: int, content: RuleContent, actor: User | None
) -> LegalRule:
    """Write `content` over the rule as of `version`.

    Raises NotAllowed, StaleState `legal.edited_meanwhile`.
    """
    row = _lock(rule, actor, version)
    before = {name: getattr(row, name) for name in asdict(content)}
    LegalRule.objects.filter(pk=row.pk).update(version=version + 1, **asdict(content))
    _record(row, actor, "legal.rule_changed", before=before, after=asdict(content))
    row.refresh_from_db()
    return row


@transaction.atomic(durable=True)
def add_item(*, rule: LegalRule, content: ItemContent, actor: User | None) -> ChecklistItem:
    """Put a line at the end of the checklist. Raises NotAllowed, DomainError `legal.item_twice`."""
    row = _lock(rule, actor)
    last = row.items.aggregate(last=Max("order"))["last"] or 0
    item = _save(ChecklistItem(rule=row, order=last + 1, **asdict(content)))
    _bump(row)
    _record(row, actor, "legal.item_added", item=item.pk, after=asdict(content))
    return item


@transaction.atomic(durable=True)
def change_item(
    *, item: ChecklistItem, version: int, content: ItemContent, actor: User | None
) -> ChecklistItem:
    """Write `content` over a line, as of the rule's `version`; fairs that have it keep it.

    Raises NotAllowed, StaleState `legal.edited_meanwhile`, DomainError `legal.item_retired` or
    `legal.item_twice`.
    """
    rule = _lock(item.rule, actor, version)
    row = _lock_item(item)
    before = {name: getattr(row, name) for name in asdict(content)}
    for name, value in asdict(content).items():
        setattr(row, name, value)
    _save(row)
    _bump(rule)
    _record(rule, actor, "legal.item_changed", item=row.pk, before=before, after=asdict(content))
    return row


@transaction.atomic(durable=True)
def reorder_item(*, item: ChecklistItem, step: int, actor: User | None) -> None:
    """Let a line change places with its neighbour: `step` is -1 (up) or 1 (down).

    At an end nothing happens. Raises NotAllowed, DomainError `legal.item_retired`.
    """
    rule = _lock(item.rule, actor)
    row = _lock_item(item)
    rows = list(rule.items.filter(retired_at__isnull=True))
    place = rows.index(row)
    other = place + step
    if not 0 <= other < len(rows):
        return
    rows[place], rows[other] = rows[other], rows[place]
    for order, each in enumerate(rows, start=1):
        each.order = order
    ChecklistItem.objects.bulk_update(rows, ["order"])
    _bump(rule)
    _record(rule, actor, "legal.items_reordered", order=[each.pk for each in rows])


@transaction.atomic(durable=True)
def retire_item(*, item: ChecklistItem, actor: User | None) -> None:
    """Ask for it no longer; fairs that have it keep it.

    Raises NotAllowed, DomainError `legal.item_retired`.
    """
    rule = _lock(item.rule, actor)
    row = _lock_item(item)
    row.retired_at = timezone.now()
    row.save(update_fields=["retired_at"])
    _bump(rule)
    _record(rule, actor, "legal.item_retired", item=row.pk, title=row.title)


@transaction.atomic(durable=True)
def restore_item(*, item: ChecklistItem, actor: User | None) -> None:
    """Ask for a retired line again, at the end of the checklist.

    Raises NotAllowed, DomainError `legal.item_not_retired` or `legal.item_twice`.
    """
    rule = _lock(item.rule, actor)
    row = lock_row(item)
    if row.retired_at is None:
        raise DomainError("legal.item_not_retired", _("This line is on the checklist."))
    last = rule.items.aggregate(last=Max("order"))["last"] or 0
    row.retired_at, row.order = None, last + 1
    _save(row)
    _bump(rule)
    _record(rule, actor, "legal.item_restored", item=row.pk, title=row.title)


def _lock(rule: LegalRule, actor: User | None, version: int | None = None) -> LegalRule:
    """The rule, locked: all writes of one checklist come one after the other."""
    require_keeper(actor)
    row = lock_row(rule)
    if version is not None and row.version != version:
        raise StaleState(
            "legal.edited_meanwhile", _("Somebody else has saved this rule in the meantime.")
        )
    return row


def _lock_item(item: ChecklistItem) -> ChecklistItem:
    row = lock_row(item)
    if row.retired_at:
        raise DomainError("legal.item_retired", _("This line is no longer on the checklist."))
    return row


def _save(item: ChecklistItem) -> ChecklistItem:
    try:
        with transaction.atomic():
            item.save()
    except IntegrityError as error:
        raise DomainError(
            "legal.item_twice", _("A line of this title is on the checklist already.")
        ) from error
    return item


def _bump(rule: LegalRule) -> None:
    LegalRule.objects.filter(pk=rule.pk).update(version=F("version") + 1)


def _record(rule: LegalRule, actor: User | None, verb: str, **facts: object) -> None:
    audit.record(stream=audit.OFFICE, actor=actor, verb=verb, subject=rule.basis, **facts)
