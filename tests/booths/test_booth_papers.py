"""What is printed before a fair opens: the booth list, the utilities, the door signs."""

import subprocess
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import zxingcpp
from django.test import Client
from PIL import Image
from pytest_django import DjangoAssertNumQueries
from python_calamine import CalamineWorkbook

from booths.models import Assignment, Booth, BoothDay, BoothPaper
from booths.queries import published_plan_of
from booths.queries.papers import stands_in, utilities_of
from booths.rendering.papers import PRODUCTS
from core.audit import AuditEvent
from fairs.models import Fair
from tests.booths.scenes import do_jobs, make_running_fair
from tests.builders import make_fair, make_organiser, make_product
from tests.fairs.pavilions import make_booth, make_pavilion, make_province

pytestmark = pytest.mark.django_db
ENGLISH = {"language": "en"}
NOON = datetime(2026, 11, 22, 5, tzinfo=UTC)


def _address(fair: Fair, name: str = "") -> str:
    return f"/desk/fairs/{fair.code}/booth-papers/{name}"


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(make_organiser())
    return client


def _drawn(desk: Client, fair: Fair, name: str) -> bytes:
    """The paper in English, asked for at the desk and drawn by the worker."""
    desk.post(_address(fair, f"{name}/make/"), query_params=ENGLISH)
    do_jobs("booths.draw_paper")
    answer = desk.get(_address(fair, f"{name}.pdf"), ENGLISH)
    assert answer.headers["Content-Type"] == "application/pdf"
    return answer.getvalue()


def _pages(content: bytes, folder: Path) -> list[str]:
    """The words of each page, without spaces."""
    (folder / "paper.pdf").write_bytes(content)
    command = ["pdftotext", "-raw", str(folder / "paper.pdf"), "-"]
    text = subprocess.run(command, capture_output=True, check=True).stdout.decode()
    return ["".join(page.split()) for page in text.split("\f")[:-1]]


def _codes(folder: Path) -> list[list[str]]:
    """The QR codes of each page."""
    command = ["pdftoppm", "-r", "100", "-png", "-gray"]
    subprocess.run([*command, str(folder / "paper.pdf"), str(folder / "page")], check=True)
    pages = sorted(folder.glob("page*.png"))
    return [[code.text for code in zxingcpp.read_barcodes(Image.open(page))] for page in pages]


def _fair_of_two_zones() -> Fair:
    """Stands in A1 and A2 of one zone, a free booth A3."""
    fair = make_running_fair(stands=2)
    plan = published_plan_of(fair)
    assert plan
    first = plan.booths.get(code="A1")
    Booth.objects.create(
        plan=plan, zone=first.zone, code="A3", order=9, x=200, y=0, power_kw="3.5", cold=True
    )
    plan.booths.filter(code="A1").update(power_kw="2.5", water=True)
    plan.booths.filter(code="A2").update(power_kw="0", water=False)
    fair.applications.filter(code="DK-1").update(power_kw="2.2", water=True)
    fair.applications.filter(code="DK-2").update(power_kw="5.5", cold=True)
    return fair


def test_utilities_are_summed_up_by_zone() -> None:
    fair = _fair_of_two_zones()
    plan = published_plan_of(fair)
    assert plan
    (zone,) = utilities_of(plan, stands_in(fair, plan))
    assert (zone.booths, zone.given) == (3, 2)
    assert [str(each) for each in (zone.power_needed, zone.power_there)] == ["7.7", "6.0"]
    assert (zone.water_needed, zone.water_there) == (1, 1)
    assert (zone.cold_needed, zone.cold_there) == (1, 1)


def test_the_page_and_the_paper_tell_the_electrician_the_same(desk: Client, tmp_path: Path) -> None:
    fair = _fair_of_two_zones()
    page = desk.get(_address(fair), ENGLISH).text
    assert page.count("7.7 / 6.0") == 2
    assert page.count("not enough") == 2
    (words,) = _pages(_drawn(desk, fair, "utilities"), tmp_path)
    assert words.count("7.7/6.0") == 2
    for application in fair.applications.select_related("organisation"):
        assert "".join(application.organisation.name.split()) in words
    assert "2.2kW,water" in words
    assert "5.5kW,coldstorage" in words


def test_the_list_has_every_booth_with_who_is_in_it(desk: Client, tmp_path: Path) -> None:
    fair = _fair_of_two_zones()
    (words,) = _pages(_drawn(desk, fair, "booths"), tmp_path)
    rows = [words.index(f"{code}ZoneA") for code in ("A1", "A2", "A3")]
    assert rows == sorted(rows)
    for application in fair.applications.select_related("organisation"):
        assert words.count("".join(application.organisation.name.split())) == 1
    assert words[rows[2] :].count("free") == 1


def test_each_stand_has_one_sign_whose_code_leads_to_it(desk: Client, tmp_path: Path) -> None:
    fair = _fair_of_two_zones()
    pages = _pages(_drawn(desk, fair, "signs"), tmp_path)
    applications = list(fair.applications.select_related("organisation").order_by("code"))
    assert len(pages) == 2
    for page, application, booth in zip(pages, applications, ("A1", "A2"), strict=True):
        product = application.products.get()
        for text in (application.organisation.name, product.name, booth):
            assert "".join(text.split()) in page
    codes = _codes(tmp_path)
    assert codes == [
        [f"http://127.0.0.1:8000/f/{fair.code}/booths/?booth={booth}"] for booth in ("A1", "A2")
    ]
    for application, (address,) in zip(applications, codes, strict=True):
        parts = urlsplit(address)
        shown = Client().get(f"{parts.path}?{parts.query}", headers={"X-Part": "booth"}).text
        assert application.organisation.name in shown


def test_a_sign_with_much_to_say_stays_on_one_page(desk: Client, tmp_path: Path) -> None:
    fair = make_running_fair(stands=1)
    application = fair.applications.get()
    organisation = application.organisation
    organisation.name = "Hợp tác xã nông nghiệp dịch vụ tổng hợp " * 4
    organisation.save()
    for number in range(PRODUCTS + 3):
        name = f"Trà sen Tây Hồ ướp bông thủ công {number}"
        application.products.add(make_product(organisation, name=name))
    pages = _pages(_drawn(desk, fair, "signs"), tmp_path)
    assert len(pages) == 1
    assert "and4moreproducts" in pages[0]
    assert [len(codes) for codes in _codes(tmp_path)] == [1]


def test_the_gaps_of_the_pavilions_are_told_on_the_page_on_paper_and_in_excel(
    desk: Client, tmp_path: Path
) -> None:
    fair = make_fair()
    assert desk.get(_address(fair, "pavilions.pdf")).status_code == 409  # no guest, no gap
    assert desk.get(_address(fair, "pavilions.xlsx")).status_code == 409
    full = make_pavilion(fair, booth_count=1, place=make_province("SL", "Sơn La"))
    make_booth(full)
    pavilion = make_pavilion(fair, booth_count=6, contact="Bà Lò Thị Mai", phone="+84912345678")
    for number in (1, 3):
        make_booth(pavilion, number)
    page = desk.get(_address(fair), ENGLISH).text
    (words,) = _pages(desk.get(_address(fair, "pavilions.pdf"), ENGLISH).content, tmp_path)
    for text in (page, words):
        assert ("2, 4–6" in text or "2,4–6" in text, "3 / 7" in text or "3/7" in text) == (
            True,
            True,
        )
    assert "0912345678" in words
    rows = _rows(desk.get(_address(fair, "pavilions.xlsx"), ENGLISH).content)
    assert [row[:5] for row in rows[-3:]] == [
        ["Lai Châu", 6, 2, 4, "2, 4–6"],
        ["Sơn La", 1, 1, 0, ""],
        ["Total", 7, 3, 4, ""],
    ]


def _rows(content: bytes) -> list[Any]:
    return CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()


def test_the_utilities_in_excel_are_those_on_paper(desk: Client) -> None:
    fair = _fair_of_two_zones()
    rows = _rows(desk.get(_address(fair, "utilities.xlsx"), ENGLISH).content)
    assert [row[1:] for row in rows[-2:]] == [[3, 2, 7.7, 6.0, 1, 1, 1, 1, 0]] * 2
    assert desk.get(_address(fair, "signs.xlsx")).status_code == 404


def test_without_stands_there_is_no_sign_and_without_a_plan_no_paper(desk: Client) -> None:
    empty, planless = make_running_fair(stands=0), make_fair()
    assert desk.get(_address(empty)).status_code == 200
    assert desk.post(_address(empty, "signs/make/")).status_code == 409
    assert "signs/make/" not in desk.get(_address(empty)).text
    assert desk.get(_address(planless)).status_code == 200
    for name in ("booths.pdf", "utilities.pdf", "signs.pdf"):
        assert desk.get(_address(planless, name)).status_code == 404
        assert desk.post(_address(planless, name.replace(".pdf", "/make/"))).status_code == 409
    assert desk.get(_address(empty, "secrets.pdf")).status_code == 404
    assert desk.post(_address(empty, "secrets/make/")).status_code == 409


def test_a_paper_is_drawn_by_the_worker_once_and_again_when_booths_have_changed(
    desk: Client,
) -> None:
    fair = make_running_fair(stands=2)
    answer = desk.get(_address(fair, "signs.pdf"), ENGLISH)
    assert (answer.status_code, BoothPaper.objects.count()) == (202, 0)
    assert "not ready yet" in answer.content.decode()
    desk.post(_address(fair, "signs/make/"), query_params=ENGLISH)
    page = desk.get(_address(fair), ENGLISH).text
    assert ("hx-get" in page, "signs.pdf" in page) == (True, False)
    first = _drawn(desk, fair, "signs")
    assert (_drawn(desk, fair, "signs"), BoothPaper.objects.count()) == (first, 1)
    assert AuditEvent.objects.filter(verb="booths.paper_drawn").count() == 1
    assert "Booths have changed since then" not in desk.get(_address(fair), ENGLISH).text
    BoothDay.objects.filter(assignment__application__code="DK-2").update(released_at=NOON)
    Assignment.objects.filter(application__code="DK-2").update(released_at=NOON)
    assert "Booths have changed since then" in desk.get(_address(fair), ENGLISH).text
    assert desk.get(_address(fair, "signs.pdf"), ENGLISH).getvalue() == first
    assert _drawn(desk, fair, "signs") != first


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_for_one_and_three(
    desk: Client, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    fair = make_running_fair(stands=count)
    with django_assert_num_queries(16):
        desk.get(_address(fair))
