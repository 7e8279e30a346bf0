"""A fair that takes applications, and somebody who reviews them."""

from collections.abc import Iterator

import pytest
from django.utils import translation

from accounts.models import Role, User
from fairs.models import Fair
from tests.builders import make_fair, make_user


@pytest.fixture
def in_english() -> Iterator[None]:
    """Errors of forms are lazy: they are said in the language of whoever reads them."""
    with translation.override("en"):
        yield


@pytest.fixture
def fair() -> Fair:
    return make_fair()


@pytest.fixture
def reviewer(fair: Fair) -> User:
    return make_user(role=Role.REVIEWER, fair=fair, language="en")
