"""A badge is in force while it is valid and its fair is not over."""

from datetime import timedelta

import pytest

from badges.rules import is_in_force
from badges.states import BADGE, BadgeState
from fairs.states import OVER, FairState
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("fair_state", FairState)
@pytest.mark.parametrize("state", BadgeState)
def test_badge_is_in_force_by_its_own_state_and_the_fairs(state: str, fair_state: str) -> None:
    badge = builders.make_badge(builders.make_fair(fair_state), state=state)
    expected = state == BadgeState.VALID and fair_state not in OVER
    assert is_in_force(badge, badge.fair.end) is expected


def test_badge_is_in_force_until_the_last_day_and_not_after() -> None:
    badge = builders.make_badge(builders.make_fair(FairState.RUNNING))
    days = (badge.fair.end, badge.fair.end + timedelta(days=1))
    assert [is_in_force(badge, day) for day in days] == [True, False]


def test_badge_can_be_revoked_once_and_never_brought_back() -> None:
    moves = {(old, new) for old in BadgeState for new in BadgeState if BADGE.allows(old, new)}
    assert moves == {(BadgeState.VALID, BadgeState.REVOKED)}
