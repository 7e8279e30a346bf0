import re
import subprocess
import unicodedata
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from pyhanko.pdf_utils.generic import IndirectObject
from pyhanko.pdf_utils.reader import PdfFileReader

from core.pdf import Attachment, Paper
from core.press.faces import Slant
from core.press.lines import Words, set_lines
from core.press.pages import Drawing, Element, Mark, Text
from core.press.writing import Sheet, write_paper

CREATED = datetime(2026, 11, 20, 9, 15, tzinfo=UTC)
SLANTS: tuple[Slant, ...] = ("Regular", "Bold", "Italic", "BoldItalic")


def _write(*sheets: Sheet, attachments: tuple[Attachment, ...] = ()) -> Paper:
    return write_paper(
        sheets,
        title="Giấy (mẫu)",
        language="vi",
        identifier=bytes(range(16)),
        created=CREATED,
        attachments=attachments,
    )


def _sheet(*rows: tuple[Words, ...], element: Element | None = None) -> Sheet:
    marks, y = [], 20.0
    for words in rows:
        for line in set_lines(words, 260):
            marks.append(Text(line, 20, y, element or Element("P")))
            y += line.height
    return Sheet(300, 800, marks)


def _read(tool: str, *options: str, paper: Paper, folder: Path) -> str:
    file = folder / "paper.pdf"
    file.write_bytes(paper.content)
    command = [tool, *options, str(file), *(["-"] if tool == "pdftotext" else [])]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def test_same_sheets_give_the_same_bytes() -> None:
    attached = (Attachment(name="a.json", content=b"{}"),)
    first, second = (_write(_sheet((Words("Chợ"),)), attachments=attached) for _ in range(2))
    assert first == second
    assert first.pages == 1


def test_another_reader_finds_every_object_in_its_place() -> None:
    paper = _write(_sheet((Words("Chợ"),)), _sheet((Words("Phiên", "Bold"),)))
    reader = PdfFileReader(BytesIO(paper.content), strict=True)
    assert reader.root["/Pages"]["/Count"] == 2
    assert reader.root["/Lang"] == "vi"
    numbers = range(1, int(reader.trailer["/Size"]))
    objects = [reader.get_object(IndirectObject(number, 0, reader)) for number in numbers]
    assert None not in objects


def test_every_vietnamese_letter_can_be_copied_from_every_face(tmp_path: Path) -> None:
    """Sought, found and read aloud: letters must come out of the file as they went in."""
    marks = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
    bases = "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY"
    letters = "".join(
        unicodedata.normalize("NFC", f"{base}{mark}") for base in bases for mark in marks
    )
    letters += "đĐ"
    assert len(set(letters)) == len(letters) == 146
    rows = [(Words(" ".join(letters), slant),) for slant in SLANTS]
    paper = _write(_sheet(*rows))
    copied = _read("pdftotext", paper=paper, folder=tmp_path)
    assert "".join(copied.split()) == letters * 4
    fonts = _read("pdffonts", paper=paper, folder=tmp_path).splitlines()[2:]
    assert [re.split(r"[+ ]+", font)[1] for font in fonts] == [
        "Tinos",
        "Tinos-Bold",
        "Tinos-Italic",
        "Tinos-BoldItalic",
    ]
    assert all(re.search(r"Identity-H +yes yes yes", font) for font in fonts)


def test_reading_order_names_headings_languages_and_figures(tmp_path: Path) -> None:
    heading, said, figure = Element("H1"), Element("P"), Element("Figure", alt="Chữ ký (mẫu)")
    (title,) = set_lines((Words("BIÊN BẢN", "Bold"),), 200)
    words = (Words("Số"), Words(" / No.", "Italic", 9.5, "en"), Words(": 07"))
    (line,) = set_lines(words, 200)
    marks: list[Mark] = [
        Text(title, 0, 0, heading),
        Text(line, 0, 20, said),
        Drawing("0 0 m 9 9 l S", 0, 40, 2, figure, 20, 20),
        Text(line, 0, 380),
    ]
    paper = _write(Sheet(300, 400, marks))
    told = _read("pdfinfo", "-struct-text", paper=paper, folder=tmp_path)
    rows = [row.strip() for row in told.splitlines()]
    assert rows[:8] == [
        "Document",
        "H1 (block)",
        '"BIÊN BẢN"',
        "P (block)",
        '"Số"',
        "Span (inline)",
        '" / No."',
        '": 07"',
    ]
    assert rows[8].startswith("Figure")
    assert [row for row in rows[9:] if row.strip('"') in ("Số", ": 07")] == []
    assert f"/Alt<feff{'Chữ ký (mẫu)'.encode('utf-16-be').hex()}>".encode() in paper.content


def test_element_that_goes_on_overleaf_is_one_element(tmp_path: Path) -> None:
    said = Element("P")
    paper = _write(*(_sheet((Words(text),), element=said) for text in ("trang một ", "trang hai")))
    told = _read("pdfinfo", "-struct-text", paper=paper, folder=tmp_path)
    assert told.count("P (block)") == 1
    assert "trang một" in told
    assert "trang hai" in told


def test_attachments_come_out_as_they_went_in(tmp_path: Path) -> None:
    attached = (Attachment("b.json", b'{"b": 1}'), Attachment("a.txt", b"a" * 5000))
    paper = _write(_sheet((Words("Chợ"),)), attachments=attached)
    _read("pdfdetach", "-saveall", "-o", str(tmp_path), paper=paper, folder=tmp_path)
    assert (tmp_path / "b.json").read_bytes() == attached[0].content
    assert (tmp_path / "a.txt").read_bytes() == attached[1].content


def test_paper_says_its_title_and_its_date_twice_alike(tmp_path: Path) -> None:
    paper = _write(_sheet((Words("Chợ"),)))
    facts = _read("pdfinfo", "-isodates", paper=paper, folder=tmp_path)
    assert re.search(r"^Title: +Giấy \(mẫu\)$", facts, re.MULTILINE)
    assert re.search(r"^CreationDate: +2026-11-20T09:15:00Z$", facts, re.MULTILINE)
    metadata = _read("pdfinfo", "-meta", paper=paper, folder=tmp_path)
    assert "Giấy (mẫu)" in metadata
    assert "2026-11-20T09:15:00Z" in metadata
    assert re.search(r"<pdfuaid:part>1</pdfuaid:part>", metadata)


def test_date_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        write_paper(
            [], title="", language="vi", identifier=bytes(16), created=CREATED.replace(tzinfo=None)
        )
