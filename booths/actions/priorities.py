"""Writing priorities down, inside the transaction of whatever changed them."""

from collections.abc import Collection

from django.utils import timezone

from booths.models import Application
from booths.queries.facts import Priority, priorities_of, rules_of
from fairs.models import Fair

Changes = dict[str, list[int]]


def renew_priorities(fair: Fair, applications: Collection[Application]) -> Changes:
    """Give these applications the priority that the fair's formula gives them as of today.

    The rows are locked and have their organisations; returned are, by code, the points before
    and after where they differ.
    """
    formula, _version = rules_of(fair)
    return write_priorities(priorities_of(fair, applications, formula, today=timezone.localdate()))


def write_priorities(priorities: Collection[Priority]) -> Changes:
    """Store those that differ from what is stored; the same is returned."""
    changed = [each for each in priorities if each.is_changed]
    changes = {
        each.application.code: [each.application.priority, each.points]
        for each in changed
        if each.points != each.application.priority
    }
    for each in changed:
        each.application.priority = each.points
        each.application.priority_parts = [list(part) for part in each.parts]
    rows = [each.application for each in changed]
    Application.objects.bulk_update(rows, ["priority", "priority_parts"])
    return changes
