"""What the scene holds of memoranda, from a draft to what follows from a sealed one."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import Device, User
from core.tasks import run_job
from fairs.models import Fair
from mou.actions import (
    assign_memoranda,
    enrol_device,
    freeze_memorandum,
    invite_device,
    open_session,
)
from mou.models import Memorandum, OfflinePacket, SigningSession, Webhook
from mou.queries import copy_address
from mou.queries.drafts import FIGURES
from mou.tasks import ask_checkpoint
from registry.models import Organisation, Product
from tests import builders
from tests.config.doors.corner import Corner
from tests.mou.answers import make_original, make_sealed
from tests.mou.scenes import STROKES

ENDINGS = (
    *("ending", "annex", "replace", "terminate", "void", "notice"),
    *("evidence", "evidence_json"),
)
CEREMONY = (
    *("ceremony_page", "ceremony_edit", "ceremony_close", "ceremony_assign", "ceremony_slips"),
    "device_invite",
)
PLANNED = {
    "title": "Lễ ký kết",
    "place": "Hà Nội",
    "starts_at": "2099-12-31T09:00",
    "witness": "Nguyễn Văn Chí",
    "witness_position": "Chánh Văn phòng",
    "stations": "Bàn 1\nBàn 2",
    "version": 1,
}


def furnish(fair: Fair, organiser: User, producer: Organisation) -> Iterator[Corner]:
    """Memoranda of `producer`: a draft, one ready to be signed, a sealed one, and a ceremony."""
    yield _draft(fair, producer)
    yield _ready(fair, organiser, producer)
    yield _checkpoint(fair)
    yield _sealed(fair, producer)
    yield _webhook(fair)
    yield _ceremony(fair, organiser, producer)
    # Ten minutes are long at a table and short for two thousand presses on a slow machine.
    tomorrow = timezone.now() + timedelta(days=1)
    SigningSession.objects.update(expires_at=tomorrow)
    Device.objects.update(expires_at=tomorrow)


def _draft(fair: Fair, producer: Organisation) -> Corner:
    draft = builders.make_memorandum(fair, producer=producer)
    there = {"code": draft.code}
    product, distributor = builders.make_product(), builders.make_distributor()
    wording = {"code": draft.wording.code, "version": draft.wording.version}
    return Corner(
        places={
            **{f"memorandum_{verb}": there for verb in ("freeze", "edit", "discard")},
            "api:number_memorandum": there,
            **{
                f"wording_{verb}": wording for verb in ("page", "edit", "copy", "retire", "preview")
            },
        },
        forms={
            "memorandum_create": _answers(draft, product),
            "memorandum_edit": {**_answers(draft, draft.items.get().product), "revision": 1},
            "memorandum_discard": {"reason": "Lập nhầm"},
            "fair_drafts": {"draft": draft.code},
        },
        questions={
            "memorandum_create": f"?producer={product.producer.code}&distributor={distributor.code}"
        },
    )


def _answers(memorandum: Memorandum, product: Product) -> dict[str, Any]:
    """What is filled in about a draft, with one product."""
    answers = {
        "wording": memorandum.wording_id,
        "place": "Hải Phòng",
        "witness": "Nguyễn Văn Chí",
        "witness_position": "Chánh Văn phòng",
        "expires_on": "31/12/2099",
        **FIGURES,
        f"{product.code}-quantity": "1.200",
        f"{product.code}-unit": "kg",
        f"{product.code}-period": "month",
        f"{product.code}-price": "85.000",
    }
    for side in "ab":
        answers |= {
            f"{side}-representative": "Vũ Văn Định",
            f"{side}-position": "Giám đốc",
            f"{side}-capacity": "legal",
            f"{side}-address": "Thôn Cự Đà",
        }
    return answers


def _ready(fair: Fair, organiser: User, producer: Organisation) -> Corner:
    ready = freeze_memorandum(
        memorandum=builders.make_memorandum(fair, producer=producer), actor=None
    )
    turn = open_session(memorandum=ready, role="party_a", actor=organiser)
    there = {"code": ready.code}
    pages = ("page", "file", "print", "paper", "scan", "reopen", *ENDINGS)
    return Corner(
        places={
            **{f"memorandum_{page}": there for page in pages},
            **{f"api:{verb}_memorandum": there for verb in ("read", "change", "verify")},
            **dict.fromkeys(("table", "table_open", "verify_code"), there),
            **{f"table_{verb}": {**there, "token": turn} for verb in ("turn", "decline")},
        },
        forms={
            "memorandum_reopen": {"reason": "Sai sản lượng"},
            "memorandum_void": {"answer": "ask", "reason": "Nhầm bên"},
            "table_open": {"role": "party_b"},
            "table_turn": {"strokes": STROKES, "device_at": "1796179092000", "consent": [*"012"]},
            "table_decline": {"reason": "Giá chưa thống nhất"},
        },
    )


def _checkpoint(fair: Fair) -> Corner:
    run_job(ask_checkpoint(fair, occasion="scene").pk)
    there = {"code": fair.code, "number": 1}
    return Corner(dict.fromkeys(("checkpoint_statement", "checkpoint_signature"), there))


def _sealed(fair: Fair, producer: Organisation) -> Corner:
    sealed = make_sealed(fair, producer=producer, days_ago=100, number=900)
    make_original(sealed)
    question = sealed.follow_ups.get(side="party_a", months=3)
    copy = copy_address(sealed.parties.get(side="party_a")).rstrip("/").rpartition("/")[2]
    of_b = {"code": sealed.code, "side": "party_b"}
    answer = {"answer": "contract", "version": 1}
    return Corner(
        places={
            "follow_up": {"token": question.token},
            "follow_up_enter": {"number": question.pk},
            **{key: {"token": copy} for key in ("copy", "copy_file")},
            **dict.fromkeys(("copy_send", "copy_slip"), of_b),
        },
        forms=dict.fromkeys(("follow_up", "follow_up_enter"), answer),
    )


def _webhook(fair: Fair) -> Corner:
    webhook = Webhook.objects.create(url="https://hook.example/", secret="x", fair=fair)
    verbs = ("rotate", "test", "remove")
    return Corner({f"webhook_{verb}": {"number": webhook.pk} for verb in verbs})


def _ceremony(fair: Fair, organiser: User, producer: Organisation) -> Corner:
    ceremony = builders.make_ceremony(fair, needs_code=True)
    station = ceremony.stations.get(number=1)
    in_line, free, coded = [
        freeze_memorandum(memorandum=builders.make_memorandum(fair, producer=producer), actor=None)
        for _each in range(3)
    ]
    assign_memoranda(
        ceremony=ceremony, memoranda=[in_line.code, coded.code], station=station, actor=organiser
    )
    coded.parties.update(email="dai-dien@chophien.example")
    code_turn = open_session(memorandum=coded, role="party_a", actor=organiser)
    invitation = invite_device(station=station, label="Máy 1", actor=organiser)
    spare = invite_device(station=station, label="Máy 2", actor=organiser)
    tablet, _cookie = enrol_device(token=spare, public_key=None)
    kept = OfflinePacket.objects.create(
        key="x",
        device=tablet,
        memorandum=in_line,
        role="party_a",
        body="{}",
        drawn_at=timezone.now(),
        received_at=timezone.now(),
        state="waiting",
    )
    there = {"code": ceremony.code}
    return Corner(
        places={
            **dict.fromkeys(CEREMONY, there),
            "ceremony_turn": {**there, "memorandum": in_line.code},
            "table_code": {"code": coded.code, "token": code_turn},
            "table_enrol": {"token": invitation},
            "device_invitation": {**there, "token": invitation},
            "device_revoke": {**there, "number": tablet.pk},
            "packet_decide": {**there, "number": kept.pk},
            **{page: {"token": ceremony.wall_token} for page in ("wall", "wall_figures")},
        },
        forms={
            **dict.fromkeys(("ceremony_new", "ceremony_edit"), PLANNED),
            "ceremony_assign": {"memorandum": [free.code], "station": 1},
            "ceremony_turn": {"to": "down"},
            "packet_decide": {"to": "aside"},
            "device_invite": {"label": "Máy 3", "station": 2},
        },
    )
