"""What an action or a query refused, said on a page where there is nowhere to go back to."""

import pytest
from django.test import Client
from django.urls import reverse

from core.errors import DomainError
from fairs import queries
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("language", "heading", "sentence"),
    [
        ("vi", "Không làm được việc này", "Bản xem trước này không còn dùng được."),
        ("en", "That cannot be done", "This preview is no longer valid."),
    ],
)
def test_a_refusal_without_a_page_to_go_back_to_says_why(
    client: Client, language: str, heading: str, sentence: str
) -> None:
    builders.make_plan(2027)
    client.force_login(builders.make_organiser(language=language))
    client.cookies["django_language"] = language
    answer = client.post(reverse("plan_import_confirm", args=[2027]), {"rows": "x"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert (heading in page, sentence in page) == (True, True)


def test_a_refused_get_says_why_and_escapes_it(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object, **_named: object) -> None:
        raise DomainError("test.refused", "Kế hoạch %(name)s đang khoá.", name="<b>2027</b>")

    monkeypatch.setattr(queries, "plan_years", refuse)
    client.force_login(builders.make_organiser())
    answer = client.get(reverse("desk_home"))
    assert answer.status_code == 409
    assert "Kế hoạch &lt;b&gt;2027&lt;/b&gt; đang khoá." in answer.content.decode()
