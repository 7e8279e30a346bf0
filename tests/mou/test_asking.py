"""A distributor scans the card at a booth and asks for a memorandum."""

from decimal import Decimal

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from core.errors import DomainError, NotAllowed
from fairs.models import Fair
from mou import actions
from mou.models import Memorandum
from mou.queries.asking import application_at, booth_address
from tests import builders
from tests.booths.scenes import make_allocating_fair, publish_run
from tests.mou.filled import answers_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def fair() -> Fair:
    """Two producers in two booths, published."""
    fair = make_allocating_fair(applications=2, booths=2)
    publish_run(fair)
    return Fair.objects.get(pk=fair.pk)


def test_the_card_of_a_booth_leads_to_a_draft_with_both_parties(client: Client, fair: Fair) -> None:
    distributor = builders.make_distributor()
    buyer = builders.make_representative(distributor)
    client.force_login(buyer)
    scanned = booth_address(fair, "A1").removeprefix(settings.SITE_URL)
    ask = f"{reverse('memorandum_ask')}?fair={fair.code}&booth=A1"
    assert ask.replace("&", "&amp;") in client.get(scanned).content.decode()
    producer = application_at(fair.code, "A1").organisation
    product = producer.products.first()
    answers = answers_of(client.get(ask).content) | {f"{product.code}-quantity": ["1.500"]}

    assert client.post(ask, answers).status_code == 302

    memorandum = Memorandum.objects.get()
    parties = [party.organisation for party in memorandum.parties.all()]
    assert parties == [producer, distributor]
    item = memorandum.items.get()
    assert (item.product, item.quantity) == (product, Decimal(1_500))
    assert item.reference_price == product.reference_price
    assert (memorandum.state, memorandum.created_by) == ("draft", buyer)
    again = client.post(ask, answers)
    assert again.status_code == 422
    assert Memorandum.objects.count() == 1


def test_asking_for_nothing_is_told(client: Client, fair: Fair) -> None:
    client.force_login(builders.make_representative(builders.make_distributor()))
    ask = f"{reverse('memorandum_ask')}?fair={fair.code}&booth=A1"
    assert client.post(ask, answers_of(client.get(ask).content)).status_code == 422
    assert Memorandum.objects.count() == 0


def test_only_who_acts_for_a_distributor_asks(client: Client, fair: Fair) -> None:
    ask = f"{reverse('memorandum_ask')}?fair={fair.code}&booth=A1"
    assert client.get(ask).status_code == 302
    client.force_login(builders.make_representative(builders.make_organisation()))
    assert client.get(ask).status_code == 403
    buyer = builders.make_representative(builders.make_distributor())
    with pytest.raises(NotAllowed):
        actions.ask_for_memorandum(
            application=application_at(fair.code, "A1"),
            distributor=builders.make_distributor(),
            lines=[],
            actor=buyer,
        )


@pytest.mark.parametrize("query", ["fair=x&booth=A1", "booth=A1", "fair={}&booth=Z9", "fair={}"])
def test_an_unknown_booth_is_not_found(client: Client, fair: Fair, query: str) -> None:
    client.force_login(builders.make_representative(builders.make_distributor()))
    address = f"{reverse('memorandum_ask')}?{query.format(fair.code)}"
    assert client.get(address).status_code == 404


def test_after_the_fair_nobody_asks(fair: Fair) -> None:
    application = application_at(fair.code, "A1")
    application.fair.state = "closed"
    distributor = builders.make_distributor()
    with pytest.raises(DomainError) as refused:
        actions.ask_for_memorandum(
            application=application,
            distributor=distributor,
            lines=[],
            actor=builders.make_representative(distributor),
        )
    assert refused.value.code == "memorandum.fair_not_open"


def test_every_booth_that_somebody_has_gets_a_card(client: Client, fair: Fair) -> None:
    client.force_login(builders.make_organiser(fair))
    page = client.get(reverse("booth_cards", args=[fair.code])).content.decode()
    assert page.count("<path d=") == 2
    for booth in ("A1", "A2"):
        assert application_at(fair.code, booth).organisation.name in page
