"""Lines that tell product groups apart on paper without colour."""

from collections.abc import Iterator

Segment = tuple[float, float, float, float]

# From each pattern to the directions of its lines: x and y of a step along them.
PATTERNS: dict[str, tuple[tuple[int, int], ...]] = {
    "rising": ((1, -1),),
    "falling": ((1, 1),),
    "level": ((1, 0),),
    "upright": ((0, 1),),
    "grid": ((1, 0), (0, 1)),
    "net": ((1, 1), (1, -1)),
    "plain": (),
}


def hatch(box: tuple[float, float, float, float], pattern: str, gap: float) -> Iterator[Segment]:
    """The lines of a pattern within a box (x, y, width, height), `gap` apart."""
    x, y, width, height = box
    for dx, dy in PATTERNS[pattern]:
        if dy == 0:
            for number in range(1, int(height / gap) + 1):
                if number * gap < height:
                    yield (x, y + number * gap, x + width, y + number * gap)
        elif dx == 0:
            for number in range(1, int(width / gap) + 1):
                if number * gap < width:
                    yield (x + number * gap, y, x + number * gap, y + height)
        else:
            yield from _slanted(box, gap * 1.4, is_falling=dy > 0)


def _slanted(
    box: tuple[float, float, float, float], gap: float, *, is_falling: bool
) -> Iterator[Segment]:
    """Lines of 45°: x + y (rising) or x - y (falling) is the same all along one of them."""
    x, y, width, height = box
    for number in range(1, int((width + height) / gap) + 1):
        reach = number * gap
        if reach >= width + height:
            return
        left, right = max(0.0, reach - height), min(width, reach)
        ends = (left, reach - left, right, reach - right)
        x1, y1, x2, y2 = ends
        if is_falling:
            y1, y2 = height - y1, height - y2
        yield (x + x1, y + y1, x + x2, y + y2)
