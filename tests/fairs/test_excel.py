"""The plan as an Excel file: written, read back, and what a file may not do."""

import io
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation
from xlsxwriter import Workbook

from core.audit import AuditEvent
from core.errors import DomainError, StaleState
from core.sheet import reading
from core.sheet.reading import read_rows
from core.sheet.writing import write_workbook
from fairs.actions.plans import Planned, import_plan
from fairs.forms.sheets import sheet_of, template_of
from fairs.models import Fair, FairKind, Hall, LegalBasis, Plan, Team
from fairs.queries.editing import EDITED, choices_for_editing, facts_of
from fairs.states import FairState
from registry.models import Region
from tests import builders

pytestmark = pytest.mark.django_db

HEADS = ["STT", "Tên", "Ngày đầu", "Ngày cuối", "Địa điểm"]


@pytest.fixture
def plan(client: Client) -> Plan:
    """The plan of 2027; an organiser of the office is signed in."""
    client.force_login(builders.make_organiser())
    return builders.make_plan(2027, decision_number="12/QĐ-UBND")


def _workbook(*rows: list[Any]) -> bytes:
    """A workbook as anybody may type it; days are real dates."""
    target = io.BytesIO()
    with Workbook(target) as workbook:
        page = workbook.add_worksheet()
        day = workbook.add_format({"num_format": "dd/mm/yyyy"})
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                is_day = isinstance(cell, date)
                page.write(number, column, cell, *([day] if is_day else []))
    return target.getvalue()


def _upload(client: Client, content: bytes, year: int = 2027) -> Any:
    file = SimpleUploadedFile("ke-hoach.xlsx", content)
    return client.post(reverse("plan_import", args=[year]), {"file": file})


def _confirm(client: Client, preview: Any, year: int = 2027) -> Any:
    address = reverse("plan_import_confirm", args=[year])
    return client.post(address, {"rows": preview.context["sent"]})


def _statuses(preview: Any) -> list[str]:
    return [row.status for row in preview.context["rows"]]


def _full_fair() -> Fair:
    venue = builders.make_venue()
    fair = builders.make_fair(
        FairState.DRAFT,
        kind=FairKind.REGIONAL_CULTURE,
        first_day=date(2027, 3, 3),
        venue=venue,
        hall=Hall.objects.create(venue=venue, name="Sảnh A"),
        team=Team.objects.create(name="Tổ 1"),
        regions=[Region.CENTRAL_HIGHLANDS, Region.MEKONG_DELTA],
        legal_basis=LegalBasis.REGISTERED,
        applications_close_at=datetime(2027, 2, 1, 10, 30, tzinfo=UTC),
        co_organiser='=HYPERLINK("http://x")',
    )
    return Fair.objects.get(pk=fair.pk)


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("reader", ["vi", "en"])
def test_an_export_is_read_back_without_a_change(
    client: Client, plan: Plan, language: str, reader: str
) -> None:
    _full_fair()
    builders.make_fair(first_day=date(2027, 6, 1), venue=None)
    client.cookies["django_language"] = language
    content = client.get(reverse("plan_export", args=[2027])).content
    client.cookies["django_language"] = reader
    preview = _upload(client, content)
    assert _statuses(preview) == ["unchanged", "unchanged"]
    assert preview.context["changes"] == 0
    assert AuditEvent.objects.count() == 0


def test_an_export_into_an_empty_plan_is_the_same_plan(client: Client, plan: Plan) -> None:
    fair = _full_fair()
    wanted = {**facts_of(fair), "description": ""}
    content = client.get(reverse("plan_export", args=[2027])).content
    fair.delete()
    preview = _upload(client, content)
    assert _statuses(preview) == ["new"]
    assert Fair.objects.count() == 0
    assert _confirm(client, preview).url == reverse("plan_year", args=[2027])
    again = Fair.objects.get()
    assert (again.code, again.state, facts_of(again)) == (fair.code, "draft", wanted)
    verbs = list(AuditEvent.objects.values_list("stream", "verb"))
    assert sorted(verbs) == [(again.stream, "fairs.created"), ("office", "plans.imported")]


def test_an_export_is_printable_and_holds_no_formula(client: Client, plan: Plan) -> None:
    _full_fair()
    content = client.get(reverse("plan_export", args=[2027])).content
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
        book = parts.read("xl/workbook.xml").decode()
    assert "<f>" not in sheet
    assert 'paperSize="9"' in sheet
    assert 'orientation="landscape"' in sheet
    assert "_xlnm.Print_Titles" in book
    assert sheet.count("<dataValidation ") == 5
    rows = read_rows(content)
    assert rows[0][0] == plan.title
    assert rows[1][0] == "01/01/2027–31/12/2027"
    assert rows[2][0].startswith("Người lập: Nguyễn Thị Hoà, lúc ")


def test_the_template_has_a_sample_that_is_left_out(client: Client, plan: Plan) -> None:
    for language in ("vi", "en"):
        with translation.override(language):
            sheet = template_of(plan, choices_for_editing(), actor="Hoà")
        assert len(sheet.rows) == 1
        assert len(sheet.notes) == 8
        assert _statuses(_upload(client, write_workbook(sheet))) == ["left_out"]
    assert client.get(reverse("plan_template", args=[2027])).status_code == 200


def test_what_offices_write_is_understood(client: Client, plan: Plan) -> None:
    venue = builders.make_venue(name="Quảng trường Thanh Trì")
    content = _workbook(
        ["KẾ HOẠCH HỘI CHỢ NĂM 2027"],
        [],
        ["stt", "TEN HOI CHO", "Tu ngay", "Đến ngày", "dia diem", "Ghi chú riêng"],
        [1, "Tuần hàng Đông Anh", date(2027, 3, 3), "7/3/2027", "quang truong thanh tri", "x"],
        [2, "Tuần hàng Ba Vì", "05/04/2027", "", "", ""],
        [3, "Tuần hàng Sóc Sơn", 46600, "", "", ""],
        [],
        ["", "Tổng cộng: 3 hội chợ", "", "", "", ""],
        ["", "Người lập biểu", "", "", "", "Nguyễn Văn A"],
    )
    preview = _upload(client, content)
    assert [row.errors for row in preview.context["rows"]][:3] == [[], [], []]
    assert _statuses(preview) == ["new", "new", "new", "left_out", "left_out"]
    assert preview.context["rows"][4].number == 9
    assert Fair.objects.count() == 0
    _confirm(client, preview)
    first, second, third = Fair.objects.order_by("first_day")
    assert (first.code, first.venue, first.last_day) == (
        "tuan-hang-dong-anh",
        venue,
        date(2027, 3, 7),
    )
    assert (second.first_day, second.last_day) == (date(2027, 4, 5), date(2027, 4, 9))
    assert third.first_day == date(2027, 8, 1)
    assert {first.register_code, second.register_code, third.register_code} == {
        "THDA27",
        "THBV27",
        "THSS27",
    }


def _two_fairs() -> bytes:
    return _workbook(
        [*HEADS, "Quyết định", "Mã trong sổ đăng ký"],
        [1, "Tuần hàng Đông Anh", date(2027, 3, 3), "", "quang truong thanh tri", "", "THBV27"],
        [2, "Tuần hàng Ba Vì", "05/04/2027", "", "", "", ""],
        ["Tổng cộng", 2],
    )


def test_the_same_file_twice_changes_nothing(client: Client, plan: Plan) -> None:
    builders.make_venue(name="Quảng trường Thanh Trì")
    builders.make_fair(first_day=date(2026, 3, 3), code="tuan-hang-ba-vi")
    content = _two_fairs()
    _confirm(client, _upload(client, content))
    before = list(Fair.objects.values())
    assert [fair["register_code"] for fair in before if fair["plan_id"] == plan.pk] == [
        "THBV27",
        "THBV27-2",
    ]
    preview = _upload(client, content)
    assert _statuses(preview) == ["unchanged", "unchanged", "left_out"]
    assert list(Fair.objects.values()) == before
    assert Fair.objects.filter(plan=plan).count() == 2


def test_a_changed_row_changes_its_fair_and_only_the_columns_there(
    client: Client, plan: Plan
) -> None:
    fair = _full_fair()
    content = _workbook(["Mã", "Tên", "Ngày đầu"], [fair.code, "Tên mới", "03/03/2027"])
    preview = _upload(client, content)
    assert preview.context["rows"][0].changes == {"title": [fair.title, "Tên mới"]}
    _confirm(client, preview)
    after = Fair.objects.get()
    assert facts_of(after) == {**facts_of(fair), "title": "Tên mới"}
    assert after.version == fair.version + 1


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ([1, "Hội chợ", "29/02/2027"], "Ngày đầu: Hãy nhập ngày hợp lệ, ví dụ 05/12/2026."),
        ([1, "Hội chợ", "hôm nay", "", ""], "Ngày đầu: Hãy nhập ngày hợp lệ"),
        ([1, "Hội chợ", "03/03/2027", "02/03/2027"], "Ngày cuối: Ngày cuối đứng trước ngày đầu."),
        ([1, "Hội chợ", "03/03/2028"], "Ngày đầu: Đây là kế hoạch năm 2027"),
        ([1, "Hội chợ", "03/03/2027", "", "Sao Hỏa"], "Địa điểm: "),
        ([1, "", "03/03/2027"], "Tên: Mục này không được để trống."),
        ([1, "Đ" * 301, "03/03/2027"], "Tên: "),
        ([1, "Tuần hàng Tốt", "04/04/2027"], "Mã: Dòng 2 có cùng mã tuan-hang-tot."),
    ],
)
def test_one_wrong_row_stops_the_whole_file(
    client: Client, plan: Plan, row: list[Any], sentence: str
) -> None:
    preview = _upload(client, _workbook(HEADS, [1, "Tuần hàng Tốt", "03/03/2027"], row))
    assert _statuses(preview) == ["new", "error"]
    assert any(error.startswith(sentence) for error in preview.context["rows"][1].errors)
    assert _confirm(client, preview).status_code == 409
    assert Fair.objects.count() == 0


def test_a_code_in_the_register_is_given_to_one_row(client: Client, plan: Plan) -> None:
    content = _workbook(
        ["Tên", "Ngày đầu", "Mã trong sổ đăng ký"],
        ["Một", "03/03/2027", "HC27"],
        ["Hai", "04/04/2027", "hc27"],
        ["Ba", "05/05/2027", "BA27"],
    )
    preview = _upload(client, content)
    assert _statuses(preview) == ["new", "error", "new"]
    assert preview.context["rows"][1].errors == ["Mã trong sổ đăng ký: Dòng 2 có cùng mã hc27."]


def test_a_fair_that_has_begun_and_one_of_another_year_stay(client: Client, plan: Plan) -> None:
    running = builders.make_fair(FairState.RUNNING, first_day=date(2027, 3, 3))
    other = builders.make_fair(first_day=date(2026, 3, 3))
    content = _workbook(
        ["Mã", "Tên", "Ngày đầu", "Ngày cuối"],
        [running.code, running.title, "04/03/2027", "08/03/2027"],
        [other.code, "Khác", "03/03/2027", ""],
    )
    errors = [row.errors for row in _upload(client, content).context["rows"]]
    assert errors[0] == ["Ngày đầu: Hội chợ này đã bắt đầu hoặc đã kết thúc: các ngày giữ nguyên."]
    assert f"Mã {other.code} là của một hội chợ năm 2026." in errors[1]


def test_what_changed_since_the_preview_is_shown_before_it_is_overwritten(
    client: Client, plan: Plan
) -> None:
    fair = _full_fair()
    content = _workbook(["Mã", "Tên", "Ngày đầu"], [fair.code, "Tên mới", "03/03/2027"])
    preview = _upload(client, content)
    Fair.objects.update(version=2, title="Tên của người khác")
    answer = _confirm(client, preview)
    assert answer.status_code == 409
    assert Fair.objects.get().title == "Tên của người khác"
    _confirm(client, answer)
    assert Fair.objects.get().title == "Tên mới"


def test_an_import_is_written_whole_or_not_at_all(plan: Plan) -> None:
    fair = _full_fair()
    values = {name: getattr(fair, name) for name in EDITED} | {"plan": plan}
    new = Planned(code="moi", values={**values, "register_code": "MOI27"})
    stale = Planned(code=fair.code, values={**values, "title": "x"}, fair=fair, version=7)
    with pytest.raises(StaleState):
        import_plan(plan=plan, planned=[new, stale], actor=None)
    assert list(Fair.objects.values_list("code", "title")) == [(fair.code, fair.title)]
    assert AuditEvent.objects.count() == 0


def test_only_what_this_user_previewed_for_this_plan_is_written(client: Client, plan: Plan) -> None:
    preview = _upload(client, _workbook(HEADS, [1, "Tuần hàng", "03/03/2027"]))
    builders.make_plan(2028)
    assert _confirm(client, preview, year=2028).status_code == 409
    address = reverse("plan_import_confirm", args=[2027])
    for rows in ("", "rác", preview.context["sent"][:-1] + "_"):
        assert client.post(address, {"rows": rows}).status_code == 409
    client.force_login(builders.make_organiser())
    assert _confirm(client, preview).status_code == 409
    assert Fair.objects.count() == 0


def _bomb() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("[Content_Types].xml", "")
        parts.writestr("xl/worksheets/sheet1.xml", b" " * (51 * 1024 * 1024))
    return target.getvalue()


def _far_off_cell() -> bytes:
    target = io.BytesIO()
    with Workbook(target) as workbook:
        page = workbook.add_worksheet()
        page.write(0, 0, "Tên")
        page.write(1_048_575, 16_383, "x")
    return target.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "sheet.not_excel"),
        (b"Ten,Ngay\n", "sheet.not_excel"),
        (b"PK\x03\x04rubbish", "sheet.not_excel"),
        (reading.OLD_EXCEL + b"x" * 600, "sheet.unreadable"),
        (b"x" * (reading.MOST_BYTES + 1), "sheet.too_large"),
        (_bomb(), "sheet.too_large"),
        (_far_off_cell(), "sheet.unreadable"),
        (_workbook(*[["x"]] * 2_001), "sheet.too_long"),
    ],
    ids=["empty", "csv", "no zip", "no xls", "5 MB", "bomb", "far-off cell", "2,001 rows"],
)
def test_a_file_that_may_do_harm_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(DomainError) as refused:
        read_rows(content)
    assert refused.value.code == code


def test_a_file_without_a_table_is_told_at_its_field(client: Client, plan: Plan) -> None:
    for content in (_workbook(["Xin chào"]), _workbook(HEADS), b"rubbish"):
        answer = _upload(client, content)
        assert answer.status_code == 422
        assert answer.context["form"].errors.keys() == {"file"}
    missing = client.post(reverse("plan_import", args=[2027]))
    assert missing.context["form"].errors.keys() == {"file"}


def test_an_old_excel_file_is_read_too(client: Client, plan: Plan) -> None:
    # Written by xlwt 1.3.0, as Excel 97 would: heads, one fair with real dates, a total.
    content = (Path(__file__).parent / "plan_2027.xls").read_bytes()
    preview = _upload(client, content)
    assert _statuses(preview) == ["new", "left_out"]
    _confirm(client, preview)
    fair = Fair.objects.get()
    assert (fair.title, fair.first_day, fair.last_day) == (
        "Tuần hàng Đông Anh",
        date(2027, 3, 3),
        date(2027, 3, 7),
    )


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_preview_opens_in_both_languages(client: Client, plan: Plan, language: str) -> None:
    client.cookies["django_language"] = language
    page = _upload(
        client, _workbook(HEADS, [1, "Tuần hàng", "03/03/2027"], [2, "", "x"])
    ).content.decode()
    assert f'<html lang="{language}"' in page


def test_rows_are_read_as_days_moments_and_numbers() -> None:
    content = _workbook(["Tên", date(2027, 3, 3), 12.0, 1.5, True])
    assert read_rows(content) == [["Tên", "2027-03-03", "12", "1.5", "True"]]


def test_a_reader_of_one_fair_exports_that_fair(client: Client, plan: Plan) -> None:
    seen, hidden = (builders.make_fair(first_day=date(2027, 3, 3)) for _ in range(2))
    client.force_login(builders.make_user(role="viewer", fair=seen))
    rows = read_rows(client.get(reverse("plan_export", args=[2027])).content)
    cells = {cell for row in rows for cell in row}
    assert seen.code in cells
    assert hidden.code not in cells
    assert [row[1] for row in sheet_of(plan, [seen], choices_for_editing(), actor="").rows] == [
        seen.code
    ]
