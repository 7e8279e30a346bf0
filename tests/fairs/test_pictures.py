"""Pictures that come from outside: drawn anew, without what they carried, or refused."""

import zlib
from io import BytesIO

import pytest
from PIL import Image, ImageFile

from core.errors import DomainError
from fairs.rendering.pictures import MOST_BYTES, redraw_picture
from tests import builders

SECRET = "21.02850, 105.85420"


def _open(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


def _chunk(name: bytes, content: bytes) -> bytes:
    check = zlib.crc32(name + content)
    return len(content).to_bytes(4, "big") + name + content + check.to_bytes(4, "big")


def _bomb(side: int) -> bytes:
    """A PNG of a few bytes that says it is `side` pixels long and wide."""
    head = side.to_bytes(4, "big") * 2 + b"\x08\x02\x00\x00\x00"
    parts = _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(b"")) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def _tagged() -> Image.Exif:
    exif = Image.Exif()
    exif[0x010E] = SECRET  # what the picture shows
    exif[0x0112] = 6  # turned by a quarter
    return exif


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_becomes_a_webp_of_at_most_1600_pixels(kind: str) -> None:
    picture = redraw_picture(builders.draw_picture(kind=kind, size=(3200, 800)))
    assert (picture.width, picture.height) == (1600, 400)
    drawn = _open(picture.content)
    assert (drawn.format, drawn.size, drawn.mode) == ("WEBP", (1600, 400), "RGB")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_what_the_camera_wrote_is_gone_and_the_picture_stands_upright(kind: str) -> None:
    sent = builders.draw_picture(
        kind=kind, size=(80, 40), exif=_tagged(), icc_profile=b"colours of " + SECRET.encode()
    )
    assert SECRET.encode() in sent
    picture = redraw_picture(sent)
    assert (picture.width, picture.height) == (40, 80)
    assert SECRET.encode() not in picture.content
    drawn = _open(picture.content)
    assert (dict(drawn.getexif()), set(drawn.info) & {"exif", "icc_profile", "xmp"}) == ({}, set())


def test_a_small_picture_is_not_made_larger() -> None:
    assert redraw_picture(builders.draw_picture(size=(1, 1))).width == 1


def test_what_is_clear_becomes_white() -> None:
    saved = BytesIO()
    Image.new("RGBA", (8, 8), (255, 0, 0, 0)).save(saved, "PNG")
    assert _open(redraw_picture(saved.getvalue()).content).getpixel((4, 4)) == (255, 255, 255)


def test_the_same_file_always_gives_the_same_bytes() -> None:
    sent = builders.draw_picture(kind="JPEG", size=(500, 300))
    assert redraw_picture(sent) == redraw_picture(sent)


@pytest.mark.parametrize("side", [5_000, 10_000, 14_000, 60_000])
def test_a_bomb_is_refused_before_it_is_unpacked(side: int) -> None:
    with pytest.raises(DomainError) as refused:
        redraw_picture(_bomb(side))
    assert refused.value.code == "picture.too_large"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"abc",
        b"%PDF-1.7 %%EOF",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"GIF89a" + b"\0" * 50,
        _bomb(20),
        builders.draw_picture(kind="GIF"),
        builders.draw_picture(kind="TIFF"),
        builders.draw_picture(kind="JPEG", size=(400, 400))[:300],
        builders.draw_picture(kind="PNG", size=(400, 400))[:80],
        builders.draw_picture(kind="WEBP", size=(400, 400))[:60],
    ],
    ids=range(11),
)
def test_what_is_no_picture_is_refused_in_words(
    content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)  # as WeasyPrint leaves it
    with pytest.raises(DomainError) as refused:
        redraw_picture(content)
    assert refused.value.code == "picture.unreadable"


def test_more_than_ten_megabytes_are_refused() -> None:
    with pytest.raises(DomainError) as refused:
        redraw_picture(builders.draw_picture() + b"\0" * MOST_BYTES)
    assert refused.value.code == "picture.too_heavy"
