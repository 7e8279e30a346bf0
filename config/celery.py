"""The worker's application. The row is the job; this only rings the bell."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("cho_phien")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
