"""What tests of many subjects claim, in one word each."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db.models import Model

from core.audit import AuditEvent
from core.errors import DomainError


@contextmanager
def refused(code: str, kind: type[DomainError] = DomainError, **facts: Any) -> Iterator[None]:
    """The block is refused with this code and these facts among others."""
    with pytest.raises(kind) as refusal:
        yield
    assert refusal.value.code == code
    assert refusal.value.facts.items() >= facts.items()


@contextmanager
def unchanged(*tables: type[Model]) -> Iterator[None]:
    """The block leaves the rows of these tables as they were."""
    before = _rows(tables)
    yield
    assert _rows(tables) == before


def _rows(tables: tuple[type[Model], ...]) -> list[list[str]]:
    return [sorted(map(repr, table._default_manager.values_list())) for table in tables]


def verbs_of(**which: str) -> list[str]:
    """What was recorded of a stream or a subject, in its order: `verbs_of(subject="DK-1")`."""
    return list(AuditEvent.objects.filter(**which).order_by("pk").values_list("verb", flat=True))
