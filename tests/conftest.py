"""What every test may stand on: which database, which private servers, one clean stage.

`--database=postgresql` runs the whole suite on a private PostgreSQL; the default is
SQLite. `db` is pytest-django's. `stage` is the product as it runs for real (web, worker,
broker, a database of its own), `backstage` the same before anything is started.
"""

import os
import shutil
from collections.abc import Generator, Iterator
from contextlib import ExitStack
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings as django_settings
from django.db import connections
from django.test import TransactionTestCase
from pytest_django import DjangoDbBlocker, Settings

from config.settings import database
from tests import databases, services
from tests.services import Program
from tests.stage import Stage

LOGS = pytest.StashKey[list[Path]]()
ENDS = pytest.StashKey[ExitStack]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=["sqlite", "postgresql"],
        default="sqlite",
        help="what the tests run on; postgresql is a private server, started and ended by the run",
    )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "browser: needs a real Chromium")
    config.addinivalue_line("markers", "flow: a long story on the stage")
    # How quick a machine is with everything else it does proves nothing.
    hypothesis.settings.register_profile("unhurried", deadline=None)
    hypothesis.settings.load_profile("unhurried")
    config.stash[ENDS] = ExitStack()
    is_worker = hasattr(config, "workerinput")
    if is_worker or config.option.database == "sqlite":
        return
    # Settings are loaded by now, and with them SQLite; the workers of xdist, which start
    # later, read the address from the environment.
    server = config.stash[ENDS].enter_context(services.run_postgresql())
    os.environ["TEST_DATABASE_URL"] = f"{server}/chophien"
    django_settings.DATABASES["default"] = {
        **database(os.environ["TEST_DATABASE_URL"]),
        "TEST": {"NAME": "test"},
    }
    connections.settings |= connections.configure_settings(django_settings.DATABASES)
    del connections["default"]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL only what meets a database: the rest has run on SQLite, and is the same."""
    if config.option.database == "sqlite":
        return
    without = [item for item in items if not _meets_database(item)]
    config.hook.pytest_deselected(items=without)
    items[:] = [item for item in items if _meets_database(item)]


def _meets_database(item: pytest.Item) -> bool:
    fixtures = {"db", "transactional_db", "backstage"}
    return bool(item.get_closest_marker("django_db") or fixtures & set(item.fixturenames))


def pytest_unconfigure(config: pytest.Config) -> None:
    config.stash[ENDS].close()
    if not hasattr(config, "workerinput"):
        shutil.rmtree(django_settings.VAR, ignore_errors=True)


def pytest_report_header(config: pytest.Config) -> str:
    return f"database: {config.option.database}"


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: while one waits for a browser or a worker, others compute."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.failed:
        for log in item.stash.get(LOGS, []):
            if log.exists():
                report.sections.append((log.name, log.read_text(encoding="utf-8")[-8000:]))
    return report


@pytest.fixture(scope="session", autouse=True)
def _clean_up_may_empty_the_audit() -> Iterator[None]:
    """Emptying the tables after a transactional test deletes audit events too."""
    tear_down = TransactionTestCase._fixture_teardown

    def tear_down_unguarded(self: TransactionTestCase) -> None:
        with databases.guards_off():
            tear_down(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", tear_down_unguarded)
        yield


@pytest.fixture(autouse=True)
def _files_in_a_folder_of_their_own(tmp_path: Path, settings: Settings) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture(scope="session")
def _redis() -> Iterator[str]:
    with services.run_redis() as url:
        yield url


@pytest.fixture
def broker(_redis: str) -> str:
    """The address of a private, empty Redis."""
    services.empty_redis(_redis)
    return _redis


@pytest.fixture(scope="session")
def _template(django_db_blocker: DjangoDbBlocker) -> str:
    with django_db_blocker.unblock():
        return databases.migrated_database(django_settings.VAR)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, _template: str
) -> None:
    """The database of `db` is a copy as well: pytest-django finds it made and migrated."""
    databases.copy_database(_template, connections["default"].settings_dict["TEST"]["NAME"])


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """It is taken as it is; it goes with the run's folder or server."""
    return True


@pytest.fixture
def backstage(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    django_db_blocker: DjangoDbBlocker,
    broker: str,
    _template: str,
) -> Iterator[Stage]:
    """A fresh database, a broker and a folder; nothing runs yet. Not together with `db`."""
    logs = request.node.stash.setdefault(LOGS, [])
    with (
        django_db_blocker.unblock(),
        databases.new_database(tmp_path, like=_template) as url,
        databases.connected_to(url),
        ExitStack() as ends,
    ):
        stage = Stage(tmp_path, url, broker, logs, ends)
        ends.callback(stage.listening.close)
        yield stage


@pytest.fixture
def worker(backstage: Stage) -> Program:
    """A real worker on the stage."""
    return backstage.start_worker()


@pytest.fixture
def stage(backstage: Stage, worker: Program) -> Stage:
    """The product as it runs for real: web server and worker on a fresh database."""
    backstage.start_web()
    return backstage
