import io

import pytest
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

from core.pdf import FONTS
from core.press.faces import Slant, face

SLANTS: tuple[Slant, ...] = ("Regular", "Bold", "Italic", "BoldItalic")


@pytest.mark.parametrize("slant", SLANTS)
def test_embedded_face_draws_what_it_is_asked_for_and_nothing_else(slant: Slant) -> None:
    used = face(slant)
    with TTFont(io.BytesIO(used.embedded("Ếđ ")), checkChecksums=2) as font:
        drawn = {
            glyph
            for glyph in range(font["maxp"].numGlyphs)
            if font["glyf"][font.getGlyphName(glyph)].numberOfContours
        }
    with TTFont(FONTS / f"Tinos-{slant}.ttf") as whole:
        parts = {used.glyphs[letter] for letter in "Ếđ"} | {0}
        for letter in "Ếđ":
            glyph = whole["glyf"][whole.getGlyphName(used.glyphs[letter])]
            if glyph.isComposite():
                names = [part.glyphName for part in glyph.components]
                parts |= {whole.getGlyphID(name) for name in names}
    assert parts <= drawn
    assert used.glyphs["a"] not in drawn
    assert len(drawn) <= len(parts) + 6  # parts of parts


@pytest.mark.parametrize("slant", SLANTS)
def test_kept_glyphs_are_drawn_as_in_the_whole_face(slant: Slant) -> None:
    used = face(slant)
    with (
        TTFont(io.BytesIO(used.embedded(used.glyphs))) as font,
        TTFont(FONTS / f"Tinos-{slant}.ttf") as whole,
    ):
        for glyph in used.glyphs.values():
            name, known = font.getGlyphName(glyph), whole.getGlyphName(glyph)
            ours, theirs = font["glyf"][name], whole["glyf"][known]
            assert ours.getCoordinates(font["glyf"]) == theirs.getCoordinates(whole["glyf"])
            assert font["hmtx"][name] == whole["hmtx"][known]


def test_width_is_the_sum_of_the_letters() -> None:
    used = face("Regular")
    assert used.width("", 13) == 0
    assert used.width("Ưu", 10) == pytest.approx(used.width("Ư", 10) + used.width("u", 10))
    assert used.width("n", 20) == 2 * used.width("n", 10) == pytest.approx(10)
