"""Dates and numbers go in and out the same way, in both languages."""

from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal

import pytest
from django import forms
from django.utils import formats, translation
from django.utils.timezone import make_aware

LANGUAGES = ["vi", "en"]


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    with translation.override(request.param):
        yield request.param


@pytest.mark.parametrize(
    "typed", ["05/11/2026", "5/11/2026", "05-11-2026", "5.11.2026", "2026-11-05"]
)
def test_date_is_read_day_first(language: str, typed: str) -> None:
    assert forms.DateField().clean(typed) == date(2026, 11, 5)


@pytest.mark.parametrize("typed", ["11/20/2026", "05/11/26", "31/02/2026"])
def test_date_is_refused_month_first_or_incomplete(language: str, typed: str) -> None:
    with pytest.raises(forms.ValidationError):
        forms.DateField().clean(typed)


@pytest.mark.parametrize("typed", ["14:05", "14:05:00", "14h05"])
def test_time_is_read_on_24_hours(language: str, typed: str) -> None:
    assert forms.TimeField().clean(typed) == time(14, 5)


def test_date_and_time_shown_are_read_back(language: str) -> None:
    moment = datetime(2026, 11, 5, 14, 5)  # noqa: DTZ001 - a form's own wall clock time
    shown = formats.date_format(moment, "DATETIME_FORMAT")
    assert shown == {"vi": "14:05 05/11/2026", "en": "05/11/2026 14:05"}[language]
    field = forms.DateTimeField()
    assert field.clean(shown) == make_aware(moment)
    assert field.widget.format_value(moment) == shown


def test_date_is_shown_day_first_and_the_month_by_name(language: str) -> None:
    day = date(2026, 11, 5)
    shown = [formats.date_format(day, f"{kind}_FORMAT") for kind in ("DATE", "SHORT_DATE")]
    assert shown == ["05/11/2026", "05/11/2026"]
    month = formats.date_format(day, "YEAR_MONTH_FORMAT")
    assert month == {"vi": "tháng 11 năm 2026", "en": "November 2026"}[language]


def test_week_starts_on_monday(language: str) -> None:
    assert formats.get_format("FIRST_DAY_OF_WEEK") == 1


def test_number_is_grouped_by_thousands(language: str) -> None:
    shown = formats.number_format(Decimal("1234567.5"), use_l10n=True, force_grouping=True)
    assert shown == {"vi": "1.234.567,5", "en": "1,234,567.5"}[language]
