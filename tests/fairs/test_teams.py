"""The pages of organising teams and performance crews."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from fairs.models import Crew, Team
from tests.fairs import programmes

pytestmark = pytest.mark.django_db


def _at(name: str, *where: Any) -> str:
    return reverse(name, args=where)


def _opened(client: Client, page: str, name: str) -> dict[str, Any]:
    """What a browser would send back of the page with another name typed in."""
    return {"seen": client.get(page).context["form"]["seen"].value(), "name": name}


@pytest.mark.parametrize(("word", "kind"), [("team", Team), ("crew", Crew)])
def test_teams_and_crews_are_kept_on_pages_of_their_own(
    office: Client, word: str, kind: type[Team]
) -> None:
    office.post(_at(f"{word}_list"), {"name": "Phường chèo"})
    row = kind.objects.get()
    refused = office.post(_at(f"{word}_list"), {"name": "PHUONG CHEO"})
    assert refused.status_code == 422
    assert "There is one of that name already." in refused.content.decode()
    assert 'value="PHUONG CHEO"' in refused.content.decode()
    edit = _at(f"{word}_edit", row.pk)
    mine = _opened(office, edit, "Phường của tôi")
    office.post(edit, _opened(office, edit, "Phường của họ"))
    stale = office.post(edit, mine)
    assert stale.status_code == 422
    assert "renamed it to “Phường của họ”" in stale.content.decode()
    form = stale.context["form"]
    assert form["name"].value() == "Phường của tôi"
    office.post(edit, {name: form[name].value() for name in form.fields})
    assert kind.objects.get().name == "Phường của tôi"
    office.post(_at(f"{word}_delete", row.pk))
    assert kind.objects.count() == 0


def test_a_crew_with_sessions_is_not_taken_away(office: Client) -> None:
    crew = Crew.objects.create(name="Phường rối")
    programmes.make_session(programmes.make_stage(programmes.make_fair()), crew=crew)
    page = f"http://testserver{_at('crew_list')}"
    answer = office.post(_at("crew_delete", crew.pk), headers={"Referer": page}, follow=True)
    assert "This crew is in a fair&#x27;s programme." in answer.content.decode()
    assert Crew.objects.count() == 1
