"""The targets of a plan on the workbook's second sheet: written, read back, refused by the cell."""

import io
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from xlsxwriter import Workbook

from core.audit import AuditEvent
from core.errors import DomainError, StaleState
from core.sheet.reading import read_sheets
from fairs.actions.plans import Aims, Planned, approve_plan, import_plan
from fairs.models import Fair, FairKind, Measure, Plan, Target
from fairs.queries.editing import EDITED
from tests import builders

pytestmark = pytest.mark.django_db

FAIRS = [["Tên", "Ngày đầu"], ["Tuần hàng Đông Anh", "03/03/2027"]]
HEADS = ["Chỉ tiêu", "Kế hoạch", "Đã đạt"]


@pytest.fixture
def plan(client: Client) -> Plan:
    """The plan of 2027, which asks for 12 fairs; an organiser of the office is signed in."""
    client.force_login(builders.make_organiser(language="vi"))
    plan = builders.make_plan(2027)
    Target.objects.create(plan=plan, measure=Measure.FAIRS, value=12)
    Target.objects.create(plan=plan, measure=Measure.MEMORANDA, value=500)
    return plan


def _workbook(*rows: list[Any], fairs: list[list[Any]] | None = None) -> bytes:
    """The fairs on the first sheet, and on the second targets as anybody may type them."""
    target = io.BytesIO()
    with Workbook(target) as workbook:
        sheets = {"Kế hoạch": FAIRS if fairs is None else fairs, "chi tieu": [["2027"], *rows]}
        for name, cells in sheets.items():
            page = workbook.add_worksheet(name)
            for number, row in enumerate(cells):
                page.write_row(number, 0, row)
    return target.getvalue()


def _upload(client: Client, content: bytes) -> Any:
    file = SimpleUploadedFile("ke-hoach.xlsx", content)
    return client.post(reverse("plan_import", args=[2027]), {"file": file})


def _confirm(client: Client, preview: Any) -> Any:
    address = reverse("plan_import_confirm", args=[2027])
    return client.post(address, {"rows": preview.context["sent"]})


def _targets() -> dict[str, int]:
    return {target.name: target.value for target in Target.objects.all()}


def _seen(preview: Any) -> list[tuple[Any, ...]]:
    rows = preview.context["targets"]
    return [(row.cell, row.name, row.before, row.after, row.status) for row in rows]


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("reader", ["vi", "en"])
@pytest.mark.parametrize("name", ["plan_export", "plan_template"])
def test_what_was_written_is_read_back_without_a_change(
    client: Client, plan: Plan, name: str, language: str, reader: str
) -> None:
    Target.objects.create(
        plan=plan, measure=Measure.FAIRS, kind=FairKind.PARTICIPATION, value=1_200
    )
    Target.objects.filter(kind="", measure=Measure.FAIRS).update(value=1_300)
    client.cookies["django_language"] = language
    content = client.get(reverse(name, args=[2027])).content
    client.cookies["django_language"] = reader
    preview = _upload(client, content)
    assert [row.status for row in preview.context["targets"]] == ["unchanged"] * 9
    assert preview.context["changes"] == preview.context["mistakes"] == 0
    assert f'<html lang="{reader}"' in preview.content.decode()
    assert AuditEvent.objects.count() == 0


def test_the_sheet_holds_every_target_and_what_is_reached(client: Client, plan: Plan) -> None:
    builders.make_fair(first_day=date(2027, 3, 3), kind=FairKind.CONFERENCE)
    content = client.get(reverse("plan_export", args=[2027])).content
    (_first, _rows), (name, rows) = read_sheets(content, beside=["chi tieu"])
    assert name == "Chỉ tiêu"
    assert rows[4:7] == [
        HEADS,
        ["hội chợ, sự kiện", "12", "1"],
        ["hội chợ, sự kiện: Tuần hàng", "", "0"],
    ]
    assert ["hội chợ, sự kiện: Hội nghị, hội thảo", "", "1"] in rows
    assert len(rows) == 4 + 1 + 9


def test_targets_are_shown_first_and_written_with_the_fairs(client: Client, plan: Plan) -> None:
    content = _workbook(
        HEADS,
        ["hoi cho, su kien", "", 1],
        ["Tuần hàng", 3, ""],
        ["LƯỢT KHÁCH", "1.200.000", ""],
        ["Biên bản ghi nhớ đã ký", 500.0, ""],
        ["Người lập biểu", "", "Nguyễn Văn A"],
    )
    preview = _upload(client, content)
    assert _seen(preview) == [
        ("B3", "fairs", 12, None, "changed"),
        ("B4", "fairs-trade_week", None, 3, "changed"),
        ("B5", "visitors", None, 1_200_000, "changed"),
        ("B6", "memoranda", 500, 500, "unchanged"),
    ]
    assert (_targets(), Fair.objects.count()) == ({"fairs": 12, "memoranda": 500}, 0)
    assert _confirm(client, preview).url == reverse("plan_year", args=[2027])
    wanted = {"memoranda": 500, "fairs-trade_week": 3, "visitors": 1_200_000}
    assert (_targets(), Fair.objects.count()) == (wanted, 1)
    verbs = AuditEvent.objects.filter(stream="office").values_list("verb", flat=True)
    assert sorted(verbs) == ["plans.imported", "plans.targets_set"]


def test_targets_come_without_fairs_and_what_has_no_row_stays(client: Client, plan: Plan) -> None:
    only = io.BytesIO()
    with Workbook(only) as workbook:
        workbook.add_worksheet("Targets").write_row(0, 0, ["Measure", "Target"])
        workbook.worksheets()[0].write_row(1, 0, ["Fairs: Conference", 2])
    for content, after in (
        (only.getvalue(), {"fairs-conference": 2}),
        (_workbook(HEADS, ["Hội nghị, hội thảo", 4], fairs=FAIRS[:1]), {"fairs-conference": 4}),
    ):
        _confirm(client, _upload(client, content))
        assert _targets() == {"fairs": 12, "memoranda": 500, **after}


@pytest.mark.parametrize(
    ("rows", "cell", "sentence"),
    [
        ([["hội chợ, sự kiện", "nhiều"]], "B3", "Hãy nhập một số nguyên."),
        ([["hội chợ, sự kiện", 12.5]], "B3", "Hãy nhập một số nguyên."),
        ([["lượt khách", -1]], "B3", "Giá trị này không được nhỏ hơn 0."),
        ([["Tuần hàng", 1], ["hội chợ, sự kiện", 13], ["tuan hang", 2]], "B5", "hai lần"),
        ([["Mặt trăng", 3]], "B3", "“Mặt trăng”"),
        ([["Tuần hàng", 13]], "B3", "13"),
        ([["hội chợ, sự kiện", 12], ["Tuần hàng", 13]], "B3", "13"),
    ],
    ids=["word", "half", "negative", "twice", "unknown", "kinds alone", "kinds"],
)
def test_a_wrong_cell_is_named_and_stops_the_whole_file(
    client: Client, plan: Plan, rows: list[list[Any]], cell: str, sentence: str
) -> None:
    preview = _upload(client, _workbook(HEADS, *rows))
    wrong = {row.cell: row.errors for row in preview.context["targets"] if row.errors}
    assert list(wrong) == [cell]
    assert sentence in wrong[cell][0]
    assert f"chi tieu, {cell}" in preview.content.decode()
    assert _confirm(client, preview).status_code == 409
    assert (_targets(), Fair.objects.count()) == ({"fairs": 12, "memoranda": 500}, 0)


def test_a_sheet_of_targets_without_heads_is_told_at_the_field(client: Client, plan: Plan) -> None:
    answer = _upload(client, _workbook(["hội chợ, sự kiện", 13]))
    assert answer.status_code == 422
    assert "chi tieu" in str(answer.context["form"].errors["file"])


def test_an_approved_plan_keeps_its_targets(client: Client, plan: Plan) -> None:
    approve_plan(plan=plan, decision_number="12/QĐ", decision_date=date(2026, 1, 15), actor=None)
    wrong = _upload(client, _workbook(HEADS, ["hội chợ, sự kiện", 13]))
    assert "đã được phê duyệt" in wrong.context["targets"][0].errors[0]
    assert _confirm(client, wrong).status_code == 409
    _confirm(client, _upload(client, _workbook(HEADS, ["hội chợ, sự kiện", 12])))
    assert (_targets(), Fair.objects.count()) == ({"fairs": 12, "memoranda": 500}, 1)


def test_who_set_targets_since_the_preview_is_not_overwritten_unseen(
    client: Client, plan: Plan
) -> None:
    preview = _upload(client, _workbook(HEADS, ["hội chợ, sự kiện", 13]))
    Target.objects.filter(measure=Measure.FAIRS).update(value=20)
    answer = _confirm(client, preview)
    assert answer.status_code == 409
    assert _seen(answer) == [("B3", "fairs", 20, 13, "changed")]
    assert (_targets()["fairs"], Fair.objects.count()) == (20, 0)
    _confirm(client, answer)
    assert (_targets()["fairs"], Fair.objects.count()) == (13, 1)


def test_targets_and_fairs_are_written_together_or_not_at_all(plan: Plan) -> None:
    fair = builders.make_fair(plan=plan)
    values = {name: getattr(fair, name) for name in EDITED} | {"plan": plan}
    seen = _targets()
    stale = Planned(code=fair.code, values={**values, "title": "x"}, fair=fair, version=7)
    for aims, planned, code in (
        (Aims(seen, {"fairs": 1}), [stale], "fair.edited_meanwhile"),
        (Aims({"fairs": 7}, {"fairs": 1}), [], "plan.targets_changed"),
        (Aims(seen, {"fairs": 1, "fairs-online": 2}), [], "targets.kinds"),
    ):
        with pytest.raises((StaleState, DomainError)) as refused:
            import_plan(plan=plan, planned=planned, aims=aims, actor=None)
        assert refused.value.code == code
    assert (_targets(), Fair.objects.get().title) == (seen, fair.title)
    assert AuditEvent.objects.count() == 0
