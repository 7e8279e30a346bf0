"""What a floor plan is made of. Lengths are whole units of 10 cm."""

from dataclasses import dataclass

Point = tuple[int, int]

FEATURE_KINDS = (
    "stage",
    "entrance",
    "aisle",
    "water",
    "power",
    "food_court",
    "wall",
    "other",
)
CORRECTION_KINDS = ("join", "neighbour", "none")


@dataclass(frozen=True, slots=True)
class Rectangle:
    """An upright rectangle."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        return self.x + self.width

    @property
    def bottom(self) -> int:
        return self.y + self.height


@dataclass(frozen=True, slots=True)
class Booth(Rectangle):
    """One booth; `power_kw` has one decimal, no `groups` means that it takes any."""

    code: str
    zone: str
    power_kw: float = 0.0
    water: bool = False
    cold: bool = False
    cooking: bool = False
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Zone:
    """A part of the plan; x and y are where its name stands while it has no booth."""

    code: str
    name_vi: str
    name_en: str
    group: str | None
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Feature(Rectangle):
    """What stands in the hall besides booths; `kind` is one of FEATURE_KINDS."""

    kind: str
    name_vi: str = ""
    name_en: str = ""


@dataclass(frozen=True, slots=True)
class Correction:
    """What a pair of booths is, whatever their places say; codes in alphabetical order."""

    first: str
    second: str
    kind: str


@dataclass(frozen=True, slots=True)
class Picture(Rectangle):
    """A picture under the plan, to be traced; `number` is given by whoever keeps it."""

    number: int


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole plan. Without an `outline` the hall is the rectangle `width` × `height`."""

    width: int
    height: int
    outline: tuple[Point, ...] = ()
    features: tuple[Feature, ...] = ()
    zones: tuple[Zone, ...] = ()
    booths: tuple[Booth, ...] = ()
    corrections: tuple[Correction, ...] = ()
    picture: Picture | None = None

    @property
    def corners(self) -> tuple[Point, ...]:
        """The hall's corners, one after the other."""
        right, bottom = self.width, self.height
        return self.outline or ((0, 0), (right, 0), (right, bottom), (0, bottom))
