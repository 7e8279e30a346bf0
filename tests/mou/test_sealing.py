"""The office's key: whether it works, and that nobody takes a development key for the office's."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.checks import run_checks
from django.test import Client, override_settings
from django.urls import reverse

from mou.paper.seal import development_key
from mou.sealing import problem_of_key
from tests import builders
from tests.mou.scenes import make_sealed

SAID = "Đây là khóa thử nghiệm."
SAID_TO_ORGANISERS = "Biên bản ở đây đang được niêm phong bằng khóa thử nghiệm."


@pytest.fixture
def office_key(tmp_path: Path) -> Path:
    """A key in a file of its own, as an office would have it."""
    path = tmp_path / "office.p12"
    development_key(path, b"mot hai ba", now=datetime.now(UTC))
    return path


def _of_the_office(path: Path, passphrase: str = "mot hai ba") -> override_settings:
    return override_settings(
        SEAL_KEY_FILE=path, SEAL_KEY_PASSPHRASE=passphrase, SEAL_KEY_IS_DEVELOPMENT=False
    )


@pytest.mark.django_db
def test_seal_of_the_development_key_is_called_so_for_good(
    client: Client, office_key: Path
) -> None:
    """Also when the office has its own key by now: what was sealed before stays what it is."""
    client.force_login(builders.make_organiser())
    before = make_sealed()
    with _of_the_office(office_key):
        after = make_sealed()
        said = {
            (name, memorandum.code): SAID in client.get(reverse(name, args=[memorandum.code])).text
            for name in ("verify_code", "memorandum_page")
            for memorandum in (before, after)
        }
    assert said == {(name, code): code == before.code for name, code in said}


@pytest.mark.django_db
def test_organisers_see_that_the_key_is_a_development_key(client: Client, office_key: Path) -> None:
    fair = builders.make_fair()
    client.force_login(builders.make_organiser(fair))
    address = reverse("fair_memoranda", args=[fair.code])
    assert SAID_TO_ORGANISERS in client.get(address).text
    with _of_the_office(office_key):
        assert SAID_TO_ORGANISERS not in client.get(address).text


def test_check_of_a_deployment_names_the_development_key(office_key: Path) -> None:
    def said() -> list[str]:
        return [str(each.id) for each in run_checks(include_deployment_checks=True)]

    assert "mou.I001" in said()
    with _of_the_office(office_key):
        assert "mou.I001" not in said()


def test_key_that_seals_passes_its_test(office_key: Path) -> None:
    assert problem_of_key() == ""
    with _of_the_office(office_key):
        assert problem_of_key() == ""


def test_key_that_cannot_seal_says_why(office_key: Path, tmp_path: Path) -> None:
    old = tmp_path / "old.p12"
    development_key(old, b"mot hai ba", now=datetime.now(UTC) - timedelta(days=4000))
    found = []
    for path, passphrase in ((old, "mot hai ba"), (office_key, "khac"), (tmp_path / "no", "x")):
        with _of_the_office(path, passphrase):
            found.append(problem_of_key().partition(":")[0])
    assert found == ["seal.expired", "seal.wrong_passphrase", "seal.no_key"]
