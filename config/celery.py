"""The worker's application. The row is the job; this only rings the bell."""

import gc
import os

from celery import Celery
from celery.signals import worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("cho_phien")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
def warm_up(**_signal: object) -> None:
    """Before the worker forks: what its children share is loaded once and never collected."""
    from core import pdf  # noqa: PLC0415 - needs Django's settings

    pdf.load_renderer()
    gc.collect()
    gc.freeze()
