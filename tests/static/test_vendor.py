"""Third-party files are exactly what the manifest says, and pages ask nobody else for anything."""

import gzip
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders

from core.templatetags.cho_phien import SPRITE, STATE_TONES

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "static"
MANIFEST = json.loads((STATIC / "vendor/vendor.json").read_text(encoding="utf-8"))
PAGES = sorted(
    path
    for path in (ROOT / "templates").rglob("*.html")
    if path.relative_to(ROOT / "templates").parts[0] != "pdf"
)
OUR_SHEETS = sorted((STATIC / "css").glob("*.css"))


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _static_names(path: Path) -> set[str]:
    return set(re.findall(r"""\{% static ['"]([^'"]+)['"]""", _read(path)))


@pytest.mark.parametrize("row", MANIFEST, ids=lambda row: row["file"])
def test_vendored_file_is_the_one_in_the_manifest(row: dict[str, Any]) -> None:
    content = (STATIC / row["file"]).read_bytes()
    assert (hashlib.sha256(content).hexdigest(), len(content)) == (row["sha256"], row["bytes"])


def test_every_vendored_file_is_in_the_manifest() -> None:
    ours = {"update.py", "vendor.json"}
    present = {
        path.relative_to(STATIC).as_posix()
        for folder in ("vendor", "fonts")
        for path in (STATIC / folder).rglob("*")
        if path.is_file()
        and path.name not in ours
        and not path.name.startswith(("LICENSE", "OFL-"))
        and "__pycache__" not in path.parts
    }
    assert present == {row["file"] for row in MANIFEST}


@pytest.mark.parametrize("row", MANIFEST, ids=lambda row: row["file"])
def test_vendored_file_has_its_licence_beside_it(row: dict[str, Any]) -> None:
    path = STATIC / row["file"]
    name = f"OFL-{path.name.split('-')[0]}.txt" if path.parent.name == "fonts" else "LICENSE"
    assert "copy" in _read(path.parent / name).lower()


def test_third_party_page_lists_every_vendored_file() -> None:
    listed = set(re.findall(r"\| `static/([^`]+)`", _read(ROOT / "THIRD_PARTY.md")))
    assert listed == {row["file"] for row in MANIFEST}


def test_vendored_scripts_name_no_host_that_would_be_asked() -> None:
    named = {
        host
        for path in (STATIC / "vendor").rglob("*")
        if path.suffix in {".js", ".svg"}
        for host in re.findall(r"(?:https?:)?//([\w-]+(?:\.[\w-]+)+)", _read(path))
    }
    # The name of the SVG language, and home pages in comments.
    assert named == {"www.w3.org", "github.com", "wicg.github.io"}


def test_vendored_scripts_point_to_no_source_map() -> None:
    scripts = (STATIC / "vendor").rglob("*.js")
    assert [path.name for path in scripts if "sourceMappingURL" in _read(path)] == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_page_loads_only_files_that_are_here(path: Path) -> None:
    assert [name for name in sorted(_static_names(path)) if finders.find(name) is None] == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_page_loads_scripts_only_from_the_manifest_or_from_us(path: Path) -> None:
    known = {row["file"] for row in MANIFEST}
    sources = re.findall(r"<script\b[^>]*?\ssrc=(\"{%.*?%}\"|\S+)", _read(path))
    names = [re.sub(r"""^"\{% static ['"](.*)['"] %\}"$""", r"\1", source) for source in sources]
    assert [name for name in names if name not in known and not name.startswith("js/")] == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_page_holds_no_inline_style_or_script(path: Path) -> None:
    text = _read(path)
    inline = re.findall(r"<style|\sstyle=|\son[a-z]+=[\"']|javascript:|hx-on", text)
    inline += re.findall(
        r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/(?:ld\+)?json\")[^>]*>", text
    )
    assert inline == []


@pytest.mark.parametrize("path", OUR_SHEETS, ids=lambda path: path.name)
def test_style_sheet_asks_only_for_files_that_are_here(path: Path) -> None:
    wanted = re.findall(r"url\([\"']?([^\"')]+)", _read(path))
    assert [name for name in wanted if not (path.parent / name).resolve().is_file()] == []
    assert "@import" not in _read(path)


def test_icons_that_pages_use_are_in_the_sprite() -> None:
    drawn = set(re.findall(r'<symbol id="([^"]+)"', _read(STATIC / SPRITE)))
    used = {icon for _tone, icon in STATE_TONES.values() if icon}
    for path in PAGES:
        used |= set(re.findall(r"\{% icon [\"']([\w-]+)[\"'] %\}", _read(path)))
        used |= set(re.findall(r"\bicon=[\"']([\w-]+)[\"']", _read(path)))
    assert used - drawn == set()


def test_public_page_leaves_room_for_itself_in_sixty_kilobytes() -> None:
    files = {STATIC / name for name in _static_names(ROOT / "templates/base.html")}
    shared = sum(len(gzip.compress(path.read_bytes(), 9)) for path in files | {STATIC / SPRITE})
    assert shared <= 40_000, "the page's own HTML needs the other 20 kB"
