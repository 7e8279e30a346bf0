"""The verify page answers so often a minute, whatever is asked, and a restart forgets nothing."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from mou import actions
from mou.models import VerifyCount
from mou.tasks import forget
from tests.mou.answers import make_sealed

pytestmark = pytest.mark.django_db

MOMENT = datetime(2026, 12, 2, 3, 0, 20, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _few(settings: Settings) -> None:
    settings.VERIFY_PAGES_PER_MINUTE = 3
    settings.VERIFY_FILES_PER_MINUTE = 2


@pytest.mark.parametrize("path", ["/v/", "/v/0000000000000/", "/V/!", "/api/v1/verify/X"])
def test_past_the_limit_a_page_says_when_to_come_again(path: str) -> None:
    with time_machine.travel(MOMENT, tick=False):
        answers = [Client().get(path) for _try in range(5)]
        elsewhere = Client().get(path, REMOTE_ADDR="203.0.113.9")
    assert [answer.status_code == 429 for answer in answers] == [False] * 3 + [True] * 2
    assert answers[-1].headers["Retry-After"] == "40"
    assert elsewhere.status_code != 429
    with time_machine.travel(MOMENT + timedelta(minutes=1), tick=False):
        assert Client().get(path).status_code != 429


@pytest.mark.parametrize(
    ("language", "word"), [("vi", "Hãy đợi 40 giây"), ("en", "Wait 40 seconds")]
)
def test_the_page_is_in_the_readers_language(language: str, word: str) -> None:
    with time_machine.travel(MOMENT, tick=False):
        for _try in range(4):
            answer = Client().get(f"/v/?language={language}")
    assert word in answer.content.decode()


def test_known_unknown_and_malformed_codes_are_counted_alike(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    memorandum = make_sealed()
    for code in (memorandum.code, "0000000000000", "!"):
        Client().get(f"/v/{code}/")
    assert [row.count for row in VerifyCount.objects.all()] == [3]
    for code in (memorandum.code, "0000000000000", "!"):
        with django_assert_num_queries(1):
            assert Client().get(f"/v/{code}/").status_code == 429


def test_files_have_a_smaller_limit_of_their_own() -> None:
    def bring() -> int:
        return Client().post("/v/", {"file": SimpleUploadedFile("x.pdf", b"rubbish")}).status_code

    with time_machine.travel(MOMENT, tick=False):
        assert [bring() for _try in range(3)] == [200, 200, 429]
        assert Client().get("/v/").status_code == 200


def test_an_address_is_kept_as_a_hash_and_a_household_of_ipv6_as_one() -> None:
    for address in ("2001:db8::1", "2001:db8::2", "2001:db8:0:1::1", "192.0.2.7"):
        actions.count_check(address)
    rows = VerifyCount.objects.all()
    assert sorted(row.count for row in rows) == [1, 1, 2]
    assert [row for row in rows if "192.0.2.7" in str(vars(row))] == []


def test_counts_are_forgotten_after_an_hour() -> None:
    actions.count_check("192.0.2.7")
    forget()
    assert VerifyCount.objects.count() == 1
    with time_machine.travel(timezone.now() + timedelta(hours=2), tick=False):
        forget()
    assert VerifyCount.objects.count() == 0
