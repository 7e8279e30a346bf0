from itertools import chain

from hypothesis import given
from hypothesis import strategies as st

from core.press.lines import Line
from core.press.pages import Drawing, Page, Strip, Text, fill_pages, paragraph

HEIGHT = 100.0


def _strip(name: str, height: float = 10, **kind: object) -> Strip:
    return Strip(height, (Drawing(name, 0, 0),), **kind)  # type: ignore[arg-type]


def _names(page: Page | Strip) -> list[str]:
    return [mark.operators for mark in page.marks if isinstance(mark, Drawing)]


STRIPS = st.lists(
    st.builds(
        _strip,
        st.uuids().map(str),
        st.floats(1, 90),
        before=st.floats(0, 20),
        keeps=st.booleans(),
    ),
    max_size=40,
)


@given(STRIPS)
def test_every_strip_stands_once_in_order_and_inside_its_page(strips: list[Strip]) -> None:
    pages = fill_pages(strips, HEIGHT)
    names = [name for strip in strips for name in _names(strip)]
    assert list(chain.from_iterable(map(_names, pages))) == names
    assert all(page.used <= HEIGHT for page in pages)
    assert all(page.marks for page in pages) or not strips


@given(STRIPS)
def test_strips_that_keep_together_are_parted_only_where_no_page_holds_them(
    strips: list[Strip],
) -> None:
    pages = [_names(page) for page in fill_pages(strips, HEIGHT)]
    for at, strip in enumerate(strips[:-1]):
        (name,), (after,) = _names(strip), _names(strips[at + 1])
        page = next(page for page in pages if name in page)
        if strip.keeps and after not in page:
            start = at
            while start and strips[start - 1].keeps:
                start -= 1
            end = at + 1
            while strips[end].keeps and end < len(strips) - 1:
                end += 1
            whole = strips[start : end + 1]
            assert sum(each.height + each.before for each in whole) > HEIGHT


def test_room_above_is_dropped_at_the_top_of_a_page() -> None:
    strips = [_strip("a", 60, before=7), _strip("b", 60, before=7)]
    assert [page.marks[0].y for page in fill_pages(strips, HEIGHT)] == [0, 0]


def test_head_comes_again_above_the_rows_of_each_page() -> None:
    again = _strip("again", 5)
    rows = [_strip(f"row {number}", 30, head=again) for number in range(5)]
    pages = fill_pages([_strip("head", 5, keeps=True), *rows], HEIGHT)
    assert [_names(page) for page in pages] == [
        ["head", "row 0", "row 1", "row 2"],
        ["again", "row 3", "row 4"],
    ]
    assert [mark.y for mark in pages[1].marks] == [0, 5, 35]


def test_paragraph_leaves_no_line_alone() -> None:
    line = Line((), 0, 10, 9)
    for filled in range(8):
        strips = [_strip("before", 10 * filled + 1), *paragraph([line] * 5, None)]
        counts = [
            sum(isinstance(mark, Text) for mark in page.marks)
            for page in fill_pages(strips, HEIGHT)
        ]
        assert 1 not in counts
        assert sum(counts) == 5
