"""Each face holds all of Vietnamese in one file: split subsets misprint it in PDFs."""

import unicodedata
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

FONTS = Path(__file__).parents[2] / "static/fonts"
FACES = sorted(path for path in FONTS.iterdir() if path.suffix in {".ttf", ".woff2"})
TONES = ["", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"]
LOWER = {
    unicodedata.normalize("NFC", vowel + tone) for vowel in "aăâeêioôơuưy" for tone in TONES
} | {"đ"}
ACCENTED = {letter for letter in LOWER | {each.upper() for each in LOWER} if not letter.isascii()}
SIGNS = set("₫–—…“”‘’·•×≤≥²→½")
DRAWN_BY_US = set("★☆✓←")


def _letters(path: Path) -> set[str]:
    with TTFont(path, lazy=True) as font:
        return {chr(code) for code in font.getBestCmap()}


def test_vietnamese_has_134_accented_letters() -> None:
    assert len(ACCENTED) == 134


@pytest.mark.parametrize("path", FACES, ids=lambda path: path.name)
def test_face_has_every_vietnamese_letter_and_sign(path: Path) -> None:
    assert (ACCENTED | SIGNS) - _letters(path) == set()


@pytest.mark.parametrize(
    "path", [path for path in FACES if path.name.startswith("BeViet")], ids=lambda path: path.name
)
def test_screen_face_has_stars_and_ticks(path: Path) -> None:
    assert DRAWN_BY_US - _letters(path) == set()


def test_there_is_one_file_for_each_weight() -> None:
    kinds = []
    for path in FACES:
        with TTFont(path, lazy=True) as font:
            italic = bool(font["OS/2"].fsSelection & 1)
            family = font["name"].getBestFamilyName().removesuffix(" Regular")
            kinds.append((family, font["OS/2"].usWeightClass, italic, path.suffix))
    assert sorted(kinds) == [
        ("Be Vietnam Pro", 400, False, ".ttf"),
        ("Be Vietnam Pro", 400, False, ".woff2"),
        ("Be Vietnam Pro", 700, False, ".ttf"),
        ("Be Vietnam Pro", 700, False, ".woff2"),
        ("Tinos", 400, False, ".ttf"),
        ("Tinos", 400, True, ".ttf"),
        ("Tinos", 700, False, ".ttf"),
        ("Tinos", 700, True, ".ttf"),
    ]


def test_screen_faces_stay_within_their_budget() -> None:
    assert sum(path.stat().st_size for path in FONTS.glob("*.woff2")) <= 66_000
