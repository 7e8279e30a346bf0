"""Reads: the addresses that are told, and how their messages fare."""

from typing import Any

from django.db.models import F, Prefetch, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from accounts.models import Role
from accounts.rules import has_office_role
from mou.models import Webhook, WebhookMessage

SHOWN_MESSAGES = 5


def webhooks_of(actor: Any) -> QuerySet[Webhook]:
    """The addresses that `actor` decides about, each with its last messages in `last_messages`."""
    mine = Q(fair__code__in=[code for role, code in actor.roles if role == Role.ORGANISER])
    if has_office_role(actor, [Role.ORGANISER]):
        mine = Q()
    newest = WebhookMessage.objects.select_related("job").annotate(
        place=Window(RowNumber(), partition_by="webhook", order_by=F("pk").desc())
    )
    last = newest.filter(place__lte=SHOWN_MESSAGES).order_by("-pk")
    return (
        Webhook.objects.filter(mine, is_active=True)
        .select_related("fair")
        .prefetch_related(Prefetch("messages", last, to_attr="last_messages"))
    )
