"""Quantities have up to three decimals: read, kept, added up and shown without a float."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.migrations.exceptions import IrreversibleError
from django.db.migrations.executor import MigrationExecutor
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import DomainError
from core.money import LARGEST_AMOUNT
from core.vietnam import shown_number
from mou import actions, queries
from mou.actions.drawing import write_lines
from mou.models import Item, Memorandum
from mou.quantities import (
    LARGEST,
    UNIT,
    parse_quantity,
    quantity_of,
    read_quantity,
    thousandths,
    typed_quantity,
    value_of,
)
from mou.queries.register import Filter
from mou.rendering import frozen_content, memorandum_text
from mou.states import MemorandumState
from tests import builders
from tests.databases import guards_off
from tests.mou.scenes import make_frozen, make_sealed, seal

THOUSANDTHS = st.integers(1, LARGEST * UNIT)


def _refusal(reader: Any, *said: Any) -> str:
    with pytest.raises(DomainError) as refused:
        reader(*said)
    assert str(refused.value)
    return refused.value.code


# --- reading ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "vietnamese", "english"),
    [
        ("1200", "1200", "1200"),
        ("1.200", "1200", None),
        ("1,200", None, "1200"),
        ("1.125", "1125", "1.125"),
        ("1,125", "1.125", "1125"),
        ("1.000", "1000", None),
        ("1,5", "1.5", "1.5"),
        ("1.5", "1.5", "1.5"),
        ("0,500", "0.5", "0.5"),
        ("1.1250", "1.125", "1.125"),
        ("1.200.000", "1200000", "1200000"),
        ("1.200,500", "1200.5", "1200.5"),
        ("1,200.25", "1200.25", "1200.25"),
        (" 1\u00a0200,5 ", "1200.5", "1200.5"),
        ("10.000.000", "10000000", "10000000"),
    ],
)
def test_a_quantity_is_read_as_its_reader_writes_it(
    typed: str, vietnamese: str | None, english: str | None
) -> None:
    for language, meant in (("vi", vietnamese), ("en", english)):
        if meant is None:
            assert _refusal(parse_quantity, typed, language) == "quantity.two_readings"
        else:
            assert str(parse_quantity(typed, language)) == meant


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        *((typed, "quantity.not_positive") for typed in ("0", "0,000", "-1", "\N{MINUS SIGN}1,5")),
        *((typed, "quantity.decimals") for typed in ("1,2345", "0.0001", "1.200,0001")),
        *(
            (typed, "quantity.too_large")
            for typed in ("10000000000", "10.000.000,001", "9" * 9_999)
        ),
        *(
            (typed, "quantity.format")
            for typed in (
                "1e3",
                "NaN",
                "1.5.2",
                "1,5,2",
                "1.",
                ",5",
                "+1",
                "١",
                "--1",
                "-",
                "1 2",
                "",
            )
        ),
    ],
)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_what_is_no_quantity_is_refused(typed: str, code: str, language: str) -> None:
    assert _refusal(parse_quantity, typed, language) == code


@settings(deadline=None)
@given(THOUSANDTHS, st.sampled_from(["vi", "en"]))
def test_what_is_shown_is_read_back(found: int, language: str) -> None:
    quantity = quantity_of(found)
    assert thousandths(quantity) == found
    for text in (typed_quantity(quantity, language), shown_number(quantity, language)):
        assert parse_quantity(text, language) == quantity
    assert read_quantity(str(quantity)) == quantity
    assert read_quantity(float(str(quantity))) == quantity


@pytest.mark.parametrize(
    "said", [True, None, [1], "1,5", "1e3", " 1", "NaN", float("nan"), float("inf")]
)
def test_a_program_says_a_quantity_in_one_way_only(said: object) -> None:
    assert _refusal(read_quantity, said) == "quantity.format"


def test_digits_beyond_any_context_are_not_lost() -> None:
    long = Decimal("1." + "0" * 60 + "1")
    assert _refusal(thousandths, long) == "quantity.decimals"
    assert thousandths(Decimal("1." + "0" * 60)) == UNIT


# --- the database -------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", [0, -1])
def test_the_database_refuses_a_quantity_that_is_not_positive(wrong: int) -> None:
    memorandum = builders.make_memorandum()
    with pytest.raises(IntegrityError), transaction.atomic():
        memorandum.items.update(quantity_thousandths=wrong)
    assert memorandum.items.get().quantity == 500


@pytest.mark.django_db
def test_sums_are_exact_and_each_line_is_rounded_by_itself() -> None:
    fair, organiser = builders.make_fair("running"), builders.make_organiser()
    rows = [make_frozen(fair) for _each in range(3)]
    with guards_off():
        Memorandum.objects.update(state="sealed")
        Item.objects.update(unit="tấn")
    lines = list(Item.objects.all())

    @settings(deadline=None, max_examples=40)
    @given(st.lists(st.tuples(THOUSANDTHS, st.integers(0, LARGEST_AMOUNT)), min_size=3, max_size=3))
    def check(said: list[tuple[int, int]]) -> None:
        # As `require_worth` demands.
        said = [(found, min(price, LARGEST_AMOUNT * UNIT // found)) for found, price in said]
        for line, (found, price) in zip(lines, said, strict=True):
            line.quantity_thousandths, line.reference_price = found, price
        Item.objects.bulk_update(lines, ["quantity_thousandths", "reference_price"])
        totals = queries.totals_of(queries.register_rows(organiser, Filter(fair=fair)))
        worth = [Fraction(found * price, UNIT) + Fraction(1, 2) for found, price in said]
        total = sum(value.__floor__() for value in worth)
        assert [each.value for each in totals.values] == ([total] if total else [])
        assert total == sum(value_of(quantity_of(found), price) for found, price in said)
        [quantity] = totals.quantities
        assert quantity.quantity == Fraction(sum(found for found, _price in said), UNIT)

    with guards_off():
        check()
    assert len(rows) == len(lines)


@pytest.mark.django_db
def test_a_line_worth_more_than_sums_can_hold_is_refused() -> None:
    memorandum = builders.make_memorandum()
    product = memorandum.items.get().product
    for quantity, price, code in (
        (Decimal(LARGEST), 10**12, "quantity.value_too_large"),
        (Decimal("0.0001"), 1, "quantity.decimals"),
    ):
        line = actions.Line(product, quantity, "month", reference_price=price)
        assert _refusal(write_lines, memorandum, [line]) == code
    assert memorandum.items.get().quantity == 500


def test_rows_of_before_keep_their_quantity_and_guards_hold_again(transactional_db: None) -> None:
    make_frozen()
    try:
        _migrate("0005_ceremony_paper_and_offline")
        assert _spoil("quantity") == 500
    finally:
        _migrate("0006_quantities_in_thousandths")
    assert _spoil("quantity_thousandths") == 500_000
    with guards_off():
        Item.objects.update(quantity_thousandths=1_500)
    with pytest.raises(IrreversibleError):
        _migrate("0005_ceremony_paper_and_offline")
    assert _spoil("quantity_thousandths") == 1_500


def _migrate(name: str) -> None:
    MigrationExecutor(connection).migrate([("mou", name)])


def _spoil(column: str) -> int:
    """What stands in the column of a frozen line; the database refuses to change it."""
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE mou_item SET {column} = 9")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM mou_item")
        [[found]] = cursor.fetchall()
    return int(found)


# --- what is frozen -----------------------------------------------------------------------


@pytest.mark.django_db
def test_a_whole_quantity_is_frozen_as_ever_and_a_part_as_plain_digits() -> None:
    assert '"quantity":"500"' in make_frozen().content
    memorandum = builders.make_memorandum()
    memorandum.items.update(quantity_thousandths=1_500)
    frozen = actions.freeze_memorandum(memorandum=memorandum, actor=None)
    assert '"quantity":"1.5"' in frozen.content
    assert frozen_content(frozen).items[0].quantity == Decimal("1.5")
    assert memorandum_text(frozen)["items"][0]["quantity"] == "1,5"


@pytest.mark.django_db
def test_an_annex_says_what_changes_to_the_thousandth() -> None:
    sealed = make_sealed()
    annex = actions.draw_up_annex(memorandum=sealed, actor=None)
    annex.items.update(quantity_thousandths=1_250)
    annex = actions.freeze_memorandum(memorandum=annex, actor=None)
    said = frozen_content(annex).annex
    assert said is not None
    [change] = said.changes
    assert "500 kg/tháng" in change.old
    assert "1,25 kg/tháng" in change.new
    assert seal(annex, builders.make_organiser(sealed.fair)).state == MemorandumState.SEALED
    assert queries.genuine_memorandum(annex.code) == annex
