"""Filled pages become a file: tagged PDF/A-3a and PDF/UA-1, the same bytes for the same pages.

ISO 32000-1 (PDF 1.7), ISO 19005-3 (PDF/A-3), ISO 14289-1 (PDF/UA-1).
"""

import hashlib
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from importlib.util import find_spec
from itertools import groupby
from mimetypes import guess_type
from operator import itemgetter
from pathlib import Path
from typing import get_args
from xml.sax.saxutils import escape

from core.pdf import UA_METADATA, Attachment, Paper
from core.press.faces import Slant, face
from core.press.lines import Words
from core.press.pages import Drawing, Element, Mark

PRODUCER = "Chợ Phiên"

OCTETS = "application/octet-stream"

# Flags of a face (ISO 32000-1, 9.8.2).
SERIF, SYMBOLIC = 2, 4

_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"
 pdfaid:part="3" pdfaid:conformance="A"/>
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:xmp="http://ns.adobe.com/xap/1.0/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<pdf:Producer>{producer}</pdf:Producer>
<xmp:CreateDate>{moment}</xmp:CreateDate><xmp:ModifyDate>{moment}</xmp:ModifyDate>
</rdf:Description>{also}</rdf:RDF></x:xmpmeta><?xpacket end="r"?>"""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page as it is written: `width` and `height` in points, marks from its top left."""

    width: float
    height: float
    marks: Sequence[Mark]


@dataclass(slots=True)
class _File:
    """Numbered objects (ISO 32000-1, 7.3.10), joined at the end."""

    objects: list[bytes] = field(default_factory=list)

    def keep(self) -> int:
        """A number for an object that is written later."""
        self.objects.append(b"")
        return len(self.objects)

    def put(self, number: int, content: str | bytes) -> None:
        self.objects[number - 1] = (
            content.encode("latin-1") if isinstance(content, str) else content
        )

    def add(self, content: str | bytes) -> int:
        number = self.keep()
        self.put(number, content)
        return number

    def stream(self, content: bytes, entries: str = "", *, is_plain: bool = False) -> int:
        if not is_plain:
            content, entries = zlib.compress(content), entries + "/Filter/FlateDecode"
        head = f"<<{entries}/Length {len(content)}>>stream\n".encode("latin-1")
        return self.add(head + content + b"\nendstream")

    def whole(self, trailer: str) -> bytes:
        parts, at, places = [b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"], 15, []
        for number, content in enumerate(self.objects, start=1):
            part = b"%d 0 obj\n%b\nendobj\n" % (number, content)
            places.append(at)
            at += len(part)
            parts.append(part)
        table = "".join(f"{place:010} 00000 n \n" for place in places)
        count = len(places) + 1
        end = f"xref\n0 {count}\n0000000000 65535 f \n{table}trailer\n<</Size {count}{trailer}>>\n"
        parts.append(f"{end}startxref\n{at}\n%%EOF\n".encode("latin-1"))
        return b"".join(parts)


@dataclass(slots=True)
class _Node:
    """An element on its way into the file: its number, and what it holds in reading order."""

    number: int
    parent: int
    kids: list[tuple[int | None, int]] = field(default_factory=list)  # page and mark, or object


def write_paper(
    sheets: Sequence[Sheet],
    *,
    title: str,
    language: str,
    identifier: bytes,
    created: datetime,
    attachments: Sequence[Attachment] = (),
) -> Paper:
    """Write sheets as a finished paper.

    `identifier` is 16 bytes that name the paper, `created` an aware moment written as its date.
    Raises ValueError for a moment without a zone.
    """
    if created.tzinfo is None:
        raise ValueError("a paper's date needs a time zone")
    facts = _Facts(title, language, identifier, created.astimezone(UTC))
    return Paper(content=_Writer().write(sheets, facts, attachments), pages=len(sheets))


@dataclass(frozen=True, slots=True)
class _Facts:
    """What a paper says of itself."""

    title: str
    language: str
    identifier: bytes
    moment: datetime

    @property
    def date(self) -> str:
        return f"(D:{self.moment:%Y%m%d%H%M%S}Z)"


class _Writer:
    """Puts sheets into one file: pages and faces first, then how they hang together."""

    def __init__(self) -> None:
        self.file = _File()
        self.root, self.tree, self.document = (self.file.keep() for _ in range(3))
        self.pages: list[int] = []
        self.letters: dict[Slant, set[str]] = {}
        self.nodes: dict[Element, _Node] = {}
        self.boxes: dict[Element, str] = {}
        self.spans: dict[tuple[Element, Words], Element] = {}
        self.top = _Node(self.document, self.tree)

    def write(
        self, sheets: Sequence[Sheet], facts: _Facts, attachments: Sequence[Attachment]
    ) -> bytes:
        file = self.file
        self.pages = [file.keep() for _ in sheets]
        contents = [self._page(number, sheet) for number, sheet in enumerate(sheets)]
        self._structure([owners for _content, owners in contents])
        pages, resources = file.keep(), file.add(f"<</Font<<{self._faces()}>>>>")
        for number, (sheet, (content, _owners)) in enumerate(zip(sheets, contents, strict=True)):
            file.put(
                self.pages[number],
                f"<</Type/Page/Parent {pages} 0 R/Resources {resources} 0 R"
                f"/MediaBox[0 0 {sheet.width:.2f} {sheet.height:.2f}]/Contents {content} 0 R"
                f"/StructParents {number}/Tabs/S>>",
            )
        file.put(pages, f"<</Type/Pages/Count {len(sheets)}/Kids[{_references(self.pages)}]>>")
        file.put(
            self.root,
            f"<</Type/Catalog/Pages {pages} 0 R/Lang{_text(facts.language)}"
            "/MarkInfo<</Marked true>>/ViewerPreferences<</DisplayDocTitle true>>"
            f"/StructTreeRoot {self.tree} 0 R/Metadata {self._metadata(facts)} 0 R"
            f"{self._colours()}{self._attached(attachments, facts.date)}>>",
        )
        info = file.add(
            f"<</Title{_text(facts.title)}/Producer{_text(PRODUCER)}"
            f"/CreationDate{facts.date}/ModDate{facts.date}>>"
        )
        state = hashlib.md5(b"".join(file.objects), usedforsecurity=False).hexdigest()
        names = f"/ID[<{facts.identifier.hex()}><{state}>]"
        return file.whole(f"/Root {self.root} 0 R/Info {info} 0 R{names}")

    def _page(self, number: int, sheet: Sheet) -> tuple[int, list[int]]:
        """The page's content, and which element each of its marked parts belongs to."""
        owners: list[int] = []
        parts: list[str] = []
        shown = (each for mark in sheet.marks for each in self._shown(mark, sheet.height))
        for element, group in groupby(shown, key=itemgetter(0)):
            parts.append(self._opened(element, number, owners))
            parts += [operators for _element, operators in group]
            parts.append("EMC")
        return self.file.stream("\n".join(parts).encode("latin-1")), owners

    def _opened(self, element: Element | None, page: int, owners: list[int]) -> str:
        if element is None:
            return "/Artifact BMC"
        node = self._node(element)
        node.kids.append((page, len(owners)))
        owners.append(node.number)
        return f"/{element.kind} <</MCID {len(owners) - 1}>> BDC"

    def _node(self, element: Element) -> _Node:
        """The element's node, which joins its parent's when it is first met."""
        if element not in self.nodes:
            parent = self._node(element.parent) if element.parent else self.top
            number = self.file.keep()
            parent.kids.append((None, number))
            self.nodes[element] = _Node(number, parent.number)
        return self.nodes[element]

    def _shown(self, mark: Mark, height: float) -> Iterator[tuple[Element | None, str]]:
        """The operators of a mark, part by part, with the element that each belongs to."""
        if isinstance(mark, Drawing):
            top, right = height - mark.y, mark.x + mark.width
            if mark.element:
                box = f"{mark.x:.2f} {top - mark.height:.2f} {right:.2f} {top:.2f}"
                self.boxes[mark.element] = f"/A<</O/Layout/BBox[{box}]>>"
            matrix = f"{mark.scale:.4f} 0 0 {-mark.scale:.4f} {mark.x:.2f} {top:.2f}"
            yield mark.element, f"q {matrix} cm\n{mark.operators}\nQ"
            return
        if not mark.line.parts:
            yield mark.element, ""  # an empty cell is a cell all the same
        y = height - mark.y - mark.line.base
        for part in mark.line.parts:
            words = part.words
            self.letters.setdefault(words.slant, set()).update(part.text)
            place = f"1 0 0 1 {mark.x + part.x:.2f} {y:.2f} Tm"
            text = f"BT /{words.slant} {words.size:g} Tf {place} [{part.shown}] TJ ET"
            yield self._spoken(mark.element, words), f"{mark.grey:.3g} g {text}"

    def _spoken(self, element: Element | None, words: Words) -> Element | None:
        """The element, or a part of it for words in another language."""
        if element is None or words.language in ("", element.language):
            return element
        if (element, words) not in self.spans:
            self.spans[element, words] = Element("Span", element, language=words.language)
        return self.spans[element, words]

    def _structure(self, owners: list[list[int]]) -> None:
        file = self.file
        for element, node in self.nodes.items():
            file.put(node.number, _element(element.kind, node, self.pages, self._said(element)))
        file.put(self.document, _element("Document", self.top, self.pages, ""))
        rows = "".join(f"{number}[{_references(owned)}]" for number, owned in enumerate(owners))
        file.put(
            self.tree,
            f"<</Type/StructTreeRoot/K[{self.document} 0 R]/ParentTree<</Nums[{rows}]>>"
            f"/ParentTreeNextKey {len(owners)}>>",
        )

    def _said(self, element: Element) -> str:
        alt = f"/Alt{_text(element.alt)}" if element.alt else ""
        language = f"/Lang{_text(element.language)}" if element.language else ""
        return alt + language + element.attributes + self.boxes.get(element, "")

    def _faces(self) -> str:
        used = [slant for slant in get_args(Slant) if slant in self.letters]
        return "".join(f"/{slant} {self._face(slant)} 0 R" for slant in used)

    def _face(self, slant: Slant) -> int:
        """The face with the letters that this paper shows."""
        file, used = self.file, face(slant)
        letters = sorted(self.letters[slant])
        content = used.embedded(letters)
        name = f"{_tag(letters)}+{used.name}"
        program = file.stream(content, f"/Length1 {len(content)}")
        box = " ".join(map(str, used.box))
        descriptor = file.add(
            f"<</Type/FontDescriptor/FontName/{name}/Flags {SYMBOLIC | SERIF}/FontBBox[{box}]"
            f"/ItalicAngle {used.angle:g}/Ascent {used.ascent}/Descent {used.descent}"
            f"/CapHeight {used.capital}/StemV 80/FontFile2 {program} 0 R>>"
        )
        # Of two letters that are drawn alike the plainer one is copied: a space, a hyphen.
        plainest = {used.glyphs[letter]: letter for letter in reversed(letters)}
        glyphs = sorted(plainest.items())
        widths = " ".join(f"{glyph}[{used.widths[glyph]}]" for glyph, _letter in glyphs)
        descendant = file.add(
            f"<</Type/Font/Subtype/CIDFontType2/BaseFont/{name}/CIDToGIDMap/Identity/DW 0"
            "/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
            f"/FontDescriptor {descriptor} 0 R/W[{widths}]>>"
        )
        copied = file.stream(_to_unicode(glyphs).encode())
        return file.add(
            f"<</Type/Font/Subtype/Type0/BaseFont/{name}/Encoding/Identity-H"
            f"/DescendantFonts[{descendant} 0 R]/ToUnicode {copied} 0 R>>"
        )

    def _metadata(self, facts: _Facts) -> int:
        said = _XMP.format(
            title=escape(facts.title),
            producer=PRODUCER,
            moment=f"{facts.moment:%Y-%m-%dT%H:%M:%SZ}",
            also=UA_METADATA.decode(),
        )
        return self.file.stream(said.encode(), "/Type/Metadata/Subtype/XML", is_plain=True)

    def _colours(self) -> str:
        profile = self.file.stream(_srgb(), "/N 3")
        return (
            "/OutputIntents[<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(sRGB)"
            f"/Info(sRGB)/DestOutputProfile {profile} 0 R>>]"
        )

    def _attached(self, attachments: Sequence[Attachment], date: str) -> str:
        """The files carried inside, by name."""
        if not attachments:
            return ""
        sorted_ones = sorted(attachments, key=lambda each: each.name)
        numbers = [self._attach(each, date) for each in sorted_ones]
        names = " ".join(
            f"{_text(each.name)} {number} 0 R"
            for each, number in zip(sorted_ones, numbers, strict=True)
        )
        return f"/AF[{_references(numbers)}]/Names<</EmbeddedFiles<</Names[{names}]>>>>"

    def _attach(self, attachment: Attachment, date: str) -> int:
        content, name = attachment.content, _text(attachment.name)
        digest = hashlib.md5(content, usedforsecurity=False).hexdigest()
        facts = f"/Size {len(content)}/CheckSum<{digest}>/CreationDate{date}/ModDate{date}"
        kind = (guess_type(attachment.name)[0] or OCTETS).replace("/", "#2f")
        entries = f"/Type/EmbeddedFile/Subtype/{kind}/Params<<{facts}>>"
        embedded = self.file.stream(content, entries)
        return self.file.add(
            f"<</Type/Filespec/F{name}/UF{name}/Desc{name}/AFRelationship/{attachment.relationship}"
            f"/EF<</F {embedded} 0 R/UF {embedded} 0 R>>>>"
        )


def _references(numbers: Sequence[int]) -> str:
    return " ".join(f"{number} 0 R" for number in numbers)


def _element(kind: str, node: _Node, pages: list[int], said: str) -> str:
    kids = " ".join(
        f"{number} 0 R" if page is None else f"<</Type/MCR/Pg {pages[page]} 0 R/MCID {number}>>"
        for page, number in node.kids
    )
    return f"<</Type/StructElem/S/{kind}/P {node.parent} 0 R{said}/K[{kids}]>>"


def _text(text: str) -> str:
    """A text as a PDF's string: as ASCII, or as UTF-16 with its mark (ISO 32000-1, 7.9.2.2)."""
    if text.isascii():
        return f"<{text.encode().hex()}>"
    return f"<feff{text.encode('utf-16-be').hex()}>"


def _tag(letters: Sequence[str]) -> str:
    """Six capitals that name a face with just these letters (ISO 32000-1, 9.6.4)."""
    digest = hashlib.sha256("".join(letters).encode()).digest()
    return "".join(chr(ord("A") + byte % 26) for byte in digest[:6])


def _to_unicode(glyphs: Sequence[tuple[int, str]]) -> str:
    rows = [f"<{glyph:04x}> <{letter.encode('utf-16-be').hex()}>" for glyph, letter in glyphs]
    # At most a hundred to a group (Adobe Technical Note 5014).
    groups = [rows[at : at + 100] for at in range(0, len(rows), 100)]
    pairs = "\n".join(
        "\n".join((f"{len(group)} beginbfchar", *group, "endbfchar")) for group in groups
    )
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        "1 begincodespacerange\n<0000> <ffff>\nendcodespacerange\n"
        f"{pairs}\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"
    )


@cache
def _srgb() -> bytes:
    """The profile of the colours (ICC sRGB2014), which comes with WeasyPrint."""
    renderer = find_spec("weasyprint")  # found, not imported: that takes half a second
    assert renderer is not None
    assert renderer.origin is not None
    return (Path(renderer.origin).parent / "pdf" / "sRGB2014.icc").read_bytes()
