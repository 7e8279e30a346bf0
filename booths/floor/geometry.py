"""What follows from where booths stand: overlaps, joins, neighbours, who is outside the hall."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from booths.floor.plan import Booth, Correction, Feature, Plan, Point, Rectangle

Pair = tuple[str, str]
AISLE = 40
"""Across so many units of 10 cm, 4 m, those who walk along an aisle see both sides of it."""
OPEN = ("aisle", "entrance")
"""What is drawn on the floor and hides nothing."""


def find_overlaps(booths: Sequence[Booth]) -> list[tuple[Booth, Booth]]:
    """Pairs of booths that share floor; booths that merely touch do not."""
    return [(one, two) for one, two in _meeting(booths) if _share_floor(one, two)]


def _share_floor(one: Rectangle, two: Rectangle) -> bool:
    return one.right > two.x and two.right > one.x and one.bottom > two.y and two.bottom > one.y


def _meeting(booths: Sequence[Booth], reach: int = 0) -> Iterator[tuple[Booth, Booth]]:
    """Pairs that overlap or touch, a corner counts, or are at most `reach` apart both ways.

    Found by a sweep from left to right.
    """
    row = sorted(booths, key=lambda booth: booth.x)
    for place, one in enumerate(row):
        for two in row[place + 1 :]:
            if two.x > one.right + reach:
                break
            if one.y <= two.bottom + reach and two.y <= one.bottom + reach:
                yield one, two


def is_inside(box: Rectangle, corners: Sequence[Point]) -> bool:
    """Whether the box stands within the outline; it may lean against a wall.

    No wall runs through its open inside, and its middle is within: so all of it is.
    """
    walls = list(zip(corners, [*corners[1:], corners[0]], strict=True))
    return not any(_runs_through(wall, box) for wall in walls) and _is_within(box, walls)


def _runs_through(wall: tuple[Point, Point], box: Rectangle) -> bool:
    """By the separating axes of a line and a box: x, y and the line's own normal."""
    (x1, y1), (x2, y2) = wall
    if max(x1, x2) <= box.x or min(x1, x2) >= box.right:
        return False
    if max(y1, y2) <= box.y or min(y1, y2) >= box.bottom:
        return False
    sides = [
        (x2 - x1) * (y - y1) - (y2 - y1) * (x - x1)
        for x in (box.x, box.right)
        for y in (box.y, box.bottom)
    ]
    return min(sides) < 0 < max(sides)


def _is_within(box: Rectangle, walls: Sequence[tuple[Point, Point]]) -> bool:
    """Whether the box's middle is inside: an odd number of walls lies to its right."""
    x, y = 2 * box.x + box.width, 2 * box.y + box.height
    crossings = 0
    for (x1, y1), (x2, y2) in walls:
        if (2 * y1 > y) == (2 * y2 > y):
            continue
        # Left of the wall at the height of the middle, multiplied out to stay in whole numbers.
        ahead = (2 * x1 - x) * (y2 - y1) + (y - 2 * y1) * (x2 - x1)
        crossings += (ahead > 0) == (y2 > y1)
    return crossings % 2 == 1


def crosses_itself(corners: Sequence[Point]) -> bool:
    """Whether two walls that do not follow each other meet."""
    count = len(corners)
    walls = list(zip(corners, [*corners[1:], corners[0]], strict=True))
    return any(
        _meet(walls[one], walls[two])
        for one in range(count)
        for two in range(one + 2, count)
        if (two + 1) % count != one
    )


def _meet(one: tuple[Point, Point], two: tuple[Point, Point]) -> bool:
    def side(wall: tuple[Point, Point], point: Point) -> int:
        (x1, y1), (x2, y2) = wall
        turn = (x2 - x1) * (point[1] - y1) - (y2 - y1) * (point[0] - x1)
        return (turn > 0) - (turn < 0)

    def spans(low: int, high: int, other_low: int, other_high: int) -> bool:
        return max(min(low, high), min(other_low, other_high)) <= min(
            max(low, high), max(other_low, other_high)
        )

    near = all(spans(one[0][axis], one[1][axis], two[0][axis], two[1][axis]) for axis in (0, 1))
    return (
        near
        and side(one, two[0]) * side(one, two[1]) <= 0
        and side(two, one[0]) * side(two, one[1]) <= 0
    )


def derive_pairs(booths: Sequence[Booth], features: Sequence[Feature] = ()) -> dict[Pair, bool]:
    """Pairs of booths that see each other: True where they may be merged into one stand.

    Two booths may be merged if they share a whole side along their row, in one zone. A booth's
    row is the direction in which more booths follow on each other without a gap; of two equally
    long ones it is the horizontal. All other booths that touch are neighbours: back to back, at
    a corner, along a part of a side. So are those that face each other across an aisle.
    """
    touching = list(_meeting(booths))
    sides = {pair: side for pair in touching if (side := _common_side(*pair))}
    rows = {axis: _row_lengths(booths, sides, axis) for axis in "xy"}
    pairs = {}
    for one, two in touching:
        axis = sides.get((one, two))
        pairs[in_order(one.code, two.code)] = axis is not None and all(
            axis == ("x" if rows["x"][booth.code] >= rows["y"][booth.code] else "y")
            for booth in (one, two)
        )
    return pairs | dict.fromkeys(_facing(booths, features, rows), False)


def _facing(
    booths: Sequence[Booth], features: Sequence[Feature], rows: dict[str, dict[str, int]]
) -> Iterator[Pair]:
    """Pairs across an aisle of at most AISLE, their fronts opposite and nothing drawn between.

    A booth's fronts are the sides along its row; one that stands alone looks to all four sides.
    """
    near = list(_meeting(booths, AISLE))
    around: dict[Booth, list[Rectangle]] = defaultdict(
        lambda: [each for each in features if each.kind not in OPEN]
    )
    for one, two in near:
        around[one].append(two)
        around[two].append(one)
    for one, two in near:
        for axis in "xy":
            gap = _gap(one, two, axis)
            if (
                gap
                and all(_looks(booth, axis, rows) for booth in (one, two))
                and not any(_share_floor(gap, other) for other in around[one])
            ):
                yield in_order(one.code, two.code)


def _gap(one: Booth, two: Booth, axis: str) -> Rectangle | None:
    """What lies between the parts of two booths that are opposite each other in a direction."""
    left, right = max(one.x, two.x), min(one.right, two.right)
    top, bottom = max(one.y, two.y), min(one.bottom, two.bottom)
    if axis == "y" and left < right and bottom < top:
        return Rectangle(left, bottom, right - left, top - bottom)
    if axis == "x" and top < bottom and right < left:
        return Rectangle(right, top, left - right, bottom - top)
    return None


def _looks(booth: Booth, axis: str, rows: dict[str, dict[str, int]]) -> bool:
    across, along = rows["x"][booth.code], rows["y"][booth.code]
    return across == along == 1 or axis == ("y" if across >= along else "x")


def _common_side(one: Booth, two: Booth) -> str:
    """The direction in which two booths of one zone follow on each other, or nothing."""
    if one.zone != two.zone:
        return ""
    if (one.y, one.height) == (two.y, two.height) and (one.right == two.x or two.right == one.x):
        return "x"
    if (one.x, one.width) == (two.x, two.width) and (one.bottom == two.y or two.bottom == one.y):
        return "y"
    return ""


def _row_lengths(
    booths: Sequence[Booth], sides: dict[tuple[Booth, Booth], str], axis: str
) -> dict[str, int]:
    """How many booths follow on each other in one direction, for each of them."""
    leader = {booth.code: booth.code for booth in booths}

    def lead(code: str) -> str:
        while leader[code] != code:
            leader[code] = leader[leader[code]]
            code = leader[code]
        return code

    for (one, two), side in sides.items():
        if side == axis:
            leader[lead(one.code)] = lead(two.code)
    members: dict[str, int] = defaultdict(int)
    for booth in booths:
        members[lead(booth.code)] += 1
    return {booth.code: members[lead(booth.code)] for booth in booths}


def in_order(first: str, second: str) -> Pair:
    """A pair as it is written: the smaller code first."""
    return (first, second) if first < second else (second, first)


def final_pairs(plan: Plan) -> dict[Pair, bool]:
    """The pairs that follow from the places, as corrected by hand."""
    pairs = derive_pairs(plan.booths, plan.features)
    for correction in plan.corrections:
        pair = in_order(correction.first, correction.second)
        if correction.kind == "none":
            pairs.pop(pair, None)
        else:
            pairs[pair] = correction.kind == "join"
    return pairs


def corrections_between(
    derived: dict[Pair, bool], wanted: dict[Pair, bool]
) -> tuple[Correction, ...]:
    """What has to be corrected in `derived` to get `wanted`."""
    return tuple(_corrections(derived, wanted))


def _corrections(derived: dict[Pair, bool], wanted: dict[Pair, bool]) -> Iterable[Correction]:
    kinds = {True: "join", False: "neighbour", None: "none"}
    for pair in sorted({*derived, *wanted}):
        if derived.get(pair) is not wanted.get(pair):
            yield Correction(*pair, kinds[wanted.get(pair)])
