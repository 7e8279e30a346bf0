"""What hangs on a fair's opening moves along when the fair is held on other days."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.audit import AuditEvent
from fairs.actions import shift_fair
from fairs.actions.editing import edit_fair
from fairs.models import Fair, LegalBasis, Pavilion, Reminder, Session, SessionKind, Stage
from fairs.queries import deadlines_of
from fairs.queries.editing import EDITED
from fairs.states import FairState
from fairs.tasks.reminders import _claim
from tests import builders
from tests.fairs import pavilions as scene

pytestmark = pytest.mark.django_db

OPENING = date(2026, 12, 2)


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(scene.NOW, tick=False):
        yield


@pytest.fixture
def fair() -> Fair:
    """From 02/12/2026; Lai Châu sends in its booths by 30/11/2026 at 17:00."""
    made = scene.make_fair()
    scene.make_pavilion(made)
    return made


def _shift(fair: Fair, days: int) -> None:
    first_day = fair.first_day + timedelta(days=days)
    shift_fair(fair=fair, first_day=first_day, version=1, actor=None)


def _deadline() -> str:
    return f"{timezone.localtime(Pavilion.objects.get().fill_in_until):%d/%m/%Y %H:%M}"


@pytest.mark.parametrize(
    ("days", "until", "deadline"),
    [
        (14, "30/11/2026 17:00", "14/12/2026 17:00"),
        (-3, "30/11/2026 17:00", "27/11/2026 17:00"),
        (-10, "30/11/2026 17:00", "22/11/2026 23:59"),  # 20/11 has passed: today
        (-8, "23/11/2026 17:00", "23/11/2026 17:00"),  # 15/11 has passed: as it was
        (14, "20/11/2026 17:00", "04/12/2026 17:00"),  # open once more
        (1, "20/11/2026 17:00", "20/11/2026 17:00"),  # over is over
    ],
)
def test_a_guest_province_s_deadline_moves_as_far_as_the_fair_and_never_into_the_past(
    days: int, until: str, deadline: str
) -> None:
    moment = datetime.strptime(until, "%d/%m/%Y %H:%M")  # noqa: DTZ007
    fair = scene.make_fair()
    scene.make_pavilion(fair, fill_in_until=timezone.make_aware(moment))
    _shift(fair, days)
    assert _deadline() == deadline
    is_same = until == deadline
    assert Pavilion.objects.get().version == (1 if is_same else 2)
    facts = AuditEvent.objects.get().facts
    assert facts["deadlines"] == (
        {} if is_same else {"LC": Pavilion.objects.get().fill_in_until.isoformat()}
    )


def test_only_its_length_changes_and_every_deadline_stays(fair: Fair) -> None:
    shift_fair(fair=fair, first_day=OPENING, last_day=date(2026, 12, 9), version=1, actor=None)
    assert (_deadline(), Pavilion.objects.get().version) == ("30/11/2026 17:00", 1)


def test_another_fair_s_guests_are_left_alone(fair: Fair) -> None:
    _shift(scene.make_fair(), 14)
    assert _deadline() == "30/11/2026 17:00"


def test_the_form_of_a_fair_moves_its_guests_deadlines_too(client: Client, fair: Fair) -> None:
    values = {name: getattr(fair, name) for name in EDITED} | {"plan": fair.plan}
    values |= {"first_day": date(2026, 12, 9), "last_day": date(2026, 12, 13)}
    edit_fair(fair=fair, version=1, values=values, actor=None)
    assert _deadline() == "07/12/2026 17:00"
    assert list(AuditEvent.objects.get().facts["deadlines"]) == ["LC"]


@pytest.mark.parametrize(
    ("state", "days", "closes"),
    [
        (FairState.DRAFT, 14, date(2026, 12, 11)),
        (FairState.DRAFT, -5, date(2026, 11, 27)),  # 22/11 09:00 has just passed
        (FairState.ANNOUNCED, 14, date(2026, 11, 27)),
        (FairState.REGISTERING, 14, date(2026, 11, 27)),
    ],
)
def test_a_draft_s_closing_of_applications_moves_along_and_an_announced_one_stays(
    state: str, days: int, closes: date
) -> None:
    closing = scene.NOW + timedelta(days=5)
    fair = scene.make_fair(state, applications_close_at=closing)
    _shift(fair, days)
    stored = Fair.objects.get().applications_close_at
    assert stored
    assert timezone.localtime(stored).date() == closes


def test_registration_and_reminders_follow_the_opening(fair: Fair) -> None:
    builders.make_rule(LegalBasis.REGISTERED, register_from_days=365, register_until_days=30)
    fair = scene.make_fair(
        legal_basis=LegalBasis.REGISTERED, decision_number="", first_day=date(2027, 1, 20)
    )
    today = date(2026, 11, 22)

    def due() -> list[Any]:
        found = deadlines_of([Fair.objects.get(pk=fair.pk)], today)
        return [deadline for deadline in found if deadline.key == "registration"]

    assert [deadline.day for deadline in due()] == [date(2026, 12, 21)]
    _claim(fair, due())
    _shift(fair, -5)
    assert [deadline.day for deadline in due()] == [date(2026, 12, 16)]
    # The new day is told anew, though the old one was.
    assert len(_claim(fair, due())) == 1
    assert Reminder.objects.count() == 2


def test_what_moves_along_is_said_before_and_after(client: Client, fair: Fair) -> None:
    stage = Stage.objects.create(fair=fair, name="Sân khấu")
    start = scene.NOW + timedelta(days=10)
    Session.objects.create(
        fair=fair,
        stage=stage,
        kind=SessionKind.OPENING,
        title="Khai mạc",
        starts_at=start,
        ends_at=start + timedelta(hours=1),
    )
    Fair.objects.update(applications_close_at=scene.NOW + timedelta(days=5))
    client.force_login(builders.make_organiser(fair, language="vi"))
    address = reverse("fair_shift", args=[fair.code])
    sentences = [
        "1 hoạt động trong chương trình được dời theo.",
        "Hạn gửi gian hàng của Lai Châu là 17:00 07/12/2026.",
        "Hạn nhận đơn vẫn là 09:00 27/11/2026.",
    ]
    before = client.get(address, {"first_day": "09/12/2026"}).content.decode()
    assert [sentence in before for sentence in sentences] == [True] * 3
    sent = {"first_day": "2026-12-09", "version": 1}
    after = client.post(address, sent, follow=True).content.decode()
    assert " ".join(["Đã dời lịch hội chợ.", *sentences]) in after


def test_a_deadline_that_cannot_move_as_far_is_told(client: Client, fair: Fair) -> None:
    client.force_login(builders.make_organiser(fair, language="vi"))
    address = reverse("fair_shift", args=[fair.code])
    page = client.get(address, {"first_day": "23/11/2026"}).content.decode()
    assert "Hạn gửi gian hàng của Lai Châu là 23:59 22/11/2026." in page
    assert "Hạn của 1 tỉnh khách mời không dời được đủ số ngày: ngày đó đã qua." in page
