"""A fair is moved to other days."""

from datetime import date, timedelta
from urllib.parse import urlencode

import pytest
from django.db.models import F
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.audit import AuditEvent
from core.errors import DomainError, NotAllowed, StaleState
from fairs import queries
from fairs.actions import shift_fair
from fairs.models import Fair, Session
from fairs.queries import Span
from fairs.states import MOVABLE, FairState
from tests import builders
from tests.pages import read_main

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("november")]

TODAY = date(2026, 11, 21)


# Other days


def test_the_new_days_are_looked_at_before_they_are_taken(client: Client, fair: Fair) -> None:
    other = builders.make_fair(
        venue=fair.venue, first_day=date(2026, 12, 15), short_title="Hội làng nghề"
    )
    client.force_login(builders.make_organiser(fair))
    address = reverse("fair_shift", args=[fair.code])
    page = read_main(client, f"{address}?first_day=13/12/2026")
    assert "13–17/12/2026" in page
    assert "một hội chợ khác" in page
    assert "1 hoạt động" in page
    assert other.short_title not in page
    assert "Không có gì trùng." in read_main(client, f"{address}?first_day=2026-12-08")
    fair.refresh_from_db()
    assert fair.first_day == date(2026, 12, 2)


def test_confirmed_days_are_taken_with_the_programme_and_recorded(
    client: Client, fair: Fair
) -> None:
    organiser = builders.make_organiser(fair)
    client.force_login(organiser)
    sent = client.post(
        reverse("fair_shift", args=[fair.code]), {"first_day": "2027-02-27", "version": 1}
    )
    assert sent.url == fair.desk_url
    fair.refresh_from_db()
    assert (fair.first_day, fair.last_day, fair.version) == (
        date(2027, 2, 27),
        date(2027, 3, 3),
        2,
    )
    session = Session.objects.get()
    assert timezone.localtime(session.starts_at).isoformat() == "2027-02-27T08:00:00+07:00"
    assert (session.ends_at - session.starts_at, session.version) == (timedelta(hours=1), 2)
    event = AuditEvent.objects.get()
    assert (event.verb, event.actor, event.subject) == ("fairs.shifted", organiser, fair.code)
    assert event.facts == {
        "before": ["2026-12-02", "2026-12-06"],
        "after": ["2027-02-27", "2027-03-03"],
        "sessions": 1,
        "deadlines": {},
    }


@pytest.mark.parametrize("state", [state for state in FairState if state not in MOVABLE])
def test_a_fair_whose_days_are_relied_on_is_not_moved(fair: Fair, state: str) -> None:
    Fair.objects.update(state=state)
    with pytest.raises(DomainError) as refused:
        shift_fair(fair=fair, first_day=date(2026, 12, 8), version=1, actor=None)
    assert refused.value.code == "fair.not_shiftable"
    assert Fair.objects.get().first_day == fair.first_day
    assert AuditEvent.objects.count() == 0


def test_of_two_who_move_at_once_the_second_is_told(client: Client, fair: Fair) -> None:
    shift_fair(fair=fair, first_day=date(2026, 12, 8), version=1, actor=None)
    with pytest.raises(StaleState) as refused:
        shift_fair(fair=fair, first_day=date(2026, 12, 15), version=1, actor=None)
    assert refused.value.code == "fair.edited_meanwhile"
    client.force_login(builders.make_organiser(fair))
    address = reverse("fair_shift", args=[fair.code])
    answer = client.post(
        address,
        {"first_day": "2026-12-15", "version": 1},
        headers={"Referer": f"http://testserver{address}?first_day=15/12/2026"},
        follow=True,
    )
    page = answer.content.decode()
    assert "15–19/12/2026" in page
    assert 'name="version" value="2"' in page
    assert Fair.objects.get().first_day == date(2026, 12, 8)


@pytest.mark.parametrize("first_day", [date(2026, 11, 20), date(2031, 12, 31), date.max])
def test_a_day_that_is_past_or_years_away_is_refused(fair: Fair, first_day: date) -> None:
    with pytest.raises(DomainError) as refused:
        shift_fair(fair=fair, first_day=first_day, version=1, actor=None)
    assert refused.value.code == "fair.day_out_of_reach"
    assert Fair.objects.get().first_day == fair.first_day


def test_the_days_it_has_already_change_nothing(fair: Fair) -> None:
    shift_fair(fair=fair, first_day=fair.first_day, version=1, actor=None)
    assert (Fair.objects.get().version, AuditEvent.objects.count()) == (1, 0)


@pytest.mark.parametrize("typed", ["29/02/2027", "31/04/2027", "hôm qua", "01/01/2020", "Đ" * 300])
def test_a_day_that_there_is_not_is_told_and_stays_typed(
    client: Client, fair: Fair, typed: str
) -> None:
    client.force_login(builders.make_organiser(fair))
    address = reverse("fair_shift", args=[fair.code])
    looked = client.get(address, {"first_day": typed})
    sent = client.post(address, {"first_day": typed, "version": 1})
    assert looked.status_code == 200
    assert sent.status_code in (409, 422)
    page = looked.content.decode()
    assert f'value="{typed}"' in page
    assert 'class="errors' in page
    assert Fair.objects.get().first_day == fair.first_day


@pytest.mark.parametrize("role", ["viewer", "reviewer", "commune_officer"])
def test_only_organisers_move_a_fair(client: Client, fair: Fair, role: str) -> None:
    address = reverse("fair_shift", args=[fair.code])
    data = {"first_day": "2026-12-08", "version": 1}
    client.force_login(builders.make_user(role=role))
    assert [client.get(address).status_code, client.post(address, data).status_code] == [403, 403]
    client.force_login(builders.make_organiser(builders.make_fair()))
    assert [client.get(address).status_code, client.post(address, data).status_code] == [404, 404]
    with pytest.raises(NotAllowed):
        shift_fair(
            fair=fair, first_day=date(2026, 12, 8), version=1, actor=builders.make_user(role=role)
        )
    fair.refresh_from_db()
    assert (fair.first_day, AuditEvent.objects.count()) == (date(2026, 12, 2), 0)


def test_the_fair_s_own_page_offers_other_days_while_they_can_be_chosen(
    client: Client, fair: Fair
) -> None:
    client.force_login(builders.make_organiser(fair))
    assert reverse("fair_shift", args=[fair.code]) in read_main(client, fair.desk_url)
    Fair.objects.update(state=FairState.RUNNING)
    assert "/shift/" not in read_main(client, fair.desk_url)
    assert "/shift/" not in read_main(client, reverse("plan_list", args=[2026]))
    page = read_main(client, reverse("fair_shift", args=[fair.code]))
    assert 'name="first_day"' not in page


def test_what_a_shift_would_collide_with_is_that_of_the_new_days(fair: Fair) -> None:
    organiser = builders.make_organiser()
    other = builders.make_fair(venue=fair.venue, first_day=date(2027, 8, 2))
    later = [Span(date(2027, 8, day), date(2027, 8, day + 4)) for day in (1, 9)]
    found = queries.conflicts_after_shift(organiser, fair, later[0], TODAY)
    assert [set(conflict.fairs) for conflict in found] == [{fair, other}]
    assert queries.conflicts_after_shift(organiser, fair, later[1], TODAY) == []


def test_a_fair_that_is_stretched_collides_with_what_its_new_days_meet(
    client: Client, fair: Fair
) -> None:
    other = builders.make_fair(venue=fair.venue, first_day=date(2026, 12, 9))
    client.force_login(builders.make_organiser())
    days = {"first_day": "2026-12-02", "last_day": "2026-12-10"}
    page = read_main(client, f"{reverse('fair_shift', args=[fair.code])}?{urlencode(days)}")
    assert "02–10/12/2026" in page
    assert other.short_title in page
    assert "1 hoạt động" not in page  # its programme stays where it is
    client.post(reverse("fair_shift", args=[fair.code]), {**days, "version": 1})
    fair.refresh_from_db()
    assert (fair.first_day, fair.last_day, fair.version) == (
        date(2026, 12, 2),
        date(2026, 12, 10),
        2,
    )
    event = AuditEvent.objects.get()
    assert event.facts["after"] == ["2026-12-02", "2026-12-10"]
    assert event.facts["sessions"] == 0


@pytest.mark.parametrize(
    ("last_day", "code"),
    [
        (date(2026, 12, 1), "fair.days_not_ordered"),
        (date(2027, 12, 3), "fair.too_long"),
        (date(2026, 12, 2), "fair.sessions_left_out"),
    ],
)
def test_a_last_day_that_cannot_be_is_refused(fair: Fair, last_day: date, code: str) -> None:
    later = timedelta(days=3)
    Session.objects.update(starts_at=F("starts_at") + later, ends_at=F("ends_at") + later)
    with pytest.raises(DomainError) as refused:
        shift_fair(fair=fair, first_day=fair.first_day, last_day=last_day, version=1, actor=None)
    assert refused.value.code == code
    assert Fair.objects.get().last_day == fair.last_day
