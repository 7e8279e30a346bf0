"""Vietnamese without a gap: whatever the sources show has a translation that fits.

The sources are read as `makemessages` reads them, in a copy, and compared with the
catalogue by gettext's own tools. What Django and allauth show in their own words is
listed in `locale/borrowed.py` and so is part of the sources too.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.services import ROOT, needs

CATALOGUE = ROOT / "locale" / "vi" / "LC_MESSAGES" / "django.po"
OURS = ["core", "accounts", "registry", "fairs", "booths", "badges", "mou", "sample", "config"]
PAGES = ["templates", "static/js"]
READ = {".py", ".html", ".txt", ".js"}

# Neither our settings, which the copy has no use for, nor the reader's own language.
PLAIN = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
HEAD = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n'


def _run(*command: str, folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, env=PLAIN, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def _sources(folder: Path) -> Path:
    """The strings of all our sources as a catalogue without translations."""
    for name in [*OURS, *PAGES]:
        for path in (ROOT / name).rglob("*"):
            if path.suffix in READ and "migrations" not in path.parts:
                copy = folder / path.relative_to(ROOT)
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(path, copy)
    for path in (ROOT / "locale").glob("*.py"):
        shutil.copy(path, folder)  # makemessages itself never looks into a folder named locale
    strings = folder / "locale" / "vi" / "LC_MESSAGES"
    strings.mkdir(parents=True)
    read = [sys.executable, "-m", "django", "makemessages", "-v0", "-l", "vi", "--no-location"]
    _run(*read, "-d", "django", "-e", "py,html,txt", folder=folder)
    _run(*read, "-d", "djangojs", "-e", "js", folder=folder)
    found = sorted(str(path) for path in strings.glob("*.po"))
    _run("msgcat", "--use-first", "-o", str(folder / "sources.pot"), *found, folder=folder)
    return folder / "sources.pot"


def _gaps(sources: Path, catalogue: Path, folder: Path) -> list[str]:
    """What is wrong with `catalogue`, one line each.

    "unfit" is a fuzzy entry, or one whose blanks are not those of the source.
    """
    merged = str(folder / "merged.po")
    _run("msgmerge", "-qN", "-o", merged, str(catalogue), str(sources), folder=folder)
    gaps = []
    for kind, choice in (("missing", "--untranslated"), ("unfit", "--only-fuzzy")):
        listed = _run("msgattrib", choice, "--no-obsolete", "--no-wrap", merged, folder=folder)
        gaps += [f"{kind}: {text}" for text in re.findall(r'^msgid "(.+)"$', listed, re.MULTILINE)]
    check = ["msgfmt", "--check-format", "-o", "/dev/null", merged]
    said = subprocess.run(check, cwd=folder, env=PLAIN, capture_output=True, text=True).stderr
    return gaps + re.findall(r"merged\.po:\d+: (.+)", said)


@pytest.fixture(autouse=True)
def _gettext_is_here() -> None:
    for program in ("xgettext", "msgcat", "msgmerge", "msgattrib", "msgfmt"):
        needs(program)


def test_every_string_has_a_vietnamese_translation_that_fits(tmp_path: Path) -> None:
    gaps = _gaps(_sources(tmp_path), CATALOGUE, tmp_path)
    assert gaps == [], "\n".join(gaps)


def test_missing_fuzzy_and_misfitting_translations_are_named(tmp_path: Path) -> None:
    sources, catalogue = tmp_path / "sources.pot", tmp_path / "vi.po"
    sources.write_text(
        HEAD
        + 'msgid "Fair"\nmsgstr ""\n\nmsgid "Booth"\nmsgstr ""\n\nmsgid "Badge"\nmsgstr ""\n\n'
        + '#, python-format\nmsgid "%(count)s booths"\nmsgstr ""\n\n'
        + '#, python-format\nmsgid "%(count)s badges"\nmsgstr ""\n',
        encoding="utf-8",
    )
    catalogue.write_text(
        HEAD
        + 'msgid "Fair"\nmsgstr "Hội chợ"\n\n#, fuzzy\nmsgid "Badge"\nmsgstr "Thẻ"\n\n'
        + 'msgid "%(count)s booths"\nmsgstr "%(number)s gian hàng"\n\n'
        + '#, python-format\nmsgid "%(count)s badges"\nmsgstr "%(number)s thẻ"\n',
        encoding="utf-8",
    )
    *named, misfit = _gaps(sources, catalogue, tmp_path)
    assert named == ["missing: Booth", "unfit: Badge", "unfit: %(count)s booths"]
    assert "'count'" in misfit
