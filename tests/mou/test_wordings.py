"""Wordings: edited until first used, copied afterwards, compared, previewed, retired."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from core.audit import AuditEvent
from core.errors import DomainError, NotAllowed, StaleState
from mou import actions
from mou.actions import wordings
from mou.models import Wording
from mou.paper.wording import check_wording, standard_wording, wording_sha256
from mou.queries.wordings import changes_between
from mou.rendering import frozen_content
from tests import builders
from tests.mou.filled import answers_of
from tests.pages import find_inline, text_of

pytestmark = pytest.mark.django_db


def _address(wording: Wording, name: str) -> str:
    return reverse(f"wording_{name}", args=[wording.code, wording.version])


def _answers(desk: Client, wording: Wording) -> dict[str, Any]:
    return answers_of(desk.get(_address(wording, "edit")).content)


def test_the_form_says_the_whole_text_and_gives_it_back_unchanged(desk: Client) -> None:
    wording = builders.make_wording()
    assert desk.post(_address(wording, "edit"), _answers(desk, wording)).status_code == 302
    wording.refresh_from_db()
    assert wording.content == standard_wording()
    assert wording.sha256 == wording_sha256(standard_wording())


def test_an_edited_wording_has_another_hash_and_is_printed(desk: Client, organiser: User) -> None:
    wording = builders.make_wording()
    answers = _answers(desk, wording) | {
        "name": ["Bản dùng cho hội chợ Xuân"],
        "article_1_clauses_vi": ["Một dòng, {{answer_days}} ngày.\nHai dòng."],
        "article_1_clauses_en": ["One line, {{ answer_days }} days.\nTwo lines."],
        "article_13_title_vi": ["Điều khoản thêm"],
        "article_13_title_en": ["One more"],
        "article_13_clauses_vi": ["Thêm."],
        "article_13_clauses_en": ["More."],
    }
    assert desk.post(_address(wording, "edit"), answers).status_code == 302
    wording.refresh_from_db()
    check_wording(wording.content)
    assert wording.sha256 == wording_sha256(wording.content) != wording_sha256(standard_wording())
    assert len(wording.content["articles"]) == 13
    memorandum = builders.make_memorandum(wording=wording)
    frozen = actions.freeze_memorandum(memorandum=memorandum, actor=organiser)
    clause = frozen_content(frozen).wording["articles"][0]["clauses"][0]
    assert clause["vi"] == "Một dòng, {{ answer_days }} ngày."


def test_once_used_a_wording_is_copied_not_edited(desk: Client, organiser: User) -> None:
    wording = builders.make_wording()
    memorandum = builders.make_memorandum()
    actions.freeze_memorandum(memorandum=memorandum, actor=organiser)
    assert desk.get(_address(wording, "edit")).status_code == 302
    with pytest.raises(DomainError) as refused:
        wordings.edit_wording(
            wording=wording, edition=1, title="", content=wording.content, actor=organiser
        )
    assert refused.value.code == "wording.used"
    actions.reopen_memorandum(memorandum=memorandum, reason="Sai", actor=organiser)
    assert desk.get(_address(wording, "edit")).status_code == 302

    copied = desk.post(_address(wording, "copy"))

    newest = Wording.objects.get(version=2)
    assert copied.url == _address(newest, "page")
    assert (newest.copied_from, newest.content) == (wording, wording.content)
    assert desk.get(_address(newest, "edit")).status_code == 200


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("article_4_clauses_vi", "Một.\nHai {{ foo }}.\nBa.\nBốn.", "dòng 2: “{{ foo }}”"),
        ("article_4_clauses_vi", "Một {{ answer_days.\nHai.\nBa.\nBốn.", "dòng 1:"),
        ("opening_en", "Today, {{ settings.SECRET_KEY }}", "{{ settings.SECRET_KEY }}"),
        ("title_vi", "<b>BIÊN BẢN</b>", "<b>BIÊN BẢN</b>"),
        ("title_vi", "BIÊN BẢN &amp; GHI NHỚ", "&amp; GHI NHỚ"),
        ("title_vi", "{% now 'Y' %}", "{% now"),
        ("title_vi", "龍", "龍"),
        ("title_vi", "\u200b", ""),
        ("article_4_clauses_en", "One.\nTwo.", "4"),
        ("article_2_title_vi", "", ""),
        ("consent_party_vi", "", ""),
    ],
)
def test_a_bad_text_is_told_at_its_place_and_changes_nothing(
    desk: Client, field: str, text: str, words: str
) -> None:
    wording = builders.make_wording()
    answer = desk.post(_address(wording, "edit"), _answers(desk, wording) | {field: [text]})
    assert answer.status_code == 422
    page = answer.content.decode()
    said = re.findall(rf'<li><a href="#id_{field}">(.*?)</a>: (.*?)</li>', page, re.DOTALL)
    assert said, page[:0]
    assert words in text_of(said[0][1])
    assert find_inline(page) == []
    wording.refresh_from_db()
    assert (wording.edition, wording.content) == (1, standard_wording())


def test_an_article_in_the_middle_is_not_left_out(desk: Client) -> None:
    wording = builders.make_wording()
    names = [f"article_5_{part}_{key}" for part in ("title", "clauses") for key in ("vi", "en")]
    empty = {name: [""] for name in names}
    assert desk.post(_address(wording, "edit"), _answers(desk, wording) | empty).status_code == 422
    last = {name.replace("_5_", "_12_"): [""] for name in names}
    assert desk.post(_address(wording, "edit"), _answers(desk, wording) | last).status_code == 302
    wording.refresh_from_db()
    assert len(wording.content["articles"]) == 11


def test_of_two_who_edit_the_second_is_told_and_loses_nothing(desk: Client) -> None:
    wording = builders.make_wording()
    first = _answers(desk, wording)
    mine = first | {"agreement_en": ["The Parties agree:"]}
    desk.post(_address(wording, "edit"), first | {"opening_en": ["Today we are:"]})
    answer = desk.post(_address(wording, "edit"), mine)
    assert answer.status_code == 409
    kept = answers_of(answer.content)
    assert (kept["agreement_en"], kept["edition"]) == (["The Parties agree:"], ["2"])
    assert "<ins>" in answer.content.decode()
    wording.refresh_from_db()
    assert wording.content["agreement"] == standard_wording()["agreement"]


def test_a_comparison_names_the_articles_that_changed(desk: Client, organiser: User) -> None:
    wording = builders.make_wording()
    newer = wordings.copy_wording(wording=wording, actor=organiser)
    content = standard_wording()
    content["articles"][3]["title"]["en"] = "Duties of the buyer"
    wordings.edit_wording(wording=newer, edition=1, title="", content=content, actor=organiser)
    changes = changes_between(wording.content, content)
    assert [change.label for change in changes] == ["Điều 4"]
    kept = [words for words in changes[0].en if words[0] != "kept"]
    assert kept[:2] == [("out", "Party B"), ("in", "the buyer")]
    page = desk.get(_address(newer, "page") + "?with=1").content.decode()
    assert "<del>Party B</del> <ins>the buyer</ins>" in page


def test_the_preview_holds_the_longest_data_and_says_that_it_is_one(desk: Client) -> None:
    wording = builders.make_wording()
    answer = desk.get(_address(wording, "preview"))
    assert (answer.headers["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")
    page = text_of(desk.get(_address(wording, "page")).content.decode())
    assert "BẢN XEM TRƯỚC – BIÊN BẢN GHI NHỚ" in page
    assert page.count("Khay mây tre đan ủ hương quế số") >= 30


def test_a_retired_wording_is_not_chosen_any_more(desk: Client, organiser: User) -> None:
    wording = builders.make_wording()
    draft = builders.make_memorandum()
    assert desk.post(_address(wording, "retire")).status_code == 302
    with pytest.raises(DomainError) as refused:
        wordings.standing_wording()
    assert refused.value.code == "wording.none"
    with pytest.raises(StaleState):
        wordings.retire_wording(wording=wording, actor=organiser)
    edit = reverse("memorandum_edit", args=[draft.code])
    assert desk.post(edit, answers_of(desk.get(edit).content)).status_code == 302
    newer = wordings.copy_wording(wording=wording, actor=organiser)
    assert wordings.standing_wording() == newer


def test_a_changed_text_in_the_database_is_never_frozen(organiser: User) -> None:
    memorandum = builders.make_memorandum()
    content = standard_wording()
    content["title"]["vi"] = "HỢP ĐỒNG"
    Wording.objects.update(content=content)
    with pytest.raises(DomainError) as refused:
        actions.freeze_memorandum(memorandum=memorandum, actor=organiser)
    assert refused.value.code == "wording.changed"


def test_only_organisers_of_the_office_change_wordings() -> None:
    wording = builders.make_wording()
    fair = builders.make_fair()
    for actor in (builders.make_organiser(fair), builders.make_user(role="reviewer")):
        for act in (wordings.copy_wording, wordings.retire_wording):
            with pytest.raises(NotAllowed):
                act(wording=wording, actor=actor)
        with pytest.raises(NotAllowed):
            wordings.edit_wording(
                wording=wording, edition=1, title="x", content=wording.content, actor=actor
            )
    assert AuditEvent.objects.count() == 0


def test_the_standard_text_is_added_by_a_button(desk: Client) -> None:
    assert "<form" in desk.get(reverse("wording_list")).content.decode()
    assert desk.post(reverse("wording_list")).status_code == 302
    assert str(Wording.objects.get()) == "ocop-2026 v1"


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_one_and_three(
    desk: Client, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    wording = builders.make_wording()
    for version in range(2, count + 1):
        Wording.objects.create(
            code=wording.code, version=version, content=wording.content, sha256="x"
        )
    with django_assert_num_queries(5):
        desk.get(reverse("wording_list"))
