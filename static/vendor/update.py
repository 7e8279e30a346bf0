"""Refresh the third-party files the pages use: `.venv/bin/python static/vendor/update.py`.

A developer's tool, never run in production. It fetches exact versions with `npm pack`, copies
the files named below, writes `vendor.json` (what, which version, which licence, which sha256)
and `THIRD_PARTY.md`, and cuts the fonts down to what Vietnamese needs. Run twice, it writes the
same bytes. To move to a newer version: change the number here and in
`core/templatetags/cho_phien.py`, run, look at the pages, commit.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
import shutil
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

VENDOR = Path(__file__).resolve().parent
FONTS = VENDOR.parent / "fonts"
ROOT = VENDOR.parent.parent


@dataclass(frozen=True)
class Package:
    """One npm package: `files` maps a path inside it to the name it gets here."""

    name: str
    version: str
    licence: str
    files: dict[str, str]
    licence_file: str = "LICENSE"


SCRIPTS = [
    Package("htmx.org", "2.0.11", "0BSD", {"dist/htmx.min.js": "htmx.min.js"}),
    Package(
        "signature_pad", "5.1.4", "MIT", {"dist/signature_pad.min.js": "signature_pad.min.js"}
    ),
    Package(
        "qr",
        "0.7.0",
        "MIT",
        {"decode.js": "decode.js", "index.js": "index.js"},
        "LICENSE-MIT",
    ),
]
LUCIDE = Package("lucide-static", "1.62.0", "ISC", {})
SCREEN_FONT = Package(
    "@expo-google-fonts/be-vietnam-pro",
    "0.4.1",
    "OFL-1.1",
    {
        "400Regular/BeVietnamPro_400Regular.ttf": "BeVietnamPro-400",
        "700Bold/BeVietnamPro_700Bold.ttf": "BeVietnamPro-700",
    },
    "LICENSE_FONT",
)
PAPER_FONT = Package(
    "@expo-google-fonts/tinos",
    "0.4.2",
    "OFL-1.1",
    {
        "400Regular/Tinos_400Regular.ttf": "Tinos-Regular",
        "400Regular_Italic/Tinos_400Regular_Italic.ttf": "Tinos-Italic",
        "700Bold/Tinos_700Bold.ttf": "Tinos-Bold",
        "700Bold_Italic/Tinos_700Bold_Italic.ttf": "Tinos-BoldItalic",
    },
    "LICENSE_FONT",
)

ICONS = """
arrow-down arrow-right arrow-up badge-check ban building calendar calendar-plus camera chart-column
check chevron-down chevron-left chevron-right circle-check circle-question-mark circle-x clock copy
dices download droplet external-link eye file-pen-line file-text flame handshake house id-card info
languages layout-grid link list lock lock-open log-out mail map-pin menu package pen-line pencil
phone play plus printer qr-code refresh-cw search send settings shield-alert shield-check snowflake
star store tablet tent trash-2 triangle-alert undo-2 upload users x zap
""".split()

ENGLISH = [*range(0x20, 0x7F), *range(0xA0, 0x100)]
VIETNAMESE = [0x102, 0x103, 0x110, 0x111, 0x128, 0x129, 0x168, 0x169, 0x1A0, 0x1A1, 0x1AF, 0x1B0]
VIETNAMESE += [*range(0x1EA0, 0x1EFA), 0x20AB, 0x300, 0x301, 0x302, 0x303, 0x306, 0x309, 0x31B]
VIETNAMESE += [0x323]
SIGNS = [ord(sign) for sign in "‐–—‘’‚“”„•…‰‹›€№™←↑→↓−≈≠≤≥☆★✓"]
OTHER_EUROPEAN = [*range(0x100, 0x180)]


def fetch(package: Package, folder: Path) -> Path:
    """The unpacked package."""
    target = folder / package.name.replace("/", "-")
    target.mkdir()
    subprocess.run(
        ["npm", "pack", "--silent", f"{package.name}@{package.version}"],
        cwd=target,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    with tarfile.open(next(target.glob("*.tgz"))) as archive:
        archive.extractall(target, filter="data")
    return target / "package"


def entry(package: Package, source: str, path: Path) -> dict[str, str | int]:
    """One line of the manifest for the file now at `path`."""
    content = path.read_bytes()
    return {
        "file": path.relative_to(VENDOR.parent).as_posix(),
        "name": package.name,
        "version": package.version,
        "licence": package.licence,
        "source": source,
        "sha256": hashlib.sha256(content).hexdigest(),
        "bytes": len(content),
    }


def copy_scripts(package: Package, unpacked: Path) -> list[dict[str, str | int]]:
    """Copy scripts as they are, less the pointer to a source map that we do not ship."""
    folder = clean_folder(package)
    shutil.copyfile(unpacked / package.licence_file, folder / "LICENSE")
    entries = []
    for source, name in package.files.items():
        text = (unpacked / source).read_text(encoding="utf-8")
        (folder / name).write_text(
            re.sub(r"\n//# sourceMappingURL=\S+\s*$", "\n", text), encoding="utf-8"
        )
        entries.append(entry(package, source, folder / name))
    return entries


def clean_folder(package: Package) -> Path:
    """An empty `<name>@<version>`, with the package's other versions gone."""
    for old in VENDOR.glob(f"{package.name}@*"):
        shutil.rmtree(old)
    folder = VENDOR / f"{package.name}@{package.version}"
    folder.mkdir()
    return folder


def build_sprite(package: Package, unpacked: Path) -> list[dict[str, str | int]]:
    """One SVG with a symbol for each icon in use."""
    folder = clean_folder(package)
    shutil.copyfile(unpacked / package.licence_file, folder / "LICENSE")
    symbols = []
    for icon in ICONS:
        svg = (unpacked / "icons" / f"{icon}.svg").read_text(encoding="utf-8")
        drawing = re.search(r"<svg[^>]*>(.*)</svg>", svg, re.DOTALL)
        if drawing is None:
            raise SystemExit(f"{icon}.svg holds no drawing")
        inner = re.sub(r"\s+", " ", drawing[1]).replace("> <", "><").strip()
        symbols.append(
            f'<symbol id="{icon}" viewBox="0 0 24 24" fill="none" stroke="currentColor" '
            f'stroke-width="2" stroke-linecap="round" stroke-linejoin="round">{inner}</symbol>'
        )
    path = folder / "sprite.svg"
    path.write_text(
        f"<!-- lucide-static {package.version}, ISC, see LICENSE -->\n"
        '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n",
        encoding="utf-8",
    )
    return [entry(package, "icons/*.svg", path)]


def polygon(points: list[tuple[float, float]], *holes: list[tuple[float, float]]) -> TTGlyphPen:
    """A pen that has drawn straight-edged outlines."""
    pen = TTGlyphPen(None)
    for outline in (points, *holes):
        pen.moveTo((round(outline[0][0]), round(outline[0][1])))
        for x, y in outline[1:]:
            pen.lineTo((round(x), round(y)))
        pen.closePath()
    return pen


def star(radius: float) -> list[tuple[float, float]]:
    """A five-pointed star standing on the line of the capitals."""
    corners = []
    for corner in range(10):
        reach = radius if corner % 2 == 0 else radius * 0.42
        angle = math.pi / 2 - corner * math.pi / 5
        corners.append((430 + reach * math.cos(angle), 345 + reach * math.sin(angle)))
    return corners


def add_missing_signs(font: TTFont, *, stroke: int) -> None:
    """Draw ★ ☆ ✓ → ← into a face that lacks them, so that no system font has to stand in."""
    tick = [(60, 330), (60 + stroke, 330 + stroke), (290, 300 - stroke / 4)]
    tick += [(690, 700), (690 + stroke, 700 - stroke), (290, 120)]
    half = stroke / 2
    right = [(70, 340 - half), (70, 340 + half), (610, 340 + half), (420, 530)]
    right += [(420 + stroke, 530 + stroke), (780, 340), (420 + stroke, 150 - stroke)]
    right += [(420, 150), (610, 340 - half)]
    left = [(850 - x, y) for x, y in reversed(right)]
    hole = list(reversed(star(430 - stroke * 1.7)))
    signs = {
        0x2605: polygon(star(430)),
        0x2606: polygon(star(430), hole),
        0x2713: polygon(tick),
        0x2192: polygon(right),
        0x2190: polygon(left),
    }
    missing = {code: pen for code, pen in signs.items() if code not in font.getBestCmap()}
    names = {code: f"uni{code:04X}" for code in missing}
    font.setGlyphOrder([*font.getGlyphOrder(), *names.values()])
    for code, pen in missing.items():
        glyph = pen.glyph()
        glyph.recalcBounds(font["glyf"])
        font["glyf"][names[code]] = glyph
        font["hmtx"][names[code]] = (850, glyph.xMin)
        for table in font["cmap"].tables:
            if table.isUnicode():
                table.cmap[code] = names[code]


def cut_font(source: Path, *, codes: list[int], stroke: int | None) -> TTFont:
    """The face with only the letters asked for; kerning and mark placement stay."""
    font = TTFont(source, recalcTimestamp=False)
    if stroke is not None:
        add_missing_signs(font, stroke=stroke)
    options = Options()
    options.layout_features = ["kern", "mark", "mkmk", "ccmp", "locl", "liga", "case"]
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14, 16, 17]
    options.hinting = False
    options.notdef_outline = True
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=codes)
    subsetter.subset(font)
    return font


def build_fonts(package: Package, unpacked: Path, *, screen: bool) -> list[dict[str, str | int]]:
    """One file a weight: TrueType for PDFs, and for screens woff2 as well."""
    licence = FONTS / f"OFL-{next(iter(package.files.values())).split('-')[0]}.txt"
    shutil.copyfile(unpacked / package.licence_file, licence)
    codes = ENGLISH + VIETNAMESE + SIGNS + ([] if screen else OTHER_EUROPEAN)
    entries = []
    for source, name in package.files.items():
        stroke = {"400": 80, "700": 120}[name[-3:]] if screen else None
        font = cut_font(unpacked / source, codes=codes, stroke=stroke)
        path = FONTS / f"{name}.ttf"
        font.save(path)
        entries.append(entry(package, source, path))
        if screen:
            font.flavor = "woff2"
            font.save(path.with_suffix(".woff2"))
            entries.append(entry(package, source, path.with_suffix(".woff2")))
    return entries


def write_third_party(entries: list[dict[str, str | int]]) -> None:
    """The page for people who ask what is not ours."""
    lines = [
        "# Third-party files",
        "",
        "Written by `static/vendor/update.py`; licences lie beside the files. Python packages are",
        "listed with their versions in `uv.lock`.",
        "",
        "| File | From | Version | Licence | Bytes |",
        "|---|---|---|---|---:|",
    ]
    for row in entries:
        lines.append(
            f"| `static/{row['file']}` | {row['name']} | {row['version']} | {row['licence']} "
            f"| {row['bytes']} |"
        )
    lines += [
        "",
        "Changed by us: `signature_pad.min.js` without its source map comment; `sprite.svg` joins",
        "single Lucide icons; the fonts hold only Latin and Vietnamese letters, without hinting,",
        "and Be Vietnam Pro has ★ ☆ ✓ → ← added, which it lacks.",
        "",
    ]
    (ROOT / "THIRD_PARTY.md").write_text("\n".join(lines), encoding="utf-8")


def main() -> None:
    """Fetch, copy, cut, and write down what was done."""
    FONTS.mkdir(exist_ok=True)
    entries = []
    with tempfile.TemporaryDirectory() as folder:
        for package in SCRIPTS:
            entries += copy_scripts(package, fetch(package, Path(folder)))
        entries += build_sprite(LUCIDE, fetch(LUCIDE, Path(folder)))
        entries += build_fonts(SCREEN_FONT, fetch(SCREEN_FONT, Path(folder)), screen=True)
        entries += build_fonts(PAPER_FONT, fetch(PAPER_FONT, Path(folder)), screen=False)
    (VENDOR / "vendor.json").write_text(
        json.dumps(entries, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    write_third_party(entries)


if __name__ == "__main__":
    main()
