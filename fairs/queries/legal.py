"""Reads of the legal basis: what it asks for, and what a fair has of it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.rules import can_use_desk
from core.errors import NotAllowed
from fairs.models import ChecklistItem, ChecklistTick, Document, Fair, LegalRule

DAY = timedelta(days=1)


@dataclass(frozen=True)
class RuleBook:
    """The rules by basis, and all their items, retired ones too, in their order."""

    rules: Mapping[str, LegalRule]
    items: Mapping[int, list[ChecklistItem]]

    def rule_of(self, fair: Fair) -> LegalRule | None:
        return self.rules.get(fair.legal_basis)

    def items_of(self, fair: Fair) -> list[ChecklistItem]:
        """The items of the fair's basis, retired ones too."""
        rule = self.rule_of(fair)
        return self.items.get(rule.pk, []) if rule else []


def rule_book() -> RuleBook:
    """All rules with their items. Two queries."""
    rules = {rule.basis: rule for rule in LegalRule.objects.all()}
    items: dict[int, list[ChecklistItem]] = defaultdict(list)
    for item in ChecklistItem.objects.all():
        items[item.rule_id].append(item)
    return RuleBook(rules, items)


@dataclass(frozen=True)
class Asked:
    """A rule with the items that are asked for today, and those that no longer are."""

    rule: LegalRule
    items: list[ChecklistItem]
    retired: list[ChecklistItem]


def rules_for(actor: Any) -> list[Asked]:
    """Each rule with its items, for whoever works at a desk. Two queries.

    Raises NotAllowed for anybody else.
    """
    if not can_use_desk(actor):
        raise NotAllowed("legal.no_desk", _("Only people of the office see this page."))
    book = rule_book()
    found = []
    for rule in book.rules.values():
        items = book.items.get(rule.pk, [])
        asked = [item for item in items if item.retired_at is None]
        retired = [item for item in items if item.retired_at is not None]
        found.append(Asked(rule, asked, retired))
    return found


def rule_for(actor: Any, basis: str) -> LegalRule:
    """The rule of a basis. Raises NotAllowed for a stranger, LegalRule.DoesNotExist."""
    if not can_use_desk(actor):
        raise NotAllowed("legal.no_desk", _("Only people of the office see this page."))
    return LegalRule.objects.get(basis=basis)


def item_of(rule: LegalRule, number: int) -> ChecklistItem:
    """An item that is asked for today. Raises ChecklistItem.DoesNotExist."""
    return rule.items.get(pk=number, retired_at__isnull=True)


def retired_item_of(rule: LegalRule, number: int) -> ChecklistItem:
    """An item that is no longer asked for. Raises ChecklistItem.DoesNotExist."""
    return rule.items.get(pk=number, retired_at__isnull=False)


@dataclass(frozen=True)
class Papers:
    """What one fair has: ticked items and the newest versions of its documents."""

    ticks: Mapping[int, ChecklistTick]
    documents: tuple[Document, ...]

    @property
    def by_item(self) -> dict[int, Document]:
        return {document.item_id: document for document in self.documents if document.item_id}


def papers_of(fairs: Iterable[Fair]) -> dict[int, Papers]:
    """The papers of each fair by its primary key. Two queries, however many fairs."""
    keys = [fair.pk for fair in fairs]
    ticks: dict[int, dict[int, ChecklistTick]] = defaultdict(dict)
    for tick in ChecklistTick.objects.filter(fair__in=keys).select_related("ticked_by"):
        ticks[tick.fair_id][tick.item_id] = tick
    documents: dict[int, list[Document]] = defaultdict(list)
    newest = Document.objects.filter(fair__in=keys, replaced_by__isnull=True)
    for document in newest.select_related("file", "uploaded_by", "item"):
        documents[document.fair_id].append(document)
    return {key: Papers(ticks[key], tuple(documents[key])) for key in keys}


def expires_early(document: Document, fair: Fair) -> bool:
    """Whether the document is no longer valid on the fair's last day."""
    return document.valid_until is not None and document.valid_until < fair.end


@dataclass(frozen=True)
class Entry:
    """One line of a fair's checklist, on the day `today`."""

    item: ChecklistItem
    due: date
    today: date
    document: Document | None
    tick: ChecklistTick | None
    expires: bool

    @property
    def days_left(self) -> int:
        return (self.due - self.today).days

    @property
    def is_overdue(self) -> bool:
        return self.days_left < 0

    @property
    def days_over(self) -> int:
        """By how many days it is overdue."""
        return -self.days_left

    @property
    def state(self) -> str:
        """One of ticked, expires, here, overdue, missing."""
        if self.tick:
            return "ticked"
        if self.document:
            return "expires" if self.expires else "here"
        return "overdue" if self.is_overdue else "missing"

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done."""
        return self.state in ("expires", "overdue", "missing")


def checklist_of(fair: Fair, book: RuleBook, papers: Papers, today: date) -> list[Entry]:
    """What the fair's basis asks for, and what of it the fair has.

    A retired item stays with the fairs that have it.
    """
    documents = papers.by_item
    return [
        Entry(
            item=item,
            due=fair.first_day - item.due_days * DAY,
            today=today,
            document=documents.get(item.pk),
            tick=papers.ticks.get(item.pk),
            expires=item.pk in documents and expires_early(documents[item.pk], fair),
        )
        for item in book.items_of(fair)
        if item.retired_at is None or item.pk in documents or item.pk in papers.ticks
    ]


def documents_of(fair: Fair) -> QuerySet[Document]:
    """All documents of the fair, replaced versions too, the newest first."""
    documents = Document.objects.filter(fair=fair).select_related("file", "uploaded_by", "item")
    return documents.order_by("-version", "-pk")


def versions_before(documents: Iterable[Document]) -> dict[int, list[Document]]:
    """Of each newest document, by its primary key, those it has replaced, newest first."""
    found = list(documents)
    by_key = {document.pk: document for document in found}
    replaced = {document.replaces_id for document in found}
    older: dict[int, list[Document]] = {}
    for newest in found:
        if newest.pk in replaced:
            continue
        older[newest.pk] = []
        before = newest.replaces_id
        while before is not None:
            older[newest.pk].append(by_key[before])
            before = by_key[before].replaces_id
    return older
