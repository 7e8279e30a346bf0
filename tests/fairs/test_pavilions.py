"""Guest provinces: what may be done with a pavilion, by whom and until when."""

from collections.abc import Iterator
from datetime import datetime
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from accounts.models import User
from core.audit import AuditEvent
from core.errors import DomainError, NotAllowed, StaleState
from core.jobs import State
from core.tasks import run_job
from fairs.actions.pavilions import (
    PavilionContent,
    add_pavilion,
    ask_to_send_pavilion_link,
    change_pavilion,
    fill_in_pavilion,
    remove_pavilion,
    renew_pavilion_link,
)
from fairs.models import Pavilion
from fairs.queries.pavilions import (
    BoothLine,
    Lines,
    facts_of,
    lines_of,
)
from fairs.rendering.pavilions import link_of
from fairs.states import FairState
from tests import builders
from tests.fairs.pavilions import (
    NOW,
    UNTIL,
    make_booth,
    make_fair,
    make_pavilion,
    make_province,
)

pytestmark = pytest.mark.django_db

TEA = BoothLine("Hợp tác xã Chè Tả Lèng", "Chè Shan tuyết", "+84912345678")


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def _content(**fields: Any) -> PavilionContent:
    return PavilionContent(**{"booth_count": 3, "fill_in_until": UNTIL, **fields})


def _fill_in(pavilion: Pavilion, lines: Lines, **fields: Any) -> Pavilion:
    values = {"seen": lines_of(pavilion), "is_final": False, "actor": None, **fields}
    return fill_in_pavilion(pavilion=pavilion, lines=lines, **values)


def _code(refused: pytest.ExceptionInfo[DomainError]) -> str:
    return refused.value.code


# The organisers


def test_a_province_is_invited_once() -> None:
    fair, place = make_fair(), make_province()
    actor = builders.make_organiser(fair)
    pavilion = add_pavilion(
        fair=fair, place=place, content=_content(contact="Chị Mai"), actor=actor
    )
    assert (pavilion.booth_count, pavilion.contact, pavilion.version) == (3, "Chị Mai", 1)
    event = AuditEvent.objects.get()
    assert (event.verb, event.actor, event.stream) == ("fairs.pavilion_added", actor, fair.stream)
    assert event.facts["place"] == "LC"
    with pytest.raises(DomainError) as refused:
        add_pavilion(fair=fair, place=place, content=_content(), actor=actor)
    assert _code(refused) == "fair.pavilion_once"


@pytest.mark.parametrize(
    ("until", "code"),
    [
        (NOW, "fair.pavilion_deadline_past"),
        (datetime(1, 1, 1, tzinfo=timezone.get_default_timezone()), "fair.pavilion_deadline_past"),
        (datetime(2026, 12, 6, 17, 1, tzinfo=NOW.tzinfo), "fair.pavilion_deadline_late"),
        (
            datetime(9999, 12, 31, 23, tzinfo=timezone.get_default_timezone()),
            "fair.pavilion_deadline_late",
        ),
    ],
)
def test_a_deadline_is_to_come_and_before_the_fair_ends(until: datetime, code: str) -> None:
    fair = make_fair()
    pavilion = make_pavilion(fair)
    for write in (
        lambda content: add_pavilion(
            fair=fair, place=make_province("SL", "Sơn La"), content=content, actor=None
        ),
        lambda content: change_pavilion(
            pavilion=pavilion, seen=facts_of(pavilion), content=content, actor=None
        ),
    ):
        with pytest.raises(DomainError) as refused:
            write(_content(fill_in_until=until))
        assert _code(refused) == code
    assert [each.fill_in_until for each in Pavilion.objects.all()] == [UNTIL]


def test_fewer_booths_than_are_filled_in_are_refused() -> None:
    pavilion = make_pavilion()
    make_booth(pavilion, 1)
    make_booth(pavilion, 3, name="Hộ Lò Văn Sơn")
    with pytest.raises(DomainError) as refused:
        change_pavilion(
            pavilion=pavilion, seen=facts_of(pavilion), content=_content(booth_count=1), actor=None
        )
    assert _code(refused) == "fair.pavilion_has_more"
    assert Pavilion.objects.get().booth_count == 3
    change_pavilion(
        pavilion=pavilion, seen=facts_of(pavilion), content=_content(booth_count=2), actor=None
    )
    assert list(pavilion.booths.values_list("number", "name")) == [
        (1, "Hợp tác xã Chè Tả Lèng"),
        (2, "Hộ Lò Văn Sơn"),
    ]


def test_of_two_organisers_the_second_is_told_and_a_province_is_in_nobodys_way() -> None:
    pavilion = make_pavilion()
    seen = facts_of(pavilion)
    _fill_in(pavilion, {1: TEA})
    change_pavilion(pavilion=pavilion, seen=seen, content=_content(contact="Chị Mai"), actor=None)
    with pytest.raises(StaleState):
        change_pavilion(
            pavilion=pavilion, seen=seen, content=_content(contact="Anh Sơn"), actor=None
        )
    assert (Pavilion.objects.get().contact, Pavilion.objects.get().version) == ("Chị Mai", 3)


def test_a_pavilion_is_removed_only_while_it_is_empty_and_with_its_reason() -> None:
    pavilion = make_pavilion()
    booth = make_booth(pavilion)
    with pytest.raises(DomainError) as refused:
        remove_pavilion(pavilion=pavilion, reason="Tỉnh báo bận", actor=None)
    assert (_code(refused), Pavilion.objects.count()) == ("fair.pavilion_filled", 1)
    booth.delete()
    remove_pavilion(pavilion=pavilion, reason="Tỉnh báo bận", actor=None)
    assert Pavilion.objects.count() == 0
    facts = AuditEvent.objects.get().facts
    assert (facts["place"], facts["reason"]) == ("LC", "Tỉnh báo bận")


def _writes(pavilion: Pavilion, actor: User) -> list[Any]:
    at: dict[str, Any] = {"pavilion": pavilion, "actor": actor}
    return [
        lambda: add_pavilion(
            fair=pavilion.fair, place=make_province("SL", "Sơn La"), content=_content(), actor=actor
        ),
        lambda: change_pavilion(seen=facts_of(pavilion), content=_content(booth_count=9), **at),
        lambda: renew_pavilion_link(version=1, **at),
        lambda: ask_to_send_pavilion_link(version=1, **at),
        lambda: remove_pavilion(reason="Tỉnh báo bận", **at),
    ]


@pytest.mark.parametrize("role", ["viewer", "reviewer", ""])
def test_only_organisers_of_the_fair_change_its_pavilions(role: str) -> None:
    pavilion = make_pavilion(email="lai@chau.example")
    for write in _writes(pavilion, builders.make_user(role=role, fair=pavilion.fair)):
        with pytest.raises(NotAllowed):
            write()
    assert (Pavilion.objects.get().version, AuditEvent.objects.count()) == (1, 0)


@pytest.mark.parametrize("state", [FairState.CLOSED, FairState.CANCELLED])
def test_the_pavilions_of_a_fair_that_is_over_stay(state: str) -> None:
    pavilion = make_pavilion(make_fair(state), email="lai@chau.example")
    actor = builders.make_organiser(pavilion.fair)
    for write in [*_writes(pavilion, actor), lambda: _fill_in(pavilion, {1: TEA})]:
        with pytest.raises(DomainError) as refused:
            write()
        assert _code(refused) == "fair.pavilion_fair_over"
    assert AuditEvent.objects.count() == 0


# The link


def test_a_new_link_shuts_the_old_one() -> None:
    pavilion = make_pavilion()
    old = Pavilion.objects.get()
    renewed = renew_pavilion_link(pavilion=pavilion, version=1, actor=None)
    assert len(renewed.token) == 32
    assert renewed.token != old.token
    with pytest.raises(Pavilion.DoesNotExist):
        _fill_in(old, {1: TEA})
    with pytest.raises(StaleState):
        renew_pavilion_link(pavilion=pavilion, version=1, actor=None)
    assert renewed.token not in str(AuditEvent.objects.get().facts)


def test_the_link_is_sent_once_for_each_time_it_is_asked_for() -> None:
    pavilion = make_pavilion(email="lai@chau.example")
    job = ask_to_send_pavilion_link(pavilion=pavilion, version=1, actor=None)
    with pytest.raises(StaleState):
        ask_to_send_pavilion_link(pavilion=pavilion, version=1, actor=None)
    for _time in range(2):
        run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.queue) == (State.DONE, "mail")
    [letter] = mail.outbox
    assert letter.to == ["lai@chau.example"]
    assert letter.subject == "Gian hàng của Lai Châu tại Tuần hàng Thanh Trì"
    assert f"\n{link_of(pavilion)}\n" in letter.body
    assert "đến hết 17:00 30/11/2026" in letter.body
    assert list(AuditEvent.objects.values_list("verb", flat=True)) == [
        "fairs.pavilion_link_asked_for",
        "fairs.pavilion_link_sent",
    ]


def test_without_an_address_nothing_is_sent() -> None:
    with pytest.raises(DomainError) as refused:
        ask_to_send_pavilion_link(pavilion=make_pavilion(), version=1, actor=None)
    assert (_code(refused), AuditEvent.objects.count()) == ("fair.pavilion_no_email", 0)


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (SMTPRecipientsRefused({}), State.FAILED),
        (SMTPServerDisconnected("gone"), State.WAITING),
    ],
)
def test_a_refused_address_fails_and_a_lost_server_is_tried_again(
    monkeypatch: pytest.MonkeyPatch, error: Exception, state: str
) -> None:
    def refuse(*_arguments: object) -> None:
        raise error

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
    pavilion = make_pavilion(email="lai@chau.example")
    job = ask_to_send_pavilion_link(pavilion=pavilion, version=1, actor=None)
    run_job(job.pk)
    job.refresh_from_db()
    assert job.state == state


def test_the_link_of_a_pavilion_removed_meanwhile_goes_to_nobody() -> None:
    pavilion = make_pavilion(email="lai@chau.example")
    job = ask_to_send_pavilion_link(pavilion=pavilion, version=1, actor=None)
    remove_pavilion(pavilion=pavilion, reason="Tỉnh báo bận", actor=None)
    run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, mail.outbox) == (State.FAILED, [])
