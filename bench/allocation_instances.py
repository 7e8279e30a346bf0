"""Repeatable allocation instances of realistic shape: `python -m bench.allocation_instances`.

Rows of 6 to 12 joined booths, two rows back to back or across an aisle seeing each other; six
product groups, one or two to a row; power everywhere, water, cold and cooking in places.
"""

import argparse
import json
from random import Random
from typing import Any

GROUPS = ("food", "beverage", "herbs", "handicrafts", "ornamental", "tourism")
KINDS = {group: [f"{group} {number}" for number in range(1, 6)] for group in GROUPS}
ACTORS = ("enterprise", "cooperative", "household business", "farm")


def build_instance(booths: int = 92, applications: int = 118, seed: int = 2026) -> dict[str, Any]:
    """Return an instance (version 1) of that many booths and applications."""
    draw = Random(seed)
    rows = _draw_rows(draw, booths)
    stands, joins, neighbours = [], [], []
    for number, length in enumerate(rows):
        letter = f"{chr(65 + number % 26)}{number // 26 or ''}-"
        groups = sorted(draw.sample(GROUPS[:4] if number % 3 else GROUPS, draw.choice((1, 2, 2))))
        water, cold, cooking = (draw.random() < share for share in (0.5, 0.25, 0.4))
        for place in range(length):
            stands.append(
                {
                    "code": f"{letter}{place + 1:02}",
                    "zone": f"Z{number // 2 + 1}",
                    "power_kw": draw.choice((1.0, 2.0, 2.0, 3.0)),
                    "water": water and draw.random() < 0.7,
                    "cold": cold and draw.random() < 0.7,
                    "cooking": cooking,
                    "groups": groups,
                }
            )
            if place:
                joins.append([f"{letter}{place:02}", f"{letter}{place + 1:02}"])
    first = 0
    for number in range(0, len(rows) - 1, 2):
        second = first + rows[number]
        neighbours += [
            [stands[first + place]["code"], stands[second + place]["code"]]
            for place in range(min(rows[number], rows[number + 1]))
        ]
        first = second + rows[number + 1]
    return {
        "version": 1,
        "seed": f"fair {seed}",
        "booths": stands,
        "joins": joins,
        "neighbours": neighbours,
        "applications": [_draw_application(draw, stands, n) for n in range(applications)],
        "quotas": [
            _quota("households", "actor", "household business", booths // 5, None),
            _quota("cooperatives", "actor", "cooperative", booths // 10, booths // 3),
            _quota("other provinces", "province", "other", 0, booths // 6),
        ],
        "weights": {"place": 100, "wish": 10, "apart": 30, "quota": 1000},
    }


def _draw_rows(draw: Random, booths: int) -> list[int]:
    rows = []
    while booths >= 18:
        rows.append(draw.randint(6, 12))
        booths -= rows[-1]
    return [*rows, booths] if booths <= 12 else [*rows, booths // 2, booths - booths // 2]


def _quota(name: str, trait: str, value: str, least: int, most: int | None) -> dict[str, Any]:
    return {"name": name, "trait": trait, "value": value, "min": least, "max": most}


def _draw_application(draw: Random, stands: list[dict[str, Any]], number: int) -> dict[str, Any]:
    booths = draw.choices((1, 2, 3, 4), (75, 17, 6, 2))[0]
    group = draw.choices(GROUPS, (35, 20, 12, 20, 5, 8))[0]
    wishes = []
    for _ in range(draw.randint(0, 3)):
        stand = draw.choice(stands)
        wishes.append(["booth", stand["code"]] if draw.random() < 0.6 else ["zone", stand["zone"]])
    return {
        "id": f"APP-{number + 1:05}",
        "booths": booths,
        "group": group,
        "power_kw": draw.choice((0, 1.0, 1.5, 2.0)) * booths,
        "water": draw.random() < 0.12,
        "cold": draw.random() < 0.06,
        "cooking": group == "food" and draw.random() < 0.2,
        "priority": draw.randint(30, 100),
        "wishes": wishes,
        "kind": draw.choice(KINDS[group]) if draw.random() < 0.8 else None,
        "traits": {
            "actor": draw.choice(ACTORS),
            "province": "other" if draw.random() < 0.2 else "01",
        },
        "pinned": None,
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("booths", type=int, nargs="?", default=92)
    parser.add_argument("applications", type=int, nargs="?", default=118)
    parser.add_argument("--seed", type=int, default=2026)
    asked = parser.parse_args()
    print(json.dumps(build_instance(asked.booths, asked.applications, asked.seed)))
