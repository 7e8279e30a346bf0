"""Every text that comes in is cleaned, and Vietnamese text is compared the Vietnamese way."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.text import clean, clean_lines, fold, slug, vietnamese_key

ANY_TEXT = st.text(alphabet=st.characters(), max_size=40)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (unicodedata.normalize("NFD", "Chợ phiên"), "Chợ phiên"),
        ("  Mật\tong \u00a0\n bạc  hà ", "Mật ong bạc hà"),
        ("Gốm\u200b Bát\ufeff Tràng", "Gốm Bát Tràng"),
        ("a \u200b b", "a b"),
        ("\u202eevil\u202c\u2066x\u2069", "evilx"),
        ("bell\x07 null\x00", "bell null"),
        ("\ud800lone \uf0b7 bullet", "lone bullet"),
        ("\u200b \u2060", ""),
    ],
)
def test_clean_returns_one_visible_line_of_nfc(typed: str, kept: str) -> None:
    assert clean(typed) == kept


@settings(deadline=None)
@given(ANY_TEXT)
def test_clean_twice_is_clean_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert unicodedata.is_normalized("NFC", clean(text))


def test_clean_lines_keeps_lines_and_cleans_each() -> None:
    assert clean_lines("\n một  hai \r\n\r\n\u200bba\n \n") == "một hai\n\nba"


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Đặc sản  ĐẮK LẮK", "dac san dak lak"),
        ("Ước mơ, Ỷ Lan", "uoc mo, y lan"),
        (unicodedata.normalize("NFD", "Đường Thuỷ"), "duong thuy"),
        ("Straße", "strasse"),
        ("a \u0301 b", "a b"),
        ("", ""),
    ],
)
def test_fold_drops_accents_and_case(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_fold_joins_both_spellings_of_hoa_binh() -> None:
    assert fold("Hoà Bình") == fold("Hòa Bình") == "hoa binh"


@settings(deadline=None)
@given(ANY_TEXT)
def test_fold_twice_is_fold_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@settings(deadline=None)
@given(ANY_TEXT)
def test_fold_does_not_depend_on_the_normal_form(text: str) -> None:
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))


@pytest.mark.parametrize(
    ("text", "limit", "made"),
    [
        ("Đặc sản Đắk Lắk", 60, "dac-san-dak-lak"),
        ("  Tuần hàng 2026 – Đợt 1! ", 60, "tuan-hang-2026-dot-1"),
        ("Hội chợ văn hóa vùng", 11, "hoi-cho-van"),
        ("Hội chợ văn hóa vùng", 10, "hoi-cho"),
        ("Hội chợ văn hóa vùng", 7, "hoi-cho"),
        ("Nghiêng", 4, "nghi"),
        ("日本", 60, ""),
    ],
)
def test_slug_is_whole_ascii_words_within_the_limit(text: str, limit: int, made: str) -> None:
    assert slug(text, limit) == made


@settings(deadline=None)
@given(ANY_TEXT, st.integers(min_value=1, max_value=20))
def test_slug_never_exceeds_the_limit_nor_ends_in_a_hyphen(text: str, limit: int) -> None:
    made = slug(text, limit)
    assert len(made) <= limit
    assert made == made.strip("-")


@pytest.mark.parametrize(
    "in_order",
    [
        list("aăâbcdđeêghiklmnoôơpqrstuưvxy"),
        ["ma", "mà", "mả", "mã", "má", "mạ", "mai", "mãi", "man"],
        ["tuân", "tuân thủ", "tuần chay", "tuấn"],
        [
            "Ba Đình",
            "Ba Vì",
            "Bà Nà",
            "Bá Hiến",
            "Bắc Từ Liêm",
            "Cầu Giấy",
            "Đan Phượng",
            "Gia Lâm",
        ],
        ["An", "Ân", "Dương", "Đào", "Ê", "Oanh", "Ông", "Uyên", "Ước"],
        ["A-2", "A-12", "A-101", "B-1"],
        ["3 sao", "12 sao", "Áo dài"],
        ["bán", "bạn", "băn", "bằn", "bẩn", "bậu"],
    ],
)
def test_vietnamese_key_sorts_like_a_dictionary(in_order: list[str]) -> None:
    backwards = in_order[::-1]
    assert sorted(backwards, key=vietnamese_key) == in_order


def test_vietnamese_key_ignores_case_normal_form_and_punctuation() -> None:
    key = vietnamese_key("Đường Lâm")
    assert vietnamese_key("ĐƯỜNG, lâm") == key
    assert vietnamese_key(unicodedata.normalize("NFD", "đường-lâm")) == key


@settings(deadline=None)
@given(ANY_TEXT)
def test_vietnamese_key_is_plain_so_that_every_database_sorts_it_alike(text: str) -> None:
    assert set(vietnamese_key(text)) <= set("0123456789abcdefghijklmnopqrstuvwxyz")
