"""What the tests of signing in share."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _fresh_rate_limits() -> Iterator[None]:
    """The tests ask for more codes in a minute than a person may."""
    cache.clear()
    yield
    cache.clear()
