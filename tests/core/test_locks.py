"""Rows are locked in order, read again, and only inside a transaction."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from core.locks import lock_row, lock_rows
from registry.models import Place
from tests.builders import make_place


@pytest.mark.django_db(transaction=True)
def test_lock_outside_a_transaction_is_refused() -> None:
    place = make_place()
    with pytest.raises(transaction.TransactionManagementError):
        lock_row(place)


@pytest.mark.django_db
def test_locked_row_is_the_row_as_it_stands_now() -> None:
    place = make_place()
    Place.objects.filter(pk=place.pk).update(name="Thăng Long")
    assert lock_row(place).name == "Thăng Long"


@pytest.mark.django_db
def test_rows_are_locked_in_the_order_of_their_keys_whatever_was_asked() -> None:
    rows = [make_place(code=f"HN-{number}", name=f"Phường {9 - number}") for number in range(4)]
    with CaptureQueriesContext(connection) as queries:
        locked = lock_rows(Place.objects.order_by("name", "-pk"))
    assert locked == rows
    locking = connection.features.has_select_for_update
    assert [("FOR UPDATE" in query["sql"]) for query in queries.captured_queries] == [locking]
