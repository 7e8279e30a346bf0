"""The pages of the organisations."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client) -> Client:
    """A viewer's browser."""
    client.force_login(builders.make_user(role="viewer"))
    return client


def test_organisations_are_found_without_accents_and_by_role(desk: Client) -> None:
    producer = builders.make_organisation(name="HTX Dịch vụ Đông Cao (mẫu)")
    distributor = builders.make_distributor(name="Công ty Đông Đô (mẫu)")
    address = reverse("organisation_list")
    found = desk.get(address, {"q": "dong cao"}).content.decode()
    assert producer.name in found
    assert distributor.name not in found
    buyers = desk.get(address, {"q": "đông", "role": "distributor"}).content.decode()
    assert distributor.name in buyers
    assert producer.name not in buyers


def test_an_organisation_shows_which_certificates_have_run_out(desk: Client) -> None:
    product = builders.make_product(stars=0)
    past = timezone.localdate() - timedelta(days=1)
    builders.make_certification(
        product, decision_date=past - timedelta(days=1000), valid_until=past
    )
    address = reverse("organisation_page", args=[product.producer.code])
    assert "Hết hạn" in desk.get(address).content.decode()
    assert desk.get(reverse("organisation_page", args=["none"])).status_code == 404


def test_those_without_a_desk_do_not_read_the_register(client: Client) -> None:
    client.force_login(builders.make_user())
    assert client.get(reverse("organisation_list")).status_code == 403
    assert Client().get(reverse("organisation_list")).status_code == 302


@pytest.mark.parametrize("count", [1, 3])
def test_lists_cost_the_same_for_one_and_three(
    desk: Client, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    producer = builders.make_organisation()
    for _index in range(count):
        builders.make_product(producer)
        builders.make_organisation()
    with django_assert_num_queries(6):
        desk.get(reverse("organisation_list"))
    with django_assert_num_queries(6):
        desk.get(reverse("organisation_page", args=[producer.code]))
