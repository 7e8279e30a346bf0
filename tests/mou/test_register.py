"""The register: numbers without gaps that nobody takes out or changes, filtered and counted."""

import io
import subprocess
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.management import call_command
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from core.errors import DomainError
from mou import actions, queries
from mou.models import Checkpoint, Item, Memorandum, Party, Register, Rendition, Signature
from mou.queries import Filter
from mou.queries.register import Share
from tests import builders
from tests.databases import guards_off
from tests.mou.scenes import make_checkpoint, make_frozen, make_sealed, sign_by_all
from tests.services import needs

pytestmark = pytest.mark.django_db


def _numbers(actor: Any, **wanted: Any) -> list[int | None]:
    rows = queries.register_rows(actor, Filter(**wanted))
    return [row.number for row in rows]


# --- what the database refuses ------------------------------------------------------------


Spoil = Callable[[Memorandum], object]


def _row(**changes: Any) -> Spoil:
    return lambda row: Memorandum.objects.filter(pk=row.pk).update(**changes)


REFUSED_ONCE_FROZEN: dict[str, Spoil] = {
    "deleting it": lambda row: Memorandum.objects.filter(pk=row.pk)._raw_delete("default"),
    "its number": _row(number=9),
    "its year": _row(year=2020),
    "its code": _row(code="ANOTHER"),
    "its content": _row(content="{}"),
    "the hash of its content": _row(content_sha256="0" * 64),
    "its revision": _row(revision=2),
    "its last day": _row(expires_on=date(2099, 1, 1)),
    "its place": _row(place="Huế"),
    "what it is an annex of": lambda row: _row(annex_of=row)(row),
    "a party's name": lambda row: row.parties.update(name="Another"),
    "a party": lambda row: row.parties.all()[0].delete(),
    "a line": lambda row: row.items.update(quantity_thousandths=9_000),
    "a line taken out": lambda row: row.items.all()[0].delete(),
    "a line put in": lambda row: Item.objects.create(
        memorandum=row,
        product=builders.make_product(),
        name="x",
        unit="kg",
        quantity_thousandths=1_000,
        period="year",
        reference_price=1,
    ),
    "a party put in": lambda row: Party.objects.create(
        memorandum=row, side="party_b", organisation=builders.make_distributor(), name="x"
    ),
    "a draft again without a new revision": _row(state="draft"),
    "a number given out again": lambda _row: Register.objects.update(last_number=0),
    "the count of numbers taken out": lambda _row: Register.objects.all()._raw_delete("default"),
}


@pytest.mark.parametrize("name", REFUSED_ONCE_FROZEN)
def test_the_database_refuses_to_change_a_frozen_memorandum(name: str) -> None:
    row = make_frozen()
    before = _stored()
    with pytest.raises(DatabaseError), transaction.atomic():
        REFUSED_ONCE_FROZEN[name](row)
    assert _stored() == before


REFUSED_ONCE_SIGNED: dict[str, Spoil] = {
    "a new revision": _row(state="draft", revision=2),
    "the witness": _row(witness="Another"),
    "when it was signed": _row(signed_at=timezone.now()),
    "a signature": lambda row: row.signatures.update(strokes="[]"),
    "a signature taken out": lambda row: row.signatures.all()._raw_delete("default"),
}


@pytest.mark.parametrize("name", REFUSED_ONCE_SIGNED)
def test_the_database_refuses_to_change_what_all_have_signed(name: str) -> None:
    row = make_frozen()
    sign_by_all(row, builders.make_organiser(row.fair))
    before = _stored()
    with pytest.raises(DatabaseError), transaction.atomic():
        REFUSED_ONCE_SIGNED[name](row)
    assert _stored() == before


def test_the_database_refuses_to_change_an_original_or_a_checkpoint() -> None:
    row = make_sealed()
    make_checkpoint(row.fair, "day")
    before = _stored()
    for spoil in (
        lambda: Rendition.objects.update(sha256="0" * 64),
        lambda: Rendition.objects.all()._raw_delete("default"),
        lambda: Checkpoint.objects.update(root="0" * 64),
        lambda: Checkpoint.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            spoil()
    assert _stored() == before


def _stored() -> list[Any]:
    models = (Memorandum, Party, Item, Signature, Rendition, Checkpoint, Register)
    return [sorted(model.objects.values_list(), key=repr) for model in models]


def test_a_draft_is_changed_and_deleted_and_a_frozen_one_reopened_as_a_new_revision() -> None:
    draft, frozen = builders.make_memorandum(), make_frozen()
    draft.items.update(quantity_thousandths=9_000)
    draft.parties.update(name="Another")
    draft.delete()
    Memorandum.objects.filter(pk=frozen.pk).update(state="draft", revision=2, content="")
    frozen.items.update(quantity_thousandths=9_000)
    assert Memorandum.objects.get().number == 1


# --- numbers ------------------------------------------------------------------------------


def test_numbers_have_no_gaps_in_each_fair_and_year_whatever_is_refused_between() -> None:
    first, second = builders.make_fair("running"), builders.make_fair("running")
    for fair in (first, second, first):
        spoilt = builders.make_memorandum(fair)
        spoilt.items.all().delete()
        with pytest.raises(DomainError):
            actions.freeze_memorandum(memorandum=spoilt, actor=None)
        make_frozen(fair)
    organiser = builders.make_organiser()
    assert _numbers(organiser, fair=first) == [1, 2]
    assert _numbers(organiser, fair=second) == [1]
    call_command("verify_audit")


def test_a_number_that_was_declined_or_voided_stays_in_the_list_with_its_reason(
    client: Client,
) -> None:
    row = make_frozen()
    Memorandum.objects.filter(pk=row.pk).update(state="declined", state_reason="Giá chưa hợp")
    client.force_login(builders.make_organiser())
    page = client.get(reverse("register")).content.decode()
    assert row.shown_number in page
    assert "Giá chưa hợp" in page


# --- filters and totals -------------------------------------------------------------------


def test_each_filter_narrows_the_register_to_what_it_says() -> None:
    organiser = builders.make_organiser()
    fair = builders.make_fair("running")
    craft = builders.make_group("craft", name_vi="Thủ công", name_en="Craft")
    weaver = builders.make_organisation(name="Hợp tác xã Dệt Đắk Lắk")
    other = make_frozen()
    row = make_frozen(fair, producer=weaver, products=[builders.make_product(weaver, group=craft)])
    signed = timezone.now() - timedelta(days=40)
    with guards_off():
        Party.objects.filter(memorandum=row, side="party_a").update(
            province="Đắk Lắk", kind="household business"
        )
        Memorandum.objects.filter(pk=row.pk).update(state="expired", signed_at=signed)
    day = timezone.localtime(signed).date()

    def codes(**wanted: Any) -> list[str]:
        return [found.code for found in queries.register_rows(organiser, Filter(**wanted))]

    assert set(codes()) == {row.code, other.code}
    narrow: list[dict[str, Any]] = [
        {"fair": fair},
        {"state": "expired"},
        {"province": "Đắk Lắk"},
        {"group": "craft"},
        {"kind": "household business"},
        {"party": "dak lak"},
        {"first": day, "last": day},
        {"fair": fair, "party": "DỆT", "group": "craft", "year": row.year},
    ]
    for wanted in narrow:
        assert codes(**wanted) == [row.code], wanted
    empty: list[dict[str, Any]] = [
        {"year": 2001},
        {"first": day + timedelta(days=1)},
        {"last": day - timedelta(days=1)},
        {"province": "Đắk Lắk", "kind": "enterprise"},
        {"party": "dak lak khac"},
    ]
    for wanted in empty:
        assert codes(**wanted) == [], wanted


def test_totals_never_add_up_different_units_or_periods() -> None:
    fair = builders.make_fair("running")
    producer = builders.make_organisation()
    kilos, more, litres = [
        builders.make_product(producer, unit=unit, reference_price=1_000)
        for unit in ("kg", "kg", "lít")
    ]
    rows = [
        make_frozen(fair, producer=producer, products=[kilos, litres]),
        make_frozen(fair, producer=producer, products=[kilos, more]),
        make_frozen(fair, producer=producer, products=[kilos]),
    ]
    with guards_off():
        Item.objects.filter(product=more).update(period="year")
        for row, state in zip(rows, ("sealed", "expired", "terminated"), strict=True):
            Memorandum.objects.filter(pk=row.pk).update(state=state)
    totals = queries.totals_of(queries.register_rows(builders.make_organiser(), Filter()))
    assert totals.count == 3
    assert [(each.unit, each.quantity) for each in totals.quantities] == [
        ("kg", Decimal(1_000)),
        ("kg", Decimal(500)),
        ("lít", Decimal(500)),
    ]
    assert [each.value for each in totals.values] == [1_500_000, 500_000]
    assert totals.by_fair == [Share(fair.title, 3)]
    assert [share.count for share in totals.by_kind] == [3, 3]
    assert [share.count for share in totals.by_group] == [3]


def test_nobody_sees_the_numbers_of_a_fair_that_is_not_theirs(client: Client) -> None:
    make_frozen()
    mine = make_frozen()
    client.force_login(builders.make_organiser(mine.fair))
    assert client.get(reverse("register")).context["page"].paginator.count == 1
    client.force_login(builders.make_user())
    for name in ("register", "register_workbook", "register_paper"):
        assert client.get(reverse(name)).status_code == 403


# --- pages and papers ---------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_a_page_of_the_register_asks_as_often_for_three_as_for_one(
    desk: Client, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    fair = builders.make_fair("running")
    for _each in range(count):
        make_frozen(fair)
    with django_assert_num_queries(20):
        assert desk.get(reverse("register")).status_code == 200


@pytest.mark.parametrize(
    ("asked", "said", "is_open"),
    [
        ({}, [], False),
        ({"state": "ready"}, ["Trạng thái: Sẵn sàng ký"], False),
        (
            {"party": "không có", "last": "02/12/2026"},
            ["Tên một bên: không có", "Ký đến ngày: 02/12/2026"],
            True,
        ),
        ({"first": "31/02/2026"}, [], True),
    ],
)
def test_a_phone_reads_what_the_register_is_narrowed_down_to(
    desk: Client, asked: dict[str, str], said: list[str], *, is_open: bool
) -> None:
    row = make_frozen()
    for address in (reverse("register"), reverse("fair_register", args=[row.fair.code])):
        context = desk.get(address, asked).context
        assert (context["chosen"], context["is_open"]) == (said, is_open)


def test_a_wrong_date_is_told_at_its_field_and_narrows_nothing(desk: Client) -> None:
    make_frozen()
    answer = desk.get(reverse("register"), {"first": "31/02/2026", "party": "Miến"})
    assert (answer.status_code, answer.context["page"].paginator.count) == (422, 1)
    assert 'value="31/02/2026"' in answer.content.decode()


def test_workbook_and_paper_say_what_was_asked_when_and_the_root(desk: Client) -> None:
    row = make_sealed()
    checkpoint = make_checkpoint(row.fair, "day")
    assert checkpoint is not None
    wanted = {"fair": row.fair.code, "state": "sealed"}
    workbook = desk.get(reverse("register_workbook"), wanted)
    with ZipFile(io.BytesIO(workbook.content)) as archive:
        cells = archive.read("xl/sharedStrings.xml").decode()
    paper = desk.get(reverse("register_paper"), wanted).content
    assert "841.89 x 595.276 pts (A4)" in _tool("pdfinfo", "-", paper)
    flat = "".join(_tool("pdftotext", "-", paper, "-").split())
    for said in (row.shown_number, checkpoint.root, f"{timezone.localdate():%d/%m/%Y}"):
        assert said in cells
        assert "".join(said.split()) in flat
    assert row.fair.title in cells


def _tool(name: str, *arguments: str | bytes) -> str:
    """What a tool of poppler says of a PDF, which it is given to read."""
    command = [each for each in arguments if isinstance(each, str)]
    [pdf] = [each for each in arguments if isinstance(each, bytes)]
    run = subprocess.run([needs(name), *command], input=pdf, capture_output=True, check=True)
    return run.stdout.decode()


def test_a_register_too_long_for_paper_is_refused_with_a_sentence(
    desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_frozen()
    monkeypatch.setattr("mou.views.register.MOST_ON_PAPER", 0)
    answer = desk.get(reverse("register_paper"))
    assert answer.status_code == 409
