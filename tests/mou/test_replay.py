"""What was used once is sent again over HTTP: refused with 409, told why, and nothing is kept."""

import json
from dataclasses import dataclass

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.urls import reverse
from django.utils import timezone

from core.audit import AuditEvent
from mou import actions
from mou.models import Memorandum, OfflinePacket, Signature, SigningSession
from mou.packets import public_jwk
from tests import builders
from tests.mou.packets import seal_packet
from tests.mou.scenes import STROKES
from tests.stage import Stage
from tests.visitor import Visitor

FILLED: dict[str, str | list[str]] = {
    "strokes": STROKES,
    "device_at": "1796179092000",
    "consent": ["0", "1", "2"],
}


@dataclass
class Table:
    """A memorandum at a signing table of the running product, and the tablet there."""

    memorandum: Memorandum
    tablet: Visitor
    key: ec.EllipticCurvePrivateKey

    @property
    def address(self) -> str:
        return f"/table/{self.memorandum.code}/"

    def packet(self, key: str, role: str) -> dict[str, str]:
        """A signature given without network, under this key; never the same one twice."""
        plain = {
            "key": key,
            "code": self.memorandum.code,
            "role": role,
            "revision": 1,
            "content_sha256": self.memorandum.content_sha256,
            "strokes": STROKES,
            "consents": [0, 1, 2],
            "drawn_at": 1796179092000,
            "read_seconds": 42,
        }
        facts = json.loads(self.tablet.get(reverse("table_data")).text)
        return seal_packet(plain, device=self.key, table=facts["key"])

    def send(self, packet: dict[str, str]) -> tuple[int, dict[str, str]]:
        answer = self.tablet.send_json(reverse("table_packets"), packet)
        return answer.status, json.loads(answer.text)


@pytest.fixture
def table(backstage: Stage) -> Table:
    """One memorandum, ready at its table; the web server runs."""
    ceremony = builders.make_ceremony(stations=1)
    organiser = builders.make_organiser(ceremony.fair)
    row = builders.make_memorandum(ceremony.fair)
    actions.freeze_memorandum(memorandum=row, actor=organiser)
    actions.assign_memoranda(ceremony=ceremony, memoranda=[row.code], station=None, actor=organiser)
    row.refresh_from_db()
    invited = actions.invite_device(station=ceremony.stations.get(), label="Máy", actor=organiser)
    backstage.start_web()
    tablet, key = Visitor(backstage.url), ec.generate_private_key(ec.SECP256R1())
    tablet.get(f"/table/enrol/{invited}/")
    tablet.post(f"/table/enrol/{invited}/", public_key=json.dumps(public_jwk(key)))
    return Table(row, tablet, key)


def _count_rows() -> list[int]:
    """All that a signer can leave behind."""
    tables = (Signature, SigningSession, OfflinePacket, AuditEvent)
    return [model.objects.count() for model in tables]


def _told() -> str:
    signature = Signature.objects.get(role="party_a")
    return f"{signature.signer} đã ký lúc {timezone.localtime(signature.signed_at):%H:%M:%S}."


def test_a_used_turn_is_refused_whatever_is_sent_and_leaves_nothing(table: Table) -> None:
    tablet, row = table.tablet, table.memorandum
    turn = tablet.post(f"{table.address}open/", role="party_a").path
    first = tablet.post(turn, **FILLED)
    assert (first.status, first.path) == (200, table.address)
    before = _count_rows()
    name = row.parties.get(side="party_a").name
    for replay in (
        tablet.post(turn, **FILLED),
        tablet.post(turn, **{**FILLED, "strokes": STROKES.replace("140", "150")}),
        tablet.get(turn),
        tablet.post(f"{turn}code/"),
        tablet.post(f"{turn}code/", digits="123456"),
        tablet.post(f"{turn}decline/", reason="Giá chưa thống nhất"),
    ):
        assert (replay.status, replay.path.startswith(turn)) == (409, True)
        assert replay.headers["Cache-Control"] == "no-store"
        assert _told() in replay.text
        assert f'href="{table.address}"' in replay.text
        # The next one at the tablet finds no drawing, no text and nothing to type into.
        for trace in ("<canvas", "strokes", 'class="paper"', name, row.content_sha256):
            assert trace not in replay.text
    assert _count_rows() == before


def test_what_is_used_with_network_or_without_is_used_for_packets(table: Table) -> None:
    turn = table.tablet.post(f"{table.address}open/", role="party_a").path
    table.tablet.post(turn, **FILLED)
    token = turn.rstrip("/").rpartition("/")[2]
    before = _count_rows()
    status, answer = table.send(table.packet(token, "party_a"))
    assert (status, answer) == (409, {"code": "packet.key_reused", "message": _told()})
    assert _count_rows() == before

    taken = table.packet("once", "party_b")
    assert table.send(taken)[0] == 200
    before = _count_rows()
    status, answer = table.send(table.packet("once", "party_b"))
    assert (status, answer["code"]) == (409, "packet.key_reused")
    # The very same one again is a tablet that did not hear the answer: it hears it now.
    assert table.send(taken) == (200, {"key": "once", "state": "taken"})
    assert _count_rows() == before
