"""A plan on paper, to scale: lines, areas and words in millimetres, whoever draws them.

One unit of the plan is 100 mm in the hall, so at 1 : 200 it is half a millimetre.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from booths.floor.hatching import hatch
from booths.floor.plan import Booth, Feature, Plan

SCALES = (50, 100, 150, 200, 250, 300, 400, 500, 750, 1000, 1500, 2000, 3000, 5000, 10_000)
PAPERS = {"a4": (297.0, 210.0), "a3": (420.0, 297.0)}
MARGIN = 12.0
HEAD = 16.0
FOOT = 20.0
BLACK, GREY, PALE = "#000000", "#555555", "#eeeeee"


@dataclass(frozen=True)
class Area:
    """A polygon; without a fill only its edge is drawn."""

    points: tuple[tuple[float, float], ...]
    fill: str = ""
    stroke: str = ""
    thick: float = 0.2


@dataclass(frozen=True)
class Lines:
    """Lines of one colour, each (x1, y1, x2, y2)."""

    segments: tuple[tuple[float, float, float, float], ...]
    stroke: str
    thick: float = 0.2


@dataclass(frozen=True)
class Words:
    """A line of text; `y` is the middle of its small letters, `anchor` start, middle or end."""

    text: str
    x: float
    y: float
    size: float
    anchor: str = "middle"
    is_bold: bool = False
    fill: str = BLACK


Shape = Area | Lines | Words


@dataclass(frozen=True)
class Look:
    """How a product group is drawn and what it is called."""

    name: str
    colour: str
    pattern: str


@dataclass(frozen=True)
class Captions:
    """All that is written around the plan."""

    title: str
    subtitle: str
    scale: str
    signs: Mapping[str, str]
    notes: str = ""
    is_english: bool = False
    looks: Mapping[str, Look] = field(default_factory=dict)


@dataclass(frozen=True)
class Sheet:
    """A finished sheet: millimetres, and what is drawn on it from the back to the front."""

    width: float
    height: float
    scale: int
    shapes: tuple[Shape, ...]


def lay_out(plan: Plan, captions: Captions, *, paper: str = "") -> Sheet:
    """The plan on a sheet of `paper` (a4, a3), or on a piece of a3 that is just large enough.

    The largest scale of SCALES is taken at which the whole plan fits.
    """
    width, height = PAPERS[paper or "a3"]
    room = (width - 2 * MARGIN, height - 2 * MARGIN - HEAD - FOOT)
    scale = next((each for each in SCALES if _fits(plan, each, room)), max(SCALES))
    if not paper:
        room = (max(plan.width * 100 / scale, 200), plan.height * 100 / scale)
        width, height = room[0] + 2 * MARGIN, room[1] + 2 * MARGIN + HEAD + FOOT
    unit = 100 / scale
    left = MARGIN + (room[0] - plan.width * unit) / 2
    top = MARGIN + HEAD
    drawing = _Drawing(plan, captions, unit, left, top)
    shapes = [
        *drawing.shapes(),
        *_head(captions, width),
        *_foot(plan, captions, width, height, scale),
    ]
    return Sheet(width, height, scale, tuple(shapes))


def _fits(plan: Plan, scale: int, room: tuple[float, float]) -> bool:
    return plan.width * 100 / scale <= room[0] and plan.height * 100 / scale <= room[1]


def _head(captions: Captions, width: float) -> Iterator[Shape]:
    yield Words(captions.title, MARGIN, MARGIN + 3, 5, "start", is_bold=True)
    yield Words(captions.subtitle, MARGIN, MARGIN + 9, 3.2, "start", fill=GREY)
    yield Words(captions.scale, width - MARGIN, MARGIN + 9, 3.2, "end", fill=GREY)


def _foot(
    plan: Plan, captions: Captions, width: float, height: float, scale: int
) -> Iterator[Shape]:
    """The scale bar, the groups on the plan, and what the letters mean."""
    y = height - MARGIN - 12
    metre = 1000 / scale
    metres = next(each for each in (100, 50, 20, 10, 5, 2, 1) if each * metre <= 50 or each == 1)
    half = metres * metre / 2
    yield Area(_corners(MARGIN, y, half, 1.6), BLACK, BLACK)
    yield Area(_corners(MARGIN + half, y, half, 1.6), "", BLACK)
    yield Words("0", MARGIN, y + 4, 2.8)
    yield Words(f"{metres} m", MARGIN + 2 * half, y + 4, 2.8)
    x = MARGIN + 2 * half + 14
    shown = {zone.group for zone in plan.zones if zone.group}
    for code, look in captions.looks.items():
        if code not in shown:
            continue
        length = 13 + 1.7 * len(look.name)
        if x + length > width - MARGIN:
            x, y = MARGIN + 2 * half + 14, y + 5.5
        yield from _sample(x, y - 1.5, look)
        yield Words(look.name, x + 7.5, y, 3, "start")
        x += length
    yield Words(captions.notes, width - MARGIN, height - MARGIN + 2, 2.8, "end", fill=GREY)


def _sample(x: float, y: float, look: Look) -> Iterator[Shape]:
    box = (x, y, 6.0, 4.0)
    yield Area(_corners(*box), "#ffffff", look.colour, 0.4)
    yield Lines(tuple(hatch(box, look.pattern, 1.3)), look.colour, 0.18)


def _corners(x: float, y: float, width: float, height: float) -> tuple[tuple[float, float], ...]:
    return ((x, y), (x + width, y), (x + width, y + height), (x, y + height))


class _Drawing:
    """The plan's own shapes, moved and scaled to the sheet."""

    def __init__(
        self, plan: Plan, captions: Captions, unit: float, left: float, top: float
    ) -> None:
        self.plan, self.captions = plan, captions
        self.unit, self.left, self.top = unit, left, top

    def shapes(self) -> Iterator[Shape]:
        corners = tuple((self.x(x), self.y(y)) for x, y in self.plan.corners)
        yield Area(corners, "#ffffff", BLACK, 0.6)
        for feature in self.plan.features:
            yield from self.feature(feature)
        yield from self.booths()
        for zone in self.plan.zones:
            booths = [booth for booth in self.plan.booths if booth.zone == zone.code]
            x = min((booth.x for booth in booths), default=zone.x)
            y = min((booth.y for booth in booths), default=zone.y) - 6
            name = zone.name_en if self.captions.is_english else zone.name_vi
            yield Words(name, self.x(x), self.y(y), self.letters(9), "start", is_bold=True)

    def x(self, units: float) -> float:
        return self.left + units * self.unit

    def y(self, units: float) -> float:
        return self.top + units * self.unit

    def letters(self, units: float) -> float:
        """A size that can be read: 1.4 to 4 mm."""
        return min(4.0, max(1.4, units * self.unit))

    def corners(self, thing: Booth | Feature, gap: float = 0.0) -> tuple[tuple[float, float], ...]:
        x, y = self.x(thing.x + gap), self.y(thing.y + gap)
        size = (thing.width - 2 * gap) * self.unit, (thing.height - 2 * gap) * self.unit
        return _corners(x, y, *size)

    def feature(self, feature: Feature) -> Iterator[Shape]:
        if feature.kind == "aisle":
            yield Area(self.corners(feature), "", GREY, 0.1)
        elif feature.kind == "entrance":
            yield Area(self.corners(feature), "#ffffff", "", 0)
        elif feature.kind == "wall":
            yield Area(self.corners(feature), GREY, GREY)
        else:
            yield Area(self.corners(feature), PALE, GREY)
        name = (self.captions.is_english and feature.name_en) or feature.name_vi
        if feature.kind in ("water", "power"):
            name = self.captions.signs[feature.kind]
        if name and feature.kind != "wall":
            middle = self.x(feature.x + feature.width / 2), self.y(feature.y + feature.height / 2)
            yield Words(name, *middle, self.letters(9))

    def booths(self) -> Iterator[Shape]:
        zones = {zone.code: zone.group for zone in self.plan.zones}
        lines: dict[str, list[tuple[float, float, float, float]]] = {}
        plates: list[Shape] = []
        for booth in self.plan.booths:
            look = self.captions.looks.get(zones.get(booth.zone) or "")
            colour = look.colour if look else BLACK
            corners = self.corners(booth, 0.5)
            yield Area(corners, "#ffffff", colour, 0.35)
            (x, y), (right, _top), (_right, bottom), _last = corners
            if look:
                box = (x, y, right - x, bottom - y)
                lines.setdefault(colour, []).extend(hatch(box, look.pattern, 1.3))
            plates += self.plate(booth)
        for colour, segments in lines.items():
            yield Lines(tuple(segments), colour, 0.12)
        yield from plates

    def plate(self, booth: Booth) -> Iterator[Shape]:
        """The code on a white plate, and below it what the booth offers."""
        x, y = self.x(booth.x + booth.width / 2), self.y(booth.y + booth.height / 2)
        room = booth.width * self.unit
        size = min(self.letters(11), 1.5 * room / max(len(booth.code), 2))
        offers = self.offers(booth)
        small = size * 0.55
        has_room = small >= 1.1 and booth.height * self.unit >= 2.6 * size
        middle = y - size * 0.45 if has_room and offers else y
        width = min(room * 0.94, size * 0.72 * len(booth.code) + size * 0.5)
        yield Area(_corners(x - width / 2, middle - size * 0.68, width, size * 1.36), "#ffffff")
        yield Words(booth.code, x, middle, size, is_bold=True)
        if has_room and offers:
            width = min(room * 0.94, small * 0.62 * len(offers) + small * 0.5)
            low = y + size * 0.8
            yield Area(_corners(x - width / 2, low - small * 0.68, width, small * 1.36), "#ffffff")
            yield Words(offers, x, low, small)

    def offers(self, booth: Booth) -> str:
        said = [f"{booth.power_kw:g} kW"] if booth.power_kw else []
        said += [self.captions.signs[n] for n in ("water", "cold", "cooking") if getattr(booth, n)]
        return " ".join(said)
