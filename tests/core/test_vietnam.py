"""Tax codes, phones, money in words, lunar dates, holidays and written forms of Vietnam."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.vn import mst

from core.errors import DomainError
from core.vietnam import (
    LunarDate,
    amount_in_words,
    formal_date,
    lunar,
    lunar_dates,
    phone,
    public_holidays,
    shown_date,
    shown_dates,
    shown_number,
    shown_phone,
    tax_code,
    tet,
)

LUNAR_DAYS = st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 12, 30))


def _refusal(reader: Callable[[str], str], typed: str) -> str:
    with pytest.raises(DomainError) as refusal:
        reader(typed)
    return refusal.value.code


def _accepted_tax_code(digits: str) -> str | None:
    try:
        return tax_code(digits)
    except DomainError:
        return None


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("0100233488", "0100233488"),
        (" 01.00.112.437 ", "0100112437"),
        ("0312687878001", "0312687878-001"),
        ("0312 68 78 78 – 001", "0312687878-001"),
        ("０３１２６８７８７８", "0312687878"),
        ("001099012345", "001099012345"),
        ("034 099 012 345", "034099012345"),
    ],
)
def test_tax_code_is_stored_in_one_form(typed: str, stored: str) -> None:
    assert tax_code(typed) == stored
    assert tax_code(stored) == stored


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "tax_code.length"),
        ("031268787", "tax_code.length"),
        ("03126878780", "tax_code.length"),
        ("03126878780012", "tax_code.length"),
        ("MST 0312687878", "tax_code.length"),
        ("٠٣١٢٦٨٧٨٧٨", "tax_code.length"),
        ("0312687879", "tax_code.check_digit"),
        ("0312687879-001", "tax_code.check_digit"),
        ("0312687878-000", "tax_code.branch"),
    ],
)
def test_tax_code_refused_says_why(typed: str, code: str) -> None:
    assert _refusal(tax_code, typed) == code


@settings(deadline=None)
@given(st.from_regex(r"[0-9]{9}", fullmatch=True), st.sampled_from(["", "000", "001", "999"]))
def test_tax_code_agrees_with_python_stdnum_on_every_check_digit(start: str, branch: str) -> None:
    candidates = [f"{start}{last}{branch}" for last in range(10)]
    expected = [mst.format(code) if mst.is_valid(code) else None for code in candidates]
    assert [_accepted_tax_code(code) for code in candidates] == expected


@pytest.mark.parametrize(
    ("typed", "stored", "shown"),
    [
        ("0912 345 678", "+84912345678", "0912 345 678"),
        ("0912.345.678", "+84912345678", "0912 345 678"),
        ("912345678", "+84912345678", "0912 345 678"),
        ("84912345678", "+84912345678", "0912 345 678"),
        ("(+84) 912‑345‑678", "+84912345678", "0912 345 678"),
        ("０９１２３４５６７８", "+84912345678", "0912 345 678"),
        ("(024) 3825 1234", "+842438251234", "024 3825 1234"),
        ("1900 1234", "+8419001234", "1900 1234"),
        ("+65 6123 4567", "+6561234567", "+65 6123 4567"),
    ],
)
def test_phone_is_stored_as_e164_and_shown_as_written(typed: str, stored: str, shown: str) -> None:
    assert phone(typed) == stored
    assert shown_phone(stored) == shown
    assert phone(shown) == stored


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "113",
        "0168 123 4567",
        "09123456789",
        "0912345678 / 0987654321",
        "0912345678 ext 12",
        "0912345678 - Lan",
        "ĐT 0912345678",
        "1900 OCOP",
        "+",
        "9" * 400,
    ],
)
def test_phone_that_is_not_one_number_is_refused(typed: str) -> None:
    assert _refusal(phone, typed) == "phone.invalid"


@pytest.mark.parametrize(
    ("vnd", "words"),
    [
        (0, "Không"),
        (1, "Một"),
        (4, "Bốn"),
        (5, "Năm"),
        (10, "Mười"),
        (11, "Mười một"),
        (14, "Mười bốn"),
        (15, "Mười lăm"),
        (20, "Hai mươi"),
        (21, "Hai mươi mốt"),
        (24, "Hai mươi tư"),
        (25, "Hai mươi lăm"),
        (44, "Bốn mươi tư"),
        (55, "Năm mươi lăm"),
        (100, "Một trăm"),
        (101, "Một trăm linh một"),
        (104, "Một trăm linh bốn"),
        (105, "Một trăm linh năm"),
        (110, "Một trăm mười"),
        (111, "Một trăm mười một"),
        (115, "Một trăm mười lăm"),
        (121, "Một trăm hai mươi mốt"),
        (555, "Năm trăm năm mươi lăm"),
        (1_000, "Một nghìn"),
        (1_005, "Một nghìn không trăm linh năm"),
        (1_015, "Một nghìn không trăm mười lăm"),
        (1_100, "Một nghìn một trăm"),
        (21_000, "Hai mươi mốt nghìn"),
        (105_000, "Một trăm linh năm nghìn"),
        (1_250_000, "Một triệu hai trăm năm mươi nghìn"),
        (1_000_005, "Một triệu không trăm linh năm"),
        (1_005_000, "Một triệu không trăm linh năm nghìn"),
        (
            24_681_357,
            "Hai mươi tư triệu sáu trăm tám mươi mốt nghìn ba trăm năm mươi bảy",
        ),
        (1_000_000_000, "Một tỷ"),
        (1_005_000_000, "Một tỷ không trăm linh năm triệu"),
        (
            3_210_000_450,
            "Ba tỷ hai trăm mười triệu bốn trăm năm mươi",
        ),
        (1_000_000_000_000, "Một nghìn tỷ"),
        (1_500_000_000_000, "Một nghìn năm trăm tỷ"),
        (1_005_000_000_021, "Một nghìn không trăm linh năm tỷ không trăm hai mươi mốt"),
        (1_000_000_000_000_000_000, "Một tỷ tỷ"),
    ],
)
def test_amount_in_words_is_read_as_on_official_papers(vnd: int, words: str) -> None:
    assert amount_in_words(vnd) == f"{words} đồng"


def test_amount_in_words_differs_for_every_amount_below_ten_thousand() -> None:
    assert len({amount_in_words(vnd) for vnd in range(10_000)}) == 10_000


def test_amount_in_words_cannot_be_negative() -> None:
    with pytest.raises(ValueError, match="negative"):
        amount_in_words(-1)


@pytest.mark.parametrize(
    ("day", "expected", "short", "long"),
    [
        (date(2026, 12, 2), LunarDate(24, 10, 2026), "24/10", "24 tháng Mười"),
        (date(2026, 2, 17), LunarDate(1, 1, 2026), "1/1", "mùng 1 tháng Giêng"),
        (date(2026, 2, 16), LunarDate(29, 12, 2025), "29/12", "29 tháng Chạp"),
        (date(2026, 4, 26), LunarDate(10, 3, 2026), "10/3", "mùng 10 tháng Ba"),
        (date(2025, 7, 25), LunarDate(1, 6, 2025, True), "1/6 nhuận", "mùng 1 tháng Sáu nhuận"),
        (
            date(2033, 12, 22),
            LunarDate(1, 11, 2033, True),
            "1/11 nhuận",
            "mùng 1 tháng Mười Một nhuận",
        ),
    ],
)
def test_lunar_date_is_named_in_vietnamese(
    day: date, expected: LunarDate, short: str, long: str
) -> None:
    assert lunar(day) == expected
    assert (lunar(day).short, str(lunar(day))) == (short, long)


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(1984, 6, 1), "Giáp Tý"),
        (date(2026, 2, 16), "Ất Tỵ"),
        (date(2026, 2, 17), "Bính Ngọ"),
        (date(2027, 2, 6), "Đinh Mùi"),
    ],
)
def test_lunar_year_is_named_in_the_cycle_of_sixty(day: date, name: str) -> None:
    assert lunar(day).year_name == name


@settings(deadline=None)
@given(LUNAR_DAYS)
def test_lunar_day_is_the_next_one_or_the_first_of_a_month(day: date) -> None:
    today, tomorrow = lunar(day), lunar(day + timedelta(days=1))
    if tomorrow.day == 1:
        assert today.day in {29, 30}
    else:
        assert tomorrow == LunarDate(today.day + 1, today.month, today.year, today.leap)


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        (date(2026, 12, 2), date(2026, 12, 6), "24–28 tháng Mười"),
        (date(2026, 12, 2), date(2026, 12, 2), "24 tháng Mười"),
        (date(2026, 2, 18), date(2026, 2, 22), "mùng 2–6 tháng Giêng"),
        (date(2026, 2, 24), date(2026, 2, 28), "mùng 8 đến 12 tháng Giêng"),
        (date(2026, 2, 15), date(2026, 2, 18), "28 tháng Chạp – mùng 2 tháng Giêng"),
        (date(2026, 12, 2), date(2027, 11, 25), "24 tháng Mười – 28 tháng Mười"),
        (date(2025, 7, 20), date(2025, 7, 26), "26 tháng Sáu – mùng 2 tháng Sáu nhuận"),
    ],
)
def test_lunar_dates_of_a_fair_are_one_short_text(first: date, last: date, text: str) -> None:
    assert lunar_dates(first, last) == text


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        (date(2026, 4, 26), date(2026, 4, 26), "10th of the 3rd lunar month"),
        (date(2026, 12, 2), date(2026, 12, 6), "24th–28th of the 10th lunar month"),
        (date(2026, 2, 15), date(2026, 2, 18), "28th of the 12th – 2nd of the 1st lunar month"),
        (date(2028, 6, 25), date(2028, 6, 26), "3rd–4th of the leap 5th lunar month"),
        (date(2025, 7, 24), date(2025, 7, 25), "30th of the 6th – 1st of the leap 6th lunar month"),
        (date(2026, 4, 27), date(2026, 4, 29), "11th–13th of the 3rd lunar month"),
        (date(2026, 5, 7), date(2026, 5, 8), "21st–22nd of the 3rd lunar month"),
    ],
)
def test_lunar_dates_are_said_in_english_too(first: date, last: date, text: str) -> None:
    assert lunar_dates(first, last, "en") == text


def test_a_short_lunar_date_says_leap_in_english() -> None:
    assert lunar(date(2025, 7, 25)).shown_short("en") == "1/6 leap"
    assert lunar(date(2025, 7, 25)).shown_short("vi") == "1/6 nhuận"
    assert lunar(date(2026, 12, 2)).shown_short("en") == "24/10"


@pytest.mark.parametrize(
    "day",
    [date(1985, 1, 21), date(2007, 2, 17), date(2026, 2, 17), date(2027, 2, 6), date(2030, 2, 2)],
)
def test_tet_is_the_vietnamese_one_also_where_china_differs(day: date) -> None:
    assert tet(day.year) == day
    assert lunar(day) == LunarDate(1, 1, day.year)


@pytest.mark.parametrize("year", [1899, 2101])
def test_lunar_calendar_outside_its_range_is_refused(year: int) -> None:
    for ask in (lambda: lunar(date(year, 6, 1)), lambda: tet(year), lambda: public_holidays(year)):
        with pytest.raises(DomainError) as refusal:
            ask()
        assert refusal.value.code == "lunar.out_of_range"
        assert refusal.value.facts == {"first_year": 1900, "last_year": 2100}


def test_public_holidays_of_2026_are_known() -> None:
    assert list(public_holidays(2026).items()) == [
        (date(2026, 1, 1), "New Year's Day"),
        (date(2026, 2, 16), "Lunar New Year's Eve"),
        (date(2026, 2, 17), "First day of Tết"),
        (date(2026, 2, 18), "Second day of Tết"),
        (date(2026, 2, 19), "Third day of Tết"),
        (date(2026, 4, 26), "Hùng Kings' Commemoration Day"),
        (date(2026, 4, 30), "Reunification Day"),
        (date(2026, 5, 1), "Labour Day"),
        (date(2026, 9, 2), "National Day"),
        (date(2026, 11, 24), "Vietnamese Culture Day"),
    ]


def test_public_holidays_have_culture_day_only_since_2026() -> None:
    assert date(2025, 11, 24) not in public_holidays(2025)


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        (date(2026, 12, 2), date(2026, 12, 6), "02–06/12/2026"),
        (date(2026, 12, 2), date(2026, 12, 2), "02/12/2026"),
        (date(2026, 11, 28), date(2026, 12, 2), "28/11–02/12/2026"),
        (date(2026, 12, 30), date(2027, 1, 3), "30/12/2026–03/01/2027"),
        (date(2026, 12, 2), date(2027, 12, 2), "02/12/2026–02/12/2027"),
    ],
)
def test_shown_dates_do_not_repeat_what_is_common(first: date, last: date, text: str) -> None:
    assert shown_dates(first, last) == text


def test_shown_date_is_day_month_year() -> None:
    assert shown_date(date(2026, 3, 5)) == "05/03/2026"


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(2026, 12, 2), "ngày 02 tháng 12 năm 2026"),
        (date(2026, 2, 10), "ngày 10 tháng 02 năm 2026"),
        (date(2027, 1, 9), "ngày 09 tháng 01 năm 2027"),
        (date(2026, 3, 31), "ngày 31 tháng 3 năm 2026"),
    ],
)
def test_formal_date_has_leading_zeros_where_the_decree_wants_them(day: date, text: str) -> None:
    assert formal_date(day) == text


@pytest.mark.parametrize(
    ("number", "vietnamese", "english"),
    [
        (7, "7", "7"),
        (1_054, "1.054", "1,054"),
        (Decimal("12345.50"), "12.345,50", "12,345.50"),
        (-1_054, "-1.054", "-1,054"),
    ],
)
def test_shown_number_is_grouped_for_the_reader(
    number: int | Decimal, vietnamese: str, english: str
) -> None:
    assert shown_number(number, "vi") == vietnamese
    assert shown_number(number, "en") == english
