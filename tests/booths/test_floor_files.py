"""A floor plan as a file: drawings to scale, and a table that is read back."""

import io
import json
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image
from xlsxwriter import Workbook

from booths.floor import Plan, RowSpec, Zone, make_row, read_plan, write_plan
from booths.floor.hatching import PATTERNS, hatch
from booths.floor.paper import SCALES, Area, Captions, Lines, Look, Words, lay_out
from booths.models import Booth
from booths.queries.floor_plan import current_floor
from core.sheet.reading import read_rows
from fairs.models import Fair
from tests.builders import make_fair, make_floor_plan, make_group, make_organiser

pytestmark = pytest.mark.django_db

SIGNS = {"water": "N", "cold": "L", "cooking": "B", "power": "Đ"}
LOOKS = {"food": Look("Thực phẩm", "#b4551a", "rising")}
CAPTIONS = Captions("Hội chợ", "Bản 1", "1 : 200", SIGNS, looks=LOOKS)
ZONES = (Zone("A", "Khu A", "Zone A", "food", 0, 0),)
SPEC = RowSpec(x=30, y=30, columns=8, zone="A", power_kw=2.5, water=True)


@pytest.fixture
def fair() -> Fair:
    """A fair with the row A1 to A4 in a hall of 18 × 12 m."""
    make_group("food", name_vi="Thực phẩm", name_en="Food")
    fair = make_fair()
    make_floor_plan(fair)
    return fair


@pytest.fixture
def client() -> Client:
    """An organiser's browser, in English."""
    client = Client()
    client.force_login(make_organiser(language="en"))
    return client


@pytest.mark.parametrize("paper", ["a4", "a3", ""])
@pytest.mark.parametrize("size", [(300, 200), (740, 500), (200, 1500), (10_000, 10_000)])
def test_everything_lies_on_the_sheet_and_is_to_scale(paper: str, size: tuple[int, int]) -> None:
    width, height = size
    booths = make_row(SPEC)[: 6 if width < 300 else 8]
    sheet = lay_out(Plan(width, height, zones=ZONES, booths=booths), CAPTIONS, paper=paper)
    assert sheet.scale in SCALES
    areas = [shape for shape in sheet.shapes if isinstance(shape, Area)]
    for x, y in (point for area in areas for point in area.points):
        assert 0 <= x <= sheet.width
        assert 0 <= y <= sheet.height
    hall = areas[0].points
    assert hall[1][0] - hall[0][0] == pytest.approx(width * 100 / sheet.scale)
    assert hall[2][1] - hall[1][1] == pytest.approx(height * 100 / sheet.scale)


def test_groups_are_told_apart_without_colour() -> None:
    assert len({tuple(hatch((0, 0, 6, 4), pattern, 1.3)) for pattern in PATTERNS}) == len(PATTERNS)
    for pattern in PATTERNS:
        for x1, y1, x2, y2 in hatch((10, 20, 7, 3), pattern, 1.3):
            assert 10 - 1e-9 <= min(x1, x2) <= max(x1, x2) <= 17 + 1e-9
            assert 20 - 1e-9 <= min(y1, y2) <= max(y1, y2) <= 23 + 1e-9


def test_a_sheet_says_what_stands_there() -> None:
    plan = Plan(300, 200, zones=ZONES, booths=make_row(SPEC))
    shapes = lay_out(plan, CAPTIONS, paper="a4").shapes
    said = [shape.text for shape in shapes if isinstance(shape, Words)]
    assert [word for word in said if word == "2.5 kW N"] == ["2.5 kW N"] * 8
    assert {"1", "8", "Khu A", "Thực phẩm", "Hội chợ", "1 : 200", "0"} <= set(said)
    assert [shape.stroke for shape in shapes if isinstance(shape, Lines)] == ["#b4551a"] * 2


def _file(client: Client, fair: Fair, ending: str) -> Any:
    return client.get(reverse("floor_plan_file", args=[fair.code, 1, ending]))


def test_the_json_is_the_document(client: Client, fair: Fair) -> None:
    document = json.loads(_file(client, fair, "json").content)
    floor = current_floor(fair)[1]
    assert document == write_plan(floor)
    assert read_plan(document, groups=["food"]) == floor


def test_the_drawings_are_what_they_say(client: Client, fair: Fair) -> None:
    Booth.objects.filter(code="A1").update(code="<&>")
    svg = _file(client, fair, "svg")
    root = ElementTree.fromstring(svg.content)
    words = [node.text for node in root.iter("{http://www.w3.org/2000/svg}text")]
    assert {"<&>", "A2", "A3", "A4"} <= set(words)
    with Image.open(io.BytesIO(_file(client, fair, "png").content)) as picture:
        assert (picture.format, max(picture.size) <= 3000) == ("PNG", True)
        assert len(picture.convert("L").getcolors() or []) > 2
    for paper in ("a4", "a3"):
        answer = _file(client, fair, f"{paper}.pdf")
        assert answer.content.startswith(b"%PDF-")
        assert answer["Content-Disposition"].startswith("attachment")
    assert _file(client, fair, "exe").status_code == 404


def _upload(client: Client, fair: Fair, *rows: list[Any]) -> Any:
    target = io.BytesIO()
    with Workbook(target) as workbook:
        page = workbook.add_worksheet()
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    file = SimpleUploadedFile("gian.xlsx", target.getvalue())
    return client.post(reverse("floor_plan_import", args=[fair.code]), {"file": file})


def _confirm(client: Client, fair: Fair, preview: Any) -> Any:
    address = reverse("floor_plan_import_confirm", args=[fair.code])
    return client.post(address, {"rows": preview.context["sent"]})


HEADS = ["Mã gian", "Khu", "x", "y", "Rộng", "Sâu", "Điện", "Nước", "Lạnh", "Nấu", "Nhóm"]


def test_a_list_is_looked_at_and_then_saved(client: Client, fair: Fair) -> None:
    preview = _upload(
        client,
        fair,
        ["Danh sách gian hàng"],
        HEADS,
        ["A1", "", 3, 3, "", "", "7,5", "có", "", "x", "Thực phẩm"],
        ["A2", "", 6, 3, "", "", "", "", "", "", ""],
        ["B1", "B", 3, "7,5", 4, 3, "2 kW", "không", "", "", "food; THUC PHAM"],
    )
    assert [row.status for row in preview.context["rows"]] == ["changed", "unchanged", "new"]
    assert current_floor(fair)[0] == 1
    assert _confirm(client, fair, preview).status_code == 302
    version, floor = current_floor(fair)
    booths = {booth.code: booth for booth in floor.booths}
    assert (version, list(booths)) == (2, ["A1", "A2", "A3", "A4", "B1"])
    first, new = booths["A1"], booths["B1"]
    assert (first.power_kw, first.water, first.cold, first.cooking) == (7.5, True, False, True)
    assert (first.x, first.width, first.groups) == (30, 30, ("food",))
    assert (new.x, new.y, new.width, new.height, new.groups) == (30, 75, 40, 30, ("food",))
    assert [zone.code for zone in floor.zones] == ["A", "B"]


def test_mistakes_are_told_row_by_row_and_nothing_is_saved(client: Client, fair: Fair) -> None:
    preview = _upload(
        client,
        fair,
        HEADS,
        ["A9", "A", 4, 3],
        ["A8", "A", 17, 3],
        ["A7", "A", "", 8],
        ["A6", "A", 3, 8, "breit", 0],
        ["", "A", 3, 8],
        ["A5", "A", 3, 8, "", "", "", "vielleicht", "", "", "Fleisch"],
        ["A1", "A", 3, 3],
        ["A1", "A", 3, 3],
    )
    errors = [row.errors for row in preview.context["rows"]]
    assert errors == [
        ["Booths A1 and A9 overlap.", "Booths A2 and A9 overlap."],
        ["Booth A8 stands outside the hall."],
        ["From the left (m): A new booth needs its place."],
        ["Width (m): “breit” is no number."],
        ["The code is missing."],
        [
            "Water: “vielleicht” is neither yes nor no.",
            "Product groups: There is no product group “Fleisch”.",
        ],
        [],
        ["Another row has this code too."],
    ]
    assert _confirm(client, fair, preview).status_code == 409
    assert current_floor(fair)[0] == 1


def test_a_preview_is_no_longer_good_once_the_plan_has_changed(client: Client, fair: Fair) -> None:
    preview = _upload(client, fair, HEADS, ["A1", "A", 3, 3, "", "", 9])
    other = _upload(client, fair, HEADS, ["A2", "A", 6, 3, "", "", 9])
    _confirm(client, fair, other)
    again = _confirm(client, fair, preview)
    assert again.status_code == 409
    assert _confirm(client, fair, again).status_code == 302
    powers = [booth.power_kw for booth in current_floor(fair)[1].booths]
    assert powers == [9, 9, 3, 3]
    stranger = Client()
    stranger.force_login(make_organiser())
    assert _confirm(stranger, fair, preview).status_code == 409


def test_a_first_list_makes_its_hall(client: Client) -> None:
    fair = make_fair()
    preview = _upload(client, fair, HEADS, ["K1", "K", 100, 50], ["K2", "K", 103, 50])
    assert _confirm(client, fair, preview).status_code == 302
    floor = current_floor(fair)[1]
    assert (floor.width, floor.height, floor.zones[0].code) == (1080, 550, "K")
    assert Booth.objects.get(code="K1").power_kw == Decimal(0)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([["Tên", "Giá"]], "No table was found"),
        ([HEADS], "There is no row below the heads."),
    ],
)
def test_what_is_no_list_is_refused_at_the_field(
    client: Client, fair: Fair, rows: list[list[str]], said: str
) -> None:
    page = _upload(client, fair, *rows)
    assert (page.status_code, said in page.text) == (422, True)


def test_the_table_is_read_back_as_it_was_written(client: Client, fair: Fair) -> None:
    for address in (
        reverse("floor_plan_template", args=[fair.code]),
        reverse("floor_plan_sheet", args=[fair.code, 1]),
    ):
        content = client.get(address).content
        assert read_rows(content)[4][:2] == ["A1", "A"]
        file = SimpleUploadedFile("gian.xlsx", content)
        preview = client.post(reverse("floor_plan_import", args=[fair.code]), {"file": file})
        assert [row.status for row in preview.context["rows"]] == ["unchanged"] * 4
