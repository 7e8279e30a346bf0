"""Codes survive being read aloud, mistyped and printed; tokens cannot be guessed."""

import re
from itertools import combinations

import pytest

from core.codes import (
    ALPHABET,
    new_code,
    new_token,
    normalise,
    public_code,
    shown,
    token_hash,
    with_check,
)

SAMPLES = ["000000000000", "ZZZZZZZZZZZZ", "0123456789AB", "7K3M9QXT2BHV", "AABBCCDDEEFF"]


def _replace(code: str, position: int, symbol: str) -> str:
    return code[:position] + symbol + code[position + 1 :]


def _is_given(code: str) -> bool:
    """Whether anything could have this code: it ends in the check of the rest."""
    return with_check(code[:-1]) == code


def test_alphabet_has_32_symbols_for_paper_qr_and_url() -> None:
    assert len(set(ALPHABET)) == 32
    assert re.fullmatch(r"[0-9A-Z]{32}", ALPHABET)
    assert not set("ILOU") & set(ALPHABET)


def test_new_codes_differ_and_have_the_asked_length() -> None:
    codes = {new_code(10) for _ in range(200)}
    assert len(codes) == 200
    assert {len(code) for code in codes} == {10}
    assert len(new_code()) == 8
    assert set("".join(codes)) == set(ALPHABET)


@pytest.mark.parametrize("sample", SAMPLES)
def test_check_finds_every_single_wrong_symbol(sample: str) -> None:
    code = with_check(sample)
    accepted = [
        _replace(code, position, symbol)
        for position in range(len(code))
        for symbol in ALPHABET
        if _is_given(_replace(code, position, symbol))
    ]
    assert set(accepted) == {code}


def test_check_finds_every_swap_of_two_symbols_at_any_distance() -> None:
    for left, right in combinations(range(13), 2):
        for first, second in combinations(ALPHABET, 2):
            body = _replace(_replace("7K3M9QXT2BHV0", left, first), right, second)[:12]
            code = with_check(body)
            swapped = _replace(_replace(code, left, code[right]), right, code[left])
            assert _is_given(swapped) is (swapped == code)


def test_check_finds_every_doubled_pair_mistyped_as_another() -> None:
    for position in range(11):
        for twin in ALPHABET:
            code = with_check("7K3M9QXT2BHV"[:position] + twin * 2 + "7K3M9QXT2B"[position:])
            for other in set(ALPHABET) - {twin}:
                mistyped = code[:position] + other * 2 + code[position + 2 :]
                assert not _is_given(mistyped)


def test_check_symbol_stays_the_same_over_releases() -> None:
    assert [with_check(sample)[-1] for sample in SAMPLES] == ["0", "R", "V", "1", "0"]


def test_codes_too_long_for_distinct_weights_get_no_check() -> None:
    assert len(with_check("Z" * 30)) == 31
    with pytest.raises(ValueError, match="share a weight"):
        with_check("Z" * 31)


def test_public_code_is_twelve_random_symbols_and_a_check() -> None:
    code = public_code()
    assert len(code) == 13
    assert _is_given(code)


@pytest.mark.parametrize(
    "typed",
    ["7k3m-91x0-2bhv", " 7K3M 9lxo 2bhv ", "7K3M–9IXO–2BHV", "7k3m\u200b.9ix0_2bhv\n"],
)
def test_normalise_reads_what_was_meant(typed: str) -> None:
    assert normalise(typed) == "7K3M91X02BHV"


def test_normalise_keeps_wrong_signs_wrong() -> None:
    assert normalise("u/đ") == "U/Đ"


@pytest.mark.parametrize(
    ("code", "grouped"),
    [("", ""), ("7K3M", "7K3M"), ("7K3M9QXT", "7K3M-9QXT"), ("7K3M9QXT2BHV0", "7K3M-9QXT-2BHV-0")],
)
def test_shown_groups_by_four_and_normalise_undoes_it(code: str, grouped: str) -> None:
    assert shown(code) == grouped
    assert normalise(grouped) == code


def test_tokens_are_url_safe_192_bits_and_stored_as_their_hash() -> None:
    tokens = {new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{32}", token) for token in tokens)
    assert token_hash("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
