"""The stage itself: web, worker and test see one database."""

from urllib.request import urlopen

from django.db import transaction

from core.jobs import Job, State
from tests.builders import make_fair
from tests.faults.models import Mark
from tests.faults.tasks import leave_mark
from tests.services import wait_until
from tests.stage import Stage


def test_web_worker_and_test_see_one_database(stage: Stage) -> None:
    fair = make_fair()
    with urlopen(stage.url + fair.public_url) as page:
        assert fair.title in page.read().decode()
    with transaction.atomic():
        leave_mark.ask(key="mot", stream="office", actor=None, name="mot", gate="/nowhere")
    wait_until(lambda: Job.objects.filter(state=State.DONE).exists(), what="the worker did it")
    assert Mark.objects.get().file.read() == b'{"name": "mot"}'


def test_next_stage_is_empty_again(backstage: Stage) -> None:
    assert (Job.objects.count(), Mark.objects.count()) == (0, 0)
    assert backstage.manage("shell", "-v0", "-c", "print(6 * 7)") == "42\n"
