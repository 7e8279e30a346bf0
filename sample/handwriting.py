"""Signatures drawn by nobody: a curve that looks like handwriting, the same for the same name."""

import json
from math import pi, sin
from random import Random

from mou.paper.strokes import HEIGHT, WIDTH
from sample.names import dice_for

Point = tuple[float, float, float, int]
MILLISECONDS = 8  # between two points, as a tablet's pen reports them
LETTER_POINTS = 14
PAUSE = 20  # points' worth of time between two strokes


def draw_signature(name: str) -> str:
    """Return the strokes of `name`'s signature as the signing pad sends them: JSON of points."""
    dice = dice_for("handwriting", name)
    letters = 4 + len(name) % 4
    word = _word(dice, letters)
    flourish = _flourish(dice, starts=word[-1][3] + PAUSE * MILLISECONDS)
    return json.dumps([word, flourish])


def _word(dice: Random, letters: int) -> list[Point]:
    """Loops from left to right, the first as tall as a capital."""
    heights = [70.0, *(dice.uniform(18, 42) for _ in range(letters - 1))]
    count = letters * LETTER_POINTS
    stride = WIDTH * 0.62 / count
    points = []
    for step in range(count):
        letter, part = divmod(step, LETTER_POINTS)
        turn = 2 * pi * part / LETTER_POINTS
        x = WIDTH * 0.16 + step * stride + 16 * sin(turn + pi / 2)
        y = HEIGHT * 0.52 - heights[letter] * sin(turn)
        points.append(_point(x, y, pressure=0.55 + 0.25 * sin(turn), at=step))
    return points


def _flourish(dice: Random, *, starts: int) -> list[Point]:
    """A line back under the word, as a pen leaves it."""
    bend, count = dice.uniform(8, 18), 3 * LETTER_POINTS
    points = []
    for step in range(count):
        part = step / (count - 1)
        x = WIDTH * (0.84 - 0.6 * part)
        y = HEIGHT * 0.82 + bend * sin(2 * pi * part)
        x, y, pressure, at = _point(x, y, pressure=0.6 - 0.4 * part, at=step)
        points.append((x, y, pressure, starts + at))
    return points


def _point(x: float, y: float, *, pressure: float, at: int) -> Point:
    inside = min(max(x, 0), WIDTH), min(max(y, 0), HEIGHT)
    return round(inside[0], 1), round(inside[1], 1), round(pressure, 3), at * MILLISECONDS
