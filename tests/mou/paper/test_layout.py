import json
import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from core.pdf import Paper
from mou.paper.canonical import ContentError
from mou.paper.content import Content, content_sha256, signature_sha256
from mou.paper.layout import Signature, memorandum_context, printed_text
from mou.paper.wording import wording_sha256
from tests.mou.paper.conftest import CODE, SIGNED_AT, VERIFY_URL

Draw = Callable[..., Paper]
Sign = Callable[[Content], list[Signature]]

LONG_NAME = (
    "Hợp tác xã Dịch vụ Nông nghiệp hữu cơ, Mây tre đan xuất khẩu và Du lịch cộng đồng làng nghề "
    "truyền thống Phú Vinh – Ưu Đàm"
)


def _tool(*command: str | Path) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def _file(paper: Paper, folder: Path) -> Path:
    file = folder / "paper.pdf"
    file.write_bytes(paper.content)
    return file


def _words(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture(scope="module")
def file(paper: Paper, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _file(paper, tmp_path_factory.mktemp("paper"))


@pytest.fixture(scope="module")
def printed(file: Path) -> str:
    return _words(_tool("pdftotext", file, "-"))


def test_memorandum_is_three_pages_of_a4(file: Path) -> None:
    facts = _tool("pdfinfo", file)
    assert re.search(r"^Pages: +3$", facts, re.MULTILINE)
    assert re.search(r"^Page size: +595\.\d+ x 841\.\d+ pts \(A4\)$", facts, re.MULTILINE)
    assert re.search(r"^Title: +Biên bản ghi nhớ số 07/2026/BGN-HN26-TET$", facts, re.MULTILINE)


def test_quantities_are_printed_as_vietnamese_writes_them(printed: str) -> None:
    assert "1.200 / tháng" in printed
    assert "12,5 / vụ" in printed


def test_two_drawings_are_the_same_bytes(content: Content, paper: Paper, draw: Draw) -> None:
    assert draw(content) == paper


def test_first_page_says_who_agrees_and_when(file: Path) -> None:
    text = _words(_tool("pdftotext", "-layout", "-l", "1", file, "-"))
    lines = (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM Độc lập - Tự do - Hạnh phúc Hà Nội, ngày 20 tháng 11"
        " năm 2026 BIÊN BẢN GHI NHỚ Về hợp tác liên kết, tiêu thụ sản phẩm OCOP",
        "Số: 07/2026/BGN-HN26-TET Căn cứ Bộ luật Dân sự ngày 24 tháng 11 năm 2015;",
        "Hôm nay, ngày 20 tháng 11 năm 2026, tại Tuần hàng OCOP Tết Đinh Mùi 2027, Trung tâm Văn"
        " hóa phường Hoàn Kiếm, chúng tôi gồm:",
        "Today, 20 November 2026, at Tuần hàng OCOP Tết Đinh Mùi 2027,",
        "BÊN A (Chủ thể sản xuất) / PARTY A (Producer): Hợp tác xã Mây tre đan và Nông sản sạch"
        " Phú Vinh (mẫu) Địa chỉ / Address: Thôn Phú Vinh, xã Phú Nghĩa, thành phố Hà Nội Mã số"
        " thuế / Tax code: 0100109106 Điện thoại / Phone: 0912 345 678 Đại diện / Represented by:"
        " Bà Nguyễn Thị Huyền Trân Ưu Chức vụ / Position: Giám đốc",
    )
    assert [line for line in lines if line not in text] == []


def test_every_article_is_printed_in_both_languages(content: Content, printed: str) -> None:
    context = memorandum_context(content, [], code=CODE, verify_url=VERIFY_URL)
    # A page's number and footer may stand in the middle of a sentence that crosses pages.
    bare = re.sub(r" Số 07/2026/BGN-HN26-TET · \w{16} · \d/3 \f?\d? ?", " ", printed)
    clauses = [
        clause[language]
        for article in context["wording"]["articles"]
        for clause in (article["title"], *article["clauses"])
        for language in ("vi", "en")
    ]
    assert len(clauses) == 58
    assert [clause for clause in clauses if _words(clause) not in bare] == []
    assert "{" not in printed


def test_signatures_name_signer_moment_and_place(printed: str) -> None:
    signed = re.findall(r"Ký lúc / Signed at: (\S+ \S+ \S+) ", printed)
    assert signed == [
        "20/11/2026 09:15:23 +07:00",
        "20/11/2026 09:16:04 +07:00",
        "20/11/2026 09:16:45 +07:00",
    ]
    assert printed.count("Tại / At: Bàn 2") == 3


def test_signatures_are_drawn_in_blue(
    content: Content, paper: Paper, draw: Draw, tmp_path: Path
) -> None:
    assert _is_blue_somewhere(_last_page(paper, tmp_path, 40))
    assert not _is_blue_somewhere(_last_page(draw(content, []), tmp_path, 40))


def test_memorandum_without_signatures_says_so(
    content: Content, draw: Draw, tmp_path: Path, printed: str
) -> None:
    notice = "Bản chưa ký điện tử, chưa có hiệu lực / Not yet signed electronically, not in effect"
    unsigned = _words(_tool("pdftotext", _file(draw(content, []), tmp_path), "-"))
    assert (unsigned.count(notice), printed.count(notice)) == (1, 0)


def test_verification_strip_names_host_code_and_hash(content: Content, printed: str) -> None:
    assert f"open chophien.example.vn/v and enter the code Mã kiểm tra / Code: {CODE}" in printed
    assert printed.count(content_sha256(content)) == 1
    assert printed.count(f"Số 07/2026/BGN-HN26-TET · {content_sha256(content)[:16]}") == 3


@pytest.mark.parametrize("dots_per_inch", [90, 150])
def test_qr_on_the_page_reads_as_the_address_in_capitals(
    paper: Paper, tmp_path: Path, dots_per_inch: int
) -> None:
    page = _last_page(paper, tmp_path, dots_per_inch)
    found = [code.text for code in zxingcpp.read_barcodes(page)]
    assert found == ["HTTPS://CHOPHIEN.EXAMPLE.VN/V/7K3M9QXR2VTA5"]


def test_only_bundled_fonts_are_embedded(file: Path) -> None:
    lines = _tool("pdffonts", file).splitlines()[2:]
    assert {line.split()[0].split("+")[1] for line in lines} == {
        "Tinos",
        "Tinos-Bold",
        "Tinos-Italic",
    }


def test_table_of_thirty_products_repeats_its_head(
    content: Content, draw: Draw, tmp_path: Path
) -> None:
    items = tuple(
        replace(content.items[0], name=f"Sản phẩm thứ {number} của làng nghề Ưu Đàm")
        for number in range(1, 31)
    )
    paper = draw(replace(content, items=items, party_a=replace(content.party_a, name=LONG_NAME)))
    file = _file(paper, tmp_path)
    pages = [_words(page) for page in _tool("pdftotext", "-layout", file, "-").split("\f")]
    with_rows = [page for page in pages if re.search(r"1\.200 / tháng 45\.000", page)]
    assert [page.count("Expected volume") for page in with_rows] == [1, 1]
    rows = re.findall(r"1\.200 / tháng 45\.000", " ".join(pages))
    assert len(rows) == 30
    assert LONG_NAME in _words(_tool("pdftotext", file, "-"))


def test_product_without_a_price_has_a_cell_for_it(
    content: Content, draw: Draw, tmp_path: Path
) -> None:
    items = (content.items[0], replace(content.items[1], reference_price=None, decision=""))
    told = _tool("pdfinfo", "-struct-text", _file(draw(replace(content, items=items)), tmp_path))
    table = told.partition("Table (block)")[2].partition("H2 (block)")[0]
    head, *rows = [re.findall(r"^ +(T[HD])", row, re.MULTILINE) for row in table.split(" TR\n")[1:]]
    assert head == ["TH"] * 6
    assert rows == [["TD"] * 6] * 2


def test_reading_aloud_goes_in_the_order_of_the_page(file: Path) -> None:
    told = _tool("pdfinfo", "-struct-text", file)
    kinds = re.findall(r"^ +(H1|H2|Table|Figure)\b", told, re.MULTILINE)
    articles = ["H2"] * 12
    assert kinds == ["H1", *articles[:2], "Table", *articles[2:], *["Figure"] * 4]
    english = re.findall(r'Span \(inline\)\n +"(.*)"', told)
    assert " / Tax code" in english
    assert " / Article 12. Electronic signing, language, copies" in english


def test_signatures_and_strip_stay_on_one_page(
    content: Content, draw: Draw, tmp_path: Path
) -> None:
    for count in (4, 8):
        file = _file(draw(replace(content, items=content.items[:1] * count)), tmp_path)
        pages = _tool("pdftotext", file, "-").split("\f")
        ends = [page for page in pages if "ĐẠI DIỆN BÊN A" in page]
        assert ["SHA-256 nội dung" in page for page in ends] == [True]


def test_hostile_names_are_only_names(content: Content, draw: Draw, tmp_path: Path) -> None:
    name = "<img src=//a.vn/x> {{ host }} {% debug %} <script>1</script> &amp; \"'"
    paper = draw(replace(content, items=(replace(content.items[0], name=name),)))
    text = _words(_tool("pdftotext", "-raw", _file(paper, tmp_path), "-"))
    letters = [part for part in ("<img", "{{ host }}", "<script>1", "&amp;") if part in text]
    assert letters == ["<img", "{{ host }}", "<script>1", "&amp;"]


def test_paper_holds_nothing_that_acts_or_hides(paper: Paper) -> None:
    names = (b"/OCProperties", b"/JavaScript", b"/JS", b"/AcroForm", b"/Launch", b"/URI", b"/AA")
    assert [name for name in names if name in paper.content] == []


def test_record_travels_inside_the_paper(
    content: Content, sign: Sign, file: Path, tmp_path: Path
) -> None:
    target = tmp_path / "mou.json"
    _tool("pdfdetach", "-save", "1", "-o", target, file)
    record = json.loads(target.read_text())
    assert record["content_sha256"] == content_sha256(content)
    assert record["wording_sha256"] == wording_sha256(content.wording)
    assert record["content"]["party_a"]["representative"] == "Bà Nguyễn Thị Huyền Trân Ưu"
    assert record["signatures"] == [
        {"role": signature.record.role, "sha256": signature_sha256(signature.record)}
        for signature in sign(content)
    ]


def test_signature_of_another_text_is_refused(content: Content, sign: Sign, draw: Draw) -> None:
    first, second, third = sign(content)
    other = replace(content, number=8)
    for target, signatures in (
        (other, [first, second, third]),
        (content, [first, first]),
        (content, [replace(first, strokes=second.strokes)]),
    ):
        with pytest.raises(ContentError) as caught:
            draw(target, signatures)
        assert caught.value.code == "content.other_signature"


def test_context_is_plain_and_empty_rows_are_left_out(content: Content) -> None:
    bare = replace(content.party_a, tax_code="", phone="", account="")
    context = memorandum_context(
        replace(content, party_a=bare), [], code=CODE, verify_url="http://127.0.0.1:8000/v/ab"
    )
    labels = [[cell["label"]["en"] for cell in row] for row in context["parties"][0]["rows"]]
    assert labels == [["Address"], ["Represented by", "Position"]]
    assert context["verification"]["host"] == "127.0.0.1:8000"


def test_printed_text_holds_every_name(content: Content) -> None:
    assert "Nguyễn Thị Huyền Trân Ưu" in printed_text(content)


def test_date_of_the_paper_is_the_one_given(file: Path) -> None:
    assert f"{SIGNED_AT:%Y-%m-%dT%H:%M:%SZ}" in _tool("pdfinfo", "-isodates", file)


def _last_page(paper: Paper, folder: Path, dots_per_inch: int) -> Image.Image:
    file, last = _file(paper, folder), str(paper.pages)
    target = folder / "page"
    _tool("pdftoppm", "-r", str(dots_per_inch), "-f", last, "-singlefile", "-png", file, target)
    with Image.open(target.with_suffix(".png")) as page:
        return page.convert("RGB")


def _is_blue_somewhere(page: Image.Image) -> bool:
    red, _, blue = (channel.tobytes() for channel in page.split())
    return any(more > less + 60 for more, less in zip(blue, red, strict=True))
