"""Days and people that several tests of fairs begin with."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import User
from fairs.models import Fair
from tests import builders
from tests.fairs import pavilions, programmes


@pytest.fixture
def november() -> Iterator[None]:
    """It is nine in the morning of 21/11/2026."""
    with time_machine.travel(datetime(2026, 11, 21, 9, tzinfo=timezone.get_default_timezone())):
        yield


@pytest.fixture
def clock() -> Iterator[Any]:
    """Time stands still while a guest province may fill in its booths."""
    with time_machine.travel(pavilions.NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def fair() -> Fair:
    """A fair from Wednesday 02/12/2026 with one session on its first morning."""
    fair = programmes.make_fair(short_title="Tuần hàng 5")
    programmes.make_opening(fair)
    return fair


@pytest.fixture
def office(client: Client) -> Client:
    """The browser of an organiser of the whole office, who reads English."""
    client.force_login(builders.make_organiser())
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def planner(client: Client) -> User:
    """An organiser of the whole office, signed in, with plans of 2027 and 2035."""
    builders.make_plan(2027)
    builders.make_plan(2035, decision_number="12/QĐ-UBND")
    user = builders.make_organiser()
    client.force_login(user)
    return user
