"""Amounts of đồng are read as people type them and shown as people write them."""

import pytest
from django import forms
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import DomainError
from core.money import LARGEST_AMOUNT, MoneyField, parse_money, shown_money

AMOUNTS = st.integers(min_value=0, max_value=LARGEST_AMOUNT)


class _PriceForm(forms.Form):
    price = MoneyField(required=False, max_value=5_000_000)


@pytest.mark.parametrize(
    ("vnd", "vietnamese", "english"),
    [
        (0, "0\u00a0₫", "VND\u00a00"),
        (1_250_000, "1.250.000\u00a0₫", "VND\u00a01,250,000"),
        (-500, "-500\u00a0₫", "VND\u00a0-500"),
    ],
)
def test_money_is_shown_in_the_readers_way(vnd: int, vietnamese: str, english: str) -> None:
    assert shown_money(vnd) == vietnamese
    assert shown_money(vnd, "en") == english


@pytest.mark.parametrize(
    "typed",
    [
        "1.250.000",
        "1250000",
        "1,250,000",
        "1 250 000",
        " 1.250.000\u00a0₫ ",
        "1.250.000đ",
        "1.250.000 Đồng",
        "1250000 VNĐ",
        "VND 1,250,000",
        "001250000",
    ],
)
def test_money_is_read_with_any_grouping_and_unit(typed: str) -> None:
    assert parse_money(typed) == 1_250_000


@pytest.mark.parametrize(
    "typed",
    ["", "đ", "1.5", "1,25", "1.250,000", "1.2500", "1250.000", "0.500", "-5", "1e6", "12tr", "١٢"],
)
def test_money_that_is_not_a_whole_amount_is_refused(typed: str) -> None:
    with pytest.raises(DomainError) as refusal:
        parse_money(typed)
    assert refusal.value.code == "money.format"


def test_money_stops_at_the_largest_amount() -> None:
    assert parse_money(str(LARGEST_AMOUNT)) == LARGEST_AMOUNT
    for typed in (str(LARGEST_AMOUNT + 1), "9" * 5000):
        with pytest.raises(DomainError) as refusal:
            parse_money(typed)
        assert refusal.value.code == "money.too_large"


@settings(deadline=None)
@given(AMOUNTS, st.sampled_from(["vi", "en"]))
def test_money_shown_is_read_back(vnd: int, language: str) -> None:
    assert parse_money(shown_money(vnd, language)) == vnd


@pytest.mark.parametrize("typed", ["1.250.000", "1250000", "1,250,000"])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_money_field_gives_an_int_in_every_language(typed: str, language: str) -> None:
    with translation.override(language):
        form = _PriceForm({"price": typed}, initial={"price": 1_250_000})
        assert form.is_valid()
        assert form.cleaned_data == {"price": 1_250_000}
        assert form.has_changed() is False


def test_money_field_left_empty_is_none() -> None:
    form = _PriceForm({"price": ""})
    assert form.is_valid()
    assert form.cleaned_data == {"price": None}


@pytest.mark.parametrize(
    ("typed", "code"), [("1.5", "money.format"), ("5.000.001", "max_value"), ("-1", "money.format")]
)
def test_money_field_says_what_is_wrong_and_keeps_what_was_typed(typed: str, code: str) -> None:
    form = _PriceForm({"price": typed})
    assert [error.code for error in form.errors.as_data()["price"]] == [code]
    assert form["price"].value() == typed


@pytest.mark.parametrize(("language", "value"), [("vi", "1.250.000"), ("en", "1,250,000")])
def test_money_field_shows_the_stored_amount_grouped(language: str, value: str) -> None:
    with translation.override(language):
        html = str(_PriceForm(initial={"price": 1_250_000})["price"])
    assert html == (
        f'<input type="text" name="price" value="{value}" inputmode="numeric"'
        ' autocomplete="off" id="id_price">'
    )
