"""The pages of the badges: who sees what, and what a QR tells a passer-by."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import Role, User
from badges import actions
from badges.models import Badge, BadgeSheet
from badges.states import BadgeState
from booths.models import AllocationRun
from core import jobs
from fairs.models import Fair
from tests import builders
from tests.badges.conftest import Place

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client, organiser: User) -> Client:
    """The organiser's browser."""
    client.force_login(organiser)
    return client


def _printed(fair: Fair, organiser: User) -> BadgeSheet:
    sheet = actions.print_badges(fair=fair, actor=organiser)
    assert sheet.job is not None
    run = jobs.claim(sheet.job.pk)
    assert run is not None
    jobs.KINDS["badges.print"].handler(run, sheet=sheet.pk)
    sheet.refresh_from_db()
    return sheet


def _status(client: Client, address: str) -> int:
    answer = client.get(address)
    b"".join(answer)  # to the end, so that a streamed file is closed
    return answer.status_code


@pytest.mark.parametrize("rows", [1, 3])
def test_list_takes_the_same_number_of_queries_for_any_number_of_badges(
    rows: int,
    desk: Client,
    fair: Fair,
    organiser: User,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(rows):
        builders.make_badge(fair)
        BadgeSheet.objects.create(
            fair=fair,
            number=number + 1,
            content={},
            content_sha256="",
            count=0,
            created_by=organiser,
        )
    with django_assert_num_queries(8):
        page = desk.get(reverse("badge_list", args=[fair.code]))
    assert len(page.context["page"].object_list) == rows


def test_button_prints_and_the_finished_pdf_is_served_as_it_was_made(
    desk: Client, fair: Fair, organiser: User, place: Place
) -> None:
    place("A1")
    address = reverse("badge_list", args=[fair.code])
    assert desk.post(reverse("badge_print", args=[fair.code])).url == address
    waiting = desk.get(address)
    assert waiting.context["printing"] == BadgeSheet.objects.get()
    pdf_address = reverse("badge_sheet", args=[fair.code, 1])
    assert desk.get(pdf_address).status_code == 404

    sheet = _printed(fair, organiser)
    assert sheet.file is not None
    page = desk.get(address)
    assert (page.context["printing"], page.context["prints"]) == (None, [sheet])
    assert f'href="{pdf_address}"' in page.content.decode()
    answer = desk.get(pdf_address)
    assert b"".join(answer) == sheet.file.read()
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    ("typed", "found"),
    [("dinh", ["Vũ Văn Định"]), ("mien vu", ["Vũ Văn Định"]), ("b-7", ["Lê Lụa"]), ("x", [])],
)
def test_search_needs_no_accents_and_knows_organisations_booths_and_codes(
    typed: str, found: list[str], desk: Client, fair: Fair
) -> None:
    weaver = builders.make_organisation(name="Làng lụa Vạn Phúc")
    noodles = builders.make_organisation(name="Miến Cự Đà")
    builders.make_badge(fair, person="Vũ Văn Định", organisation=noodles, code="0000AAAA")
    builders.make_badge(fair, person="Lê Lụa", organisation=weaver, booths="B7", code="1111BBBB")
    page = desk.get(reverse("badge_list", args=[fair.code]), {"q": typed})
    assert [badge.person for badge in page.context["page"]] == found
    by_code = desk.get(reverse("badge_list", args=[fair.code]), {"q": "1111-bbbb"})
    assert [badge.person for badge in by_code.context["page"]] == ["Lê Lụa"]


def test_stranger_finds_nothing_and_a_viewer_changes_nothing(
    client: Client, fair: Fair, organiser: User
) -> None:
    sheet = _printed(fair, organiser)
    badge = builders.make_badge(fair)
    reads = [
        reverse("badge_list", args=[fair.code]),
        reverse("badge_sheet", args=[fair.code, sheet.number]),
    ]
    writes = [
        reverse("badge_print", args=[fair.code]),
        reverse("badge_revoke", args=[fair.code, badge.code]),
    ]
    client.force_login(builders.make_organiser(builders.make_fair()))
    assert [_status(client, address) for address in reads] == [404, 404]
    assert [client.post(address).status_code for address in writes] == [404, 404]
    client.force_login(builders.make_user(role=Role.VIEWER, fair=fair))
    assert [_status(client, address) for address in reads] == [200, 200]
    assert [client.post(address).status_code for address in writes] == [403, 403]
    assert writes[0] not in client.get(reads[0]).content.decode()
    assert [client.get(address).status_code for address in writes] == [405, 405]
    badge.refresh_from_db()
    assert (badge.state, BadgeSheet.objects.count()) == (BadgeState.VALID, 1)


def test_badge_of_another_fair_cannot_be_revoked_here(desk: Client, fair: Fair) -> None:
    badge = builders.make_badge()
    answer = desk.post(reverse("badge_revoke", args=[fair.code, badge.code]))
    badge.refresh_from_db()
    assert (answer.status_code, badge.state) == (404, BadgeState.VALID)


def test_print_before_the_booths_are_published_is_told_in_words(desk: Client, fair: Fair) -> None:
    AllocationRun.objects.all().delete()
    address = reverse("badge_list", args=[fair.code])
    assert reverse("badge_print", args=[fair.code]) not in desk.get(address).content.decode()
    answer = desk.post(
        reverse("badge_print", args=[fair.code]),
        headers={"referer": f"http://testserver{address}"},
        follow=True,
    )
    assert answer.redirect_chain == [(f"http://testserver{address}", 302)]
    assert [message.level_tag for message in answer.context["messages"]] == ["error"]
    assert Badge.objects.count() == 0


def test_qr_tells_the_fair_and_the_booths_but_never_the_person(client: Client, fair: Fair) -> None:
    badge = builders.make_badge(fair, booths="A1, A2")
    assert badge.organisation is not None
    address = reverse("badge_public", args=[badge.token])
    assert address == f"/b/{badge.token}"
    for form in (address, f"{address}/"):
        page = client.get(form)
        text = page.content.decode()
        assert (page.status_code, page.context["is_in_force"]) == (200, True)
        assert [
            part for part in (badge.organisation.name, fair.title, "A1, A2") if part not in text
        ] == []
        assert badge.person not in text


def test_qr_of_a_revoked_badge_says_so(client: Client, fair: Fair) -> None:
    badge = builders.make_badge(fair, state=BadgeState.REVOKED)
    page = client.get(reverse("badge_public", args=[badge.token]))
    assert (page.status_code, page.context["is_in_force"]) == (200, False)


def test_unknown_token_is_a_page_of_its_own(client: Client) -> None:
    page = client.get("/b/nobody/")
    assert page.status_code == 404
    assert page.templates[0].name == "badges/badge_public.html"
