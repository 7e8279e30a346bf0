"""Files are named by their content, written whole or not at all, and never changed."""

import hashlib
import os
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from core.storage import StoredFile, keep_file, write_file

PDF = "application/pdf"
CONTENT = "%PDF-1.7 Biên bản ghi nhớ".encode()
DIGEST = hashlib.sha256(CONTENT).hexdigest()


def _files() -> list[str]:
    folder = Path(default_storage.path(""))
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_name_is_the_hash_of_the_content() -> None:
    assert write_file(CONTENT, media_type=PDF) == f"{DIGEST[:2]}/{DIGEST}.pdf"
    assert _files() == [f"{DIGEST[:2]}/{DIGEST}.pdf"]


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(content=st.binary(max_size=2000))
def test_what_was_written_is_what_is_read(content: bytes) -> None:
    name = write_file(content, media_type=PDF)
    assert Path(default_storage.path(name)).read_bytes() == content


def test_same_content_is_written_once() -> None:
    name = write_file(CONTENT, media_type=PDF)
    before = Path(default_storage.path(name)).stat().st_ino
    assert write_file(CONTENT, media_type=PDF) == name
    assert Path(default_storage.path(name)).stat().st_ino == before


@pytest.mark.parametrize("broken", ["fsync", "replace"])
def test_full_disk_leaves_neither_a_file_nor_a_piece_of_one(
    monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    def no_space_left(*_words: object) -> None:
        raise OSError(28, "No space left on device")

    write_file(b"first", media_type=PDF)
    before = _files()
    monkeypatch.setattr(os, broken, no_space_left)
    with pytest.raises(OSError, match="No space left"):
        write_file(CONTENT, media_type=PDF)
    assert _files() == before


def test_content_is_on_the_disk_before_it_has_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """A power cut after the name must not find an empty file behind it."""
    steps: list[str] = []
    fsync, replace = os.fsync, os.replace

    def fsync_noted(handle: int) -> None:
        steps.append("folder" if Path(f"/proc/self/fd/{handle}").is_dir() else "file")
        fsync(handle)

    def replace_noted(old: str, new: str) -> None:
        steps.append("name")
        replace(old, new)

    write_file(b"first", media_type=PDF)
    monkeypatch.setattr(os, "fsync", fsync_noted)
    monkeypatch.setattr(os, "replace", replace_noted)
    write_file(CONTENT, media_type=PDF)
    assert steps == ["folder", "file", "name", "folder"]


@pytest.mark.django_db
def test_same_content_is_one_row() -> None:
    name = write_file(CONTENT, media_type=PDF)
    rows = [keep_file(name, content=CONTENT, media_type=PDF) for _time in range(2)]
    assert rows == list(StoredFile.objects.all()) * 2
    assert (rows[0].sha256, rows[0].size, rows[0].read()) == (DIGEST, len(CONTENT), CONTENT)
