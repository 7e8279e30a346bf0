"""Row locks: named by what is locked, ordered, late, and only inside a transaction.

On SQLite the transaction itself is the lock (every one begins IMMEDIATE), so the
rows are simply read again; constraints, not locks, make "never twice" true.
"""

from typing import TypeVar

from django.db import connection
from django.db.models import Model, QuerySet
from django.db.transaction import TransactionManagementError

Row = TypeVar("Row", bound=Model)


def lock_rows(rows: QuerySet[Row]) -> list[Row]:
    """Lock and return `rows`, ordered by primary key so that two actions cannot deadlock."""
    if not connection.in_atomic_block:
        raise TransactionManagementError("a lock outlives nothing outside a transaction")
    return list(rows.order_by("pk").select_for_update(of=("self",)))


def lock_row(row: Row) -> Row:
    """Lock `row` and return it as it stands in the database now."""
    manager = type(row)._default_manager
    return lock_rows(manager.filter(pk=row.pk))[0]
