"""The pages of the memoranda: who sees what, and what is said of a code or a file."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from core.tasks import run_job
from mou import actions
from mou.models import Memorandum, Rendition, SignerRole, SigningSession
from mou.states import MemorandumState
from tests import builders
from tests.mou.filled import answers_of
from tests.mou.scenes import STROKES

pytestmark = pytest.mark.django_db


def _ready(organiser: User) -> Memorandum:
    memorandum = builders.make_memorandum()
    return actions.freeze_memorandum(memorandum=memorandum, actor=organiser)


def _sealed(desk: Client, organiser: User) -> Memorandum:
    memorandum = _ready(organiser)
    for role in SignerRole:
        _sign_on_the_page(desk, memorandum, role)
    memorandum.refresh_from_db()
    run_job(memorandum.job.pk)
    memorandum.refresh_from_db()
    return memorandum


def _sign_on_the_page(desk: Client, memorandum: Memorandum, role: str) -> None:
    turn = desk.post(reverse("table_open", args=[memorandum.code]), {"role": role})
    page = desk.get(turn.url)
    assert page.headers["Cache-Control"] == "no-store"
    boxes = re.findall(r'<input type="checkbox"[^>]*>', page.content.decode())
    assert [("checked" in box, "disabled" in box) for box in boxes] == [(False, True)] * 3
    signed = desk.post(
        turn.url,
        {"strokes": STROKES, "device_at": "1796179092000", "consent": ["0", "1", "2"]},
    )
    assert signed.url == reverse("table", args=[memorandum.code])


def test_a_memorandum_is_drawn_up_in_two_steps(desk: Client) -> None:
    fair = builders.make_fair("running")
    product = builders.make_product()
    distributor = builders.make_distributor()
    address = reverse("memorandum_create", args=[fair.code])
    assert desk.get(address).status_code == 200
    step = f"{address}?producer={product.producer.code}&distributor={distributor.code}"
    assert product.name in desk.get(step).content.decode()

    answers = answers_of(desk.get(step).content)
    answers |= {f"{product.code}-quantity": ["1.200"], f"{product.code}-period": ["month"]}
    answer = desk.post(step, answers)

    assert answer.status_code == 302, answer.content.decode()
    memorandum = Memorandum.objects.get()
    assert answer.url == reverse("memorandum_page", args=[memorandum.code])
    assert memorandum.items.get().quantity == 1_200


def test_a_draft_without_products_is_refused_and_keeps_what_was_typed(desk: Client) -> None:
    fair = builders.make_fair("running")
    product, distributor = builders.make_product(), builders.make_distributor()
    address = reverse("memorandum_create", args=[fair.code])
    step = f"{address}?producer={product.producer.code}&distributor={distributor.code}"
    answer = desk.post(step, {"witness": "Nguyễn Văn Chí", f"{product.code}-period": "month"})
    assert answer.status_code == 422
    assert "Nguyễn Văn Chí" in answer.content.decode()
    assert Memorandum.objects.count() == 0


def test_three_sign_on_the_page_and_the_pdf_is_there_once_it_is_sealed(
    desk: Client, organiser: User
) -> None:
    memorandum = _ready(organiser)
    file = reverse("memorandum_file", args=[memorandum.code])
    assert desk.get(file).status_code == 404
    memorandum = _sealed(desk, organiser)
    answer = desk.get(reverse("memorandum_file", args=[memorandum.code]))
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
    assert answer.getvalue()[:5] == b"%PDF-"


def test_a_stranger_finds_nothing_and_a_party_finds_their_own(
    desk: Client, organiser: User
) -> None:
    memorandum = _sealed(desk, organiser)
    page = reverse("memorandum_page", args=[memorandum.code])
    stranger, party = Client(), Client()
    stranger.force_login(builders.make_user())
    party.force_login(builders.make_representative(memorandum.parties.first().organisation))
    assert stranger.get(page).status_code == 404
    assert stranger.get(reverse("memorandum_file", args=[memorandum.code])).status_code == 404
    assert party.get(page).status_code == 200
    file = party.get(reverse("memorandum_file", args=[memorandum.code]))
    assert (file.status_code, file.getvalue()[:5]) == (200, b"%PDF-")
    assert party.get(reverse("table", args=[memorandum.code])).status_code == 403
    assert Client().get(page).status_code == 302


def test_a_party_sees_their_memorandum_on_their_own_page(organiser: User, client: Client) -> None:
    memorandum = _ready(organiser)
    client.force_login(builders.make_representative(memorandum.parties.first().organisation))
    assert memorandum.shown_number in client.get(reverse("my_home")).content.decode()


def test_an_over_turn_shows_the_way_back_to_the_table(desk: Client, organiser: User) -> None:
    memorandum = _ready(organiser)
    turn = desk.post(reverse("table_open", args=[memorandum.code]), {"role": "party_a"})
    SigningSession.objects.update(spent_at="2026-01-01T00:00:00Z")
    answer = desk.get(turn.url)
    assert answer.status_code == 409
    assert f'href="{reverse("table", args=[memorandum.code])}"' in answer.text


def test_a_bad_drawing_is_told_in_words(desk: Client, organiser: User) -> None:
    memorandum = _ready(organiser)
    turn = desk.post(reverse("table_open", args=[memorandum.code]), {"role": "party_a"}).url
    sent = {"strokes": "rubbish", "device_at": "1796179092000", "consent": ["0", "1", "2"]}
    answer = desk.post(turn, sent, headers={"Referer": f"http://testserver{turn}"}, follow=True)
    assert "hãy ký lại" in answer.content.decode().lower()
    assert memorandum.signatures.count() == 0


@pytest.mark.parametrize("address", ["/v/{}/", "/V/{}", "/v/{}/?x=1"])
def test_the_verify_page_says_what_anyone_may_know_and_nothing_more(
    desk: Client, organiser: User, address: str
) -> None:
    memorandum = _sealed(desk, organiser)
    page = Client().get(address.format(memorandum.code))
    text = page.content.decode()
    assert page.status_code == 200
    assert memorandum.shown_number in text
    for party in memorandum.parties.all():
        assert party.name in text
        assert party.phone not in text
        assert party.representative not in text
    assert memorandum.witness not in text


@pytest.mark.parametrize("code", ["0000000000000", "!", "Đ", "a" * 40])
def test_an_unknown_and_a_malformed_code_get_the_same_clear_page(client: Client, code: str) -> None:
    answer = client.get(f"/v/{code}/")
    assert answer.status_code == 404
    assert "Không có biên bản đã ký nào mang mã này." in answer.content.decode()


def test_a_draft_is_not_known_to_the_public(client: Client) -> None:
    memorandum = builders.make_memorandum()
    assert client.get(f"/v/{memorandum.code}/").status_code == 404


@pytest.mark.parametrize("content", [b"", b"rubbish", b"%PDF-1.7\n%%EOF"])
def test_a_file_that_is_not_ours_is_said_not_to_be(client: Client, content: bytes) -> None:
    answer = client.post("/v/", {"file": SimpleUploadedFile("x.pdf", content)})
    assert answer.status_code == 200
    assert "Xác thực: tệp này là bản gốc" not in answer.content.decode()


def test_the_original_is_recognised_by_its_file(desk: Client, organiser: User) -> None:
    _sealed(desk, organiser)
    original = Rendition.objects.get().file.read()
    page = Client().post("/v/", {"file": SimpleUploadedFile("x.pdf", original)})
    assert "Bản thật" in page.content.decode()
    changed = SimpleUploadedFile("x.pdf", original + b"\n")
    assert "Bản thật" not in Client().post("/v/", {"file": changed}).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_lists_cost_the_same_for_one_and_three(
    client: Client, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    fair = builders.make_fair("running")
    client.force_login(builders.make_organiser(fair))
    for _index in range(count):
        builders.make_memorandum(fair)
    with django_assert_num_queries(10):
        client.get(reverse("memorandum_list"))
    with django_assert_num_queries(11):
        client.get(reverse("fair_memoranda", args=[fair.code]))
    with django_assert_num_queries(12):
        client.get(reverse("my_home"))


def test_every_page_reads_in_english_too(desk: Client, organiser: User) -> None:
    memorandum = _ready(organiser)
    desk.cookies["django_language"] = "en"
    for name in ("memorandum_page", "table"):
        page = desk.get(reverse(name, args=[memorandum.code])).content.decode()
        assert '<html lang="en"' in page
    assert memorandum.state == MemorandumState.READY
