"""Colours keep the contrast of WCAG 2.2 AA in both schemes, computed from the tokens themselves."""

import re
from pathlib import Path

import pytest

SHEET = (Path(__file__).parents[2] / "static/css/tokens.css").read_text(encoding="utf-8")
LIGHT_PART, DARK_PART = SHEET.split("@media (prefers-color-scheme: dark)")
COLOUR = re.compile(r"--([\w-]+): (#[0-9a-f]{3,6});")
LIGHT = dict(COLOUR.findall(LIGHT_PART))
DARK = LIGHT | dict(COLOUR.findall(DARK_PART))

TEXT_PAIRS = [
    *((ink, ground) for ink in ("ink", "muted", "brand") for ground in ("paper", "surface")),
    *((ink, "sunken") for ink in ("ink", "muted")),
    *((ink, ground) for ink in ("lacquer", "indigo", "star") for ground in ("paper", "surface")),
    *(("ink", f"{name}-soft") for name in ("brand", "turmeric", "lacquer", "indigo")),
    *(("muted", f"{name}-soft") for name in ("brand", "turmeric")),
    ("on-brand", "brand"),
    ("on-brand", "brand-strong"),
    ("brand", "brand-soft"),
    ("brand-strong", "brand-soft"),
    ("turmeric-ink", "turmeric-soft"),
    ("turmeric-ink", "surface"),
    ("star", "brand-soft"),
    ("lacquer", "lacquer-soft"),
    ("indigo", "indigo-soft"),
    ("on-bar", "bar"),
    ("on-bar-muted", "bar"),
]
SHAPE_PAIRS = [
    *((line, ground) for line in ("edge", "focus") for ground in ("paper", "surface")),
    ("turmeric", "bar"),
]
GROUPS = ["food", "beverage", "herbal", "craft", "plants", "tourism"]


def _luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    channels = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
def test_text_reaches_four_and_a_half_to_one(scheme: dict[str, str]) -> None:
    low = {
        (ink, ground): round(_contrast(scheme[ink], scheme[ground]), 2)
        for ink, ground in TEXT_PAIRS
    }
    assert {pair: ratio for pair, ratio in low.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
def test_edges_and_focus_reach_three_to_one(scheme: dict[str, str]) -> None:
    low = {
        (line, ground): round(_contrast(scheme[line], scheme[ground]), 2)
        for line, ground in SHAPE_PAIRS
    }
    assert {pair: ratio for pair, ratio in low.items() if ratio < 3} == {}


@pytest.mark.parametrize("group", GROUPS)
def test_white_text_on_a_product_group_reaches_four_and_a_half_to_one(group: str) -> None:
    assert _contrast(LIGHT[f"g-{group}"], "#ffffff") >= 4.5


def test_contrast_of_black_and_white_is_twenty_one() -> None:
    assert round(_contrast("#000", "#fff"), 6) == 21
