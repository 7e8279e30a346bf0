"""Numbers of booths: in which order they are counted, and how a number is written."""

from collections.abc import Sequence
from dataclasses import dataclass

from booths.floor.plan import Booth

CORNERS = ("top_left", "top_right", "bottom_left", "bottom_right")


@dataclass(frozen=True, slots=True)
class Numbering:
    """A rule: `prefix` and a number of at least `digits` digits, from `first` in steps of `step`.

    Counting begins at `corner` and goes row by row, or column by column; with `is_snake` every
    second row is counted backwards. Numbers that end on one of `skipped` are left out.
    """

    prefix: str = ""
    first: int = 1
    step: int = 1
    digits: int = 1
    corner: str = "top_left"
    by_columns: bool = False
    is_snake: bool = False
    skipped: tuple[str, ...] = ()

    def codes(self, count: int) -> list[str]:
        """The first `count` codes."""
        codes: list[str] = []
        number = self.first
        while len(codes) < count:
            written = f"{number:0{self.digits}d}"
            if not (self.skipped and written.endswith(self.skipped)):
                codes.append(f"{self.prefix}{written}")
            number += self.step
        return codes


def in_counting_order(booths: Sequence[Booth], rule: Numbering) -> list[Booth]:
    """The booths in the order in which the rule counts them.

    Booths are in one row if the middle of the later lies within the height of the row's first.
    """
    from_right = rule.corner.endswith("right")
    from_bottom = rule.corner.startswith("bottom")
    backwards, upwards = (from_bottom, from_right) if rule.by_columns else (from_right, from_bottom)
    lines: list[list[Booth]] = []
    for booth in sorted(booths, key=lambda each: _across(each, rule), reverse=upwards):
        if lines and _is_in_line(booth, lines[-1][0], rule):
            lines[-1].append(booth)
        else:
            lines.append([booth])
    ordered: list[Booth] = []
    for place, line in enumerate(lines):
        turned = backwards != (rule.is_snake and place % 2 == 1)
        ordered += sorted(line, key=lambda each: _along(each, rule), reverse=turned)
    return ordered


def _across(booth: Booth, rule: Numbering) -> int:
    """Twice the middle of the booth, across the direction of counting."""
    return 2 * booth.x + booth.width if rule.by_columns else 2 * booth.y + booth.height


def _along(booth: Booth, rule: Numbering) -> int:
    return booth.y if rule.by_columns else booth.x


def _is_in_line(booth: Booth, leader: Booth, rule: Numbering) -> bool:
    near, far = (leader.x, leader.right) if rule.by_columns else (leader.y, leader.bottom)
    return 2 * near < _across(booth, rule) < 2 * far


def new_codes(booths: Sequence[Booth], rule: Numbering) -> dict[str, str]:
    """From each booth's code to the one that the rule gives it."""
    ordered = in_counting_order(booths, rule)
    return {booth.code: code for booth, code in zip(ordered, rule.codes(len(ordered)), strict=True)}
