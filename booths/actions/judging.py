"""Writes: by what a fair's applications are judged: its criteria and its formula."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from booths.actions.priorities import Changes, write_priorities
from booths.models import Criterion, ReviewRules
from booths.priority import Formula
from booths.queries.facts import judged_in, priorities_of, rules_of
from booths.queries.review import criteria_of, has_scores
from booths.rules import MOST_CRITERIA, check_rules_open
from core import audit
from core.errors import DomainError, NotAllowed, StaleState
from core.locks import lock_row, lock_rows
from core.text import fold
from fairs.models import Fair
from fairs.rules import can_organise


@dataclass(frozen=True, kw_only=True)
class CriterionContent:
    """A criterion as it is to be; it counts `weight` times, 1 to 10."""

    name: str
    name_en: str
    weight: int


@transaction.atomic(durable=True)
def set_criteria(
    *, fair: Fair, seen: int, criteria: Sequence[CriterionContent], actor: User
) -> list[Criterion]:
    """Publish what reviewers give points for, in this order, instead of what there was.

    Raises NotAllowed, DomainError `review.rules_fixed`, `criteria.scored`, `criteria.too_many`,
    `criteria.twice`, StaleState `review.rules_meanwhile`.
    """
    row, rules = _open(fair, seen, actor)
    if has_scores(row):
        raise DomainError("criteria.scored", CRITERIA_SCORED)
    if len(criteria) > MOST_CRITERIA:
        raise DomainError("criteria.too_many", _("At most eight criteria."))
    if len({fold(each.name) for each in criteria}) != len(criteria):
        raise DomainError("criteria.twice", _("Two criteria have the same name."))
    before = [_plain(each) for each in criteria_of(row)]
    after = [asdict(each) for each in criteria]
    if before == after:
        return criteria_of(row)
    Criterion.objects.filter(fair=row).delete()
    made = Criterion.objects.bulk_create(
        Criterion(fair=row, order=order, **asdict(each)) for order, each in enumerate(criteria)
    )
    _save(rules)
    audit.record(
        stream=row.stream,
        actor=actor,
        verb="booths.criteria_set",
        subject=row.code,
        before=before,
        after=after,
    )
    return made


CRITERIA_SCORED = _(
    "Somebody has given points already, so the criteria stay as they are: points given by other "
    "criteria could not be compared."
)


@transaction.atomic(durable=True)
def set_formula(*, fair: Fair, seen: int, formula: Formula, actor: User) -> Changes:
    """Judge by this formula: every application's priority follows it at once.

    Those that hold a booth or wait for one keep theirs. Returned are, by code, the points before
    and after where they differ; the same formula again brings priorities up to date with what
    the records say today.

    Raises NotAllowed, DomainError `review.rules_fixed`, StaleState `review.rules_meanwhile`.
    """
    row, rules = _open(fair, seen, actor)
    before, _version = rules_of(row)
    applications = lock_rows(judged_in(row))
    changes = write_priorities(
        priorities_of(row, applications, formula, today=timezone.localdate())
    )
    if not changes and before == formula:
        return changes
    rules.formula = formula.plain()
    _save(rules)
    audit.record(
        stream=row.stream,
        actor=actor,
        verb="booths.formula_set",
        subject=row.code,
        before=before.plain(),
        after=formula.plain(),
        priorities=changes,
    )
    return changes


def _open(fair: Fair, seen: int, actor: User) -> tuple[Fair, ReviewRules]:
    """The fair and its rules, locked, as long as they may change and are those `seen`."""
    if not can_organise(actor, fair):
        raise NotAllowed("fair.not_organiser", _("Only an organiser of this fair may do this."))
    row = lock_row(fair)
    check_rules_open(row)
    rules, _is_new = ReviewRules.objects.get_or_create(fair=row)
    if rules.version != seen:
        raise StaleState(
            "review.rules_meanwhile",
            _(
                "Somebody else has changed the criteria or the formula in the meantime. Nothing "
                "was saved; what you typed is kept below. Look at theirs, then save again."
            ),
        )
    return row, rules


def _save(rules: ReviewRules) -> None:
    rules.version += 1
    rules.save(update_fields=["formula", "version"])


def _plain(criterion: Criterion) -> dict[str, object]:
    return {
        "name": criterion.name,
        "name_en": criterion.name_en,
        "weight": criterion.weight,
    }
