"""Other programs are told what happened to memoranda: written with the change, sent after it."""

import hashlib
import hmac
import json
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_noop

from core import jobs, outside
from core.audit import OFFICE
from core.codes import new_token
from core.errors import DomainError
from core.jobs import Job
from mou.models import Memorandum, Webhook, WebhookMessage

# What the audit trail calls it, and what the message is called.
EVENTS = {
    "mou.drawn_up": "memorandum.drawn_up",
    "mou.asked_for": "memorandum.drawn_up",
    "mou.imported": "memorandum.drawn_up",
    "mou.frozen": "memorandum.frozen",
    "mou.reopened": "memorandum.reopened",
    "mou.all_signed": "memorandum.signed",
    "mou.sealed": "memorandum.sealed",
    "mou.paper_attached": "memorandum.signed_on_paper",
    "mou.declined": "memorandum.declined",
    "mou.void": "memorandum.voided",
    "mou.voided": "memorandum.voided",
    "mou.terminated": "memorandum.terminated",
    "mou.expired": "memorandum.expired",
    "mou.follow_up_answered": "follow_up.answered",
}
TEST = "test"
# How long after a message that did not arrive the next try comes: over about two days.
DELAYS = [
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=12),
    timedelta(hours=24),
]
FINE = range(200, 300)


def announce(row: Memorandum, verb: str) -> None:
    """Write a message to every address that wants to know, in the transaction of the change."""
    event = EVENTS.get(verb)
    if event is None:
        return
    wanted = Webhook.objects.filter(Q(fair__isnull=True) | Q(fair=row.fair_id), is_active=True)
    said = {
        "code": row.code,
        "number": row.shown_number,
        "fair": row.fair.code,
        "state": row.state,
        "revision": row.revision,
        "address": row.verify_url,
    }
    for webhook in wanted:
        write_message(webhook, event, stream=row.fair.stream, memorandum=said)


def write_message(webhook: Webhook, event: str, *, stream: str, **said: object) -> WebhookMessage:
    """One message to one address and the job that delivers it. No person is named in it."""
    token = new_token()
    body = {"id": token, "event": event, "at": timezone.now().isoformat(), **said}
    message = WebhookMessage.objects.create(
        webhook=webhook, token=token, event=event, body=json.dumps(body, ensure_ascii=False)
    )
    message.job = deliver_message.ask(
        key=f"{token}:0", stream=stream, actor=None, message=message.pk, trial=0
    )
    message.save(update_fields=["job"])
    return message


def signature(secret: str, moment: int, body: bytes) -> str:
    """The header's value: `t=<seconds since 1970>,v1=<HMAC-SHA-256 of "t.body" in hex>`."""
    digest = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={moment},v1={digest}"


@jobs.kind("mou.webhook", title=gettext_noop("Telling another program"), seconds=30)
def deliver_message(run: jobs.Run, *, message: int, trial: int) -> None:
    """Try once; when it does not arrive, the next try waits in a job of its own.

    A worker that dies after the other side has answered tells it again: receivers know a message
    by its id.
    """
    row = WebhookMessage.objects.select_related("webhook__fair").filter(pk=message).first()
    if row is None or row.delivered_at is not None or not row.webhook.is_active:
        with run.publishing():
            return
    status, why = _send(row)
    is_delivered = status in FINE
    now = timezone.now()
    with run.publishing(why):
        WebhookMessage.objects.filter(pk=row.pk).update(
            status=status, delivered_at=now if is_delivered else None
        )
        if not is_delivered and trial < len(DELAYS):
            _try_later(row, trial)


def _try_later(row: WebhookMessage, trial: int) -> None:
    fair = row.webhook.fair
    job = deliver_message.ask(
        key=f"{row.token}:{trial + 1}",
        stream=fair.stream if fair else OFFICE,
        actor=None,
        message=row.pk,
        trial=trial + 1,
    )
    Job.objects.filter(pk=job.pk).update(run_at=timezone.now() + DELAYS[trial])
    WebhookMessage.objects.filter(pk=row.pk).update(job=job)


def _send(row: WebhookMessage) -> tuple[int | None, str]:
    """The status that came back, or None and why there is none."""
    body = row.body.encode()
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "ChoPhien-Webhook/1",
        "Cho-Phien-Event": row.event,
        "Cho-Phien-Delivery": row.token,
        "Cho-Phien-Signature": signature(row.webhook.secret, int(timezone.now().timestamp()), body),
    }
    try:
        return outside.post(row.webhook.url, body, headers), ""
    except outside.Unreachable:
        return None, gettext_noop("The other program did not answer.")
    except DomainError:
        return None, gettext_noop("This address leads to a private network and is not called.")
