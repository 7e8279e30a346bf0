"""What a printed paper shows, read by tools that did not make it."""

import subprocess
from io import BytesIO
from pathlib import Path

import zxingcpp
from PIL import Image

from tests.services import needs


def read_codes(pdf: Path) -> list[list[str]]:
    """What every QR says, page by page."""
    target = pdf.with_suffix("")
    subprocess.run([needs("pdftoppm"), "-r", "150", "-gray", "-png", pdf, target], check=True)
    pages = [path.read_bytes() for path in sorted(pdf.parent.glob(f"{target.name}-*.png"))]
    found = [zxingcpp.read_barcodes(Image.open(BytesIO(page))) for page in pages]
    return [[code.text for code in page] for page in found]


def read_seal(pdf: Path) -> str:
    """What pdfsig says about the file's seal; who issued the certificate is not asked."""
    asked = [needs("pdfsig"), "-nocert", str(pdf)]
    return subprocess.run(asked, capture_output=True, check=True, text=True).stdout
