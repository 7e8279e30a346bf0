import re
from xml.etree import ElementTree

import pytest
import zxingcpp
from PIL import Image

from core import qr


def _picture(modules: qr.Matrix) -> Image.Image:
    side = len(modules) + 2 * qr.QUIET
    picture = Image.new("L", (side, side), 255)
    for y, row in enumerate(modules):
        for x, dark in enumerate(row):
            picture.putpixel((x + qr.QUIET, y + qr.QUIET), 0 if dark else 255)
    return picture.resize((side * 4, side * 4), Image.Resampling.NEAREST)


def _drawn(path: str, side: int) -> qr.Matrix:
    """Read the path back as modules."""
    rows = [[False] * side for _ in range(side)]
    for x, y, run in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", path):
        for offset in range(int(run)):
            rows[int(y)][int(x) + offset] = True
    return tuple(tuple(row) for row in rows)


def _read(picture: Image.Image) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(picture)]


@pytest.mark.parametrize("level", qr.LEVELS)
@pytest.mark.parametrize(
    "text",
    [
        "7",
        "HTTPS://CHOPHIEN.VN/V/7K3M9QXR2VTA5",
        "Chợ Phiên – Nguyễn Thị Huyền Trân Ưu",
        "a" * 1000,
    ],
)
def test_symbol_reads_back(text: str, level: str) -> None:
    assert _read(_picture(qr.matrix(text, level=level))) == [text]


def test_row_of_noughts_reads_back() -> None:
    text = "A" + "0" * 300
    assert _read(_picture(qr.matrix(text, level="L"))) == [text]


def test_address_in_capitals_needs_a_smaller_symbol() -> None:
    address = "https://chophien.vn/v/7k3m9qxr2vta5"
    assert (len(qr.matrix(address)), len(qr.matrix(address.upper()))) == (29, 25)


@pytest.mark.parametrize("text", ["", "a\0b", "a\nb", "1" * 8000])
def test_symbol_refuses_what_it_cannot_hold(text: str) -> None:
    with pytest.raises(ValueError, match=r"printable|too long"):
        qr.matrix(text)


def test_symbol_refuses_an_unknown_level() -> None:
    with pytest.raises(ValueError, match="level"):
        qr.matrix("A", level="Z")


def test_path_draws_every_dark_module_and_no_other() -> None:
    modules = qr.matrix("HTTPS://CHOPHIEN.VN/V/7K3M9QXR2VTA5")
    assert _drawn(qr.path(modules), len(modules)) == modules


def test_operators_draw_every_dark_module_and_no_other() -> None:
    modules = qr.matrix("https://a.vn/v/7k3m")
    drawn = re.sub(r"(\d+) (\d+) (\d+) 1 re", r"M\1 \2h\3v1h-\3z", qr.operators(modules, quiet=0))
    assert _drawn(drawn, len(modules)) == modules


def test_svg_has_a_spoken_title_a_size_and_a_margin() -> None:
    space = "{http://www.w3.org/2000/svg}"
    root = ElementTree.fromstring(qr.svg("A", title="Mã <1> & 2", size_mm=24))
    assert root.findtext(f"{space}title") == "Mã <1> & 2"
    assert (root.get("width"), root.get("height")) == ("24mm", "24mm")
    assert root.get("viewBox") == "-4 -4 29 29"
    assert len(root.findall(f"{space}path")) == 1
