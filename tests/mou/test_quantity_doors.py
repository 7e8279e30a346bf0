"""A quantity with decimals on its way through the doors: form, workbook, API, register, screen."""

import io
import json
from datetime import timedelta
from decimal import Decimal
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from xlsxwriter import Workbook

from accounts.actions import make_api_token
from accounts.models import Scope
from core.sheet.reading import read_rows
from core.text import clean
from fairs.models import Fair
from mou import queries
from mou.models import Item, Memorandum
from tests import builders
from tests.databases import guards_off
from tests.mou.filled import answers_of
from tests.mou.scenes import make_frozen
from tests.pages import text_of

pytestmark = pytest.mark.django_db

LIFE = timedelta(days=1)


@pytest.fixture
def fair() -> Fair:
    return builders.make_fair("running")


@pytest.fixture
def desk(client: Client, fair: Fair) -> Client:
    client.force_login(builders.make_organiser(fair))
    return client


def _text(answer: Any) -> str:
    return clean(text_of(answer.content.decode()))


# --- the form -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "typed", "value"),
    [("vi", "1,5", "1,5 kg mỗi tháng"), ("en", "1.5", "1.5 kg per month")],
)
def test_a_part_is_typed_and_shown_in_the_readers_language(
    desk: Client, fair: Fair, language: str, typed: str, value: str
) -> None:
    product = builders.make_product(unit="kg", reference_price=33_333)
    memorandum = builders.make_memorandum(fair, producer=product.producer, products=[product])
    desk.cookies["django_language"] = language
    edit = reverse("memorandum_edit", args=[memorandum.code])
    name = f"{product.code}-quantity"
    answers = answers_of(desk.get(edit).content)
    assert answers[name] == ["500"]

    page = desk.post(edit, {**answers, name: [typed]}, follow=True)

    assert memorandum.items.get().quantity == Decimal("1.5")
    assert value in _text(page)
    assert ("50.000 ₫" if language == "vi" else "VND 50,000") in _text(page)  # 49,999.5
    kept = answers_of(desk.get(edit).content)
    assert kept[name] == [typed]
    desk.post(edit, kept)
    memorandum.refresh_from_db()
    assert memorandum.revision == 2


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize(
    ("typed", "vietnamese", "english"),
    [
        ("0", "Sản lượng phải lớn hơn 0.", "A quantity is more than 0."),
        ("-1", "Sản lượng phải lớn hơn 0.", "A quantity is more than 0."),
        ("1,2345", "không quá ba chữ số", "at most three decimals"),
        ("1e3", "chẳng hạn 1200 hoặc 1,5", "such as 1200 or 1.5"),
        ("NaN", "chẳng hạn 1200 hoặc 1,5", "such as 1200 or 1.5"),
        ("1.5.2", "chẳng hạn 1200 hoặc 1,5", "such as 1200 or 1.5"),
        ("10000000000", "10.000.000", "10,000,000"),
        ("9999999", "Giá trị của dòng này quá lớn", "The value of this line is too large"),
    ],
)
def test_bad_quantities_are_told_at_the_field_and_stay_as_they_were_typed(
    desk: Client, fair: Fair, language: str, typed: str, vietnamese: str, english: str
) -> None:
    product = builders.make_product(reference_price=10**12)
    memorandum = builders.make_memorandum(fair, producer=product.producer, products=[product])
    desk.cookies["django_language"] = language
    edit = reverse("memorandum_edit", args=[memorandum.code])
    name = f"{product.code}-quantity"
    page = desk.post(edit, {**answers_of(desk.get(edit).content), name: [typed]})
    assert page.status_code == 422
    assert f'href="#id_{name}"' in page.content.decode()
    assert (vietnamese if language == "vi" else english) in _text(page)
    assert answers_of(page.content)[name] == [typed]
    assert memorandum.items.get().quantity == 500


def test_what_two_languages_read_differently_is_asked_back(desk: Client, fair: Fair) -> None:
    memorandum = builders.make_memorandum(fair)
    edit = reverse("memorandum_edit", args=[memorandum.code])
    [name] = (each for each in answers_of(desk.get(edit).content) if each.endswith("-quantity"))
    for language, typed, said in (
        ("vi", "1,200", "“1,200” có thể hiểu theo hai cách: hãy ghi 1200 hoặc 1,2."),
        ("en", "1.200", "“1.200” can be read in two ways: write 1200 or 1.2."),
    ):
        desk.cookies["django_language"] = language
        page = desk.post(edit, {**answers_of(desk.get(edit).content), name: [typed]})
        assert (page.status_code, said in _text(page)) == (422, True)


# --- the workbook -------------------------------------------------------------------------


def _upload(desk: Client, fair: Fair, rows: list[list[Any]]) -> Any:
    target = io.BytesIO()
    with Workbook(target, {"in_memory": True}) as workbook:
        page = workbook.add_worksheet()
        heads = ["Bên A", "Bên B", "Sản phẩm", "Số lượng"]
        for number, row in enumerate([heads, *rows]):
            for column, cell in enumerate(row):
                page.write(number, column, cell)
    address = reverse("memorandum_import", args=[fair.code])
    file = SimpleUploadedFile("ky-ket.xlsx", target.getvalue())
    terms = {**answers_of(desk.get(address).content), "place": ["Hà Nội"]}
    return desk.post(address, {**terms, "file": file})


@pytest.mark.parametrize("language", ["vi", "en"])
def test_numbers_of_a_workbook_are_numbers_in_any_language(
    desk: Client, fair: Fair, language: str
) -> None:
    desk.cookies["django_language"] = language
    maker, buyer = builders.make_organisation(), builders.make_distributor()
    cells = [1.5, 1.125, 1_125, 0.1 + 0.2, "1.200,5" if language == "vi" else "1,200.5"]
    rows = [[maker.code, buyer.code, builders.make_product(maker).code, cell] for cell in cells]
    preview = _upload(desk, fair, rows)
    assert ("1.200,5" if language == "vi" else "1,200.5") in _text(preview)
    sent = {"rows": answers_of(preview.content)["rows"]}
    answer = desk.post(reverse("memorandum_import_confirm", args=[fair.code]), sent)
    assert answer.status_code == 302
    found = [str(item.quantity) for item in Item.objects.order_by("order")]
    assert found == ["1.5", "1.125", "1125", "0.3", "1200.5"]


def test_a_file_of_mistakes_keeps_its_numbers(desk: Client, fair: Fair) -> None:
    maker, buyer = builders.make_organisation(), builders.make_distributor()
    products = [builders.make_product(maker) for _each in range(3)]
    cells = [1.125, 1.2345, "1,200"]
    rows = [
        [maker.code, buyer.code, each.code, cell]
        for each, cell in zip(products, cells, strict=True)
    ]
    preview = _upload(desk, fair, rows)
    sent = {"rows": answers_of(preview.content)["rows"]}
    told = desk.post(reverse("memorandum_import_errors", args=[fair.code]), sent)
    table = [row for row in read_rows(told.content) if row[0].isdigit()]
    assert [row[4] for row in table] == ["1.1250", "1.2345", "1,200"]
    assert [bool(row[8]) for row in table] == [False, True, True]
    again = _upload(desk, fair, [[*row[1:4], row[4]] for row in table[:1]])
    assert "1,125" in _text(again)
    assert Memorandum.objects.count() == 0


# --- programs -----------------------------------------------------------------------------


def _send(fair: Fair, quantity: str, **headers: str) -> Any:
    """Draw up a memorandum on so much, `quantity` being JSON."""
    product = builders.make_product()
    body = json.dumps(
        {
            "fair": fair.code,
            "producer": product.producer.code,
            "distributor": builders.make_distributor().code,
            "lines": [{"product": product.code, "quantity": "?", "period": "month"}],
            "place": "Hà Nội",
            "witness": "Nguyễn Văn Chí",
            "witness_position": "Chánh Văn phòng",
            "expires_on": "2099-12-31",
        }
    ).replace('"?"', quantity)
    token = make_api_token(
        user=builders.make_organiser(fair), label="x", scopes=[Scope.MEMORANDA_WRITE], life=LIFE
    )
    return Client().post(
        "/api/v1/memoranda",
        body,
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}", "Idempotency-Key": "k", **headers},
    )


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ("1200", "1200"),
        ("1200.0", "1200"),
        ("1.2e3", "1200"),
        ('"1200"', "1200"),
        ("1.5", "1.5"),
        ('"1.500"', "1.5"),
        ("9999999.999", "9999999.999"),
    ],
)
def test_a_program_sends_numbers_or_text_and_is_told_numbers(
    fair: Fair, sent: str, told: str
) -> None:
    answer = _send(fair, sent)
    assert answer.status_code == 201, answer.content
    assert f'"quantity":{told},' in answer.content.decode()
    assert Item.objects.get().quantity == Decimal(told)


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        *((sent, "quantity.not_positive") for sent in ("0", "-1", "-0.5")),
        *((sent, "quantity.decimals") for sent in ("1.2345", '"1.2345"', "1e-99")),
        *((sent, "quantity.too_large") for sent in ("10000000000", "1e30", '"10000000.001"')),
        *((sent, "quantity.format") for sent in ("NaN", "Infinity", "true", "null", "[1]")),
        *((sent, "quantity.format") for sent in ('"1e3"', '"1,5"', '"1.5.2"', '"NaN"', '""')),
    ],
)
def test_what_a_program_sends_wrongly_is_told_in_a_sentence(
    fair: Fair, sent: str, code: str
) -> None:
    answer = _send(fair, sent, **{"Accept-Language": "en"})
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert answer.json()["message"].endswith(".")
    assert Memorandum.objects.count() == 0


# --- what is added up ---------------------------------------------------------------------


def test_register_and_screen_add_up_thousandths(desk: Client, fair: Fair) -> None:
    ceremony = builders.make_ceremony(fair)
    rows = [make_frozen(fair, ceremony=ceremony) for _each in range(3)]
    with guards_off():
        Memorandum.objects.update(state="sealed")
        for row, found in zip(rows, (1_001, 1_002, 500), strict=True):
            row.items.update(quantity_thousandths=found, unit="tấn", reference_price=1_001)
    # 1,002.001 + 1,003.002 + 500.5: each by itself, half a đồng upwards.
    assert queries.wall_of(ceremony).values == [("mỗi tháng", 2_506)]
    page = _text(desk.get(reverse("register")))
    assert "tấn mỗi tháng 2,503" in page
    assert "2.506" in page
    workbook = desk.get(reverse("register_workbook")).content
    with ZipFile(io.BytesIO(workbook)) as archive:
        assert "tấn mỗi tháng: 2,503" in archive.read("xl/sharedStrings.xml").decode()
    assert desk.get(reverse("register_paper")).content.startswith(b"%PDF")
