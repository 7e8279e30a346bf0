"""The document of a plan: plain JSON in, a Plan or all that is wrong with it out.

{"format": 1, "width": 740, "height": 500, "outline": [[0, 0], …],
 "features": [{"kind", "x", "y", "width", "height", "name_vi", "name_en"}],
 "zones": [{"code", "name_vi", "name_en", "group", "x", "y"}],
 "booths": [{"code", "zone", "x", "y", "width", "height", "power_kw",
             "water", "cold", "cooking", "groups": []}],
 "corrections": [{"first", "second", "kind": "join" | "neighbour" | "none"}],
 "picture": null | {"number", "x", "y", "width", "height"}}
"""

import math
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from booths.floor.geometry import crosses_itself, find_overlaps, in_order, is_inside
from booths.floor.plan import (
    CORRECTION_KINDS,
    FEATURE_KINDS,
    Booth,
    Correction,
    Feature,
    Picture,
    Plan,
    Point,
    Zone,
)

FORMAT = 1
MOST_BOOTHS = 2_000
MOST_PARTS = 500
MOST_CORRECTIONS = 20_000
LONGEST = 10_000
MOST_POWER = 999.9
CODE_LENGTH = 10
ZONE_LENGTH = 8
NAME_LENGTH = 80
# As many complaints as a reader can use.
MOST_PROBLEMS = 50


@dataclass(frozen=True)
class Problem:
    """What is wrong: a stable `code`, the exact `place`, and the plain `facts` it speaks of."""

    code: str
    place: str
    facts: Mapping[str, Any] = field(default_factory=dict)


class PlanError(ValueError):
    """A document is no plan; `problems` says why, in the order of the document."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(f"{each.place}: {each.code}" for each in problems[:5]))
        self.problems = problems[:MOST_PROBLEMS]


def read_plan(document: object, *, groups: Collection[str], pictures: Collection[int] = ()) -> Plan:
    """Judge a document; `groups` are the codes of the product groups there are.

    `pictures` are the numbers of the pictures that may lie under the plan. Raises PlanError.
    """
    reader = _Reader(groups, pictures)
    plan = reader.read(document)
    if not reader.problems:
        reader.problems += _judge(plan)
    if reader.problems:
        raise PlanError(reader.problems)
    return plan


def write_plan(plan: Plan) -> dict[str, Any]:
    """The document of a plan; reading it gives the same plan."""
    return {
        "format": FORMAT,
        "width": plan.width,
        "height": plan.height,
        "outline": [list(point) for point in plan.outline],
        "features": [asdict(feature) for feature in plan.features],
        "zones": [asdict(zone) for zone in plan.zones],
        "booths": [{**asdict(booth), "groups": list(booth.groups)} for booth in plan.booths],
        "corrections": [asdict(correction) for correction in plan.corrections],
        "picture": asdict(plan.picture) if plan.picture else None,
    }


class _Reader:
    """Reads piece by piece and notes what is wrong; a wrong value becomes a harmless one."""

    def __init__(self, groups: Collection[str], pictures: Collection[int]) -> None:
        self.groups = set(groups)
        self.pictures = set(pictures)
        self.problems: list[Problem] = []

    def note(self, problem: str, place: str, **facts: Any) -> None:
        self.problems.append(Problem(problem, place, facts))

    def read(self, document: object) -> Plan:
        if not isinstance(document, dict):
            self.note("shape", "document")
            return Plan(1, 1)
        if document.get("format", FORMAT) != FORMAT:
            self.note("format", "format")
        return Plan(
            width=self.length(document, "width", "hall", least=1),
            height=self.length(document, "height", "hall", least=1),
            outline=self.outline(document),
            features=tuple(map(self.feature, *self.items(document, "features", MOST_PARTS))),
            zones=tuple(map(self.zone, *self.items(document, "zones", MOST_PARTS))),
            booths=tuple(map(self.booth, *self.items(document, "booths", MOST_BOOTHS))),
            corrections=tuple(
                map(self.correction, *self.items(document, "corrections", MOST_CORRECTIONS))
            ),
            picture=self.picture(document.get("picture")),
        )

    def items(
        self, document: Mapping[str, Any], name: str, most: int
    ) -> tuple[list[Mapping[str, Any]], list[str]]:
        """The objects of a list and the place of each."""
        found = document.get(name, [])
        if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
            self.note("shape", name)
            return [], []
        if len(found) > most:
            self.note("too_many", name, count=len(found), most=most)
            return [], []
        return found, [f"{name}[{index}]" for index in range(len(found))]

    def booth(self, item: Mapping[str, Any], place: str) -> Booth:
        code = self.code(item, place, CODE_LENGTH)
        named = code or place
        return Booth(
            **self.box(item, place, named),
            code=code,
            zone=self.text(item, "zone", place, ZONE_LENGTH),
            power_kw=self.power(item, place, named),
            water=self.truth(item, "water", place),
            cold=self.truth(item, "cold", place),
            cooking=self.truth(item, "cooking", place),
            groups=self.group_codes(item, place, named),
        )

    def zone(self, item: Mapping[str, Any], place: str) -> Zone:
        code = self.code(item, place, ZONE_LENGTH)
        group = item.get("group") or None
        if group is not None and (not isinstance(group, str) or group not in self.groups):
            self.note("group_unknown", f"{place}.group", named=code, group=_shown(group))
            group = None
        name_vi = self.text(item, "name_vi", place, NAME_LENGTH) or code
        return Zone(
            code=code,
            name_vi=name_vi,
            name_en=self.text(item, "name_en", place, NAME_LENGTH) or name_vi,
            group=group,
            x=self.length(item, "x", place, named=code),
            y=self.length(item, "y", place, named=code),
        )

    def feature(self, item: Mapping[str, Any], place: str) -> Feature:
        kind = item.get("kind")
        if kind not in FEATURE_KINDS:
            self.note("kind_unknown", f"{place}.kind", kind=_shown(kind))
            kind = "other"
        name = self.text(item, "name_vi", place, NAME_LENGTH)
        return Feature(
            **self.box(item, place, name or kind),
            kind=kind,
            name_vi=name,
            name_en=self.text(item, "name_en", place, NAME_LENGTH),
        )

    def correction(self, item: Mapping[str, Any], place: str) -> Correction:
        kind = item.get("kind")
        if kind not in CORRECTION_KINDS:
            self.note("kind_unknown", f"{place}.kind", kind=_shown(kind))
            kind = "none"
        first, second = (self.text(item, name, place, CODE_LENGTH) for name in ("first", "second"))
        return Correction(*in_order(first, second), kind)

    def picture(self, item: object) -> Picture | None:
        if item is None:
            return None
        if not isinstance(item, dict):
            self.note("shape", "picture")
            return None
        number = item.get("number")
        if not isinstance(number, int) or number not in self.pictures:
            self.note("picture_unknown", "picture.number")
            return None
        return Picture(**self.box(item, "picture", "picture"), number=number)

    def outline(self, document: Mapping[str, Any]) -> tuple[Point, ...]:
        found = document.get("outline") or []
        if not isinstance(found, list) or not all(
            isinstance(point, list | tuple) and len(point) == 2 for point in found
        ):
            self.note("shape", "outline")
            return ()
        if found and not 3 <= len(found) <= MOST_PARTS:
            self.note("outline_short", "outline")
            return ()
        points = []
        for index, (x, y) in enumerate(found):
            place = f"outline[{index}]"
            box = {"x": x, "y": y}
            points.append((self.length(box, "x", place), self.length(box, "y", place)))
        return tuple(points)

    def box(self, item: Mapping[str, Any], place: str, named: str) -> dict[str, int]:
        return {
            "x": self.length(item, "x", place, named=named),
            "y": self.length(item, "y", place, named=named),
            "width": self.length(item, "width", place, least=1, named=named),
            "height": self.length(item, "height", place, least=1, named=named),
        }

    def length(
        self, item: Mapping[str, Any], name: str, place: str, *, least: int = 0, named: str = ""
    ) -> int:
        value = item.get(name)
        where = name if place == "hall" else f"{place}.{name}"
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            self.note("not_whole", where, named=named or place, field=name, value=_shown(value))
            return least
        if least and value <= 0:
            self.note("no_size", where, named=named or place, field=name, value=value)
            return least
        if not least <= value <= LONGEST:
            self.note(
                "out_of_range", where, named=named or place, field=name, value=value, most=LONGEST
            )
            return least
        return value

    def power(self, item: Mapping[str, Any], place: str, named: str) -> float:
        value = item.get("power_kw", 0)
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.note("power", f"{place}.power_kw", named=named, value=_shown(value))
            return 0.0
        if not math.isfinite(value) or not 0 <= value <= MOST_POWER:
            self.note("power", f"{place}.power_kw", named=named, value=_shown(value))
            return 0.0
        return round(float(value), 1)

    def truth(self, item: Mapping[str, Any], name: str, place: str) -> bool:
        value = item.get(name, False)
        if not isinstance(value, bool):
            self.note("shape", f"{place}.{name}")
        return value is True

    def group_codes(self, item: Mapping[str, Any], place: str, named: str) -> tuple[str, ...]:
        found = item.get("groups", [])
        if not isinstance(found, list | tuple):
            self.note("shape", f"{place}.groups")
            return ()
        for code in found:
            if not isinstance(code, str) or code not in self.groups:
                self.note("group_unknown", f"{place}.groups", named=named, group=_shown(code))
                return ()
        return tuple(sorted(set(found)))

    def code(self, item: Mapping[str, Any], place: str, most: int) -> str:
        code = self.text(item, "code", place, most)
        if not code:
            self.note("code_missing", f"{place}.code")
        elif any(letter.isspace() or letter in '/\\?#%"<>,;' for letter in code):
            self.note("code_invalid", f"{place}.code", code=code)
        return code

    def text(self, item: Mapping[str, Any], name: str, place: str, most: int) -> str:
        value = item.get(name) or ""
        if not isinstance(value, str):
            self.note("shape", f"{place}.{name}")
            return ""
        value = _line(value)
        if len(value) > most:
            self.note("too_long", f"{place}.{name}", value=value[:most], most=most)
            return value[:most]
        return value


def _judge(plan: Plan) -> Iterator[Problem]:
    """What is wrong though each value by itself is right."""
    if plan.outline and crosses_itself(plan.outline):
        yield Problem("outline_crosses", "outline")
    for index, (x, y) in enumerate(plan.outline):
        if x > plan.width or y > plan.height:
            yield Problem("outline_outside", f"outline[{index}]", {"x": x, "y": y})
    yield from _repeated([zone.code for zone in plan.zones], "zones", "zone_repeated")
    yield from _repeated([booth.code for booth in plan.booths], "booths", "code_repeated")
    zones = {zone.code for zone in plan.zones}
    for index, booth in enumerate(plan.booths):
        if booth.zone not in zones:
            facts = {"named": booth.code, "zone": booth.zone}
            yield Problem("zone_unknown", f"booths[{index}].zone", facts)
        if not is_inside(booth, plan.corners):
            yield Problem("outside", f"booths[{index}]", {"named": booth.code})
    places = {booth: index for index, booth in enumerate(plan.booths)}
    for one, two in find_overlaps(plan.booths)[:MOST_PROBLEMS]:
        first, second = sorted((one, two), key=lambda booth: places[booth])
        facts = {"named": first.code, "other": second.code}
        yield Problem("overlap", f"booths[{places[second]}]", facts)
    codes = {booth.code for booth in plan.booths}
    for index, each in enumerate(plan.corrections):
        if each.first == each.second or not {each.first, each.second} <= codes:
            facts = {"first": each.first, "second": each.second}
            yield Problem("pair_unknown", f"corrections[{index}]", facts)
    pairs = [f"{each.first} + {each.second}" for each in plan.corrections]
    yield from _repeated(pairs, "corrections", "pair_repeated")


def _repeated(codes: list[str], name: str, problem: str) -> Iterator[Problem]:
    seen: Counter[str] = Counter()
    for index, code in enumerate(codes):
        seen[code] += 1
        if seen[code] == 2:
            yield Problem(problem, f"{name}[{index}].code", {"named": code})


def _line(text: str) -> str:
    visible = "".join(
        char
        for char in text
        if char.isspace() or unicodedata.category(char) not in {"Cc", "Cf", "Co", "Cs"}
    )
    return unicodedata.normalize("NFC", " ".join(visible.split()))


def _shown(value: object) -> str:
    """A value as it may be shown to whoever sent it."""
    if value is None:
        return "–"
    return str(value)[:40] if isinstance(value, str | int | float) else type(value).__name__
