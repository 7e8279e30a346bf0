"""Names are set as large as they fit, by widths that are never below the font's own."""

from pathlib import Path

import pytest
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

from badges.sheet import Block, fit
from badges.sheet.lettering import lines_of, width_of

FONTS = Path(__file__).resolve().parents[3] / "static" / "fonts"
VOWELS = "aàảãáạăằẳẵắặâầẩẫấậeèẻẽéẹêềểễếệiìỉĩíịoòỏõóọôồổỗốộơờởỡớợuùủũúụưừửữứựyỳỷỹýỵ"
LETTERS = [*f"{VOWELS}bcdđfghjklmnpqrstvwxz", *f"{VOWELS}bcdđfghjklmnpqrstvwxz".upper()]
SIGNS = [*"0123456789 .,-()&·'"]
NAME = Block(width=80, height=19, sizes=(30, 26, 22, 18, 15, 12, 10, 8))


@pytest.mark.parametrize("face", ["BeVietnamPro-400.ttf", "BeVietnamPro-700.ttf"])
def test_no_letter_is_wider_in_the_font_than_it_is_taken_for(face: str) -> None:
    font = TTFont(FONTS / face)
    glyphs, widths, em = font.getBestCmap(), font["hmtx"], font["head"].unitsPerEm
    too_wide = {
        letter: widths[glyphs[ord(letter)]][0] / em
        for letter in LETTERS + SIGNS
        if widths[glyphs[ord(letter)]][0] / em > width_of(letter) + 0.005
    }
    assert too_wide == {}


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("Trần Ngọc", 30),
        ("Nguyễn Thị Huyền Trân Ưu", 22),
        ("", 30),
        (" ".join(["Nguyễn"] * 17), 10),
        ("N" * 100, 8),
    ],
)
def test_longer_names_are_set_smaller(name: str, size: int) -> None:
    assert fit(name, NAME) == size


def test_text_is_broken_between_words_only() -> None:
    assert lines_of("aa aa", width_of("aa")) == 2
    assert lines_of("aa aa", width_of("aa aa")) == 1
    assert lines_of("aaa", width_of("aa")) == float("inf")
