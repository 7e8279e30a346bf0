"""Rows of equal booths, as one lays them out in a hall."""

from dataclasses import dataclass, field, replace

from booths.floor.numbering import Numbering, new_codes
from booths.floor.plan import Booth


@dataclass(frozen=True, slots=True)
class RowSpec:
    """`rows` × `columns` booths from the upper left corner x, y.

    After every `aisle_every` booths of a row comes an aisle `aisle` wide, if that is not 0;
    `row_gap` lies between two rows, 0 is back to back.
    """

    x: int
    y: int
    columns: int
    rows: int = 1
    width: int = 30
    height: int = 30
    aisle_every: int = 0
    aisle: int = 0
    row_gap: int = 0
    zone: str = ""
    numbering: Numbering = field(default_factory=Numbering)
    power_kw: float = 0.0
    water: bool = False
    cold: bool = False
    cooking: bool = False
    groups: tuple[str, ...] = ()


def make_row(spec: RowSpec) -> tuple[Booth, ...]:
    """The booths of a row, numbered."""
    laid = tuple(
        Booth(
            x=spec.x + column * spec.width + _aisles_before(column, spec) * spec.aisle,
            y=spec.y + row * (spec.height + spec.row_gap),
            width=spec.width,
            height=spec.height,
            code=f"{row}/{column}",
            zone=spec.zone,
            power_kw=spec.power_kw,
            water=spec.water,
            cold=spec.cold,
            cooking=spec.cooking,
            groups=spec.groups,
        )
        for row in range(spec.rows)
        for column in range(spec.columns)
    )
    codes = new_codes(laid, spec.numbering)
    return tuple(replace(booth, code=codes[booth.code]) for booth in laid)


def _aisles_before(column: int, spec: RowSpec) -> int:
    return column // spec.aisle_every if spec.aisle_every else 0
