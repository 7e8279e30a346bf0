"""What the database itself refuses."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from fairs.states import FairState
from tests import builders

pytestmark = pytest.mark.django_db


def test_a_fair_does_not_end_before_it_begins() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        builders.make_fair(first_day=date(2026, 12, 6), last_day=date(2026, 12, 2))


def test_only_a_past_fair_may_lack_its_last_day() -> None:
    assert builders.make_fair(FairState.CLOSED, last_day=None).days == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        builders.make_fair(FairState.ANNOUNCED, last_day=None)


def test_an_unknown_state_is_refused() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        builders.make_fair("forgotten")
