"""Drafts: drawn up, changed, copied, given up, and frozen memoranda that are reopened."""

import unicodedata
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from core.audit import AuditEvent
from core.errors import DomainError, NotAllowed, StaleState
from fairs.models import Fair
from mou import actions
from mou.forms.drawing import MOST_LINES
from mou.models import Item, Memorandum, Signature, SignerRole
from mou.rendering import frozen_content
from mou.states import MemorandumState
from registry.models import Organisation
from tests import builders
from tests.mou.filled import answers_of
from tests.mou.scenes import STROKES
from tests.pages import find_inline, text_of

pytestmark = pytest.mark.django_db

AUTHORISED = {
    "b-capacity": ["authorised"],
    "b-authority_number": ["15/GUQ-HG"],
    "b-authority_date": ["02/11/2026"],
}


@pytest.fixture
def fair() -> Fair:
    return builders.make_fair("running")


@pytest.fixture
def organiser(fair: Fair) -> User:
    return builders.make_organiser(fair)


def _new(fair: Fair, producer: Organisation, distributor: Organisation) -> str:
    address = reverse("memorandum_create", args=[fair.code])
    return f"{address}?producer={producer.code}&distributor={distributor.code}"


def _edit(memorandum: Memorandum) -> str:
    return reverse("memorandum_edit", args=[memorandum.code])


def test_all_that_the_page_asks_is_written_down(desk: Client, fair: Fair) -> None:
    product, distributor = builders.make_product(stars=4), builders.make_distributor()
    address = _new(fair, product.producer, distributor)
    answers = answers_of(desk.get(address).content)
    answers |= AUTHORISED
    answers |= {
        "witness": ["Nguyễn Văn Chí"],
        "witness_position": ["Chánh Văn phòng"],
        "expires_on": ["31/12/2099"],
        "notice_days": ["20"],
        "b-tax_code": ["0312687879"],
        "b-account": ["19021234567890 – Techcombank"],
        "b-email": ["mua@sach.example"],
        "b-province": ["Hải Phòng"],
        f"{product.code}-quantity": ["1.200"],
        f"{product.code}-unit": ["thùng"],
        f"{product.code}-price": ["1.250.000"],
        f"{product.code}-period": ["season"],
    }

    answer = desk.post(address, answers, follow=True)

    memorandum = Memorandum.objects.get()
    item = memorandum.items.get()
    said = (item.quantity, item.unit, item.reference_price, item.period, item.certified_until)
    certification = product.certifications.get()
    assert said == (Decimal(1_200), "thùng", 1_250_000, "season", certification.valid_until)
    party = memorandum.parties.get(side=SignerRole.PARTY_B)
    assert party.authority == "số 15/GUQ-HG ngày 02/11/2026"
    assert (party.email, party.province, party.account) == (
        "mua@sach.example",
        "Hải Phòng",
        "19021234567890 – Techcombank",
    )
    assert memorandum.terms["notice_days"] == 20
    page = text_of(answer.content.decode())
    assert "Mã số thuế 0312687879 bị gõ sai" in page or "0312687879" in page
    assert "1.500.000.000 ₫" in unicodedata.normalize("NFKC", page)


def test_the_frozen_paper_says_the_figures_the_account_and_the_authority(
    desk: Client, fair: Fair, organiser: User
) -> None:
    memorandum = builders.make_memorandum(fair)
    answers = answers_of(desk.get(_edit(memorandum)).content)
    answers |= AUTHORISED
    answers |= {"confidential_months": ["36"], "a-account": ["0011 – Agribank"]}
    assert desk.post(_edit(memorandum), answers).status_code == 302
    frozen = actions.freeze_memorandum(memorandum=memorandum, actor=organiser)
    content = frozen_content(frozen)
    assert content.terms.confidential_months == 36
    assert content.party_a.account == "0011 – Agribank"
    assert content.party_b.authority == "số 15/GUQ-HG ngày 02/11/2026"
    assert desk.get(_edit(memorandum)).status_code == 302


def test_saving_what_was_shown_changes_nothing(desk: Client, fair: Fair) -> None:
    memorandum = builders.make_memorandum(fair)
    desk.post(_edit(memorandum), answers_of(desk.get(_edit(memorandum)).content))
    before = Memorandum.objects.get()
    answers = answers_of(desk.get(_edit(memorandum)).content)
    assert desk.post(_edit(memorandum), answers).status_code == 302
    assert Memorandum.objects.get().revision == before.revision


def test_of_two_who_save_the_second_is_told_and_loses_nothing(desk: Client, fair: Fair) -> None:
    memorandum = builders.make_memorandum(fair)
    first = answers_of(desk.get(_edit(memorandum)).content)
    second = {**first, "witness": ["Trần Thị Ngọc Ánh"]}
    desk.post(_edit(memorandum), {**first, "place": ["Hải Phòng"]})

    answer = desk.post(_edit(memorandum), second)

    assert answer.status_code == 409
    memorandum.refresh_from_db()
    assert (memorandum.place, memorandum.revision) == ("Hải Phòng", 2)
    kept = answers_of(answer.content)
    assert (kept["witness"], kept["revision"]) == (["Trần Thị Ngọc Ánh"], ["2"])
    assert "Hải Phòng" in text_of(answer.content.decode())
    assert desk.post(_edit(memorandum), kept).status_code == 302
    memorandum.refresh_from_db()
    assert (memorandum.witness, memorandum.revision) == ("Trần Thị Ngọc Ánh", 3)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("expires_on", "01/01/2020"),
        ("expires_on", "31/02/2099"),
        ("a-phone", "abc"),
        ("a-representative", "\u200b"),
        ("notice_days", "0"),
        ("wording", "99999"),
        ("{}-quantity", "-5"),
        ("{}-quantity", "10000001"),
        ("{}-price", "1,5"),
        ("{}-period", "week"),
    ],
)
def test_a_wrong_answer_is_told_at_its_field_and_changes_nothing(
    desk: Client, fair: Fair, field: str, value: str
) -> None:
    product = builders.make_product()
    memorandum = builders.make_memorandum(fair, producer=product.producer, products=[product])
    name = field.format(product.code)
    answers = {**answers_of(desk.get(_edit(memorandum)).content), name: [value]}
    answer = desk.post(_edit(memorandum), answers)
    assert answer.status_code == 422
    assert f'href="#id_{name}"' in answer.content.decode()
    memorandum.refresh_from_db()
    assert memorandum.revision == 1


def test_who_signs_by_authority_names_the_paper(desk: Client, fair: Fair) -> None:
    memorandum = builders.make_memorandum(fair)
    answers = {**answers_of(desk.get(_edit(memorandum)).content), "a-capacity": ["authorised"]}
    page = desk.post(_edit(memorandum), answers)
    assert page.status_code == 422
    for field in ("number", "date"):
        assert f'href="#id_a-authority_{field}"' in page.content.decode()


def test_products_are_found_by_name_and_what_was_typed_stays(desk: Client, fair: Fair) -> None:
    producer = builders.make_organisation()
    tea = builders.make_product(producer, name="Trà sen Tây Hồ")
    others = [builders.make_product(producer) for _each in range(MOST_LINES + 1)]
    address = _new(fair, producer, builders.make_distributor())
    answers = answers_of(desk.get(address).content)
    answers |= {f"{others[0].code}-period": ["month"], f"{others[0].code}-price": ["85.000"]}
    typed = {f"{others[0].code}-quantity": ["7"], "find": ["tra SEN"], "search": ["1"]}
    found = desk.post(address, answers | typed)
    assert found.status_code == 200
    shown = answers_of(found.content)
    quantities = {name for name in shown if name.endswith("-quantity")}
    assert quantities == {f"{tea.code}-quantity", f"{others[0].code}-quantity"}
    assert shown[f"{others[0].code}-quantity"] == ["7"]
    assert "595.000" in found.content.decode()
    assert Memorandum.objects.count() == 0


def test_a_memorandum_holds_no_more_than_thirty_products(desk: Client, fair: Fair) -> None:
    producer = builders.make_organisation()
    products = [builders.make_product(producer) for _each in range(MOST_LINES + 1)]
    address = _new(fair, producer, builders.make_distributor())
    answers = answers_of(desk.get(address).content)
    for product in products:
        answers |= {f"{product.code}-quantity": ["1"], f"{product.code}-period": ["month"]}
    assert desk.post(address, answers).status_code == 422
    assert Memorandum.objects.count() == 0


def test_a_copy_takes_over_what_was_agreed_before(desk: Client, fair: Fair) -> None:
    past = builders.make_memorandum(fair)
    past.parties.filter(side="party_b").update(authority="số 9 ngày 01/10/2026")
    producer, distributor = (party.organisation for party in past.parties.all())
    assert past.code in desk.get(_new(fair, producer, distributor)).content.decode()
    address = f"{reverse('memorandum_create', args=[fair.code])}?from={past.code}"
    answer = desk.post(address, answers_of(desk.get(address).content))
    assert answer.status_code == 302
    copy = Memorandum.objects.exclude(pk=past.pk).get()
    lines = list(copy.items.values_list("product", "quantity_thousandths", "period"))
    assert lines == list(past.items.values_list("product", "quantity_thousandths", "period"))
    assert copy.parties.get(side="party_b").authority == "số 9 ngày 01/10/2026"
    assert (copy.number, copy.revision, copy.state) == (None, 1, "draft")
    assert AuditEvent.objects.get(subject=copy.code).facts["copied_from"] == past.code


def test_somebody_elses_product_is_refused(fair: Fair, organiser: User) -> None:
    with pytest.raises(DomainError) as refused:
        actions.draw_up_memorandum(
            fair=fair,
            producer=builders.make_organisation(),
            distributor=builders.make_distributor(),
            lines=[actions.Line(builders.make_product(), Decimal(1), Item.Period.MONTH)],
            place="Hà Nội",
            witness="",
            witness_position="",
            expires_on=timezone.localdate(),
            actor=organiser,
        )
    assert refused.value.code == "memorandum.foreign_product"
    assert Memorandum.objects.count() == 0


def _sign(memorandum: Memorandum, role: str, actor: User) -> Signature:
    token = actions.open_session(memorandum=memorandum, role=role, actor=actor)
    return actions.sign_memorandum(
        token=token, strokes=STROKES, has_consented=True, device_at=timezone.now(), actor=actor
    )


def test_reopening_keeps_the_number_and_the_signatures_but_they_no_longer_count(
    desk: Client, fair: Fair, organiser: User
) -> None:
    memorandum = builders.make_memorandum(fair)
    actions.freeze_memorandum(memorandum=memorandum, actor=organiser)
    _sign(memorandum, SignerRole.PARTY_A, organiser)
    token = actions.open_session(memorandum=memorandum, role=SignerRole.PARTY_B, actor=organiser)
    address = reverse("memorandum_reopen", args=[memorandum.code])
    assert desk.post(address, {"reason": "  "}).status_code == 422
    assert desk.post(address, {"reason": "Sai sản lượng"}).status_code == 302

    memorandum.refresh_from_db()
    assert (memorandum.state, memorandum.number, memorandum.revision) == ("draft", 1, 2)
    assert memorandum.signatures.get().superseded_at is not None
    with pytest.raises(DomainError) as refused:
        actions.sign_memorandum(
            token=token,
            strokes=STROKES,
            has_consented=True,
            device_at=timezone.now(),
            actor=organiser,
        )
    assert refused.value.code == "signing.session_over"
    frozen = actions.freeze_memorandum(memorandum=memorandum, actor=organiser)
    other = builders.make_memorandum(fair)
    assert frozen.number == 1
    assert frozen_content(frozen).revision == 2
    assert actions.freeze_memorandum(memorandum=other, actor=organiser).number == 2
    _sign(frozen, SignerRole.PARTY_A, organiser)


def test_only_what_waits_for_signatures_is_reopened(fair: Fair, organiser: User) -> None:
    memorandum = builders.make_memorandum(fair)
    with pytest.raises(StaleState):
        actions.reopen_memorandum(memorandum=memorandum, reason="Sai", actor=organiser)


def test_a_draft_without_a_number_is_deleted_and_the_journal_says_why(
    desk: Client, fair: Fair
) -> None:
    memorandum = builders.make_memorandum(fair)
    address = reverse("memorandum_discard", args=[memorandum.code])
    assert desk.post(address, {"reason": "Lập nhầm"}).status_code == 302
    assert Memorandum.objects.count() == 0
    event = AuditEvent.objects.get(verb="mou.discarded")
    assert (event.subject, event.facts["reason"]) == (memorandum.code, "Lập nhầm")


def test_a_draft_with_a_number_is_voided_and_the_number_stays_used(
    desk: Client, fair: Fair, organiser: User
) -> None:
    memorandum = builders.make_memorandum(fair)
    actions.freeze_memorandum(memorandum=memorandum, actor=organiser)
    actions.reopen_memorandum(memorandum=memorandum, reason="Sai", actor=organiser)
    desk.post(reverse("memorandum_discard", args=[memorandum.code]), {"reason": "Lập nhầm"})
    memorandum.refresh_from_db()
    assert (memorandum.state, memorandum.number) == (MemorandumState.VOID, 1)


def test_freezing_another_revision_than_was_seen_is_refused(desk: Client, fair: Fair) -> None:
    memorandum = builders.make_memorandum(fair)
    answers = answers_of(desk.get(_edit(memorandum)).content)
    desk.post(_edit(memorandum), {**answers, "place": ["Huế"]})
    desk.post(reverse("memorandum_freeze", args=[memorandum.code]), {"revision": "1"})
    memorandum.refresh_from_db()
    assert (memorandum.state, memorandum.number) == ("draft", None)


@pytest.mark.parametrize("role", ["", "viewer", "reviewer"])
def test_only_organisers_change_drafts(fair: Fair, role: str) -> None:
    memorandum = builders.make_memorandum(fair)
    actor = builders.make_user(role=role, fair=fair if role else None)
    for act in (actions.reopen_memorandum, actions.discard_memorandum):
        with pytest.raises(NotAllowed):
            act(memorandum=memorandum, reason="Vì", actor=actor)
    browser = Client()
    browser.force_login(actor)
    before = Memorandum.objects.values().get()
    assert browser.post(_edit(memorandum), {}).status_code == (403 if role else 404)
    assert Memorandum.objects.values().get() == before


@pytest.mark.parametrize(
    "word",
    [
        "<script>alert(1)</script>",
        '"><svg onload=alert(1)>',
        "{{ 7|add:7 }}{% now 'Y' %}",
        unicodedata.normalize("NFD", "Đường Lâm Ặ Ự Ỡ ẵ"),
        "Công ty " + "Nông nghiệp Hữu cơ " * 5,
    ],
)
def test_whatever_is_written_in_a_draft_stays_text(
    desk: Client, fair: Fair, organiser: User, word: str
) -> None:
    memorandum = builders.make_memorandum(fair)
    answers: dict[str, Any] = answers_of(desk.get(_edit(memorandum)).content)
    for name in ("place", "witness", "a-representative", "a-position", "a-address", "a-account"):
        answers[name] = [word[:80]]
    assert desk.post(_edit(memorandum), answers).status_code == 302
    page = desk.get(reverse("memorandum_page", args=[memorandum.code])).content.decode()
    assert find_inline(page) == []
    frozen = actions.freeze_memorandum(memorandum=memorandum, actor=organiser)
    shown = unicodedata.normalize("NFC", " ".join(word[:80].split()))
    assert frozen_content(frozen).party_a.representative == shown
