"""The year drawn as lanes."""

from datetime import date

import pytest

from fairs.models import FairKind
from fairs.queries import lanes_of
from fairs.rendering import DAY, LABEL, ROW, STEP, draw_year
from tests import builders

pytestmark = pytest.mark.django_db


def test_a_fair_is_drawn_at_its_day_and_as_long_as_it_is() -> None:
    fair = builders.make_fair(first_day=date(2026, 12, 2), last_day=date(2026, 12, 6))
    drawn = draw_year(2026, lanes_of(2026, [fair]), date(2026, 11, 21))
    bar = drawn.lanes[0].bars[0]
    assert (bar.x, bar.width) == (LABEL + 335 * DAY, 5 * DAY)
    assert bar.anchor == "end"
    assert drawn.today == LABEL + 324 * DAY
    assert [month.number for month in drawn.months if month.is_this] == [11]


def test_a_fair_over_new_year_is_cut_at_the_year() -> None:
    fair = builders.make_fair(first_day=date(2026, 12, 30), last_day=date(2027, 1, 3))
    lengths = [lanes_of(year, [fair])[0].bars[0].length for year in (2026, 2027)]
    assert lengths == [2, 3]


def test_a_leap_year_has_one_day_more() -> None:
    widths = [draw_year(year, [], date(2026, 1, 1)).width for year in (2027, 2028)]
    assert widths[1] - widths[0] == DAY


def test_fairs_of_one_venue_share_a_lane_and_kinds_have_their_tone() -> None:
    venue = builders.make_venue()
    fairs = [
        builders.make_fair(venue=venue, first_day=date(2026, 3, 1), kind=FairKind.TRADE_WEEK),
        builders.make_fair(venue=venue, first_day=date(2026, 6, 1), kind=FairKind.REGIONAL_CULTURE),
        builders.make_fair(first_day=date(2026, 9, 1), kind=FairKind.ONLINE),
    ]
    drawn = draw_year(2026, lanes_of(2026, fairs), date(2025, 1, 1))
    assert [[bar.tone for bar in lane.bars] for lane in drawn.lanes] == [
        ["week", "culture"],
        ["online"],
    ]


def test_bars_and_names_that_would_cover_each_other_get_a_row_each() -> None:
    venue, other = builders.make_venue(), builders.make_venue()
    fairs = [
        builders.make_fair(venue=venue, first_day=date(2026, month, day))
        for month, day in ((3, 1), (3, 3), (3, 20), (9, 1), (12, 1), (12, 3))
    ]
    fairs.append(builders.make_fair(venue=other, first_day=date(2026, 3, 1)))
    drawn = draw_year(2026, lanes_of(2026, fairs), date(2025, 1, 1))
    first, second = drawn.lanes
    top = first.bars[0].y
    assert [(bar.y - top) / STEP for bar in first.bars] == [0, 1, 2, 0, 1, 2]
    assert second.y == first.y + ROW + 2 * STEP
    assert drawn.height == second.y + ROW


def test_only_a_fair_in_a_conflict_is_marked() -> None:
    venue = builders.make_venue()
    fairs = [builders.make_fair(venue=venue, first_day=date(2026, 3, day)) for day in (1, 9)]
    drawn = draw_year(2026, lanes_of(2026, fairs), date(2025, 1, 1), {fairs[1].pk})
    assert [bar.is_clash for bar in drawn.lanes[0].bars] == [False, True]
