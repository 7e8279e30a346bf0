"""What keeps a draft from being frozen is said before the button is pressed."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from core.errors import DomainError
from mou import actions
from mou.models import Ceremony, Memorandum
from mou.queries.readiness import points_of
from tests import builders

pytestmark = pytest.mark.django_db


def _certification(row: Memorandum) -> Any:
    return row.items.get().product.certifications


def _past(row: Memorandum) -> None:
    Memorandum.objects.filter(pk=row.pk).update(expires_on=timezone.localdate())


@pytest.mark.parametrize(
    ("spoil", "code", "anchor"),
    [
        (lambda row: row.items.all().delete(), "memorandum.no_products", "find"),
        (
            lambda row: row.parties.filter(side="party_a").update(representative=""),
            "memorandum.incomplete",
            "id_a-representative",
        ),
        (
            lambda row: row.parties.filter(side="party_b").update(position=""),
            "memorandum.incomplete",
            "id_b-position",
        ),
        (
            lambda row: row.parties.filter(side="party_b").update(authority="số 龍"),
            "memorandum.unprintable",
            "id_b-authority_number",
        ),
        (
            lambda row: Memorandum.objects.filter(pk=row.pk).update(witness=""),
            "memorandum.incomplete",
            "id_witness",
        ),
        (_past, "memorandum.expired", "id_expires_on"),
        (
            lambda row: _certification(row).update(withdrawn_on=timezone.localdate()),
            "memorandum.certification_ended",
            "products",
        ),
        (
            lambda row: _certification(row).update(decision_number="9/QĐ"),
            "memorandum.certified_anew",
            "products",
        ),
    ],
)
def test_each_lack_is_a_sentence_that_leads_to_its_field_and_stops_freezing(
    client: Client, spoil: Any, code: str, anchor: str
) -> None:
    memorandum = builders.make_memorandum()
    spoil(memorandum)
    memorandum = Memorandum.objects.get()
    blocking = [point for point in points_of(memorandum) if point.is_blocking]
    assert [(point.code, point.anchor) for point in blocking] == [(code, anchor)]
    with pytest.raises(DomainError) as refused:
        actions.freeze_memorandum(memorandum=memorandum, actor=None)
    assert refused.value.code == code
    client.force_login(builders.make_organiser(memorandum.fair))
    page = client.get(reverse("memorandum_page", args=[memorandum.code])).content.decode()
    assert f'{reverse("memorandum_edit", args=[memorandum.code])}#{anchor}"' in page
    assert reverse("memorandum_freeze", args=[memorandum.code]) not in page
    edit = client.get(reverse("memorandum_edit", args=[memorandum.code])).content.decode()
    assert f'id="{anchor}"' in edit


def test_a_product_without_a_certificate_and_an_odd_tax_code_are_only_mentioned() -> None:
    product = builders.make_product(stars=0)
    memorandum = builders.make_memorandum(producer=product.producer, products=[product])
    memorandum.parties.filter(side="party_a").update(tax_code="0312687879")
    points = {point.code: point.is_blocking for point in points_of(memorandum)}
    assert points == {"memorandum.not_certified": False, "memorandum.tax_code": False}
    actions.freeze_memorandum(memorandum=memorandum, actor=None)


def test_certificates_and_the_last_day_are_judged_on_the_day_of_the_ceremony() -> None:
    fair = builders.make_fair("running")
    day = timezone.localdate() + timedelta(days=40)
    ceremony = Ceremony.objects.create(
        fair=fair,
        title="Lễ ký",
        place="Hà Nội",
        starts_at=timezone.now() + timedelta(days=40),
        witness="Nguyễn Văn Chí",
        witness_position="Chánh Văn phòng",
    )
    memorandum = builders.make_memorandum(fair, ceremony=ceremony, expires_on=day)
    _certification(memorandum).update(valid_until=day - timedelta(days=1))
    codes = [point.code for point in points_of(memorandum)]
    assert codes == ["memorandum.certification_ended", "memorandum.expired"]


def test_a_draft_in_order_has_no_points_and_is_frozen() -> None:
    memorandum = builders.make_memorandum()
    assert points_of(memorandum) == []
    assert actions.freeze_memorandum(memorandum=memorandum, actor=None).number == 1


def test_many_are_frozen_at_once_by_their_turns_and_what_is_not_ready_is_left(
    client: Client,
) -> None:
    fair = builders.make_fair("running")
    rows = [builders.make_memorandum(fair, turn=turn) for turn in (2, 1, None)]
    lacking = builders.make_memorandum(fair, witness="")
    foreign = builders.make_memorandum()
    client.force_login(builders.make_organiser(fair))
    address = reverse("fair_drafts", args=[fair.code])
    page = client.get(address).content.decode()
    assert page.count(" checked") == 3
    codes = [row.code for row in (*rows, lacking, foreign)]
    assert client.post(address, {"draft": codes}).status_code == 302
    numbers = {row.pk: row.number for row in Memorandum.objects.all()}
    assert [numbers[row.pk] for row in rows] == [2, 1, 3]
    assert [numbers[row.pk] for row in (lacking, foreign)] == [None, None]


@pytest.mark.parametrize("count", [1, 3])
def test_the_drafts_cost_the_same_for_one_and_three(
    client: Client, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    fair = builders.make_fair("running")
    client.force_login(builders.make_organiser(fair))
    for _each in range(count):
        builders.make_memorandum(fair)
    with django_assert_num_queries(9):
        client.get(reverse("fair_drafts", args=[fair.code]))
