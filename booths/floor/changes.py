"""What is done to several booths of a plan at once; the result is judged when it is saved."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from itertools import count
from typing import Any

from booths.floor.geometry import in_order
from booths.floor.plan import Booth, Plan

EDGES = ("left", "right", "top", "bottom", "middle_x", "middle_y")


def _apply(plan: Plan, codes: Collection[str], change: Callable[[Booth], Booth]) -> Plan:
    wanted = set(codes)
    booths = tuple(change(booth) if booth.code in wanted else booth for booth in plan.booths)
    return replace(plan, booths=booths)


def _chosen(plan: Plan, codes: Collection[str]) -> list[Booth]:
    wanted = set(codes)
    return [booth for booth in plan.booths if booth.code in wanted]


def edit_booths(plan: Plan, codes: Collection[str], values: Mapping[str, Any]) -> Plan:
    """Write `values` over fields of the booths."""
    return _apply(plan, codes, lambda booth: replace(booth, **values))


def move_booths(plan: Plan, codes: Collection[str], dx: int, dy: int) -> Plan:
    """Move the booths right and down."""
    return _apply(plan, codes, lambda each: replace(each, x=each.x + dx, y=each.y + dy))


def rotate_booths(plan: Plan, codes: Collection[str]) -> Plan:
    """Turn the booths together by a quarter, clockwise; their common upper left corner stays."""
    booths = _chosen(plan, codes)
    if not booths:
        return plan
    left, top = min(each.x for each in booths), min(each.y for each in booths)
    bottom = max(each.bottom for each in booths)

    def turn(booth: Booth) -> Booth:
        return replace(
            booth,
            x=left + bottom - booth.bottom,
            y=top + booth.x - left,
            width=booth.height,
            height=booth.width,
        )

    return _apply(plan, codes, turn)


def align_booths(plan: Plan, codes: Collection[str], edge: str) -> Plan:
    """Put the booths on one line: by an edge, or by their middles.

    Raises ValueError if `edge` is not one of EDGES.
    """
    if edge not in EDGES:
        raise ValueError(f"no edge is called {edge}")
    booths = _chosen(plan, codes)
    if not booths:
        return plan
    left, right = min(each.x for each in booths), max(each.right for each in booths)
    top, bottom = min(each.y for each in booths), max(each.bottom for each in booths)

    def put(booth: Booth) -> Booth:
        places = {
            "left": (left, booth.y),
            "right": (right - booth.width, booth.y),
            "top": (booth.x, top),
            "bottom": (booth.x, bottom - booth.height),
            "middle_x": ((left + right - booth.width) // 2, booth.y),
            "middle_y": (booth.x, (top + bottom - booth.height) // 2),
        }
        x, y = places[edge]
        return replace(booth, x=x, y=y)

    return _apply(plan, codes, put)


def copy_booths(plan: Plan, codes: Collection[str], dx: int, dy: int) -> Plan:
    """Put copies of the booths further right and down, with the next free codes."""
    taken = {booth.code for booth in plan.booths}
    copies = []
    for booth in _chosen(plan, codes):
        code = free_code(booth.code, taken)
        taken.add(code)
        copies.append(replace(booth, code=code, x=booth.x + dx, y=booth.y + dy))
    return replace(plan, booths=(*plan.booths, *copies))


def free_code(code: str, taken: Collection[str]) -> str:
    """The first code that is not taken, counting on from `code`: after A09 comes A10."""
    prefix = code.rstrip("0123456789")
    digits = code[len(prefix) :]
    numbers = count(int(digits or "1") + 1)
    return next(
        new for number in numbers if (new := f"{prefix}{number:0{len(digits)}d}") not in taken
    )


def remove_booths(plan: Plan, codes: Collection[str]) -> Plan:
    """Take the booths away, and what was corrected about them."""
    gone = set(codes)
    return replace(
        plan,
        booths=tuple(booth for booth in plan.booths if booth.code not in gone),
        corrections=tuple(
            each for each in plan.corrections if not {each.first, each.second} & gone
        ),
    )


def recode_booths(plan: Plan, codes: Mapping[str, str]) -> Plan:
    """Give booths other codes, all at once, so that two may swap theirs."""
    return replace(
        plan,
        booths=tuple(
            replace(booth, code=codes.get(booth.code, booth.code)) for booth in plan.booths
        ),
        corrections=tuple(
            replace(each, first=first, second=second)
            for each in plan.corrections
            for first, second in [
                in_order(codes.get(each.first, each.first), codes.get(each.second, each.second))
            ]
        ),
    )
