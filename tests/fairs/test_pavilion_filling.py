"""A guest province fills in its booths, and what others see of them."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from core.audit import AuditEvent
from core.errors import DomainError, StaleState
from fairs.actions.pavilions import (
    fill_in_pavilion,
)
from fairs.models import Fair, Pavilion
from fairs.queries.deadlines import Deadline, deadlines_of
from fairs.queries.pavilions import (
    BoothLine,
    Clash,
    Lines,
    Merge,
    lines_of,
    merge_lines,
    public_provinces,
)
from fairs.states import FairState
from tests.fairs.pavilions import (
    LATE,
    NOW,
    UNTIL,
    make_fair,
    make_pavilion,
    make_province,
)

pytestmark = pytest.mark.django_db

TEA = BoothLine("Hợp tác xã Chè Tả Lèng", "Chè Shan tuyết", "+84912345678")

RICE = BoothLine("Hộ Lò Văn Sơn", "Gạo séng cù")

HONEY = BoothLine("Hợp tác xã Mật ong Tam Đường", "Mật ong bạc hà")


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def _fill_in(pavilion: Pavilion, lines: Lines, **fields: Any) -> Pavilion:
    values = {"seen": lines_of(pavilion), "is_final": False, "actor": None, **fields}
    return fill_in_pavilion(pavilion=pavilion, lines=lines, **values)


def _code(refused: pytest.ExceptionInfo[DomainError]) -> str:
    return refused.value.code


# The province


def test_a_province_saves_sends_in_and_changes() -> None:
    pavilion = make_pavilion()
    _fill_in(pavilion, {1: TEA, 3: RICE})
    assert Pavilion.objects.get().submitted_at is None
    pavilion = Pavilion.objects.get()
    _fill_in(pavilion, lines_of(pavilion), is_final=True)
    _fill_in(pavilion, {3: HONEY})
    pavilion = Pavilion.objects.get()
    assert lines_of(pavilion) == {3: HONEY}
    assert (pavilion.submitted_at, pavilion.version) == (NOW, 4)
    assert list(AuditEvent.objects.values_list("verb", "facts__booths", "facts__filled")) == [
        ("fairs.pavilion_filled_in", [1, 3], 2),
        ("fairs.pavilion_sent_in", [], 2),
        ("fairs.pavilion_filled_in", [1, 3], 1),
    ]
    assert "Lèng" not in str(list(AuditEvent.objects.values_list("facts", flat=True)))


def test_a_pavilion_without_units_is_not_sent_in() -> None:
    pavilion = make_pavilion()
    with pytest.raises(DomainError) as refused:
        _fill_in(pavilion, {}, is_final=True)
    assert _code(refused) == "fair.pavilion_empty"
    _fill_in(pavilion, {1: TEA}, is_final=True)
    _fill_in(Pavilion.objects.get(), {})
    assert Pavilion.objects.get().submitted_at is None


def test_more_lines_than_booths_are_refused() -> None:
    pavilion = make_pavilion()
    with pytest.raises(DomainError) as refused:
        _fill_in(pavilion, {1: TEA, 4: RICE})
    assert _code(refused) == "fair.pavilion_too_many"
    assert not lines_of(Pavilion.objects.get())


def test_the_deadline_is_the_servers_with_a_minute_of_grace(
    clock: Any,
) -> None:
    pavilion = make_pavilion()
    clock.move_to(UNTIL + LATE - timedelta(seconds=1))
    _fill_in(pavilion, {1: TEA})
    clock.move_to(UNTIL + LATE)
    with pytest.raises(DomainError) as refused:
        _fill_in(Pavilion.objects.get(), {1: RICE})
    assert _code(refused) == "fair.pavilion_closed"
    assert "17:00 30/11/2026" in str(refused.value)
    assert lines_of(Pavilion.objects.get()) == {1: TEA}


def test_of_two_phones_the_second_is_told_and_the_same_twice_is_no_clash() -> None:
    pavilion = make_pavilion()
    first = second = lines_of(pavilion)
    _fill_in(pavilion, {1: TEA}, seen=first)
    _fill_in(pavilion, {1: TEA}, seen=second)
    with pytest.raises(StaleState):
        _fill_in(pavilion, {1: RICE}, seen=second)
    assert lines_of(Pavilion.objects.get()) == {1: TEA}
    assert AuditEvent.objects.count() == 1


@pytest.mark.parametrize(
    ("seen", "mine", "theirs", "merge"),
    [
        ({}, {1: RICE}, {1: TEA}, Merge({1: TEA, 2: RICE}, [], [(1, 2)])),
        ({}, {2: RICE}, {1: TEA}, Merge({1: TEA, 2: RICE}, [], [])),
        (
            {1: TEA, 2: RICE},
            {1: TEA},
            {1: TEA, 2: RICE, 3: HONEY},
            Merge({1: TEA, 3: HONEY}, [], []),
        ),
        ({1: TEA}, {1: RICE}, {1: HONEY}, Merge({1: RICE}, [Clash(1, HONEY, RICE)], [])),
        ({1: TEA}, {1: RICE}, {}, Merge({1: RICE}, [Clash(1, BoothLine(), RICE)], [])),
        ({1: TEA}, {}, {1: HONEY}, Merge({}, [Clash(1, HONEY, BoothLine())], [])),
        (
            {1: TEA, 2: TEA},
            {1: TEA, 2: TEA, 3: RICE},
            {1: TEA, 2: TEA, 3: HONEY},
            Merge({1: TEA, 2: TEA, 3: HONEY, 4: RICE}, [], [(3, 4)]),
        ),
    ],
)
def test_two_peoples_lines_become_one_and_none_is_lost(
    seen: Lines, mine: Lines, theirs: Lines, merge: Merge
) -> None:
    assert merge_lines(seen=seen, mine=mine, stored=theirs, count=3) == merge


# What others see


@pytest.mark.parametrize(
    ("state", "submitted_at", "shown"),
    [
        (FairState.REGISTERING, None, []),
        (FairState.REGISTERING, NOW, ["Lai Châu"]),
        (FairState.PUBLISHED, None, ["Lai Châu"]),
    ],
)
def test_a_pavilion_is_public_once_sent_in_or_with_the_booths(
    state: str, submitted_at: datetime | None, shown: list[str]
) -> None:
    fair = make_fair(state)
    make_pavilion(fair, submitted_at=submitted_at)
    assert [each.pavilion.place.name for each in public_provinces(fair, [])] == shown


def _awaited() -> list[Deadline]:
    """The deadlines of guest provinces, over all fairs."""
    found = deadlines_of(list(Fair.objects.all()), timezone.localdate())
    return [deadline for deadline in found if deadline.key.startswith("pavilion:")]


def test_deadlines_name_the_provinces_that_have_sent_nothing_in(
    clock: Any,
) -> None:
    fair = make_fair()
    make_pavilion(fair)
    make_pavilion(fair, place=make_province("DB", "Điện Biên"))
    make_pavilion(fair, place=make_province("SL", "Sơn La"), submitted_at=NOW)
    make_pavilion(make_fair(FairState.CANCELLED))
    found = _awaited()
    assert {(each.fair, each.day.isoformat(), each.days_left) for each in found} == {
        (fair, "2026-11-30", 8)
    }
    assert sorted(each.what for each in found) == [
        "Lai Châu gửi danh sách gian hàng",
        "Điện Biên gửi danh sách gian hàng",
    ]
    clock.move_to(UNTIL + timedelta(days=1))
    assert _awaited() == []
