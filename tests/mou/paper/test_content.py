import hashlib
import json
import unicodedata
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mou.paper.canonical import ContentError, canonical
from mou.paper.content import (
    Annex,
    Change,
    Content,
    content_sha256,
    read_content,
    signature_sha256,
)
from mou.paper.layout import Signature

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["C"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text("abcđ"), inner),
)


def test_canonical_form_has_one_spelling() -> None:
    value = {"đ": [Decimal("1200.50"), None, True], "a": "Ưu", "b": Decimal("0E+3")}
    assert canonical(value) == '{"a":"Ưu","b":"0","đ":["1200.5",null,true]}'.encode()


def test_canonical_form_composes_letters() -> None:
    assert canonical(unicodedata.normalize("NFD", "Nguyễn")) == '"Nguyễn"'.encode()


def test_canonical_form_writes_moments_in_utc() -> None:
    moment = datetime(2026, 11, 20, 9, 15, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
    assert canonical(moment) == b'"2026-11-20T02:15:00+00:00"'
    assert canonical(moment) == canonical(moment.astimezone(UTC))


@settings(deadline=None)
@given(PLAIN)
def test_canonical_form_reads_back_to_itself(value: object) -> None:
    assert canonical(json.loads(canonical(value))) == canonical(value)


@pytest.mark.parametrize(
    "value",
    [0.5, [{"a": 1.0}], {1: "a"}, b"x", {"x"}, Decimal("NaN"), datetime(2026, 1, 1)],  # noqa: DTZ001 - a moment without a zone is what must be refused
)
def test_value_with_two_spellings_is_refused(value: object) -> None:
    with pytest.raises(ContentError) as caught:
        canonical(value)
    assert caught.value.code == "content.not_plain"


@pytest.mark.parametrize("text", ["a\0b", "a\x1b[2J", "\ud800"])
def test_letter_that_cannot_be_printed_is_refused(text: str) -> None:
    with pytest.raises(ContentError) as caught:
        canonical({"name": text})
    assert caught.value.code == "content.control_character"


def test_content_reads_back(content: Content) -> None:
    assert read_content(json.loads(canonical(content))) == content


@pytest.mark.parametrize(
    "change",
    [{"date": "20/11/2026"}, {"items": 3}, {"party_a": {"name": "A"}}, {"extra": 1}],
)
def test_content_that_is_not_whole_is_refused(content: Content, change: dict[str, Any]) -> None:
    with pytest.raises(ContentError) as caught:
        read_content({**json.loads(canonical(content)), **change})
    assert caught.value.code == "content.malformed"


def test_content_hash_is_the_published_formula(content: Content) -> None:
    expected = hashlib.sha256(b"mou-content/1\0" + canonical(content)).hexdigest()
    assert content_sha256(content) == expected


# Of the content of the fixture without its wording, as it was when all quantities were whole.
PINNED = "d33dd721f1734ab5419e14bf513ca3af05bf6b7a1f20a6de82330ba432b449a3"


@pytest.mark.parametrize("spelled", ["1200", "1200.0", "1200.000", "1.2E+3", "12E+2"])
def test_whole_quantity_is_hashed_as_it_was_before_there_were_decimals(
    content: Content, spelled: str
) -> None:
    items = tuple(replace(item, quantity=Decimal(spelled)) for item in content.items)
    written = replace(content, items=items, wording={})
    assert canonical(written).count(b'"quantity":"1200"') == 2
    assert content_sha256(written) == PINNED


@pytest.mark.parametrize("spelled", ["1", "1.0", "1.000", "1E+0"])
def test_one_is_one_byte(content: Content, spelled: str) -> None:
    [item, *_others] = content.items
    assert b'"quantity":"1",' in canonical(replace(item, quantity=Decimal(spelled)))


def test_content_hash_covers_every_field(content: Content) -> None:
    changed: dict[str, Any] = {
        "number": 8,
        "year": 2027,
        "event_code": "HN27",
        "event": "Hội chợ khác",
        "place": "Huế",
        "venue": "Nơi khác",
        "date": content.terms.expires_on,
        "party_a": replace(content.party_a, phone=""),
        "party_b": replace(content.party_b, account="1"),
        "items": content.items[:1],
        "terms": replace(content.terms, answer_days=31),
        "wording": {**content.wording, "code": "khac"},
        "revision": 2,
        "annex": Annex(
            number=1,
            of="06/2026/BGN-HN26",
            code="ABC",
            content_sha256="0" * 64,
            changes=(Change(old="1 kg", new="2 kg"),),
        ),
    }
    assert changed.keys() == {field.name for field in fields(Content)}
    hashes = {content_sha256(replace(content, **{name: changed[name]})) for name in changed}
    assert len(hashes | {content_sha256(content)}) == len(changed) + 1


def test_number_is_written_as_the_decree_writes_it(content: Content) -> None:
    assert content.name == "07/2026/BGN-HN26-TET"
    assert replace(content, number=123).name == "123/2026/BGN-HN26-TET"


def test_signature_hash_covers_every_field(
    content: Content, sign: Callable[[Content], list[Signature]]
) -> None:
    record = sign(content)[0].record
    later = datetime(2026, 11, 21, tzinfo=UTC)
    changed: dict[str, Any] = {
        field.name: later if field.name.endswith("_at") else "khác" for field in fields(record)
    }
    hashes = {signature_sha256(replace(record, **{name: changed[name]})) for name in changed}
    assert len(hashes | {signature_sha256(record)}) == len(changed) + 1
