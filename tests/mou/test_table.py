"""The signing table on an enrolled tablet: what it opens, who signs, what losers are told."""

import json
import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from core.errors import DomainError, NotAllowed
from mou import actions
from mou.models import Ceremony, Memorandum, Signature, SignerRole, SigningSession
from mou.states import MemorandumState
from tests import builders

pytestmark = pytest.mark.django_db

DRAWN = json.dumps([[[20 + 4 * step, 100 + 40 * (step % 3), 0.5, 16 * step] for step in range(40)]])
FILLED = {
    "strokes": DRAWN,
    "device_at": "1796179092000",
    "read_seconds": "75",
    "consent": ["0", "1", "2"],
}
ADDRESS = "hop-tac-xa@chophien.example"


@pytest.fixture
def ceremony() -> Ceremony:
    """A ceremony of two tables with one memorandum at each."""
    ceremony = builders.make_ceremony()
    actor = builders.make_organiser(ceremony.fair)
    ready = [builders.make_memorandum(ceremony.fair) for _each in range(2)]
    for memorandum in ready:
        memorandum.parties.update(email=ADDRESS)
        actions.freeze_memorandum(memorandum=memorandum, actor=actor)
    codes = [each.code for each in ready]
    actions.assign_memoranda(ceremony=ceremony, memoranda=codes, station=None, actor=actor)
    return ceremony


@pytest.fixture
def organiser(ceremony: Ceremony) -> User:
    """Who enrols the tablets."""
    return builders.make_organiser(ceremony.fair)


@pytest.fixture
def tablet(ceremony: Ceremony, organiser: User) -> Client:
    """A tablet on table 1; nobody is signed in."""
    return _tablet(ceremony, organiser)


@pytest.fixture
def memorandum(ceremony: Ceremony) -> Memorandum:
    """What is signed at table 1."""
    return ceremony.memoranda.get(station__number=1)


def _tablet(ceremony: Ceremony, organiser: User) -> Client:
    station = ceremony.stations.get(number=1)
    token = actions.invite_device(station=station, label="Máy", actor=organiser)
    _device, cookie = actions.enrol_device(token=token, public_key=None)
    browser = Client()
    browser.cookies["table_device"] = cookie
    return browser


def _open(tablet: Client, memorandum: Memorandum, role: str) -> str:
    """Begin a turn; its address."""
    turn = tablet.post(reverse("table_open", args=[memorandum.code]), {"role": role})
    assert turn.status_code == 302
    return str(turn.url)


def _told(tablet: Client, address: str) -> str:
    """The page there, after all redirects."""
    return tablet.get(address, follow=True).content.decode()


def test_a_tablet_lists_what_is_signed_at_its_table(
    tablet: Client, memorandum: Memorandum, ceremony: Ceremony
) -> None:
    page = tablet.get(reverse("table_station"))
    assert page.headers["Cache-Control"] == "no-store"
    other = ceremony.memoranda.get(station__number=2)
    assert memorandum.shown_number in page.content.decode()
    assert other.shown_number not in page.content.decode()
    slip = tablet.get(reverse("table_station"), {"code": memorandum.code.lower()})
    assert slip.url == reverse("table", args=[memorandum.code])


def test_a_slip_of_another_table_is_sent_there(tablet: Client, ceremony: Ceremony) -> None:
    other = ceremony.memoranda.get(station__number=2)
    assert "Bàn 2" in _told(tablet, reverse("table", args=[other.code]))
    answer = tablet.post(reverse("table_open", args=[other.code]), {"role": "party_a"})
    assert answer.url == reverse("table_station")
    assert SigningSession.objects.count() == 0


def test_a_tablet_opens_nothing_else(tablet: Client, memorandum: Memorandum) -> None:
    for name in ("memorandum_page", "ceremony_page"):
        assert tablet.get(reverse(name, args=[memorandum.code])).status_code == 302
    stranger = actions.freeze_memorandum(memorandum=builders.make_memorandum(), actor=None)
    assert tablet.get(reverse("table", args=[stranger.code])).status_code == 302


def test_two_parties_in_any_order_and_then_the_witness_sign_on_a_tablet(
    tablet: Client, memorandum: Memorandum, organiser: User
) -> None:
    page = tablet.get(reverse("table", args=[memorandum.code])).content.decode()
    assert re.findall(r'name="role" value="(\w+)"', page) == ["party_a", "party_b"]
    for role in ("party_b", "party_a", "witness"):
        turn = _open(tablet, memorandum, role)
        boxes = re.findall(r'<input type="checkbox"[^>]*>', tablet.get(turn).content.decode())
        assert [("checked" in box, "disabled" in box) for box in boxes] == [(False, True)] * 3
        assert tablet.post(turn, FILLED).status_code == 302
        answer = tablet.get(turn)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (409, "no-store")
    memorandum.refresh_from_db()
    assert memorandum.state == MemorandumState.SIGNED
    for signature in memorandum.signatures.all():
        assert json.loads(signature.record)["station"] == "Bàn 1"
        assert (signature.read_seconds, signature.drawn_at) == (75, None)
        assert signature.session.operator == organiser
        assert signature.session.device is not None


def test_of_two_tablets_the_loser_is_told_who_signed_and_when(
    tablet: Client, ceremony: Ceremony, organiser: User, memorandum: Memorandum
) -> None:
    second = _tablet(ceremony, organiser)
    late = _open(tablet, memorandum, "party_a")
    early = _open(second, memorandum, "party_a")
    assert second.post(early, FILLED).status_code == 302
    signature = Signature.objects.get()
    at = f"{timezone.localtime(signature.signed_at):%H:%M:%S}"
    for answer in (tablet.post(late, FILLED, follow=True), tablet.get(late, follow=True)):
        page = answer.content.decode()
        assert signature.signer in page
        assert at in page
    assert Signature.objects.count() == 1
    with pytest.raises(DomainError) as refused:
        actions.open_session(memorandum=memorandum, role="party_a", actor=organiser)
    assert (refused.value.code, at in str(refused.value)) == ("signing.not_their_turn", True)


def test_who_was_called_away_by_another_tablet_is_told_so(
    tablet: Client, ceremony: Ceremony, organiser: User, memorandum: Memorandum
) -> None:
    turn = _open(tablet, memorandum, "party_a")
    _open(_tablet(ceremony, organiser), memorandum, "party_b")
    newest = SigningSession.objects.order_by("-pk")[0]
    page = tablet.get(turn, follow=True).content.decode()
    assert f"{timezone.localtime(newest.opened_at):%H:%M:%S}" in page


def test_a_signer_declines_on_a_tablet_with_a_reason(
    tablet: Client, memorandum: Memorandum
) -> None:
    turn = _open(tablet, memorandum, "party_b")
    answer = tablet.post(f"{turn}decline/", {"reason": "Giá chưa thống nhất"})
    assert answer.url == reverse("table_station")
    memorandum.refresh_from_db()
    assert (memorandum.state, memorandum.state_reason) == ("declined", "Giá chưa thống nhất")


def test_nothing_opens_once_the_ceremony_is_closed(
    tablet: Client, ceremony: Ceremony, organiser: User, memorandum: Memorandum
) -> None:
    turn = _open(tablet, memorandum, "party_a")
    actions.close_ceremony(ceremony=ceremony, actor=organiser)
    assert tablet.post(turn, FILLED).status_code == 409
    assert Signature.objects.count() == 0


def test_a_tablet_whose_organiser_lost_the_role_signs_nothing(
    tablet: Client, organiser: User, memorandum: Memorandum
) -> None:
    turn = _open(tablet, memorandum, "party_a")
    organiser.grants.all().delete()
    assert tablet.post(turn, FILLED).status_code == 403
    assert Signature.objects.count() == 0


def test_a_tablet_works_until_its_time_is_over(tablet: Client, memorandum: Memorandum) -> None:
    with time_machine.travel(timezone.now() + timedelta(days=3), tick=False):
        page = tablet.get(reverse("table", args=[memorandum.code]))
        assert page.url.startswith(reverse("account_login"))


@pytest.fixture
def coded(ceremony: Ceremony) -> Ceremony:
    """The ceremony, asking each party for a code."""
    Ceremony.objects.update(needs_code=True)
    return ceremony


def _sent() -> str:
    found = re.search(r"\b\d{6}\b", str(mail.outbox[-1].body))
    assert found
    return found[0]


@pytest.mark.usefixtures("coded")
def test_a_party_types_the_code_before_signing_and_the_witness_does_not(
    tablet: Client, memorandum: Memorandum
) -> None:
    for role in SignerRole:
        turn = _open(tablet, memorandum, role)
        if role != SignerRole.WITNESS:
            assert "canvas" not in tablet.get(turn).content.decode()
            tablet.post(turn, FILLED)
            assert not memorandum.signatures.filter(role=role).exists()
            tablet.post(f"{turn}code/")
            assert mail.outbox[-1].to == [ADDRESS]
            session = SigningSession.objects.order_by("-pk")[0]
            assert _sent() not in session.code_hash
            assert tablet.post(f"{turn}code/", {"digits": _sent()}).status_code == 302
        assert "canvas" in tablet.get(turn).content.decode()
        tablet.post(turn, FILLED)
        assert memorandum.signatures.filter(role=role).exists()
    assert len(mail.outbox) == 2


@pytest.mark.usefixtures("coded")
def test_five_wrong_codes_and_ten_minutes_end_a_code(
    tablet: Client, memorandum: Memorandum, organiser: User
) -> None:
    turn = _open(tablet, memorandum, "party_a")
    token = turn.rstrip("/").rpartition("/")[2]
    actions.send_code(token=token, actor=organiser)
    right = _sent()
    wrong = f"{(int(right) + 1) % 10**6:06}"

    def refusal(digits: str) -> str:
        with pytest.raises(DomainError) as refused:
            actions.check_code(token=token, digits=digits, actor=organiser)
        return refused.value.code

    assert [refusal(wrong) for _each in range(5)] == ["code.wrong"] * 5
    assert refusal(right) == "code.too_many"
    with pytest.raises(DomainError) as refused:
        actions.send_code(token=token, actor=organiser)
    assert refused.value.code == "code.too_soon"
    SigningSession.objects.update(code_sent_at=timezone.now() - timedelta(minutes=11), code_tries=0)
    assert refusal(right) == "code.expired"
    actions.send_code(token=token, actor=organiser)
    actions.check_code(token=token, digits=_sent(), actor=organiser)


class Carrier:
    """Keeps the messages that would have been sent."""

    sent: list[tuple[str, str]] = []

    def send(self, *, phone: str, text: str) -> None:
        self.sent.append((phone, text))


@pytest.mark.usefixtures("coded")
def test_without_an_address_the_code_goes_by_text_message_or_not_at_all(
    tablet: Client, memorandum: Memorandum, organiser: User, settings: Settings
) -> None:
    memorandum.parties.update(email="")
    token = _open(tablet, memorandum, "party_a").rstrip("/").rpartition("/")[2]
    settings.SMS_BACKEND = ""
    with pytest.raises(DomainError) as refused:
        actions.send_code(token=token, actor=organiser)
    assert refused.value.code == "code.no_address"
    settings.SMS_BACKEND = f"{__name__}.Carrier"
    actions.send_code(token=token, actor=organiser)
    phone, text = Carrier.sent[-1]
    assert phone == memorandum.parties.get(side="party_a").phone
    assert re.search(r"\b\d{6}\b", text)


def test_a_tablet_of_another_table_cannot_sign_with_a_stolen_turn(
    tablet: Client, ceremony: Ceremony, organiser: User, memorandum: Memorandum
) -> None:
    token = _open(tablet, memorandum, "party_a").rstrip("/").rpartition("/")[2]
    station = ceremony.stations.get(number=2)
    invited = actions.invite_device(station=station, label="Máy", actor=organiser)
    other, _cookie = actions.enrol_device(token=invited, public_key=None)
    with pytest.raises(NotAllowed):
        actions.sign_memorandum(
            token=token,
            strokes=DRAWN,
            has_consented=True,
            device_at=timezone.now(),
            actor=organiser,
            device=other,
        )
