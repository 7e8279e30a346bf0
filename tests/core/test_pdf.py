import re
import subprocess
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from core import pdf

TextOf = Callable[[pdf.Paper], str]

CREATED = datetime(2026, 11, 20, 2, 15, tzinfo=UTC)
PAGE = '<html lang="vi"><title>x</title><p>{{ text }}</p></html>'
VIETNAMESE = "".join(
    letter + letter.upper()
    for letter in "aàảãáạăằẳẵắặâầẩẫấậeèẻẽéẹêềểễếệiìỉĩíịoòỏõóọôồổỗốộơờởỡớợuùủũúụưừửữứựyỳỷỹýỵđ"
)


class _Server(HTTPServer):
    """A neighbour on this machine that counts who calls."""

    calls = 0

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        self.server.calls += 1
        self.send_response(404)
        self.end_headers()

    def log_message(self, *_args: object) -> None:
        pass


@pytest.fixture(scope="module")
def neighbour() -> Iterator[_Server]:
    server = _Server(("127.0.0.1", 0), _Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def _render(template: str, context: dict[str, Any] | None = None, **options: object) -> pdf.Paper:
    backend = "django.template.backends.django.DjangoTemplates"
    loaders = [("django.template.loaders.locmem.Loader", {"page.html": template})]
    with override_settings(TEMPLATES=[{"BACKEND": backend, "OPTIONS": {"loaders": loaders}}]):
        settings: dict[str, Any] = {
            "stylesheets": [],
            "title": "Giấy",
            "language": "vi",
            "identifier": bytes(16),
            "created": CREATED,
        }
        return pdf.render("page.html", context or {}, **settings | options)


def _tool(*command: str | Path) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@pytest.fixture
def text_of(tmp_path: Path) -> TextOf:
    def read(paper: pdf.Paper) -> str:
        file = tmp_path / "paper.pdf"
        file.write_bytes(paper.content)
        return " ".join(_tool("pdftotext", "-layout", file, "-").split())

    return read


def test_same_arguments_give_the_same_bytes() -> None:
    attachment = pdf.Attachment(name="a.json", content=b"{}")
    first, second = (
        _render(PAGE, {"text": "Chợ Phiên"}, attachments=[attachment]) for _ in range(2)
    )
    assert first == second
    assert first.pages == 1


def test_paper_declares_both_standards_its_title_and_its_date(tmp_path: Path) -> None:
    file = tmp_path / "paper.pdf"
    file.write_bytes(_render(PAGE, {"text": "x"}).content)
    metadata = _tool("pdfinfo", "-meta", file)
    assert re.search(r'pdfaid:part="3"', metadata)
    assert re.search(r'pdfaid:conformance="A"', metadata)
    assert re.search(r"<pdfuaid:part>1</pdfuaid:part>", metadata)
    assert metadata.count("</rdf:RDF>") == 1
    facts = _tool("pdfinfo", "-isodates", file)
    assert re.search(r"^Title: +Giấy$", facts, re.MULTILINE)
    assert re.search(r"^CreationDate: +2026-11-20T02:15:00Z$", facts, re.MULTILINE)
    assert re.search(r"^Tagged: +yes$", facts, re.MULTILINE)


def test_hostile_text_stays_text(neighbour: _Server, text_of: TextOf, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("gia truyền")
    text = (
        f"<img src={neighbour.address}/a> <link rel=attachment href=file://{secret}>"
        f"<style>@import '{neighbour.address}/b';</style> {{% debug %}} {{{{ text }}}}"
    )
    printed = text_of(_render(PAGE, {"text": text}))
    assert printed.replace(" ", "") == text.replace(" ", "")
    assert neighbour.calls == 0


@pytest.mark.parametrize(
    "markup",
    [
        '<img alt="x" src="ADDRESS/a.png">',
        '<link rel="stylesheet" href="ADDRESS/a.css">',
        '<link rel="attachment" href="file:///etc/hostname">',
        '<img alt="x" src="file:///etc/hostname">',
        '<img alt="x" src="data:image/svg+xml,%3Csvg/%3E">',
        "<style>@import 'ADDRESS/a.css';</style>",
        "<style>@font-face { font-family: A; src: url(ADDRESS/a.ttf) }</style>",
        '<svg><title>x</title><image href="ADDRESS/a.png" width="9" height="9"/></svg>',
    ],
)
def test_template_that_asks_for_an_address_is_refused(markup: str, neighbour: _Server) -> None:
    with pytest.raises(pdf.PdfError) as caught:
        _render(PAGE.replace("<p>", markup.replace("ADDRESS", neighbour.address) + "<p>"))
    assert caught.value.code == "pdf.warning"
    assert neighbour.calls == 0


def test_letter_without_a_glyph_is_refused() -> None:
    with pytest.raises(pdf.PdfError) as caught:
        _render(PAGE, {"text": "Chợ 市"})
    assert caught.value.code == "pdf.warning"
    assert re.search(r"U\+5E02", caught.value.facts["warnings"])


def test_fonts_of_the_machine_are_not_seen(tmp_path: Path) -> None:
    file = tmp_path / "paper.pdf"
    faces = ("DejaVu Sans", "Liberation Serif", "sans-serif", "Tinos", "Be Vietnam Pro")
    text = "".join(f'<p style="font-family: {face}">Ữ</p>' for face in faces)
    file.write_bytes(_render(f'<html lang="vi">{text}</html>').content)
    fonts = {line.split()[0].split("+")[1] for line in _tool("pdffonts", file).splitlines()[2:]}
    assert fonts == {"Tinos", "Be-Vietnam-Pro"}


@pytest.mark.parametrize(
    "value", [0.5, mark_safe("<b>"), gettext_lazy("x"), object(), {1: "a"}, [{"a": b"x"}]]
)
def test_value_that_is_not_plain_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="context"):
        _render(PAGE, {"text": value})


def test_plain_values_are_taken() -> None:
    pdf.check_plain({"a": [1, Decimal("1.5"), True, None, ("x", date(2026, 1, 1), CREATED)]})


def test_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        _render(PAGE, created=CREATED.replace(tzinfo=None))


def test_stylesheet_outside_the_bundle_is_refused() -> None:
    with pytest.raises(ValueError, match="stylesheet"):
        _render(PAGE, stylesheets=["../pyproject.toml"])


@pytest.mark.parametrize(("limit", "value"), [("MAX_HTML", 20), ("MAX_PAGES", 1)])
def test_bomb_is_refused(limit: str, value: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, limit, value)
    with pytest.raises(pdf.PdfError) as caught:
        _render('<html lang="vi"><p>a</p><p style="break-before: page">b</p></html>')
    assert caught.value.code == "pdf.too_large"


def test_language_of_the_paper_is_not_the_readers(text_of: TextOf) -> None:
    page = '{% load i18n %}<html lang="vi">{% get_current_language as l %}<p>{{ l }}</p></html>'
    backend_language = text_of(_render(page, language="en"))
    assert backend_language == "en"


def test_serif_has_every_vietnamese_letter_in_all_faces() -> None:
    assert pdf.missing_glyphs(VIETNAMESE + "₫“”‘’–—…·%°²³") == set()


def test_missing_glyphs_names_what_cannot_be_printed() -> None:
    assert pdf.missing_glyphs("Miến dong 🍜 市\n") == {"🍜", "市"}


def test_missing_glyphs_composes_letters_first() -> None:
    assert pdf.missing_glyphs("Nguye\u0302\u0303n") == set()
