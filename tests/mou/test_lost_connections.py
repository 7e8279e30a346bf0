"""Three of ten connections break while tablets deliver: every signature counts once, as drawn.

Smaller here than for real. The whole of it:

    SIGNATURES=500 pytest tests/mou/test_lost_connections.py
"""

import json
import os
import random
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.audit import find_breaks
from mou import actions
from mou.models import Memorandum, OfflinePacket, Signature, SignerRole
from mou.packets import public_jwk
from mou.paper.strokes import read_strokes
from mou.states import MemorandumState
from tests import builders
from tests.mou.packets import seal_packet

pytestmark = pytest.mark.django_db

COUNT = -(-int(os.environ.get("SIGNATURES", "30")) // len(SignerRole))
LOST = 0.3

Facts = dict[str, Any]


def _drawn(number: int) -> str:
    """A signature unlike every other one."""
    left, top = 20 + number // 100, 40 + number % 100
    return json.dumps(
        [[[left + 4 * step, top + 20 * (step % 3), 0.5, 16 * step] for step in range(40)]]
    )


def _make_tablet() -> tuple[Client, ec.EllipticCurvePrivateKey]:
    """A tablet at the only table of a ceremony with all the memoranda."""
    ceremony = builders.make_ceremony(stations=1)
    organiser = builders.make_organiser(ceremony.fair)
    maker, buyer = builders.make_organisation(), builders.make_distributor()
    products = [builders.make_product(maker)]
    drafts = [
        builders.make_memorandum(
            ceremony.fair, producer=maker, distributor=buyer, products=products
        )
        for _each in range(COUNT)
    ]
    for draft in drafts:
        actions.freeze_memorandum(memorandum=draft, actor=organiser)
    codes = [draft.code for draft in drafts]
    actions.assign_memoranda(ceremony=ceremony, memoranda=codes, station=None, actor=organiser)
    token = actions.invite_device(station=ceremony.stations.get(), label="Máy", actor=organiser)
    key, browser = ec.generate_private_key(ec.SECP256R1()), Client()
    browser.post(reverse("table_enrol", args=[token]), {"public_key": json.dumps(public_jwk(key))})
    return browser, key


def _network(browser: Client, chance: random.Random) -> Callable[[Facts], Facts | None]:
    """Sends a packet; None where the request or the answer to it was lost on the way."""

    def send(packet: Facts) -> Facts | None:
        fate = chance.random()
        if fate < LOST / 2:
            return None
        answer = browser.post(
            reverse("table_packets"), json.dumps(packet), content_type="application/json"
        )
        assert answer.status_code == 200, answer.content
        told: Facts = answer.json()
        return None if fate < LOST else told

    return send


def test_every_signature_counts_once_though_three_of_ten_connections_break() -> None:
    browser, key = _make_tablet()
    taken = browser.get(reverse("table_data")).json()
    send = _network(browser, random.Random(20261122))
    drawn: dict[tuple[str, str], str] = {}
    tries = 0
    for role in SignerRole:
        for memorandum in taken["memoranda"]:
            strokes = _drawn(len(drawn))
            plain = {
                "key": f"{memorandum['code']}-{role}",
                "role": role,
                **{name: memorandum[name] for name in ("code", "revision", "content_sha256")},
                "strokes": strokes,
                "consents": list(range(len(memorandum["statements"][role]))),
                "drawn_at": round(timezone.now().timestamp() * 1000),
                "read_seconds": 42,
            }
            packet, told = seal_packet(plain, device=key, table=taken["key"]), None
            while told is None:
                tries += 1
                told = send(packet)
            assert told == {"key": plain["key"], "state": "taken"}
            drawn[memorandum["code"], role.value] = read_strokes(strokes).sha256
    assert tries > len(drawn)
    kept = Signature.objects.values_list("memorandum__code", "role", "strokes_sha256")
    assert {(code, role): sha256 for code, role, sha256 in kept} == drawn
    assert len(set(drawn.values())) == Signature.objects.count() == 3 * COUNT
    assert OfflinePacket.objects.count() == 3 * COUNT
    assert set(Memorandum.objects.values_list("state", flat=True)) == {MemorandumState.SIGNED}
    assert list(find_breaks()) == []
