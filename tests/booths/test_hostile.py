"""A fair in hostile hands: names that are programs, on every page and on the badges."""

import subprocess
import unicodedata
from itertools import cycle
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from badges.actions import print_badges
from badges.models import Badge
from booths.actions import decide_applications, publish_allocation, start_allocation
from booths.models import AllocationRun, Application
from booths.states import ApplicationState
from core.errors import DomainError
from core.tasks import run_job
from fairs.models import Fair
from fairs.states import FairState
from tests import builders
from tests.pages import find_inline, text_of

pytestmark = pytest.mark.django_db

HOSTILE = [
    "<script>alert(1)</script>",
    '"><svg onload=alert(1)><img src="http://127.0.0.1:9/x.png">',
    '{{ 7|add:7 }}{% now "Y" %}',
    "javascript:alert(1)//%(name)s %s {0.__class__}",
    '=HYPERLINK("http://127.0.0.1:9/","x")',
    "&lt;b&gt; &amp; ]]> -->",
    unicodedata.normalize("NFD", "Đường Lâm Ặ Ự Ỡ"),
    "Nông nghiệp Hữu cơ " * 10,
]
# PostgreSQL takes no NUL; the door drops it.
WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)
PAGES = ("fair_overview", "application_list", "floor_plan", "allocation", "badge_list")


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", "".join(text.split()))


def _hostile_fair() -> Fair:
    word = cycle(HOSTILE)
    fair = builders.make_fair(
        FairState.ALLOCATING, title=HOSTILE[0], title_en=HOSTILE[1], short_title=HOSTILE[2][:40]
    )
    builders.make_floor_plan(fair, booths=4)
    for number in range(len(HOSTILE)):
        organisation = builders.make_organisation(
            name=next(word), representative=HOSTILE[number][:120]
        )
        product = builders.make_product(organisation, name=HOSTILE[number], unit="kg")
        builders.make_application(
            fair,
            organisation,
            code=f"DK-{number}",
            state=ApplicationState.ELIGIBLE,
            products=[product],
            kind=HOSTILE[number][:40],
            priority=90 - number,
        )
    return fair


def test_hostile_names_are_shown_and_printed_letter_by_letter(tmp_path: Path) -> None:
    fair, actor = _hostile_fair(), builders.make_organiser(name=HOSTILE[1])
    run = start_allocation(fair=fair, actor=actor)
    run_job(run.job_id)
    publish_allocation(run=AllocationRun.objects.get(), actor=actor)
    sheet = print_badges(fair=fair, actor=actor)
    run_job(sheet.job_id)
    sheet.refresh_from_db()

    client = Client()
    client.force_login(actor)
    pages = {name: client.get(reverse(name, args=[fair.code])).text for name in PAGES}
    for row in Application.objects.all():
        address = reverse("application_page", args=[fair.code, row.code])
        pages[row.code] = client.get(address).text
        assert _plain(row.organisation.name) in _plain(text_of(pages[row.code]))
        assert _plain(row.organisation.name) in _plain(text_of(pages["application_list"]))
    badge = Badge.objects.exclude(organisation=None)[0]
    pages["badge"] = Client().get(reverse("badge_public", args=[badge.token])).text
    pages["public"] = Client().get(reverse("public_fair", args=[fair.code])).text
    assert {name: found for name, page in pages.items() if (found := find_inline(page))} == {}

    assert sheet.file is not None
    file = tmp_path / "badges.pdf"
    file.write_bytes(sheet.file.read())
    command = ["pdftotext", "-layout", str(file), "-"]
    drawn = _plain(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    people = Badge.objects.values_list("person", flat=True)
    assert [person for person in people if _plain(person)[:6] not in drawn] == []


@given(codes=st.lists(WORDS, max_size=5), reason=WORDS)
def test_no_rubbish_decides_on_an_application(codes: list[str], reason: str) -> None:
    fair = Fair.objects.first() or builders.make_fair()
    application = Application.objects.first() or builders.make_application(fair, code="DK-1")
    actor = builders.make_organiser()
    with pytest.raises(DomainError) as refused:
        decide_applications(fair=fair, codes=codes, to="refused", reason=reason, actor=actor)
    assert refused.value.code in {"review.nothing_chosen", "review.reason_missing"}
    application.refresh_from_db()
    assert application.state == ApplicationState.SUBMITTED
