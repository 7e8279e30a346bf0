"""What is kept for a while only."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from mou.models import KEY_LIFE, ApiRequest, VerifyCount

COUNTED = timedelta(hours=1)


@shared_task(name="mou.forget")
def forget() -> None:
    """Delete old counts of the verify page and old idempotency keys. Twice is once."""
    now = timezone.now()
    VerifyCount.objects.filter(minute__lt=now - COUNTED).delete()
    ApiRequest.objects.filter(created_at__lt=now - KEY_LIFE).delete()
