"""Days that come again by a rule (RFC 5545, section 3.3.10). No tables are read here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice

from dateutil.rrule import rrule, rrulestr
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from core.vietnam import shown_date

MOST_DAYS = 200
MOST_APART = 52
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


class Step(TextChoices):
    """What is counted from one time to the next."""

    WEEKLY = "WEEKLY", _("weeks")
    MONTHLY = "MONTHLY", _("months")


@dataclass(frozen=True, kw_only=True)
class Recurrence:
    """Some weekdays (0 is Monday) of every n-th week or month, until a day or a number of times.

    Weeks begin on Monday and are counted from that of `first_day`, which is a day of the rule only
    if it is one of the weekdays. Of a month it is the weekday of that `place`: 1 to 4, or -1 for
    the last one.
    """

    first_day: date
    step: Step
    weekdays: tuple[int, ...]
    every: int = 1
    place: int = 1
    until: date | None = None
    times: int | None = None

    @property
    def text(self) -> str:
        """The rule as RFC 5545 writes it.

        Raises DomainError `recurrence.no_weekday`, `recurrence.no_end`, `recurrence.two_ends` or
        `recurrence.end_first`.
        """
        self._check()
        place = str(self.place) if self.step == Step.MONTHLY else ""
        parts = {
            "FREQ": self.step.value,
            "INTERVAL": str(self.every) if self.every > 1 else "",
            "BYDAY": ",".join(f"{place}{WEEKDAYS[day]}" for day in sorted(self.weekdays)),
            "UNTIL": f"{self.until.year:04}{self.until:%m%d}" if self.until else "",
            "COUNT": str(self.times or ""),
        }
        return ";".join(f"{name}={value}" for name, value in parts.items() if value)

    def _check(self) -> None:
        if not self.weekdays:
            raise DomainError("recurrence.no_weekday", _("Choose at least one day of the week."))
        if self.until is None and self.times is None:
            raise DomainError(
                "recurrence.no_end",
                _("Say when the series ends: on which day, or after how many times."),
            )
        if self.until is not None and self.times is not None:
            raise DomainError(
                "recurrence.two_ends",
                _("Say either the last day or how many times, not both."),
            )
        if self.until is not None and self.until < self.first_day:
            raise DomainError("recurrence.end_first", _("The series ends before it begins."))


def read_rule(first_day: date, text: str) -> Recurrence:
    """The recurrence that `Recurrence.text` wrote."""
    parts = dict(part.split("=", 1) for part in text.split(";"))
    days = parts["BYDAY"].split(",")
    until = parts.get("UNTIL")
    return Recurrence(
        first_day=first_day,
        step=Step(parts["FREQ"]),
        weekdays=tuple(WEEKDAYS.index(day[-2:]) for day in days),
        every=int(parts.get("INTERVAL", 1)),
        place=int(days[0][:-2] or 1),
        until=date(int(until[:4]), int(until[4:6]), int(until[6:])) if until else None,
        times=int(parts["COUNT"]) if "COUNT" in parts else None,
    )


def days_of_rule(first_day: date, text: str, exceptions: Iterable[date] = ()) -> list[date]:
    """The days that a rule gives from `first_day` on, without the `exceptions`, in order.

    Raises DomainError `recurrence.no_day`, `recurrence.too_many` or `recurrence.not_its_day`,
    the last when an exception is no day of the rule; the fact `days` names them.
    """
    rule = rrulestr(text, dtstart=datetime.combine(first_day, time.min))
    assert isinstance(rule, rrule)
    given = [moment.date() for moment in islice(rule, MOST_DAYS + 1)]
    if len(given) > MOST_DAYS:
        raise DomainError(
            "recurrence.too_many",
            _("This gives more than %(most)s days. End the series earlier."),
            most=MOST_DAYS,
        )
    left_out = set(exceptions)
    if strange := sorted(left_out - set(given)):
        raise DomainError(
            "recurrence.not_its_day",
            _("Nothing is held on these days anyway: %(days)s."),
            days=", ".join(map(shown_date, strange)),
        )
    if left_out >= set(given):
        raise DomainError("recurrence.no_day", _("No day is left: nothing would be held."))
    return [day for day in given if day not in left_out]
