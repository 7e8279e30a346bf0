"""Real concurrency: threads with connections of their own, on a database that all can see."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections

Call = Callable[[], Any]
AtOnce = Callable[[list[Call]], list[Any]]


@pytest.fixture
def at_once(transactional_db: None) -> AtOnce:
    """`at_once(calls)` makes all calls at the same instant; each answer, or the error it raised.

    Build the calls with rows read before, as two people would who look at the same page.
    """

    def run(calls: list[Call]) -> list[Any]:
        barrier = threading.Barrier(len(calls))

        def make(call: Call) -> Any:
            barrier.wait(10)
            try:
                return call()
            except Exception as error:  # noqa: BLE001 - the error is the answer
                return error
            finally:
                connections.close_all()

        with ThreadPoolExecutor(len(calls)) as people:
            return list(people.map(make, calls))

    return run
