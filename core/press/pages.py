"""Strips are put one under another until a page is full."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from core.press.lines import Line


@dataclass(eq=False)
class Element:
    """A part of what a paper says, for those who have it read aloud (ISO 32000-1, 14.8).

    `kind` is `P`, `H1`, `Table`, `TD`, `Figure` …; `alt` says a figure in words, `attributes`
    are raw entries of the element's dictionary. Its place in the reading order is where it
    first comes to stand on a page.
    """

    kind: str
    parent: "Element | None" = None
    alt: str = ""
    language: str = ""
    attributes: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """A set line whose top left is at (x, y); without an element it is read to nobody."""

    line: Line
    x: float
    y: float
    element: Element | None = None
    grey: float = 0

    def moved(self, x: float, y: float) -> "Text":
        """The same so many points to the right and down."""
        return Text(self.line, self.x + x, self.y + y, self.element, self.grey)


@dataclass(frozen=True, slots=True)
class Drawing:
    """Operators of a PDF's content in a box of their own, y down, `scale` points to a unit."""

    operators: str
    x: float
    y: float
    scale: float = 1
    element: Element | None = None
    width: float = 0
    height: float = 0

    def moved(self, x: float, y: float) -> "Drawing":
        """The same so many points to the right and down."""
        return replace(self, x=self.x + x, y=self.y + y)


Mark: TypeAlias = Text | Drawing


@dataclass(frozen=True, slots=True)
class Strip:
    """What stands side by side and is never torn apart; marks count from its top left.

    `before` is the room above it, but not at the top of a page. `keeps` says that the next strip
    must follow on the same page. `head` is set once more above a strip that begins a page.
    """

    height: float
    marks: tuple[Mark, ...]
    before: float = 0
    keeps: bool = False
    head: "Strip | None" = None


@dataclass(slots=True)
class Page:
    """The marks of one page, counted from the top left of its text."""

    marks: list[Mark] = field(default_factory=list)
    used: float = 0

    def place(self, strip: Strip) -> None:
        """Put a strip under what is there already."""
        y = self.used + (strip.before if self.used else 0)
        self.marks += [mark.moved(0, y) for mark in strip.marks]
        self.used = y + strip.height


def fill_pages(strips: Iterable[Strip], height: float) -> list[Page]:
    """Put strips on pages whose text is `height` points high, each chain on one page if it can."""
    pages = [Page()]
    for chain in _chains(strips):
        page = pages[-1]
        needed = sum(strip.before + strip.height for strip in chain)
        if page.used and page.used + needed > height:
            pages.append(Page())
        for strip in chain:
            if pages[-1].used and pages[-1].used + strip.before + strip.height > height:
                pages.append(Page())
            if strip.head and not pages[-1].used:
                pages[-1].place(strip.head)
            pages[-1].place(strip)
    return pages


def _chains(strips: Iterable[Strip]) -> Iterable[Sequence[Strip]]:
    chain: list[Strip] = []
    for strip in strips:
        chain.append(strip)
        if not strip.keeps:
            yield chain
            chain = []
    if chain:
        yield chain


def paragraph(
    lines: Sequence[Line], element: Element | None, *, before: float = 0, keeps: bool = False
) -> list[Strip]:
    """Lines under one another, of which never one alone begins or ends a page."""
    last = len(lines) - 1
    return [
        Strip(
            height=line.height,
            marks=(Text(line, 0, 0, element),),
            before=0 if number else before,
            keeps=(number in (0, last - 1) and number < last) or (keeps and number == last),
        )
        for number, line in enumerate(lines)
    ]
