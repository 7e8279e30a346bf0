"""Small instances drawn at random, and an answer to them found by trying everything."""

from itertools import combinations, pairwise, permutations
from typing import Any

from hypothesis import strategies as st

GROUPS = ("food", "craft")


@st.composite
def _draw_applications(draw: st.DrawFn, name: str, wishes: list[list[str]]) -> dict[str, Any]:
    rarely = st.sampled_from((False, False, False, False, True))
    return {
        "id": name,
        "booths": draw(st.sampled_from((1, 1, 1, 2, 3))),
        "group": draw(st.sampled_from(GROUPS)),
        "power_kw": draw(st.sampled_from((0, 0, 0.3, 2))),
        "water": draw(rarely),
        "cold": draw(rarely),
        "cooking": draw(rarely),
        "priority": draw(st.sampled_from((1, 50, 50, 51))),
        "wishes": draw(st.lists(st.sampled_from(wishes), max_size=3)),
        "kind": draw(st.sampled_from((None, "tea", "tea", "rice"))),
        "traits": {"actor": draw(st.sampled_from(("farm", "household")))},
        "pinned": None,
        "forbidden": draw(st.sampled_from(([], [], ["A0"], ["A1", "B0"]))),
        "previous": draw(st.sampled_from((None, None, ["A0"], ["B0", "B1"], ["gone"]))),
    }


@st.composite
def draw_instances(draw: st.DrawFn, *, booths: int = 6, applications: int = 6) -> dict[str, Any]:
    """Draw an instance of a few booths in two rows and a few applications."""
    codes = [f"{'AB'[n % 2]}{n // 2}" for n in range(draw(st.integers(booths // 2, booths)))]
    mostly = st.sampled_from((True, True, True, False))
    stands = [
        {
            "code": code,
            "zone": code[0],
            "power_kw": draw(st.sampled_from((0.1, 0.2, 2, 2))),
            "water": draw(mostly),
            "cold": draw(mostly),
            "cooking": draw(mostly),
            "groups": draw(st.sampled_from(([], [], [], ["food"], ["food", "craft"]))),
        }
        for code in codes
    ]
    pairs = [list(pair) for pair in combinations(codes, 2)]
    rows = [pair for pair in pairs if pair[0][0] == pair[1][0]]
    wishes = [["booth", code] for code in codes] + [["zone", code[0]] for code in codes]
    asked = [
        draw(_draw_applications(f"P{number}", wishes))
        for number in range(draw(st.integers(applications // 2, applications)))
    ]
    least = draw(st.integers(0, 3))
    most = draw(st.sampled_from((None, least, least + 2)))
    quota = {"name": "farms", "trait": "actor", "value": "farm", "min": least, "max": most}
    document = {
        "version": 1,
        "seed": draw(st.sampled_from(("one", "two"))),
        "booths": stands,
        "joins": draw(st.lists(st.sampled_from(rows), min_size=2, max_size=6)) if rows else [],
        "neighbours": draw(st.lists(st.sampled_from(pairs), max_size=6)) if pairs else [],
        "applications": asked,
        "quotas": draw(st.sampled_from(([], [quota]))),
        "weights": draw(
            st.sampled_from(({}, {"apart": 7000}, {"place": 1, "quota": 7}, {"stability": 25}))
        ),
    }
    if draw(st.booleans()) and asked:
        blocks = list_blocks(document, asked[0])
        if blocks and (most is None or asked[0]["booths"] <= most):
            asked[0]["pinned"] = list(draw(st.sampled_from(blocks)))
    return document


def list_blocks(document: dict[str, Any], asked: dict[str, Any]) -> list[tuple[str, ...]]:
    """Return every block that fits, by trying every ordered choice of booths."""
    stands = {stand["code"]: stand for stand in document["booths"]}
    joined = {frozenset(pair) for pair in document["joins"]}
    found = set()
    for path in permutations(stands, asked["booths"]):
        members = [stands[code] for code in path]
        tenths = sum(round(stand["power_kw"] * 10) for stand in members)
        if (
            all(frozenset(step) in joined for step in pairwise(path))
            and all(not s["groups"] or asked["group"] in s["groups"] for s in members)
            and tenths >= round(asked["power_kw"] * 10)
            and (not asked["water"] or any(stand["water"] for stand in members))
            and (not asked["cold"] or any(stand["cold"] for stand in members))
            and (not asked["cooking"] or all(stand["cooking"] for stand in members))
            and not set(path) & set(asked["forbidden"])
            and asked["pinned"] in (None, sorted(path), list(path))
        ):
            found.add(tuple(sorted(path)))
    if asked["pinned"] is not None:
        return [block for block in sorted(found) if set(block) == set(asked["pinned"])]
    return sorted(found)


def score_by_hand(document: dict[str, Any], held: dict[str, tuple[str, ...]]) -> int | None:
    """Return the score of what is held, or None when a hard rule is broken."""
    weights = {"place": 100, "wish": 10, "apart": 30, "quota": 1000, "stability": 0} | document[
        "weights"
    ]
    zone = {stand["code"]: stand["zone"] for stand in document["booths"]}
    taken: dict[str, dict[str, Any]] = {}
    score = 0
    for asked in document["applications"]:
        block = held.get(asked["id"])
        if block is None:
            if asked["pinned"] is not None:
                return None
            continue
        if any(code in taken for code in block):
            return None
        taken |= dict.fromkeys(block, asked)
        met = [
            name in block if what == "booth" else {zone[code] for code in block} == {name}
            for what, name in asked["wishes"]
        ]
        score += weights["place"] * asked["priority"]
        score += weights["wish"] * (3 - met.index(True)) if True in met else 0
        score += weights["stability"] * (set(asked["previous"] or ()) == set(block))
    for pair in {frozenset(p) for p in document["joins"] + document["neighbours"]}:
        one, other = (taken.get(code) for code in pair)
        if one and other and one is not other and one["kind"] and one["kind"] == other["kind"]:
            score -= weights["apart"]
    for quota in document["quotas"]:
        booths = sum(a["traits"].get(quota["trait"]) == quota["value"] for a in taken.values())
        if quota["max"] is not None and booths > quota["max"]:
            return None
        score -= weights["quota"] * max(0, quota["min"] - booths)
    return score


def find_best(document: dict[str, Any], forced: str | None = None) -> int | None:
    """Return the best score (with that application placed) by trying everything, or None."""
    choices = []
    for asked in document["applications"]:
        blocks: list[tuple[str, ...] | None] = [*list_blocks(document, asked)]
        choices.append((asked["id"], blocks if asked["id"] == forced else [None, *blocks]))
    best: int | None = None

    def extend(number: int, held: dict[str, tuple[str, ...]], used: set[str]) -> None:
        nonlocal best
        if number == len(choices):
            score = score_by_hand(document, held)
            if score is not None and (best is None or score > best):
                best = score
            return
        name, blocks = choices[number]
        for block in blocks:
            if block is None:
                extend(number + 1, held, used)
            elif used.isdisjoint(block):
                extend(number + 1, {**held, name: block}, used | set(block))

    extend(0, {}, set())
    return best
