"""The only door to WeasyPrint: a template and plain values in, a finished paper out.

Nothing outside the bundled fonts and stylesheets can get into a paper: no address is ever
fetched, no font of the machine is seen, and every warning of the renderer is an error, so
that a paper is either exactly what was meant or not made at all.
"""

import hashlib
import logging
import os
import threading
import unicodedata
import warnings
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NoReturn

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError

if TYPE_CHECKING:
    import pydyf  # type: ignore[import-untyped]
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration

STATIC = Path(__file__).resolve().parent.parent / "static"
FONTS = STATIC / "fonts"
SERIF_FACES = (
    "Tinos-Regular.ttf",
    "Tinos-Bold.ttf",
    "Tinos-Italic.ttf",
    "Tinos-BoldItalic.ttf",
)

#: Characters of finished HTML and pages of finished paper; a bomb ends here, time elsewhere.
MAX_HTML = 8_000_000
MAX_PAGES = 500

PLAIN_TYPES = frozenset({str, int, bool, Decimal, date, datetime, type(None)})

# WeasyPrint has no variant that is PDF/A and PDF/UA at once, so the second name is added to
# the metadata by hand. PDF/A asks that a schema it does not know be described beside it.
UA_METADATA = b"""
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>PDF/UA part number</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
"""

# Fontconfig reads its file when a font map is made; ours shows it the bundled folder only,
# without the copies that browsers use.
_FONTCONFIG = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig><dir>{fonts}</dir><cachedir>{cache}</cachedir>
<selectfont><rejectfont><glob>*.woff2</glob></rejectfont></selectfont></fontconfig>
"""

# The renderer's fonts, its log and the language are shared by all threads of a process.
_LOCK = threading.RLock()


class PdfError(DomainError):
    """A paper could not be made as it was meant; codes `pdf.too_large` and `pdf.warning`."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file carried inside a paper; `relationship` as PDF/A-3 names it, such as `Source`."""

    name: str
    content: bytes
    relationship: str = "Source"


@dataclass(frozen=True, slots=True)
class Paper:
    """A finished PDF: its bytes and its number of pages."""

    content: bytes
    pages: int

    @property
    def sha256(self) -> str:
        """The lower-case hexadecimal SHA-256 of the bytes."""
        return hashlib.sha256(self.content).hexdigest()


def render(
    template: str,
    context: Mapping[str, Any],
    *,
    stylesheets: Sequence[str],
    title: str,
    language: str,
    identifier: bytes,
    created: datetime,
    variant: str | None = "pdf/a-3a",
    attachments: Sequence[Attachment] = (),
) -> Paper:
    """Draw a Django template as a PDF; the same arguments always give the same bytes.

    `context` holds plain values only (text, numbers without floats, dates, lists and
    dictionaries with text keys), so that no row and no ready-made markup gets in.
    `stylesheets` are names under `static/`, such as `css/pdf-register.css`. `identifier` is
    16 bytes that name the paper, `created` an aware moment written as its date. A level-A
    variant (`pdf/a-3a`) is also declared and tagged as PDF/UA-1.

    Raises TypeError for a value that is not plain, ValueError for a moment without a zone,
    `pdf.too_large` for more than `MAX_HTML` characters or `MAX_PAGES` pages and `pdf.warning`
    if the renderer refused an address, lacked a glyph or ignored a rule.
    """
    check_plain(context)
    if created.tzinfo is None:
        raise ValueError("a paper's date needs a time zone")
    moment = created.astimezone(UTC)
    with translation.override(language):
        html = render_to_string(template, dict(context))
    if len(html) > MAX_HTML:
        _refuse_size(len(html))
    with _LOCK, _warnings_as_errors():
        document = _lay_out(html, stylesheets)
        document.metadata.title = title
        document.metadata.lang = language
        document.metadata.created = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
        document.metadata.modified = document.metadata.created
        with warnings.catch_warnings():
            # WeasyPrint 70 leaves its colour profile to the garbage collector.
            warnings.simplefilter("ignore", ResourceWarning)
            content = document.write_pdf(
                pdf_variant=variant,
                pdf_identifier=identifier,
                finisher=partial(_finish, is_ua=bool(variant and variant.endswith("a"))),
                attachments=[_attach(attachment, moment) for attachment in attachments],
            )
    return Paper(content=content, pages=len(document.pages))


def load_renderer() -> None:
    """Import what drawing needs: in a process that will fork, once for all its children."""
    import weasyprint  # noqa: F401, PLC0415 - slow import, wanted by few processes


def check_plain(value: object, *, where: str = "context") -> None:
    """Raise TypeError unless the value is plain through and through.

    Subclasses are refused as well: marked-safe text would pass the template's escaping.
    """
    if isinstance(value, Mapping):
        for key, item in value.items():
            if type(key) is not str:
                raise TypeError(f"{where} has a key that is no text: {key!r}")
            check_plain(item, where=f"{where}.{key}")
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            check_plain(item, where=f"{where}[{index}]")
    elif type(value) not in PLAIN_TYPES:
        raise TypeError(f"{where} is not a plain value but {type(value).__name__}")


def missing_glyphs(text: str) -> set[str]:
    """Return the letters of the text that a face of the bundled serif cannot print."""
    composed = unicodedata.normalize("NFC", text)
    return {letter for letter in composed if letter not in "\n\t" and ord(letter) not in _serif()}


@cache
def _serif() -> frozenset[int]:
    """The code points that all four faces of the serif can print."""
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # noqa: PLC0415 - slow import

    covered = []
    for name in SERIF_FACES:
        with TTFont(FONTS / name, lazy=True) as face:
            covered.append(frozenset(face.getBestCmap()))
    return frozenset.intersection(*covered)


def _lay_out(html: str, stylesheets: Sequence[str]) -> "weasyprint.Document":
    import weasyprint  # noqa: PLC0415 - slow import, wanted by few processes

    document = weasyprint.HTML(string=html, url_fetcher=_NoAddress()).render(
        stylesheets=[_stylesheet(name) for name in stylesheets], font_config=_fonts()
    )
    if len(document.pages) > MAX_PAGES:
        _refuse_size(len(document.pages))
    return document


def _attach(attachment: Attachment, moment: datetime) -> "weasyprint.Attachment":
    import weasyprint  # noqa: PLC0415 - slow import, wanted by few processes

    return weasyprint.Attachment(
        string=attachment.content,
        name=attachment.name,
        relationship=attachment.relationship,
        created=moment,
        modified=moment,
    )


@cache
def _fonts() -> "FontConfiguration":
    """The one font map of this process, which knows the bundled faces and no other."""
    from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415 - slow import

    before = os.environ.get("FONTCONFIG_FILE")
    with TemporaryDirectory(prefix="paper-fonts-") as folder:
        settings = Path(folder) / "fonts.conf"
        settings.write_text(_FONTCONFIG.format(fonts=FONTS, cache=folder), encoding="utf-8")
        os.environ["FONTCONFIG_FILE"] = str(settings)
        try:
            return FontConfiguration()
        finally:
            if before is None:
                del os.environ["FONTCONFIG_FILE"]
            else:
                os.environ["FONTCONFIG_FILE"] = before


@cache
def _stylesheet(name: str) -> "weasyprint.CSS":
    import weasyprint  # noqa: PLC0415 - slow import, wanted by few processes

    path = (STATIC / name).resolve()
    if not path.is_relative_to(STATIC):
        raise ValueError(f"no bundled stylesheet: {name}")
    text = path.read_text(encoding="utf-8")
    return weasyprint.CSS(string=text, url_fetcher=_NoAddress(), font_config=_fonts())


class _NoAddress:
    """Refuses whatever a paper asks for; WeasyPrint logs it, and that log line is an error."""

    _fail_on_errors = False  # read by WeasyPrint beside the call itself

    def __call__(self, url: str) -> NoReturn:
        raise PermissionError(f"a paper fetches nothing: {url}")


def _refuse_size(size: int) -> NoReturn:
    raise PdfError("pdf.too_large", _("The paper is too large to be drawn."), size=size)


@contextmanager
def _warnings_as_errors() -> Iterator[None]:
    """Raise `pdf.warning` at the end if the renderer warned of anything."""
    kept: list[str] = []

    class Keeper(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            kept.append(record.getMessage())

    keeper = Keeper(level=logging.WARNING)
    logger = logging.getLogger("weasyprint")
    logger.addHandler(keeper)
    try:
        yield
    finally:
        logger.removeHandler(keeper)
    if kept:
        raise PdfError(
            "pdf.warning",
            _("The paper could not be drawn as it was meant: %(warnings)s"),
            warnings="; ".join(dict.fromkeys(kept)),
        )


def _finish(_document: object, pdf: "pydyf.PDF", *, is_ua: bool) -> None:
    """Declare what the paper is, then make its objects' bytes once: the writer asks twice."""
    import pydyf  # noqa: PLC0415 - slow import, wanted by few processes

    class Written(pydyf.Object):
        data = compressible = None

    if is_ua:
        _declare_ua(pdf)
    for place, known in enumerate(pdf.objects):
        if known.free == "f":
            continue
        if isinstance(known, pydyf.Stream) and known.compress:
            _compress(known)
        written = Written()
        written.number, written.generation = known.number, known.generation
        written.data, written.compressible = known.data, known.compressible
        pdf.objects[place] = written


def _compress(stream: "pydyf.Stream") -> None:
    """As the writer would, but not at its level 9, which costs a tenth of all for 1 % in size."""
    stream.compress = False
    plain = stream.data.partition(b"\nstream\n")[2].removesuffix(b"\nendstream")
    stream.stream = [zlib.compress(plain)]
    stream.extra = {**stream.extra, "Filter": "/FlateDecode"}


def _declare_ua(pdf: "pydyf.PDF") -> None:
    metadata = pdf.objects[int(pdf.catalog["Metadata"].split()[0])]
    metadata.stream = [
        part.replace(b"</rdf:RDF>", UA_METADATA + b"</rdf:RDF>", 1) for part in metadata.stream
    ]
