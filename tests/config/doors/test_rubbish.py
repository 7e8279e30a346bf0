"""Rubbish is refused at every door: none of it ends in an error of ours."""

from urllib.parse import quote

import pytest

from tests.config.doors.scene import OURS, Scene, status_of, undone

pytestmark = pytest.mark.django_db

PARAMETERS = [
    *("page", "q", "state", "group", "sort", "booth"),
    *("view", "producer", "distributor", "role", "code", "next"),
]
RUBBISH = [
    "abc",
    "-1",
    "1" + "0" * 30,
    "a\0b",
    "x" * 10_000,
    "\u202e\u200fgnort\u0300\u0301",
    "'; DROP TABLE core_job; --",
    "{{ 7|add:7 }}{% csrf_token %}<svg onload=x>",
    "../../etc/passwd",
    "A/B?c#d",
    "%00%0d%0aSet-Cookie: a=b",
    "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
]
SHIFTS = (0, 6)


@pytest.mark.parametrize("name", OURS)
def test_rubbish_in_the_address_breaks_nothing(scene: Scene, name: str) -> None:
    path, _mark, _query = scene.addresses[name].partition("?")
    browser = scene.browser("organiser")
    with undone():
        for shift in SHIFTS:
            words = dict(zip(PARAMETERS, [*RUBBISH[shift:], *RUBBISH[:shift]], strict=True))
            assert int(status_of(browser.get(path, words))) < 500
        for piece in map(str, scene.places.get(name, {}).values()):
            for word in RUBBISH:
                address = path.replace(piece, quote(word, safe=""))
                assert int(status_of(browser.get(address))) < 500


@pytest.mark.parametrize("name", OURS)
def test_rubbish_in_a_form_breaks_nothing(scene: Scene, name: str) -> None:
    form = scene.forms.get(name, {})
    fields = [*form, "application", "reason", "scope", "code"]
    address, browser = scene.addresses[name], scene.browser("organiser")
    with undone():
        for shift in SHIFTS:
            words = [*RUBBISH[shift:], *RUBBISH[:shift]]
            for sent in (dict(zip(fields, words, strict=False)), {**form, fields[-4]: words}):
                assert int(status_of(browser.post(address, sent))) < 500
        for kind in ("application/json", "multipart/form-data; boundary=x"):
            assert int(status_of(browser.post(address, b"--x", content_type=kind))) < 500
