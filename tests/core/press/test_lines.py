from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import pdf
from core.pdf import PdfError
from core.press.lines import NO_BREAK, Align, Line, Words, set_lines

VIETNAMESE = (
    "aăâbcdđeêghiklmnoôơpqrstuưvxyàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ"
)
WORD = st.text(VIETNAMESE + VIETNAMESE.upper() + "0123456789", min_size=1, max_size=12)
SENTENCE = st.lists(WORD, min_size=1, max_size=60).map(" ".join)
LONG = st.text(VIETNAMESE + " ", min_size=1, max_size=300).filter(str.strip)


def _text(line: Line) -> str:
    return "".join(part.text for part in line.parts)


@settings(deadline=None)
@given(LONG, st.floats(20, 500), st.sampled_from(["left", "center", "right", "both"]))
def test_every_letter_is_set_once_and_in_order(text: str, width: float, align: Align) -> None:
    lines = set_lines((Words(text),), width, align=align)
    assert "".join("".join(map(_text, lines)).split()) == "".join(text.split())
    assert all(line.width <= width + 1e-3 for line in lines)
    assert all(line.parts[0].x >= -1e-3 for line in lines)


@settings(deadline=None)
@given(SENTENCE, st.floats(120, 500))
def test_pulled_lines_end_at_the_edge_and_the_last_one_does_not(text: str, width: float) -> None:
    *lines, last = set_lines((Words(text),), width, align="both")
    natural = set_lines((Words(text),), width)
    assert [_text(line) for line in (*lines, last)] == [_text(line) for line in natural]
    pulled = [line for line in lines if _text(line).strip().count(" ")]
    assert all(line.width == pytest.approx(width) for line in pulled)
    assert last == natural[-1]


@settings(deadline=None, max_examples=10)
@given(st.lists(SENTENCE, min_size=1, max_size=3), st.sampled_from([120, 300, 467.7]))
def test_lines_break_where_the_other_renderer_breaks_them(texts: list[str], width: float) -> None:
    """WeasyPrint sets the same words: two hands, one reading."""
    style = f"width: {width}pt; font: 13pt/1.15 Tinos; font-kerning: none; margin: 0"
    html = "".join(f'<p style="{style}">{text}</p>' for text in texts)
    document = pdf._lay_out(f"<title>x</title>{html}", [])
    theirs = [line for page in document.pages for line in _lines_of(page._page_box)]
    ours = [_text(line).strip() for text in texts for line in set_lines((Words(text),), width)]
    assert ours == theirs


def _lines_of(box: object) -> list[str]:
    if type(box).__name__ == "LineBox":
        return ["".join(_texts_of(box)).strip()]
    return [line for child in getattr(box, "children", ()) for line in _lines_of(child)]


def _texts_of(box: object) -> list[str]:
    own = [box.text] if hasattr(box, "text") else []
    return own + [text for child in getattr(box, "children", ()) for text in _texts_of(child)]


def test_words_of_two_faces_stand_on_one_line_without_a_gap() -> None:
    words = (Words("Mã", "Bold"), Words(" / Code", "Italic", 9.5, "en"), Words(": 7K3M"))
    (line,) = set_lines(words, 300)
    assert [part.text for part in line.parts] == ["Mã", " / Code", ": 7K3M"]
    first = set_lines(words[:1], 300)[0].width
    assert line.parts[1].x == pytest.approx(first)
    assert line.height == pytest.approx(13 * 1.15)


def test_word_across_two_faces_is_not_torn_apart() -> None:
    lines = set_lines((Words("một hai "), Words("ba", "Bold"), Words(":bốn năm")), 62)
    assert [_text(line).strip() for line in lines] == ["một hai", "ba:bốn", "năm"]


def test_first_line_is_indented() -> None:
    first, second, *_ = set_lines((Words("chợ phiên " * 12),), 150, indent=28, align="both")
    assert (first.parts[0].x, second.parts[0].x) == (28, 0)
    assert first.width == pytest.approx(122)


def test_line_that_goes_on_ends_with_a_space_for_those_who_listen() -> None:
    lines = set_lines((Words("chợ phiên vùng cao"),), 60)
    assert [_text(line) for line in lines] == ["chợ phiên ", "vùng cao"]
    assert all(a.width < 60 for a, _b in pairwise(lines))


def test_space_that_does_not_break_keeps_words_together() -> None:
    lines = set_lines((Words(f"giá 45.000{NO_BREAK}đồng"),), 75)
    assert [_text(line).strip() for line in lines] == ["giá", f"45.000{NO_BREAK}đồng"]


def test_letters_that_the_serif_lacks_are_named() -> None:
    with pytest.raises(PdfError) as caught:
        set_lines((Words("chợ 市場"),), 300)
    assert caught.value.code == "pdf.letters"
    assert "場 市" in str(caught.value)


def test_no_words_are_no_lines() -> None:
    assert set_lines((Words("  "),), 100) == ()
