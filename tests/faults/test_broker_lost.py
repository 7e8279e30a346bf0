"""A broker that forgets or dies loses no job, and nobody at the desk gets an error."""

from contextlib import ExitStack
from pathlib import Path

from django.db import transaction
from redis import Redis

from accounts.actions import make_sign_in_link
from booths.models import AllocationRun
from booths.states import RunState
from core.jobs import Job, State
from fairs.states import FairState
from tests import builders, services
from tests.faults.models import Mark
from tests.faults.tasks import leave_mark
from tests.services import wait_until
from tests.stage import Stage
from tests.visitor import Visitor

JOBS = [f"viec-{number}" for number in range(10)]


def _ask(names: list[str], gate: Path) -> None:
    for name in names:
        with transaction.atomic():
            leave_mark.ask(key=name, stream="office", actor=None, name=name, gate=str(gate))


def _marks() -> list[tuple[str, int]]:
    return sorted(Mark.objects.values_list("name", "attempt"))


def _are_done(count: int) -> bool:
    return Job.objects.filter(state=State.DONE).count() == count


def test_redis_that_forgets_everything_loses_none_of_ten_jobs(backstage: Stage) -> None:
    # Longer than a busy machine may keep a worker from renewing it: nobody is to overtake here.
    backstage.lease_seconds = 10
    gate = backstage.folder / "gate"
    gate.touch()
    backstage.start_worker()
    _ask(JOBS, gate)
    with services.open_redis(backstage.broker) as redis:
        wait_until(lambda: _is_half_way(redis), what="two jobs run and most wait in the queue")
        redis.flushall()
    gate.unlink()
    wait_until(lambda: _are_done(10), what="the sweep had all ten done")
    assert _marks() == [(name, 1) for name in JOBS]


def _is_half_way(redis: Redis) -> bool:
    """A worker of two holds a few more in its hand; most wait in the queue."""
    running = Job.objects.filter(state=State.RUNNING, done=1).count()
    return running == 2 and int(redis.llen("pdf")) >= 4


def test_desk_works_while_redis_is_dead_and_the_jobs_are_done_once_it_is_back(
    backstage: Stage,
) -> None:
    fair = builders.make_fair(FairState.ALLOCATING)
    builders.make_floor_plan(fair)
    builders.make_application(fair, state="eligible")
    link = make_sign_in_link(user=builders.make_organiser(fair), actor=None)
    address = f"/desk/fairs/{fair.code}/allocation/"
    gate = backstage.folder / "gate"
    gate.touch()
    with services.short_folder() as folder, ExitStack() as ends:
        backstage.broker = services.redis_address(folder)
        redis = ends.enter_context(services.run_redis_in(folder))
        backstage.start_served()
        organiser = Visitor(backstage.url)
        organiser.sign_in(link)
        assert "Đang chờ máy xử lý" not in organiser.get(address).text
        _ask(["viec-dang-lam"], gate)
        wait_until(lambda: Job.objects.get().state == State.RUNNING, what="a job is at work")

        redis.kill()
        gate.unlink()
        page = organiser.post(f"{address}start/")
        assert (page.status, page.path) == (200, address)
        assert "Đang chờ máy xử lý" in page.text
        assert Job.objects.latest("pk").state == State.WAITING

        ends.enter_context(services.run_redis_in(folder))
        wait_until(lambda: _are_done(2), what="the worker came back and did both", seconds=60)
        assert [name for name, _attempt in _marks()] == ["viec-dang-lam"]
        assert AllocationRun.objects.get().state == RunState.PROPOSED
        assert "Đang chờ máy xử lý" not in organiser.get(address).text
        # What this test served lives on its own Redis; it goes first.
        backstage.ends.close()


def test_without_any_server_a_job_waits_in_the_folder_for_a_worker(backstage: Stage) -> None:
    backstage.broker = "filesystem://localhost"
    words = "from pathlib import Path; from tests.faults.test_broker_lost import _ask; "
    backstage.manage("shell", "-v0", "-c", f"{words}_ask(['mot'], Path('/nowhere'))")
    [message] = (backstage.folder / "broker" / "messages").iterdir()
    assert Job.objects.get().state == State.WAITING

    backstage.start_worker()
    wait_until(lambda: _are_done(1), what="the worker found the job")
    assert _marks() == [("mot", 1)]
    wait_until(lambda: not message.exists(), what="the message is gone")
