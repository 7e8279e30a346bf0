"""Without a broker pages answer, jobs wait in their rows, and nothing is lost."""

import socket
from urllib.request import urlopen

from core.jobs import Job, State
from tests.faults.models import Mark
from tests.services import wait_until
from tests.stage import Stage

ASK = """
from django.db import transaction
from tests.faults.tasks import leave_mark
for name in ("mot", "hai", "ba"):
    with transaction.atomic():
        leave_mark.ask(key=name, stream="office", actor=None, name=name, gate="/nowhere")
"""


def _dead_broker() -> str:
    """The address of a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as closed:
        return f"redis://127.0.0.1:{closed.getsockname()[1]}/0"


def test_job_asked_for_without_a_broker_waits_and_is_done_when_one_comes(backstage: Stage) -> None:
    broker, backstage.broker = backstage.broker, _dead_broker()
    backstage.start_web()
    with urlopen(backstage.url) as page:
        assert page.status == 200

    backstage.manage("shell", "-v0", "-c", ASK)
    assert set(Job.objects.values_list("key", "state", "attempt")) == {
        ("tests.mark:mot", State.WAITING, 0),
        ("tests.mark:hai", State.WAITING, 0),
        ("tests.mark:ba", State.WAITING, 0),
    }

    backstage.broker = broker
    backstage.start_worker()
    wait_until(lambda: not Job.objects.exclude(state=State.DONE), what="the sweep had them done")
    assert sorted(Mark.objects.values_list("name", "attempt")) == [
        ("ba", 1),
        ("hai", 1),
        ("mot", 1),
    ]
