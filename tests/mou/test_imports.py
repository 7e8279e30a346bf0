"""The memoranda of a ceremony come from Excel: a dry run first, then all of them or none."""

import io
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from xlsxwriter import Workbook

from core.audit import AuditEvent
from core.errors import DomainError, StaleState
from core.sheet.reading import read_rows
from fairs.models import Fair
from mou.actions import Line
from mou.actions.imports import MOST_ROWS, Pair, import_memoranda
from mou.forms.drawing import MOST_LINES
from mou.models import Ceremony, Memorandum
from registry.models import Organisation, Product
from tests import builders
from tests.mou.filled import answers_of
from tests.pages import find_inline, text_of

pytestmark = pytest.mark.django_db

HEADS = ("STT", "Bên A", "Bên B", "Sản phẩm", "Số lượng", "ĐVT", "Kỳ", "Giá tham chiếu")


@pytest.fixture
def fair() -> Fair:
    return builders.make_fair("running")


@pytest.fixture
def desk(client: Client, fair: Fair) -> Client:
    client.force_login(builders.make_organiser(fair))
    return client


def _workbook(rows: Sequence[Sequence[Any]], heads: Sequence[str] = HEADS) -> bytes:
    target = io.BytesIO()
    with Workbook(target, {"in_memory": True}) as workbook:
        page = workbook.add_worksheet()
        for number, row in enumerate([["Danh sách ký kết"], [], heads, *rows]):
            for column, cell in enumerate(row):
                page.write(number, column, cell)
    return target.getvalue()


def _upload(desk: Client, fair: Fair, content: bytes, **changes: Any) -> Any:
    address = reverse("memorandum_import", args=[fair.code])
    answers = answers_of(desk.get(address).content) | {
        "place": ["Hà Nội"],
        "witness": ["Nguyễn Văn Chí"],
        "witness_position": ["Chánh Văn phòng"],
        **changes,
    }
    return desk.post(address, {**answers, "file": SimpleUploadedFile("ky-ket.xlsx", content)})


def _confirm(desk: Client, fair: Fair, preview: Any) -> Any:
    rows = answers_of(preview.content)["rows"]
    return desk.post(reverse("memorandum_import_confirm", args=[fair.code]), {"rows": rows})


def _row(number: int, product: Product, buyer: Organisation, *more: Any) -> list[Any]:
    return [number, product.producer.code, buyer.code, product.name, *(more or (500,))]


def test_rows_of_the_same_two_become_one_memorandum_with_the_next_turn(
    desk: Client, fair: Fair
) -> None:
    ceremony = Ceremony.objects.create(
        fair=fair,
        title="Lễ ký",
        place="Hội trường",
        starts_at=timezone.now(),
        witness="Vũ Quang Minh",
        witness_position="Phó Chủ tịch",
    )
    builders.make_memorandum(fair, ceremony=ceremony, turn=4)
    maker, buyer = builders.make_organisation(), builders.make_distributor(tax_code="0312687878")
    noodles = builders.make_product(maker, name="Miến dong Cự Đà")
    tea = builders.make_product(maker, name="Trà sen")
    other = builders.make_product()
    content = _workbook(
        [
            _row(1, noodles, buyer, "1.200", "thùng", "vụ", "1.250.000"),
            [2, other.producer.code.lower(), "0312 687 878", other.code, 7],
            [3, maker.code, buyer.code, "TRA SEN", 30, "", "năm"],
            ["mẫu", "x", "y", "z", 1],
        ]
    )
    preview = _upload(desk, fair, content, ceremony=[ceremony.code], place=[""], witness=[""])
    assert preview.status_code == 200, text_of(preview.content.decode())
    assert Memorandum.objects.count() == 1

    assert _confirm(desk, fair, preview).status_code == 302

    first, second = Memorandum.objects.filter(turn__gt=4).order_by("turn")
    assert (first.turn, first.place, first.witness) == (5, "Hội trường", "Vũ Quang Minh")
    lines = list(first.items.values_list("product", "quantity_thousandths", "unit", "period"))
    assert lines == [
        (noodles.pk, 1_200_000, "thùng", "season"),
        (tea.pk, 30_000, tea.unit, "year"),
    ]
    prices = list(first.items.values_list("reference_price", flat=True))
    assert prices == [1_250_000, tea.reference_price]
    assert second.items.get().product == other
    assert AuditEvent.objects.filter(verb="mou.imported").count() == 2


def test_every_mistake_is_told_in_its_row_and_nothing_is_written(desk: Client, fair: Fair) -> None:
    product, buyer = builders.make_product(), builders.make_distributor()
    maker = product.producer
    met = builders.make_product()
    builders.make_memorandum(fair, producer=met.producer, distributor=buyer, products=[met])
    before = Memorandum.objects.count()
    rows: list[list[Any]] = [
        ["", "0000000000", buyer.code, product.name, 5],
        ["", buyer.code, buyer.code, product.name, 5],
        ["", maker.code, maker.code, product.name, 5],
        ["", maker.code, buyer.code, "<script>alert(1)</script>", 5],
        ["", maker.code, buyer.code, product.code, "nhiều"],
        ["", maker.code, buyer.code, product.code, -1],
        ["", maker.code, buyer.code, product.code, ""],
        ["", maker.code, buyer.code, product.code, 5, "", "tuần"],
        ["", maker.code, buyer.code, product.code, 5, "", "", "rẻ"],
        ["", "", "", "", 5],
        _row(0, met, buyer),
        _row(0, product, buyer),
        _row(0, product, buyer),
    ]
    preview = _upload(desk, fair, _workbook(rows))
    page = preview.content.decode()
    assert preview.status_code == 200
    assert "12 dòng có lỗi" in text_of(page)
    assert find_inline(page) == []
    assert _confirm(desk, fair, preview).status_code == 409
    assert Memorandum.objects.count() == before

    sent = {"rows": answers_of(preview.content)["rows"]}
    answer = desk.post(reverse("memorandum_import_errors", args=[fair.code]), sent)
    told = read_rows(answer.content)
    table = [row for row in told if row[0].isdigit()]
    assert [bool(row[8]) for row in table] == [True] * 11 + [False, True]
    assert "0000000000" in table[0][8]


def test_the_file_of_mistakes_can_be_corrected_and_sent_again(desk: Client, fair: Fair) -> None:
    product, buyer = builders.make_product(), builders.make_distributor()
    preview = _upload(desk, fair, _workbook([_row(1, product, buyer, "x")]))
    sent = {"rows": answers_of(preview.content)["rows"]}
    answer = desk.post(reverse("memorandum_import_errors", args=[fair.code]), sent)
    rows = [
        row if row[4] != "x" else [*row[:4], "9", *row[5:]] for row in read_rows(answer.content)
    ]
    target = io.BytesIO()
    with Workbook(target, {"in_memory": True}) as workbook:
        page = workbook.add_worksheet()
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    preview = _upload(desk, fair, target.getvalue())
    assert _confirm(desk, fair, preview).status_code == 302
    assert Memorandum.objects.get().items.get().quantity == 9


def test_the_template_is_read_and_its_sample_left_out(desk: Client, fair: Fair) -> None:
    template = desk.get(reverse("memorandum_import_template", args=[fair.code])).content
    answer = _upload(desk, fair, template)
    assert answer.status_code == 422
    assert "không có dòng nào" in text_of(answer.content.decode())


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"rubbish",
        b"PK\x03\x04",
        _workbook([], heads=["a", "b"]),
        _workbook([[n, "A", "B", "C", 1] for n in range(MOST_ROWS + 1)]),
    ],
)
def test_a_file_that_is_no_list_is_told_in_words(desk: Client, fair: Fair, content: bytes) -> None:
    answer = _upload(desk, fair, content)
    assert answer.status_code == 422
    assert 'href="#id_file"' in answer.content.decode()
    assert Memorandum.objects.count() == 0


def test_more_than_thirty_products_in_one_are_refused(desk: Client, fair: Fair) -> None:
    maker, buyer = builders.make_organisation(), builders.make_distributor()
    products = [builders.make_product(maker) for _each in range(MOST_LINES + 1)]
    preview = _upload(desk, fair, _workbook([_row(1, each, buyer) for each in products]))
    assert _confirm(desk, fair, preview).status_code == 409


def test_confirming_twice_writes_once(desk: Client, fair: Fair) -> None:
    product, buyer = builders.make_product(), builders.make_distributor()
    preview = _upload(desk, fair, _workbook([_row(1, product, buyer)]))
    assert _confirm(desk, fair, preview).status_code == 302
    assert _confirm(desk, fair, preview).status_code == 409
    assert Memorandum.objects.count() == 1


def test_rows_that_were_not_signed_by_us_or_for_another_are_refused(
    desk: Client, fair: Fair
) -> None:
    product, buyer = builders.make_product(), builders.make_distributor()
    preview = _upload(desk, fair, _workbook([_row(1, product, buyer)]))
    rows = answers_of(preview.content)["rows"][0]
    colleague = Client()
    colleague.force_login(builders.make_organiser(fair))
    confirm = reverse("memorandum_import_confirm", args=[fair.code])
    for browser, sent in ((colleague, rows), (desk, rows[:-2]), (desk, "")):
        browser.post(confirm, {"rows": sent})
    assert Memorandum.objects.count() == 0


def test_one_row_that_cannot_be_written_undoes_all(fair: Fair) -> None:
    product, buyer = builders.make_product(), builders.make_distributor()
    foreign = builders.make_product()
    terms: dict[str, Any] = {
        "fair": fair,
        "wording": builders.make_wording(),
        "place": "Hà Nội",
        "witness": "",
        "witness_position": "",
        "expires_on": timezone.localdate(),
        "ceremony": None,
        "actor": None,
    }
    good = Pair(product.producer, buyer, [Line(product, Decimal(1), "month")])
    bad = Pair(builders.make_organisation(), buyer, [Line(foreign, Decimal(1), "month")])
    with pytest.raises(DomainError):
        import_memoranda(pairs=[good, bad], **terms)
    assert Memorandum.objects.count() == 0
    import_memoranda(pairs=[good], **terms)
    with pytest.raises(StaleState):
        import_memoranda(pairs=[good], **terms)
    assert Memorandum.objects.count() == 1
