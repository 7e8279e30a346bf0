"""Writes: the addresses of other programs that want to know."""

from urllib.parse import urlsplit

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core import audit, outside
from core.codes import new_token
from core.errors import NotAllowed
from core.locks import lock_row
from fairs.models import Fair
from mou.models import Webhook, WebhookMessage
from mou.rules import can_hook
from mou.tasks.webhooks import TEST, write_message


@transaction.atomic(durable=True)
def add_webhook(*, url: str, fair: Fair | None, actor: User) -> Webhook:
    """Tell `url` what happens at `fair`, or everywhere, from now on; its secret is in the answer.

    Raises NotAllowed `webhook.not_allowed`, DomainError `outside.address`.
    """
    _require(actor, fair)
    outside.check_url(url)
    webhook = Webhook.objects.create(url=url, fair=fair, secret=new_token())
    _record(webhook, actor, "mou.webhook_added")
    return webhook


@transaction.atomic(durable=True)
def rotate_secret(*, webhook: Webhook, actor: User) -> Webhook:
    """Sign with a new secret from now on, what still waits included. Raises NotAllowed."""
    _require(actor, webhook.fair)
    row = lock_row(webhook)
    row.secret = new_token()
    row.save(update_fields=["secret"])
    _record(row, actor, "mou.webhook_rotated")
    return row


@transaction.atomic(durable=True)
def try_webhook(*, webhook: Webhook, actor: User) -> WebhookMessage:
    """Send a message that says nothing has happened. Raises NotAllowed."""
    _require(actor, webhook.fair)
    stream = webhook.fair.stream if webhook.fair else audit.OFFICE
    return write_message(webhook, TEST, stream=stream)


@transaction.atomic(durable=True)
def remove_webhook(*, webhook: Webhook, actor: User) -> None:
    """Tell that address nothing any more; what waits for it is not sent. Raises NotAllowed."""
    _require(actor, webhook.fair)
    row = lock_row(webhook)
    if row.is_active:
        row.is_active = False
        row.save(update_fields=["is_active"])
        _record(row, actor, "mou.webhook_removed")


def _require(actor: User, fair: Fair | None) -> None:
    if not can_hook(actor, fair):
        raise NotAllowed(
            "webhook.not_allowed",
            _("Only organisers decide who is told: of the fair, or of the office for all fairs."),
        )


def _record(webhook: Webhook, actor: User, verb: str) -> None:
    audit.record(
        stream=webhook.fair.stream if webhook.fair else audit.OFFICE,
        actor=actor,
        verb=verb,
        subject=f"webhook:{webhook.pk}",
        host=urlsplit(webhook.url).hostname or "",
    )
