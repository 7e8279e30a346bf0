"""What is due for which fair, and when."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from fairs.models import ChecklistItem, Fair, LegalRule, Pavilion
from fairs.queries.legal import Papers, RuleBook, checklist_of, expires_early, papers_of, rule_book
from fairs.rules import registration_days
from fairs.states import OVER


@dataclass(frozen=True)
class Deadline:
    """Something that must be done by a day, or that happens on it.

    `key` tells it from the fair's other deadlines: opening, applications, registration,
    registration-from, item:12, document:7, pavilion:3.
    """

    fair: Fair
    day: date
    key: str
    subject: str | Promise | ChecklistItem
    days_left: int

    @property
    def what(self) -> str:
        """What is due, in the language of whoever reads it."""
        return str(self.subject)

    @property
    def is_duty(self) -> bool:
        """Whether somebody has to do something for it; the other days only come."""
        return self.key not in ("opening", "registration-from")

    @property
    def is_overdue(self) -> bool:
        return self.days_left < 0

    @property
    def days_over(self) -> int:
        """By how many days it is overdue."""
        return -self.days_left


Due = tuple[date, str, str | Promise | ChecklistItem]


def deadlines_of(fairs: list[Fair], today: date) -> list[Deadline]:
    """What is due for the fairs that are not over, soonest first, overdue duties before.

    Five queries, however many fairs there are; none without any.
    """
    live = [fair for fair in fairs if fair.state not in OVER and fair.end >= today]
    if not live:
        return []
    book, papers, guests = rule_book(), papers_of(live), _guests_of(live)
    found = [
        Deadline(fair, day, key, subject, (day - today).days)
        for fair in live
        for day, key, subject in (
            *_due(fair, book, papers[fair.pk], today),
            *_pavilions(guests[fair.pk], today),
        )
    ]
    return sorted(found, key=lambda deadline: (deadline.day, deadline.fair.first_day))


def _due(fair: Fair, book: RuleBook, papers: Papers, today: date) -> Iterator[Due]:
    if fair.first_day >= today:
        yield fair.first_day, "opening", _("opens")
    closes = fair.applications_close_at
    if closes and timezone.localtime(closes).date() >= today:
        yield timezone.localtime(closes).date(), "applications", _("applications close")
    yield from _registration(fair, book.rule_of(fair), today)
    for entry in checklist_of(fair, book, papers, today):
        if entry.state in ("missing", "overdue"):
            yield entry.due, f"item:{entry.item.pk}", entry.item
    for document in papers.documents:
        is_waived = document.item_id in papers.ticks
        if document.valid_until and expires_early(document, fair) and not is_waived:
            subject = format_lazy(_("“{title}” expires"), title=document.title)
            yield document.valid_until, f"document:{document.pk}", subject


def _registration(fair: Fair, rule: LegalRule | None, today: date) -> Iterator[Due]:
    """Both ends of the time in which a fair that is not registered yet can be."""
    span = None if fair.decision_number else registration_days(fair, rule)
    if span is None:
        return
    earliest, latest = span
    if earliest and earliest >= today:
        yield earliest, "registration-from", _("registration is taken from this day")
    yield latest, "registration", _("registration must be in")


def _guests_of(fairs: list[Fair]) -> dict[int, list[Pavilion]]:
    """The guest provinces that have sent nothing in yet, by the fair's primary key."""
    waiting = Pavilion.objects.filter(fair__in=fairs, submitted_at__isnull=True)
    found: dict[int, list[Pavilion]] = defaultdict(list)
    for pavilion in waiting.select_related("place"):
        found[pavilion.fair_id].append(pavilion)
    return found


def _pavilions(guests: list[Pavilion], today: date) -> Iterator[Due]:
    for pavilion in guests:
        day = timezone.localtime(pavilion.fill_in_until).date()
        if day >= today:
            subject = format_lazy(_("{province} sends in its booths"), province=str(pavilion))
            yield day, f"pavilion:{pavilion.pk}", subject


# So many days before a deadline people are told, and once when it is over.
STAGES = (30, 14, 7, 3, 1, 0, -1)


def stage_of(days_left: int) -> int | None:
    """The last stage reached; None while the deadline is more than 30 days away.

    A day on which nobody was told is made up for: 13 days before, the stage is still 14.
    """
    reached = [stage for stage in STAGES if stage >= days_left]
    return min(reached, default=None) if days_left >= 0 else STAGES[-1]
