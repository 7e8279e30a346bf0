"""The worker's application. The row is the job; this only rings the bell."""

import gc
import logging
import os

from celery import Celery
from celery.apps.worker import Worker
from celery.signals import celeryd_after_setup, worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

log = logging.getLogger(__name__)

app = Celery("cho_phien")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
def warm_up(**_signal: object) -> None:
    """Before the worker forks: what its children share is loaded once and never collected."""
    from core import pdf  # noqa: PLC0415 - needs Django's settings
    from core.press import faces  # noqa: PLC0415 - the same

    pdf.load_renderer()
    faces.load_faces()
    gc.collect()
    gc.freeze()


@celeryd_after_setup.connect
def prove_seal(instance: Worker, **_signal: object) -> None:
    """A worker whose key cannot seal takes no memorandum, and says so; other work goes on."""
    from django.conf import settings  # noqa: PLC0415 - Celery reads it when it has started

    from mou import sealing  # noqa: PLC0415 - needs Django's settings

    queues = instance.app.amqp.queues
    if sealing.QUEUE not in queues.consume_from:
        return
    problem = sealing.problem_of_key()
    if problem:
        log.critical(
            "The seal's key failed its test: %s. This worker seals nothing until it is started"
            " again; signed memoranda wait.",
            problem,
        )
        queues.deselect(sealing.QUEUE)
        if not queues.consume_from:
            raise SystemExit("This worker was for sealing only.")
    elif settings.SEAL_KEY_IS_DEVELOPMENT:
        log.warning(
            "Memoranda are sealed with a development key, which proves nothing about the office."
            " Set SEAL_KEY_FILE or SEAL_KEY_TOKEN."
        )
