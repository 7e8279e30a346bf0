"""The scene that all doors are tried on."""

from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker, Settings

from tests.config.doors.scene import Scene, build_scene, undone


@pytest.fixture(scope="package")
def scene(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Scene]:
    """Built once for this folder; every test undoes what it does."""
    files = tmp_path_factory.mktemp("files")
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch, undone():
        patch.setattr("django.conf.settings.MEDIA_ROOT", files)
        yield build_scene(files)


@pytest.fixture(autouse=True)
def _files_of_the_scene(scene: Scene, settings: Settings) -> None:
    settings.MEDIA_ROOT = scene.files
