"""Reads of series: their fairs, what their rule says, and what another rule would change."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import SET_NULL, Count, Min, Q, QuerySet, TextChoices
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from accounts.models import DESK
from accounts.rules import has_office_role
from core.vietnam import LunarDate, lunar, shown_date
from fairs.models import Fair, Series
from fairs.queries.desk import fairs_of
from fairs.queries.planner import holidays_during
from fairs.queries.public import public_fairs
from fairs.queries.spans import Span, tet_days
from fairs.recurrence import Recurrence, Step, days_of_rule, read_rule
from fairs.states import FairState

OTHERS = 20
PLACES = {
    1: pgettext_lazy("of a month", "first"),
    2: pgettext_lazy("of a month", "second"),
    3: pgettext_lazy("of a month", "third"),
    4: pgettext_lazy("of a month", "fourth"),
    -1: pgettext_lazy("of a month", "last"),
}
# Any Monday.
MONDAY = date(2026, 1, 5)


class DayStatus(TextChoices):
    """What becomes of a day of a series when its rule is written."""

    NEW = "new", gettext_lazy("new draft")
    HELD = "held", gettext_lazy("stands already")
    DROPPED = "dropped", gettext_lazy("untouched draft, taken away")
    KEPT = "kept", gettext_lazy("no longer in the rule, stays as it is")


@dataclass(frozen=True)
class SeriesDay:
    """One fair of a series, as the calendar has it; `fair` is None while it is not written."""

    day: date
    status: DayStatus
    fair: Fair | None = None
    last_day: date | None = None

    @property
    def end(self) -> date:
        return self.last_day or self.day

    @property
    def lunar(self) -> LunarDate:
        return lunar(self.day)

    @property
    def holiday(self) -> str:
        return ", ".join(map(_, holidays_during(Span(self.day, self.end)).values()))

    @property
    def is_tet(self) -> bool:
        tet = tet_days(self.day.year)
        return self.day <= tet.last and tet.first <= self.end


def series_of(actor: Any, year: int, *, today: date) -> QuerySet[Series]:
    """The series that `actor` may see with fairs in the plan of `year`, or without any yet.

    Each has `fair_count`, the fairs in that plan, and `next_day`, the next of them.
    """
    mine = Q(fairs__in=fairs_of(actor), fairs__plan__year=year)
    seen = Series.objects.filter(mine | Q(fairs=None) if has_office_role(actor, DESK) else mine)
    coming = Q(fairs__first_day__gte=today) & ~Q(fairs__state=FairState.CANCELLED)
    return seen.annotate(
        fair_count=Count("fairs", distinct=True), next_day=Min("fairs__first_day", filter=coming)
    )


def series_for(actor: Any, code: str) -> Series:
    """The series, if `actor` may see a fair of it. Raises Series.DoesNotExist for a stranger."""
    series = Series.objects.get(code=code)
    if not has_office_role(actor, DESK) and not fairs_of_series(actor, series).exists():
        raise Series.DoesNotExist
    return series


def fairs_of_series(actor: Any, series: Series) -> QuerySet[Fair]:
    """The fairs of the series that `actor` may see, soonest first."""
    return fairs_of(actor).filter(series=series).order_by("first_day", "pk")


def others_of_series(fair: Fair, *, today: date) -> list[Fair]:
    """What else of its series the public may look forward to, soonest first, a few at most."""
    if fair.series_id is None:
        return []
    others = public_fairs().filter(series=fair.series_id).exclude(pk=fair.pk)
    return list(others.filter(last_day__gte=today).order_by("first_day", "pk")[:OTHERS])


def exceptions_of(series: Series) -> list[date]:
    """The days of the rule on which nothing is held."""
    return [date.fromisoformat(day) for day in series.exceptions]


def days_of_series(series: Series) -> list[date]:
    """The days of the series' rule without its exceptions; none without a rule."""
    if not series.rule or series.first_day is None:
        return []
    return days_of_rule(series.first_day, series.rule, exceptions_of(series))


def rule_of(series: Series) -> Recurrence | None:
    """The series' rule in its parts."""
    if not series.rule or series.first_day is None:
        return None
    return read_rule(series.first_day, series.rule)


def rule_words(series: Series) -> str:
    """The rule as a sentence: "Every 2 weeks on Friday, from 04/12/2026, until 31/12/2026"."""
    rule = rule_of(series)
    if rule is None:
        return _("Days chosen one by one")
    days = ", ".join(weekday_name(day) for day in sorted(rule.weekdays))
    # Four sentences, since Vietnamese has no plural that would tell one from several.
    if rule.step == Step.WEEKLY:
        often = (
            _("Every %(every)s weeks on %(days)s") if rule.every > 1 else _("Weekly on %(days)s")
        )
    elif rule.every > 1:
        often = _("Every %(every)s months on the %(place)s %(days)s")
    else:
        often = _("Monthly on the %(place)s %(days)s")
    parts = [
        often % {"every": rule.every, "days": days, "place": PLACES[rule.place]},
        _("from %(day)s") % {"day": shown_date(rule.first_day)},
    ]
    if rule.until:
        parts.append(_("until %(day)s") % {"day": shown_date(rule.until)})
    else:
        times = rule.times or 0
        parts.append(
            ngettext("%(times)s time in all", "%(times)s times in all", times) % {"times": times}
        )
    return ", ".join(parts)


def weekday_name(weekday: int) -> str:
    """What a weekday is called; 0 is Monday."""
    return date_format(date.fromordinal(MONDAY.toordinal() + weekday), "l")


def compare_days(fairs: Sequence[Fair], wanted: Iterable[date]) -> list[SeriesDay]:
    """What becomes of each day when the rule gives the days `wanted`, in order.

    A draft on a day that the rule no longer gives goes if nobody has touched it; whatever was
    moved, edited, announced or has something attached stays.
    """
    known = {fair.series_day: fair for fair in fairs if fair.series_day}
    days = {
        day: SeriesDay(day, DayStatus.HELD if day in known else DayStatus.NEW, known.get(day))
        for day in wanted
    }
    gone = [fair for day, fair in known.items() if day not in days]
    used = attached_to(gone)
    for day, fair in known.items():
        if day not in days:
            is_untouched = is_unedited(fair) and fair.pk not in used
            status = DayStatus.DROPPED if is_untouched else DayStatus.KEPT
            days[day] = SeriesDay(day, status, fair)
    return [days[day] for day in sorted(days)]


def is_unedited(fair: Fair) -> bool:
    """A draft as the rule made it, still on its day."""
    is_first = fair.state == FairState.DRAFT and fair.version == 1
    return is_first and fair.first_day == fair.series_day


def attached_to(fairs: Sequence[Fair]) -> set[int]:
    """The primary keys of those fairs that something belongs to, whatever it is."""
    keys = [fair.pk for fair in fairs]
    found: set[int] = set()
    if not keys:
        return found
    for relation in Fair._meta.get_fields(include_hidden=True):
        if not (relation.one_to_many or relation.one_to_one) or relation.concrete:
            continue
        if relation.on_delete is SET_NULL:  # type: ignore[union-attr]
            continue
        field = relation.field  # type: ignore[union-attr]
        rows = relation.related_model._base_manager.filter(  # type: ignore[union-attr]
            **{f"{field.name}__in": keys}
        )
        found.update(rows.values_list(field.attname, flat=True))
    return found
