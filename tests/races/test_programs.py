"""A program that asks twice at the same instant gets one thing done."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial

import time_machine
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from mou.actions import Line, count_check, programs
from mou.models import ApiRequest, Memorandum, VerifyCount
from registry.models import Product
from tests import builders
from tests.races.conftest import AtOnce


def _draw_up(actor: User, product: Product, key: str) -> programs.Told:
    seen = Memorandum.objects.earliest("pk")

    def work() -> programs.Told:
        made = programs.draw_up(
            fair=seen.fair,
            producer=product.producer,
            distributor=seen.parties.get(side="party_b").organisation,
            lines=[Line(product, Decimal(1), "month")],
            place="Hà Nội",
            witness="Nguyễn Văn Chí",
            witness_position="Chánh Văn phòng",
            expires_on=timezone.localdate() + timedelta(days=30),
            actor=actor,
        )
        return programs.Told(201, made.code, programs.etag_of(made))

    return programs.answer_once(actor=actor, key=key, request_sha256="0" * 64, work=work)


def test_one_key_asked_by_six_at_once_draws_up_one(at_once: AtOnce) -> None:
    first = builders.make_memorandum()
    actor, product = builders.make_organiser(first.fair), builders.make_product()
    told = at_once([partial(_draw_up, actor, product, "k-1")] * 6)
    made = Memorandum.objects.exclude(pk=first.pk).get()
    assert [(one.status, one.body) for one in told] == [(201, made.code)] * 6
    assert sorted(one.again for one in told) == [False] + [True] * 5
    assert ApiRequest.objects.count() == 1


def _look() -> str:
    count_check("192.0.2.7")
    return "seen"


def test_looks_at_the_same_instant_are_all_counted(at_once: AtOnce, settings: Settings) -> None:
    settings.VERIFY_PAGES_PER_MINUTE = 5
    with time_machine.travel(datetime(2026, 12, 2, 3, 0, 20, tzinfo=UTC), tick=False):
        answers = at_once([_look] * 8)
    assert answers.count("seen") == 5
    assert VerifyCount.objects.get().count in range(5, 9)
