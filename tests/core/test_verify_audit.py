"""`manage.py verify_audit` counts whole chains and names the first row of a broken one."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone, translation

from core.audit import GENESIS, AuditEvent, record


def _record(stream: str, count: int) -> None:
    with transaction.atomic():
        for _number in range(count):
            record(stream=stream, actor=None, verb="tests.noted", subject="A")


def _verify() -> str:
    output = StringIO()
    with translation.override("en"):
        call_command("verify_audit", stdout=output)
    return output.getvalue()


@pytest.mark.django_db
def test_verify_audit_counts_the_events_of_whole_chains() -> None:
    _record("office", 1)
    _record("fair:ha-noi", 2)
    assert _verify() == "fair:ha-noi: 2 events, whole\noffice: 1 events, whole\n"


@pytest.mark.django_db
def test_verify_audit_names_a_forged_event() -> None:
    _record("office", 2)
    AuditEvent.objects.create(
        stream="office",
        number=3,
        at=timezone.now(),
        verb="tests.forged",
        subject="A",
        previous_hash=AuditEvent.objects.get(number=2).hash,
        hash=GENESIS,
    )
    with pytest.raises(CommandError) as refused:
        _verify()
    assert (str(refused.value), refused.value.returncode) == ("office: event 3 was inserted", 1)
