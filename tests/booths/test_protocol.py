"""The public protocol: everybody sees how the booths were given out and computes it again."""

import hashlib
import io
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from booths.actions.apply import withdraw_application
from booths.allocation import encode_canonical
from booths.allocation.lottery import draw_number
from booths.models import AllocationRun, BoothPaper
from booths.states import ApplicationState
from booths.tasks.papers import watch_papers
from core.jobs import Job
from fairs.models import Fair
from fairs.states import BOOTHS_SHOWN, FairState
from tests.booths.scenes import answer_of, do_jobs, make_allocating_fair, publish_run
from tests.builders import make_application, make_representative

pytestmark = pytest.mark.django_db
NO_CEREMONY = "No ceremony was held"


def _address(fair: Fair, name: str = "") -> str:
    return f"/f/{fair.code}/protocol/{name}"


def _published() -> tuple[Fair, AllocationRun]:
    """Three ask for two booths; one of them asks for what no booth has."""
    fair = make_allocating_fair(applications=3, booths=2)
    fair.applications.filter(code="DK-2").update(power_kw=400)
    make_application(fair, code="DK-4", state=ApplicationState.ELIGIBLE, priority=1)
    run = publish_run(fair)
    do_jobs("booths.draw_protocol")
    fair.refresh_from_db()
    return fair, run


def _status(client: Client, fair: Fair, name: str) -> int:
    answer = client.get(_address(fair, name))
    if answer.streaming:
        answer.getvalue()  # read to the end, a file is closed
    return answer.status_code


def _paper(client: Client, fair: Fair, **asked: str) -> bytes:
    answer = client.get(_address(fair, "protocol.pdf"), asked)
    return answer.getvalue()


def _words(content: bytes, tmp_path: Path) -> str:
    file = tmp_path / "paper.pdf"
    file.write_bytes(content)
    command = ["pdftotext", "-raw", str(file), "-"]
    return "".join(subprocess.run(command, capture_output=True, check=True).stdout.decode().split())


def test_there_is_no_protocol_before_the_booths_are_published(client: Client) -> None:
    fair = make_allocating_fair(applications=1)
    names = ("", "protocol.pdf", "instance.json", "answer.json")
    assert [_status(client, fair, name) for name in names] == [404] * 4
    publish_run(fair)
    assert [_status(client, fair, name) for name in names] == [200, 202, 200, 200]
    do_jobs("booths.draw_protocol")
    assert [_status(client, fair, name) for name in names] == [200] * 4
    assert client.get(_address(fair, "job.json")).status_code == 404


@pytest.mark.parametrize("state", list(FairState))
def test_the_protocol_is_public_as_long_as_the_booths_are(client: Client, state: str) -> None:
    fair, _run = _published()
    Fair.objects.filter(pk=fair.pk).update(state=state, state_reason="Bão số 5")
    assert client.get(_address(fair)).status_code == (200 if state in BOOTHS_SHOWN else 404)


def test_the_page_says_all_facts_and_every_application_with_its_reason(client: Client) -> None:
    fair, run = _published()
    answer = answer_of(run)
    page = client.get(_address(fair), {"language": "en"}).text
    seed = json.loads(run.instance)["seed"]
    digest = hashlib.sha256(encode_canonical(answer)).hexdigest()
    for fact in (run.instance_sha256, digest, seed, f"{answer['score']:,}", NO_CEREMONY):
        assert fact in page
    for application in fair.applications.all():
        assert application.code in page
        assert draw_number(seed, application.code) in page
    assert sorted(answer["unplaced"]) == ["DK-2", "DK-4"]
    assert "None of the 2 places that would do otherwise has 400 kW." in page
    assert "Reserve 1" in page


def test_only_those_in_a_booth_are_named_and_nothing_private_is_told(
    client: Client, tmp_path: Path
) -> None:
    fair, run = _published()
    for application in fair.applications.select_related("organisation"):
        organisation = application.organisation
        organisation.email = f"rieng-{organisation.pk}@chophien.example"
        organisation.save()
    told = {
        "page": client.get(_address(fair)).text,
        "instance": client.get(_address(fair, "instance.json")).content.decode(),
        "answer": client.get(_address(fair, "answer.json")).content.decode(),
        "pdf": _words(_paper(client, fair), tmp_path),
    }
    placed = answer_of(run)["assignments"]
    for application in fair.applications.select_related("organisation"):
        organisation = application.organisation
        named = {name for name, text in told.items() if organisation.name in text}
        assert (named - {"pdf"}) == ({"page"} if application.code in placed else set())
        assert ("".join(organisation.name.split()) in told["pdf"]) == (application.code in placed)
        for private in (organisation.email, organisation.phone, organisation.representative):
            assert [name for name, text in told.items() if private and private in text] == []


def test_the_instance_holds_no_more_than_its_format_names() -> None:
    _fair, run = _published()
    document = json.loads(run.instance)
    assert sorted(document) == sorted(
        ["version", "seed", "booths", "joins", "neighbours", "applications", "quotas", "weights"]
    )
    asked = {
        *("id", "booths", "group", "power_kw", "water", "cold", "cooking"),
        *("priority", "wishes", "kind", "traits", "pinned"),
    }
    for application in document["applications"]:
        assert set(application) == asked
        assert set(application["traits"]) == {"actor", "group", "province"}


def test_the_published_file_solved_again_gives_the_same_booths(
    client: Client, tmp_path: Path
) -> None:
    fair, run = _published()
    file = tmp_path / "instance.json"
    file.write_bytes(client.get(_address(fair, "instance.json")).content)
    assert hashlib.sha256(file.read_bytes()).hexdigest() == run.instance_sha256
    out = io.StringIO()
    call_command("solve_allocation", str(file), stdout=out)
    again, published = json.loads(out.getvalue()), _answer(client, fair)
    assert published["status"] == "optimal"
    again.pop("seconds"), published.pop("seconds")
    assert again == published


def _answer(client: Client, fair: Fair) -> dict[str, Any]:
    return dict(client.get(_address(fair, "answer.json")).json())


def test_the_paper_says_the_same_and_carries_both_files(client: Client, tmp_path: Path) -> None:
    fair, run = _published()
    content = _paper(client, fair, language="en")
    words = _words(content, tmp_path)
    answer = answer_of(run)
    seed = json.loads(run.instance)["seed"]
    for fact in (run.instance_sha256, seed, f"{answer['score']:,}", *answer["lottery"].values()):
        assert fact in words
    for code in ("DK-1", "DK-2", "DK-3", "DK-4", "".join(NO_CEREMONY.split())):
        assert code in words
    command = ["pdfdetach", "-saveall", "-o", str(tmp_path), str(tmp_path / "paper.pdf")]
    subprocess.run(command, capture_output=True, check=True)
    assert (tmp_path / "instance.json").read_bytes() == run.instance.encode()
    assert json.loads((tmp_path / "answer.json").read_bytes()) == answer
    assert _paper(client, fair, language="en") == content
    assert _paper(client, fair, language="vi") != content


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_for_one_and_three(
    client: Client, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    fair = make_allocating_fair(applications=count, booths=count)
    publish_run(fair)
    with django_assert_num_queries(10):
        client.get(_address(fair))


def test_until_the_paper_is_drawn_the_page_says_so_and_drawing_is_no_reader_s_business(
    client: Client,
) -> None:
    fair = make_allocating_fair(applications=1, booths=1)
    run = publish_run(fair)
    waits = "The PDF of this protocol is being made."
    assert waits in client.get(_address(fair), {"language": "en"}).text
    answer = client.get(_address(fair, "protocol.pdf"), {"language": "en"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (202, "5")
    assert waits in answer.content.decode()
    assert BoothPaper.objects.count() == 0
    do_jobs("booths.draw_protocol")
    assert waits not in client.get(_address(fair), {"language": "en"}).text
    papers = BoothPaper.objects.filter(run=run)
    assert sorted(papers.values_list("language", flat=True)) == ["en", "vi"]


def test_whoever_gives_the_booth_back_is_named_on_the_paper_no_more(
    client: Client, tmp_path: Path
) -> None:
    fair, _run = _published()
    application = fair.applications.select_related("organisation", "fair").get(code="DK-1")
    name = "".join(application.organisation.name.split())
    assert name in _words(_paper(client, fair), tmp_path)
    actor = make_representative(application.organisation)
    withdraw_application(application=application, actor=actor)
    do_jobs("booths.draw_protocol")
    assert name not in _words(_paper(client, fair), tmp_path)


def test_a_protocol_that_nobody_asked_for_is_found(client: Client) -> None:
    fair = make_allocating_fair(applications=1, booths=1)
    publish_run(fair)
    Job.objects.filter(kind="booths.draw_protocol").delete()
    watch_papers()
    watch_papers()
    assert do_jobs("booths.draw_protocol") == 1
    watch_papers()
    assert do_jobs("booths.draw_protocol") == 0
    assert _status(client, fair, "protocol.pdf") == 200
