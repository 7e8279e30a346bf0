"""Pictures of venues and base plans of halls: sent, shown, handed over, taken away."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from core.audit import AuditEvent
from fairs.actions.venues import add_picture, delete_picture
from fairs.models import Fair, Hall, Venue, VenuePicture
from fairs.states import FairState
from tests import builders
from tests.pages import find_inline

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\n1 0 obj\n%%EOF\n"


@pytest.fixture
def venue() -> Venue:
    return builders.make_venue()


def _at(name: str, *where: Any) -> str:
    return reverse(name, args=[each.code if isinstance(each, Venue) else each for each in where])


def _file(content: bytes, name: str = "a.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_a_picture_is_shown_at_the_desk_and_with_public_fairs_only(
    office: Client, venue: Venue
) -> None:
    sent = builders.draw_picture(kind="JPEG", size=(2000, 1000))
    answer = office.post(_at("picture_add", venue), {"file": _file(sent), "caption": "Cổng chính"})
    picture = VenuePicture.objects.get()
    assert answer.url == f"{_at('venue_page', venue)}#pictures"
    address = _at("venue_picture", venue, picture.file.sha256)
    assert address in office.get(_at("venue_page", venue)).content.decode()
    shown = office.get(address)
    assert shown.headers["Content-Type"] == "image/webp"
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert shown.getvalue() == picture.file.read()
    public = _at("public_picture", venue, picture.file.sha256)
    fair = builders.make_fair(FairState.DRAFT, venue=venue)
    stranger = Client()
    assert stranger.get(public).status_code == 404
    Fair.objects.update(state=FairState.ANNOUNCED)
    assert stranger.get(public).getvalue() == picture.file.read()
    page = stranger.get(fair.public_url).content.decode()
    assert f'<img src="{public}" width="400" height="300" loading="lazy"' in page
    assert find_inline(page) == []
    delete_picture(picture=picture, actor=None)
    assert (stranger.get(public).status_code, office.get(address).status_code) == (404, 404)


def test_the_public_sees_the_hall_of_the_fair_and_not_the_others(venue: Venue) -> None:
    halls = [builders.make_hall(venue) for _each in range(2)]
    for colour, hall in (("red", None), ("green", halls[0]), ("blue", halls[1])):
        content = builders.draw_picture(colour)
        add_picture(venue=venue, hall=hall, content=content, caption=colour, actor=None)
    fair = builders.make_fair(venue=venue, hall=halls[0])
    page = Client().get(fair.public_url).content.decode()
    assert [f'alt="{colour}"' in page for colour in ("red", "green", "blue")] == [True, True, False]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"<svg/>", "This file is not a picture that can be read."),
        (PDF, "This file is not a picture that can be read."),
        (b"\0" * (10 * 1024 * 1024 + 1), "The file is larger than 10 MB."),
    ],
)
def test_a_file_that_is_no_picture_is_refused_and_the_caption_kept(
    office: Client, venue: Venue, content: bytes, sentence: str
) -> None:
    typed = {"file": _file(content), "caption": "Cổng chính"}
    answer = office.post(_at("picture_add", venue), typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert 'value="Cổng chính"' in page
    assert (VenuePicture.objects.count(), AuditEvent.objects.count()) == (0, 0)


def test_the_same_picture_twice_is_told(office: Client, venue: Venue) -> None:
    for status in (302, 422):
        sent = {"file": _file(builders.draw_picture(kind="JPEG"))}
        answer = office.post(_at("picture_add", venue), sent)
        assert answer.status_code == status
    assert "This picture is here already." in answer.content.decode()


def test_a_base_plan_is_shown_or_handed_over_replaced_and_taken_away(
    office: Client, venue: Venue
) -> None:
    hall = builders.make_hall(venue)
    put, get = (_at(name, venue, hall.pk) for name in ("base_plan_set", "base_plan"))
    assert office.get(get).status_code == 404
    office.post(put, {"version": 1, "file": _file(PDF, "plan.pdf")})
    plan = office.get(get)
    assert plan.headers["Content-Disposition"].startswith("attachment")
    assert plan.getvalue() == PDF
    office.post(put, {"version": 2, "file": _file(builders.draw_picture(kind="PNG"))})
    plan = office.get(get)
    assert plan.headers["Content-Disposition"].startswith("inline")
    assert plan.headers["Content-Type"] == "image/webp"
    assert plan.getvalue() == Hall.objects.get().base_plan.read()
    page = office.get(_at("hall_edit", venue, hall.pk)).content.decode()
    assert f'<img class="base-plan" src="{get}"' in page
    office.post(put, {"version": 3, "remove": "1"})
    assert office.get(get).status_code == 404
    assert Hall.objects.get().version == 4


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"version": 1}, "This field is required."),
        ({"version": 1, "file": b"<svg/>"}, "This file is not a picture that can be read."),
        ({"version": 1, "file": b"%PDF-1.7 half"}, "This PDF file is not whole."),
    ],
)
def test_a_wrong_base_plan_is_refused_in_words(
    office: Client, venue: Venue, sent: dict[str, Any], sentence: str
) -> None:
    hall = builders.make_hall(venue)
    if "file" in sent:
        sent = {**sent, "file": _file(sent["file"])}
    answer = office.post(_at("base_plan_set", venue, hall.pk), sent)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert Hall.objects.get().base_plan is None


def test_the_second_who_lays_down_a_base_plan_is_told(office: Client, venue: Venue) -> None:
    hall = builders.make_hall(venue)
    Hall.objects.update(version=2)
    sent = {"version": 1, "file": _file(builders.draw_picture())}
    answer = office.post(_at("base_plan_set", venue, hall.pk), sent, follow=True)
    assert "Somebody else has saved this hall meanwhile." in answer.content.decode()
    assert Hall.objects.get().base_plan is None
