"""What stands took: said in the evening by producers, seen by nobody else but the organisers."""

import io
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from python_calamine import CalamineWorkbook

from accounts.models import User
from booths.actions import record_takings
from booths.models import Application, Assignment, DailyTakings
from core.audit import AuditEvent
from core.errors import DomainError, NotAllowed, StaleState
from core.figures import Said
from fairs.models import Fair, FairDay, LivestreamSale, Session, SessionKind, Stage
from fairs.states import FairState
from tests import builders
from tests.booths.scenes import give_stand, make_running_fair
from tests.config.doors.scene import OURS

pytestmark = pytest.mark.django_db
STRANGE = 987_654_321
SHOWN = ("987654321", "987.654.321", "987,654,321")


@pytest.fixture
def fair() -> Fair:
    return make_running_fair()


@pytest.fixture
def stand(fair: Fair) -> Application:
    return fair.applications.get(code="DK-1")


@pytest.fixture
def producer(stand: Application) -> User:
    return builders.make_representative(stand.organisation)


def _today() -> date:
    return timezone.localdate()


def _days_ago(number: int) -> date:
    return _today() - timedelta(days=number)


def _amounts(stand: Application) -> dict[date, int]:
    return dict(DailyTakings.objects.filter(application=stand).values_list("day", "amount"))


def _client(user: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    User.objects.filter(pk=user.pk).update(language="en")
    client.force_login(User.objects.get(pk=user.pk))
    return client


def _mine(stand: Application) -> str:
    return reverse("my_takings", args=[stand.code])


def test_a_producer_says_the_day_s_takings_and_corrects_them(
    stand: Application, producer: User
) -> None:
    client, today = _client(producer), _today()
    answer = client.post(_mine(stand), {f"{today}": "1.250.000"}, follow=True)
    assert "Saved. Thank you!" in answer.text
    assert _amounts(stand) == {today: 1_250_000}
    client.post(_mine(stand), {f"{today}": "1300000", f"was-{today}": "1250000"})
    assert _amounts(stand) == {today: 1_300_000}
    client.post(_mine(stand), {f"{today}": "", f"was-{today}": "1300000"})
    assert _amounts(stand) == {}
    events = AuditEvent.objects.filter(verb="booths.takings_recorded")
    assert [event.facts["changes"][f"{today}"] for event in events] == [
        [None, 1_250_000],
        [1_250_000, 1_300_000],
        [1_300_000, None],
    ]


def test_nothing_sold_is_said_as_0_and_silence_is_not_0(stand: Application, producer: User) -> None:
    client, today = _client(producer), _today()
    client.post(_mine(stand), {f"{today}": "0", f"{_days_ago(1)}": ""})
    assert _amounts(stand) == {today: 0}
    client.post(_mine(stand), {f"{_days_ago(1)}": "5000"})
    assert _amounts(stand) == {today: 0, _days_ago(1): 5000}


@pytest.mark.parametrize("typed", ["1,5", "rất nhiều", "-5", "1.25.000", "9" * 16, "1 triệu"])
def test_what_is_no_amount_is_told_and_kept_as_typed(
    stand: Application, producer: User, typed: str
) -> None:
    today = _today()
    answer = _client(producer).post(_mine(stand), {f"{today}": typed, f"{_days_ago(1)}": "700.000"})
    assert (answer.status_code, _amounts(stand)) == (422, {})
    form = answer.context["form"]
    assert list(form.errors) == [f"{today}"]
    assert [form[f"{day}"].value() for day in (today, _days_ago(1))] == [typed, "700.000"]


def test_only_days_of_the_fair_that_have_come_are_taken(stand: Application, producer: User) -> None:
    page = _client(producer).get(_mine(stand))
    assert list(page.context["form"].fields) == [f"{_today()}", f"{_days_ago(1)}"]
    for day in (_days_ago(2), _days_ago(-1)):
        with pytest.raises(DomainError) as refused:
            record_takings(application=stand, takings={day: Said(None, 1)}, actor=producer)
        assert refused.value.code == "figures.day"
    assert _amounts(stand) == {}


def test_forgotten_evenings_can_be_said_until_two_days_after_the_fair() -> None:
    taken = {}
    for after in (2, 3):
        fair = make_running_fair(
            stands=0, first_day=_days_ago(after + 4), last_day=_days_ago(after)
        )
        plan = builders.make_floor_plan(builders.make_fair(), booths=1)
        stand = builders.make_application(fair)
        give_stand(stand, plan.booths.get())
        client = _client(builders.make_representative(stand.organisation))
        client.post(_mine(stand), {f"{_days_ago(after)}": "5000"})
        taken[after] = _amounts(stand)
        assert client.get(reverse("my_home")).context["due"] == []
    assert taken == {2: {_days_ago(2): 5000}, 3: {}}
    with pytest.raises(DomainError) as refused:
        record_takings(
            application=stand,
            takings={_days_ago(3): Said(None, 1)},
            actor=builders.make_representative(stand.organisation),
        )
    assert refused.value.code == "takings.too_late"


def test_the_figures_of_a_reported_fair_stay(stand: Application, producer: User) -> None:
    for state in (FairState.REPORTED, FairState.CANCELLED):
        Fair.objects.update(state=state)
        stand.refresh_from_db()
        for actor in (producer, builders.make_organiser()):
            with pytest.raises(DomainError) as refused:
                record_takings(application=stand, takings={_today(): Said(None, 1)}, actor=actor)
            assert refused.value.code == "figures.final"
    assert _client(producer).get(_mine(stand)).context["form"].fields == {}


def test_only_the_producer_and_the_organisers_enter_takings(fair: Fair, stand: Application) -> None:
    other = builders.make_representative(fair.applications.get(code="DK-2").organisation)
    actors = [
        other,
        builders.make_user(),
        builders.make_user(role="viewer", fair=fair),
        builders.make_user(role="reviewer", fair=fair),
        builders.make_organiser(builders.make_fair()),
    ]
    for actor in actors:
        with pytest.raises(NotAllowed):
            record_takings(application=stand, takings={_today(): Said(None, 1)}, actor=actor)
        client = _client(actor)
        assert client.get(_mine(stand)).status_code == 404
        assert client.post(_mine(stand), {f"{_today()}": "1"}).status_code == 404
        desk = reverse("fair_takings", args=[fair.code, stand.code])
        assert client.post(desk, {f"{_today()}": "1"}).status_code in {403, 404}
    assert DailyTakings.objects.count() == 0
    assert AuditEvent.objects.count() == 0


def test_without_a_stand_there_is_nothing_to_say(stand: Application, producer: User) -> None:
    Assignment.objects.filter(application=stand).update(released_at=timezone.now())
    assert _client(producer).get(_mine(stand)).status_code == 404
    with pytest.raises(DomainError) as refused:
        record_takings(application=stand, takings={_today(): Said(None, 1)}, actor=producer)
    assert refused.value.code == "takings.no_stand"


def test_my_page_asks_for_today_and_for_yesterday_only_while_it_is_missing(
    stand: Application, producer: User
) -> None:
    client = _client(producer)
    today, yesterday = _today(), _days_ago(1)
    assert [due.days for due in client.get(reverse("my_home")).context["due"]] == [
        [today, yesterday]
    ]
    client.post(_mine(stand), {f"{yesterday}": "0"})
    page = client.get(reverse("my_home"))
    assert [due.days for due in page.context["due"]] == [[today]]
    assert page.text.count('inputmode="numeric"') == 1
    assert f'name="{today}"' in page.text
    client.post(_mine(stand), {f"{today}": "1250000"})
    page = client.get(reverse("my_home"))
    assert 'value="1,250,000"' in page.text
    assert f'name="was-{today}" value="1250000"' in page.text


def test_of_two_who_say_different_things_the_second_is_told(
    fair: Fair, stand: Application, producer: User
) -> None:
    organiser, today = builders.make_organiser(fair), _today()
    desk = reverse("fair_takings", args=[fair.code, stand.code])
    _client(producer).post(_mine(stand), {f"{today}": "500000", f"was-{today}": ""})
    sent = {f"{today}": "600000", f"was-{today}": "", f"{_days_ago(1)}": "70000"}
    told = _client(organiser).post(desk, sent)
    assert told.status_code == 422
    assert "500,000 was entered in the meantime." in told.text
    assert told.context["form"][f"{today}"].value() == "600000"
    assert told.context["form"][f"{_days_ago(1)}"].value() == "70000"
    assert _amounts(stand) == {today: 500_000}
    (row, *_others) = [row for row in told.context["form"].rows if row.field.name == f"{today}"]
    _client(organiser).post(desk, {**sent, row.was_name: row.was})
    assert _amounts(stand) == {today: 600_000, _days_ago(1): 70_000}
    said = _client(organiser).get(desk).context["said"]
    assert {each.entered_by for each in said} == {organiser}
    with pytest.raises(StaleState):
        record_takings(application=stand, takings={today: Said(500_000, 1)}, actor=producer)


def test_a_producer_sees_what_they_took_at_earlier_fairs(
    stand: Application, producer: User
) -> None:
    earlier = builders.make_fair(FairState.REPORTED, first_day=_days_ago(400))
    before = builders.make_application(earlier, stand.organisation)
    for number, amount in enumerate((STRANGE, 1)):
        DailyTakings.objects.create(
            application=before, day=earlier.first_day + timedelta(days=number), amount=amount
        )
    page = _client(producer).get(_mine(stand))
    (history,) = page.context["history"]
    assert (history.fair, history.total, history.days) == (earlier, STRANGE + 1, 2)
    assert "987,654,322" in page.text


def _say(stand: Application, amount: int, day: date | None = None) -> None:
    DailyTakings.objects.create(application=stand, day=day or _today(), amount=amount)


def test_the_organiser_sees_every_stand_and_who_is_silent() -> None:
    fair = make_running_fair(stands=3)
    first, second, third = fair.applications.order_by("code")
    _say(first, 100_000)
    _say(first, 50_000, _days_ago(1))
    _say(second, 30_000)
    page = _client(builders.make_organiser(fair)).get(reverse("fair_figures", args=[fair.code]))
    days = [(day.takings, day.said) for day, _shown in page.context["days"]]
    assert days == [(50_000, 1), (130_000, 2)]
    assert page.context["takings"] == 180_000
    assert [stand.placement.application for stand in page.context["silent"]] == [third]
    zones, groups = [
        [(share.label, share.stands, share.said, share.total) for share in shares]
        for _label, shares in page.context["shares"]
    ]
    assert zones == [("Zone A", 3, 2, 180_000)]
    assert groups == [("Food", 3, 2, 180_000)]
    assert "VND\u00a0150,000" in page.text


def test_others_at_the_desk_see_sums_but_none_that_tells_one_stand() -> None:
    fair = make_running_fair(stands=3)
    for number, application in enumerate(fair.applications.order_by("code")):
        _say(application, 1_000 + number)
    _say(fair.applications.get(code="DK-1"), STRANGE, _days_ago(1))
    viewer = _client(builders.make_user(role="viewer", fair=fair))
    page = viewer.get(reverse("fair_figures", args=[fair.code]))
    assert "VND\u00a03,003" in page.text
    assert "VND\u00a01,000" not in page.text
    assert not any(shown in page.text for shown in SHOWN)
    assert page.context["is_partial"]
    for name, extra in (("figures_export", []), ("fair_takings", ["DK-1"])):
        assert viewer.get(reverse(name, args=[fair.code, *extra])).status_code == 403


def test_a_stand_given_up_keeps_what_it_took(fair: Fair, stand: Application) -> None:
    _say(stand, 40_000)
    Assignment.objects.filter(application=stand).update(released_at=timezone.now())
    organiser = _client(builders.make_organiser(fair))
    page = organiser.get(reverse("fair_figures", args=[fair.code]))
    assert page.context["takings"] == 40_000
    address = reverse("fair_takings", args=[fair.code, stand.code])
    organiser.post(address, {f"{_today()}": "41000", f"was-{_today()}": "40000"})
    assert _amounts(stand) == {_today(): 41_000}


def test_the_workbook_holds_days_stands_and_livestreams(fair: Fair, stand: Application) -> None:
    _say(stand, 1_250_000)
    FairDay.objects.create(fair=fair, day=_today(), visitors=321)
    _livestream(fair, orders=7, takings=900_000)
    answer = _client(builders.make_organiser(fair)).get(reverse("figures_export", args=[fair.code]))
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    days, stands, sales = [
        workbook.get_sheet_by_index(number).to_python()[5:] for number in range(3)
    ]
    assert days == [
        [_days_ago(1), "", "", 0],
        [_today(), 321, 1_250_000, 1],
        ["Total", 321, 1_250_000, ""],
    ]
    name = stand.organisation.name
    assert stands[0] == ["A1", name, "DK-1", "Zone A", "Food", "", 1_250_000, 1_250_000]
    assert stands[-1] == ["Total", "", "", "", "", 0, 1_250_000, 1_250_000]
    assert [row[-2:] for row in sales] == [[7, 900_000], [7, 900_000]]


def _livestream(fair: Fair, *, orders: int, takings: int) -> Session:
    stage = Stage.objects.create(fair=fair, name="Góc trực tiếp")
    starts = timezone.make_aware(datetime.combine(fair.first_day, time(8)))
    session = Session.objects.create(
        fair=fair,
        stage=stage,
        kind=SessionKind.LIVESTREAM,
        title="Chợ đêm",
        starts_at=starts,
        ends_at=starts + timedelta(hours=1),
    )
    product = builders.make_product()
    session.products.add(product)
    LivestreamSale.objects.create(session=session, product=product, orders=orders, takings=takings)
    return session


def _addresses(fair: Fair, session: Session, stand: Application) -> list[str]:
    """Every address of ours that can be made of what the fair has."""
    given = {
        "code": fair.code,
        "number": session.pk,
        "application": stand.code,
        "year": fair.first_day.year,
        "month": fair.first_day.month,
        "week": 1,
        "region": "red_river_delta",
    }
    found = []
    for name in OURS:
        for names in (["code", "number"], ["code", "application"], *([each] for each in given), []):
            for wanted in (names, ["year", *names]):
                try:
                    found.append(reverse(name, kwargs={each: given[each] for each in wanted}))
                except NoReverseMatch:
                    continue
    return sorted(set(found))


def test_no_figure_is_on_any_page_of_anybody_else(fair: Fair, stand: Application) -> None:
    """All our addresses, asked by the public, by another producer and by a viewer at the desk."""
    for day in (_today(), _days_ago(1)):
        _say(stand, STRANGE, day)
        FairDay.objects.create(fair=fair, day=day, visitors=STRANGE)
    session = _livestream(fair, orders=STRANGE, takings=STRANGE)
    other = builders.make_representative(fair.applications.get(code="DK-2").organisation)
    seen: dict[str, set[str]] = {}
    people: dict[str, Any] = {
        "public": Client(),
        "producer": _client(other),
        "organiser": _client(builders.make_organiser(fair)),
    }
    addresses = _addresses(fair, session, stand)
    for who, client in people.items():
        answers = {address: client.get(address) for address in addresses}
        assert answers[fair.public_url].status_code == 200
        seen[who] = {
            address
            for address, answer in answers.items()
            if any(shown.encode() in b"".join(answer) for shown in SHOWN)
        }
    assert seen["public"] == set()
    assert seen["producer"] == set()
    assert reverse("fair_figures", args=[fair.code]) in seen["organiser"]


@pytest.mark.parametrize("count", [1, 3])
def test_the_pages_cost_the_same_for_one_stand_and_three(
    count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    fair = make_running_fair(stands=count)
    for application in fair.applications.all():
        _say(application, 5_000)
        _say(application, 5_000, _days_ago(1))
    client = _client(builders.make_organiser(fair))
    stand = fair.applications.get(code="DK-1")
    producer = _client(builders.make_representative(stand.organisation))
    for number in range(count):
        at = builders.make_fair(FairState.REPORTED, first_day=_days_ago(100 + 10 * number))
        _say(builders.make_application(at, stand.organisation), 1, at.first_day)
    with django_assert_num_queries(14):
        client.get(reverse("fair_figures", args=[fair.code]))
    with django_assert_num_queries(12):
        client.get(reverse("figures_export", args=[fair.code]))
    with django_assert_num_queries(12):
        producer.get(_mine(stand))
