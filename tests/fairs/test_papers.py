"""The papers of a fair: its checklist, documents with their versions, ticks."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from core.audit import AuditEvent
from core.errors import DomainError, NotAllowed, StaleState
from core.papers import MOST_BYTES
from fairs.actions import papers as actions
from fairs.actions.papers import Paper
from fairs.models import ChecklistItem, ChecklistTick, Document, Fair, LegalBasis, LegalRule
from fairs.queries import deadlines_of
from fairs.queries.legal import checklist_of, papers_of, rule_book
from tests import builders
from tests.core.test_papers import PDF, WORD

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _files(settings: Settings, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def rule() -> LegalRule:
    return builders.make_rule(LegalBasis.CITY_PROGRAMME)


@pytest.fixture
def item(rule: LegalRule) -> ChecklistItem:
    return builders.make_item(rule, title="Quyết định", title_en="Decision")


@pytest.fixture
def fair() -> Fair:
    """Opens in thirty days."""
    return builders.make_fair()


def _paper(content: bytes = PDF, **fields: Any) -> Paper:
    values = {"title": "Quyết định", "number": "", "valid_until": None, "file_name": "qd.pdf"}
    return Paper(**{**values, "content": content, **fields})


def _upload(fair: Fair, **fields: Any) -> Document:
    return actions.upload_document(**{"fair": fair, "paper": _paper(), "actor": None, **fields})


def _state(fair: Fair) -> str:
    today = timezone.localdate()
    (entry,) = checklist_of(fair, rule_book(), papers_of([fair])[fair.pk], today)
    return entry.state


def _due(fair: Fair) -> list[str]:
    return [each.key for each in deadlines_of([fair], timezone.localdate()) if each.is_duty]


def test_a_line_is_missing_overdue_here_expiring_or_ticked(fair: Fair, item: ChecklistItem) -> None:
    assert (_state(fair), _due(fair)) == ("missing", [f"item:{item.pk}"])
    ChecklistItem.objects.update(due_days=31)
    assert (_state(fair), _due(fair)) == ("overdue", [f"item:{item.pk}"])
    first = _upload(fair, item=item, paper=_paper(valid_until=fair.end - DAY))
    assert (_state(fair), _due(fair)) == ("expires", [f"document:{first.pk}"])
    _upload(fair, item=item, replaces=first, paper=_paper(valid_until=fair.end))
    assert (_state(fair), _due(fair)) == ("here", [])
    actions.tick_item(fair=fair, item=item, note="Đã có bản giấy", actor=None)
    assert (_state(fair), _due(fair)) == ("ticked", [])


def test_a_new_version_leaves_the_old_one_where_it_is(
    client: Client, fair: Fair, item: ChecklistItem
) -> None:
    first = _upload(fair, item=item)
    second = _upload(fair, item=item, replaces=first, paper=_paper(WORD, file_name="qd.docx"))
    assert (second.version, second.replaces, second.file_name) == (2, first, "qd.docx")
    client.force_login(builders.make_user(role="viewer", fair=fair))
    page = client.get(reverse("papers", args=[fair.code])).content.decode()
    for document, content in ((first, PDF), (second, WORD)):
        address = reverse("paper_file", args=[fair.code, document.pk])
        assert address in page
        answer = client.get(address)
        assert b"".join(answer.streaming_content) == content
        assert answer.headers["Content-Type"] == document.file.media_type
        assert answer.headers["Content-Disposition"].startswith("attachment;")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert [event.verb for event in AuditEvent.objects.all()] == ["fairs.paper_uploaded"] * 2


def test_of_two_who_upload_at_once_the_second_is_told(fair: Fair, item: ChecklistItem) -> None:
    first = _upload(fair, item=item)
    for stale in (None, first):
        if stale:
            _upload(fair, item=item, replaces=first)
        with pytest.raises(StaleState) as refused:
            _upload(fair, item=item, replaces=stale)
        assert refused.value.code == "paper.replaced"
    assert Document.objects.count() == 2


def test_free_papers_stand_beside_one_another(fair: Fair) -> None:
    first, second = _upload(fair), _upload(fair)
    assert (first.version, second.version, second.replaces) == (1, 1, None)
    with pytest.raises(DomainError) as refused:
        _upload(builders.make_fair(), replaces=first)
    assert refused.value.code == "paper.other_fair"


def test_only_organisers_of_the_fair_upload_and_tick(fair: Fair, item: ChecklistItem) -> None:
    ChecklistTick.objects.create(fair=fair, item=item)
    for actor in (
        builders.make_user(role="viewer", fair=fair),
        builders.make_organiser(builders.make_fair()),
    ):
        for attempt in (
            lambda: _upload(fair, actor=actor),  # noqa: B023
            lambda: actions.tick_item(fair=fair, item=item, note="x", actor=actor),  # noqa: B023
            lambda: actions.untick_item(fair=fair, item=item, actor=actor),  # noqa: B023
        ):
            with pytest.raises(NotAllowed):
                attempt()
    assert (Document.objects.count(), ChecklistTick.objects.count()) == (0, 1)


def test_a_line_with_a_document_is_ticked_with_a_note_only(fair: Fair, rule: LegalRule) -> None:
    paper = builders.make_item(rule)
    plain = builders.make_item(rule, needs_document=False)
    with pytest.raises(DomainError) as refused:
        actions.tick_item(fair=fair, item=paper, note="", actor=None)
    assert refused.value.code == "paper.note_missing"
    actions.tick_item(fair=fair, item=plain, note="", actor=None)
    with pytest.raises(StaleState):
        actions.tick_item(fair=fair, item=plain, note="", actor=None)
    actions.untick_item(fair=fair, item=plain, actor=None)
    with pytest.raises(StaleState):
        actions.untick_item(fair=fair, item=plain, actor=None)
    assert [event.verb for event in AuditEvent.objects.order_by("number")] == [
        "fairs.paper_ticked",
        "fairs.paper_unticked",
    ]
    other = builders.make_item(builders.make_rule(LegalBasis.INTERNAL), needs_document=False)
    with pytest.raises(DomainError) as refused:
        actions.tick_item(fair=fair, item=other, note="", actor=None)
    assert refused.value.code == "paper.not_asked"


# The pages


def _sent(content: bytes = PDF, name: str = "qd.pdf", **fields: Any) -> dict[str, Any]:
    file = SimpleUploadedFile(name, content, content_type="application/pdf")
    return {"file": file, "title": "Quyết định", **fields}


def test_a_paper_is_uploaded_on_the_page(client: Client, fair: Fair, item: ChecklistItem) -> None:
    client.force_login(builders.make_organiser(fair))
    add = reverse("paper_add", args=[fair.code])
    assert 'value="Quyết định"' in client.get(add, {"item": item.pk}).content.decode()
    until = f"{fair.first_day:%d/%m/%Y}"
    sent = _sent(item=item.pk, number="12/QĐ-UBND", valid_until=until)
    page = client.post(add, sent, follow=True).content.decode()
    assert "Văn bản chỉ có giá trị đến" in page
    assert "12/QĐ-UBND" in page
    document = Document.objects.get()
    assert (document.item, document.valid_until) == (item, fair.first_day)
    page = client.get(add, {"item": item.pk}).content.decode()
    assert f'name="replaces" value="{document.pk}"' in page
    assert "Bản 1 vẫn được giữ" in page


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"<html></html>", "qd.pdf", "Chỉ nhận tệp PDF"),
        (PDF[:10], "qd.pdf", "Tệp bị hỏng"),
        (b"", "qd.pdf", "Tệp trống"),
        (PDF + bytes(MOST_BYTES), "qd.pdf", "Tệp lớn hơn 20 MB"),
    ],
)
def test_a_bad_file_is_told_at_the_field_and_the_words_are_kept(
    client: Client, fair: Fair, content: bytes, name: str, sentence: str
) -> None:
    client.force_login(builders.make_organiser(fair))
    address = reverse("paper_add", args=[fair.code])
    answer = client.post(address, _sent(content, name, title="Giấy tờ", number="7/VB"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert (sentence in page, 'value="Giấy tờ"' in page, 'value="7/VB"' in page) == (
        True,
        True,
        True,
    )
    assert Document.objects.count() == 0


@pytest.mark.parametrize(
    "fields", [{"title": ""}, {"title": "Đ" * 201}, {"valid_until": "31/02/2027"}, {"item": "x"}]
)
def test_bad_words_are_told_and_nothing_is_kept(
    client: Client, fair: Fair, fields: dict[str, Any]
) -> None:
    client.force_login(builders.make_organiser(fair))
    answer = client.post(reverse("paper_add", args=[fair.code]), _sent(**fields))
    assert (answer.status_code, Document.objects.count()) == (422, 0)


def test_the_second_who_uploads_sees_the_first_s_paper_and_may_replace_it(
    client: Client, fair: Fair, item: ChecklistItem
) -> None:
    client.force_login(builders.make_organiser(fair))
    theirs = _upload(fair, item=item, paper=_paper(file_name="cua-ho.pdf"))
    address = reverse("paper_add", args=[fair.code])
    answer = client.post(address, _sent(item=item.pk, number="7/VB"))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert ("cua-ho.pdf" in page, 'value="7/VB"' in page) == (True, True)
    assert f'name="replaces" value="{theirs.pk}"' in page
    assert client.post(address, _sent(item=item.pk, replaces=theirs.pk)).status_code == 302
    assert Document.objects.get(replaces=theirs).version == 2


def test_a_line_is_ticked_and_unticked_on_the_pages(
    client: Client, fair: Fair, item: ChecklistItem
) -> None:
    client.force_login(builders.make_organiser(fair))
    address = reverse("paper_tick", args=[fair.code, item.pk])
    assert client.get(address).status_code == 200
    refused = client.post(address, {"note": " "})
    assert (refused.status_code, "Hãy ghi lý do" in refused.content.decode()) == (422, True)
    page = client.post(address, {"note": "Không lắp rạp"}, follow=True).content.decode()
    assert "Không lắp rạp" in page
    client.post(reverse("paper_untick", args=[fair.code, item.pk]))
    assert ChecklistTick.objects.count() == 0


def test_a_reader_sees_the_papers_and_no_way_to_change_them(
    client: Client, fair: Fair, item: ChecklistItem
) -> None:
    client.force_login(builders.make_user(role="viewer", fair=fair))
    page = client.get(reverse("papers", args=[fair.code])).content.decode()
    assert ("Quyết định" in page, reverse("paper_add", args=[fair.code]) in page) == (True, False)
    assert client.get(reverse("paper_add", args=[fair.code])).status_code == 403
    client.force_login(builders.make_organiser(builders.make_fair()))
    document = _upload(fair)
    assert client.get(reverse("paper_file", args=[fair.code, document.pk])).status_code == 404


def test_an_overdue_line_says_by_how_many_days(
    client: Client, fair: Fair, item: ChecklistItem
) -> None:
    ChecklistItem.objects.update(due_days=34)
    client.force_login(builders.make_organiser(fair))
    page = client.get(reverse("papers", args=[fair.code])).content.decode()
    assert "quá hạn 4 ngày" in page
    ChecklistItem.objects.update(due_days=26)
    page = client.get(reverse("papers", args=[fair.code])).content.decode()
    assert "còn 4 ngày" in page


def test_a_paper_is_found_at_its_own_fair_only(client: Client, fair: Fair) -> None:
    document, other = _upload(fair), builders.make_fair()
    client.force_login(builders.make_organiser())
    assert client.get(reverse("paper_file", args=[other.code, document.pk])).status_code == 404


def test_both_days_of_the_registration_are_shown(client: Client, fair: Fair) -> None:
    builders.make_rule(LegalBasis.REGISTERED, register_from_days=365, register_until_days=30)
    Fair.objects.update(
        legal_basis=LegalBasis.REGISTERED, first_day=date(2027, 6, 30), last_day=date(2027, 7, 4)
    )
    client.force_login(builders.make_organiser(fair))
    page = client.get(reverse("papers", args=[fair.code])).content.decode()
    assert "sớm nhất 30/06/2026, muộn nhất 31/05/2027" in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_for_one_and_three(
    client: Client,
    fair: Fair,
    rule: LegalRule,
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _number in range(count):
        document = _upload(fair, item=builders.make_item(rule))
        _upload(fair, item=document.item, replaces=document)
        _upload(fair)
    client.force_login(builders.make_organiser(fair))
    with django_assert_num_queries(10):
        client.get(reverse("papers", args=[fair.code]))
