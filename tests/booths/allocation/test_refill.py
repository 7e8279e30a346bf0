"""Which free stands somebody on the waiting list could have, by the rules of the run itself."""

import hashlib
from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from booths.allocation import parse_instance
from booths.allocation.refill import find_stands, is_stand, waiting_key
from booths.allocation.score import list_violations, score_assignments


def _document(**changes: Any) -> dict[str, Any]:
    """A row A1–A5, each joined to the next; N asks for one booth, D for two."""
    codes = [f"A{number}" for number in range(1, 6)]
    booths = [{"code": code, "zone": "A", "power_kw": 2.0} for code in codes]
    ask = {"group": "food", "priority": 10}
    return {
        "version": 1,
        "seed": "x",
        "booths": booths,
        "joins": [list(pair) for pair in pairwise(codes)],
        "applications": [
            {"id": "N", "booths": 1, **ask},
            {"id": "D", "booths": 2, **ask},
            {"id": "H", "booths": 1, **ask},
        ],
        **changes,
    }


def _find(document: dict[str, Any], name: str, taken: set[str], **held: Any) -> dict[Any, int]:
    instance = parse_instance(document)
    asked = next(each for each in instance.applications if each.id == name)
    return find_stands(instance, held, taken | {c for codes in held.values() for c in codes}, asked)


def test_a_stand_is_a_path_of_free_booths() -> None:
    assert _find(_document(), "D", {"A3"}) == {("A1", "A2"): 1000, ("A4", "A5"): 1000}
    assert _find(_document(), "D", {"A2", "A4"}) == {}
    assert list(_find(_document(), "N", {"A2", "A4"})) == [("A1",), ("A3",), ("A5",)]


def test_the_best_stand_is_the_one_with_which_the_plan_scores_highest() -> None:
    document = _document()
    one, _two, holder = document["applications"]
    one |= {"wishes": [["booth", "A4"], ["booth", "A2"]], "kind": "tea"}
    holder["kind"] = "tea"
    # A2 is the second wish but stands beside other tea; A5 is no wish and stands alone.
    assert _find(document, "N", {"A4"}, H=("A1",)) == {("A3",): 1000, ("A5",): 1000, ("A2",): 990}
    assert next(iter(_find(document, "N", set(), H=("A1",)))) == ("A4",)


def test_a_full_quota_leaves_no_stand() -> None:
    quota = {"name": "q", "trait": "actor", "value": "farm", "min": None, "max": 2}
    document = _document(quotas=[quota])
    for application in document["applications"]:
        application["traits"] = {"actor": "farm"}
    assert _find(document, "D", set(), H=("A1",)) == {}
    assert len(_find(document, "N", set(), H=("A1",))) == 4


def test_the_order_is_priority_then_the_lottery_number() -> None:
    waiting = [(50, "b"), (50, "a"), (60, "c")]
    order = sorted(waiting, key=lambda each: waiting_key(each[0], "s", each[1]))
    assert [name for _priority, name in reversed(order)] == ["c", *_by_hash("a", "b")]


def _by_hash(*names: str) -> list[str]:
    return sorted(names, key=lambda name: hashlib.sha256(f"s|{name}".encode()).hexdigest())[::-1]


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_every_stand_found_keeps_every_hard_rule_and_no_other_does(data: st.DataObject) -> None:
    number = data.draw(st.integers(2, 6))
    codes = [f"A{each}" for each in range(number)]
    flags = {name: st.booleans() for name in ("water", "cold", "cooking")}
    booth = st.fixed_dictionaries({"power_kw": st.sampled_from([0, 1.5, 3]), **flags})
    booths = [{"code": code, "zone": "A", **data.draw(booth)} for code in codes]
    pair = st.tuples(st.sampled_from(codes), st.sampled_from(codes)).filter(lambda p: p[0] != p[1])
    joins = [list(each) for each in data.draw(st.lists(pair, max_size=8))]
    need = data.draw(booth)
    size = data.draw(st.integers(1, 3))
    asked = {"id": "N", "booths": size, "group": "food", "priority": 5, **need}
    taken = data.draw(st.sets(st.sampled_from(codes)))
    document = _document(booths=booths, joins=joins, applications=[asked])
    instance = parse_instance(document)
    (application,) = instance.applications
    found = find_stands(instance, {}, taken, application)
    for bits in range(1, 2**number):
        chosen = {code for at, code in enumerate(codes) if bits >> at & 1}
        holds = not list_violations(instance, {"N": sorted(chosen)})
        assert is_stand(instance, {}, application, chosen) is holds
        is_found = any(set(stand) == chosen for stand in found)
        assert is_found is (holds and chosen.isdisjoint(taken))
    for stand, gain in found.items():
        assert gain == score_assignments(instance, {"N": stand})
