"""Files that never change: named by their sha256, written whole or not at all."""

import hashlib
import os
import tempfile
from pathlib import Path

from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import models
from django.utils.translation import gettext_lazy as _


class StoredFile(models.Model):
    """One file made by a worker. The same bytes are the same row."""

    sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=120, unique=True)
    media_type = models.CharField(max_length=80)
    size = models.PositiveBigIntegerField(help_text=_("bytes"))
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "core"
        verbose_name = _("file")
        verbose_name_plural = _("files")

    def __str__(self) -> str:
        return self.name

    def read(self) -> bytes:
        """The file's bytes."""
        with default_storage.open(self.name) as file:
            return file.read()


def open_file(stored: StoredFile) -> File:
    """The file, opened for reading in binary."""
    return default_storage.open(stored.name)


SUFFIXES = {
    "application/pdf": "pdf",
    "application/json": "json",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
}


def write_file(content: bytes, *, media_type: str) -> str:
    """Make `content` durable under a name that contains its sha256; return the name.

    Call it outside a transaction, before the one that publishes the name: a crash in
    between leaves an orphan file, never a row without its file.
    """
    digest = hashlib.sha256(content).hexdigest()
    name = f"{digest[:2]}/{digest}.{SUFFIXES[media_type]}"
    if isinstance(default_storage, FileSystemStorage):
        _write_durably(Path(default_storage.path(name)), content)
    elif not default_storage.exists(name):
        default_storage.save(name, ContentFile(content))
    return name


def keep_file(name: str, *, content: bytes, media_type: str) -> StoredFile:
    """The row of a file that `write_file` made durable; call it where its name is published."""
    stored, _created = StoredFile.objects.get_or_create(
        name=name,
        defaults={
            "sha256": hashlib.sha256(content).hexdigest(),
            "media_type": media_type,
            "size": len(content),
        },
    )
    return stored


def _write_durably(path: Path, content: bytes) -> None:
    if path.exists():
        return
    if not path.parent.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        _sync_folder(path.parent.parent)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
