"""Other programs are told what happened: once for each change, signed, and nowhere private."""

import json
import re
import socket
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from core import outside
from core.errors import DomainError, NotAllowed
from core.jobs import Job
from core.tasks import run_job
from mou import actions
from mou.models import Memorandum, Webhook, WebhookMessage
from mou.tasks.afterwards import after_seal
from mou.tasks.webhooks import DELAYS, signature
from tests import builders
from tests.mou.answers import make_sealed

pytestmark = pytest.mark.django_db


class Receiver:
    """Another program, on this machine."""

    def __init__(self) -> None:
        self.status = 204
        self.got: list[tuple[dict[str, str], bytes]] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.got.append((dict(self.headers), body))
                self.send_response(receiver.status)
                self.send_header("Location", "/elsewhere")
                self.end_headers()

            def log_message(self, *_arguments: Any) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_port
        self.url = f"http://127.0.0.1:{self.port}/hook?x=1"


@pytest.fixture
def receiver(settings: Settings) -> Iterator[Receiver]:
    """Listens; private addresses are allowed."""
    settings.WEBHOOK_ALLOW_PRIVATE = True
    made = Receiver()
    thread = threading.Thread(target=made.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield made
    made.server.shutdown()
    thread.join()
    made.server.server_close()


def _work() -> None:
    for job in Job.objects.filter(kind="mou.webhook", state="waiting", run_at__lte=timezone.now()):
        run_job(job.pk)


def _hook(receiver: Receiver, memorandum: Memorandum | None = None) -> Webhook:
    fair = memorandum.fair if memorandum else None
    return actions.add_webhook(url=receiver.url, fair=fair, actor=builders.make_organiser())


def test_a_change_is_told_with_a_signature_that_can_be_checked(receiver: Receiver) -> None:
    draft = builders.make_memorandum()
    webhook = _hook(receiver, draft)
    actions.freeze_memorandum(memorandum=draft, actor=None)
    _work()
    headers, body = receiver.got[0]
    said = json.loads(body)
    message = WebhookMessage.objects.get()
    assert (said["event"], said["id"]) == ("memorandum.frozen", headers["Cho-Phien-Delivery"])
    assert said["memorandum"]["code"] == draft.code
    guide = (Path(__file__).parents[2] / "docs" / "webhooks.md").read_text(encoding="utf-8")
    place: dict[str, Any] = {}
    exec(re.search(r"```python\n(.*?)```", guide, re.DOTALL).group(1), place)
    is_genuine = place["is_genuine"]
    header = headers["Cho-Phien-Signature"]
    assert is_genuine(webhook.secret, header, body)
    assert not is_genuine(webhook.secret, header, body + b" ")
    assert not is_genuine("another", header, body)
    assert not is_genuine(webhook.secret, signature(webhook.secret, 1, body), body)
    assert (message.status, message.delivered_at is not None) == (204, True)


def test_no_person_is_named(receiver: Receiver) -> None:
    memorandum = make_sealed()
    _hook(receiver)
    with transaction.atomic():
        after_seal(memorandum)
    body = WebhookMessage.objects.get().body
    assert json.loads(body)["event"] == "memorandum.sealed"
    for party in memorandum.parties.all():
        assert [word for word in (party.representative, party.phone) if word in body] == []


def test_a_change_that_is_rolled_back_is_not_told(receiver: Receiver) -> None:
    memorandum = make_sealed()
    _hook(receiver)
    with transaction.atomic():
        after_seal(memorandum)
        assert WebhookMessage.objects.count() == 1
        transaction.set_rollback(True)
    assert (WebhookMessage.objects.count(), Job.objects.count()) == (0, 0)


def test_another_fairs_address_and_a_removed_one_are_not_told(receiver: Receiver) -> None:
    draft, other = builders.make_memorandum(), builders.make_memorandum()
    _hook(receiver, other)
    removed = _hook(receiver, draft)
    actions.remove_webhook(webhook=removed, actor=builders.make_organiser())
    actions.freeze_memorandum(memorandum=draft, actor=None)
    assert WebhookMessage.objects.count() == 0


@pytest.mark.parametrize("status", [302, 404, 500])
def test_what_does_not_arrive_is_tried_again_ever_later_and_then_given_up(
    receiver: Receiver, status: int
) -> None:
    receiver.status = status
    webhook = _hook(receiver)
    actions.try_webhook(webhook=webhook, actor=builders.make_organiser())
    moment = timezone.now()
    for delay in [timedelta(), *DELAYS]:
        moment += delay + timedelta(seconds=1)
        with time_machine.travel(moment, tick=False):
            _work()
            _work()
    assert len(receiver.got) == len(DELAYS) + 1
    message = WebhookMessage.objects.get()
    assert (message.status, message.delivered_at) == (status, None)
    assert Job.objects.exclude(state="done").count() == 0
    assert {headers["Cho-Phien-Delivery"] for headers, _body in receiver.got} == {message.token}


def test_the_second_try_can_succeed(receiver: Receiver) -> None:
    receiver.status = 503
    actions.try_webhook(webhook=_hook(receiver), actor=builders.make_organiser())
    _work()
    receiver.status = 200
    with time_machine.travel(timezone.now() + timedelta(minutes=2), tick=False):
        _work()
    assert WebhookMessage.objects.get().delivered_at is not None
    assert len(receiver.got) == 2


def test_nobody_who_answers_is_a_status_of_none(settings: Settings) -> None:
    settings.WEBHOOK_ALLOW_PRIVATE = True
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(outside.Unreachable):
        outside.post(f"http://127.0.0.1:{port}/", b"{}", {})


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.0.0.1", "172.16.5.4", "192.168.1.1", "169.254.169.254", "0.0.0.0"),
        *("100.64.0.1", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1%eth0", "fc00::1"),
        *("::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "ff02::1"),
    ],
)
def test_an_address_of_our_own_network_is_not_public(address: str) -> None:
    assert not outside.is_public(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "2606:4700:4700::1111", "::ffff:1.1.1.1"])
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert outside.is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        *("http://example.com/", "ftp://example.com/", "file:///etc/passwd", "https://", "x"),
        *("https://a:b@example.com/", "https://127.0.0.1/", "https://[::1]/", "https://a b/"),
        *("https://example.com:99999/", "https://example.com/\r\nHost: x", "https://[::1"),
    ],
)
def test_an_address_that_can_never_be_called_is_refused_when_it_is_entered(
    client: Client, url: str
) -> None:
    client.force_login(builders.make_organiser())
    answer = client.post(reverse("webhook_list"), {"url": url, "fair": ""})
    assert answer.status_code == 422
    with pytest.raises(DomainError) as refused:
        outside.post(url, b"{}", {})
    assert refused.value.code == "outside.address"
    assert Webhook.objects.count() == 0


def test_a_name_that_leads_home_is_not_called(receiver: Receiver, settings: Settings) -> None:
    settings.WEBHOOK_ALLOW_PRIVATE = False
    with pytest.raises(DomainError) as refused:
        outside.post(f"https://localhost:{receiver.port}/", b"{}", {})
    assert refused.value.code == "outside.private"
    webhook = Webhook.objects.create(url=f"https://localhost:{receiver.port}/", secret="x")
    actions.try_webhook(webhook=webhook, actor=builders.make_organiser())
    _work()
    message = WebhookMessage.objects.get()
    assert (receiver.got, message.status, message.delivered_at) == ([], None, None)


@pytest.mark.parametrize("addresses", [["127.0.0.1"], ["1.1.1.1", "127.0.0.1"]])
def test_one_private_address_among_several_is_enough_to_refuse(
    monkeypatch: pytest.MonkeyPatch, addresses: list[str]
) -> None:
    def resolve(_host: str, port: int, **_how: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    with pytest.raises(DomainError) as refused:
        outside.post("https://hook.example/", b"{}", {})
    assert refused.value.code == "outside.private"


def test_a_name_is_resolved_once_and_that_address_is_called(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def resolve(host: str, port: int, **_how: Any) -> list[Any]:
        asked.append(host)
        address = "127.0.0.1" if len(asked) == 1 else "192.0.2.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    assert outside.post(f"http://hook.example:{receiver.port}/x", b"{}", {}) == 204
    assert asked == ["hook.example"]
    assert receiver.got[0][0]["Host"] == f"hook.example:{receiver.port}"


def test_organisers_of_one_fair_hook_theirs_and_nobody_elses(client: Client) -> None:
    fair, other = builders.make_fair(), builders.make_fair()
    organiser = builders.make_organiser(fair)
    for wrong in (other, None):
        with pytest.raises(NotAllowed):
            actions.add_webhook(url="https://hook.example/", fair=wrong, actor=organiser)
    theirs = actions.add_webhook(
        url="https://hook.example/", fair=other, actor=builders.make_organiser()
    )
    client.force_login(organiser)
    for name in ("webhook_rotate", "webhook_test", "webhook_remove"):
        assert client.post(reverse(name, args=[theirs.pk])).status_code == 404
    secret = theirs.secret
    theirs.refresh_from_db()
    assert (theirs.secret, theirs.is_active) == (secret, True)
    assert client.post(reverse("webhook_list"), {"url": "https://a.example/"}).status_code == 422


def test_an_address_is_added_tested_given_a_new_secret_and_removed(client: Client) -> None:
    client.force_login(builders.make_organiser())
    added = client.post(reverse("webhook_list"), {"url": "https://hook.example/in", "fair": ""})
    row = Webhook.objects.get()
    assert row.secret in added.content.decode()
    assert row.secret not in client.get(reverse("webhook_list")).content.decode()
    assert client.post(reverse("webhook_test", args=[row.pk])).status_code == 302
    assert WebhookMessage.objects.get().event == "test"
    rotated = client.post(reverse("webhook_rotate", args=[row.pk])).content.decode()
    before = row.secret
    row.refresh_from_db()
    assert (row.secret != before, row.secret in rotated) == (True, True)
    client.post(reverse("webhook_remove", args=[row.pk]))
    row.refresh_from_db()
    assert not row.is_active
    assert "hook.example" not in client.get(reverse("webhook_list")).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_one_and_three(
    client: Client, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    organiser = builders.make_organiser()
    client.force_login(organiser)
    for number in range(count):
        url = f"https://hook{number}.example/"
        webhook = actions.add_webhook(url=url, fair=builders.make_fair(), actor=organiser)
        actions.try_webhook(webhook=webhook, actor=organiser)
    with django_assert_num_queries(8):
        assert client.get(reverse("webhook_list")).status_code == 200
