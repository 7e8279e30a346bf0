"""The command that prints a link for each person of the sample."""

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from accounts.actions import spend_sign_in_link
from accounts.models import Role, SignInLink
from tests.builders import make_user

pytestmark = pytest.mark.django_db


def test_every_person_of_the_sample_gets_a_link_that_works(settings: Settings) -> None:
    settings.SAMPLE_LINKS = True
    organiser = make_user("Trần Văn Ba", email="ba@mau.example", role=Role.ORGANISER)
    producer = make_user("Lê Thị Tư", email="tu@mau.example")
    make_user("Somebody real", email="real@chophien.example")
    make_user("Gone", email="gone@mau.example", is_active=False)
    out = StringIO()
    call_command("sign_in_links", stdout=out)
    shown = out.getvalue()
    assert [line.partition(": ")[2].partition(",")[0] for line in shown.splitlines()[::2]] == [
        "Trần Văn Ba",
        "Lê Thị Tư",
    ]
    people = [spend_sign_in_link(token=token) for token in re.findall(r"/in/(\S+)/", shown)]
    assert people == [organiser, producer]


def test_where_something_is_at_stake_there_are_no_sample_links(settings: Settings) -> None:
    settings.SAMPLE_LINKS = False
    make_user(email="ba@mau.example")
    with pytest.raises(CommandError) as refused:
        call_command("sign_in_links", stdout=StringIO())
    assert (str(refused.value).count("\n"), refused.value.returncode) == (0, 1)
    assert not SignInLink.objects.exists()
