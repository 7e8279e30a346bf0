"""What a fair brought, as its organisers count it: visitors, and what livestreams sold."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from core.audit import AuditEvent
from core.errors import DomainError, NotAllowed, StaleState
from core.figures import Said, settle
from fairs.actions import Sale, count_visitors, record_sales
from fairs.models import Fair, FairDay, LivestreamSale, Session, SessionKind, Stage
from fairs.states import FairState
from registry.models import Product
from tests import builders
from tests.pages import sign_in

pytestmark = pytest.mark.django_db


def _today() -> date:
    return timezone.localdate()


def _days_ago(number: int) -> date:
    return _today() - timedelta(days=number)


@pytest.fixture
def fair() -> Fair:
    return builders.make_fair(FairState.RUNNING, first_day=_days_ago(1))


@pytest.fixture
def organiser(fair: Fair) -> User:
    return builders.make_organiser(fair)


@pytest.fixture
def session(fair: Fair) -> Session:
    return _livestream(fair, products=2)


def _livestream(fair: Fair, *, products: int, **fields: Any) -> Session:
    stage, _made = Stage.objects.get_or_create(fair=fair, name="Góc trực tiếp")
    starts = timezone.now() - timedelta(hours=3)
    values = {"kind": SessionKind.LIVESTREAM, "title": "Chợ đêm trên mây", "starts_at": starts}
    values |= {"ends_at": starts + timedelta(hours=1), **fields}
    session = Session.objects.create(fair=fair, stage=stage, **values)
    session.products.set([builders.make_product() for _number in range(products)])
    return session


def _products(session: Session) -> list[Product]:
    return list(session.products.order_by("pk"))


def _visitors(fair: Fair) -> dict[date, int]:
    return dict(fair.fair_days.values_list("day", "visitors"))


def _sales(session: Session) -> list[tuple[int, int]]:
    return list(session.sales.order_by("product").values_list("orders", "takings"))


def _page(fair: Fair) -> str:
    return reverse("fair_visitors", args=[fair.code])


def _sheet(session: Session) -> str:
    return reverse("livestream_sales", args=[session.fair.code, session.pk])


def test_figures_are_settled_one_by_one() -> None:
    stored = {"a": 1, "b": 2}
    said = {"a": Said(1, 5), "b": Said(2, None), "c": Said(None, 7), "d": Said(None, None)}
    assert settle(stored, said) == {"a": (1, 5), "b": (2, None), "c": (None, 7)}
    assert settle(stored, {"a": Said(9, 1)}) == {}
    with pytest.raises(StaleState):
        settle(stored, {"a": Said(9, 5)})


def test_an_organiser_counts_visitors_and_corrects_them(fair: Fair, organiser: User) -> None:
    client, today = sign_in(organiser), _today()
    client.post(_page(fair), {f"{today}": "1.250", f"{_days_ago(1)}": "0"})
    assert _visitors(fair) == {today: 1250, _days_ago(1): 0}
    client.post(_page(fair), {f"{today}": "", f"was-{today}": "1250"})
    assert _visitors(fair) == {_days_ago(1): 0}
    facts = [event.facts["changes"] for event in AuditEvent.objects.all()]
    assert facts == [
        {f"{_days_ago(1)}": [None, 0], f"{today}": [None, 1250]},
        {f"{today}": [1250, None]},
    ]


@pytest.mark.parametrize("typed", ["nhiều", "-1", "1,5", "9" * 12])
def test_what_is_no_count_is_told_and_kept(fair: Fair, organiser: User, typed: str) -> None:
    answer = sign_in(organiser).post(_page(fair), {f"{_today()}": typed})
    assert (answer.status_code, _visitors(fair)) == (422, {})
    assert answer.context["form"][f"{_today()}"].value() == typed
    assert list(answer.context["form"].errors) == [f"{_today()}"]


def test_of_two_who_count_differently_the_second_is_told(fair: Fair, organiser: User) -> None:
    FairDay.objects.create(fair=fair, day=_today(), visitors=100)
    answer = sign_in(organiser).post(_page(fair), {f"{_today()}": "90", f"was-{_today()}": ""})
    assert (answer.status_code, _visitors(fair)) == (422, {_today(): 100})
    assert answer.context["form"][f"{_today()}"].value() == "90"


def test_visitors_are_counted_on_days_that_have_come_until_the_report(
    fair: Fair, organiser: User
) -> None:
    def refusal(day: date) -> str:
        with pytest.raises(DomainError) as refused:
            count_visitors(fair=fair, visitors={day: Said(None, 1)}, actor=organiser)
        return refused.value.code

    assert [refusal(_days_ago(number)) for number in (2, -1)] == ["figures.day"] * 2
    Fair.objects.update(state=FairState.REPORTED)
    assert refusal(_today()) == "figures.final"
    answer = sign_in(organiser).post(_page(fair), {f"{_today()}": "1"})
    assert (answer.status_code, _visitors(fair)) == (422, {})


def test_only_organisers_of_the_fair_count(fair: Fair, session: Session) -> None:
    (product, _other) = _products(session)
    for actor in (
        builders.make_user(),
        builders.make_user(role="viewer", fair=fair),
        builders.make_user(role="reviewer", fair=fair),
        builders.make_organiser(builders.make_fair()),
        builders.make_representative(product.producer),
    ):
        with pytest.raises(NotAllowed):
            count_visitors(fair=fair, visitors={_today(): Said(None, 1)}, actor=actor)
        with pytest.raises(NotAllowed):
            record_sales(session=session, sales={product.pk: Said(None, Sale(1, 1))}, actor=actor)
        client = sign_in(actor)
        assert client.post(_page(fair), {f"{_today()}": "1"}).status_code in {403, 404}
        assert client.get(_sheet(session)).status_code in {403, 404}
        assert client.post(_sheet(session), {f"{product.pk}-orders": "1"}).status_code in {403, 404}
    assert (FairDay.objects.count(), LivestreamSale.objects.count()) == (0, 0)
    assert AuditEvent.objects.count() == 0


def test_a_livestream_s_sheet_takes_orders_and_takings_of_each_product(
    session: Session, organiser: User
) -> None:
    first, second = _products(session)
    client = sign_in(organiser)
    sent = {
        f"{first.pk}-orders": "12",
        f"{first.pk}-takings": "1.020.000",
        f"{second.pk}-orders": "0",
        f"{second.pk}-takings": "0",
    }
    page = client.post(_sheet(session), sent, follow=True)
    assert _sales(session) == [(12, 1_020_000), (0, 0)]
    assert (page.context["orders"], page.context["takings"]) == (12, 1_020_000)
    event = AuditEvent.objects.get(verb="fairs.sales_recorded")
    assert event.facts["changes"][f"{first.pk}"] == [None, [12, 1_020_000]]
    emptied = {
        **dict.fromkeys((f"{second.pk}-orders", f"{second.pk}-takings"), ""),
        **dict.fromkeys((f"was-{second.pk}-orders", f"was-{second.pk}-takings"), "0"),
    }
    client.post(_sheet(session), emptied)
    assert _sales(session) == [(12, 1_020_000)]


@pytest.mark.parametrize(
    ("orders", "takings", "wrong"),
    [("", "5000", "orders"), ("0", "5000", "orders"), ("3", "", "takings"), ("", "0", "orders")],
)
def test_half_a_sale_is_told_at_the_missing_half(
    session: Session, organiser: User, orders: str, takings: str, wrong: str
) -> None:
    product = _products(session)[0].pk
    sent = {f"{product}-orders": orders, f"{product}-takings": takings}
    answer = sign_in(organiser).post(_sheet(session), sent)
    assert (answer.status_code, _sales(session)) == (422, [])
    assert list(answer.context["form"].errors) == [f"{product}-{wrong}"]


def test_two_who_change_different_halves_of_a_sale_both_count(
    session: Session, organiser: User
) -> None:
    product = _products(session)[0]
    LivestreamSale.objects.create(session=session, product=product, orders=2, takings=900)
    was = {f"was-{product.pk}-orders": "1", f"was-{product.pk}-takings": "900"}
    sent = {f"{product.pk}-orders": "1", f"{product.pk}-takings": "1.000"}
    assert sign_in(organiser).post(_sheet(session), {**sent, **was}).status_code == 302
    assert _sales(session) == [(2, 1000)]
    told = sign_in(organiser).post(_sheet(session), {**sent, **was, f"{product.pk}-takings": "7"})
    assert (told.status_code, _sales(session)) == (422, [(2, 1000)])


def test_sales_belong_to_products_of_a_livestream_that_has_begun(
    fair: Fair, session: Session, organiser: User
) -> None:
    later = _livestream(
        fair,
        products=1,
        starts_at=timezone.now() + timedelta(hours=1),
        ends_at=timezone.now() + timedelta(hours=2),
    )
    seminar = _livestream(fair, products=1, kind=SessionKind.SEMINAR)
    stranger = builders.make_product()
    tries = [
        (later, later.products.get(), Sale(1, 1)),
        (seminar, seminar.products.get(), Sale(1, 1)),
        (session, stranger, Sale(1, 1)),
        (session, _products(session)[0], Sale(0, 1)),
    ]
    codes = []
    for at, product, sale in tries:
        with pytest.raises(DomainError) as refused:
            record_sales(session=at, sales={product.pk: Said(None, sale)}, actor=organiser)
        codes.append(refused.value.code)
    assert codes == [
        "sales.too_early",
        "sales.not_a_livestream",
        "sales.product",
        "sales.takings_without_orders",
    ]
    assert sign_in(organiser).get(_sheet(seminar)).status_code == 404
    assert LivestreamSale.objects.count() == 0


def test_a_product_taken_off_the_livestream_keeps_its_sales(
    session: Session, organiser: User
) -> None:
    first, second = _products(session)
    LivestreamSale.objects.create(session=session, product=first, orders=2, takings=900)
    session.products.set([second])
    page = sign_in(organiser).get(_sheet(session))
    assert {row.product for row in page.context["form"].sale_rows} == {first, second}


@pytest.mark.parametrize("count", [1, 3])
def test_the_sale_sheet_costs_the_same_for_one_product_and_three(
    fair: Fair,
    organiser: User,
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    session = _livestream(fair, products=count)
    for product in session.products.all():
        LivestreamSale.objects.create(session=session, product=product, orders=1, takings=1)
    client = sign_in(organiser)
    with django_assert_num_queries(10):
        client.get(_sheet(session))


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_pages_open_in_both_languages(
    fair: Fair, session: Session, organiser: User, language: str
) -> None:
    User.objects.filter(pk=organiser.pk).update(language=language)
    client = sign_in(User.objects.get(pk=organiser.pk))
    for address in (_page(fair), _sheet(session), reverse("fair_figures", args=[fair.code])):
        page = client.get(address)
        assert page.status_code == 200
        assert f'<html lang="{language}"' in page.text
