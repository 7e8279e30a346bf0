"""Fifty tablets at the tables of one ceremony, each over HTTP, all at the same instant."""

import json
import re
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from django.utils import timezone

from core import audit
from core.jobs import Job
from mou import actions
from mou.models import Ceremony, Memorandum, Rendition, Signature, SignerRole, Station
from mou.states import MemorandumState
from tests import builders
from tests.services import wait_until
from tests.stage import Stage
from tests.visitor import Visitor

TABLETS = 50
DRAWN = json.dumps([[[20 + 4 * step, 100 + 40 * (step % 3), 0.5, 16 * step] for step in range(40)]])
SIGNED, LATE, CALLED_AWAY = "Đã ký.", "đã ký lúc", "Lượt này đã hết"
PARTIES, WITNESS = (SignerRole.PARTY_A, SignerRole.PARTY_B), SignerRole.WITNESS


def _make_line(ceremony: Ceremony, count: int) -> list[Memorandum]:
    """Ready memoranda, dealt out to the ceremony's tables in turn."""
    organiser = builders.make_organiser(ceremony.fair)
    producer, buyer = builders.make_organisation(), builders.make_distributor()
    products = [builders.make_product(producer)]
    line = [
        builders.make_memorandum(
            ceremony.fair, producer=producer, distributor=buyer, products=products
        )
        for _each in range(count)
    ]
    for memorandum in line:
        actions.freeze_memorandum(memorandum=memorandum, actor=organiser)
    actions.assign_memoranda(
        ceremony=ceremony, memoranda=[row.code for row in line], station=None, actor=organiser
    )
    return list(Memorandum.objects.order_by("turn"))


def _enrol(stage: Stage, station: Station) -> Visitor:
    organiser = builders.make_organiser(station.ceremony.fair)
    token = actions.invite_device(station=station, label="Máy", actor=organiser)
    tablet = Visitor(stage.url)
    tablet.get(f"/table/enrol/{token}/")
    assert tablet.post(f"/table/enrol/{token}/").path == "/table/"
    return tablet


def _sign(tablet: Visitor, memorandum: Memorandum, role: str) -> str:
    """Call a signer and sign; the word that the tablet shows afterwards."""
    table = f"/table/{memorandum.code}/"
    answer = tablet.post(f"{table}open/", role=role)
    if is_turn := answer.path.startswith(table) and answer.path != table:
        boxes = re.findall(r'name="consent" value="(\d+)"', answer.text)
        answer = tablet.post(answer.path, strokes=DRAWN, device_at="1796179092000", consent=boxes)
    word = next(word for word in (SIGNED, LATE, CALLED_AWAY) if word in answer.text)
    # Who got a turn and was too late with it used it up; who got none was not let in.
    assert answer.status == (409 if is_turn and word != SIGNED else 200)
    return word


def _sign_beforehand(memorandum: Memorandum, *roles: str) -> None:
    organiser = builders.make_organiser(memorandum.fair)
    for role in roles:
        actions.sign_memorandum(
            token=actions.open_session(memorandum=memorandum, role=role, actor=organiser),
            strokes=DRAWN,
            has_consented=True,
            device_at=timezone.now(),
            actor=organiser,
        )


def _at_once(calls: list[Callable[[], str]]) -> list[str]:
    """What all were told. Only HTTP in here: no thread has a connection of its own."""
    barrier = threading.Barrier(len(calls))

    def make(call: Callable[[], str]) -> str:
        barrier.wait(30)
        return call()

    with ThreadPoolExecutor(len(calls)) as tablets:
        return list(tablets.map(make, calls))


def test_fifty_tablets_at_one_memorandum_give_one_signature_each_role_and_one_seal(
    backstage: Stage,
) -> None:
    ceremony = builders.make_ceremony(stations=1)
    (memorandum,) = _make_line(ceremony, 1)
    backstage.start_web()
    tablets = [_enrol(backstage, ceremony.stations.get()) for _each in range(TABLETS)]
    for role in (SignerRole.PARTY_A, WITNESS):
        told = _at_once([partial(_sign, tablet, memorandum, role) for tablet in tablets])
        assert told.count(SIGNED) == 1, told
        assert set(told) <= {SIGNED, LATE, CALLED_AWAY}
        late = tablets[told.index(SIGNED) - 1].post(f"/table/{memorandum.code}/open/", role=role)
        signature = Signature.objects.get(role=role)
        assert signature.signer in late.text
        assert LATE in late.text
        if role != WITNESS:
            _sign_beforehand(memorandum, SignerRole.PARTY_B)
    assert Signature.objects.count() == 3
    assert Job.objects.filter(kind="mou.seal").count() == 1
    backstage.start_worker()
    wait_until(Rendition.objects.exists, what="the seal")
    assert audit.AuditEvent.objects.filter(verb="mou.sealed").count() == 1
    assert list(audit.find_breaks()) == []


def test_fifty_tablets_at_fifty_memoranda_lose_no_signature(backstage: Stage) -> None:
    ceremony = builders.make_ceremony(stations=TABLETS)
    line = _make_line(ceremony, TABLETS)
    for memorandum in line:
        _sign_beforehand(memorandum, *PARTIES)
    backstage.start_web()
    tablets = [_enrol(backstage, row.station) for row in line if row.station]
    pairs = zip(tablets, line, strict=True)
    assert _at_once([partial(_sign, *pair, WITNESS) for pair in pairs]) == [SIGNED] * TABLETS
    assert Signature.objects.count() == 3 * TABLETS
    assert set(Memorandum.objects.values_list("state", flat=True)) == {MemorandumState.SIGNED}
    assert Job.objects.filter(kind="mou.seal").count() == TABLETS
    assert list(audit.find_breaks()) == []
