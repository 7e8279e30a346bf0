"""One fair with everything in it, everybody who might come to its doors, and all addresses."""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from accounts.actions import make_api_token, make_sign_in_link
from accounts.models import Scope, User
from badges.actions import print_badges
from booths.models import BoothOffer, Partner
from booths.states import ApplicationState
from core.tasks import run_job
from fairs.actions.notices import NoticeContent, send_notice
from fairs.actions.papers import Paper, upload_document
from fairs.actions.venues import add_picture, set_base_plan
from fairs.models import (
    ChecklistTick,
    Crew,
    Fair,
    Pavilion,
    Series,
    Session,
    SessionKind,
    Stage,
    Team,
)
from fairs.queries.notices import Audience
from fairs.states import DeliveryState, FairState
from mou.actions import (
    assign_memoranda,
    enrol_device,
    freeze_memorandum,
    invite_device,
    open_session,
)
from mou.models import Memorandum, OfflinePacket, Webhook
from mou.queries import copy_address
from mou.queries.drafts import FIGURES
from mou.tasks import ask_checkpoint
from registry.models import PlaceKind, Product, Representative
from tests import builders
from tests.booths.floor_scenes import draw_twice, plan_forms
from tests.booths.review_scenes import make_review, review_forms
from tests.booths.scenes import compute_run, make_allocating_fair, publish_run
from tests.faults.tasks import leave_mark
from tests.mou.answers import make_original, make_sealed

PEOPLE = (
    "anonymous",
    "stranger",
    "viewer",
    "reviewer",
    "officer",
    "neighbour",  # organises another fair
    "organiser",
    "party",  # acts for one side of the memorandum
)

PLANNING = (
    *("plan_year", "plan_list", "plan_edit", "plan_approve", "plan_reopen", "plan_copy"),
    *("plan_export", "plan_template", "plan_import", "plan_import_confirm", "fair_new"),
    *("series_list", "series_new"),
    "api:read_plan",
)
OF_SERIES = ("series_page", "series_edit", "series_add", "series_leave_out", "series_announce")
CEREMONY = (
    *("ceremony_page", "ceremony_edit", "ceremony_close", "ceremony_assign", "ceremony_slips"),
    "device_invite",
)
VERBS = ("edit", "move", "delete")
ENDINGS = (
    *("ending", "annex", "replace", "terminate", "void", "notice"),
    *("evidence", "evidence_json"),
)
# allauth's own: who gets in is tested in tests/accounts, here only that nothing breaks.
BORROWED = ("account_", "mfa_")
DRAWN = json.dumps([[[20 + 4 * step, 100, 0.5, 16 * step] for step in range(40)]])
SESSION = settings.SESSION_COOKIE_NAME


def _routes(resolver: URLResolver, space: str = "") -> Iterator[str]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            if entry.name:
                yield f"{space}{entry.name}"
        elif entry.namespace != "admin":
            yield from _routes(entry, f"{entry.namespace}:" if entry.namespace else space)


ROUTES = sorted(set(_routes(get_resolver())))
OURS = [name for name in ROUTES if not name.startswith(BORROWED)]
THEIRS = [name for name in ROUTES if name.startswith(BORROWED)]


def status_of(answer: Any) -> str:
    if answer.streaming:
        answer.getvalue()  # read to the end, a file is closed
    return str(answer.status_code)


@dataclass
class Scene:
    """One fair with everything in it, and everybody's session."""

    sessions: dict[str, str]
    addresses: dict[str, str]
    forms: dict[str, dict[str, Any]]
    places: dict[str, dict[str, Any]]
    files: Path

    def ask(self, who: str, name: str) -> str:
        """The status of a GET, in a browser of their own."""
        answer = self.browser(who).get(self.addresses[name])
        return status_of(answer)

    def press(self, who: str, name: str, **manners: Any) -> str:
        """The status of a POST of what is to be filled in there."""
        answer = self.browser(who, **manners).post(self.addresses[name], self.forms.get(name, {}))
        return status_of(answer)

    def browser(self, who: str, **manners: Any) -> Client:
        client = Client(**manners)
        if self.sessions[who]:
            client.cookies[SESSION] = self.sessions[who]
        return client


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens in the block is rolled back, a durable transaction too."""
    atomic = transaction.atomic()
    atomic._from_testcase = True
    with atomic:
        yield
        transaction.set_rollback(True)


def build_scene(files: Path) -> Scene:
    fair = make_allocating_fair(applications=3, booths=2)
    publish_run(fair)
    Fair.objects.filter(pk=fair.pk).update(state=FairState.ALLOCATING)
    run = compute_run(Fair.objects.get(pk=fair.pk))
    submitted = builders.make_application(fair)
    make_review(fair)
    organiser = builders.make_organiser(fair)
    sheet = print_badges(fair=fair, actor=organiser)
    run_job(sheet.job_id)
    job = leave_mark.ask(key="mot", stream=fair.stream, actor=organiser, name="mot", gate="")
    producer = builders.make_organisation()
    ready, draft = [builders.make_memorandum(fair, producer=producer) for _each in range(2)]
    ready = freeze_memorandum(memorandum=ready, actor=None)
    turn = open_session(memorandum=ready, role="party_a", actor=organiser)
    run_job(ask_checkpoint(fair, occasion="scene").pk)
    sealed = make_sealed(fair, producer=producer, days_ago=100, number=900)
    make_original(sealed)
    question = sealed.follow_ups.get(side="party_a", months=3)
    copy = copy_address(sealed.parties.get(side="party_a")).rstrip("/").rpartition("/")[2]
    webhook = Webhook.objects.create(url="https://hook.example/", secret="x", fair=fair)
    make_api_token(user=organiser, label="ERP", scopes=Scope.values, life=timedelta(days=1))
    link = make_sign_in_link(user=builders.make_user(), actor=None)
    product, distributor = builders.make_product(), builders.make_distributor()
    stage, _second = [Stage.objects.create(fair=fair, name=name) for name in ("Một", "Hai")]
    opens = datetime.combine(fair.first_day, time(8), timezone.get_current_timezone())
    session = Session.objects.create(
        fair=fair,
        stage=stage,
        kind=SessionKind.OPENING,
        title="Khai mạc",
        starts_at=opens,
        ends_at=opens + timedelta(hours=1),
    )
    guest, invited = (
        builders.make_place(code=code, name=code, kind=PlaceKind.PROVINCE) for code in ("LC", "SL")
    )
    pavilion = Pavilion.objects.create(
        fair=fair, place=guest, booth_count=2, fill_in_until=opens, email="lai@chau.example"
    )
    series = Series.objects.create(code="cho-dem", kind=fair.kind, title="Chợ đêm trên mây")
    Fair.objects.filter(pk=fair.pk).update(series=series)
    rule = builders.make_rule(fair.legal_basis)
    items = [builders.make_item(rule, needs_document=False) for _each in range(3)]
    retired = builders.make_item(rule, retired_at=timezone.now())
    ChecklistTick.objects.create(fair=fair, item=items[1])
    content = b"%PDF-1.7\n%%EOF"
    paper = upload_document(
        fair=fair, paper=Paper("Quyết định", "", None, "qd.pdf", content), actor=organiser
    )
    told = NoticeContent(subject="Mời", body="Xin mời.", audience=Audience())
    notice = send_notice(fair=fair, number=1, content=told, actor=organiser)
    notice.deliveries.update(state=DeliveryState.FAILED, error="550")
    livestream = Session.objects.create(
        fair=fair,
        stage=stage,
        kind=SessionKind.LIVESTREAM,
        title="Phiên trực tiếp",
        starts_at=opens + timedelta(hours=6),
        ends_at=opens + timedelta(hours=7),
    )
    livestream.products.add(product)
    stand = fair.applications.get(code="DK-1")
    applied = builders.make_application(
        builders.make_fair(), producer, state=ApplicationState.DRAFT
    )
    asked = Partner.objects.create(application=applied, organisation=stand.organisation)
    draw_twice(fair)
    here = {"code": fair.code}
    waiting = fair.applications.get(code="DK-3")
    offer = BoothOffer.objects.create(
        application=waiting, booths=["A1"], expires_at=timezone.now() + timedelta(days=1)
    )
    assert fair.venue
    hall = set_base_plan(
        hall=builders.make_hall(fair.venue),
        version=1,
        content=builders.draw_picture(),
        media_type="image/webp",
        actor=None,
    )
    picture = add_picture(venue=fair.venue, content=builders.draw_picture(), actor=None)
    in_venue = {"code": fair.venue.code}
    in_hall = {**in_venue, "number": hall.pk}
    pictured = {**in_venue, "digest": picture.file.sha256}
    team, crew = Team.objects.create(name="Tổ 1"), Crew.objects.create(name="Phường rối nước")
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
    year = {"year": fair.first_day.year}
    places: dict[str, dict[str, Any]] = {
        **dict.fromkeys(PLANNING, year),
        **{name: {**year, "code": series.code} for name in OF_SERIES},
        "plan_month": {**year, "month": 12},
        "plan_week": {**year, "week": 50},
        "region_calendar": {"region": "red_river_delta"},
        **{
            f"session_{verb}": {**here, "number": session.pk} for verb in ("edit", "move", "delete")
        },
        **{f"stage_{verb}": {**here, "number": stage.pk} for verb in ("edit", "move", "delete")},
        **{
            f"pavilion_{verb}": {**here, "number": pavilion.pk}
            for verb in ("page", "edit", "link", "send", "remove")
        },
        "my_pavilion": {"token": pavilion.token},
        **dict.fromkeys(("venue_page", "venue_edit", "hall_new", "picture_add"), in_venue),
        **dict.fromkeys(("hall_edit", "hall_delete", "base_plan", "base_plan_set"), in_hall),
        **dict.fromkeys(("venue_picture", "public_picture", "picture_delete"), pictured),
        **{f"team_{verb}": {"number": team.pk} for verb in ("edit", "delete")},
        **{f"crew_{verb}": {"number": crew.pk} for verb in ("edit", "delete")},
        "paper_file": {**here, "number": paper.pk},
        "paper_tick": {**here, "number": items[0].pk},
        "paper_untick": {**here, "number": items[1].pk},
        **{name: {"basis": rule.basis} for name in ("legal_rule", "legal_item_add")},
        **{
            f"legal_item{verb}": {"basis": rule.basis, "number": items[2].pk}
            for verb in ("", "_move", "_retire")
        },
        "legal_item_restore": {"basis": rule.basis, "number": retired.pk},
        **{f"notice_{page}": {**here, "number": 1} for page in ("page", "paper", "retry")},
        "unsubscribe": {"signed": f"{producer.code}:gia-mao"},
        "job": {"token": job.token},
        "job_cancel": {"token": job.token},
        "job_retry": {"token": job.token},
        "sign_in_link": {"token": link.rstrip("/").rpartition("/")[2]},
        "organisation_page": {"code": product.producer.code},
        **{
            f"application_{name}": {**here, "application": submitted.code}
            for name in ("page", "pins", "score", "tag", "note")
        },
        "decision_page": {**here, "number": 1},
        "stand_release": {**here, "application": stand.code},
        **{f"waiting_{verb}": {**here, "application": "DK-3"} for verb in ("stand", "answer")},
        "booth_offer": {"token": offer.token},
        "fair_takings": {**here, "application": stand.code},
        "my_takings": {"application": stand.code},
        "application_link": {"token": applied.token},
        "my_application": {"application": applied.code},
        "my_application_step": {"application": applied.code, "step": "booths"},
        "my_application_withdraw": {"application": applied.code},
        "my_application_sharing": {"application": applied.code},
        **{name: {"token": asked.token} for name in ("my_sharing", "my_sharing_end")},
        "livestream_sales": {**here, "number": livestream.pk},
        "api:read_venue": {"code": fair.venue.code},
        "api:read_floor_plan_version": {**here, "version": 1},
        **{
            f"api:{verb}_application": {**here, "application": submitted.code}
            for verb in ("read", "change", "send")
        },
        "api:read_run": {**here, "number": run.number},
        "api:read_run_file": {**here, "number": run.number, "name": "answer"},
        "allocation_run": {**here, "number": run.number},
        "allocation_publish": {**here, "number": run.number},
        "allocation_file": {**here, "number": run.number, "name": "answer"},
        **{name: {**here, "name": "utilities"} for name in ("booth_paper", "booth_paper_sheet")},
        **{f"allocation_move{back}": {**here, "number": run.number} for back in ("", "_back")},
        "booth_paper_make": {**here, "name": "signs"},
        "public_protocol_file": {**here, "name": "answer"},
        "floor_plan_version": {**here, "version": 1},
        "floor_plan_restore": {**here, "version": 1},
        "floor_plan_sheet": {**here, "version": 1},
        "floor_plan_file": {**here, "version": 1, "ending": "json"},
        "floor_plan_part": {**here, "kind": "booth", "key": "A1"},
        "floor_plan_picture": {**here, "number": 1},
        "badge_public": {"token": fair.badges.first().token},
        "badge_revoke": {**here, "badge": fair.badges.first().code},
        "badge_sheet": {**here, "number": sheet.number},
        "memorandum_page": {"code": ready.code},
        "memorandum_file": {"code": ready.code},
        **{f"memorandum_{name}": {"code": ready.code} for name in ("print", "paper", "scan")},
        "memorandum_freeze": {"code": draft.code},
        **{f"memorandum_{verb}": {"code": ready.code} for verb in ENDINGS},
        **{f"memorandum_{verb}": {"code": draft.code} for verb in ("freeze", "edit", "discard")},
        "memorandum_reopen": {"code": ready.code},
        **{
            f"wording_{verb}": {"code": draft.wording.code, "version": draft.wording.version}
            for verb in ("page", "edit", "copy", "retire", "preview")
        },
        "follow_up": {"token": question.token},
        "follow_up_enter": {"number": question.pk},
        **{key: {"token": copy} for key in ("copy", "copy_file")},
        **{key: {"code": sealed.code, "side": "party_b"} for key in ("copy_send", "copy_slip")},
        **{f"webhook_{verb}": {"number": webhook.pk} for verb in ("rotate", "test", "remove")},
        "token_revoke": {"number": organiser.api_tokens.get().pk},
        "api:read_memorandum": {"code": ready.code},
        "api:change_memorandum": {"code": ready.code},
        "api:number_memorandum": {"code": draft.code},
        "table": {"code": ready.code},
        "table_open": {"code": ready.code},
        "table_turn": {"code": ready.code, "token": turn},
        "table_decline": {"code": ready.code, "token": turn},
        "table_code": {"code": coded.code, "token": code_turn},
        "table_enrol": {"token": invitation},
        "wall": {"token": ceremony.wall_token},
        "wall_figures": {"token": ceremony.wall_token},
        **dict.fromkeys(CEREMONY, there),
        "ceremony_turn": {**there, "memorandum": in_line.code},
        "device_invitation": {**there, "token": invitation},
        "packet_decide": {**there, "number": kept.pk},
        "device_revoke": {**there, "number": tablet.pk},
        "verify_code": {"code": ready.code},
        "checkpoint_statement": {**here, "number": 1},
        "checkpoint_signature": {**here, "number": 1},
        "api:verify_memorandum": {"code": ready.code},
    }
    places |= {name: {"pk": 1} for name in THEIRS}
    addresses = {name: _address(name, [places.get(name, {}), here]) for name in ROUTES}
    addresses["memorandum_create"] += (
        f"?producer={product.producer.code}&distributor={distributor.code}"
    )
    planned = {
        "title": "Lễ ký kết",
        "place": "Hà Nội",
        "starts_at": "2099-12-31T09:00",
        "witness": "Nguyễn Văn Chí",
        "witness_position": "Chánh Văn phòng",
        "stations": "Bàn 1\nBàn 2",
        "version": 1,
    }
    forms: dict[str, dict[str, Any]] = {
        "fair_move": {"to": "published"},
        "fair_shift": {"first_day": f"{fair.first_day + timedelta(days=7):%d/%m/%Y}", "version": 1},
        "stage_list": {"name": "Ba"},
        "stage_edit": {"name": "Sân khấu chính"},
        "stage_move": {"direction": "down"},
        "session_add": {
            "kind": "closing",
            "stage": stage.pk,
            "title": "Bế mạc",
            "starts_at": f"{opens + timedelta(hours=2):%Y-%m-%dT%H:%M}",
            "ends_at": f"{opens + timedelta(hours=3):%Y-%m-%dT%H:%M}",
        },
        "session_move": {"version": 1, "starts_at": f"{opens + timedelta(hours=4):%Y-%m-%dT%H:%M}"},
        "session_delete": {"version": 1},
        "pavilion_add": {
            "place": invited.pk,
            "booth_count": 3,
            "fill_in_until": f"{opens:%Y-%m-%dT%H:%M}",
        },
        "pavilion_link": {"version": 1},
        "pavilion_send": {"version": 1},
        "pavilion_remove": {"reason": "Tỉnh báo bận"},
        "my_pavilion": {"seen": "{}", "name_1": "Hộ Lò Văn Sơn", "products_1": "Gạo séng cù"},
        "paper_add": {"title": "Phương án"},
        "paper_tick": {"note": "Đã có"},
        "notice_new": {
            "step": "send",
            "number": 2,
            "who": "every",
            "subject": "Mời",
            "body": "Xin mời.",
        },
        **review_forms(submitted),
        "application_pins": {"pinned": "A1", "reason": "Gần lối vào"},
        "allocation_move": {"application": "DK-1", "to": "", "reason": "Không đến"},
        **plan_forms(fair),
        "memorandum_void": {"answer": "ask", "reason": "Nhầm bên"},
        "my_application_step": {"version": 1, "booths_wanted": "2", "power_kw": "1,5"},
        "my_application_withdraw": {"confirm": "yes"},
        "my_sharing_end": {"confirm": "yes"},
        "waiting_settings": {"do": "hours", "hours": "12"},
        "waiting_answer": {"act": "call"},
        "booth_offer": {"act": "accept"},
        "memorandum_create": _draft(draft, product),
        "memorandum_edit": {**_draft(draft, draft.items.get().product), "revision": 1},
        "fair_drafts": {"draft": draft.code},
        "memorandum_reopen": {"reason": "Sai sản lượng"},
        "memorandum_discard": {"reason": "Lập nhầm"},
        **{key: {"answer": "contract", "version": 1} for key in ("follow_up", "follow_up_enter")},
        "table_open": {"role": "party_b"},
        "table_turn": {"strokes": DRAWN, "device_at": "1796179092000", "consent": [*"012"]},
        "table_decline": {"reason": "Giá chưa thống nhất"},
        "ceremony_new": planned,
        "ceremony_edit": planned,
        "ceremony_assign": {"memorandum": [free.code], "station": 1},
        "ceremony_turn": {"to": "down"},
        "packet_decide": {"to": "aside"},
        "device_invite": {"label": "Máy 3", "station": 2},
        "set_language": {"language": "en"},
    }
    party = builders.make_representative(producer)
    Representative.objects.create(user=party, organisation=stand.organisation)
    people = _people(fair, organiser, party)
    return Scene(
        {who: _session(user) for who, user in people.items()}, addresses, forms, places, files
    )


def _draft(memorandum: Memorandum, product: Product) -> dict[str, Any]:
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


def _people(fair: Fair, organiser: User, party: User) -> dict[str, User | None]:
    people = {
        "anonymous": None,
        "stranger": builders.make_user(),
        "viewer": builders.make_user(role="viewer", fair=fair),
        "reviewer": builders.make_user(role="reviewer", fair=fair),
        "officer": builders.make_user(role="commune_officer", fair=fair),
        "neighbour": builders.make_organiser(builders.make_fair()),
        "organiser": organiser,
        "party": party,
    }
    assert tuple(people) == PEOPLE
    return people


def _session(user: User | None) -> str:
    client = Client()
    if user:
        client.force_login(user)
    return client.cookies[SESSION].value if user else ""


def _address(name: str, choices: list[dict[str, Any]]) -> str:
    """The route's address with what is laid down for it, the fair's code, or nothing."""
    for kwargs in filter(None, choices):
        with suppress(NoReverseMatch):
            return reverse(name, kwargs=kwargs)
    return reverse(name)
