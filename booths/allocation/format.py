"""Read an instance: from text, or from the plain dict that JSON gives.

Absent means none (no water, no wish, no quota); an unknown field is an error, so a misspelt one
cannot pass for absent. Every complaint is one line that starts with the place.
"""

import json
from fractions import Fraction
from hashlib import sha256
from math import isfinite
from typing import Any, NoReturn

from .blocks import describe_block, fit_block, forms_path, map_joins
from .instance import (
    MAX_APPLICATIONS,
    MAX_BOOTHS_ASKED,
    Application,
    Booth,
    Instance,
    InstanceError,
    Quota,
    Weights,
)

VERSION = 1
MAX_WISHES = 3
MAX_WHOLE = 1_000_000
MAX_BOOTHS = 20_000
MAX_PAIRS = 400_000
MAX_QUOTAS = 1_000


def read_instance(text: str | bytes) -> Instance:
    """Parse and validate the JSON text of an instance; InstanceError if anything is wrong."""
    try:
        document = json.loads(
            text, object_pairs_hook=_unique_pairs, parse_constant=_refuse_constant
        )
    except InstanceError:
        raise
    except (ValueError, RecursionError) as error:
        reason = str(error).splitlines()[0] if isinstance(error, ValueError) else "nested too deep"
        raise InstanceError(f"not JSON: {reason}") from None
    return parse_instance(document)


def encode_canonical(document: object) -> bytes:
    """Return canonical JSON: sorted keys, no spaces, UTF-8."""
    return json.dumps(
        document, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


def parse_instance(document: object) -> Instance:
    """Validate the dict of an instance (version 1) and return its frozen form.

    Raises InstanceError: wrong type or range, unknown or repeated codes and ids, a pin that does
    not fit, pins that contradict each other or a quota's maximum.
    """
    place = "instance"
    fields = _fields(
        document,
        place,
        "version seed booths applications",
        "joins neighbours quotas weights",
    )
    if type(fields["version"]) is not int or fields["version"] != VERSION:
        _fail("version", f"{_show(fields['version'])} is not {VERSION}")
    booths = tuple(
        _booth(item, f"booths[{index}]")
        for index, item in enumerate(_list(fields["booths"], "booths", MAX_BOOTHS))
    )
    codes = _unique([booth.code for booth in booths], "booths", "code")
    zones = {booth.zone for booth in booths}
    joins = _pairs(fields.get("joins", []), "joins", codes)
    seen = _pairs(fields.get("neighbours", []), "neighbours", codes)
    items = _list(fields["applications"], "applications", MAX_APPLICATIONS)
    applications = tuple(
        _application(item, f"applications[{index}]", codes, zones)
        for index, item in enumerate(items)
    )
    _unique([application.id for application in applications], "applications", "id")
    quotas = tuple(
        _quota(item, f"quotas[{index}]")
        for index, item in enumerate(_list(fields.get("quotas", []), "quotas", MAX_QUOTAS))
    )
    _unique([quota.name for quota in quotas], "quotas", "name")
    instance = Instance(
        seed=_text(fields["seed"], "seed", empty=True),
        booths=booths,
        joins=joins,
        neighbours=tuple(sorted({*joins, *seen})),
        applications=applications,
        quotas=quotas,
        weights=_weights(fields.get("weights", {})),
        sha256=sha256(encode_canonical(document)).hexdigest(),
    )
    _check_pins(instance)
    return instance


def _booth(item: object, place: str) -> Booth:
    fields = _fields(item, place, "code", "zone power_kw water cold cooking groups")
    groups = _list(fields.get("groups", []), f"{place}.groups", MAX_WHOLE)
    return Booth(
        code=_text(fields["code"], f"{place}.code"),
        zone=_text(fields.get("zone", ""), f"{place}.zone", empty=True),
        power_kw=_power(fields.get("power_kw", 0), f"{place}.power_kw"),
        water=_flag(fields.get("water", False), f"{place}.water"),
        cold=_flag(fields.get("cold", False), f"{place}.cold"),
        cooking=_flag(fields.get("cooking", False), f"{place}.cooking"),
        groups=frozenset(
            _text(group, f"{place}.groups[{index}]") for index, group in enumerate(groups)
        ),
    )


def _application(item: object, place: str, codes: set[str], zones: set[str]) -> Application:
    fields = _fields(
        item,
        place,
        "id booths group priority",
        "power_kw water cold cooking wishes kind traits pinned forbidden previous",
    )
    wishes = _list(fields.get("wishes", []), f"{place}.wishes", MAX_WISHES)
    kind = fields.get("kind")
    return Application(
        id=_text(fields["id"], f"{place}.id"),
        booths=_whole(fields["booths"], f"{place}.booths", 1, MAX_BOOTHS_ASKED),
        group=_text(fields["group"], f"{place}.group"),
        power_kw=_power(fields.get("power_kw", 0), f"{place}.power_kw"),
        water=_flag(fields.get("water", False), f"{place}.water"),
        cold=_flag(fields.get("cold", False), f"{place}.cold"),
        cooking=_flag(fields.get("cooking", False), f"{place}.cooking"),
        priority=_whole(fields["priority"], f"{place}.priority", 1, 100),
        wishes=tuple(
            _wish(wish, f"{place}.wishes[{index}]", codes, zones)
            for index, wish in enumerate(wishes)
        ),
        kind=None if kind is None else _text(kind, f"{place}.kind"),
        traits=_traits(fields.get("traits", {}), f"{place}.traits"),
        pinned=_codes(fields.get("pinned"), f"{place}.pinned", codes),
        forbidden=_codes(fields.get("forbidden"), f"{place}.forbidden", codes) or frozenset(),
        previous=_codes(fields.get("previous"), f"{place}.previous", None),
    )


def _wish(item: object, place: str, codes: set[str], zones: set[str]) -> tuple[str, str]:
    pair = _list(item, place, 2)
    if len(pair) != 2 or pair[0] not in ("booth", "zone"):
        _fail(place, f'{_show(item)} is not ["booth", CODE] or ["zone", NAME]')
    name = _text(pair[1], f"{place}[1]", empty=True)
    if name not in (codes if pair[0] == "booth" else zones):
        _fail(f"{place}[1]", f"unknown {pair[0]} {_show(name)}")
    return pair[0], name


def _traits(item: object, place: str) -> tuple[tuple[str, str], ...]:
    if not isinstance(item, dict):
        _fail(place, f"{_show(item)} is not an object")
    return tuple(
        sorted(
            (_text(name, place), _text(value, f"{place}.{_show(name)}", empty=True))
            for name, value in item.items()
        )
    )


def _codes(item: object, place: str, known: set[str] | None) -> frozenset[str] | None:
    """Read a list of distinct codes, of known booths unless any will do; null is None."""
    if item is None:
        return None
    codes = [
        _text(code, f"{place}[{index}]")
        for index, code in enumerate(_list(item, place, MAX_BOOTHS))
    ]
    seen: set[str] = set()
    for index, code in enumerate(codes):
        if known is not None and code not in known:
            _fail(f"{place}[{index}]", f"unknown booth {_show(code)}")
        if code in seen:
            _fail(f"{place}[{index}]", f"repeated booth {_show(code)}")
        seen.add(code)
    return frozenset(seen)


def _quota(item: object, place: str) -> Quota:
    fields = _fields(item, place, "name trait value", "min max")
    least, most = fields.get("min"), fields.get("max")
    minimum = 0 if least is None else _whole(least, f"{place}.min", 0, MAX_WHOLE)
    maximum = None if most is None else _whole(most, f"{place}.max", 0, MAX_WHOLE)
    if maximum is not None and minimum > maximum:
        _fail(f"{place}.min", f"{minimum} is more than max {maximum}")
    return Quota(
        name=_text(fields["name"], f"{place}.name"),
        trait=_text(fields["trait"], f"{place}.trait"),
        value=_text(fields["value"], f"{place}.value", empty=True),
        minimum=minimum,
        maximum=maximum,
    )


def _weights(item: object) -> Weights:
    fields = _fields(item, "weights", "", "place wish apart quota stability")
    return Weights(
        **{name: _whole(value, f"weights.{name}", 0, MAX_WHOLE) for name, value in fields.items()}
    )


def _check_pins(instance: Instance) -> None:
    """Refuse pins that fit no block, and pins that cannot all hold at once."""
    position = {booth.code: index for index, booth in enumerate(instance.booths)}
    joined = map_joins(instance)
    holder: dict[str, str] = {}
    for index, application in enumerate(instance.applications):
        if application.pinned is None:
            continue
        place, pinned = f"applications[{index}].pinned", application.pinned
        if len(pinned) != application.booths:
            _fail(place, f"{len(pinned)} booths are pinned, {application.booths} asked for")
        if not forms_path(pinned, joined):
            _fail(place, f"{_show(sorted(pinned))} do not form a block")
        block = describe_block(instance.booths, [position[code] for code in pinned])
        if not fit_block(application, block):
            _fail(place, f"{_show(sorted(pinned))} does not fit {_show(application.id)}")
        barred = sorted(pinned & application.forbidden)
        if barred:
            _fail(place, f"booth {_show(barred[0])} is forbidden to {_show(application.id)}")
        for code in sorted(pinned):
            if code in holder:
                taken = f"booth {_show(code)} is pinned for {_show(holder[code])} too"
                _fail(place, taken)
            holder[code] = application.id
    for index, quota in enumerate(instance.quotas):
        covered = [a for a in instance.applications if a.pinned is not None and quota.covers(a)]
        pinned_booths = sum(application.booths for application in covered)
        if quota.maximum is not None and pinned_booths > quota.maximum:
            names = ", ".join(_show(application.id) for application in covered[:10])
            most = f"{_show(quota.name)} allows {quota.maximum}"
            _fail(f"quotas[{index}].max", f"{most}, {pinned_booths} are pinned for {names}")


def _fail(place: str, complaint: str) -> NoReturn:
    raise InstanceError(f"{place}: {complaint}")


def _show(value: object) -> str:
    """Show a value on one line, short, as JSON writes it (escapes keep control signs out)."""
    shown = json.dumps(value, default=lambda other: type(other).__name__)
    return shown if len(shown) <= 60 else shown[:57] + "..."


def _unique_pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        names = [name for name, _ in pairs]
        _fail("instance", f"field {_show(next(n for n in names if names.count(n) > 1))} twice")
    return fields


def _refuse_constant(name: str) -> NoReturn:
    _fail("instance", f"{name} is not a number in JSON")


def _fields(item: object, place: str, required: str, optional: str) -> dict[str, Any]:
    if not isinstance(item, dict):
        _fail(place, f"{_show(item)} is not an object")
    known = {*required.split(), *optional.split()}
    for name in item:
        if name not in known:
            _fail(place, f"unknown field {_show(name)}")
    for name in required.split():
        if name not in item:
            _fail(place, f"{name} is missing")
    return item


def _list(item: object, place: str, longest: int) -> list[Any]:
    if not isinstance(item, list | tuple):
        _fail(place, f"{_show(item)} is not a list")
    if len(item) > longest:
        _fail(place, f"{len(item)} entries are more than {longest}")
    return list(item)


def _text(item: object, place: str, *, empty: bool = False) -> str:
    if not isinstance(item, str):
        _fail(place, f"{_show(item)} is not a text")
    if not item and not empty:
        _fail(place, "is empty")
    if any("\ud800" <= sign <= "\udfff" for sign in item):
        _fail(place, f"{_show(item)} is not valid Unicode")
    return item


def _flag(item: object, place: str) -> bool:
    if not isinstance(item, bool):
        _fail(place, f"{_show(item)} is not true or false")
    return item


def _whole(item: object, place: str, least: int, most: int) -> int:
    if type(item) is not int:
        _fail(place, f"{_show(item)} is not a whole number")
    if not least <= item <= most:
        _fail(place, f"{_show(item)} is not between {least} and {most}")
    return item


def _power(item: object, place: str) -> Fraction:
    if type(item) not in (int, float):
        _fail(place, f"{_show(item)} is not a number")
    if not isfinite(item) or not 0 <= item <= MAX_WHOLE:  # type: ignore[arg-type,operator]
        _fail(place, f"{_show(item)} is not between 0 and {MAX_WHOLE}")
    # As written, so that 0.1 + 0.2 reaches 0.3.
    return Fraction(str(item))


def _unique(names: list[str], place: str, field: str) -> set[str]:
    seen: set[str] = set()
    for index, name in enumerate(names):
        if name in seen:
            _fail(f"{place}[{index}].{field}", f"repeated {field} {_show(name)}")
        seen.add(name)
    return seen


def _pairs(item: object, place: str, codes: set[str]) -> tuple[tuple[str, str], ...]:
    pairs: set[tuple[str, str]] = set()
    for index, entry in enumerate(_list(item, place, MAX_PAIRS)):
        here = f"{place}[{index}]"
        pair = _list(entry, here, 2)
        if len(pair) != 2:
            _fail(here, f"{_show(entry)} is not a pair")
        for code in pair:
            if _text(code, here) not in codes:
                _fail(here, f"unknown booth {_show(code)}")
        if pair[0] == pair[1]:
            _fail(here, f"booth {_show(pair[0])} is paired with itself")
        pairs.add((min(pair), max(pair)))
    return tuple(sorted(pairs))
