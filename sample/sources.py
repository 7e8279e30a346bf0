"""Opens the files of `sample/data`."""

import csv
import json
import tomllib
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"


def read_rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a CSV file as dictionaries of text."""
    with (DATA / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def read_facts() -> dict[str, Any]:
    """Return the public facts on Hanoi's programme, each with the key of its source."""
    facts: dict[str, Any] = json.loads((DATA / "hanoi_facts.json").read_text(encoding="utf-8"))
    return facts


def read_floor() -> dict[str, Any]:
    """Return the drawing of the near fair's hall."""
    return tomllib.loads((DATA / "floor.toml").read_text(encoding="utf-8"))
