"""What tablets sign without network: taken once, never merged by itself, clocks not trusted."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import unquote

import pytest
import time_machine
from cryptography.hazmat.primitives.asymmetric import ec
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Device, User
from core import audit
from core.errors import NotAllowed, StaleState
from mou import actions
from mou.models import Ceremony, Memorandum, OfflinePacket, Signature, SignerRole
from mou.packets import public_jwk
from mou.states import MemorandumState
from tests import builders
from tests.mou.packets import seal_packet, sign_body
from tests.mou.scenes import STROKES

pytestmark = pytest.mark.django_db

KEPT = OfflinePacket.State.WAITING
TAKEN = OfflinePacket.State.TAKEN


@dataclass
class Tablet:
    """An enrolled tablet: its browser, and the key that it made itself."""

    browser: Client
    key: ec.EllipticCurvePrivateKey
    device: Device

    def data(self) -> dict[str, Any]:
        """What it takes along while there is network."""
        answer = self.browser.get(reverse("table_data"))
        assert answer.headers["Cache-Control"] == "no-store"
        taken: dict[str, Any] = answer.json()
        return taken

    def packet(self, role: str, **changes: Any) -> dict[str, str]:
        """What it makes of a signature, as static/js/table-packets.js does."""
        facts = self.data()
        memorandum: dict[str, Any] = next(iter(facts["memoranda"]), {})
        key = changes.pop("key", f"{role}-{Signature.objects.count()}")
        label = {"key": key, "code": changes.pop("code", memorandum.get("code")), "role": role}
        plain = {
            **label,
            "revision": memorandum.get("revision"),
            "content_sha256": memorandum.get("content_sha256"),
            "strokes": STROKES,
            "consents": [0, 1, 2],
            "drawn_at": round(timezone.now().timestamp() * 1000),
            "read_seconds": 42,
            **changes,
        }
        return seal_packet(plain, device=self.key, table=facts["key"])

    def sign(self, body: str) -> str:
        return sign_body(body, self.key)

    def send(self, packet: dict[str, str]) -> tuple[int, str]:
        """The status, and what became of the packet."""
        answer = self.browser.post(
            reverse("table_packets"), json.dumps(packet), content_type="application/json"
        )
        facts = answer.json()
        return answer.status_code, facts.get("state") or facts["code"]


@pytest.fixture
def ceremony() -> Ceremony:
    """A ceremony of one table."""
    return builders.make_ceremony(stations=1)


@pytest.fixture
def organiser(ceremony: Ceremony) -> User:
    """Who organises the ceremony's fair."""
    return builders.make_organiser(ceremony.fair)


@pytest.fixture
def memorandum(ceremony: Ceremony, organiser: User) -> Memorandum:
    """The only one that is signed there."""
    row = builders.make_memorandum(ceremony.fair)
    actions.freeze_memorandum(memorandum=row, actor=organiser)
    actions.assign_memoranda(ceremony=ceremony, memoranda=[row.code], station=None, actor=organiser)
    row.refresh_from_db()
    return row


Enrol = Callable[[], Tablet]


@pytest.fixture
def enrol(ceremony: Ceremony, organiser: User) -> Enrol:
    """Enrols one more tablet, with a key of its own."""

    def enrolled() -> Tablet:
        station = ceremony.stations.get()
        token = actions.invite_device(station=station, label="Máy", actor=organiser)
        key, browser = ec.generate_private_key(ec.SECP256R1()), Client()
        browser.post(
            reverse("table_enrol", args=[token]), {"public_key": json.dumps(public_jwk(key))}
        )
        return Tablet(browser, key, Device.objects.latest("pk"))

    return enrolled


@pytest.fixture
def tablet(enrol: Enrol, memorandum: Memorandum) -> Tablet:
    """A tablet on the table of the memorandum."""
    assert memorandum.station
    return enrol()


def test_a_tablet_takes_along_what_may_be_signed_at_its_table(
    tablet: Tablet, memorandum: Memorandum
) -> None:
    taken = tablet.data()
    assert taken["signs_offline"] is True
    (each,) = taken["memoranda"]
    assert (each["code"], each["revision"]) == (memorandum.code, 1)
    assert each["content_sha256"] == memorandum.content_sha256
    assert memorandum.parties.get(side="party_a").name in each["html"]
    assert [len(each["statements"][role]) for role in SignerRole] == [3, 3, 3]
    assert [signer["signed_at"] for signer in each["signers"]] == [None] * 3


def test_what_was_signed_offline_counts_when_the_server_takes_it(
    tablet: Tablet, memorandum: Memorandum
) -> None:
    packets = [tablet.packet(role, key=role) for role in ("party_b", "party_a", "witness")]
    later = timezone.now() + timedelta(hours=3)
    with time_machine.travel(later, tick=False):
        assert [tablet.send(packet) for packet in packets] == [(200, TAKEN)] * 3
    memorandum.refresh_from_db()
    assert (memorandum.state, memorandum.signed_at) == (MemorandumState.SIGNED, later)
    for signature in memorandum.signatures.all():
        assert signature.signed_at == later
        assert signature.drawn_at is not None
        assert later - signature.drawn_at > timedelta(hours=2)
        assert signature.read_seconds == 42
        record = json.loads(signature.record)
        assert record["device_at"] < record["server_at"]
    assert list(audit.find_breaks()) == []


@pytest.mark.parametrize("days", [-1, 1])
def test_a_tablet_whose_clock_is_a_day_off_is_recorded_and_not_trusted(
    tablet: Tablet, days: int
) -> None:
    drawn = timezone.now() + timedelta(days=days)
    packet = tablet.packet("party_a", drawn_at=round(drawn.timestamp() * 1000))
    assert tablet.send(packet) == (200, TAKEN)
    signature = Signature.objects.get()
    assert signature.drawn_at is not None
    assert abs(signature.drawn_at - drawn) < timedelta(seconds=1)
    assert abs(signature.signed_at - timezone.now()) < timedelta(minutes=1)


def test_the_same_packet_many_times_is_one_signature(tablet: Tablet) -> None:
    packet = tablet.packet("party_a")
    assert [tablet.send(packet) for _each in range(5)] == [(200, TAKEN)] * 5
    assert (Signature.objects.count(), OfflinePacket.objects.count()) == (1, 1)
    other = tablet.packet("party_b", key=json.loads(packet["body"])["key"])
    assert tablet.send(other) == (409, "packet.key_reused")
    assert Signature.objects.count() == 1


def test_a_packet_for_another_text_goes_to_a_person_and_is_never_merged(
    tablet: Tablet, memorandum: Memorandum, client: Client, organiser: User, ceremony: Ceremony
) -> None:
    packet = tablet.packet("party_a")
    reopened = actions.reopen_memorandum(
        memorandum=memorandum, reason="Sai sản lượng", actor=organiser
    )
    actions.freeze_memorandum(memorandum=reopened, actor=organiser)
    assert tablet.send(packet) == (200, KEPT)
    assert Signature.objects.count() == 0
    memorandum.refresh_from_db()
    assert memorandum.state == MemorandumState.READY
    kept = OfflinePacket.objects.get()
    assert kept.reason == "packet.other_revision"

    client.force_login(organiser)
    page = client.get(reverse("ceremony_page", args=[ceremony.code])).content.decode()
    assert reverse("packet_decide", args=[ceremony.code, kept.pk]) in page
    actions.retry_packet(packet=kept, actor=organiser)
    assert Signature.objects.count() == 0
    actions.set_packet_aside(packet=kept, actor=organiser)
    with pytest.raises(StaleState):
        actions.retry_packet(packet=kept, actor=organiser)
    assert tablet.send(packet) == (200, OfflinePacket.State.SET_ASIDE)


def test_a_packet_that_came_too_early_can_be_tried_again(
    tablet: Tablet, organiser: User, memorandum: Memorandum
) -> None:
    assert tablet.send(tablet.packet("witness")) == (200, KEPT)
    kept = OfflinePacket.objects.get()
    with pytest.raises(NotAllowed):
        actions.retry_packet(packet=kept, actor=builders.make_user())
    for role in ("party_a", "party_b"):
        assert tablet.send(tablet.packet(role)) == (200, TAKEN)
    assert actions.retry_packet(packet=kept, actor=organiser).state == TAKEN
    memorandum.refresh_from_db()
    assert memorandum.state == MemorandumState.SIGNED


def test_of_two_tablets_without_network_the_second_goes_to_a_person(
    tablet: Tablet, enrol: Enrol
) -> None:
    second = enrol()
    packets = [each.packet("party_a", key=str(each.device.pk)) for each in (tablet, second)]
    assert tablet.send(packets[0]) == (200, TAKEN)
    assert second.send(packets[1]) == (200, KEPT)
    assert OfflinePacket.objects.get(state=KEPT).reason == "signing.not_their_turn"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"consents": [0, 1]}, "signing.consent_missing"),
        ({"consents": [0, 1, 2, 3]}, "signing.consent_missing"),
        ({"strokes": "[[[1,1,0.5,0]]]"}, "strokes.too_short"),
        ({"strokes": "[[[NaN,1,0.5,0]]]"}, "strokes.not_a_number"),
        ({"content_sha256": "f" * 64}, "packet.other_revision"),
    ],
)
def test_what_cannot_be_taken_leaves_the_memorandum_alone(
    tablet: Tablet, memorandum: Memorandum, changes: dict[str, Any], reason: str
) -> None:
    assert tablet.send(tablet.packet("party_a", **changes)) == (200, KEPT)
    assert OfflinePacket.objects.get().reason == reason
    memorandum.refresh_from_db()
    assert (memorandum.state, Signature.objects.count()) == (MemorandumState.READY, 0)


def test_what_no_tablet_of_ours_made_is_refused_and_not_kept(tablet: Tablet, enrol: Enrol) -> None:
    good = tablet.packet("party_a")
    other = enrol()
    changed = json.loads(good["body"])
    changed["data"] = changed["data"][:-8] + "AAAAAAAA"
    broken = json.dumps(changed)
    swapped = json.dumps({**json.loads(good["body"]), "role": "party_b"})
    for sender, packet, code in (
        (other, good, "packet.forged"),
        (tablet, {**good, "body": good["body"] + " "}, "packet.forged"),
        (tablet, {**good, "signature": "AAAA"}, "packet.forged"),
        (tablet, {"body": broken, "signature": tablet.sign(broken)}, "packet.malformed"),
        (tablet, {"body": swapped, "signature": tablet.sign(swapped)}, "packet.malformed"),
        (tablet, {"body": "[]", "signature": tablet.sign("[]")}, "packet.malformed"),
        (tablet, {}, "packet.forged"),
        (tablet, tablet.packet("party_a", revision="x"), "packet.malformed"),
        (tablet, tablet.packet("party_a", drawn_at=10**30), "packet.malformed"),
        (tablet, tablet.packet("party_a", code="0" * 13), "packet.unknown"),
    ):
        assert sender.send(packet) == (422, code)
    assert (OfflinePacket.objects.count(), Signature.objects.count()) == (0, 0)


def test_a_packet_cannot_be_read_in_the_database(tablet: Tablet) -> None:
    tablet.send(tablet.packet("party_a"))
    body = OfflinePacket.objects.get().body
    assert '"strokes"' not in body
    assert "content_sha256" not in body


def test_packets_sealed_before_the_secret_was_changed_still_open(
    tablet: Tablet, settings: Settings
) -> None:
    packet = tablet.packet("party_a")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another one"
    assert tablet.send(packet) == (200, TAKEN)


def test_after_its_time_a_tablet_delivers_and_does_nothing_else(
    tablet: Tablet, ceremony: Ceremony, organiser: User
) -> None:
    packets = [tablet.packet(role, key=role) for role in ("party_a", "party_b")]
    with time_machine.travel(timezone.now() + timedelta(days=3), tick=False):
        assert tablet.browser.get(reverse("table_data")).status_code == 401
        assert tablet.send(packets[0]) == (200, TAKEN)
    actions.close_ceremony(ceremony=ceremony, actor=organiser)
    assert tablet.browser.get(reverse("table_data")).status_code == 401
    assert tablet.send(packets[1]) == (200, KEPT)
    actions.revoke_device(ceremony=ceremony, device=tablet.device, actor=organiser)
    assert tablet.send(packets[0]) == (401, "table.not_enrolled")


def test_a_ceremony_with_codes_signs_nothing_offline(tablet: Tablet) -> None:
    packet = tablet.packet("party_a")
    Ceremony.objects.update(needs_code=True)
    assert tablet.data()["signs_offline"] is False
    assert tablet.send(packet) == (200, KEPT)
    assert Signature.objects.count() == 0


def test_the_worker_answers_for_the_table_only_and_names_files_that_exist(client: Client) -> None:
    worker = client.get(reverse("table_worker"))
    assert worker.headers["Content-Type"].startswith("text/javascript")
    assert reverse("table_worker").rpartition("/")[0] == "/table"
    assets = re.findall(r'"/static/([^"]+)"', worker.content.decode())
    assert len(assets) > 15
    assert [name for name in assets if not finders.find(unquote(name))] == []
    shell = client.get(reverse("table_shell")).content.decode()
    assert 'id="offline"' in shell
