"""An organiser of the whole office, and the browser of whoever organises."""

import pytest
from django.test import Client

from accounts.models import User
from tests import builders


@pytest.fixture
def organiser() -> User:
    """An organiser of the whole office."""
    return builders.make_organiser()


@pytest.fixture
def desk(client: Client, organiser: User) -> Client:
    """The organiser's browser."""
    client.force_login(organiser)
    return client
