"""The pages of the notices, and the link with which a producer ends them."""

from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from core.audit import AuditEvent
from core.tasks import run_job
from fairs.actions.notices import NoticeContent, send_notice
from fairs.models import Fair, Notice
from fairs.queries.notices import Audience, sign
from fairs.rendering.notice import unsubscribe_address
from registry.models import Organisation
from tests import builders
from tests.fairs import programmes
from tests.pages import text_of

pytestmark = pytest.mark.django_db
NEW = {"who": "every", "number": 1, "subject": "Mời tham gia", "body": "Xin mời đến phiên chợ."}


@pytest.fixture
def fair() -> Fair:
    return programmes.make_fair()


@pytest.fixture
def desk(client: Client, fair: Fair) -> Client:
    """An organiser of the fair, signed in, reading English."""
    client.force_login(builders.make_organiser(fair))
    client.cookies["django_language"] = "en"
    return client


def _at(name: str, fair: Fair, *where: Any) -> str:
    return reverse(name, args=[fair.code, *where])


def _write(desk: Client, fair: Fair, step: str, **fields: Any) -> Any:
    return desk.post(_at("notice_new", fair), {**NEW, "step": step, **fields})


def _notice(fair: Fair, number: int = 1) -> Notice:
    content = NoticeContent(subject="Mời", body="Xin mời.", audience=Audience())
    actor = builders.make_organiser(fair)
    return send_notice(fair=fair, number=number, content=content, actor=actor)


def test_the_form_begins_with_a_text_about_the_fair(desk: Client, fair: Fair) -> None:
    builders.make_product()
    page = desk.get(_at("notice_new", fair)).content.decode()
    assert f"“{fair.title}”" in page
    assert 'name="groups" value="food"' in page
    assert 'name="places" value="HN"' in page


@pytest.mark.parametrize(("language", "word"), [("vi", "Soạn thông báo"), ("en", "Write a notice")])
def test_the_list_is_there_in_both_languages(
    desk: Client, fair: Fair, language: str, word: str
) -> None:
    desk.cookies["django_language"] = language
    assert word in desk.get(_at("notice_list", fair)).content.decode()


def test_counting_says_whom_it_reaches_and_finds_no_fault_with_the_text(
    desk: Client, fair: Fair
) -> None:
    builders.make_organisation(email="a@mau.example")
    builders.make_organisation()
    answer = _write(desk, fair, "count", subject="", body="")
    said = text_of(answer.content.decode())
    assert answer.status_code == 200
    assert "2 producers fit" in said
    assert "By e-mail 1" in said
    assert "On paper: no e-mail address 1" in said
    assert "This field is required" not in said
    said = text_of(_write(desk, fair, "count", who="any").content.decode())
    assert "Choose a product group, a place or a past fair, or every producer." in said


def test_the_preview_is_the_letter_of_one_who_is_named(desk: Client, fair: Fair) -> None:
    builders.make_organisation(name="An", email="a@mau.example")
    second = builders.make_organisation(name="Bình", email="b@mau.example")
    builders.make_organisation(name="Chi")
    desk.cookies["django_language"] = "vi"
    page = _write(desk, fair, "preview", body="Xem http://127.0.0.1:8000/f/x/").content.decode()
    assert "Kính gửi Ông/Bà Vũ Văn Định, An," in text_of(page)
    assert "a@mau.example" in page
    assert '<a href="http://127.0.0.1:8000/f/x/"' in page
    assert "Ngừng nhận thư: không báo 0" in text_of(page)
    assert "/unsubscribe/" not in page
    page = _write(desk, fair, "preview", reader=second.code).content.decode()
    assert "Kính gửi Ông/Bà Vũ Văn Định, Bình," in text_of(page)
    assert "Gửi 2 thư" in page
    assert (mail.outbox, Notice.objects.count()) == ([], 0)


def test_the_letter_is_vietnamese_whoever_sends_it(desk: Client, fair: Fair) -> None:
    builders.make_organisation(email="a@mau.example")
    assert "Kính gửi Ông/Bà" in text_of(_write(desk, fair, "preview").content.decode())


def test_from_the_preview_one_goes_back_with_everything_kept(desk: Client, fair: Fair) -> None:
    builders.make_product()
    page = _write(desk, fair, "edit", who="any", groups=["food"], subject="Khác").content.decode()
    assert 'value="Khác"' in page
    assert 'name="groups" value="food" checked' in page
    assert "<details open>" not in page
    assert "Xin mời đến phiên chợ." in page


def test_a_ticked_commune_stays_in_sight(desk: Client, fair: Fair) -> None:
    commune = builders.make_place(code="HN-BV", name="Ba Vì", parent=builders.make_place())
    builders.make_organisation(place=commune)
    page = _write(desk, fair, "edit", who="any", places=["HN-BV"]).content.decode()
    assert "<details open>" in page


def test_sending_leads_to_the_notice_and_pressing_again_sends_nothing_more(
    desk: Client, fair: Fair
) -> None:
    builders.make_organisation(email="a@mau.example")
    for _press in range(2):
        answer = _write(desk, fair, "send")
        assert answer.url == _at("notice_page", fair, 1)
    notice = Notice.objects.get()
    assert notice.audience == {"who": "every"}
    run_job(notice.job_id)
    assert [letter.subject for letter in mail.outbox] == ["Mời tham gia"]
    assert "Sent by e-mail 1" in text_of(desk.get(answer.url).content.decode())


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"subject": " \u200b "}, "This field is required."),
        ({"subject": "x" * 201}, "at most 200 characters"),
        ({"body": ""}, "This field is required."),
        ({"body": "x" * 6001}, "at most 6000 characters"),
        ({"who": "any"}, "Choose a product group, a place or a past fair"),
        ({"who": "any", "groups": ["gold"]}, "gold is not one of the available choices"),
        ({"who": "nobody"}, "nobody is not one of the available choices"),
        ({"who": "all", "places": ["HN"], "groups": ["craft"]}, "No producer fits this choice."),
    ],
)
@pytest.mark.parametrize("step", ["preview", "send"])
def test_a_wrong_answer_keeps_what_was_typed(
    desk: Client, fair: Fair, wrong: dict[str, Any], sentence: str, step: str
) -> None:
    builders.make_organisation(email="a@mau.example")
    builders.make_group("craft")
    answer = _write(desk, fair, step, **{"body": "Ba hồi trống", **wrong})
    page = answer.content.decode()
    assert answer.status_code in {409, 422}
    assert sentence in page
    assert ("Ba hồi trống" in page) == ("body" not in wrong)
    assert Notice.objects.count() == 0


def test_who_sends_second_is_told_and_loses_nothing(desk: Client, fair: Fair) -> None:
    builders.make_organisation(email="a@mau.example")
    _notice(fair)
    answer = _write(desk, fair, "send")
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Another notice of this fair was sent in the meantime." in page
    assert "Xin mời đến phiên chợ." in page
    assert 'name="number" value="2"' in page
    assert _write(desk, fair, "send", number=2).status_code == 302


def test_a_draft_says_why_it_is_not_announced(client: Client) -> None:
    fair = programmes.make_fair("draft")
    client.force_login(builders.make_organiser(fair))
    client.cookies["django_language"] = "en"
    page = client.get(_at("notice_list", fair)).content.decode()
    assert "This fair is a draft" in page
    assert _at("notice_new", fair) not in page
    assert client.get(_at("notice_new", fair)).url == _at("notice_list", fair)
    builders.make_organisation(email="a@mau.example")
    refused = _write(client, fair, "send")
    assert refused.status_code == 409
    assert "This fair is a draft" in refused.content.decode()
    assert "Xin mời đến phiên chợ." in refused.content.decode()


def test_a_notice_shows_what_failed_and_why_and_tries_again(desk: Client, fair: Fair) -> None:
    builders.make_organisation(email="a@mau.example")
    notice = _notice(fair)
    run_job(notice.job_id)
    notice.deliveries.update(state="failed", error="550 no such user")
    page = desk.get(_at("notice_page", fair, 1), {"state": "failed"}).content.decode()
    assert "550 no such user" in page
    assert "Try the failed again" in page
    desk.post(_at("notice_retry", fair, 1))
    page = desk.get(_at("notice_page", fair, 1)).content.decode()
    assert ("Try the failed again" in page, "Sending the notice" in page) == (False, True)
    assert "Nobody is in this state." in text_of(
        desk.get(_at("notice_page", fair, 1), {"state": "failed"}).content.decode()
    )


def test_the_printed_list_has_whom_to_call_and_a_page_to_hand_over(
    desk: Client, fair: Fair
) -> None:
    builders.make_organisation(name="An", email="a@mau.example")
    builders.make_organisation(name="Bình")
    _notice(fair)
    said = text_of(desk.get(_at("notice_paper", fair, 1)).content.decode())
    assert "Hà Nội Bình Vũ Văn Định Giám đốc 0912 345 678 Thôn Cự Đà, xã Bình Minh" in said
    assert " An " not in said
    assert said.count("Xin mời.") == 1


@pytest.mark.parametrize("count", [1, 3])
def test_the_pages_cost_the_same_for_one_and_three(
    desk: Client, fair: Fair, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(1, count + 1):
        place = builders.make_place(code=f"HN-{number}", parent=builders.make_place())
        builders.make_product(builders.make_organisation(email="a@mau.example", place=place))
        builders.make_organisation(place=place)
    for number in range(1, count + 1):
        _notice(fair, number)
    with django_assert_num_queries(7):
        desk.get(_at("notice_list", fair))
    with django_assert_num_queries(8):
        desk.get(_at("notice_page", fair, 1))
    with django_assert_num_queries(7):
        desk.get(_at("notice_paper", fair, 1))
    with django_assert_num_queries(11):
        desk.get(_at("notice_new", fair))


def test_a_viewer_reads_and_does_not_send(client: Client, fair: Fair) -> None:
    builders.make_organisation()
    _notice(fair)
    client.force_login(builders.make_user(role="viewer", fair=fair))
    for name, where in (("notice_list", []), ("notice_page", [1])):
        page = client.get(_at(name, fair, *where)).content.decode()
        assert _at("notice_new", fair) not in page
        assert _at("notice_paper", fair, 1) not in page
    assert client.get(_at("notice_paper", fair, 1)).status_code == 403
    assert _write(client, fair, "send").status_code == 403


@pytest.fixture
def reader() -> Organisation:
    return builders.make_organisation(email="a@mau.example")


@pytest.fixture
def strict() -> Client:
    """A browser that nobody is signed in at, with the check against forged requests on."""
    return Client(enforce_csrf_checks=True, headers={"Accept-Language": "vi"})


def _address(organisation: Organisation) -> str:
    return unsubscribe_address(organisation).removeprefix("http://127.0.0.1:8000")


def test_looking_at_the_link_changes_nothing(strict: Client, reader: Organisation) -> None:
    page = strict.get(_address(reader)).content.decode()
    reader.refresh_from_db()
    assert reader.unsubscribed_at is None
    assert reader.name in page
    assert "Ngừng gửi thư cho tôi" in page


def test_a_mail_provider_unsubscribes_with_one_click(strict: Client, reader: Organisation) -> None:
    """RFC 8058, section 3.1: no cookie, no page before, and no redirect."""
    for _click in range(2):
        answer = strict.post(_address(reader), {"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
    reader.refresh_from_db()
    assert reader.unsubscribed_at is not None
    event = AuditEvent.objects.get()
    assert (event.stream, event.verb, event.subject) == (
        "office",
        "fairs.unsubscribed",
        reader.code,
    )


def test_who_left_can_come_back(strict: Client, reader: Organisation) -> None:
    Organisation.objects.update(unsubscribed_at=timezone.now())
    assert "Nhận thư trở lại" in strict.get(_address(reader)).content.decode()
    for _click in range(2):
        page = strict.post(_address(reader), {"again": "1"}).content.decode()
    reader.refresh_from_db()
    assert reader.unsubscribed_at is None
    assert "Bạn lại nhận thư báo về hội chợ" in page
    assert AuditEvent.objects.get().verb == "fairs.subscribed_again"


def test_a_forged_link_says_so_and_changes_nothing(strict: Client, reader: Organisation) -> None:
    good = sign(reader)
    other = builders.make_organisation()
    for bad in (reader.code, good[:-1], good.replace(reader.code, other.code), f"{good}x", "é:1"):
        for answer in (
            strict.get(reverse("unsubscribe", args=[bad])),
            strict.post(reverse("unsubscribe", args=[bad])),
        ):
            assert answer.status_code == 404
            assert "Đường dẫn này không dùng được" in answer.content.decode()
    assert Organisation.objects.filter(unsubscribed_at=None).count() == 2
