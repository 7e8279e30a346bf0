"""The days of a recurrence rule, held against a walk from day to day."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import DomainError
from fairs.recurrence import MOST_DAYS, Recurrence, Step, days_of_rule, read_rule

DAY = timedelta(days=1)
FRIDAYS: dict[str, Any] = {"first_day": date(2026, 12, 1), "step": Step.WEEKLY, "weekdays": (4,)}


@st.composite
def _recurrences(draw: st.DrawFn) -> Recurrence:
    first_day = draw(st.dates(date(2020, 1, 1), date(2035, 12, 31)))
    ends: dict[str, Any] = {"until": None, "times": None}
    if draw(st.booleans()):
        ends["until"] = first_day + draw(st.integers(0, 400)) * DAY
    else:
        ends["times"] = draw(st.integers(1, 40))
    return Recurrence(
        first_day=first_day,
        step=draw(st.sampled_from(Step)),
        weekdays=tuple(sorted(draw(st.sets(st.integers(0, 6), min_size=1)))),
        every=draw(st.integers(1, 8)),
        place=draw(st.sampled_from([1, 2, 3, 4, -1])),
        **ends,
    )


def _walk(rule: Recurrence) -> list[date]:
    """Every day from the first on, asked whether it is one."""
    found: list[date] = []
    day = rule.first_day
    while (rule.until is None or day <= rule.until) and len(found) < (rule.times or MOST_DAYS * 2):
        if _is_day(rule, day):
            found.append(day)
        day += DAY
    return found


def _is_day(rule: Recurrence, day: date) -> bool:
    if day.weekday() not in rule.weekdays:
        return False
    if rule.step == Step.WEEKLY:
        weeks = (day - day.weekday() * DAY) - (rule.first_day - rule.first_day.weekday() * DAY)
        return weeks.days // 7 % rule.every == 0
    months = (day.year - rule.first_day.year) * 12 + day.month - rule.first_day.month
    is_last = (day + 7 * DAY).month != day.month
    place = (day.day - 1) // 7 + 1
    return months % rule.every == 0 and (is_last if rule.place == -1 else place == rule.place)


@given(_recurrences())
def test_the_days_are_those_of_a_walk_and_the_text_says_the_same(rule: Recurrence) -> None:
    wanted = _walk(rule)
    written = rule if rule.step == Step.MONTHLY else Recurrence(**{**vars(rule), "place": 1})
    assert read_rule(rule.first_day, rule.text) == written
    if wanted and len(wanted) <= MOST_DAYS:
        assert days_of_rule(rule.first_day, rule.text) == wanted
    else:
        with pytest.raises(DomainError) as refused:
            days_of_rule(rule.first_day, rule.text)
        assert refused.value.code == ("recurrence.too_many" if wanted else "recurrence.no_day")


def test_the_text_is_what_calendars_read() -> None:
    rule = Recurrence(**FRIDAYS, until=date(2026, 12, 31))
    assert rule.text == "FREQ=WEEKLY;BYDAY=FR;UNTIL=20261231"
    rule = Recurrence(
        first_day=date(2027, 1, 1),
        step=Step.MONTHLY,
        weekdays=(5, 6),
        every=2,
        place=-1,
        times=10,
    )
    assert rule.text == "FREQ=MONTHLY;INTERVAL=2;BYDAY=-1SA,-1SU;COUNT=10"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, "recurrence.no_end"),
        ({"until": date(2026, 12, 31), "times": 4}, "recurrence.two_ends"),
        ({"until": date(2026, 11, 30)}, "recurrence.end_first"),
        ({"until": date(2026, 12, 31), "weekdays": ()}, "recurrence.no_weekday"),
    ],
)
def test_a_rule_that_says_too_little_or_too_much_is_refused(
    changes: dict[str, Any], code: str
) -> None:
    with pytest.raises(DomainError) as refused:
        Recurrence(**{**FRIDAYS, **changes}).text  # noqa: B018
    assert refused.value.code == code


def test_the_last_day_is_counted_and_29_february_is_a_day_of_leap_years_only() -> None:
    rule = Recurrence(
        first_day=date(2028, 2, 1), step=Step.WEEKLY, weekdays=(1,), until=date(2028, 2, 29)
    )
    assert days_of_rule(rule.first_day, rule.text)[-1] == date(2028, 2, 29)
    rule = Recurrence(first_day=date(2027, 2, 28), step=Step.WEEKLY, weekdays=(6, 0), times=2)
    assert days_of_rule(rule.first_day, rule.text) == [date(2027, 2, 28), date(2027, 3, 1)]


def test_exceptions_are_left_out_and_must_be_days_of_the_rule() -> None:
    rule = Recurrence(**FRIDAYS, until=date(2026, 12, 18))
    days = [date(2026, 12, 4), date(2026, 12, 11), date(2026, 12, 18)]
    assert days_of_rule(rule.first_day, rule.text, days[1:2]) == [days[0], days[2]]
    for exceptions, code, facts in (
        ([date(2026, 12, 5)], "recurrence.not_its_day", {"days": "05/12/2026"}),
        (days, "recurrence.no_day", {}),
    ):
        with pytest.raises(DomainError) as refused:
            days_of_rule(rule.first_day, rule.text, exceptions)
        assert (refused.value.code, refused.value.facts) == (code, facts)


def test_no_more_than_200_days_are_given() -> None:
    most, more = (Recurrence(**FRIDAYS, times=times).text for times in (200, 201))
    assert len(days_of_rule(FRIDAYS["first_day"], most)) == 200
    with pytest.raises(DomainError) as refused:
        days_of_rule(FRIDAYS["first_day"], more)
    assert refused.value.code == "recurrence.too_many"
