"""How a memorandum looks on A4: Decree 30/2020/NĐ-CP, appendix I, kept as house style.

Takes the plain values of `mou.paper.layout.memorandum_context`, gives strips for the press.
English stands under the Vietnamese it renders, smaller and slanted.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from core.press.faces import Slant
from core.press.lines import Align, Line, Words, set_lines
from core.press.pages import Drawing, Element, Mark, Strip, Text, fill_pages, paragraph
from core.press.writing import Sheet

MM = 72 / 25.4
PAGE = (210 * MM, 297 * MM)
LEFT, TOP = 30 * MM, 20 * MM
ACROSS, DOWN = 165 * MM, 257 * MM

ENGLISH = 9.5
FINE = "0.5 w 0 G"
RULE = "0.75 w 0 G"

#: Columns of the products, in mm; together as wide as the text.
COLUMNS = (8, 45, 42, 18, 24, 28)
HEADS = ("item", "product", "recognition", "unit", "quantity", "price")
ALIGNS: tuple[Align, ...] = ("center", "left", "left", "left", "right", "right")
PAD_X, PAD_Y = 1 * MM, 0.7 * MM

SIGNATURE = 55 * MM
DRAWING = (54 * MM, 18 * MM)
SYMBOL = 31 * MM

Values = Mapping[str, Any]

#: A height in points, and marks counted from its top left.
Part = tuple[float, list[Mark]]


def memorandum_sheets(context: Values) -> list[Sheet]:
    """Set the whole memorandum, and number its pages."""
    pages = fill_pages(_strips(context), DOWN)
    sheets = []
    for number, page in enumerate(pages, start=1):
        marks = [mark.moved(LEFT, TOP) for mark in page.marks]
        if number > 1:
            (line,) = set_lines((Words(str(number)),), ACROSS, align="center")
            marks.append(Text(line, LEFT, (TOP - line.height) / 2))
        running = Words(f"{context['running']} · {number}/{len(pages)}", size=8.5)
        line = set_lines((running,), ACROSS)[0]
        marks.append(Text(line, LEFT, PAGE[1] - (TOP + line.height) / 2, grey=0.267))
        sheets.append(Sheet(*PAGE, marks))
    return sheets


def _strips(context: Values) -> Iterator[Strip]:
    wording, labels = context["wording"], context["wording"]["labels"]
    yield from _heading(context)
    if context["annex"]:
        yield from _annex(context["annex"])
    for basis in wording["bases"]:
        yield from _said((Words(basis["vi"], "Italic"),), indent=10 * MM)
    yield from _english(" ".join(basis["en"] for basis in wording["bases"]))
    yield from _both(wording["opening"])
    for party in context["parties"]:
        yield from _party(party)
    yield from _both(wording["agreement"])
    for number, article in context["articles"]:
        yield from _article(number, article, labels)
        if article.get("products"):
            yield from _products(context["items"], labels)
    yield _ending(context)


# Text


def _said(
    words: Sequence[Words],
    *,
    kind: str = "P",
    align: Align = "both",
    indent: float = 0,
    before: float = 0,
    keeps: bool = False,
) -> list[Strip]:
    element = Element(kind, language=words[0].language)
    lines = set_lines(tuple(words), ACROSS, align=align, indent=indent)
    return paragraph(lines, element, before=before, keeps=keeps)


def _english(text: str, **kind: Any) -> list[Strip]:
    return _said((Words(text, "Italic", ENGLISH, "en"),), **kind)


def _both(text: Values) -> Iterator[Strip]:
    yield from _said((Words(text["vi"]),), indent=10 * MM, before=3)
    yield from _english(text["en"])


def _label(label: Values, slant: Slant = "Regular", size: float = 13) -> tuple[Words, Words]:
    english = Words(f" / {label['en']}", "Italic", ENGLISH if size == 13 else 9, "en")
    return Words(label["vi"], slant, size), english


def _heading(context: Values) -> Iterator[Strip]:
    wording, labels = context["wording"], context["wording"]["labels"]
    yield from _said((Words(wording["state"]["vi"], "Bold"),), align="center")
    motto = _said((Words(wording["motto"]["vi"], "Bold"),), align="center")
    yield from motto
    yield _rule(max(map(_width, motto), default=0), 1, 2 * MM)
    yield from _said((Words(context["place_date"], "Italic"),), align="right")
    yield from _said(
        (Words(wording["title"]["vi"], "Bold", 14),), kind="H1", align="center", before=2 * MM
    )
    yield from _said((Words(wording["subject"]["vi"], "Bold", 14),), align="center")
    yield from _english(f"{wording['title']['en']} {wording['subject']['en']}", align="center")
    number = Words(f"{labels['number']['vi']}: {context['number']}")
    yield from _said((number,), align="center", before=1 * MM)
    yield _rule(45 * MM, 1.5 * MM, 2 * MM)


def _width(strip: Strip) -> float:
    (text,) = strip.marks
    return text.line.width if isinstance(text, Text) else 0


def _rule(width: float, above: float, below: float) -> Strip:
    """A line in the middle, `above` and `below` it so much room."""
    start, end = (ACROSS - width) / 2, (ACROSS + width) / 2
    operators = f"{RULE} {start:.2f} {above:.2f} m {end:.2f} {above:.2f} l S"
    return Strip(above + below, (Drawing(operators, 0, 0),))


def _party(party: Values) -> Iterator[Strip]:
    caption, english = _label(party["caption"], "Bold")
    name = (Words(": ", "Bold"), Words(party["name"], "Bold"))
    yield from _said((caption, english, *name), align="left", before=4, keeps=True)
    for row in party["rows"]:
        yield from _row(row)


def _row(row: Sequence[Values]) -> Iterator[Strip]:
    """Labels and values side by side where they fit on one line, else under one another."""
    cells = [(*_label(cell["label"]), Words(f": {cell['value']}")) for cell in row]
    set_cells = [set_lines(cell, ACROSS) for cell in cells]
    widths = [lines[0].width for lines in set_cells]
    gap = 6 * MM
    if all(len(lines) == 1 for lines in set_cells) and sum(widths) + gap * (len(row) - 1) <= ACROSS:
        marks, x = [], 0.0
        for (line,), width in zip(set_cells, widths, strict=True):
            marks.append(Text(line, x, 0, Element("P")))
            x += width + gap
        yield Strip(marks[0].line.height, tuple(marks), before=1)
        return
    for lines in set_cells:
        yield from paragraph(lines, Element("P"), before=1)


def _article(number: int, article: Values, labels: Values) -> Iterator[Strip]:
    title = Words(f"{labels['article']['vi']} {number}. {article['title']['vi']}", "Bold")
    english = f" / {labels['article']['en']} {number}. {article['title']['en']}"
    yield from _said(
        (title, Words(english, "Italic", ENGLISH, "en")),
        kind="H2",
        align="left",
        before=4.5,
        keeps=True,
    )
    for clause in article["clauses"]:
        yield from _both(clause)


# Tables


def _products(items: Sequence[Values], labels: Values) -> Iterator[Strip]:
    widths = [width * MM for width in COLUMNS]
    heads = [labels[name] for name in HEADS]
    heads[0] = {**heads[0], "en": ""}  # too narrow for two languages
    rows = [
        [
            str(number),
            item["name"],
            item["recognition"],
            item["unit"],
            " / ".join(part for part in (item["quantity"], item["period"]) if part),
            item["price"],
        ]
        for number, item in enumerate(items, start=1)
    ]
    yield from _table(heads, rows, widths, ALIGNS)


def _annex(annex: Values) -> Iterator[Strip]:
    """What makes this memorandum an annex of another; the words of the paper, not of the page."""
    said = (
        f"PHỤ LỤC số {annex['number']} của Biên bản ghi nhớ số {annex['of']}, mã {annex['code']}",
        f"Annex No. {annex['number']} to Memorandum No. {annex['of']}, code {annex['code']}",
    )
    yield from _said((Words(said[0], "Bold"),), indent=10 * MM, before=3)
    yield from _english(said[1])
    heads = (
        {"vi": "Nội dung cũ", "en": "/ As it was"},
        {"vi": "Nội dung mới", "en": "/ As it is now"},
    )
    rows = [[change["old"], change["new"]] for change in annex["changes"]]
    yield from _table(heads, rows, [ACROSS / 2] * 2, ("left", "left"))
    yield from _both(
        {
            "vi": "Các nội dung khác giữ nguyên. Toàn văn sau khi sửa đổi như dưới đây.",
            "en": "Everything else stays as it was. The whole text as amended follows.",
        }
    )


def _table(
    heads: Sequence[Values],
    rows: Sequence[Sequence[str]],
    widths: Sequence[float],
    aligns: Sequence[Align],
) -> Iterator[Strip]:
    """Rows under a head that comes again on top of each page they reach."""
    table = Element("Table")
    captions = [_caption(head, width) for head, width in zip(heads, widths, strict=True)]
    again = _cells(captions, widths, None, "TH")
    head = _cells(captions, widths, Element("TR", Element("THead", table)), "TH")
    yield Strip(head.height, head.marks, before=6, keeps=True)
    body = Element("TBody", table)
    for row in rows:
        cells = [
            set_lines((Words(text, size=10.5),), width - 2 * PAD_X, align=align) if text else ()
            for text, width, align in zip(row, widths, aligns, strict=True)
        ]
        strip = _cells(cells, widths, Element("TR", body), "TD")
        yield Strip(strip.height, strip.marks, head=again)


def _caption(head: Values, width: float) -> tuple[Line, ...]:
    room = width - 2 * PAD_X
    lines = set_lines((Words(head["vi"], "Bold", 10),), room, align="center")
    if head["en"]:
        lines += set_lines((Words(head["en"], "Italic", 8.5, "en"),), room, align="center")
    return lines


def _cells(
    cells: Sequence[Sequence[Line]], widths: Sequence[float], row: Element | None, kind: str
) -> Strip:
    """A row of cells in thin frames; lines of a head stand in the middle of their cell."""
    heights = [sum(line.height for line in lines) for lines in cells]
    height = max(heights) + 2 * PAD_Y
    marks: list[Mark] = [Drawing(_frames(widths, height), 0, 0)]
    x = 0.0
    for lines, width, used in zip(cells, widths, heights, strict=True):
        y = (height - used) / 2 if kind == "TH" else PAD_Y
        element = Element(kind, row, attributes=_scope(kind)) if row else None
        for line in lines or (EMPTY,):
            marks.append(Text(line, x + PAD_X, y, element))
            y += line.height
        x += width
    return Strip(height, tuple(marks))


#: A cell that says nothing is a cell all the same: each row has as many as the head.
EMPTY = Line((), 0, 0, 0)


def _scope(kind: str) -> str:
    return "/A<</O/Table/Scope/Column>>" if kind == "TH" else ""


def _frames(widths: Sequence[float], height: float) -> str:
    parts, x = [FINE], 0.0
    for width in widths:
        parts.append(f"{x:.2f} 0 {width:.2f} {height:.2f} re")
        x += width
    return " ".join((*parts, "S"))


# Signatures and the verification strip stay together on one page.


def _ending(context: Values) -> Strip:
    labels = context["wording"]["labels"]
    blocks = [context["signatures"][role] for role in ("party_a", "party_b", "witness")]
    # Side by side, each part as high as its highest: the drawings stand on one height.
    columns: list[list[Mark]] = [[] for _ in blocks]
    y = 0.0
    for row in zip(*(_signature(block, context["box"], labels) for block in blocks), strict=True):
        for number, (column, (_height, marks)) in enumerate(zip(columns, row, strict=True)):
            column += [mark.moved(number * SIGNATURE, y) for mark in marks]
        y += max(height for height, _marks in row)
    y += 3 * MM
    rule = Drawing(f"{RULE} 0 0 m {ACROSS:.2f} 0 l S", 0, y)
    is_signed = context["is_signed"]
    height, facts = _verification(context["verification"], labels, is_signed=is_signed)
    marks = [*chain.from_iterable(columns), rule, *(mark.moved(0, y) for mark in facts)]
    return Strip(y + height, tuple(marks), before=8)


def _signature(block: Values, box: Values, labels: Values) -> Iterator[Part]:
    """Captions, position, drawing, name and moment of one signer; what is not known is empty."""
    whole = Element("Div")
    yield _centred((Words(block["caption"]["vi"], "Bold"),), whole)
    yield _centred((Words(block["caption"]["en"], "Italic", ENGLISH, "en"),), whole)
    yield _centred((Words(block.get("position", ""), size=11),), whole)
    yield _drawing(block, box, whole)
    yield _centred((Words(block.get("signer", ""), "Bold"),), whole)
    for label, name in ((labels["signed"], "time"), (labels["station"], "station")):
        value = block.get(name)
        said = (
            Words(label["vi"], "Italic", ENGLISH),
            Words(f" / {label['en']}", "Italic", 9, "en"),
            Words(f": {value}", "Italic", ENGLISH),
        )
        yield _centred(said if value else (), whole)


def _centred(words: Sequence[Words], whole: Element) -> Part:
    if not any(each.text for each in words):
        return 0, []
    element = Element("P", whole, language=words[0].language)
    return _down(set_lines(tuple(words), SIGNATURE - 2 * MM, align="center"), element, x=1 * MM)


def _down(lines: Sequence[Line], element: Element, *, x: float = 0, y: float = 0) -> Part:
    """Lines under one another from (x, y), and where the next one would stand."""
    marks: list[Mark] = []
    for line in lines:
        marks.append(Text(line, x, y, element))
        y += line.height
    return y, marks


def _drawing(block: Values, box: Values, whole: Element) -> Part:
    """A drawn signature; where there is none, room for a pen."""
    width, height = DRAWING
    if "path" not in block:
        return height + 1 * MM, []
    figure = Element("Figure", whole, alt=block["spoken"])
    operators = f"{_ink(box['ink'])} 5 w 1 J 1 j {block['path']} S"
    drawn = Drawing(operators, 0, 0.5 * MM, width / box["width"], figure, width, height)
    return height + 1 * MM, [drawn]


def _ink(colour: str) -> str:
    """A colour such as `#10239e` as the colour of lines."""
    return " ".join(f"{int(colour[at : at + 2], 16) / 255:.3f}" for at in (1, 3, 5)) + " RG"


def _verification(verification: Values, labels: Values, *, is_signed: bool) -> Part:
    """The symbol and, beside it, how this paper is checked."""
    quiet = 3 * MM
    symbol = Drawing(
        verification["symbol"],
        -quiet,
        2 * MM - quiet,
        SYMBOL / verification["symbol_side"],
        Element("Figure", alt=verification["symbol_spoken"]),
        SYMBOL,
        SYMBOL,
    )
    size = 10.5
    said: list[tuple[Words, ...]] = []
    if not is_signed:
        said.append(_label(labels["unsigned"], "Bold", size))
    said += [
        _label(labels["verify"], "Bold", size),
        (Words(labels["verify_how"]["vi"], size=size),),
        (Words(labels["verify_how"]["en"], "Italic", 9, "en"),),
        (
            *_label(labels["code"], "Regular", size),
            Words(": ", size=size),
            Words(verification["code"], "Bold", size),
        ),
        (*_label(labels["content_hash"], "Regular", size), Words(":", size=size)),
        (Words(verification["content_sha256"], size=ENGLISH),),
    ]
    marks: list[Mark] = [symbol]
    y = 2 * MM
    for words in said:
        element = Element("P", language=words[0].language)
        lines = set_lines(words, ACROSS - SYMBOL, align="left")
        y, more = _down(lines, element, x=SYMBOL, y=y)
        marks += more
    return max(y, SYMBOL - quiet), marks
