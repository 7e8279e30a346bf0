"""What an uploaded file is, told by what is in it."""

import io
import zipfile

import pytest
from PIL import Image

from core.errors import DomainError
from core.papers import MOST_BYTES, media_type_of, name_for

OFFICE = "application/vnd.openxmlformats-officedocument."
PDF = b"%PDF-1.7\n1 0 obj\nendobj\ntrailer\n%%EOF\n"


def _zip(*names: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as parts:
        for name in names:
            parts.writestr(name, "<x/>")
    return file.getvalue()


def _picture(kind: str, size: tuple[int, int] = (8, 8)) -> bytes:
    file = io.BytesIO()
    Image.new("1", size).convert("L" if kind == "JPEG" else "1").save(file, kind)
    return file.getvalue()


WORD = _zip("[Content_Types].xml", "word/document.xml")
EXCEL = _zip("[Content_Types].xml", "xl/workbook.xml")


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (PDF, "application/pdf"),
        (_picture("JPEG"), "image/jpeg"),
        (_picture("PNG"), "image/png"),
        (WORD, f"{OFFICE}wordprocessingml.document"),
        (EXCEL, f"{OFFICE}spreadsheetml.sheet"),
    ],
    ids=["pdf", "jpeg", "png", "docx", "xlsx"],
)
def test_the_five_kinds_are_known(content: bytes, media_type: str) -> None:
    assert media_type_of(content) == media_type


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "paper.empty"),
        (PDF + b" " * MOST_BYTES, "paper.too_large"),
        (PDF[:12], "paper.broken"),
        (_picture("PNG")[:40], "paper.broken"),
        (_picture("JPEG")[:60], "paper.broken"),
        (_picture("PNG", (8000, 7501)), "paper.too_large"),
        (WORD[:-30], "paper.broken"),
        (_zip("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), "paper.macros"),
        (_zip("word/document.xml"), "paper.unknown"),
        (_zip("[Content_Types].xml", "ppt/presentation.xml"), "paper.unknown"),
        (_zip("[Content_Types].xml", "word/document.xml", "xl/workbook.xml"), "paper.unknown"),
        (b"<html><script>alert(1)</script>", "paper.unknown"),
        (b"GIF89a" + bytes(40), "paper.unknown"),
        (b"MZ" + bytes(400), "paper.unknown"),
    ],
)
def test_anything_else_is_refused_in_words(content: bytes, code: str) -> None:
    with pytest.raises(DomainError) as refused:
        media_type_of(content)
    assert refused.value.code == code
    assert str(refused.value)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("Quyết định 12.pdf", "Quyết định 12.pdf"),
        ("scan.PDF", "scan.pdf"),
        ("page.html", "page.html.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Hồ sơ\\đơn.pdf", "đơn.pdf"),
        ("", "tep.pdf"),
        ("Đ" * 300 + ".pdf", "Đ" * 196 + ".pdf"),
    ],
)
def test_a_name_ends_as_its_kind_does_and_holds_no_folder(name: str, kept: str) -> None:
    assert name_for(name, "application/pdf") == kept
