"""The process that publishes is killed at every single statement: old or new, never mixed.

What is published takes the place of an earlier run, with a stand on offer to somebody: booths,
states, offers, the fair, the audit and the jobs that are asked for change together or not at all.
"""

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection, connections

from accounts.models import User
from booths.actions import desk, publish_allocation
from booths.actions.apply import withdraw_application
from booths.models import AllocationRun, Application, Assignment, BoothDay, BoothOffer
from core.audit import AuditEvent, find_breaks
from core.jobs import Job
from fairs.models import Fair
from fairs.states import FAIR, FairState
from tests import builders
from tests.booths.scenes import compute_run, do_jobs, make_waiting_fair

MOST = 300  # statements; publishing a small fair takes some sixty
FORK = multiprocessing.get_context("fork")

Picture = dict[str, list[Any]]


def _picture() -> Picture:
    """What everybody can see, as it stands in the database."""
    held = BoothDay.objects.filter(released_at=None)
    return {
        "fairs": _list(Fair, "state"),
        "runs": _list(AllocationRun, "number", "state"),
        "applications": _list(Application, "code", "state"),
        "stands": sorted(
            held.values_list(
                "day", "booth__code", "assignment__application__code", "assignment__run__number"
            ).distinct()
        ),
        "assignments": _list(Assignment, "application__code", "run__number"),
        "live": sorted(
            Assignment.objects.filter(released_at=None).values_list("application__code")
        ),
        "offers": _list(BoothOffer, "application__code", "state"),
        "audit": _list(AuditEvent, "number", "verb"),
        "jobs": _list(Job, "kind", "key"),
    }


def _list(model: Any, *fields: str) -> list[Any]:
    return sorted(model.objects.values_list(*fields), key=repr)


@dataclass
class _Killer:
    """Ends this process, as a power cut would, when it comes to its statement of that number."""

    at: int
    seen: int = 0

    def __call__(self, execute: Callable[..., Any], *statement: Any) -> Any:
        self.step()
        return execute(*statement)

    def step(self) -> None:
        if self.seen == self.at:
            os.kill(os.getpid(), signal.SIGKILL)
        self.seen += 1


def _publish_until(at: int, run: int, actor: int, publish: Callable[..., Any]) -> None:
    """In a process of its own. Before and after the commit count as statements too."""
    row = AllocationRun.objects.select_related("fair").get(pk=run)
    user = User.objects.get(pk=actor)
    killer = _Killer(at)
    commit = connection._commit

    def commit_or_die() -> None:
        killer.step()
        commit()
        killer.step()

    connection._commit = commit_or_die
    with connection.execute_wrapper(killer):
        publish(run=row, actor=user)
    os._exit(0)


def _kill(at: int, run: AllocationRun, actor: Any, publish: Callable[..., Any]) -> bool:
    """Whether it was killed, and did not come to its end before."""
    connections.close_all()
    process = FORK.Process(target=_publish_until, args=(at, run.pk, actor.pk, publish))
    process.start()
    process.join(60)
    assert process.exitcode in (0, -signal.SIGKILL)
    return process.exitcode != 0


@pytest.fixture
def proposed(transactional_db: None) -> Iterator[AllocationRun]:
    """A run that gives the booths out anew, while one of the last is on offer."""
    fair = make_waiting_fair(stands=3, waiting=3)
    row = fair.applications.select_related("organisation", "fair").get(code="DK-1")
    withdraw_application(application=row, actor=builders.make_representative(row.organisation))
    do_jobs("booths.pass_on")
    FAIR.move(fair, FairState.ALLOCATING)
    fair.applications.filter(code="DK-6").update(priority=90)
    yield compute_run(fair)
    connections.close_all()


def test_whenever_publishing_is_killed_all_is_old_or_all_is_new(proposed: AllocationRun) -> None:
    actor = builders.make_organiser()
    old = _picture()
    pictures = []
    for at in range(MOST):
        was_killed = _kill(at, proposed, actor, publish_allocation)
        pictures.append(_picture())
        assert list(find_breaks()) == []
        if pictures[-1] != old:
            break
    assert was_killed  # after the commit, and before the workers were rung
    new = pictures.pop()
    assert pictures == [old] * len(pictures)
    assert len(pictures) > 20
    assert (new["fairs"], new["runs"]) == ([("published",)], [(1, "superseded"), (2, "published")])
    assert new["offers"] == [("DK-4", "withdrawn")]
    assert new["live"] == [("DK-2",), ("DK-3",), ("DK-6",)]
    assert {stand[3] for stand in new["stands"]} == {2}
    # Whoever presses again is told that it is done, and nothing changes.
    assert _kill(MOST, proposed, actor, _publish_again) is False
    assert _picture() == new


def _publish_again(**asked: Any) -> None:
    with pytest.raises(desk.DomainError) as refused:
        publish_allocation(**asked)
    assert refused.value.code == "state.illegal"


def _publish_without_transaction(**asked: Any) -> None:
    """The same statements, each for itself, as a program would that knows no transactions."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(desk, "lock_row", lambda row: type(row).objects.get(pk=row.pk))
        patch.setattr(desk, "lock_rows", lambda rows: list(rows.order_by("pk")))
        publish_allocation.__wrapped__(**asked)


def test_without_the_transaction_old_and_new_are_mixed(proposed: AllocationRun) -> None:
    """The guard off: this is what the test above would see."""
    actor = builders.make_organiser()
    old = _picture()
    for at in range(MOST):
        assert _kill(at, proposed, actor, _publish_without_transaction)
        mixed = _picture()
        if mixed != old:
            break
    states = dict(mixed["runs"])
    assert states[1] == "superseded"
    assert states[2] == "proposed"
    assert mixed["fairs"] == [("allocating",)]
