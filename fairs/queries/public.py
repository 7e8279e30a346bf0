"""What anyone may read."""

from django.db.models import QuerySet

from fairs.models import Fair
from fairs.states import PUBLIC


def public_fairs() -> QuerySet[Fair]:
    """What anyone may read about."""
    return Fair.objects.filter(state__in=PUBLIC).select_related("venue", "venue__place")
