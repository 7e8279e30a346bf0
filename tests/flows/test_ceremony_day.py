"""A ceremony told over HTTP alone: from the plan and the Excel list to the annex months later."""

import io
import json
import re
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.utils import timezone
from xlsxwriter import Workbook

from accounts.actions import make_sign_in_link
from accounts.models import User
from core.audit import find_breaks
from fairs.models import Fair
from fairs.states import FairState
from mou.models import FollowUp, Memorandum, Rendition, SignerRole
from mou.packets import public_jwk
from mou.states import MemorandumState
from mou.tasks import ask_follow_ups
from registry.models import Organisation, Product
from tests import builders
from tests.flows.signing import STROKES, sign
from tests.mou.filled import answers_of
from tests.mou.packets import seal_packet
from tests.services import wait_until
from tests.stage import Stage
from tests.visitor import Visitor

pytestmark = pytest.mark.flow

MAIL = "htx@chophien.example"


def _sign_in(stage: Stage, user: User) -> Visitor:
    visitor = Visitor(stage.url)
    assert visitor.sign_in(make_sign_in_link(user=user, actor=None)).status == 200
    return visitor


def _wait_for_seal(memorandum: Memorandum) -> Rendition:
    originals = Rendition.objects.filter(memorandum=memorandum)
    wait_until(originals.exists, what=f"{memorandum.code} is sealed", seconds=90)
    return originals.get()


def _links_in_mail(stage: Stage, kind: str) -> set[str]:
    """Every address of this kind (its first letter) that was sent to the producer."""
    letters = [path.read_text(encoding="utf-8") for path in (stage.folder / "mail").glob("*")]
    mine = [letter for letter in letters if f"To: {MAIL}" in letter]
    return {found for letter in mine for found in re.findall(rf"/{kind}/[^/\s]+/", letter)}


def test_a_ceremony_from_its_plan_to_an_annex(stage: Stage) -> None:
    fair = builders.make_fair(FairState.RUNNING)
    maker, buyer = builders.make_organisation(email=MAIL), builders.make_distributor()
    products = [builders.make_product(maker), builders.make_product()]
    first_person, second_person = builders.make_organiser(fair), builders.make_organiser(fair)
    desk = _sign_in(stage, first_person)

    ceremony = _plan(desk, fair)
    online, offline = _import_and_freeze(desk, fair, ceremony, buyer, products)
    for memorandum, station in ((online, "1"), (offline, "2")):
        desk.post(f"{ceremony}line/{memorandum.code}/", to="table", station=station)

    # Two tablets; the second one loses its network after party A.
    first, _key = _enrol(stage, desk, ceremony, "1")
    second, key = _enrol(stage, desk, ceremony, "2")
    for role in SignerRole:
        sign(first, f"/table/{online.code}/", role)
    taken = second.get("/table/offline/data/")
    sign(second, f"/table/{offline.code}/", SignerRole.PARTY_A)
    packets = [
        _sign_offline(json.loads(taken.content), role, key)
        for role in (SignerRole.PARTY_B, SignerRole.WITNESS)
    ]
    wall = re.findall(r"/wall/[\w-]+/", desk.get(ceremony).text)[0]
    anybody = Visitor(stage.url)
    assert '<p class="count">1<span> / 2</span>' in anybody.get(f"{wall}figures/").text
    for packet in [packets[0], *packets]:  # the answer to the first one was lost
        answer = second.send_json("/table/offline/packets/", packet)
        assert (answer.status, json.loads(answer.content)["state"]) == (200, "taken")

    # Sealed, on the wall, and fetched by the link that was sent.
    originals = [_wait_for_seal(memorandum) for memorandum in (online, offline)]
    figures = anybody.get(f"{wall}figures/").text
    assert '<p class="count">2<span> / 2</span>' in figures
    assert offline.parties.get(side="party_a").name in figures
    wait_until(lambda: _links_in_mail(stage, "c"), what="the producer's link", seconds=60)
    (link,) = _links_in_mail(stage, "c")
    anybody.get(link)
    copy = anybody.post(f"{link}file.pdf")
    assert copy.content == originals[0].file.read()
    anybody.get("/v/")
    assert "Bản thật" in anybody.upload("/v/", "file", copy.content).text
    assert "Bản thật" not in anybody.upload("/v/", "file", copy.content + b"\n").text

    _answer_after_three_months(stage, anybody, online)
    _void(desk, _sign_in(stage, second_person), offline)
    assert "Biên bản này đã bị hủy" in anybody.get(f"/v/{offline.code}/").text
    annex = _amend(desk, online)
    assert annex.shown_number in anybody.get(f"/v/{online.code}/").text
    assert [row.file.read() for row in originals] == [
        row.file.read() for row in Rendition.objects.order_by("pk")[:2]
    ]
    assert list(find_breaks()) == []


def _plan(desk: Visitor, fair: Fair) -> str:
    """The ceremony's page."""
    new = f"/desk/fairs/{fair.code}/ceremonies/new/"
    desk.get(new)
    planned = desk.post(
        new,
        title="Lễ ký kết năm 2026",
        place="Hà Nội",
        starts_at=f"{timezone.localtime() + timedelta(hours=1):%Y-%m-%dT%H:%M}",
        witness="Trần Thị Bích",
        witness_position="Phó Giám đốc Sở",
        stations="Bàn Hoa sen\nBàn Hoa cúc",
        target="2",
    )
    assert planned.path.startswith("/desk/ceremonies/")
    return planned.path


def _import_and_freeze(
    desk: Visitor, fair: Fair, ceremony: str, buyer: Organisation, products: list[Product]
) -> list[Memorandum]:
    """One memorandum for each product's producer, by their turns."""
    address = f"/desk/fairs/{fair.code}/memoranda/import/"
    page = desk.get(address)
    answers = answers_of(page.content) | {"ceremony": [ceremony.split("/")[-2]]}
    preview = desk.upload(address, "file", _workbook(buyer, products), **_texts(answers))
    assert preview.status == 200, preview.text
    drafts = desk.post(f"{address}confirm/", rows=answers_of(preview.content)["rows"])
    ready = re.findall(r'name="draft" value="(\w+)" checked', drafts.text)
    assert len(ready) == len(products)
    desk.post(drafts.path, draft=ready)
    line = list(Memorandum.objects.order_by("turn"))
    assert [row.state for row in line] == [MemorandumState.READY] * len(products)
    return line


def _texts(answers: dict[str, list[str]]) -> dict[str, Any]:
    return {name: said for name, said in answers.items() if name != "file"}


def _workbook(buyer: Organisation, products: list[Product]) -> bytes:
    target = io.BytesIO()
    with Workbook(target, {"in_memory": True}) as workbook:
        page = workbook.add_worksheet()
        page.write_row(0, 0, ("STT", "Bên A", "Bên B", "Sản phẩm", "Số lượng", "Kỳ"))
        for number, product in enumerate(products, start=1):
            said = (number, product.producer.code, buyer.code, product.code, "1.200", "tháng")
            page.write_row(number, 0, said)
    return target.getvalue()


def _enrol(
    stage: Stage, desk: Visitor, ceremony: str, station: str
) -> tuple[Visitor, ec.EllipticCurvePrivateKey]:
    desk.get(ceremony)
    invitation = desk.post(f"{ceremony}tablets/", station=station, label=f"Máy {station}")
    token = invitation.path.split("/")[-2]
    tablet, key = Visitor(stage.url), ec.generate_private_key(ec.SECP256R1())
    tablet.get(f"/table/enrol/{token}/")
    enrolled = tablet.post(f"/table/enrol/{token}/", public_key=json.dumps(public_jwk(key)))
    assert enrolled.path == "/table/"
    return tablet, key


def _sign_offline(
    taken: dict[str, Any], role: str, key: ec.EllipticCurvePrivateKey
) -> dict[str, str]:
    (memorandum,) = taken["memoranda"]
    plain = {
        "key": f"{memorandum['code']}-{role}",
        "role": role,
        **{name: memorandum[name] for name in ("code", "revision", "content_sha256")},
        "strokes": STROKES,
        "consents": list(range(len(memorandum["statements"][role]))),
        "drawn_at": round(timezone.now().timestamp() * 1000),
        "read_seconds": 42,
    }
    return seal_packet(plain, device=key, table=taken["key"])


def _answer_after_three_months(stage: Stage, anybody: Visitor, memorandum: Memorandum) -> None:
    today = timezone.localdate()
    FollowUp.objects.filter(memorandum=memorandum, months=3).update(due_on=today)
    ask_follow_ups()
    wait_until(lambda: _links_in_mail(stage, "m"), what="the question", seconds=60)
    (link,) = _links_in_mail(stage, "m")
    anybody.get(link)
    assert anybody.post(link, answer="contract", version="1").status == 200
    answered = FollowUp.objects.get(memorandum=memorandum, months=3, side="party_a")
    assert answered.has_contract


def _void(first: Visitor, second: Visitor, memorandum: Memorandum) -> None:
    """One asks, and cannot agree; another one does."""
    page = f"/desk/memoranda/{memorandum.code}/"
    first.get(page)
    first.post(f"{page}void/", answer="ask", reason="Nhầm bên")
    first.post(f"{page}void/", answer="agree")
    assert Memorandum.objects.get(pk=memorandum.pk).state == MemorandumState.SEALED
    second.get(page)
    second.post(f"{page}void/", answer="agree")
    assert Memorandum.objects.get(pk=memorandum.pk).state == MemorandumState.VOID


def _amend(desk: Visitor, memorandum: Memorandum) -> Memorandum:
    """An annex with another quantity, signed by the three and sealed."""
    page = f"/desk/memoranda/{memorandum.code}/"
    desk.get(page)
    begun = desk.post(f"{page}annex/")
    annex = Memorandum.objects.get(code=begun.path.split("/")[-2])
    edit = desk.get(f"{begun.path}edit/")
    (quantity,) = (name for name in answers_of(edit.content) if name.endswith("-quantity"))
    said: dict[str, Any] = {**answers_of(edit.content), quantity: "1.500"}
    desk.post(edit.path, **said)
    desk.post(f"{begun.path}freeze/")
    for role in SignerRole:
        sign(desk, f"/table/{annex.code}/", role)
    _wait_for_seal(annex)
    annex.refresh_from_db()
    return annex
