import copy
from collections.abc import Callable
from typing import Any

import pytest

from mou.paper.wording import (
    WordingError,
    check_wording,
    fill,
    fill_all,
    standard_wording,
    wording_sha256,
)


def test_standard_wording_is_whole_in_both_languages() -> None:
    wording = standard_wording()
    check_wording(wording)
    assert len(wording["articles"]) == 12
    assert [bool(article.get("products")) for article in wording["articles"]].index(True) == 1
    assert _languages(wording) == {("en", "vi")}


def test_standard_wording_is_the_one_that_was_signed() -> None:
    # A change here is a new wording: give it a new file and code, never edit a signed one.
    assert (
        wording_sha256(standard_wording())
        == "0e613855442463773343824bb1dd47e1bc05bfedbed4601a2f299add00e6b0f6"
    )


def test_standard_wording_cannot_be_changed_through_a_copy() -> None:
    standard_wording()["articles"].clear()
    assert len(standard_wording()["articles"]) == 12


def test_blank_is_filled_and_its_value_never_read() -> None:
    text = "Trong {{ answer_days }} ngày, tại {{ venue }}, {0} %s {venue}"
    filled = fill(text, {"answer_days": "{{ venue }}", "venue": "{{ host }}"})
    assert filled == "Trong {{ venue }} ngày, tại {{ host }}, {0} %s {venue}"


def test_english_text_takes_the_english_value() -> None:
    part = {
        "vi": "từ {{ date }}, {{ venue }}",
        "en": "from {{ date }}, {{ venue }}",
        "products": True,
    }
    values = {"date": "ngày 20", "date.en": "the 20th", "venue": "Huế"}
    assert fill_all({"parts": [part]}, values) == {
        "parts": [{"vi": "từ ngày 20, Huế", "en": "from the 20th, Huế", "products": True}]
    }


def _without_article_title(wording: dict[str, Any]) -> None:
    del wording["articles"][4]["title"]["en"]


def _without_captions(wording: dict[str, Any]) -> None:
    del wording["captions"]["witness"]


def _with_number_for_text(wording: dict[str, Any]) -> None:
    wording["opening"]["vi"] = 7


def _with_no_article(wording: dict[str, Any]) -> None:
    wording["articles"] = []


def _with_unknown_blank(wording: dict[str, Any]) -> None:
    wording["articles"][0]["clauses"][0]["vi"] += "{{ settings }}"


def _with_torn_blank(wording: dict[str, Any]) -> None:
    wording["articles"][0]["clauses"][0]["vi"] += "{{ answer_days"


@pytest.mark.parametrize(
    "spoil",
    [
        _without_article_title,
        _without_captions,
        _with_number_for_text,
        _with_no_article,
        _with_unknown_blank,
        _with_torn_blank,
    ],
)
def test_wording_that_cannot_be_printed_is_refused(spoil: Callable[[dict[str, Any]], None]) -> None:
    wording = standard_wording()
    spoil(wording)
    with pytest.raises(WordingError) as caught:
        check_wording(wording)
    assert caught.value.code == "wording.malformed"


def test_wording_with_more_articles_is_taken() -> None:
    wording = standard_wording()
    wording["articles"].append(copy.deepcopy(wording["articles"][0]))
    check_wording(wording)


def _languages(part: object) -> set[tuple[str, ...]]:
    """Every group that holds a language, as the languages it holds."""
    if isinstance(part, dict):
        if {"vi", "en"} & part.keys():
            return {tuple(sorted(part.keys()))}
        part = list(part.values())
    return set().union(*(_languages(item) for item in part)) if isinstance(part, list) else set()
