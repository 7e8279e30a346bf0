"""The record is a chain: whatever is done to it behind our back is found and named."""

from collections.abc import Callable

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from core.audit import AuditEvent, AuditStream, Break, event_hash, find_breaks, record
from tests.builders import make_user
from tests.databases import guards_off

pytestmark = pytest.mark.django_db


@pytest.fixture
def stream() -> str:
    """Four events of one fair among those of another."""
    actor = make_user()
    for number in range(1, 5):
        for name in ("fair:thanh-tri", "office"):
            record(
                stream=name,
                actor=actor if number % 2 else None,
                verb="booths.assigned",
                subject=f"A-{number}",
                sizes=[3, 3],
                note="Khu ẩm thực",
            )
    return "fair:thanh-tri"


def _events(stream: str) -> dict[int, AuditEvent]:
    return {event.number: event for event in AuditEvent.objects.filter(stream=stream)}


def _forge(stream: str, number: int) -> AuditEvent:
    """A row that hangs together by itself: right hash, right predecessor."""
    before = AuditEvent.objects.filter(stream=stream, number=number - 1).first()
    event = AuditEvent(
        stream=stream,
        number=number,
        at=timezone.now(),
        verb="booths.assigned",
        subject="A-9",
        previous_hash=before.hash if before else "0" * 64,
    )
    event.hash = event_hash(event)
    return event


def test_untouched_chain_holds(stream: str) -> None:
    assert list(find_breaks()) == []
    head = AuditStream.objects.get(name=stream)
    assert (head.length, head.head) == (4, _events(stream)[4].hash)


def _change_fact(stream: str) -> None:
    AuditEvent.objects.filter(stream=stream, number=2).update(facts={"note": "Khu thủ công"})


def _change_fact_and_its_hash(stream: str) -> None:
    event = _events(stream)[2]
    event.facts = {"note": "Khu thủ công"}
    event.hash = event_hash(event)
    event.save()


def _change_actor(stream: str) -> None:
    AuditEvent.objects.filter(stream=stream, number=3).update(actor=None)


def _delete_middle(stream: str) -> None:
    AuditEvent.objects.filter(stream=stream, number=2).delete()


def _delete_tail(stream: str) -> None:
    AuditEvent.objects.filter(stream=stream, number=4).delete()


def _delete_all(stream: str) -> None:
    AuditEvent.objects.filter(stream=stream).delete()


def _insert_at_the_end(stream: str) -> None:
    _forge(stream, 5).save()


def _insert_at_the_start(stream: str) -> None:
    _forge(stream, 0).save()


def _replace_last(stream: str) -> None:
    _delete_tail(stream)
    _forge(stream, 4).save()


def _swap(stream: str) -> None:
    second, third = _events(stream)[2], _events(stream)[3]
    AuditEvent.objects.filter(pk=second.pk).update(number=99)
    AuditEvent.objects.filter(pk=third.pk).update(number=2)
    AuditEvent.objects.filter(pk=second.pk).update(number=3)


def _new_stream(stream: str) -> None:
    _forge("fair:bat-trang", 1).save()


@pytest.mark.parametrize(
    ("tamper", "place", "reason"),
    [
        (_change_fact, 2, "changed"),
        (_change_fact_and_its_hash, 3, "changed"),
        (_change_actor, 3, "changed"),
        (_delete_middle, 2, "missing"),
        (_delete_tail, 4, "missing"),
        (_delete_all, 1, "missing"),
        (_insert_at_the_end, 5, "inserted"),
        (_insert_at_the_start, 0, "inserted"),
        (_replace_last, 4, "changed"),
        (_swap, 2, "changed"),
    ],
)
def test_tampering_is_found_and_named(
    stream: str, tamper: Callable[[str], None], place: int, reason: str
) -> None:
    with guards_off():
        tamper(stream)
    assert list(find_breaks()) == [Break(stream, place, reason)]


def test_event_of_a_stream_that_never_was_is_found(stream: str) -> None:
    with guards_off():
        _new_stream(stream)
    assert list(find_breaks()) == [Break("fair:bat-trang", 1, "inserted")]


def test_event_recorded_during_the_check_is_no_break(stream: str) -> None:
    with transaction.atomic():
        record(stream="z", actor=None, verb="plan.created", subject="2026")
    with guards_off():
        _change_fact(stream)
    breaks = find_breaks()
    assert next(breaks).stream == stream
    with transaction.atomic():
        record(stream="z", actor=None, verb="plan.changed", subject="2026")
    assert list(breaks) == []


@pytest.mark.parametrize("tamper", [_change_fact, _delete_middle])
def test_database_itself_refuses_to_change_or_delete(
    stream: str, tamper: Callable[[str], None]
) -> None:
    with pytest.raises(DatabaseError, match="only ever appended"), transaction.atomic():
        tamper(stream)
    assert len(_events(stream)) == 4
    assert list(find_breaks()) == []


def test_event_vanishes_with_the_change_it_tells_of() -> None:
    with transaction.atomic():
        record(stream="office", actor=None, verb="plan.created", subject="2026")
        transaction.set_rollback(True)
    assert list(AuditEvent.objects.all()) == []
